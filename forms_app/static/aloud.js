// Reads the elder version's page aloud when asked, where the device itself has a Chinese voice. A
// voice from the network would send the page to strangers, so it is never used.
{
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const START = "念给我听";
  const STOP = "停下不念";
  const button = document.createElement("button");

  const voice = () => speechSynthesis.getVoices()
    .find(({ lang, localService }) => localService && /^(zh|cmn)/i.test(lang));

  const offer = () => {
    if (button.isConnected || !voice()) return;
    const ticket = main.querySelector(":scope > .ticket-card"); // stands first, whatever else there is
    if (ticket) ticket.after(button);
    else main.prepend(button);
  };

  const stop = () => {
    button.textContent = START;
    speechSynthesis.cancel();
  };

  const read = () => {
    const spokenBy = voice();
    if (!spokenBy) return; // the device has lost it since
    // A line at a time: engines cut long texts short.
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not read, and lines are meant
    const lines = main.innerText.split("\n").filter((line) => line.trim() && line !== START);
    button.textContent = STOP;
    lines.forEach((line, place) => {
      const spoken = new SpeechSynthesisUtterance(line);
      spoken.voice = spokenBy;
      spoken.lang = spokenBy.lang;
      spoken.rate = 0.9;
      if (place === lines.length - 1) spoken.onend = stop;
      speechSynthesis.speak(spoken);
    });
  };

  if (window.speechSynthesis && document.documentElement.classList.contains("elder")) {
    button.type = "button";
    button.className = "btn";
    button.textContent = START;
    button.addEventListener("click", () => (button.textContent === START ? read() : stop()));
    offer();
    speechSynthesis.onvoiceschanged = offer; // some devices find their voices late
    addEventListener("pagehide", stop);
  }
}
