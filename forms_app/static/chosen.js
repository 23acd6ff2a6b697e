// Photos that were chosen in a form without a draft of its own stay on this phone as long as the words
// beside them (typed.js, moves.js), which know them by an id and drop them with themselves: where the
// line broke while they were on their way, where the server could not take them, after a look around.
// Without it they are chosen again.
{
  const { _ } = Said;
  const { element } = Elements;
  const { KEPT_DAYS, inChosen, dropChosen, mayKeep } = Device;
  const TAB_DAYS = 1; // words that stay in a tab alone are gone with it, and tell nobody
  const DAY = 86400000;

  /** @type {(form: HTMLFormElement) => string} */
  const keyOf = (form) => {
    const key = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=form_key]"));
    return key ? key.value : "";
  };
  /** @type {(form: HTMLFormElement) => string} */
  const pathOf = (form) => new URL(form.action).pathname;
  /** @type {(field: PhotoField) => string} */
  const nameOf = (field) => /** @type {HTMLInputElement} */ (field.querySelector("input[type=file]")).name;
  const everybodys = async () => {
    try {
      return /** @type {ChosenPhotos[]} */ ((await inChosen("readonly", (store) => store.getAll())) || []);
    } catch {
      return []; // forbidden: nothing was kept either
    }
  };

  /** @type {(form: HTMLFormElement, fields: PhotoField[]) => void} */
  const serve = (form, fields) => {
    const days = form.closest("details.move") ? KEPT_DAYS : TAB_DAYS;
    // A page that a press was refused with lists what the server has taken of them.
    const isRefused = Boolean(document.querySelector("main[data-posted]"));
    const [came] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    const isBack = came && came.type === "back_forward";
    /** @type {ChosenPhotos["photos"]} */
    let coming = []; // are not in the lists, or not yet
    const known = lots.then((all) => {
      const lot = all.find(({ id }) => id === form.dataset.chosen);
      if (lot) coming = lot.photos;
      else form.dataset.chosen = ""; // erased elsewhere
    });

    const keep = async () => {
      await known;
      if (!mayKeep()) return;
      if (form.querySelector("[name=unwanted_photos]:checked, [name=unwanted_photos][type=hidden]")) coming = [];
      const photos = [...coming];
      for (const field of fields) for (const { name, blob } of field.chosen) photos.push({ of: nameOf(field), name, blob });
      const id = form.dataset.chosen || `${Date.now()}-${Math.random()}`;
      if (photos.length) {
        const lot = { id, until: Date.now() + days * DAY, path: pathOf(form), key: keyOf(form), photos };
        try {
          await inChosen("readwrite", (store) => store.put(lot));
          form.dataset.chosen = id;
        } catch {
          form.dataset.chosen = ""; // full or forbidden
          await dropChosen(id);
        }
      } else {
        form.dataset.chosen = "";
        await dropChosen(id);
      }
      form.dispatchEvent(new Event("input", { bubbles: true })); // whoever keeps the words keeps the id
    };

    /** @type {(field: PhotoField) => Promise<void>} */
    const bring = async (field) => {
      await known;
      const own = coming.filter((photo) => photo.of === nameOf(field));
      if (isRefused || !own.length) return;
      const isThere = isBack && field.chosen.length > 0; // the browser has brought them
      const room = isThere ? 0 : Number(field.dataset.most) - field.chosen.length;
      for (const photo of own) {
        const isWanted = coming.includes(photo) && own.indexOf(photo) < room;
        coming = coming.filter((other) => other !== photo);
        if (isWanted) await field.show(field.withVoice({ id: "kept", name: photo.name, blob: photo.blob }));
      }
      if (room <= 0) return;
      for (let box = field.parentElement; box; box = box.parentElement) {
        if (box instanceof HTMLDetailsElement) box.open = true;
      }
      const words = element("p", "field-hint", _("上次选的照片还在。"));
      words.setAttribute("role", "status");
      field.append(words);
      form.addEventListener("reset", () => words.remove());
    };

    for (const field of fields) {
      const isBegun = field.chosen.length > 0; // before this script was there
      if (form.dataset.chosen) field.work(() => bring(field));
      if (isBegun) field.work(keep);
      // As a piece of its work: a press waits for it.
      field.addEventListener("photoschange", () => field.work(keep));
    }
    form.addEventListener("reset", () => {
      coming = [];
    });
  };

  // Where the server could not take them, its page asks to send the words once more: the photos go along.
  /** @type {(told: HTMLElement) => Promise<void>} */
  const sendAgain = async (told) => {
    const form = /** @type {HTMLFormElement} */ (document.querySelector("form[data-again]"));
    // Without the form's own key it may be another account's, whose case this is, too.
    const lot = (await lots).find(({ path, key }) => key && path === pathOf(form) && key === keyOf(form));
    if (!lot) return;
    try {
      for (const { of, name, blob } of lot.photos) {
        const transfer = new DataTransfer();
        transfer.items.add(new File([blob], name, { type: blob.type }));
        const input = element("input");
        Object.assign(input, { type: "file", name: of, hidden: true, files: transfer.files });
        form.append(input);
      }
    } catch {
      return; // an older phone cannot
    }
    form.enctype = "multipart/form-data";
    told.textContent = _("%(count)s张照片也在，会一起交。", { count: lot.photos.length });
  };

  const lots = everybodys().then((all) => {
    for (const { id, until } of all) if (until < Date.now()) dropChosen(id);
    return all.filter(({ until }) => until >= Date.now());
  });
  const said = document.querySelector("[data-photos]");
  if (said) sendAgain(said);
  for (const form of document.forms) {
    const fields = /** @type {PhotoField[]} */ ([...form.querySelectorAll(".photo-live")]);
    if (form.dataset.chosen !== undefined && fields.length) serve(form, fields);
  }
}
