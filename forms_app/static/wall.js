// Fetches the wall's newest counts in place: a reload that fails would leave an error page there.
const EVERY = 30000;

async function renew() {
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
  if (answer && answer.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
  } else {
    document.querySelector(".wall-stale").hidden = false;
  }
}

setInterval(renew, EVERY);
