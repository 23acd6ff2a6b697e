// Lets this browser be woken when there is news of an issue: asked for by a press, and never before.
// What cannot be done is said in a sentence; the other ways of being told go on.
{
  const { _ } = Said;
  const { element, tell } = Elements;
  const PROMPT_SECONDS = 60; // then a browser that never answers is not waited for

  const UNABLE = _("这个浏览器收不到这样的消息。别的办法照旧：我们打电话、发短信或邮件，也可以随时用查询码看。");
  const REFUSED = _("这个浏览器不许我们发消息，所以没有设成。想改，请在浏览器的网站设置里允许通知。别的办法照旧。");
  const UNREACHED = _("这个浏览器连不上它厂家的消息服务（国内很多安卓手机都这样），所以没有设成。别的办法照旧。");

  /** @type {(packed: string) => Uint8Array<ArrayBuffer>} */
  const bytes = (packed) => Uint8Array.from(atob(packed.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));

  /** @type {<T>(answer: Promise<T>) => Promise<T>} */
  const inTime = (answer) =>
    Promise.race([answer, new Promise((_done, fail) => setTimeout(() => fail(new Error("late")), PROMPT_SECONDS * 1000))]);

  /** @type {(worker: string, key: string) => Promise<PushSubscription>} */
  const subscribe = async (worker, key) => {
    const scope = new URL("./", new URL(worker, location.href)).pathname;
    const registration = await navigator.serviceWorker.register(worker, { scope });
    await inTime(new Promise((done) => {
      const young = registration.active ? null : registration.installing || registration.waiting;
      if (!young) done(null);
      else young.addEventListener("statechange", () => young.state === "activated" && done(null));
    }));
    const wanted = { userVisibleOnly: true, applicationServerKey: bytes(key) };
    try {
      return await inTime(registration.pushManager.subscribe(wanted));
    } catch (error) {
      const former = await registration.pushManager.getSubscription();
      if (!former) throw error;
      await former.unsubscribe(); // it was made for another key of the office's
      return inTime(registration.pushManager.subscribe(wanted));
    }
  };

  /** @type {(form: HTMLFormElement, name: string, value: string) => void} */
  const put = (form, name, value) => {
    const field = element("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  };

  /** @type {(form: HTMLFormElement) => Promise<string>} */
  const ask = async (form) => {
    const key = form.dataset.wake || "";
    if (!navigator.serviceWorker || !window.PushManager || !window.Notification) return UNABLE;
    if ((await inTime(Notification.requestPermission())) !== "granted") return REFUSED;
    let found;
    try {
      found = (await subscribe(form.dataset.worker || "", key)).toJSON();
    } catch {
      return UNREACHED;
    }
    const { p256dh = "", auth = "" } = found.keys || {};
    put(form, "endpoint", found.endpoint || "");
    put(form, "p256dh", p256dh);
    put(form, "auth", auth);
    put(form, "made_for", key);
    form.submit();
    return "";
  };

  // It was switched off in the browser itself, or its data was cleared: then the page says what is so.
  const missing = async () => {
    const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-wake]"));
    const words = form && form.querySelector("[name=off]") ? form.querySelector("p") : null;
    if (!form || !words || !navigator.serviceWorker) return;
    const scope = new URL("./", new URL(form.dataset.worker || "", location.href)).href;
    const registration = await navigator.serviceWorker.getRegistration(scope);
    const found = registration && registration.pushManager && (await registration.pushManager.getSubscription());
    if (found) return;
    words.textContent = _("这个浏览器现在收不到消息了。想再收，先按下面的，再设一次。");
    const fold = form.closest("details");
    if (fold) fold.open = true;
  };
  missing().catch(() => undefined);

  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (!form.dataset.wake || form.querySelector("[name=off]")) return;
    event.preventDefault();
    const press = /** @type {HTMLButtonElement} */ (form.querySelector("button"));
    if (press.disabled) return;
    press.disabled = true;
    let status = /** @type {HTMLElement | null} */ (form.querySelector("[role=status]"));
    if (!status) {
      status = element("div");
      status.setAttribute("role", "status");
      form.append(status);
    }
    const says = status;
    ask(form).catch(() => REFUSED).then((why) => {
      if (!why) return;
      press.disabled = false;
      tell(says, "notice-warning", why);
    });
  });
}
