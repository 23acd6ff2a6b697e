// Counts the clocks of a page down. Without it they show the time left when the page was made.
const started = Date.now();
const clocks = [...document.querySelectorAll("time.clock[data-now]")].map((element) => ({
  element,
  left: Date.parse(element.dateTime) - Date.parse(element.dataset.now),
}));

function words(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  const seconds = Math.floor((Math.abs(milliseconds) % 60000) / 1000);
  let length = `${Math.floor(minutes / 1440)}天`;
  if (minutes < 10) length = `${minutes}分${String(seconds).padStart(2, "0")}秒`;
  else if (minutes < 60) length = `${minutes}分钟`;
  else if (minutes < 2880) length = `${Math.floor(minutes / 60)}小时`;
  return (milliseconds < 0 ? "已超" : "还有") + length;
}

function tick() {
  // Counted from the server's time, so that a phone with a wrong clock shows the right one.
  const passed = Date.now() - started;
  for (const { element, left } of clocks) {
    element.textContent = words(left - passed);
    element.classList.toggle("clock-late", left - passed < 0);
  }
}

if (clocks.length) {
  tick();
  setInterval(tick, 1000);
}
