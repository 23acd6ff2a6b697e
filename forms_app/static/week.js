// The week as a picture to send to a group, drawn on the phone from what the page lists.
{
  const { element, fill, button } = Elements;
  const WIDTH = 1080;
  const EDGE = 56;
  const INK = "#22251f";
  const GREEN = "#0d5546";

  const place = document.getElementById("picture");
  const days = [...document.querySelectorAll(".day-list > li")].map((day) => ({
    name: (day.querySelector("h2") || day).textContent || "",
    items: [...day.querySelectorAll("ul > li")].map((item) => {
      const words = (/** @type {string} */ chosen) =>
        [...item.querySelectorAll(chosen)].map((one) => (one.textContent || "").trim()).join(" ");
      return {
        clock: words(".clock"),
        name: words("a"),
        state: words(".tag"),
        where: words("[data-walk]"),
        isOff: Boolean(item.querySelector("s")),
      };
    }),
  }));

  const draw = () => {
    const rows = days.reduce((sum, day) => sum + day.items.length, 0);
    const canvas = element("canvas");
    canvas.width = WIDTH;
    canvas.height = 250 + days.length * 92 + rows * 104 + 110;
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    /** @type {(text: string, x: number, at: number, size: number, colour?: string, weight?: string) => void} */
    const write = (text, x, at, size, colour = INK, weight = "bold") => {
      pen.font = `${weight} ${size}px "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif`;
      pen.fillStyle = colour;
      pen.fillText(text, x, at, WIDTH - EDGE - x);
    };
    pen.fillStyle = "#fffefb";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = GREEN;
    pen.fillRect(0, 0, canvas.width, 190);
    const brand = document.querySelector(".brand span");
    write((brand && brand.textContent || "").trim(), EDGE, 72, 38, "#fffefb", "normal");
    write((document.querySelector("h1") || document.body).textContent || "", EDGE, 148, 58, "#fffefb");
    let y = 250;
    for (const day of days) {
      write(day.name, EDGE, y, 42, GREEN);
      pen.fillStyle = "#d8cfbd";
      pen.fillRect(EDGE, y + 18, WIDTH - 2 * EDGE, 3);
      y += 72;
      for (const { clock, name, state, where, isOff } of day.items) {
        write(clock, EDGE, y, 42);
        write([name, state].filter(Boolean).join(" "), EDGE + 170, y, 42, isOff ? "#8f220b" : INK);
        write(where, EDGE + 170, y + 44, 32, "#4b4a41", "normal");
        y += 104;
      }
      y += 20;
    }
    write("时间有变动的，以网站为准", EDGE, y + 20, 32, "#4b4a41", "normal");
    return canvas;
  };

  if (place && days.length) {
    const status = element("div");
    status.setAttribute("role", "status");
    const press = button("存成图片，发到群里", () => {
      const canvas = draw();
      if (!canvas) return;
      const save = element("a");
      save.href = canvas.toDataURL("image/png");
      save.download = `${location.pathname.split("/").filter(Boolean).pop()}.png`;
      save.click();
      const shown = element("img", "week-shown");
      shown.src = save.href;
      shown.alt = "这一周的活动，画成了图片";
      fill(status, element("p", "", "图片在这里；没有自动存下来的话，长按它保存，再发到群里。"), shown);
    });
    fill(place, press, status);
    place.hidden = false;
  }
}
