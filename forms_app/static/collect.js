// The form of staff/issues/new, with a line and without: what is written is kept as it is written,
// and where there is no line it joins those that wait (kept.js).
{
  const { _ } = Said;
  const { element, fill, tell } = Elements;
  const { namesIn, named, isChoice, bringInto } = Controls;
  const { ask } = Line;
  const { ROOT } = Kept;
  const JUST_NOW_SECONDS = 60;
  const FEWEST_DIGITS = 7; // of a whole number
  const form = /** @type {HTMLFormElement} */ (document.getElementById("collect-form"));
  const section = /** @type {HTMLElement} */ (document.querySelector("[data-unsent]"));
  const status = element("div");
  /** @type {(name: string) => Control} */
  const control = (name) => named(form, name);
  const isRefused = Boolean(document.querySelector(".error-summary, [data-again]")); // it came back
  /** @type {StaffReport} */
  let report = { form_key: "", saved_at: 0, written_at: 0, fields: [], photos: [], state: "draft", tried: false, posted: false };
  let later = 0;
  let isSending = false;
  let left = false; // gone to the server, or to those that wait
  status.hidden = true;
  status.setAttribute("role", "status");
  const press = /** @type {HTMLElement} */ (form.querySelector("[type=submit]:not([formaction])"));
  /** @type {HTMLElement} */ (press.parentElement).before(status);

  const names = namesIn(form);
  const fieldsOf = () =>
    /** @type {[string, string][]} */ (
      [...new FormData(form)].filter(([name, value]) => names.includes(name) && typeof value === "string")
    );
  const photoField = /** @type {PhotoField} */ (form.querySelector(".photo-field"));
  /** @type {StaffReport["photos"]} */
  let refusedPhotos = []; // lie on the server, for a day; here for longer
  /** @type {StaffReport["photos"]} */
  let comingPhotos = []; // were kept, and are not in the list yet
  const photosOf = () => [
    ...(form.querySelector("[name=unwanted_photos]:checked, [name=unwanted_photos][type=hidden]") ? [] : refusedPhotos),
    ...(photoField.chosen || []).map(({ name, blob }) => ({ name: name || "photo.jpg", blob })),
    ...comingPhotos,
  ];
  const begun = () => {
    // A number alone is what an earlier problem was looked for by.
    const text = ["description", "location", "reporter_name", "reporter_email", "initial_opinion"];
    return photosOf().length > 0 || text.some((name) => control(name) && control(name).value.trim());
  };
  const key = () => {
    if (!control("form_key").value) {
      const random = crypto.getRandomValues(new Uint8Array(24));
      control("form_key").value = btoa(String.fromCharCode(...random)).replace(/\+/g, "-").replace(/\//g, "_");
    }
    return control("form_key").value;
  };

  /** @type {(more?: Partial<StaffReport>) => Promise<boolean>} */
  const keep = async (more = {}) => {
    report = {
      ...report,
      form_key: key(), owner: Kept.who().owner, saved_at: Date.now(), fields: fieldsOf(), photos: photosOf(), ...more,
    };
    section.dataset.current = report.form_key;
    if (!begun()) return true;
    try {
      await Kept.put(report);
      return true;
    } catch {
      return false; // full or forbidden
    }
  };

  /** @type {(kept: StaffReport) => void} */
  const bring = (kept) => {
    report = kept;
    control("form_key").value = kept.form_key;
    section.dataset.current = kept.form_key;
    for (const [name, value] of kept.fields) {
      const one = control(name);
      if (!one) continue;
      if (isChoice(one)) one.checked = true;
      else bringInto(one, value);
    }
    comingPhotos = kept.photos;
    if (!photoField.withVoice) return;
    photoField.work(() => kept.photos.reduce((before, { name, blob }, place) =>
      before.then(() => {
        comingPhotos = kept.photos.slice(place + 1);
        return photoField.show(photoField.withVoice({ name, blob, id: "kept" }));
      }), Promise.resolve()));
  };

  const wait = async () => {
    left = true;
    const isKept = await keep({ state: "waiting", written_at: report.written_at });
    if (!isKept) {
      left = false;
      return tell(status, "notice-error", _("现在连不上网络，这台手机也存不下。请不要关掉这一页，有了网络再按一次登记；或者抄下来、打值班电话。"));
    }
    // Browsers clear what a site keeps when the phone is full, but for what they were asked to spare.
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => null);
    const worker = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration(ROOT));
    if (worker && worker.active) {
      // An empty form for the next one.
      if (location.pathname === `${ROOT}offline`) location.reload();
      else location.assign(`${ROOT}offline`);
    } else {
      form.hidden = true;
      delete section.dataset.current;
      await Kept.draw();
      await Kept.sendAll();
    }
    return null;
  };

  const send = async () => {
    tell(status, "", _("正在登记，请稍等…"));
    const seen = JSON.stringify(fieldsOf());
    await begins;
    if (JSON.stringify(fieldsOf()) !== seen) { // whoever pressed before it came has not seen it
      tell(status, "notice-ok", _("上次没写完的内容还在，只存在这台手机上。"));
      return;
    }
    await photoField.working;
    await keep({ written_at: report.written_at || Date.now() });
    let found;
    try {
      found = await Kept.line();
    } catch (wrong) {
      if (wrong === "login") {
        left = true;
        if (begun() && (await keep({ state: "waiting" }))) location.assign(Kept.loginAddress());
        else form.submit(); // what cannot be kept here, the sign-in page takes along
        return;
      }
      if (typeof wrong === "string") tell(status, "notice-error", wrong);
      else if (!form.checkValidity()) missing();
      else await wait();
      return;
    }
    if (found.owner !== Kept.who().owner) {
      tell(status, "notice-error", _("现在登录的是别的账号，请重新打开这一页再登记。"));
      return;
    }
    if (Date.now() - report.written_at > JUST_NOW_SECONDS * 1000) {
      // It waited, and was taken back: it was told when it was first written down.
      Kept.fixTime(report, found.ahead_ms);
      for (const [name, value] of report.fields) if (name.endsWith("_at")) control(name).value = value;
    }
    left = true;
    await keep({ posted: true });
    if (photoField.fill) photoField.fill();
    if (!control("csrf_token")) {
      const token = element("input");
      token.type = "hidden";
      token.name = "csrf_token";
      form.append(token);
    }
    control("csrf_token").value = found.csrf;
    Device.keepKey(form);
    form.submit();
  };

  const missing = () => {
    const first = /** @type {HTMLElement} */ (form.querySelector(":invalid"));
    const label = form.querySelector(`label[for="${first.id}"]`);
    const said = (label && label.firstChild && label.firstChild.textContent) || "";
    const words = said.trim() || _("这一项");
    tell(status, "notice-error", _("还没有登记：请先填“%(field)s”。写的内容已经存在这台手机上。", { field: words }));
    first.focus();
  };

  // What the number of a call reported before is asked for as soon as it is written, once.
  const earlier = /** @type {HTMLElement | null} */ (form.querySelector("[data-earlier]"));
  let lookedFor = "";
  /** @type {(place: HTMLElement) => Promise<void>} */
  const lookForEarlier = async (place) => {
    const said = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
    const list = /** @type {HTMLElement} */ (place.querySelector("ul"));
    const number = control("reporter_phone").value;
    lookedFor = number;
    fill(list);
    said.textContent = _("正在找…");
    try {
      const body = new FormData();
      for (const name of ["csrf_token", "channel", "reporter_phone"]) body.append(name, control(name).value);
      const { page } = await ask(place.dataset.earlier || "", { method: "POST", body });
      const found = page.querySelector("[data-earlier]");
      if (lookedFor !== number) return; // another one was written meanwhile
      if (!found) throw new Error("no answer");
      const wrong = page.querySelector("#reporter_phone-error");
      said.textContent = (wrong || found.querySelector("[role=status]") || said).textContent;
      fill(list, ...found.querySelectorAll("li"));
    } catch {
      lookedFor = "";
      said.textContent = _("现在连不上，没有找成。先记下来，不耽误登记。");
    }
  };
  if (earlier) {
    const number = control("reporter_phone");
    const look = /** @type {HTMLButtonElement} */ (earlier.querySelector("button"));
    const lookAtOnce = () => {
      const isWhole = number.value.replace(/\D/g, "").length >= FEWEST_DIGITS;
      if ("atOnce" in earlier.dataset && isWhole && number.value !== lookedFor) lookForEarlier(earlier);
    };
    number.addEventListener("change", lookAtOnce);
    // It may have been written, and left, before this script came.
    const isTold = /** @type {HTMLElement} */ (earlier.querySelector("[role=status]")).textContent.trim();
    if (!isTold && document.activeElement !== number) lookAtOnce();
    look.addEventListener("click", (event) => {
      event.preventDefault();
      // The first button of a form is also what Enter presses in any of its lines.
      const isEntered = document.activeElement === number;
      const isPressed = event.detail > 0 || document.activeElement === look;
      if (isPressed || (isEntered && number.value !== lookedFor)) lookForEarlier(earlier);
      if (isEntered) control("description").focus();
    });
  }

  form.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => begins.then(() => left || keep()), 300);
  });
  form.addEventListener("photoschange", () => left || keep());
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return; // come back to by the button: what was sent was sent
    left = isSending = false;
    status.hidden = true;
  });
  addEventListener("pagehide", () => left || keep());
  form.addEventListener("submit", (event) => {
    // Another address than the form's own: it comes back as it was typed.
    if (event.submitter && event.submitter.hasAttribute("formaction")) return;
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    send().finally(() => {
      isSending = left; // on its way, it is not sent again
    });
  });

  const start = async () => {
    const known = Kept.who();
    if (known.opines) for (const one of form.querySelectorAll("[data-opines]")) one.hidden = false;
    const wanted = location.hash.slice(1);
    const kept = wanted ? await Kept.get(wanted).catch(() => null) : null;
    history.replaceState(null, "", location.pathname + location.search);
    const isTaken = kept && Kept.isMine(kept) && !isRefused && !kept.tried;
    if (isTaken) bring({ ...kept, state: "draft" });
    const community = control("community_id");
    if (!community.value && known.community) community.value = known.community;
    if (isTaken) {
      await Kept.put(report);
      await Kept.draw();
    } else if (isRefused && control("form_key").value) {
      const refused = await Kept.get(control("form_key").value).catch(() => null);
      if (refused) {
        report = { ...refused, state: "draft", tried: false, posted: false, written_at: 0 };
        refusedPhotos = report.photos;
        section.dataset.current = report.form_key;
        await Kept.put(report);
        await Kept.draw();
      }
    }
  };
  const begins = start();
}
