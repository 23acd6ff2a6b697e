// What somebody wrote in a form and did not send stays in this tab until they send or erase it: at the
// way back, after a look for news, and where the line broke while it was on its way. Whoever leaves a
// shared computer takes it along. Forms that keep a draft of their own are left to it. What photos were
// chosen beside is known by the id that chosen.js keeps them under.
{
  const { _ } = Said;
  const { element, button, tell } = Elements;
  const { controlsIn, isChoice, valueIn, givenIn, putInto } = Controls;
  const { inTab, dropChosen } = Device;
  const OTHERS = "#report-form, #collect-form, details.move form, form[data-code]";
  const LEAVING = "form[action$='issues/leave'], form[action$='/logout'], form[action$='wall/keep']";
  const AGAIN = "form[data-again]"; // holds what came, on the page that says that it was not taken
  const NOT_KEPT = ["hidden", "file", "password", "submit", "button"];
  const meta = document.querySelector("meta[name=staff]");
  const OURS = `typed ${(meta && meta.dataset.owner) || ""} `;
  // A page that a press was refused with: what it came with is what was written.
  const isRefused = Boolean(document.querySelector("main[data-posted]"));
  /** @type {WeakSet<EventTarget>} */
  const sent = new WeakSet();
  let isLeaving = false;

  /** @type {(name: string) => TypedForm} */
  const read = (name) => inTab((tab) => JSON.parse(tab.getItem(name) || "null")) || { sent: false, values: [] };
  /** @type {(name: string, kept?: TypedForm | null) => void} */
  const write = (name, kept) => {
    if (!kept) dropChosen(read(name).photos);
    inTab((tab) => (kept ? tab.setItem(name, JSON.stringify(kept)) : tab.removeItem(name)));
  };

  // Not the one to sign in with, either: the next who does may be somebody else.
  /** @type {(form: HTMLFormElement) => boolean} */
  const isKept = (form) =>
    form.method === "post" && !form.matches(OTHERS) && !form.matches(AGAIN) && !form.querySelector("[type=password]");
  // By what each is kept: two forms of one page may go to one address.
  /** @type {() => [string, HTMLFormElement][]} */
  const forms = () => {
    /** @type {Record<string, number>} */
    const places = {};
    return [...document.forms].filter(isKept).map((form) => {
      const { pathname } = new URL(form.action);
      places[pathname] = (places[pathname] || 0) + 1;
      return [`${OURS}${pathname} ${places[pathname]}`, form];
    });
  };
  /** @type {(form: HTMLFormElement) => Control[]} */
  const controlsOf = (form) =>
    controlsIn(form).filter((one) => one.name && !NOT_KEPT.includes(one.type) && !/off|code/.test(one.autocomplete));
  /** @type {(one: Control) => boolean} */
  const isWords = (one) => !isChoice(one) && !(one instanceof HTMLSelectElement);
  /** @type {(one: Control) => string} */
  const choiceOf = (one) => (isChoice(one) ? one.value : "");
  /** @type {(one: Control, values: TypedForm["values"]) => string | boolean} */
  const startedAs = (one, values) => {
    const found = isRefused && values.find(([name, choice]) => name === one.name && choice === choiceOf(one));
    return found ? found[2] : isRefused && isWords(one) ? "" : givenIn(one);
  };

  const keep = () => {
    for (const [name, form] of forms()) {
      const { values } = read(name);
      const written = controlsOf(form).filter((one) => valueIn(one) !== startedAs(one, values));
      // What was only chosen is chosen again with one press; unasked it would be a trap.
      const photos = form.dataset.chosen || "";
      write(name, !written.some(isWords) && !photos ? null : {
        sent: sent.has(form),
        photos,
        values: written.map((one) => [one.name, choiceOf(one), startedAs(one, values), valueIn(one)]),
      });
    }
  };

  /** @type {(name: string, form: HTMLFormElement) => void} */
  const bring = (name, form) => {
    const controls = controlsOf(form);
    /** @type {(one: Control) => boolean} */
    const isNew = (one) => valueIn(one) !== givenIn(one);
    const kept = read(name);
    let isBrought = Boolean(kept.photos);
    for (const [named, choice, given, value] of kept.values) {
      const one = controls.find((other) => other.name === named && choiceOf(other) === choice);
      // What a colleague has changed meanwhile is not written over.
      if (!one || isNew(one) || (givenIn(one) && givenIn(one) !== given)) continue;
      putInto(one, value);
      isBrought = isBrought || isNew(one);
    }
    if (!kept.photos && !controls.some((one) => isWords(one) && isNew(one))) return;
    if (kept.sent) sent.add(form);
    for (let box = form.parentElement; box; box = box.parentElement) {
      if (box instanceof HTMLDetailsElement) box.open = true;
    }
    if (!isBrought) return; // the browser had it, or it was begun before this script was here
    const status = element("div");
    status.setAttribute("role", "status");
    const words = kept.sent
      ? _("上次按了按钮，没有等到回音，内容还在。先看看有没有交上去，没有就再按一次。")
      : _("上次填的还在这里，还没有交。关掉这一页就没有了。");
    tell(status, "notice-ok", words, button(_("擦掉"), () => {
      dropChosen(form.dataset.chosen);
      if (form.dataset.chosen) form.dataset.chosen = "";
      form.reset();
      status.remove();
    }));
    form.prepend(status);
  };

  // A page of ours that was led to is the answer to the last press: what was sent has arrived. From a
  // browser's own page, of a line that broke, nothing leads but the way back, or an address.
  const [came] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  const isAnswer = !came || came.redirectCount > 0 || (came.type === "navigate" && document.referrer);
  const known = inTab((tab) => Object.keys(tab)) || [];
  for (const name of known) if (isAnswer && !isRefused && name.startsWith(OURS) && read(name).sent) write(name);
  // What was not taken did not arrive, wherever its reader goes from there without sending it again.
  const again = document.querySelector(AGAIN);
  const refused = again ? known.filter((name) => /^typed /.test(name) && name.includes(` ${location.pathname} `) && read(name).sent) : [];
  /** @type {(isSent: boolean) => void} */
  const mark = (isSent) => {
    for (const name of refused) write(name, { ...read(name), sent: isSent });
  };
  mark(false);
  for (const [name, form] of forms()) {
    if (form.querySelector(".photo-field")) form.dataset.chosen = read(name).photos || "";
    if (!isRefused) bring(name, form); // else the server has given it back
  }

  addEventListener("pagehide", () => isLeaving || keep());
  // A phone that needs its memory for the camera ends a page without a word.
  document.addEventListener("visibilitychange", () => document.hidden && (isLeaving || keep()));
  addEventListener("submit", ({ target }) => {
    const form = /** @type {HTMLFormElement} */ (target);
    sent.add(form);
    if (form === again) mark(true);
    isLeaving = form.matches(LEAVING);
  });
  /** @type {(event: Event) => void} */
  const goesOn = ({ target }) => {
    const form = target instanceof Element && target.closest("form");
    if (form) sent.delete(form);
  };
  addEventListener("input", goesOn);
  addEventListener("unsent", goesOn, true); // by press.js: there was no line
}
