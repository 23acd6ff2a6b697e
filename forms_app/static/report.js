// Keeps an unfinished report on this phone alone, and sends it when there is a line: once, because
// the form's own key makes the same words the same issue. Without it the form is sent as any other.
{
  const _ = (text, values = {}) =>
    ((window.translations || {})[text] || text).replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
  const KEPT_DAYS = 7;
  const LONGEST_SECONDS = 20;
  const LONGEST_UPLOAD_SECONDS = 180;
  const form = document.getElementById("report-form");
  const taken = document.querySelector("[data-report-taken]");
  const leave = document.querySelector("form[action$='issues/leave']");
  const root = form ? form.action : new URL("new", location.href).href;
  // Several circles may live under one address: each keeps its own.
  const DRAFT = `report ${new URL(root).pathname.replace(/[^/]*$/, "")}`;
  const PLACE = `${DRAFT} place`;
  const PLACED = ["estate_id", "location", "community_id"];

  // What is kept beside the form: text in localStorage, photos in IndexedDB.
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null; // forbidden, or not what we wrote
    }
  };
  const write = (name, value) => {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
      return true;
    } catch {
      return false; // full or forbidden
    }
  };
  const inPhotos = (mode, ask) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(DRAFT, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("photos", { keyPath: "id" });
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const database = opening.result;
        const change = database.transaction("photos", mode);
        const asked = ask(change.objectStore("photos"));
        change.oncomplete = () => {
          database.close();
          resolve(asked && asked.result);
        };
        change.onabort = change.onerror = () => {
          database.close();
          reject(change.error);
        };
      };
    });
  const quietly = (promise) => promise.catch(() => null);
  const erase = () => {
    write(DRAFT, null);
    return quietly(Promise.resolve().then(() => inPhotos("readwrite", (store) => store.clear())));
  };

  if (taken) {
    const draft = read(DRAFT);
    if (draft && draft.sent) {
      const place = {};
      for (const name of PLACED) place[name] = draft.fields[name];
      write(PLACE, place);
    }
    if (!draft || draft.sent) erase();
  }
  if (leave) {
    leave.addEventListener("submit", () => {
      write(PLACE, null);
      erase();
    });
  }

  const start = () => {
    const field = form.querySelector(".photo-field");
    const row = form.querySelector(".button-row");
    const element = (name, className, text) => {
      const made = document.createElement(name);
      if (className) made.className = className;
      if (text) made.textContent = text;
      return made;
    };
    const button = (words, press) => {
      const made = element("button", "btn", words);
      made.type = "button";
      made.addEventListener("click", press);
      return made;
    };
    const tell = (place, kind, words, ...buttons) => {
      place.className = `notice ${kind}`;
      place.textContent = "";
      place.append(element("p", "", words));
      if (buttons.length) {
        const line = element("p", "button-row");
        line.append(...buttons);
        place.append(line);
      }
      place.hidden = false;
    };
    const above = element("div");
    const status = element("div");
    const storage = element("p", "field-hint", _("这个浏览器不让暂存：关掉这一页，写的内容就没有了，写完请马上提交。"));
    above.hidden = status.hidden = storage.hidden = true;
    above.setAttribute("role", "status");
    status.setAttribute("role", "status");
    form.before(above);
    row.before(status, storage);

    const control = (name) => form.elements[name];
    const names = [...new Set([...form.elements].map((one) => one.name))].filter(
      (name) => name && !["csrf_token", "form_key", "photos", "unwanted_photos"].includes(name)
    );
    const value = (name) => (control(name).type === "checkbox" ? control(name).checked : control(name).value);
    // What the page came with. This script comes after it, and somebody may be writing already.
    const given = (name) => {
      const one = control(name);
      if (one.type === "checkbox") return one.defaultChecked;
      if (one.tagName !== "SELECT") return one.defaultValue;
      const chosen = [...one.options].find((option) => option.defaultSelected) || one.options[0];
      return chosen ? chosen.value : "";
    };
    const put = (name, kept) => {
      const one = control(name);
      if (!one || kept === undefined) return;
      if (one.type === "checkbox") one.checked = Boolean(kept);
      else if (one.tagName !== "SELECT" || [...one.options].some((option) => option.value === kept)) one.value = kept;
    };

    let waiting = false;
    let sent = false;
    let busy = false;
    let later = 0;
    const started = {};
    // Come back to by the button, the browser has put in again what was written: nothing new.
    const [visit] = performance.getEntriesByType("navigation");
    const isBack = visit && visit.type === "back_forward";
    for (const name of names) started[name] = isBack ? value(name) : given(name);

    const keep = () => {
      const fields = {};
      for (const name of names) fields[name] = value(name);
      const isEmpty = !field.chosen.length && names.every((name) => fields[name] === started[name]);
      if (isEmpty && !read(DRAFT)) return true;
      const draft = { saved_at: Date.now(), form_key: control("form_key").value, fields, waiting, sent };
      const isKept = write(DRAFT, draft);
      storage.hidden = isKept;
      return isKept;
    };

    const keepPhotos = () => {
      const photos = field.chosen.map((photo) => {
        photo.id = photo.id || `${Date.now()}-${Math.random()}`;
        return { id: photo.id, name: photo.name, key: photo.key, blob: photo.blob };
      });
      return Promise.resolve()
        .then(() => inPhotos("readwrite", (store) => {
          store.clear();
          for (const photo of photos) store.put(photo);
        }))
        .catch(() => {
          storage.hidden = !photos.length;
        });
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
      const held = [...form.querySelectorAll("[name=unwanted_photos]")].map((one) => one.value);
      return quietly(Promise.resolve().then(() => inPhotos("readonly", (store) => store.getAll()))).then((photos) =>
        (photos || [])
          .filter((photo) => !held.includes(photo.key))
          .reduce((before, photo) => before.then(() => field.show(field.withVoice(photo))), Promise.resolve())
      );
    };

    const restore = () => {
      const draft = read(DRAFT);
      const isOld = draft && !(Date.now() - draft.saved_at < KEPT_DAYS * 86400000);
      // What somebody has pressed the button for is not thrown away unasked, however long it waited.
      if (isOld && !draft.waiting && !draft.sent) return erase();
      const isFresh = !document.querySelector(".error-summary") && !given("description");
      if (!isFresh) return bringPhotos().then(() => keep());
      if (!draft) {
        erase(); // photos without their text
        const place = read(PLACE);
        if (!place || !PLACED.some((name) => place[name])) return null;
        // What the page fills in is nothing that anybody wrote.
        const fill = (kept) => {
          for (const name of PLACED) {
            if (value(name) !== started[name]) continue;
            put(name, kept[name]);
            started[name] = value(name);
          }
        };
        fill(place);
        const words = element("p", "field-hint", _("地点是您上次填的，不对请改。"));
        words.append(button(_("不要记住"), () => {
          write(PLACE, null);
          words.remove();
          fill({ estate_id: "", location: "", community_id: "" });
        }));
        control("estate_id").closest(".field").before(words);
        return null;
      }
      for (const name of names) if (value(name) === given(name)) put(name, draft.fields[name]);
      for (const one of form.querySelectorAll("details")) one.open = [...one.querySelectorAll("input, select")].some((i) => i.value);
      control("form_key").value = draft.form_key;
      waiting = Boolean(draft.waiting) && !isOld;
      const words = isOld
        ? _("这是%(days)s天以前写的，当时没有交上去。还要交，请再按一次提交；不用了，就擦掉。", { days: KEPT_DAYS })
        : draft.sent && !waiting
        ? _("上次按了提交，没有等到回音，内容还在。再按一次提交就行，不会重复登记。")
        : _("上次没写完的内容还在，只存在这台手机上。");
      tell(above, "notice-ok", words, button(_("全部擦掉，重新写"), startAnew));
      return bringPhotos().then(() => waiting && send());
    };

    // Sending: a fresh token shows that there is a line, then photo by photo, then the form itself.
    const inTime = (promise) =>
      Promise.race([promise, new Promise((_, reject) => setTimeout(reject, LONGEST_SECONDS * 1000))]);
    const token = () =>
      inTime(fetch(form.action, { credentials: "same-origin", cache: "no-store" }))
        .then((answer) => (answer.ok ? answer.text() : Promise.reject()))
        .then((page) => {
          const found = new DOMParser().parseFromString(page, "text/html").querySelector("#report-form [name=csrf_token]");
          return found ? found.value : Promise.reject(); // a hotel's own page, say
        });

    let sending = null;
    const upload = (photo, words, bar) =>
      new Promise((resolve, reject) => {
        const said = new FormData();
        said.append("csrf_token", control("csrf_token").value);
        said.append("form_key", control("form_key").value);
        said.append("photos", photo.blob, "photo.jpg");
        sending = new XMLHttpRequest();
        sending.open("POST", `${form.action}/photos`);
        sending.upload.onprogress = ({ loaded, total }) => {
          bar.value = total ? (100 * loaded) / total : 0;
          words(Math.floor(bar.value));
        };
        sending.onload = ({ target }) => {
          if (target.status >= 500) return reject();
          try {
            const answer = JSON.parse(target.responseText);
            if (target.status === 200) return resolve(answer.taken[0]);
            return resolve(Promise.reject(answer.refused));
          } catch {
            return reject(_("这张照片没有收下，请去掉它再提交。"));
          }
        };
        sending.timeout = LONGEST_UPLOAD_SECONDS * 1000;
        sending.onerror = sending.ontimeout = () => reject();
        sending.onabort = () => reject(_("已经停下，没有提交。"));
        sending.send(said);
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
            const percent = (share) => {
              photo.say(_("正在传，%(share)s", { share: `${share}%` }));
            };
            tell(status, "", _("正在传第%(place)s张照片，共%(count)s张。", { place: place + 1, count: left.length }), button(_("停下"), () => sending.abort()));
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
    };

    function send() {
      if (busy) return;
      busy = true;
      // Tried unasked, the notice stays until there is a line: somebody may be about to press a button.
      if (!stands()) sayItIsSent();
      let isThere = false;
      const hasWaited = waiting;
      const isTakenBack = () => hasWaited && !waiting; // to be changed, while it was tried
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
          form.submit();
        })
        .catch((wrong) => {
          busy = false;
          if (isTakenBack()) return null;
          if (!isThere) again();
          if (typeof wrong !== "string") return stands() ? null : wait();
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
      // What is missing the server says at once and better; the photos stay here meanwhile.
      if (!form.checkValidity() && navigator.onLine && !field.isWorking) return;
      event.preventDefault();
      send();
    });
    control("estate_id").addEventListener("change", () => put("community_id", ""));
    const again = Line.onceBack(retry);
    document.addEventListener("visibilitychange", () => document.hidden && (busy || keep()));
    addEventListener("pagehide", () => busy || keep());
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return; // come back to by the button: what was sent was sent
      busy = sent = false;
      status.hidden = true;
    });
    restore();
    if (names.some((name) => value(name) !== started[name])) keep();
  };
  if (form && form.querySelector(".photo-live")) start();
}
