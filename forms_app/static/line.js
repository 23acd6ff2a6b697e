// Whether there is a line again. Browsers tell it late or, where they never saw that there was none,
// not at all: on Wi-Fi that leads nowhere, or on a page that was opened without a line.
const Line = (() => {
  const RETRY_SECONDS = 30;
  const SOON_SECONDS = 1;

  // Calls `retry` at every sign of a line, and every half minute without one. Whoever asked in vain
  // calls what is returned, and is called again: soon after a sign, then more and more rarely.
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

  return { onceBack };
})();
