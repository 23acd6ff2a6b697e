// Which estate somebody lives in: chosen once, kept on this device alone, and asked for by every
// page that needs it. How far everything is from there is fetched once a day, without any cookie.
const Estate = (() => {
  const { read, write } = Device;
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  // Several circles may live under one address: each keeps its own, under the path of its /near/.
  const NEAR = new URL("../near/", script.src).pathname;
  const KEY = `near ${NEAR}`;
  const WALKS = `${KEY} walks`;
  const A_DAY = 86400000;

  /** @type {() => { id: string, name: string } | null} */
  const mine = () => {
    const { id, name } = read(KEY) || {};
    return /^[a-z0-9][a-z0-9_-]*$/.test(id) && typeof name === "string" && name ? { id, name } : null;
  };
  /** @type {(id: string, name: string) => void} */
  const choose = (id, name) => {
    write(KEY, { id, name });
    write(WALKS, null);
  };
  const forget = () => {
    write(KEY, null);
    write(WALKS, null);
  };

  // What near/<estate>.json says of one's own; null where nothing is chosen or none can be had.
  /** @type {() => Promise<Walks | null>} */
  const walks = () => {
    const estate = mine();
    if (!estate) return Promise.resolve(null);
    const kept = read(WALKS);
    const isToday = kept && kept.id === estate.id && Math.abs(Date.now() - kept.at) < A_DAY;
    if (isToday) return Promise.resolve(kept.walks);
    return fetch(`${NEAR}${estate.id}.json`, { credentials: "omit" })
      .then((answer) => (answer.ok ? answer.json() : null))
      .catch(() => (kept && kept.id === estate.id ? kept.walks : null)) // no line, just now
      .then((found) => {
        const still = mine();
        if (!still || still.id !== estate.id) return null; // forgotten meanwhile
        if (found && found !== (kept || {}).walks) write(WALKS, { id: estate.id, at: Date.now(), walks: found });
        return found;
      });
  };

  return { NEAR, mine, choose, forget, walks };
})();
