// The pages of the site, for somebody who has chosen an estate: how far everything is from there, and
// what of today is near. What the pages say about that, they bring along (`data-words`).
{
  const { NEAR, mine, choose, forget, walks } = Estate;
  const A_WEEK = 7 * 86400000; // milliseconds
  const bar = document.querySelector(".my-estate");
  /** @type {Record<string, string>} */
  const words = bar ? JSON.parse(bar.dataset.words || "{}") : {};
  const opened = document.querySelector("h1[data-estate]");
  const listed = [...document.querySelectorAll("[data-estate-id]")];

  for (const link of listed) {
    link.addEventListener("click", () => choose(link.dataset.estateId || "", link.textContent || ""));
  }
  const stored = mine();
  if (stored && listed.length && !listed.some(({ dataset }) => dataset.estateId === stored.id)) forget();

  // How to walk from the estate, as near/<estate>.json has it: when each gate is open, in minutes of
  // the day, and for each venue the ways that are not too long, the best first.
  /** @type {(ways: Way[], gates: number[][][], at: string) => Way | undefined} */
  const best = (ways, gates, at) => {
    const [hours, minutes] = at.split(":").map(Number);
    const minute = 60 * hours + minutes;
    return ways.find(([gate]) => {
      const spans = gates[gate];
      return !at || !spans.length || spans.some(([from, to]) => from <= minute && minute < to);
    });
  };
  /** @type {(way: Way | undefined, isOneOfSeveral: boolean) => string} */
  const said = (way, isOneOfSeveral) => {
    if (!way) return words.beyond;
    const [, minutes, basis, stairs] = way;
    const walk = `${isOneOfSeveral ? words.nearest : ""}${words[basis].replace("%m", String(minutes))}`;
    return stairs ? `${walk}${words.stairs.replace("%n", String(stairs))}` : walk;
  };

  /** @type {(walks: Walks | null) => void} */
  const tell = (known) => {
    if (!known || !known.ways) return; // no line, or no gate of the estate is registered
    const { gates, ways } = known;
    for (const place of document.querySelectorAll("[data-walk]")) {
      const venues = (place.dataset.walk || "").split(" ");
      const found = venues
        .map((venue) => best(ways[venue] || [], gates, place.dataset.at || ""))
        .sort((one, other) => (one ? one[4] : 1e9) - (other ? other[4] : 1e9))[0];
      for (const told of place.querySelectorAll(".walk")) told.remove(); // asked for twice
      const walk = document.createElement("span");
      walk.className = found ? "walk" : "walk walk-far";
      walk.textContent = said(found, venues.length > 1);
      place.append(walk);
      const whole = place.closest("[data-near]");
      if (whole) whole.classList.toggle("is-far", !found);
    }
    // What is too far steps back, unless there is nothing else.
    for (const list of document.querySelectorAll("[data-far]")) {
      const far = list.querySelectorAll(".is-far:not(.is-past)").length;
      const near = list.querySelectorAll("[data-near]:not(.is-far):not(.is-past)").length;
      list.classList.toggle("hides-far", near > 0);
      // What is near may stand among what is folded away.
      for (const fold of list.querySelectorAll("details")) fold.open = near > 0;
      const note = list.nextElementSibling;
      if (!(note instanceof HTMLElement) || !note.matches(".far-note") || !far) continue;
      note.textContent = ((near ? note.dataset.others : note.dataset.none) || "").replace("%n", String(far));
      note.hidden = false;
    }
  };

  const show = () => {
    if (!bar) return;
    const estate = mine();
    const [choosing, chosen] = /** @type {HTMLElement[]} */ ([...bar.children]);
    choosing.hidden = Boolean(estate);
    chosen.hidden = !estate;
    // Whoever only looks at a page does not live there yet.
    const settle = bar.querySelector("[data-choose]");
    if (settle && opened) settle.hidden = estate !== null && estate.id === opened.dataset.estate;
    if (!estate) return;
    const link = chosen.querySelector("a");
    if (link) {
      link.textContent = estate.name;
      link.href = `${NEAR}${estate.id}/`;
    }
    if (document.querySelector("[data-walk]")) walks().then(tell);
  };
  if (bar) {
    for (const button of bar.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        if (button.dataset.choose !== undefined && opened) {
          choose(opened.dataset.estate || "", opened.dataset.estateName || "");
        } else {
          forget();
          for (const walk of document.querySelectorAll(".walk")) walk.remove();
          for (const note of document.querySelectorAll(".far-note")) note.hidden = true;
          for (const one of document.querySelectorAll(".hides-far, .is-far")) one.classList.remove("hides-far", "is-far");
        }
        show();
      });
    }
  }

  // What is over today steps back; the page itself is made once a day. To a phone whose clock is a year
  // ahead nothing is over.
  for (const activity of document.querySelectorAll("[data-until]")) {
    const overFor = Date.now() - Date.parse(activity.dataset.until || "");
    const isOver = overFor > 0 && overFor < A_WEEK;
    activity.classList.toggle("is-past", isOver);
    for (const told of activity.querySelectorAll("[data-over]")) told.hidden = !isOver;
    for (const told of isOver ? activity.querySelectorAll("[data-coming]") : []) told.hidden = true;
  }
  // Where all that stands open is over, the rest is opened.
  for (const fold of document.querySelectorAll("details")) {
    const shown = fold.previousElementSibling;
    if (shown && shown.matches(".acts") && !shown.querySelector(".act:not(.is-past)")) fold.open = true;
  }
  show();
}
