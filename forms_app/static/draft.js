// Where a report of this circle that is not finished lies on this phone, and when it is erased: once
// it was taken, and when somebody leaves a shared computer. report.js writes it.
const Draft = (() => {
  const { read, write, table } = Device;
  const form = document.getElementById("report-form");
  const taken = document.querySelector("[data-report-taken]");
  const leave = document.querySelector("form[action$='issues/leave']");
  const root = form instanceof HTMLFormElement ? form.action : new URL("new", location.href).href;
  // Several circles may live under one address: each keeps its own.
  const DRAFT = `report ${new URL(root).pathname.replace(/[^/]*$/, "")}`;
  const PLACE = `${DRAFT} place`;
  const PLACED = ["estate_id", "location", "community_id"];

  // What is kept beside the form: text in localStorage, photos in IndexedDB.
  const inPhotos = table(DRAFT, "photos", "id");
  /** @type {<T>(promise: Promise<T>) => Promise<T | null>} */
  const quietly = (promise) => promise.catch(() => null);
  const erase = () => {
    write(DRAFT, null);
    return quietly(inPhotos("readwrite", (store) => store.clear()));
  };

  if (taken) {
    /** @type {DraftOfReport | null} */
    const draft = read(DRAFT);
    if (draft && draft.sent) {
      // Whoever never chose an estate has now.
      if (!Estate.mine() && draft.estate) Estate.choose(String(draft.fields.estate_id), draft.estate);
      write(PLACE, Object.fromEntries(PLACED.map((name) => [name, draft.fields[name]])));
    }
    if (!draft || draft.sent) erase();
  }
  if (leave) {
    let isErased = false;
    let isErasing = false;
    leave.addEventListener("submit", (event) => {
      if (isErased) return;
      Estate.forget();
      write(PLACE, null);
      const erased = Promise.all([erase(), Device.leave()]);
      const button = /** @type {HTMLElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
      if (!button) return; // old browsers do not tell
      // Left before that, the page would take its photos' erasing along.
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isErasing) return;
      isErasing = true;
      erased.then(() => {
        isErased = true;
        button.click();
      });
    });
  }

  return { DRAFT, PLACE, PLACED, inPhotos, quietly, erase };
})();
