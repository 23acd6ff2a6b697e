// Makes chosen photos smaller on the phone, lists them, and lets each be taken out again.
// Without it they go along as they were chosen; report.js sends those of the residents' form itself.
{
  const { _ } = Said;
  const { element } = Elements;
  const LONG_SIDE = 1600;
  const QUALITY = 0.8;
  const THUMB = 96;
  // Where a browser does not turn photos by itself, only the server can stand them upright.
  const turns = window.CSS && CSS.supports("image-orientation", "from-image");

  const newTransfer = () => {
    try {
      return new DataTransfer(); // puts made files into an input; older phones cannot
    } catch {
      return null;
    }
  };

  /** @type {(file: Blob) => Promise<string>} */
  const asUrl = (file) =>
    new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      reader.onerror = reject;
      reader.readAsDataURL(file);
    });

  /** @type {(file: Blob) => Promise<HTMLImageElement>} */
  const picture = (file) =>
    asUrl(file).then(
      (url) =>
        new Promise((resolve, reject) => {
          const image = new Image();
          image.onload = () => resolve(image);
          image.onerror = reject;
          image.src = url;
        })
    );

  /** @type {(image: HTMLImageElement, side: number) => HTMLCanvasElement} */
  const drawn = (image, side) => {
    const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas;
  };

  /** @type {(image: HTMLImageElement, file: Blob) => Promise<Blob>} */
  const smaller = (image, file) =>
    new Promise((resolve) => {
      if (!turns) resolve(file);
      else drawn(image, LONG_SIDE).toBlob((blob) => resolve(blob || file), "image/jpeg", QUALITY);
    });

  for (const field of /** @type {NodeListOf<PhotoField>} */ (document.querySelectorAll(".photo-field"))) {
    const form = /** @type {HTMLFormElement} */ (field.closest("form"));
    const inputs = /** @type {HTMLInputElement[]} */ ([...field.querySelectorAll("input[type=file]")]);
    const isReport = form.id === "report-form";
    const transfer = newTransfer();
    if (!transfer && !isReport) continue;
    const list = element("ul", "photo-chosen");
    field.append(list);
    field.classList.add("photo-live");
    field.chosen = [];
    const kept = () => field.querySelectorAll("[name=unwanted_photos]:not(:checked):not([type=hidden])").length;
    const changed = () => field.dispatchEvent(new Event("photoschange", { bubbles: true }));

    // One piece of work after another: two at once could end the browser, too.
    field.work = (begin) => {
      field.isWorking = true;
      const all = Promise.resolve(field.working).then(begin).then(() => {
        if (field.working === all) field.isWorking = false;
      });
      field.working = all;
      return all;
    };

    /** @type {(photo: Photo) => void} */
    const remove = (photo) => {
      field.chosen = field.chosen.filter((other) => other !== photo);
      photo.row.remove();
      if (photo.key) {
        const unwanted = element("input");
        unwanted.type = "hidden";
        unwanted.name = "unwanted_photos";
        unwanted.value = photo.key;
        field.append(unwanted);
      }
      changed();
      inputs[inputs.length - 1].focus();
    };

    // photo: {blob, name} and what report.js knows of it.
    field.show = (photo) => {
      field.chosen.push(photo);
      photo.row = element("li");
      photo.words = element("span", "photo-words", _("正在处理…"));
      const button = element("button", "btn btn-quiet", _("去掉"));
      button.type = "button";
      button.addEventListener("click", () => remove(photo));
      photo.row.append(photo.words, button);
      list.append(photo.row);
      return picture(photo.blob)
        .then((image) => {
          const thumb = drawn(image, THUMB);
          thumb.setAttribute("role", "img");
          thumb.setAttribute("aria-label", photo.name);
          photo.row.prepend(thumb);
          return photo.id ? photo.blob : smaller(image, photo.blob);
        })
        .catch(() => photo.blob) // whether it is a photo the server decides
        .then((blob) => {
          photo.blob = blob;
          photo.say(_("约%(kilobytes)s KB", { kilobytes: Math.max(1, Math.round(blob.size / 1024)) }));
        });
    };

    /** @type {(files: File[]) => Promise<void>} */
    const take = (files) => {
      // One after another: decoding several at once can end the browser on a small phone.
      const room = Number(field.dataset.most) - field.chosen.length - kept();
      if (files.length > room) alertBeside(_("一次最多%(most)s张，多的没有加进来。", { most: Number(field.dataset.most) }));
      return files.slice(0, Math.max(0, room)).reduce(
        (before, file) => before.then(() => field.show(withVoice({ blob: file, name: file.name }))),
        Promise.resolve()
      );
    };

    /** @type {(silent: KeptPhoto) => Photo} */
    const withVoice = (silent) => {
      const photo = /** @type {Photo} */ (silent);
      photo.say = (text, isWrong) => {
        photo.words.textContent = text;
        photo.words.classList.toggle("field-error", Boolean(isWrong));
      };
      return photo;
    };
    field.withVoice = withVoice;
    form.addEventListener("reset", () => {
      if (!field.chosen.length) return;
      for (const { row } of field.chosen) row.remove();
      field.chosen = [];
      changed();
    });

    /** @type {(text: string) => void} */
    const alertBeside = (text) => {
      const notice = element("p", "field-error", text);
      notice.setAttribute("role", "alert");
      field.append(notice);
      setTimeout(() => notice.remove(), 8000);
    };

    /** @type {(input: HTMLInputElement) => void} */
    const choose = (input) => {
      const files = [...(input.files || [])];
      input.value = "";
      field.work(() => take(files).then(changed));
    };
    for (const input of inputs) {
      input.addEventListener("change", () => choose(input));
      if (input.files && input.files.length) choose(input); // chosen before this script was there
    }
    if (transfer) {
      let isHeld = false;
      // Pressed before the last photo is ready: it goes along.
      field.send = (event) => {
        const button = /** @type {HTMLElement | null} */ (event.submitter); // old browsers do not tell
        if (!field.isWorking || !button) {
          fill();
          return;
        }
        event.preventDefault();
        event.stopImmediatePropagation();
        if (isHeld || !field.working) return;
        isHeld = true;
        field.working.then(() => {
          isHeld = false;
          button.click();
        });
      };
      const fill = () => {
        transfer.items.clear(); // a form may be sent again
        for (const photo of field.chosen) {
          transfer.items.add(new File([photo.blob], photo.name, { type: photo.blob.type }));
        }
        inputs[inputs.length - 1].files = transfer.files;
      };
      field.fill = fill;
      form.addEventListener("submit", field.send);
    }
  }
}
