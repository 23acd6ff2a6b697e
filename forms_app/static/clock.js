// Counts the clocks of a page down. Without it they show the time left when the page was made.
// A clock is read like any text and announces nothing: role="timer" is silent.
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
    length = `${minutes}分${seconds}秒`;
  } else if (minutes < 60) length = `${minutes}分钟`;
  else if (hours < 48) length = `${hours}小时` + (minutes % 60 ? `${minutes % 60}分` : "");
  else length = `${Math.floor(hours / 24)}天` + (hours % 24 ? `${hours % 24}小时` : "");
  return (milliseconds < 0 ? "超时" : "还有") + length;
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
    element.classList.toggle("clock-soon", now >= 0 && now <= 1000 * (element.dataset.soon ?? 0));
  }
}

if (document.querySelector("time.clock[data-now]") || document.querySelector(".wall")) {
  tick();
  setInterval(tick, 1000);
}
