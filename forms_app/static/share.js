// Tells a neighbour of the activity that is open, by whatever the phone shares with; where it has
// nothing for that, the address is copied. Nobody else learns of it. What the page has for the same
// without a script is not needed then.
for (const press of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-share]"))) {
  const told = { text: press.dataset.share || "", url: location.href.split("#")[0] };
  const copied = press.dataset.copied || "";
  if (!navigator.share && !navigator.clipboard) continue; // no secure line, or an old browser
  press.hidden = false;
  for (const fold of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".invite"))) fold.hidden = true;
  press.addEventListener("click", async () => {
    try {
      if (navigator.share) {
        await navigator.share(told);
      } else {
        await navigator.clipboard.writeText(`${told.text} ${told.url}`);
        press.textContent = copied;
      }
    } catch {
      // Whoever turned back, or a browser that forbids it: the page stays as it was.
    }
  });
}
