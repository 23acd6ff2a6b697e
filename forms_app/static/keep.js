// Ways to keep a ticket, and what this phone remembers of its tickets until somebody erases it.
{
  const { _ } = Said;
  const { element, fill, button, tell } = Elements;
  const { read, write } = Device;
  const KEPT_DAYS = 90;
  const MOST = 20;

  const card = document.querySelector(".ticket-card");
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-code]"));
  const leave = document.querySelector("form[action$='issues/leave']");
  // Several circles may live under one address: each keeps its own.
  const root = new URL(card ? "./" : form ? form.action : location.href, location.href);
  const REMEMBERED = `tickets ${root.pathname}`;

  /** @type {() => RememberedTicket[]} */
  const remembered = () =>
    (read(REMEMBERED) || []).filter((/** @type {RememberedTicket} */ { at }) => Date.now() - at < KEPT_DAYS * 86400000);
  const erase = () => {
    write(REMEMBERED, null);
    Device.eraseChosen();
  };
  if (leave) leave.addEventListener("submit", erase);

  /** @type {(shown: HTMLElement) => void} */
  const keep = (shown) => {
    const ticket = shown.dataset.ticket || "";
    const [number, ...groups] = ticket.split("-");
    const address = `${root.href}#${ticket}`;
    const ways = /** @type {HTMLElement} */ (shown.querySelector(".ticket-ways"));
    const status = element("div");
    status.setAttribute("role", "status");
    status.hidden = true;

    /** @type {(text: string, done: string) => Promise<void>} */
    const copy = async (text, done) => {
      try {
        await navigator.clipboard.writeText(text);
        tell(status, "notice-ok", done);
      } catch {
        // Not over HTTPS, or not allowed: shown, to be copied by hand.
        tell(status, "", _("请长按下面的字复制："));
        const told = element("p", "told", text);
        told.translate = false;
        status.append(told);
      }
    };

    const picture = () => {
      const canvas = element("canvas");
      canvas.width = 720;
      canvas.height = 560;
      const pen = canvas.getContext("2d");
      if (!pen) return;
      /** @type {(text: string, y: number, size: number, face?: string) => void} */
      const line = (text, y, size, face = "sans-serif") => {
        pen.font = `bold ${size}px ${face}`;
        pen.fillText(text, 360, y, 680);
      };
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, 720, 560);
      pen.fillStyle = "#0d5546";
      pen.fillRect(0, 0, 720, 16);
      pen.textAlign = "center";
      line((document.querySelector(".brand span") || shown).textContent || "", 80, 34);
      pen.fillStyle = "#000";
      line(_("查询码"), 150, 30);
      line(number, 240, 84, "monospace");
      line(groups.join(" "), 340, 68, "monospace");
      line(_("凭它查进度、作评价，不要给别人看"), 430, 30);
      line(root.href, 490, 26);
      const link = element("a");
      link.href = canvas.toDataURL("image/png");
      link.download = `${number}.png`;
      link.click();
      const image = element("img");
      image.src = link.href;
      image.alt = _("查询码的图片");
      tell(status, "", _("图片在这里；没有自动存下来的话，长按它保存。"));
      status.append(image);
    };

    /** @type {Record<string, () => unknown>} */
    const does = {
      picture,
      copy: () => copy(ticket, _("查询码已经复制。")),
      link: () => copy(address, _("链接已经复制。只给自己用，不要发到群里。")),
      print: () => print(),
    };
    for (const way of /** @type {NodeListOf<HTMLElement>} */ (ways.querySelectorAll("[data-way]"))) {
      way.addEventListener("click", does[way.dataset.way || ""]);
      way.hidden = false;
    }
    ways.after(status);
    aloud(ways, [number, ...groups]);

    if (shown.dataset.reportTaken === undefined) return;
    const others = remembered().filter((one) => one.number !== number);
    if (!write(REMEMBERED, [{ number, ticket, at: Date.now() }, ...others].slice(0, MOST))) return;
    const words = element("p", "ticket-remembered", _("这部手机已经记住，点“查进度”就有。"));
    words.append(" ", button(_("擦掉这台手机上的记录"), () => {
      erase();
      fill(words, _("已经擦掉。请自己留好查询码。"));
    }, "btn btn-quiet"));
    shown.append(words);
  };

  // Its groups one after another, slowly; by a voice of the device itself, as aloud.js says.
  /** @type {(ways: HTMLElement, groups: string[]) => void} */
  const aloud = (ways, groups) => {
    const { lang, classList } = document.documentElement;
    if (!window.speechSynthesis || !classList.contains("elder") || !lang.startsWith("zh")) return;
    const voice = () => speechSynthesis.getVoices()
      .find((one) => one.localService && /^(zh|cmn)/i.test(one.lang));
    const say = button(_("念查询码"), () => {
      const spokenBy = voice();
      if (!spokenBy) return;
      speechSynthesis.cancel();
      for (const group of groups) {
        const spoken = new SpeechSynthesisUtterance(group.split("").join(" "));
        spoken.voice = spokenBy;
        spoken.lang = spokenBy.lang;
        spoken.rate = 0.7;
        speechSynthesis.speak(spoken);
      }
    });
    const offer = () => {
      if (voice()) ways.append(say);
    };
    offer();
    speechSynthesis.addEventListener("voiceschanged", offer); // some devices find their voices late
  };

  /** @type {(asks: HTMLFormElement) => void} */
  const list = (asks) => {
    const known = remembered();
    if (!known.length) return;
    for (const none of document.querySelectorAll("[data-none-kept]")) none.remove();
    // What this phone remembers stands above; it is not listed again because it was just looked at.
    for (const held of document.querySelectorAll("[data-held]")) {
      for (const one of held.querySelectorAll("li")) {
        const link = one.querySelector("a");
        if (link && known.some(({ number }) => link.pathname.endsWith(`/${number}`))) one.remove();
      }
      if (!held.querySelector("li")) held.remove();
    }
    // The server asks for a ticket; it does not know that this phone holds the one for the address.
    const asked = known.find(({ number }) => location.pathname.endsWith(`/${number}`));
    const refused = document.querySelector("main > .notice-warning > p");
    if (asked && refused) {
      refused.textContent = _("这台手机记得这件事，点下面的“问题 %(number)s”就能看。", { number: asked.number });
    }
    const place = element("section", "remembered");
    const items = known.map(({ number, ticket, at }) => {
      const item = element("li");
      const day = new Date(at);
      const words = _("问题 %(number)s，%(month)s月%(day)s日说的", { number, month: day.getMonth() + 1, day: day.getDate() });
      item.append(button(words, () => {
        const field = /** @type {HTMLInputElement} */ (asks.elements.namedItem(asks.dataset.code || ""));
        field.value = ticket;
        asks.submit();
      }));
      return item;
    });
    const all = element("ul", "cards");
    all.append(...items);
    place.append(element("h2", "", _("这台手机记住的事")), all);
    if (!leave) { // else the page's own button erases this, too
      const row = element("p", "button-row");
      row.append(button(_("擦掉这台手机上的记录"), () => {
        erase();
        place.remove();
      }));
      place.append(row);
    }
    asks.before(place);
  };

  if (card) keep(card);
  if (form) list(form);
}
