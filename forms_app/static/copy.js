// Copies what a button names, where the browser lets pages copy; without it the words are marked whole
// by one press on them, to copy by hand.
{
  const { _ } = Said;
  for (const press of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copies]"))) {
    const what = document.getElementById(press.dataset.copies || "");
    if (!what || !navigator.clipboard) continue; // no secure line, or an old browser
    const words = press.textContent;
    press.hidden = false;
    press.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(what.textContent.trim());
        press.textContent = _("已复制");
      } catch {
        press.textContent = _("没能复制，请长按选中");
      }
      setTimeout(() => {
        press.textContent = words;
      }, 3000);
    });
  }
}
