// Lets a grid worker write a report down where there is no line. It is asked for at every page.
//
// What it keeps: one page, /staff/offline, which is an empty form without any session, in the
// language of who asked for the worker, and the static files that this page names. What it never
// keeps: a case, the board, the register, a photo, a receipt or anything else that was sent for
// somebody who is signed in. Those pages stay "no-store": the phone may be lent, lost, or shared.
// Reports and drafts that were not sent yet are kept by the pages (static/kept.js), and erased at
// sign-out.
//
// Versions: its files stand below with digests of their content, so that a change of any of them is
// a new worker. It takes in only files that have those digests: a half-deployed server is tried
// again later. A new worker waits beside the old one as long as more than one page of ours is open,
// so that no open page loses its files; pages themselves always come from the server first, and the
// newest are shown wherever there is a line. What an old form sends is read like any other form; if
// it lacks something, the newest form opens with what was typed.
//
// The way back: where this address answers 404 or 410, the worker clears its files and ends.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = {{ scope | tojson }};
/** @type {Record<string, string>} */
const FILES = {{ files | tojson }};
const SHELL = {{ form | tojson }};
// Several circles may live under one address: each keeps its own.
const OURS = `staff ${SCOPE} `;
const CACHE = OURS + FILES[SHELL];

const ASK_AGAIN_SECONDS = 600;

/** @type {(bytes: ArrayBuffer) => string} */
const hex = (bytes) => [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

/** @type {(cache: Cache, address: string) => Promise<void>} */
async function takeIn(cache, address) {
  // Without cookies: whoever is signed in, the page is nobody's.
  const answer = await fetch(address, { cache: "reload", credentials: "omit" });
  const content = await answer.clone().arrayBuffer();
  const digest = hex(await crypto.subtle.digest("SHA-256", content));
  if (!answer.ok || !digest.startsWith(FILES[address])) throw new Error(`${address} is of another version`);
  await cache.put(address, answer);
}

/** @type {(isOld: (name: string) => boolean) => Promise<void>} */
async function forget(isOld) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && isOld(name)).map((name) => caches.delete(name)));
}

let asked = 0;

async function endIfGone() {
  if (Date.now() - asked < ASK_AGAIN_SECONDS * 1000) return;
  asked = Date.now();
  try {
    const { status } = await fetch(worker.location.href, { method: "HEAD", cache: "no-store" });
    if (status !== 404 && status !== 410) return;
  } catch {
    asked = 0; // no line: at the next page again
    return;
  }
  await forget(() => true);
  await worker.registration.unregister();
}

/** @type {(address: string) => Promise<Response | null>} */
async function kept(address) {
  // Not opened: that would make the cache anew where it was just cleared.
  return (await caches.match(address, { cacheName: CACHE })) || null;
}

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(Object.keys(FILES).map((one) => takeIn(cache, one)))));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forget((name) => name !== CACHE));
});

worker.addEventListener("message", (event) => {
  if (event.data !== "take over") return;
  event.waitUntil(
    worker.clients.matchAll({ type: "window", includeUncontrolled: true })
      .then((open) => open.filter(({ url }) => new URL(url).pathname.startsWith(SCOPE)))
      .then((open) => (open.length <= 1 ? worker.skipWaiting() : undefined))
  );
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await kept(SHELL)) || Response.error()));
    event.waitUntil(endIfGone());
  } else if (pathname + search !== SHELL && pathname + search in FILES) {
    event.respondWith(kept(pathname + search).then((file) => file || fetch(request)));
  }
});
