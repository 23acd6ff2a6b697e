// Renews an open board in place: asks three times a minute what is new, more rarely where nobody
// looks at it, and ever more rarely while the server is away. What did not change stays the same
// element, so that place, focus, selection and open folds stay; a clock is late only once the server
// says so. Rows that came since this device last showed the board are marked. Without it there is a
// plain link that loads the page again.
{
  const { _ } = Said;
  const { element, link, button, tell } = Elements;
  const { read, write } = Device;
  const { ask } = Line;
  const EVERY_SECONDS = 20;
  const UNSEEN_SECONDS = 60;
  const LONGEST_SECONDS = 300;
  const AT_REST_MS = 1000;
  const board = /** @type {HTMLElement} */ (document.querySelector("[data-renews]"));
  const owner = Kept.who().owner;
  const SEEN = `${Kept.SEEN} ${owner}`;
  const told = element("div");
  told.hidden = true;
  told.setAttribute("role", "status");
  board.before(told);
  document.documentElement.style.overflowAnchor = "none"; // the place is kept here

  let tag = board.dataset.renews || "";
  let failures = 0;
  let timer = 0;
  let isAsking = false;
  let isOver = false;
  let moved = 0;
  let came = Date.now(); // when the server was last heard
  /** @type {typeof Bell | null} */
  let bell = null;

  /** @type {(place: ParentNode) => HTMLElement[]} */
  const rowsIn = (place) => [...place.querySelectorAll("[id^=issue-]")];

  // What was not there when this device last showed the board.
  /** @type {string[] | null} */
  const before = read(SEEN);
  const known = new Set(before || rowsIn(board).map(({ id }) => id));
  /** @type {(place: ParentNode) => void} */
  const mark = (place) => {
    for (const row of rowsIn(place)) {
      const head = row.querySelector(".stack-head");
      if (!known.has(row.id) && head) head.append(" ", element("span", "tag tag-new", _("新")));
    }
    if (!document.hidden) write(SEEN, rowsIn(place).map(({ id }) => id));
  };

  /** @type {(one: Node) => string} */
  const keyOf = (one) => (one instanceof Element ? one.id : "");
  /** @type {(one: Node, other: Node) => boolean} */
  const isSame = (one, other) => one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
  /** @type {(old: Element, next: Element) => void} */
  const takeAttributes = (old, next) => {
    for (const { name } of [...old.attributes]) {
      if (!next.hasAttribute(name) && name !== "open") old.removeAttribute(name);
    }
    for (const { name, value } of [...next.attributes]) {
      if (old.getAttribute(name) !== value && name !== "open") old.setAttribute(name, value);
    }
  };
  /** @type {(old: Node, next: Node) => void} */
  const take = (old, next) => {
    if (!(old instanceof Element && next instanceof Element)) {
      if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
      return;
    }
    if (old.hasAttribute("data-stays")) return;
    if (old instanceof HTMLTimeElement && old.matches(".clock")) {
      const isLate = (/** @type {Element} */ one) => one.classList.contains("clock-late");
      const isOther = old.dateTime !== /** @type {HTMLTimeElement} */ (next).dateTime || isLate(old) !== isLate(next);
      if (isOther) old.replaceWith(next);
      return;
    }
    takeAttributes(old, next);
    takeChildren(old, next);
  };
  /** @type {(old: Element, next: Element) => void} */
  const takeChildren = (old, next) => {
    let place = old.firstChild;
    for (const child of [...next.childNodes]) {
      let there = place;
      while (there && !isSame(there, child)) there = there.nextSibling;
      if (!there) old.insertBefore(child, place);
      else {
        if (there === place) place = there.nextSibling;
        else old.insertBefore(there, place);
        take(there, child);
      }
    }
    while (place) {
      const last = place;
      place = place.nextSibling;
      last.remove();
    }
  };

  // Somebody's pointer is about to press, or they have marked some words.
  const isBusy = () => {
    const chosen = getSelection();
    return Date.now() - moved < AT_REST_MS || Boolean(chosen && !chosen.isCollapsed && board.contains(chosen.anchorNode));
  };
  for (const name of ["pointermove", "pointerdown"]) board.addEventListener(name, () => {
    moved = Date.now();
  });

  const count = () => {
    const found = document.title.match(/^[^\d]?(\d+)[^\d]/);
    const icon = /** @type {HTMLLinkElement | null} */ (document.querySelector("link[rel=icon]"));
    if (!icon) return;
    const number = found ? (found[1].length > 2 ? "99" : found[1]) : "";
    icon.dataset.plain = icon.dataset.plain || icon.href;
    icon.href = number
      ? `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#8f220b"/><text x="16" y="23" font-size="20" font-weight="700" font-family="sans-serif" text-anchor="middle" fill="#fff">${number}</text></svg>`)}`
      : icon.dataset.plain;
  };

  /** @type {HTMLElement | null} */
  let waiting = null;
  const show = () => {
    if (!waiting) return;
    if (isBusy()) {
      setTimeout(show, AT_REST_MS);
      return;
    }
    const next = waiting;
    waiting = null;
    const focused = document.activeElement;
    const anchor = scrollY > 0 ? rowsIn(board).find((row) => row.getBoundingClientRect().bottom > 0) : undefined;
    const top = anchor ? anchor.getBoundingClientRect().top : 0;
    const clocks = rowsIn(board).filter((row) => "opinion" in row.dataset).map(({ id }) => id);
    mark(next);
    takeChildren(board, next);
    if (anchor && anchor.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
    // A row that was moved has lost it.
    if (focused instanceof HTMLElement && focused.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    const started = rowsIn(board).filter((row) => "opinion" in row.dataset && !clocks.includes(row.id) && !known.has(row.id));
    if (started.length && bell) bell.ring(started.map(({ id }) => id.replace("issue-", "")));
    for (const { id } of rowsIn(board)) if (!document.hidden) known.add(id);
  };

  /** @type {(page: Document) => void} */
  const bring = (page) => {
    const { title, body } = page;
    if (title.trim()) document.title = title.trim();
    count();
    const next = element("div");
    next.append(...body.childNodes);
    waiting = next;
    show();
  };

  const leave = () => {
    isOver = true;
    const here = encodeURIComponent(location.pathname + location.search);
    tell(told, "notice-warning", _("登录已经结束，这一页不再更新。"), link(_("重新登录"), `${Kept.ROOT}login?next=${here}`));
    document.title = _("（请登录）%(title)s", { title: document.title.replace(/^[^\d]?\d+[^\d]/, "").trim() });
  };

  const plan = () => {
    clearTimeout(timer);
    if (isOver) return;
    const usual = document.hidden ? UNSEEN_SECONDS : EVERY_SECONDS;
    const seconds = failures ? Math.min(LONGEST_SECONDS, EVERY_SECONDS * 2 ** failures) : usual;
    timer = setTimeout(renew, seconds * 1000 * (1 + Math.random() / 10)); // not all at once
  };

  const renew = async () => {
    if (isAsking || isOver) return;
    isAsking = true;
    try {
      const { answer, page } = await ask(board.dataset.from || "", { redirect: "manual", headers: { "If-None-Match": tag } });
      if (answer.type === "opaqueredirect" || answer.status === 403) leave();
      else if (answer.status !== 304 && !(answer.ok && page.querySelector(".board-page"))) throw new Error("no answer");
      else {
        tag = answer.headers.get("ETag") || tag;
        if (answer.ok) bring(page);
        failures = 0;
        came = Date.now();
        told.hidden = true;
      }
    } catch {
      failures += 1;
      const time = new Date(came).toTimeString().slice(0, 5);
      tell(told, "notice-warning", _("现在连不上，下面是%(time)s的样子。连上了会自己更新。", { time }), button(_("现在再试"), renew));
    }
    isAsking = false;
    plan();
  };

  document.addEventListener("clockend", () => setTimeout(renew, 2000));
  addEventListener("online", renew);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && Date.now() - came > EVERY_SECONDS * 1000 && !failures) renew();
    else plan();
  });
  mark(board);
  for (const { id } of rowsIn(board)) known.add(id);
  count();
  // Most boards ring for nobody: the bell is fetched where it was chosen, or is asked for.
  /** @type {() => Promise<HTMLButtonElement>} */
  const fetchBell = () => new Promise((done, failed) => {
    const script = element("script");
    script.src = board.dataset.bell || "";
    script.onload = () => {
      bell = Bell;
      done(bell.offer(board));
    };
    script.onerror = failed;
    document.head.append(script);
  });
  const offerBell = () => {
    const offer = button(_("提示音：关"), async () => {
      offer.disabled = true;
      try {
        const press = await fetchBell();
        offer.remove();
        press.focus();
        press.click();
      } catch {
        offer.disabled = false; // the server is away: to be pressed again
      }
    }, "btn btn-quiet board-bell");
    offer.title = _("来了新问题、十分钟开始计时，就响一声");
    offer.setAttribute("data-stays", "");
    board.before(offer);
  };
  if (read("staff bell")) fetchBell().catch(offerBell);
  else offerBell();
  plan();
}
