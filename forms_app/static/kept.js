// What staff wrote and could not send yet: kept on this device alone, listed on the board, sent once
// when there is a line, and erased at sign-out; what was never finished, after seven days. It also
// brings the worker (see there why nothing else is kept). Without it every form is sent as any other.
const Kept = (() => {
  const { _ } = Said;
  const { element, fill, button, link, tell } = Elements;
  const { KEPT_DAYS, isOld, read, write, names, table, dropChosen, mayKeep } = Device;
  const { ask, onceBack, LONGEST_UPLOAD_SECONDS } = Line;
  const meta = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=staff]"));
  const ROOT = meta.content;
  const NEW = `${ROOT}issues/new`;
  const WHO = `staff who ${ROOT}`;
  const MOVES = `staff move ${ROOT}`;
  const SEEN = `staff seen ${ROOT}`; // which issues a board showed
  // A page that is kept for everybody is drawn in neither version.
  if (/(^|; )elder=1(;|$)/.test(document.cookie)) document.documentElement.classList.add("elder");

  // Whose phone it is right now. A page that was kept by the worker does not know.
  /** @type {() => Reader} */
  const who = () => read(WHO) || {};
  /** @type {(meta: DOMStringMap) => void} */
  const meet = ({ owner, community, opines }) => {
    if (owner) write(WHO, { owner, community, opines: opines !== undefined });
  };
  meet(meta.dataset);

  const inReports = table(`staff ${ROOT}`, "reports", "form_key");
  // A report: {form_key, owner, saved_at, written_at, fields [[name, value]], photos [{name, blob}],
  // state, tried, posted, number, wrong}; times in milliseconds of this device. States: draft (being
  // written), waiting (for a line), refused (something is to be mended), sent (its receipt, which
  // alone shows the ticket, was not looked at yet).
  /** @type {(report: StaffReport) => Promise<unknown>} */
  const put = (report) => (mayKeep() ? inReports("readwrite", (store) => store.put(report)) : Promise.resolve());
  /** @type {(key: string) => Promise<unknown>} */
  const drop = (key) => inReports("readwrite", (store) => store.delete(key));
  /** @type {(key: string) => Promise<StaffReport | undefined>} */
  const get = (key) => inReports("readonly", (store) => store.get(key));
  /** @type {() => Promise<StaffReport[]>} */
  const everybodys = async () => {
    try {
      return (await inReports("readonly", (store) => store.getAll())) || [];
    } catch {
      return []; // forbidden: nothing was kept either
    }
  };
  // What was written when nobody was signed in belongs to whoever sends it.
  /** @type {(report: StaffReport) => boolean} */
  const isMine = ({ owner }) => !owner || owner === who().owner;
  const mine = async () => (await everybodys()).filter(isMine);

  const eraseAll = async () => {
    const left = Device.leave();
    for (const name of [...names(MOVES), ...names(SEEN)]) write(name, null);
    write(WHO, null);
    await left;
    try {
      await inReports("readwrite", (store) => store.clear());
    } catch {
      // forbidden: nothing was kept either
    }
  };
  /** @type {(name: string) => void} */
  const dropMove = (name) => {
    dropChosen((read(name) || {}).photos);
    write(name, null);
  };
  const eraseOld = async () => {
    for (const name of names(MOVES)) if (isOld((read(name) || {}).saved_at)) dropMove(name);
    // What waits to be sent, or to be mended, is not thrown away unasked.
    for (const { form_key: key, saved_at: at, state } of await everybodys()) {
      if (isOld(at) && ["draft", "sent"].includes(state)) await drop(key);
    }
  };

  // A page of the form, asked for anew, shows that there is a line, who is signed in, and what time
  // it really is: {csrf, owner, ahead_ms}. Throws "login" where the session is over.
  const line = async () => {
    const { answer, page } = await ask(NEW);
    if (answer.redirected && new URL(answer.url).pathname === `${ROOT}login`) throw "login";
    if (answer.status === 403) throw _("这个账号不能代为登记。");
    const csrf = /** @type {HTMLInputElement | null} */ (page.querySelector("#collect-form [name=csrf_token]"));
    if (!answer.ok || !csrf) throw new Error("no line"); // a hotel's own page, say
    const server = Date.parse(answer.headers.get("Date") || "");
    const ahead = Number.isNaN(server) ? 0 : Date.now() - server;
    const there = /** @type {HTMLMetaElement} */ (page.querySelector("meta[name=staff]")).dataset;
    if (!who().owner) meet(there);
    return { csrf: csrf.value, owner: there.owner, ahead_ms: ahead };
  };

  // A moment as the form takes it: in China's time, whatever the device is set to.
  /** @type {(milliseconds: number) => string} */
  const chinaTime = (milliseconds) => new Date(milliseconds + 8 * 3600000).toISOString().slice(0, 19);

  // When it was told: the moment it was written down, by the server's clock. Fixed before it is sent
  // for the first time, or the same report sent again would be another one.
  /** @type {(report: StaffReport, ahead: number) => void} */
  const fixTime = (report, ahead) => {
    if (report.tried || report.posted) return;
    const told = chinaTime(report.written_at - ahead);
    const given = Object.fromEntries(report.fields);
    /** @type {(name: string) => void} */
    const tellTime = (name) => {
      report.fields = report.fields.map((field) => (field[0] === name ? [name, told] : field));
    };
    if (!given.received_at) tellTime("received_at");
    if (given.initial_opinion && !given.opined_at) tellTime("opined_at");
  };

  /** @type {(report: StaffReport, csrf: string) => FormData} */
  const bodyOf = (report, csrf) => {
    const body = new FormData();
    body.append("csrf_token", csrf);
    body.append("form_key", report.form_key);
    for (const [name, value] of report.fields) body.append(name, value);
    for (const { name, blob } of report.photos) body.append("photos", blob, name);
    return body;
  };

  /** @type {(report: StaffReport, csrf: string, ahead: number) => Promise<void>} */
  const sendOne = async (report, csrf, ahead) => {
    fixTime(report, ahead);
    report.tried = true;
    await put(report);
    const sent = { method: "POST", body: bodyOf(report, csrf) };
    const { answer, page } = await ask(NEW, sent, LONGEST_UPLOAD_SECONDS);
    if (answer.status === 401) throw "login";
    const taken = page.querySelector("[data-taken]");
    if (answer.ok && taken) {
      // However long it waited, its receipt is kept as long as any from now on.
      Object.assign(report, { state: "sent", number: taken.dataset.number, photos: [], saved_at: Date.now() });
    } else if (answer.status >= 400 && answer.status < 500) {
      const said = [...page.querySelectorAll(".error-summary li")].map((one) => one.textContent);
      const heading = page.querySelector("h1");
      const wrong = said.join(_("；")) || (heading ? heading.textContent : _("没有收下"));
      Object.assign(report, { state: "refused", wrong });
    } else throw new Error("no answer");
    await put(report);
  };

  let sending = false;
  let stopped = ""; // why nothing is sent: "login", "line", or a sentence
  let drawn = ""; // what the page says of it
  // Tried unasked and in vain, the page is not drawn anew: somebody may be about to press a button.
  const sendAll = async () => {
    if (sending || document.hidden) return;
    const waiting = (await mine()).filter(({ state }) => state === "waiting");
    if (sending || !waiting.length) return; // sending: two signs of a line may come at once
    sending = true;
    if (!stopped) await draw();
    let found = null;
    try {
      found = await line();
      // Somebody else has signed in: what they did not write is not sent in their name.
      if (found.owner !== who().owner) throw _("这台手机上换了别的账号，请重新打开这一页。");
      stopped = "";
      await draw();
      for (const { form_key: key } of waiting) {
        const report = await get(key); // it may be erased while others are sent
        if (report && report.state === "waiting") await sendOne(report, found.csrf, found.ahead_ms);
      }
    } catch (wrong) {
      stopped = typeof wrong === "string" ? wrong : "line";
      if (!found) again();
    }
    sending = false;
    if (found || drawn !== stopped) await draw();
  };
  const sendNow = () => {
    stopped = "";
    draw();
    sendAll();
  };
  const again = onceBack(sendAll);

  // The form again, as a page: for what is to be mended, and for the receipt of what was taken.
  /** @type {(report: StaffReport, place: HTMLElement) => Promise<void>} */
  const open = async (report, place) => {
    let found;
    try {
      found = await line();
    } catch (wrong) {
      if (wrong === "login") location.assign(loginAddress());
      else tell(place, "notice-warning", _("现在连不上网络，请过一会儿再试。"));
      return;
    }
    const form = element("form");
    form.method = "post";
    form.action = NEW;
    form.hidden = true;
    for (const [name, value] of [["csrf_token", found.csrf], ["form_key", report.form_key], ...report.fields]) {
      const field = element("textarea"); // keeps line breaks
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  };

  const loginAddress = () => `${ROOT}login?next=${encodeURIComponent("/staff/offline")}`;
  /** @type {(at: number) => string} */
  const clock = (at) =>
    new Intl.DateTimeFormat(document.documentElement.lang, {
      timeZone: "Asia/Shanghai", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit",
    }).format(at);
  /** @type {(report: StaffReport) => string} */
  const saying = ({ fields }) => {
    const text = (fields.find(([name]) => name === "description") || ["", ""])[1].trim();
    return text.length > 20 ? `${text.slice(0, 20)}…` : text || _("（还没写内容）");
  };
  const STATES = { draft: _("没写完"), waiting: _("等着交上去"), refused: _("没有收下"), sent: _("已经交上去") };

  /** @type {(report: StaffReport, place: HTMLElement) => HTMLLIElement} */
  const row = (report, place) => {
    const item = element("li");
    const photos = report.photos.length ? _("，%(count)s张照片", { count: report.photos.length }) : "";
    item.append(element("strong", "", STATES[report.state]), ` ${clock(report.written_at || report.saved_at)}　${saying(report)}${photos}`);
    if (report.state === "sent") item.append(_("，编号 %(number)s", { number: report.number || "" }));
    if (report.wrong && report.state === "refused") item.append(element("p", "field-error", report.wrong));
    const buttons = element("p", "button-row");
    if (report.state === "sent") buttons.append(button(_("看回执"), () => open(report, place)));
    if (report.state === "refused") buttons.append(button(_("打开来改"), () => open(report, place)));
    if (report.state === "draft" || (report.state === "waiting" && !report.tried)) {
      buttons.append(button(report.state === "draft" ? _("接着写") : _("拿回来改"), () => {
        location.assign(`${ROOT}offline#${report.form_key}`);
        if (location.pathname === `${ROOT}offline`) location.reload();
      }));
    }
    buttons.append(button(_("擦掉"), () => {
      const words = report.state === "sent" ? _("回执不看了？查询码只在回执上。") : _("真的擦掉？擦掉就找不回来了。");
      tell(place, "notice-warning", words, button(_("擦掉"), async () => {
        await drop(report.form_key);
        place.hidden = true;
        await draw();
      }), button(_("留着"), () => {
        place.hidden = true;
      }));
    }, "btn btn-quiet"));
    item.append(buttons);
    return item;
  };

  // Made once: a screen reader tells what changes in them.
  /** @type {(section: HTMLElement) => HTMLCollectionOf<HTMLElement>} */
  const partsOf = (section) => {
    if (!section.children.length) {
      section.append(element("h2"), element("div"), element("div"), element("ul"), element("div"));
      for (const place of [...section.querySelectorAll("div")].slice(0, 2)) {
        place.hidden = true;
        place.setAttribute("role", "status");
      }
    }
    return /** @type {HTMLCollectionOf<HTMLElement>} */ (section.children);
  };

  const draw = async () => {
    const section = document.querySelector("[data-unsent]");
    if (!section) return;
    const shown = section.dataset.current;
    const all = await everybodys();
    const own = all.filter((report) => isMine(report) && report.form_key !== shown);
    const others = all.filter((report) => !isMine(report));
    section.hidden = !own.length && !others.length;
    const waiting = own.filter(({ state }) => state === "waiting").length;
    const [title, said, question, list, foot] = partsOf(section);
    title.textContent = waiting ? _("等着交上去：%(count)s", { count: waiting }) : _("这台手机上的登记");
    said.hidden = true;
    drawn = stopped || (sending ? "sending" : "");
    if (drawn === "sending") tell(said, "", _("正在交，请稍等…"));
    else if (waiting && stopped === "login") tell(said, "notice-warning", _("登录过期了。重新登录后会自动交上去，写的都还在。"), link(_("去登录"), loginAddress()));
    else if (waiting && stopped === "line") tell(said, "notice-warning", _("现在连不上网络，有了网络会自动交上去。不用一直开着，下次打开时也会交。着急请打值班电话。"), button(_("现在再试"), sendNow));
    else if (waiting && stopped) tell(said, "notice-error", stopped);
    fill(list, ...own.map((report) => row(report, question)));
    fill(foot);
    if (own.length) foot.append(element("p", "field-hint", _("只存在这台手机上。没写完的最多存%(days)s天，等着交的存到交上去；退出时全部擦掉。", { days: KEPT_DAYS })));
    if (others.length) {
      const words = element("p", "field-hint", _("还有%(count)s件是别的账号在这台手机上写的，要那个账号登录才能交。", { count: others.length }));
      words.append(button(_("擦掉它们"), () => {
        tell(question, "notice-warning", _("别的账号写的%(count)s件，真的擦掉？", { count: others.length }), button(_("擦掉"), async () => {
          for (const report of others) await drop(report.form_key);
          question.hidden = true;
          await draw();
        }));
      }, "btn btn-quiet"));
      foot.append(words);
    }
  };

  // Signing out erases it all, and says so first where something would be lost.
  const leaving = `form[action="${ROOT}logout"], form[action="${ROOT}wall/keep"]`;
  for (const leave of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll(leaving))) {
    const go = async () => {
      await eraseAll();
      leave.submit();
    };
    leave.addEventListener("submit", async (event) => {
      event.preventDefault();
      const reports = (await everybodys()).length;
      const moves = names(MOVES).length;
      const parts = [reports ? _("%(count)s件登记没有交上去或没看回执", { count: reports }) : "", moves ? _("%(count)s处办理没有写完", { count: moves }) : ""].filter(Boolean);
      if (!parts.length) return go();
      const what = parts.join(_("、"));
      const place = element("div");
      place.setAttribute("role", "alert");
      for (const before of document.querySelectorAll("[data-leaving]")) before.remove();
      place.dataset.leaving = "";
      tell(place, "notice-warning", _("这台手机上还有%(what)s，退出就擦掉了。", { what }),
        link(_("先去看看"), reports ? `${ROOT}offline` : ROOT), button(_("擦掉并退出"), go));
      leave.after(place);
      return null;
    });
  }

  // A move that was sent from here and taken: the next page says so, and its draft has no use. It
  // is the issue's own page, or one that names it; the sign-in page gives back what was not taken.
  const told = document.querySelector("#main > .notice-ok");
  if (told && location.pathname !== `${ROOT}login`) {
    /** @type {(name: string) => boolean} */
    const isHere = (name) => {
      const number = (name.match(/issues\/(\d+)\/[a-z]+$/) || [])[1];
      return Boolean(number) && (told.textContent.includes(number) || location.pathname.startsWith(`${ROOT}issues/${number}`));
    };
    const posted = names(MOVES).filter((name) => isHere(name) && (read(name) || {}).posted);
    const last = posted.sort((one, other) => read(other).saved_at - read(one).saved_at)[0];
    if (last) dropMove(last);
  }

  const bringWorker = async () => {
    if (!navigator.serviceWorker) return; // an old browser, or no secure line
    try {
      const script = `${ROOT}sw.js`;
      let registration = await navigator.serviceWorker.getRegistration(ROOT);
      if (registration) await registration.update();
      else {
        // Registered without asking, a worker that has just ended itself would live on.
        const { ok } = await fetch(script, { method: "HEAD", cache: "no-store" });
        if (!ok) return;
        registration = await navigator.serviceWorker.register(script, { scope: ROOT });
      }
      // It asks itself whether this is the only page open.
      if (registration.waiting) registration.waiting.postMessage("take over");
    } catch {
      // no line, or forbidden: then there is no page without a line
    }
  };

  const start = async () => {
    await eraseOld();
    const taken = document.querySelector("[data-taken]");
    if (taken) {
      try {
        await drop(taken.dataset.taken || "");
      } catch {
        // forbidden: nothing was kept either
      }
    }
    await draw();
    await sendAll();
  };
  start();
  bringWorker();

  return { ROOT, MOVES, SEEN, who, put, get, line, fixTime, draw, isMine, sendAll, loginAddress };
})();
