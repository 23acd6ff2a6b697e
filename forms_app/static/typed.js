// What somebody wrote in a form and did not send stays in this tab until they send or erase it: at the
// way back, after a look for news, and where the line broke while it was on its way. Whoever leaves a
// shared computer takes it along. Forms that keep a draft of their own are left to it.
{
  const { _ } = Said;
  const { element, button, tell } = Elements;
  const { controlsIn, isChoice, valueIn, givenIn, putInto } = Controls;
  const { inTab } = Device;
  const OTHERS = "#report-form, #collect-form, details.move form, form[data-code]";
  const LEAVING = "form[action$='issues/leave'], form[action$='/logout'], form[action$='wall/keep']";
  const NOT_KEPT = ["hidden", "file", "password", "submit", "button"];
  const meta = document.querySelector("meta[name=staff]");
  const OURS = `typed ${(meta && meta.dataset.owner) || ""} `;
  let isLeaving = false;

  const names = () => inTab((tab) => Object.keys(tab).filter((name) => name.startsWith(OURS))) || [];
  /** @type {(name: string) => TypedForm | null} */
  const read = (name) => inTab((tab) => JSON.parse(tab.getItem(name) || "null"));
  /** @type {(name: string, kept: TypedForm | null) => void} */
  const write = (name, kept) => {
    inTab((tab) => (kept ? tab.setItem(name, JSON.stringify(kept)) : tab.removeItem(name)));
  };

  // A page that a press was refused with: what it came with is what was written.
  const isRefused = Boolean(document.querySelector("main[data-posted]"));
  // A page of ours that was led to is the answer to the last press: what was sent has arrived. From a
  // browser's own page, of a line that broke, nothing leads but the way back, or an address.
  const [came] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const isAnswer = !came || came.redirectCount > 0 || (came.type === "navigate" && document.referrer);
  for (const name of names()) if (isAnswer && !isRefused && (read(name) || {}).sent) write(name, null);

  /** @type {Record<string, number>} */
  const places = {};
  /** @type {(form: HTMLFormElement) => void} */
  const mind = (form) => {
    const { pathname } = new URL(form.action);
    places[pathname] = (places[pathname] || 0) + 1; // two of one page may go to one address
    const NAME = `${OURS}${pathname} ${places[pathname]}`;
    const controls = controlsIn(form).filter(
      (one) => one.name && !NOT_KEPT.includes(one.type) && !/off|code/.test(one.autocomplete)
    );
    const kept = read(NAME);
    const values = (kept || { values: [] }).values;
    let sent = false;

    /** @type {(one: Control) => string} */
    const choiceOf = (one) => (isChoice(one) ? one.value : "");
    /** @type {(one: Control) => boolean} */
    const isWords = (one) => !isChoice(one) && !(one instanceof HTMLSelectElement);
    /** @type {(one: Control) => string | boolean} */
    const startedAs = (one) => {
      const found = isRefused && values.find(([name, choice]) => name === one.name && choice === choiceOf(one));
      return found ? found[2] : isRefused && isWords(one) ? "" : givenIn(one);
    };
    /** @type {(one: Control) => boolean} */
    const isNew = (one) => valueIn(one) !== startedAs(one);
    // What was only chosen is chosen again with one press; unasked it would be a trap.
    const isBegun = () => controls.some((one) => isWords(one) && isNew(one));

    addEventListener("pagehide", () => {
      if (isLeaving) return;
      const now = controls.filter(isNew).map((one) => [one.name, choiceOf(one), startedAs(one), valueIn(one)]);
      write(NAME, isBegun() ? /** @type {TypedForm} */ ({ sent, values: now }) : null);
    });
    form.addEventListener("input", () => {
      sent = false;
    });
    form.addEventListener("submit", () => {
      sent = true;
    });
    form.addEventListener("unsent", () => {
      sent = false;
    });

    if (isRefused) return; // the server has given it back
    let isBrought = false;
    for (const [name, choice, given, value] of values) {
      const one = controls.find((other) => other.name === name && choiceOf(other) === choice);
      // What a colleague has changed meanwhile is not written over.
      if (!one || isNew(one) || (givenIn(one) && givenIn(one) !== given)) continue;
      putInto(one, value);
      isBrought = isBrought || isNew(one);
    }
    if (!isBegun()) return;
    sent = Boolean(kept && kept.sent);
    for (let box = form.parentElement; box; box = box.parentElement) {
      if (box instanceof HTMLDetailsElement) box.open = true;
    }
    if (!isBrought) return; // the browser had it, or it was begun before this script was here
    const status = element("div");
    status.setAttribute("role", "status");
    const words = sent
      ? _("上次按了按钮，没有等到回音，写的还在。先看看有没有交上去，没有就再按一次。")
      : _("上次写的还在这里，还没有交。关掉这一页就没有了。");
    tell(status, "notice-ok", words, button(_("擦掉"), () => {
      form.reset();
      status.remove();
    }));
    form.prepend(status);
  };
  for (const form of document.forms) if (form.method === "post" && !form.matches(OTHERS)) mind(form);

  addEventListener("submit", (event) => {
    isLeaving = /** @type {HTMLFormElement} */ (event.target).matches(LEAVING);
  });
}
