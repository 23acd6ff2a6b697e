// Keeps what is being written in a move on this device until the move is taken, for seven days at
// most; it is erased at sign-out. A move is never sent by itself: a colleague may have been faster,
// and whoever writes it should see that. Without it the forms are sent as any other.
for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("details.move form"))) {
  const { _ } = Said;
  const { element, button, tell } = Elements;
  const { read, write, dropChosen } = Device;
  const { controlsIn, isChoice, valueIn, givenIn, bringInto, askAgain } = Controls;
  const box = /** @type {HTMLDetailsElement} */ (form.closest("details"));
  const NAME = `${Kept.MOVES} ${new URL(form.action).pathname}`;
  const status = element("div");
  status.hidden = true;
  status.setAttribute("role", "status");
  form.prepend(status);
  const controls = controlsIn(form).filter(
    ({ name, type }) => name && !["hidden", "file", "submit", "button"].includes(type) && name !== "unwanted_photos"
  );
  const isRefused = location.pathname === new URL(form.action).pathname || Boolean(box.querySelector(".error-summary"));
  if (form.querySelector(".photo-field")) form.dataset.chosen = "";
  let later = 0;
  let isSent = false;
  let isOurs = false; // the draft: of this page, not of another account or another tab

  const keep = (posted = false) => {
    const photos = form.dataset.chosen || "";
    const isNew = Boolean(photos) || controls.some((one) => valueIn(one) !== givenIn(one));
    if (!isNew && !posted && !isRefused) return !isOurs || write(NAME, null);
    isOurs = true;
    // One value a control, in their order: choices have one name for several.
    const values = controls.map((one) => [one.name, isChoice(one) ? one.value : "", valueIn(one)]);
    return write(NAME, { saved_at: Date.now(), owner: Kept.who().owner, values, posted, photos });
  };

  const erase = () => {
    dropChosen(form.dataset.chosen);
    if (form.dataset.chosen) form.dataset.chosen = "";
    write(NAME, null);
    form.reset();
    status.hidden = true;
  };

  const bring = () => {
    /** @type {DraftOfMove | null} */
    const draft = read(NAME);
    if (!draft || draft.owner !== Kept.who().owner) return;
    form.dataset.chosen = draft.photos || "";
    if (isRefused) return; // the server has given it all back
    isOurs = true;
    const seen = controls.map(valueIn).join();
    // Of what excludes each other, one may be chosen already.
    const chosen = controls.filter((one) => one.type === "radio" && valueIn(one) !== givenIn(one)).map(({ name }) => name);
    for (const [name, choice, kept] of draft.values) {
      const one = controls.find((c) => c.name === name && (!isChoice(c) || c.value === choice));
      if (one && !chosen.includes(name)) bringInto(one, kept);
    }
    const isBrought = controls.map(valueIn).join() !== seen;
    if (isBrought) askAgain(form, status);
    box.open = true;
    // A page that answers a press has told already why it gives it all back.
    if (!isBrought && document.querySelector("main[data-posted]")) return;
    const words = draft.posted
      ? _("上次按了按钮，没有等到回音，写的内容还在。先看看下面的经过里有没有，没有就再按一次。")
      : _("上次没写完的内容还在，只存在这台设备上。");
    tell(status, "notice-ok", words, button(_("擦掉"), erase));
  };

  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => isSent || keep(), 300);
  });
  addEventListener("pagehide", () => isSent || keep());
  form.addEventListener("submit", () => {
    isSent = true;
    keep(true);
  });
  // By press.js: there was no line, and somebody writes on.
  form.addEventListener("unsent", () => {
    isSent = false;
    keep();
  });
  bring();
}
