// Fetches the wall's newest counts in place: a reload that fails would leave an error page there.
{
  const EVERY = 30000;

  const renew = async () => {
    let answer;
    try {
      answer = await fetch(location.href, { cache: "no-store", redirect: "manual" });
    } catch {
      answer = null; // no way to the server: what stands there stays, and says so
    }
    if (answer && answer.type === "opaqueredirect") {
      location.reload(); // the session is over: the sign-in page stands there
      return;
    }
    const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const [shown, newest] = [document, page].map((one) => one && one.querySelector("main"));
    const stale = document.querySelector(".wall-stale");
    if (shown && newest) shown.replaceWith(newest);
    else if (stale) stale.hidden = false;
  };

  setInterval(renew, EVERY);
}
