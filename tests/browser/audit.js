// What a page that is open looks like to its readers, each question answered in words; no words,
// nothing wrong. Loaded into pages by the tests alone.
const all = (selector) => [...document.querySelectorAll(selector)];
const box = (element) => element.getBoundingClientRect();
const words = (element) => (element.innerText || element.name || "").trim().replace(/\s+/g, " ");
const called = (element) =>
  `${element.tagName}.${element.getAttribute("class") || ""} ${words(element).slice(0, 12)}`;

// An elder reads every text at the contrast that others need for small print.
const SEVEN_TO_ONE = { id: "color-contrast-enhanced",
  options: { contrastRatio: { normal: { expected: 7 }, large: { expected: 7 } } } };

async function violations(runOnly, rules) {
  axe.configure({ checks: [SEVEN_TO_ONE], noHtml: true });
  const found = await axe.run(document, {
    preload: false, resultTypes: ["violations"], selectors: false, elementRef: true, runOnly, rules,
  });
  return found.violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map(
    (node) => `${id}: ${called(node.element)}: ${node.failureSummary.split("\n")[1] || ""}`));
}

function outOfView() {
  const { scrollWidth, clientWidth } = document.documentElement;
  const found = scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px too wide`] : [];
  for (const element of all("body *")) {
    const style = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(style.overflowX) && !element.matches("textarea, input")
      && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
    const named = element.matches("[role=region]:is([aria-label], [aria-labelledby])");
    if (scrolls && !(named && element.tabIndex === 0)) {
      found.push(`${called(element)} scrolls where no key reaches`);
    }
    const says = getComputedStyle(element, "::before").content !== "none";
    if (scrolls && innerWidth < 768 && element.matches(".table-scroll") && !says) {
      found.push(`${called(element)} scrolls and does not say so`);
    }
    // What is folded away has a box of its own in some browsers, somewhere.
    if (element.closest("details:not([open])") && !element.closest("summary")) continue;
    const { width, right } = box(element);
    if (width > 0 && right > innerWidth + 1 && style.position !== "absolute"
      && !element.closest(".table-scroll, .visually-hidden, svg")) {
      found.push(`${called(element)} sticks out`);
    }
  }
  return found;
}

// Links within a sentence are as high as their line, as WCAG 2.5.8 allows.
const TOUCHED = "button, .btn, .chip, input:not([type=hidden]), select, textarea, summary, " +
  "nav a, header a:not(.skip-link), footer a";

function tooSmall(smallest) {
  return all(TOUCHED).flatMap((element) => {
    const { width, height } = box(element.closest("label") || element);
    return width > 0 && height > 0 && Math.min(width, height) + 0.5 < smallest
      ? [`${called(element)} is ${Math.round(width)} by ${Math.round(height)}`] : [];
  });
}

// Every text of the elder version against the same text without it: the class is taken off and put
// back. Drawings are left out: their texts stand beside them. So are sheets of paper, which keep
// the proportions in which they are printed.
function elderText() {
  const root = document.documentElement;
  const texts = all("body *").filter((element) => !element.closest("svg, .visually-hidden, .leaf")
    && element.getClientRects().length
    && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  const sizes = () => texts.map((element) => parseFloat(getComputedStyle(element).fontSize));
  const large = sizes();
  root.classList.remove("elder");
  const usual = sizes();
  root.classList.add("elder");
  return texts.flatMap((element, place) => {
    const line = parseFloat(getComputedStyle(element).lineHeight) / large[place];
    return [
      ...(large[place] / usual[place] < 1.499
        ? [`${called(element)}: ${large[place]} px, usually ${usual[place]}`] : []),
      ...(line >= 1.499 ? [] : [`${called(element)}: lines of ${line.toFixed(2)}`]),
    ];
  });
}

// What a reader sees of the main part before anything is opened, in letters.
function letters() {
  const main = document.querySelector("main") ?? document.body;
  const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  let count = 0;
  while (walk.nextNode()) {
    const text = walk.currentNode;
    const shown = text.parentElement.checkVisibility({ visibilityProperty: true });
    const isRead = !text.parentElement.closest("script, style, option, .visually-hidden");
    if (shown && isRead) count += text.textContent.replace(/\s+/g, "").length;
  }
  return count;
}

function held() {
  const shown = (selector) => all(selector).find((one) => one.checkVisibility());
  const [head, field, bar] = [".site-header",
    "main :is(input:not([type=hidden]), textarea, select)", ".elder-hotline"].map(shown);
  const { scrollHeight, scrollWidth } = document.documentElement;
  return {
    length: Math.max(scrollHeight, document.body.scrollHeight),
    width: scrollWidth,
    letters: letters(),
    head: head ? box(head).height : null,
    field: field ? box(field).top : null,
    bar: bar ? box(bar).top : null,
  };
}

// Whatever scrolls the page: in the elder version not the window, but the page above the telephone.
function atThreePlaces(look) {
  const scrolls = (one) => one.scrollHeight > one.clientHeight
    && /auto|scroll/.test(getComputedStyle(one).overflowY);
  const scroller = scrolls(document.body) ? document.body : document.scrollingElement;
  const found = [0, 0.5, 1].flatMap((place) => {
    scroller.scrollTop = place * scroller.scrollHeight;
    return look(place);
  });
  scroller.scrollTop = 0;
  return found;
}

function hotlineOutOfSight() {
  const line = document.querySelector(".elder-hotline :is(a, summary)");
  if (!line) return ["no telephone number"];
  return atThreePlaces(() => {
    const { x, y, width, height } = box(line);
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    return line.contains(top) ? [] : ["the telephone number is out of sight"];
  });
}

// What can be seen of an element: its box, within every box that scrolls or cuts it off.
function inSight(element) {
  let { left, top, right, bottom } = box(element);
  for (let around = element.parentElement; around; around = around.parentElement) {
    const isCut = getComputedStyle(around).overflowY !== "visible";
    const edge = around === document.documentElement
      ? { left: 0, top: 0, right: innerWidth, bottom: innerHeight } : box(around);
    if (!isCut && around !== document.documentElement) continue;
    [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
    [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
  }
  return { left, top, right, bottom };
}

const LINE = 25; // of a field that is higher, browsers bring the line that is written in
// Nothing to press, to fill in or to write down lies under what stays in its place: wherever the page
// is scrolled to, and when the focus comes to it.
function underFixed() {
  const fixed = all("body *").filter((one) => one.getClientRects().length
    && /fixed|sticky/.test(getComputedStyle(one).position));
  const covered = (element, when) => fixed.filter((one) => !one.contains(element)).flatMap((one) => {
    const [seen, over] = [inSight(element), box(one)];
    const wide = Math.min(seen.right, over.right) - Math.max(seen.left, over.left);
    const high = Math.min(seen.bottom, over.bottom) - Math.max(seen.top, over.top);
    return wide > 1 && high > 1 && seen.right > seen.left && seen.bottom > seen.top
      ? [`${called(element)} is under ${called(one)} ${when}`] : [];
  });
  const watched = all(`${TOUCHED}, .ticket`).filter((one) => one.checkVisibility()
    && !fixed.some((bar) => bar.contains(one)));
  return [
    ...atThreePlaces((place) => watched.flatMap((one) => covered(one, `at ${place} of the page`))),
    ...watched.filter((one) => !one.matches(".ticket")).flatMap((one) => {
      one.focus();
      const seen = inSight(one);
      const isSeen = seen.bottom - seen.top >= Math.min(box(one).height, LINE) - 1;
      const gone = isSeen || one.matches("[disabled]") ? [] : [`${called(one)} has the focus out of sight`];
      return [...gone, ...covered(one, "when it has the focus")];
    }),
    ...atThreePlaces(() => []),
  ];
}

// The ticket is on the first screen, whole.
function ticketBelow() {
  return all(".ticket").flatMap((one) => {
    const [seen, whole] = [inSight(one), box(one)];
    return seen.bottom < whole.bottom ? [`the ticket ends at ${whole.bottom}, sight at ${seen.bottom}`] : [];
  });
}

function lostErrors() {
  return all(".error-summary[id]").flatMap((summary) => [
    ...(document.activeElement === summary ? [] : ["the errors do not have the focus"]),
    ...[...summary.querySelectorAll("a")].filter(({ hash }) =>
      !document.querySelector(hash)?.matches("input, select, textarea, fieldset")
    ).map(({ hash }) => `${hash} is no field`),
  ]);
}

globalThis.audit = { violations, outOfView, tooSmall, elderText, held, hotlineOutOfSight, underFixed,
  ticketBelow, lostErrors };
