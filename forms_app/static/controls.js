// What stands in the controls of a form, and what its page came with.
const Controls = (() => {
  // What the form needs for itself, and photos, which are kept otherwise.
  const OTHERS = ["csrf_token", "form_key", "photos", "unwanted_photos", "website", "gate", "gate_proof", "gate_answer"];
  /** @type {(form: HTMLFormElement) => Control[]} */
  const controlsIn = (form) => /** @type {Control[]} */ ([...form.elements]);
  /** @type {(form: HTMLFormElement) => string[]} */
  const namesIn = (form) =>
    [...new Set(controlsIn(form).map((one) => one.name))].filter((name) => name && !OTHERS.includes(name));
  /** @type {(form: HTMLFormElement, name: string) => Control} */
  const named = (form, name) => /** @type {Control} */ (form.elements.namedItem(name));

  /** @param {Control} one @returns {one is Choice} */
  const isChoice = (one) => one.type === "checkbox" || one.type === "radio";
  /** @type {(one: Control) => string | boolean} */
  const valueIn = (one) => (isChoice(one) ? one.checked : one.value);
  // Several of one name that exclude each other: what the chosen one says.
  /** @type {(all: RadioNodeList, state: "checked" | "defaultChecked") => string} */
  const radioIn = (all, state) => {
    const found = /** @type {HTMLInputElement[]} */ ([...all]).find((one) => one[state]);
    return found ? found.value : "";
  };
  // Scripts come after the page, and somebody may be writing already.
  /** @type {(one: Control) => string | boolean} */
  const givenIn = (one) => {
    if (one instanceof RadioNodeList) return radioIn(one, "defaultChecked");
    if (isChoice(one)) return one.defaultChecked;
    if (!(one instanceof HTMLSelectElement)) return one.defaultValue;
    const chosen = [...one.options].find((option) => option.defaultSelected) || one.options[0];
    return chosen ? chosen.value : "";
  };
  // Words that somebody writes already go behind those that they wrote before.
  /** @type {(kept: unknown, written: unknown) => string} */
  const joined = (kept, written) => {
    const [before, after] = [kept, written].map((words) => String(words || "").trim());
    if (before.includes(after)) return before;
    return after.includes(before) ? after : `${before}\n${after}`;
  };
  // An option that is offered no more is not chosen.
  /** @type {(one: Control, kept: any) => void} */
  const putInto = (one, kept) => {
    if (isChoice(one)) one.checked = Boolean(kept);
    else if (!(one instanceof HTMLSelectElement) || [...one.options].some((option) => option.value === kept)) one.value = kept;
  };

  // Puts in what was kept; what somebody has chosen or filled in meanwhile stays.
  /** @type {(one: Control, kept: any) => void} */
  const bringInto = (one, kept) => {
    const [written, given] = [valueIn(one), givenIn(one)];
    if (written === given) putInto(one, kept);
    else if (one instanceof HTMLTextAreaElement) one.value = joined(kept, written);
  };
  // Whoever pressed before what was kept came in has not seen it: they look, and press again. What
  // a script presses for them is not taken.
  /** @type {(form: HTMLFormElement, said: HTMLElement) => void} */
  const askAgain = (form, said) => {
    /** @type {(event: Event) => void} */
    const look = (event) => {
      form.removeEventListener("click", look, true);
      if (event.isTrusted) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      said.scrollIntoView({ block: "nearest" });
    };
    form.addEventListener("click", look, true);
  };

  return { controlsIn, namesIn, named, isChoice, valueIn, givenIn, joined, bringInto, askAgain, putInto };
})();
