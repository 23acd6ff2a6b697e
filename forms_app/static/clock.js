// Counts the clocks of a page down. Without it they show the time left when the page was made.
// A clock is read like any text and announces nothing: role="timer" is silent.
const _ = (text, values = {}) =>
  ((window.translations || {})[text] || text).replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
const began = new WeakMap(); // element → what was left when it was first seen, and when that was

// A device asleep stops the one, a clock set back the other.
function moment() {
  return { steady: performance.now(), clock: Date.now() };
}

function passedSince(start) {
  const here = moment();
  return Math.max(here.steady - start.steady, here.clock - start.clock);
}

function words(milliseconds) {
  const passed = Math.abs(milliseconds);
  const minutes = Math.floor(passed / 60000);
  const hours = Math.floor(minutes / 60);
  let length;
  if (minutes < 10 && milliseconds >= 0) {
    const seconds = String(Math.floor((passed % 60000) / 1000)).padStart(2, "0");
    length = _("%(minutes)s分%(seconds)s秒", { minutes, seconds });
  } else if (minutes < 60) length = _("%(minutes)s分钟", { minutes });
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
}

function tick() {
  for (const element of document.querySelectorAll("time.clock[data-now]")) {
    if (!began.has(element)) {
      // From the server's time to the server's time: the device's own may be wrong.
      const left = Date.parse(element.dateTime) - Date.parse(element.dataset.now);
      began.set(element, { left, start: moment() });
      element.setAttribute("role", "timer");
    }
    const { left, start } = began.get(element);
    const now = left - passedSince(start);
    const text = words(now);
    if (element.textContent !== text) element.textContent = text;
    element.classList.toggle("clock-late", now < 0);
    element.classList.toggle("clock-soon", now >= 0 && now <= 1000 * (element.dataset.soon || 0));
  }
}

if (document.querySelector("time.clock[data-now]") || document.querySelector(".wall")) {
  tick();
  setInterval(tick, 1000);
}
