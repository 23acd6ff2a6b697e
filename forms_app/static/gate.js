// Where a form brings a task along: this device does it while the page is read, in the place of the
// wait and the question, which stay where there is no worker, and come back where none answers.
{
  const LONGEST_SECONDS = 60;
  const gate = document.getElementById("gate");
  const form = gate && gate.closest("form");
  /** @type {(name: string) => HTMLElement} */
  const part = (name) => /** @type {HTMLElement} */ (document.querySelector(`[data-gate="${name}"]`));
  if (gate && form && window.Worker) {
    const { salt, target, most, worker: address } = gate.dataset;
    const worker = new Worker(address || "");
    /** @type {(is: "working" | "done" | "asked") => void} */
    const show = (is) => {
      for (const name of ["working", "done", "asked"]) part(name).hidden = name !== is;
    };
    let isPressed = false;
    // Before whatever else listens: whoever is quicker than their device is waited for.
    /** @type {(event: Event) => void} */
    const hold = (event) => {
      if (event.target !== form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      isPressed = true;
    };
    /** @type {(is: "done" | "asked") => void} */
    const letGo = (is) => {
      removeEventListener("submit", hold, true);
      clearTimeout(late);
      show(is);
      worker.terminate();
    };
    worker.onmessage = ({ data }) => {
      const proof = /** @type {HTMLInputElement} */ (form.elements.namedItem("gate_proof"));
      proof.value = String(data);
      letGo("done");
      if (isPressed) /** @type {HTMLElement} */ (gate.querySelector("button")).click();
    };
    worker.onerror = () => letGo("asked");
    addEventListener("submit", hold, true);
    const late = setTimeout(worker.onerror, LONGEST_SECONDS * 1000);
    show("working");
    worker.postMessage({ salt, target, most: Number(most) });
  }
}
