// A page that the browser kept is asked for again when somebody comes back to it: meanwhile its
// reader may have left, and somebody else holds the phone.
addEventListener("pageshow", (event) => {
  const came = /** @type {PerformanceNavigationTiming} */ (performance.getEntriesByType("navigation")[0]);
  if (event.persisted || (came && came.type === "back_forward")) location.reload();
});
