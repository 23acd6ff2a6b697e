// A ticket or code in a link stands behind "#", where no server and no log sees it; this sends it
// by form, in the field that the form names.
{
  const readHash = () => {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return ""; // a link that was cut in the middle of a letter
    }
  };
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-code]"));
  const code = readHash();
  if (form && /^[0-9A-Za-z -]{16,40}$/.test(code)) {
    history.replaceState(null, "", location.pathname);
    const field = form.elements.namedItem(form.dataset.code || "");
    /** @type {HTMLInputElement} */ (field).value = code;
    if (form.requestSubmit) form.requestSubmit();
    else form.submit(); // a browser of 2019
  }
}
