// What is kept on this device alone: what is small by its name, what is larger in a table. A browser
// may forbid either, the table also by never answering.
const Device = (() => {
  const KEPT_DAYS = 7;
  const LONGEST_OPENING = 3000; // milliseconds
  /** @type {(at: number) => boolean} */
  const isOld = (at) => !(Date.now() - at < KEPT_DAYS * 86400000);

  // Whoever signs out or leaves a shared device leaves nothing there: what a page keeps as it goes, or
  // what was still being made ready, would come after the erasing.
  let isLeft = false;
  const leave = () => {
    isLeft = true;
    eraseKeys();
    return eraseChosen();
  };
  const mayKeep = () => !isLeft;

  /** @type {(name: string) => any} */
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name) || "null");
    } catch {
      return null; // forbidden, or not what we wrote
    }
  };
  /** @type {(name: string, value: unknown) => boolean} */
  const write = (name, value) => {
    if (value && isLeft) return false;
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
      return true;
    } catch {
      return false; // full or forbidden
    }
  };
  /** @type {(start: string) => string[]} */
  const names = (start) => {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith(start));
    } catch {
      return [];
    }
  };

  // The one table of a database: asked in one transaction, it gives what was asked for.
  /** @type {(database: string, store: string, keyPath: string) => Table} */
  const table = (database, store, keyPath) => (mode, ask) =>
    new Promise((resolve, reject) => {
      const opening = indexedDB.open(database, 1);
      const silent = setTimeout(() => reject(new Error("no answer")), LONGEST_OPENING);
      opening.onupgradeneeded = () => opening.result.createObjectStore(store, { keyPath });
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        clearTimeout(silent);
        const change = opening.result.transaction(store, mode);
        const asked = ask(change.objectStore(store));
        change.oncomplete = () => {
          opening.result.close();
          resolve(asked && asked.result);
        };
        change.onabort = change.onerror = () => {
          opening.result.close();
          reject(change.error);
        };
      };
    });

  // At "back" a browser brings the words, but not the form's own key: with a fresh one, the same words
  // sent again would be another issue. With the key that they were sent with they count once, and
  // other words count as others. It leads to the ticket: whoever leaves a shared computer takes it along.
  /** @type {(form: HTMLFormElement) => HTMLInputElement | null} */
  const keyIn = (form) => /** @type {HTMLInputElement | null} */ (form.querySelector("[name=form_key]"));
  /** @type {(form: HTMLFormElement) => string} */
  const nameOf = (form) => `key ${new URL(form.action).pathname}`;
  /** @type {<T>(of: (tab: Storage) => T) => T | null} */
  const inTab = (of) => {
    try {
      return of(sessionStorage);
    } catch {
      return null; // forbidden: it is another issue then
    }
  };
  /** @type {(form: HTMLFormElement) => void} */
  const keepKey = (form) => {
    const key = keyIn(form);
    if (key) inTab((tab) => tab.setItem(nameOf(form), key.value));
  };
  const eraseKeys = () => inTab((tab) => tab.clear());
  const came = /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType("navigation")[0]);
  if (came && came.type === "back_forward") {
    for (const form of document.forms) {
      const key = keyIn(form);
      const kept = key && inTab((tab) => tab.getItem(nameOf(form)));
      if (key && kept) key.value = kept;
    }
  }

  // Photos of forms without a draft of their own (chosen.js), each lot by its id. Who knows the id keeps
  // the words beside it, and drops both.
  const inChosen = table("chosen", "photos", "id");
  /** @type {(id?: string) => Promise<unknown>} */
  const dropChosen = async (id) => id && inChosen("readwrite", (store) => store.delete(id)).catch(() => null);
  const eraseChosen = () => inChosen("readwrite", (store) => store.clear()).catch(() => null);

  return {
    inTab, keepKey, KEPT_DAYS, isOld, read, write, names, table, inChosen, dropChosen, eraseChosen, leave, mayKeep,
  };
})();
