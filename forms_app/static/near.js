// Remembers the estate whose page was opened last, in this browser alone; nothing is sent anywhere.
const opened = document.querySelector("[data-estate]");
const last = document.getElementById("near-last");

// Several circles may live under one address: each keeps its own, under the path of its /near/.
const near = opened ? "../" : last.querySelector("a").getAttribute("href");
const key = `near ${new URL(near, location.href).pathname}`;

function remember(estate) {
  try {
    localStorage.setItem(key, JSON.stringify(estate));
  } catch {
    // full or forbidden: then it is chosen again next time
  }
}

function remembered() {
  try {
    const { id, name } = JSON.parse(localStorage.getItem(key));
    return /^[a-z0-9][a-z0-9_-]*$/.test(id) && typeof name === "string" && name ? { id, name } : null;
  } catch {
    return null; // forbidden, nothing there, or not what we wrote
  }
}

function forget() {
  try {
    localStorage.removeItem(key);
  } catch {
    // forbidden: nothing was kept either
  }
  last.hidden = true;
}

function show({ id, name }) {
  const link = last.querySelector("a");
  last.querySelector("button").addEventListener("click", forget);
  link.textContent = `上次看的：${name}`;
  link.href = `${near}${id}/`;
  last.hidden = false;
}

if (opened) remember({ id: opened.dataset.estate, name: opened.dataset.estateName });
if (last) {
  const estate = remembered();
  const listed = [...document.querySelectorAll("[data-estate-id]")];
  if (estate && listed.length && !listed.some(({ dataset }) => dataset.estateId === estate.id)) {
    forget();
  } else if (estate) show(estate);
}
