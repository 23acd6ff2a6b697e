// What scripts put into a page: elements, buttons, links, notices.
const Elements = (() => {
  /** @type {<K extends keyof HTMLElementTagNameMap>(name: K, className?: string, text?: string) => HTMLElementTagNameMap[K]} */
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  /** @type {(place: Element, ...parts: (Node | string)[]) => void} */
  const fill = (place, ...parts) => {
    place.textContent = "";
    place.append(...parts);
  };
  /** @type {(words: string, press: () => unknown, className?: string) => HTMLButtonElement} */
  const button = (words, press, className = "btn") => {
    const made = element("button", className, words);
    made.type = "button";
    made.addEventListener("click", press);
    return made;
  };
  /** @type {(words: string, href: string) => HTMLAnchorElement} */
  const link = (words, href) => {
    const made = element("a", "btn", words);
    made.href = href;
    return made;
  };
  /** @type {(place: HTMLElement, kind: string, words: string, ...buttons: Element[]) => void} */
  const tell = (place, kind, words, ...buttons) => {
    place.className = `notice ${kind}`;
    fill(place, element("p", "", words));
    if (buttons.length) {
      const line = element("p", "button-row");
      line.append(...buttons);
      place.append(line);
    }
    place.hidden = false;
  };
  return { element, fill, button, link, tell };
})();
