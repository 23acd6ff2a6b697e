// Brings, once the page stands, the scripts without which it can be read and begun: on a slow line
// the words come first.
{
  const own = /** @type {HTMLScriptElement} */ (document.currentScript);
  const bring = () => {
    const made = (own.dataset.then || "").trim().split(/\s+/).map((src) => {
      const script = document.createElement("script");
      script.src = src;
      script.async = false; // in their order
      return script;
    });
    made[made.length - 1].onload = () => own.setAttribute("data-done", "");
    document.head.append(...made);
  };
  addEventListener("load", () => setTimeout(bring));
}
