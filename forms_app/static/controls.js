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
  // An option that is offered no more is not chosen.
  /** @type {(one: Control, kept: any) => void} */
  const putInto = (one, kept) => {
    if (isChoice(one)) one.checked = Boolean(kept);
    else if (!(one instanceof HTMLSelectElement) || [...one.options].some((option) => option.value === kept)) one.value = kept;
  };

  return { controlsIn, namesIn, named, isChoice, valueIn, givenIn, putInto };
})();
