// Whether there is a line: asking for a page within a time, and trying again once it may be back.
const Line = (() => {
  const RETRY_SECONDS = 30;
  const LONGEST_SECONDS = 20;
  const LONGEST_UPLOAD_SECONDS = 180;

  // {answer, page}. Throws where none has come whole in that time.
  /** @type {(address: string, options?: RequestInit, longest?: number) => Promise<{answer: Response, page: Document}>} */
  const ask = async (address, options = {}, longest = LONGEST_SECONDS) => {
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), longest * 1000);
    try {
      const answer = await fetch(address, { cache: "no-store", signal: stop.signal, ...options });
      return { answer, page: new DOMParser().parseFromString(await answer.text(), "text/html") };
    } finally {
      clearTimeout(late);
    }
  };

  /** @type {(retry: () => unknown) => void} */
  const onceBack = (retry) => {
    addEventListener("online", retry);
    document.addEventListener("visibilitychange", retry);
    setInterval(retry, RETRY_SECONDS * 1000);
  };

  return { LONGEST_UPLOAD_SECONDS, ask, onceBack };
})();
