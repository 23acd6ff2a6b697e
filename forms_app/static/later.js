// Brings, once the page stands, the scripts without which it can be read and begun: on a slow line
// the words come first. A press before they are here waits for them, or for a line.
{
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const LONGEST_SECONDS = 10;
  const made = (own.dataset.then || "").trim().split(/\s+/).map((src) => {
    const script = document.createElement("script");
    script.src = src;
    script.async = false; // in their order
    script.onload = () => come();
    script.onerror = () => come(true);
    return script;
  });
  let coming = made.length;
  let isLost = false;
  let isLate = false;
  /** @type {HTMLElement | null} */
  let pressed = null;

  const mayGo = () => !(coming || isLost) || (navigator.onLine && (!coming || isLate));
  const goOn = () => {
    const button = pressed;
    if (!button || !mayGo()) return;
    pressed = null;
    button.click();
  };
  const come = (lost = false) => {
    coming -= 1;
    isLost = isLost || lost;
    goOn();
  };
  const waitNoLonger = () => {
    isLate = true;
    goOn();
  };
  addEventListener("submit", (event) => {
    const button = event.submitter; // old browsers do not tell
    if (mayGo() || !button || /** @type {HTMLFormElement} */ (event.target).method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!pressed) setTimeout(waitNoLonger, LONGEST_SECONDS * 1000);
    pressed = button;
  }, true);
  addEventListener("online", goOn);

  made[made.length - 1].addEventListener("load", () => own.setAttribute("data-done", ""));
  addEventListener("load", () => setTimeout(() => document.head.append(...made)));
}
