// An open page of a ticket learns within half a minute that there is something new, and shows it:
// never over what somebody is writing. Asked for is only whether there is; nothing while nobody looks.
{
  const { _ } = Said;
  const { element, button, tell } = Elements;
  const { ask } = Line;
  const EVERY_SECONDS = 25;
  const SHEET_SECONDS = 5;
  const AFTER_END_SECONDS = 2; // a moment has passed for the server a second later

  let place = /** @type {HTMLElement} */ (document.getElementById("news"));
  const status = element("div");
  status.setAttribute("role", "status");
  status.hidden = true;
  place.before(status);
  let isBusy = false;
  let isOver = false;
  let isTouched = false;

  /** @type {(one: Control) => boolean} */
  const isChanged = (one) => {
    if (one instanceof HTMLTextAreaElement) return one.value !== one.defaultValue;
    if (one instanceof HTMLSelectElement) return [...one.options].some((each) => each.selected !== each.defaultSelected);
    if (one.type === "file") return Boolean(one.value);
    if (one.type === "radio" || one.type === "checkbox") return one.checked !== one.defaultChecked;
    return one.type !== "hidden" && one.value !== one.defaultValue;
  };

  // The new page's part takes the place of the old one, with the fields that somebody has written in.
  // Where only the day is another, tomorrow has become today and there is nothing to tell.
  /** @type {(how?: {isAsked?: boolean, isTold?: boolean}) => Promise<void>} */
  const bring = async ({ isAsked = false, isTold = true } = {}) => {
    const { answer, page } = await ask(location.pathname);
    const fresh = page.getElementById("news");
    if (!answer.ok || !fresh) {
      location.reload(); // the ticket was let go meanwhile
      return;
    }
    const missing = [.../** @type {NodeListOf<HTMLLinkElement>} */ (page.querySelectorAll("link[rel=stylesheet]"))]
      .filter(({ href }) => ![...document.styleSheets].some((one) => one.href === href));
    // Nothing is shown undressed; what does not come is not waited for.
    await Promise.all(missing.map((sheet) => new Promise((done) => {
      sheet.onload = sheet.onerror = done;
      setTimeout(done, SHEET_SECONDS * 1000);
      document.head.append(sheet);
    })));
    if (isTold && isTouched && !isAsked) { // while it was on its way
      offer();
      return;
    }
    const lost = [];
    for (const one of /** @type {NodeListOf<Control>} */ (place.querySelectorAll("input, select, textarea"))) {
      if (!isChanged(one)) continue;
      const same = one.id ? fresh.querySelector(`#${CSS.escape(one.id)}`) : null;
      if (same) {
        const fold = same.closest("details");
        if (fold) fold.open = true;
        same.replaceWith(one);
      } else if (one instanceof HTMLTextAreaElement) lost.push(one.value);
    }
    const heading = fresh.querySelector("h1");
    if (heading && document.querySelector("h1.ticket-head")) {
      heading.replaceWith(element("p", "lead", heading.textContent || ""));
    }
    place.replaceWith(fresh);
    place = fresh;
    place.before(status);
    if (!isTold) return;
    tell(status, "notice-ok", lost.length ? _("有新进展。您刚才写的内容在这里，需要的话请复制：") : _("有新进展，看下面。"));
    for (const words of lost) status.append(element("p", "told", words));
    isTouched = lost.length < 1 && isTouched;
  };

  const offer = () => {
    const writes = place.contains(document.activeElement) && document.activeElement;
    ((writes && writes.closest("form")) || place).before(status);
    tell(status, "notice-ok", _("您写的内容会留着。"), button(_("有新进展，点这里看"), () => bring({ isAsked: true }).catch(offer)));
  };

  const look = async () => {
    if (isBusy || isOver || document.hidden) return;
    isBusy = true;
    try {
      const { news = "", from = "" } = place.dataset;
      const { answer } = await ask(from, { headers: { "If-None-Match": `"${news}"` } });
      isOver = answer.status === 403; // whoever left is asked for no more
      if (answer.status !== 204) return;
      const told = news.split(".")[1];
      if (told && (answer.headers.get("ETag") || "").includes(told)) {
        if (!place.contains(document.activeElement)) await bring({ isTold: false });
      } else if (isTouched) offer();
      else await bring();
    } catch {
      // no line: asked again by itself
    } finally {
      isBusy = false;
    }
  };

  /** @type {(event: Event) => void} */
  const touched = ({ target }) => {
    const one = target instanceof Element && target.closest("#news summary, #news button, #news input, #news textarea, #news select");
    if (one) isTouched = true;
  };
  document.addEventListener("input", touched);
  document.addEventListener("click", touched);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("clockend", () => setTimeout(look, AFTER_END_SECONDS * 1000));
  addEventListener("focus", look);
  setInterval(look, EVERY_SECONDS * 1000);
}
