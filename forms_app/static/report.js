// Keeps an unfinished report on this phone alone, and sends it when there is a line: once, because
// the form's own key makes the same words the same issue. Without it the form is sent as any other.
{
  const { _ } = Said;
  const { element, button, tell } = Elements;
  const { KEPT_DAYS, isOld, read, write } = Device;
  const { ask, onceBack, LONGEST_UPLOAD_SECONDS } = Line;
  const { controlsIn, namesIn, named, isChoice, valueIn, givenIn, putInto, joined, bringInto, askAgain } = Controls;
  const { DRAFT, PLACE, PLACED, inPhotos, quietly, erase } = Draft;
  const form = /** @type {HTMLFormElement} */ (document.getElementById("report-form"));

  const start = () => {
    const field = /** @type {PhotoField} */ (form.querySelector(".photo-field"));
    const row = /** @type {HTMLElement} */ (form.querySelector(".button-row"));
    const above = element("div");
    const status = element("div");
    const storage = element("p", "field-hint", _("这个浏览器不让暂存：关掉这一页，写的内容就没有了，写完请马上提交。"));
    above.hidden = status.hidden = storage.hidden = true;
    above.setAttribute("role", "status");
    status.setAttribute("role", "status");
    form.before(above);
    row.before(status, storage);

    /** @type {(name: string) => Control} */
    const control = (name) => named(form, name);
    const names = namesIn(form);
    /** @type {(name: string) => string | boolean} */
    const value = (name) => valueIn(control(name));
    /** @type {(name: string) => string | boolean} */
    const given = (name) => givenIn(control(name));
    /** @type {(name: string, kept: string | boolean | undefined) => void} */
    const put = (name, kept) => {
      if (control(name) && kept !== undefined) putInto(control(name), kept);
    };

    // Asked for where there is something to consent to: so a report that waits is not refused later.
    const consent = /** @type {HTMLInputElement} */ (control("consent"));
    const askConsent = () => {
      consent.required = (consent.dataset.for || "").split(" ").some((name) => String(value(name)).trim());
    };

    // It sends them itself, one by one.
    if (field.send) form.removeEventListener("submit", field.send);

    const estateName = () => {
      const estates = /** @type {HTMLSelectElement} */ (control("estate_id"));
      return estates.value ? (estates.selectedOptions[0].textContent || "").trim() : "";
    };

    let waiting = false;
    let sent = false;
    let busy = false;
    let later = 0;
    let arePhotosKept = true; // they lie elsewhere than the words
    /** @type {Record<string, string | boolean>} */
    const started = {};
    // Come back to by the button, the browser has put in again what was written: nothing new.
    const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const isBack = visit && visit.type === "back_forward";
    for (const name of names) started[name] = isBack ? value(name) : given(name);

    const keep = () => {
      /** @type {Record<string, string | boolean>} */
      const fields = {};
      for (const name of names) fields[name] = value(name);
      const isEmpty = !field.chosen.length && names.every((name) => fields[name] === started[name]);
      if (isEmpty && !read(DRAFT)) return true;
      const draft = { saved_at: Date.now(), form_key: control("form_key").value, fields, estate: estateName(), waiting, sent };
      const isKept = write(DRAFT, draft) && arePhotosKept;
      storage.hidden = isKept;
      return isKept;
    };

    let photosKept = Promise.resolve(); // as soon as it is known whether they are
    const keepAll = () => {
      const photos = field.chosen.map((photo) => {
        photo.id = photo.id || `${Date.now()}-${Math.random()}`;
        return { id: photo.id, name: photo.name, key: photo.key, blob: photo.blob };
      });
      return inPhotos("readwrite", (store) => {
        store.clear();
        for (const photo of photos) store.put(photo);
      }).then(
        () => {
          arePhotosKept = true;
        },
        () => {
          arePhotosKept = !photos.length;
        }
      );
    };
    // Those that are still brought would be lost.
    const keepPhotos = () => {
      photosKept = Promise.resolve(field.working).then(keepAll);
      return photosKept;
    };

    const startAnew = () => {
      waiting = false;
      busy = true; // or it would be kept again as the page is left
      clearTimeout(later);
      write(PLACE, null);
      erase().then(() => location.replace(form.action));
    };

    // Photos that the server holds already are listed on a page that was refused.
    const bringPhotos = () => {
      const held = controlsIn(form).filter(({ name }) => name === "unwanted_photos").map((one) => one.value);
      const asked = quietly(inPhotos("readonly", (store) => store.getAll()));
      return field.work(() => asked.then((photos) =>
        (photos || [])
          .filter((photo) => !held.includes(photo.key))
          .reduce((before, photo) => before.then(() => field.show(field.withVoice(photo))), Promise.resolve())
      ));
    };

    const restore = () => {
      /** @type {DraftOfReport | null} */
      const draft = read(DRAFT);
      const isStale = draft && isOld(draft.saved_at);
      // What somebody has pressed the button for is not thrown away unasked, however long it waited.
      if (isStale && !draft.waiting && !draft.sent) return erase();
      // Words that a link brought along go behind those of a report that is not finished.
      const carried = String(given("description")).trim();
      const isFresh = !document.querySelector(".error-summary");
      if (!isFresh) return bringPhotos().then(() => keep());
      if (!draft) {
        erase(); // photos without their text
        // Where somebody lives is where they chose to; what they wrote of the place belongs to its estate.
        const last = read(PLACE) || {};
        const home = Estate.mine();
        const place = home && home.id !== last.estate_id ? { estate_id: home.id } : last;
        // A link that names a place knows better.
        const isLinked = given("estate_id") || (/[?&]community_id=/.test(location.search) && given("community_id"));
        if (isLinked || !PLACED.some((name) => place[name])) return null;
        // What the page fills in is nothing that anybody wrote.
        /** @type {(kept: DraftOfReport["fields"]) => void} */
        const fill = (kept) => {
          for (const name of PLACED) {
            if (value(name) !== started[name]) continue;
            put(name, kept[name]);
            started[name] = value(name);
          }
        };
        fill(place);
        const words = element("p", "field-hint", place === last ? _("地点是您上次填的，不对请改。") : _("小区是您选过的，不对请改。"));
        words.append(button(_("不要记住"), () => {
          write(PLACE, null);
          Estate.forget();
          words.remove();
          fill({ estate_id: "", location: "", community_id: "" });
        }));
        const estate = control("estate_id").closest(".field");
        if (estate) estate.before(words);
        return null;
      }
      const seen = names.map(value).join();
      for (const name of names) if (control(name) && draft.fields[name] !== undefined) bringInto(control(name), draft.fields[name]);
      if (carried && !draft.waiting && !draft.sent) put("description", joined(value("description"), carried));
      for (const box of form.querySelectorAll("details")) {
        box.open = controlsIn(form).some((one) => box.contains(one) && (isChoice(one) ? one.checked && one.value : one.value));
      }
      control("form_key").value = draft.form_key;
      waiting = Boolean(draft.waiting) && !isStale;
      const words = isStale
        ? _("这是%(days)s天以前写的，当时没有交上去。还要交，请再按一次提交；不用了，就擦掉。", { days: KEPT_DAYS })
        : draft.sent && !waiting
        ? _("上次按了提交，没有等到回音，内容还在。再按一次提交就行，不会重复登记。")
        : _("上次没写完的内容还在，只存在这台手机上。");
      tell(above, "notice-ok", words, button(_("全部擦掉，重新写"), startAnew));
      if (names.map(value).join() !== seen) askAgain(form, above);
      return bringPhotos().then(() => waiting && send());
    };

    // Sending: a fresh token shows that there is a line, then photo by photo, then the form itself.
    const token = () =>
      ask(form.action).then(({ answer, page }) => {
        const found = /** @type {HTMLInputElement | null} */ (page.querySelector("#report-form [name=csrf_token]"));
        return answer.ok && found ? found.value : Promise.reject(); // a hotel's own page, say
      });

    /** @type {XMLHttpRequest | null} */
    let sending = null;
    /** @type {(photo: Photo, words: (share: number) => void, bar: HTMLProgressElement) => Promise<string>} */
    const upload = (photo, words, bar) =>
      new Promise((resolve, reject) => {
        const said = new FormData();
        said.append("csrf_token", control("csrf_token").value);
        said.append("form_key", control("form_key").value);
        said.append("photos", photo.blob, "photo.jpg");
        const request = new XMLHttpRequest();
        sending = request;
        request.open("POST", `${form.action}/photos`);
        request.upload.onprogress = ({ loaded, total }) => {
          bar.value = total ? (100 * loaded) / total : 0;
          words(Math.floor(bar.value));
        };
        request.onload = () => {
          if (request.status >= 500) return reject();
          try {
            const answer = JSON.parse(request.responseText);
            if (request.status === 200) return resolve(answer.taken[0]);
            return resolve(Promise.reject(answer.refused));
          } catch {
            return reject(_("这张照片没有收下，请去掉它再提交。"));
          }
        };
        request.timeout = LONGEST_UPLOAD_SECONDS * 1000;
        request.onerror = request.ontimeout = () => reject();
        request.onabort = () => reject(_("已经停下，没有提交。"));
        request.send(said);
      });

    const uploadAll = () => {
      const bar = element("progress");
      bar.max = 100;
      // One of an earlier visit goes again: the server may have swept it, and takes it once.
      const left = field.chosen.filter((photo) => !photo.isThere);
      return left.reduce(
        (before, photo, place) =>
          before.then(() => {
            bar.value = 0;
            /** @type {(share: number) => void} */
            const percent = (share) => {
              photo.say(_("正在传，%(share)s", { share: `${share}%` }));
            };
            tell(status, "", _("正在传第%(place)s张照片，共%(count)s张。", { place: place + 1, count: left.length }), button(_("停下"), () => sending && sending.abort()));
            status.append(bar);
            return upload(photo, percent, bar).then(
              (key) => {
                photo.key = key;
                photo.isThere = true;
                photo.say(_("传好了"));
                return keepPhotos();
              },
              (wrong) => {
                photo.say(wrong || _("还没有传上去"), true);
                throw wrong;
              }
            );
          }),
        Promise.resolve()
      );
    };

    const sayItIsSent = () => tell(status, "", _("正在提交，请稍等…"));
    const sendNow = () => {
      sayItIsSent();
      send();
    };
    /** @type {Node | null} */
    let standing = null; // the notice that it waits
    const stands = () => waiting && !status.hidden && status.firstChild === standing;
    const wait = () => {
      waiting = true;
      const isKept = keep();
      const how = isKept
        ? _("写的内容和照片都存在这台手机上，有了网络会自动交上去；关掉以后，下次打开这一页时再交。")
        : _("请不要关掉这一页，有了网络会自动交上去。");
      tell(status, "notice-warning", _("还没有交上去：现在连不上网络。%(how)s着急请打值班电话。", { how }),
        button(_("现在再试"), sendNow), button(_("先不交，我再改改"), () => {
          waiting = false;
          status.hidden = true;
          keep();
        }));
      standing = status.firstChild;
      const icon = document.querySelector("[data-no-line] svg");
      if (icon) /** @type {HTMLElement} */ (standing).prepend(icon.cloneNode(true), " ");
    };

    function send() {
      if (busy) return;
      busy = true;
      // Tried unasked, the notice stays until there is a line: somebody may be about to press a button.
      if (!stands()) sayItIsSent();
      let isThere = false;
      const hasWaited = waiting;
      const isTakenBack = () => hasWaited && !waiting; // to be changed, while it was tried
      askConsent();
      const isReady = form.checkValidity();
      Promise.resolve(field.working)
        .then(token)
        .then((fresh) => {
          isThere = true;
          if (isTakenBack()) throw null;
          control("csrf_token").value = fresh;
          return isReady ? uploadAll() : null;
        })
        .then(() => {
          waiting = false;
          sent = isReady;
          keep();
          sayItIsSent();
          Device.keepKey(form);
          form.submit();
        })
        .catch((wrong) => {
          busy = false;
          if (isTakenBack()) return null;
          if (!isThere) again();
          if (typeof wrong !== "string") return stands() ? null : photosKept.then(wait);
          waiting = false;
          keep();
          tell(status, "notice-error", wrong);
          return null;
        });
    }

    const retry = () => {
      if (waiting && !document.hidden) send();
    };
    form.addEventListener("input", () => {
      if (waiting) {
        waiting = false;
        status.hidden = true;
      }
      clearTimeout(later);
      later = setTimeout(keep, 300);
    });
    form.addEventListener("photoschange", () => keepPhotos().then(() => keep()));
    form.addEventListener("submit", (event) => {
      keep();
      askConsent();
      // What is missing the server says at once and better; the photos stay here meanwhile.
      if (!form.checkValidity() && navigator.onLine && !field.isWorking) return;
      event.preventDefault();
      send();
    });
    control("estate_id").addEventListener("change", () => put("community_id", ""));
    const again = onceBack(retry);
    document.addEventListener("visibilitychange", () => document.hidden && (busy || keep()));
    addEventListener("pagehide", () => busy || keep());
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return; // come back to by the button: what was sent was sent
      busy = sent = false;
      status.hidden = true;
    });
    restore();
    if (field.chosen.length) keepPhotos().then(() => keep()); // before this script was there
    if (names.some((name) => value(name) !== started[name])) keep();
  };
  if (form.querySelector(".photo-live")) start();
}
