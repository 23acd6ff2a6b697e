// Addresses of calendars as a phone's own calendar wants them, also where the page was made without
// knowing where it is reached.
{
  /** @param {string} chosen */
  const links = (chosen) => /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(chosen));
  for (const link of links("a[data-webcal]")) link.href = link.href.replace(/^https?:/, "webcal:");
  for (const link of links("a[data-address]")) link.textContent = link.href;
}
