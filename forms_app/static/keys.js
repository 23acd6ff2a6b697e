// Shortcuts of the keyboard for the staff's pages, shown where they work. They are single keys, so
// they can be switched off (WCAG 2.1.4), which this browser remembers; they never work while
// somebody writes, and never together with Ctrl, Alt or the command key. Only Ctrl with Enter is for
// whoever writes.
{
  const { _ } = Said;
  const { element, fill, button } = Elements;
  const { read, write } = Device;
  const OFF = "staff keys off";
  const CALL = "issues/new?channel=phone";
  const main = /** @type {HTMLElement} */ (document.getElementById("main"));
  const bar = document.querySelector(".staff-bar");
  const root = Kept.ROOT;
  // Asked anew each time: a board renews itself.
  const rowsNow = () => [...main.querySelectorAll(".stack-head a[href], .held-head a[href]")];
  const hasRows = rowsNow().length > 0 || Boolean(main.querySelector("[data-renews]"));
  const moves = [...main.querySelectorAll("details.move > summary")].slice(0, 9);
  const search = main.querySelector("input[type=search], input[name=q]") || (bar && bar.querySelector("input"));
  let isOff = Boolean(read(OFF));
  let before = ""; // "g", for a moment

  /** @type {(one: Element) => boolean} */
  const hasFocus = (one) => one === document.activeElement;
  /** @type {(by: number) => void} */
  const step = (by) => {
    const rows = rowsNow();
    if (!rows.length) return;
    const here = rows.findIndex(hasFocus);
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by));
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  };
  /** @type {(words: string) => () => void} */
  const go = (words) => () => {
    const link = bar && bar.querySelector(`a[href="${root}${words}"]`);
    if (link) link.click();
  };
  const list = element("details", "keys");
  /** @typedef {[string, string, boolean, () => void]} Key its name, what it does, whether it works here */
  /** @type {Key[]} */
  const ALL = [
    ["?", _("看这张表"), true, () => {
      list.open = !list.open;
      const summary = list.querySelector("summary");
      if (list.open && summary) summary.focus();
    }],
    ["/", _("到搜索框"), Boolean(search), () => search && search.focus()],
    ["j", _("下一件"), hasRows, () => step(1)],
    ["k", _("上一件"), hasRows, () => step(-1)],
    ["o", _("打开这一件"), hasRows, () => {
      const row = rowsNow().find(hasFocus);
      if (row) row.click();
    }],
    ["g b", _("回待办"), true, go("")],
    ["g r", _("到问题项目库"), true, go("register")],
    ["n", _("接电话"), Boolean(bar && bar.querySelector(`a[href="${root}${CALL}"]`)), go(CALL)],
    ["g n", _("代为登记"), Boolean(bar && bar.querySelector(`a[href="${root}issues/new"]`)), go("issues/new")],
    ...moves.map((summary, place) => /** @type {Key} */ ([`${place + 1}`, summary.textContent.trim(), true, () => {
      const box = /** @type {HTMLDetailsElement} */ (summary.parentElement);
      box.open = true;
      const first = /** @type {HTMLElement | null} */ (box.querySelector(".field input:not([type=hidden]), .field textarea, .field select, a, button"));
      (first || summary).focus();
      summary.scrollIntoView({ block: "start" });
    }])),
  ];
  const KEYS = ALL.filter(([, , isHere]) => isHere);
  /** @type {string[][]} */
  const told = KEYS.map(([key, words]) => [key, words]);
  // The one solid button of a form, pressed from within its fields.
  const SOLID = ".btn-primary[type=submit]";
  if (main.querySelector(`form ${SOLID}`)) told.push(["Ctrl Enter", _("按写着的这张表单的深色按钮")]);

  /** @type {(key: string) => boolean} */
  const press = (key) => {
    const named = before ? [`${before} ${key}`, key] : [key];
    const found = KEYS.find(([name]) => name === named[0]) || KEYS.find(([name]) => name === named[1]);
    before = key === "g" && !before ? "g" : "";
    if (before) setTimeout(() => {
      before = "";
    }, 1500);
    if (!found) return false;
    found[3]();
    return true;
  };

  addEventListener("keydown", (event) => {
    const { key, target, ctrlKey, altKey, metaKey, isComposing } = event;
    const isWriting = target instanceof Element && target.closest("input, textarea, select, [contenteditable], [role=textbox]");
    if (!isOff && key === "Enter" && (ctrlKey || metaKey) && isWriting && !isComposing) {
      const form = isWriting.closest("form");
      const own = /** @type {HTMLButtonElement | null} */ (form && main.contains(form) ? form.querySelector(SOLID) : null);
      if (!own) return;
      event.preventDefault();
      own.click();
      return;
    }
    if (isOff || isWriting || ctrlKey || altKey || metaKey || isComposing || key.length !== 1) return;
    if (press(key)) event.preventDefault();
  });

  /** @type {(key: string) => HTMLElement} */
  const mark = (key) => {
    const made = element("kbd", "key", key);
    made.setAttribute("aria-hidden", "true");
    return made;
  };
  const show = () => {
    document.documentElement.classList.toggle("keys-off", isOff);
    const shown = element("dl", "keys-list");
    for (const [key, words] of told) {
      const pair = element("div");
      const name = element("dt");
      name.append(...key.split(" ").map((one) => element("kbd", "", one)));
      pair.append(name, element("dd", "", words));
      shown.append(pair);
    }
    const summary = element("summary", "", _("快捷键"));
    summary.append(" ", isOff ? _("（已关）") : element("kbd", "", "?"));
    const choose = button(isOff ? _("打开快捷键") : _("关掉快捷键"), () => {
      isOff = !isOff;
      write(OFF, isOff);
      show();
      const other = list.querySelector("button");
      if (other) other.focus();
    });
    const line = element("p", "button-row");
    line.append(choose);
    fill(list, summary, element("p", "field-hint", _("单按这些键就行，写字的时候只有 Ctrl Enter 起作用。")), shown, line);
  };
  if (bar) {
    for (const [place, summary] of moves.entries()) summary.prepend(mark(`${place + 1}`), " ");
    show();
    main.append(list);
  }
}
