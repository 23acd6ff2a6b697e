// A form is sent where there is a line; without one its page stays, with all that was written and
// chosen. The browser's own page would come in its place, and from there no way leads back to what
// somebody wrote. Without this script forms are sent as any other.
{
  const { _ } = Said;
  const { element, tell } = Elements;
  const { ask } = Line;
  const { keepKey } = Device;
  const OWN = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const LONGEST_SECONDS = 10;
  const SOON = 1000; // milliseconds, after which the page says that it tries
  const status = element("div");
  status.setAttribute("role", "status");
  const LEAVING = 3000; // milliseconds: a page that stays longer was answered with a file
  let isAsking = false;
  let isThere = false;
  let isGone = false;

  const isLine = async () => {
    if (!navigator.onLine) return false;
    try {
      const { answer } = await ask(OWN, { method: "HEAD" }, LONGEST_SECONDS);
      return answer.status < 500; // or a server that is not there hears it as little
    } catch {
      return false;
    }
  };

  // Behind whatever else listens: what is kept and sent otherwise, or only after a question.
  addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (event.submitter); // old browsers do not tell
    if (isThere) isGone = !event.defaultPrevented;
    if (event.defaultPrevented || form.method !== "post" || !button || isThere) return;
    event.preventDefault();
    if (isAsking) return; // pressed twice
    isAsking = true;
    (button.closest("p") || button).after(status); // the button stays where it is, for a second press
    status.hidden = true;
    const soon = setTimeout(() => tell(status, "", _("正在提交，请稍等…")), SOON);
    isThere = await isLine();
    clearTimeout(soon);
    if (isThere) {
      status.hidden = true;
      // Back from what comes next, a browser would ask whether to send the refused form once more.
      if (document.querySelector(".error-summary")) history.replaceState(history.state, "", location.href);
      keepKey(form);
      isGone = false;
      button.click();
      isThere = false;
      setTimeout(() => {
        isAsking = false;
      }, isGone ? LEAVING : 0); // held by something, it comes again
      return;
    }
    isAsking = false;
    form.dispatchEvent(new Event("unsent"));
    tell(status, "notice-warning", _("现在连不上网络，还没有交。写的都还在，请不要关掉这一页，有了网络再按一次。"));
    status.scrollIntoView({ block: "nearest" });
  });
}
