// Shortcuts of the keyboard for the staff's pages, shown where they work. They are single keys, so
// they can be switched off (WCAG 2.1.4), which this browser remembers; they never work while
// somebody writes, and never together with Ctrl, Alt or the command key.
{
  const { _ } = Kept;
  const OFF = "staff keys off";
  const main = document.getElementById("main");
  const bar = document.querySelector(".staff-bar");
  const root = Kept.ROOT;
  const rows = [...main.querySelectorAll("td.stack-head a[href], .held-head a[href]")];
  const moves = [...main.querySelectorAll("details.move > summary")].slice(0, 9);
  const search = () => main.querySelector("input[type=search], input[name=q]") || document.getElementById("site-search");
  let isOff = Boolean(Kept.read(OFF));
  let before = ""; // "g", for a moment

  const step = (by) => {
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, here + by));
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  };
  const go = (words) => () => {
    const link = bar && bar.querySelector(`a[href="${root}${words}"]`);
    if (link) link.click();
  };
  const list = Kept.element("details", "keys");
  const KEYS = [
    ["?", _("看这张表"), true, () => {
      list.open = !list.open;
      if (list.open) list.querySelector("summary").focus();
    }],
    ["/", _("到搜索框"), true, () => search().focus()],
    ["j", _("下一件"), rows.length, () => step(1)],
    ["k", _("上一件"), rows.length, () => step(-1)],
    ["o", _("打开这一件"), rows.length, () => rows.includes(document.activeElement) && document.activeElement.click()],
    ["g b", _("回待办"), true, go("")],
    ["g r", _("到问题项目库"), true, go("register")],
    ["g n", _("代为登记"), Boolean(bar && bar.querySelector(`a[href="${root}issues/new"]`)), go("issues/new")],
    ...moves.map((summary, place) => [`${place + 1}`, summary.textContent.trim(), true, () => {
      summary.parentElement.open = true;
      const first = summary.parentElement.querySelector(".field input:not([type=hidden]), .field textarea, .field select, a, button");
      (first || summary).focus();
      summary.scrollIntoView({ block: "start" });
    }]),
  ].filter(([, , isHere]) => isHere);

  const press = (key) => {
    const found = KEYS.find(([name]) => name === (before ? `${before} ${key}` : key)) || (before && KEYS.find(([name]) => name === key));
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
    const isWriting = target.closest && target.closest("input, textarea, select, [contenteditable], [role=textbox]");
    if (isOff || isWriting || ctrlKey || altKey || metaKey || isComposing || key.length !== 1) return;
    if (press(key)) event.preventDefault();
  });

  const mark = (key) => {
    const made = Kept.element("kbd", "key", key);
    made.setAttribute("aria-hidden", "true");
    return made;
  };
  const show = () => {
    document.documentElement.classList.toggle("keys-off", isOff);
    const shown = Kept.element("dl", "keys-list");
    for (const [key, words] of KEYS) {
      const pair = Kept.element("div");
      const name = Kept.element("dt");
      name.append(...key.split(" ").map((one) => Kept.element("kbd", "", one)));
      pair.append(name, Kept.element("dd", "", words));
      shown.append(pair);
    }
    const summary = Kept.element("summary", "", _("快捷键"));
    summary.append(" ", isOff ? _("（已关）") : Kept.element("kbd", "", "?"));
    const choose = Kept.button(isOff ? _("打开快捷键") : _("关掉快捷键"), () => {
      isOff = !isOff;
      Kept.write(OFF, isOff);
      show();
      list.querySelector("button").focus();
    });
    const line = Kept.element("p", "button-row");
    line.append(choose);
    Kept.fill(list, summary, Kept.element("p", "field-hint", _("单按这些键就行，写字的时候不起作用。")), shown, line);
  };
  if (bar) {
    moves.forEach((summary, place) => summary.prepend(mark(`${place + 1}`), " "));
    show();
    bar.after(list);
  }
}
