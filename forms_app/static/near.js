// Remembers the estate whose page was opened last, in this browser alone; nothing is sent anywhere.
{
  const opened = document.querySelector("[data-estate]");
  const last = document.getElementById("near-last");
  const link = last && last.querySelector("a");

  // Several circles may live under one address: each keeps its own, under the path of its /near/.
  const near = (!opened && link && link.getAttribute("href")) || "../";
  const key = `near ${new URL(near, location.href).pathname}`;

  const remembered = () => {
    try {
      const { id, name } = JSON.parse(localStorage.getItem(key) || "null");
      return /^[a-z0-9][a-z0-9_-]*$/.test(id) && typeof name === "string" && name ? { id, name } : null;
    } catch {
      return null; // forbidden, nothing there, or not what we wrote
    }
  };

  if (opened) {
    try {
      localStorage.setItem(key, JSON.stringify({ id: opened.dataset.estate, name: opened.dataset.estateName }));
    } catch {
      // full or forbidden: then it is chosen again next time
    }
  }
  if (last && link) {
    const forget = () => {
      try {
        localStorage.removeItem(key);
      } catch {
        // forbidden: nothing was kept either
      }
      last.hidden = true;
    };
    const estate = remembered();
    const listed = [...document.querySelectorAll("[data-estate-id]")];
    if (estate && listed.length && !listed.some(({ dataset }) => dataset.estateId === estate.id)) forget();
    else if (estate) {
      for (const button of last.querySelectorAll("button")) button.addEventListener("click", forget);
      link.textContent = `上次看的：${estate.name}`;
      link.href = `${near}${estate.id}/`;
      last.hidden = false;
    }
  }

  // What is over today steps back; the page itself is made once a day.
  for (const activity of document.querySelectorAll("[data-until]")) {
    activity.classList.toggle("is-past", Date.parse(activity.dataset.until || "") < Date.now());
  }
}
