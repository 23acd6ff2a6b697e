// Whether there is a line: asking for a page within a time, and again once it may be back. Browsers
// tell it late or, where they never saw that there was none, not at all: on Wi-Fi that leads nowhere,
// or on a page that was opened without a line.
const Line = (() => {
  const RETRY_SECONDS = 30;
  const SOON_SECONDS = 1;
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

  // Calls `retry` at every sign of a line, and every half minute without one. Whoever asked in vain
  // calls what is returned, and is called again: soon after a sign, then more and more rarely.
  /** @type {(retry: () => unknown) => () => void} */
  const onceBack = (retry) => {
    let seconds = SOON_SECONDS;
    let next = 0;
    const sign = () => {
      seconds = SOON_SECONDS;
      retry();
    };
    addEventListener("online", sign);
    addEventListener("focus", sign);
    document.addEventListener("visibilitychange", sign);
    if (navigator.connection) navigator.connection.onchange = sign;
    setInterval(retry, RETRY_SECONDS * 1000);
    return () => {
      if (seconds >= RETRY_SECONDS) return;
      clearTimeout(next);
      next = setTimeout(retry, seconds * 1000);
      seconds *= 1.3;
    };
  };

  return { LONGEST_UPLOAD_SECONDS, ask, onceBack };
})();
