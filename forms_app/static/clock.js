// Counts the clocks of a page down. Without it they show the time left when the page was made.
// A clock is read like any text and announces nothing: role="timer" is silent.
{
  const { _ } = Said;
  const CLOCKS = "time.clock[data-now]";
  // Those whose end only the server may call late: they stop there, and whoever asks it hears of it.
  /** @type {WeakSet<Element>} */
  const ended = new WeakSet();
  // What was left when an element was first seen, and when that was.
  /** @type {WeakMap<Element, {left: number, start: Moment}>} */
  const began = new WeakMap();

  // A device asleep stops the one, a clock set back the other.
  /** @typedef {{steady: number, clock: number}} Moment */
  /** @type {() => Moment} */
  const moment = () => {
    return { steady: performance.now(), clock: Date.now() };
  };

  /** @type {(start: Moment) => number} */
  const passedSince = (start) => {
    const here = moment();
    return Math.max(here.steady - start.steady, here.clock - start.clock);
  };

  /** @type {(milliseconds: number) => string} */
  const words = (milliseconds) => {
    const passed = Math.abs(milliseconds);
    const minutes = Math.floor(passed / 60000);
    const hours = Math.floor(minutes / 60);
    let length;
    if (minutes < 10 && milliseconds >= 0) {
      const seconds = Math.floor((passed % 60000) / 1000);
      length = minutes
        ? _("%(minutes)s分%(seconds)s秒", { minutes, seconds: String(seconds).padStart(2, "0") })
        : _("%(seconds)s秒", { seconds });
    } else if (minutes < 1) length = _("不到1分钟");
    else if (minutes < 60) length = _("%(minutes)s分钟", { minutes });
    else if (hours < 48) {
      const rest = minutes % 60;
      length = rest
        ? _("%(hours)s小时%(minutes)s分", { hours, minutes: rest })
        : _("%(hours)s小时", { hours });
    } else {
      const days = Math.floor(hours / 24);
      const rest = hours % 24;
      length = rest
        ? _("%(days)s天%(hours)s小时", { days, hours: rest })
        : _("%(days)s天", { days });
    }
    return milliseconds < 0 ? _("超时%(length)s", { length }) : _("还有%(length)s", { length });
  };

  // The ring beside some clocks: how much of it is left.
  /** @type {(ring: Element | null, left: number) => void} */
  const drawRing = (ring, left) => {
    const part = ring && ring.querySelector(".ring-left");
    if (!ring || !part) return;
    const percent = Math.round(Math.min(100, Math.max(0, left / (10 * Number(ring.getAttribute("data-whole"))))));
    part.setAttribute("stroke-dasharray", `${percent} 100`);
  };

  // What a page came with runs since then, however late this script is.
  /** @type {() => Moment} */
  const pageCame = () => {
    const { steady, clock } = moment();
    const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const late = page ? steady - page.responseStart : 0;
    return { steady: steady - late, clock: clock - late };
  };

  /** @type {(came: Moment) => void} when what is new on the page did */
  const tick = (came) => {
    for (const element of /** @type {NodeListOf<HTMLTimeElement>} */ (document.querySelectorAll(CLOCKS))) {
      let known = began.get(element);
      if (!known) {
        // From the server's time to the server's time: the device's own may be wrong.
        const left = Date.parse(element.dateTime) - Date.parse(element.dataset.now || "");
        known = { left, start: came };
        began.set(element, known);
        element.setAttribute("role", "timer");
      }
      const { left, start } = known;
      const rest = left - passedSince(start);
      // On a page that hears of what is new, the server alone says that a time is over.
      const isAsked = element.dataset.asks !== undefined;
      const isHeld = rest <= 0 && left >= 0 && (isAsked || Boolean(element.closest("[data-renews]")));
      if (isHeld && !ended.has(element)) {
        ended.add(element);
        document.dispatchEvent(new Event("clockend"));
      }
      const now = isHeld ? 0 : rest;
      const text = isHeld && isAsked ? _("时间到了，正在看有没有新进展") : words(now);
      if (element.textContent !== text) element.textContent = text;
      element.classList.toggle("clock-late", now < 0);
      element.classList.toggle("clock-soon", now >= 0 && now <= 1000 * Number(element.dataset.soon || 0));
      drawRing(element.nextElementSibling, now);
    }
  };

  if (document.querySelector(CLOCKS) || document.querySelector(".wall, #news, [data-renews]")) {
    tick(pageCame());
    setInterval(() => tick(moment()), 1000);
  }
}
