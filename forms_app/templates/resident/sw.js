// Tells a resident in their own browser that there is news. It holds no issue, keeps nothing, answers
// for no page, and what wakes it says nothing but that there is news: the page asks for the rest.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const SCOPE = {{ scope | tojson }};

worker.addEventListener("push", (event) => {
  event.waitUntil(
    worker.registration.showNotification({{ circle_name | tojson }}, {
      body: {{ words | tojson }},
      lang: {{ language_tag | tojson }},
      tag: "news", // a second one takes the place of the first
    })
  );
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    worker.clients.matchAll({ type: "window", includeUncontrolled: true })
      .then((open) => open.find(({ url }) => new URL(url).pathname.startsWith(SCOPE)))
      .then((page) => (page ? page.focus() : worker.clients.openWindow(SCOPE)))
  );
});
