// A sound and a notice of the browser for a new 10-minute clock: only where somebody pressed for it on
// this device, by day alone unless they chose the night, too. A browser may refuse either.
const Bell = (() => {
  const { _ } = Said;
  const { button } = Elements;
  const { read, write } = Device;
  const BELL = "staff bell";
  const CHOICES = ["", "day", "always"];
  const MORNING = 7;
  const NIGHT = 22;
  /** @type {AudioContext | null} */
  let sound = null;

  const chosen = () => (CHOICES.includes(read(BELL)) ? read(BELL) : "");
  // By China's clock, whatever the device is set to.
  const isNight = () => {
    const hour = new Date(Date.now() + 8 * 3600000).getUTCHours();
    return hour < MORNING || hour >= NIGHT;
  };

  // Two short tones; heard only once somebody has pressed something on this page.
  const play = async () => {
    try {
      sound = sound || new AudioContext();
      await sound.resume();
      const start = sound.currentTime;
      for (const [place, hertz] of [660, 880].entries()) {
        const tone = sound.createOscillator();
        const volume = sound.createGain();
        tone.frequency.value = hertz;
        volume.gain.value = 0.2;
        tone.connect(volume).connect(sound.destination);
        tone.start(start + place * 0.25);
        tone.stop(start + place * 0.25 + 0.2);
      }
    } catch {
      // no sound here: the count in the title says it
    }
  };

  /** @type {(numbers: string[]) => void} */
  const notify = (numbers) => {
    try {
      if (!("Notification" in window) || Notification.permission !== "granted") return;
      const notice = new Notification(_("新问题要给初步意见"), { body: numbers.join(_("、")), tag: "circle" });
      notice.onclick = () => {
        focus();
        notice.close();
      };
    } catch {
      // a phone takes notices from its worker alone
    }
  };

  /** @type {(numbers: string[]) => void} */
  const ring = (numbers) => {
    if (!chosen() || (chosen() === "day" && isNight())) return;
    play();
    notify(numbers);
  };

  /** @type {() => string} */
  const words = () => {
    const states = { "": _("提示音：关"), day: _("提示音：白天"), always: _("提示音：日夜") };
    return states[/** @type {"" | "day" | "always"} */ (chosen())];
  };

  /** @type {() => Promise<void>} */
  const askForNotices = async () => {
    try {
      if ("Notification" in window && Notification.permission === "default") await Notification.requestPermission();
    } catch {
      // refused: the sound remains
    }
  };

  /** @type {(place: HTMLElement) => HTMLButtonElement} */
  const offer = (place) => {
    const press = button(words(), async () => {
      write(BELL, CHOICES[(CHOICES.indexOf(chosen()) + 1) % CHOICES.length]);
      press.textContent = words();
      if (!chosen()) return;
      play();
      await askForNotices();
    }, "btn btn-quiet board-bell");
    press.title = _("来了新问题、十分钟开始计时，就响一声");
    press.setAttribute("data-stays", "");
    place.before(press);
    return press;
  };

  return { ring, offer };
})();
