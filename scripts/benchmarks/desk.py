"""What a day at the desk costs: presses, letters, screens scrolled past and seconds of each job.

Made on the started product by who knows its pages, from the board on, at a desk and on a phone; the
seconds are of the keystroke-level model (first_answer). A screen counts as scrolled past where what
is pressed next does not lie on the one that is seen. It fails where a job does not come to its end.
"""

from collections.abc import Callable, Iterator, Mapping
from math import ceil
from typing import Any

from scripts.benchmarks.first_answer import Trained, sample_in_browser, signed_in
from tests.support.pictures import phone_photo

SIZES = {"desk": {"width": 1280, "height": 800}, "phone": {"width": 360, "height": 740}}
PHONE = "13800000000"


class Person(Trained):
    """The same, who also counts the screens between what is seen and what is pressed.

    At a desk nobody presses into a field that takes the keys already; on a phone everybody does.
    """

    def __init__(self, page: Any, *, has_keys: bool) -> None:
        super().__init__(page)
        self.screens = 0
        self.has_keys = has_keys

    def write(self, what: Any, text: str) -> None:
        """The letters, behind a press into the field where it does not take the keys."""
        if self.has_keys and what.evaluate("e => e === document.activeElement"):
            what.fill(text)
            self.letters += len(text)
        else:
            super().write(what, text)

    def dial(self, what: Any, number: str) -> None:
        """The same, a key for each digit."""
        if self.has_keys and what.evaluate("e => e === document.activeElement"):
            what.fill(number)
            self.digits += len(number)
        else:
            super().dial(what, number)

    def press(self, what: Any) -> None:
        box, height = what.bounding_box(), self.page.viewport_size["height"]
        if box is not None:
            below = ceil((box["y"] + box["height"] - height) / height)
            above = ceil(-box["y"] / height)
            self.screens += max(below, above, 0)
        super().press(what)

    def open(self, words: str, move: str = "") -> None:
        """The case that says this, from the board: by its words, or by the move that is due."""
        row = self.page.locator("main tr", has_text=words).first
        self.press(row.locator(f"a[href$='?move={move}']" if move else ".stack-head a").first)

    def move(self, name: str) -> Any:
        """The form of a move, opened where it is folded."""
        box = self.page.locator(f"#move-{name}")
        if box.get_attribute("open") is None:
            self.press(box.locator("> summary"))
        return box

    def handy(self, name: str, title: str) -> Any:
        """The form that stands first once its link beside the number was pressed."""
        self.press(self.page.locator(".case-handy").get_by_role("link", name=title))
        return self.move(name)

    def choose(self, box: Any, name: str, value: str = "") -> None:
        """One of a list, or one of some boxes: a press each, and one more in a list.

        None where it is chosen already.
        """
        field = box.locator(f"[name={name}]")
        if field.first.evaluate("e => e.localName") == "select":
            self.press(field)
            if value:
                field.select_option(value)
            else:
                field.select_option(index=1)
            self.clicks += 1
        else:
            one = f"[name={name}]" + (f"[value='{value}']" if value else "")
            if not box.locator(one).first.is_checked():
                self.press(box.locator(f"label:has({one})").first)

    def send(self, box: Any, button: str = "button[type=submit]") -> None:
        self.press(box.locator(button).first)
        if "已经保存" not in self.page.inner_text("main"):
            raise RuntimeError(self.page.inner_text("main")[:300])


def opinion(person: Person) -> None:
    person.open("楼道灯不亮", "opine")
    box = person.move("opine")
    person.write(box.locator("textarea"), "今天下午派人去看。")
    person.send(box)


def grade_and_assign(person: Person) -> None:
    person.open("电动车堵住消防通道", "classify")
    box = person.move("classify")
    person.choose(box, "severity_class", "C")
    person.choose(box, "urgency", "2")
    person.choose(box, "lead")
    person.send(box)
    if "办理中" not in person.page.inner_text("main"):
        raise RuntimeError(person.page.inner_text("main")[:300])


def summon_three(person: Person) -> None:
    person.open("下水道总堵", "summon")
    box = person.move("summon")
    offered = box.locator("label:has([name=parties]:not(:checked))").locator("visible=true")
    while box.locator("[name=parties]:checked").count() < 3:
        person.press(offered.first)
    if not box.locator("[name=asked]").input_value():
        person.write(box.locator("[name=asked]"), "请到现场会商。")
    person.press(box.locator("button[type=submit]").last)


def plan(person: Person) -> None:
    person.open("烧烤摊油烟", "plan")
    box = person.move("plan")
    person.write(box.locator("[name=plan]"), "两家一起上门劝，装好油烟净化器。")
    person.choose(box, "lead")
    person.send(box)


def progress_with_photo(person: Person) -> None:
    person.open("路灯杆歪了")
    box = person.handy("progress", "记录进展")
    person.write(box.locator("[name=note]"), "已经扶正，等电工来接线。")
    photo = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": phone_photo()}
    person.clicks += 2  # the button of the photos, and the photo
    box.locator("input[type=file]").last.set_input_files(photo)
    person.send(box)


def resolve(person: Person) -> None:
    person.open("路灯杆歪了", "resolve")
    box = person.move("resolve")
    person.choose(box, "result", "done")
    person.write(box.locator("[name=outcome]"), "灯杆扶正，线也接好了。")
    person.send(box)


def call_noted(person: Person) -> None:
    person.open("楼上漏水", "contact")
    box = person.move("contact")
    person.choose(box, "how", "phone")
    person.send(box, "button[value=no_answer]")


def verdict_on_behalf(person: Person) -> None:
    person.open("楼上漏水")
    box = person.move("evaluate")
    person.choose(box, "satisfaction", "5")
    person.send(box, "button[value=phone]")


def found_by_phone(person: Person) -> None:
    page = person.page
    person.press(page.get_by_role("link", name="项目库", exact=True))
    person.press(page.get_by_role("link", name="找反映人").locator("visible=true").first)
    person.dial(page.locator("[name=asked]"), PHONE)
    person.press(page.get_by_role("button", name="查找"))


def other_person(person: Person) -> None:
    person.open("健身器材的螺丝松了")
    person.press(person.page.get_by_role("link", name="换人办"))
    box = person.page.locator("main")
    person.choose(box, "taker")
    person.write(box.locator("[name=reason]"), "他休假了。")
    person.press(box.get_by_role("button", name="换人办"))
    if "来办" not in person.page.inner_text("main"):
        raise RuntimeError(person.page.inner_text("main")[:300])


def exported(person: Person) -> None:
    page = person.page
    person.press(page.get_by_role("link", name="项目库", exact=True))
    with page.expect_download() as download:
        person.press(page.get_by_role("link", name="导出", exact=True))
    if not download.value.suggested_filename.endswith(".xlsx"):
        raise RuntimeError(download.value.suggested_filename)


# Who does what, in an order in which each finds its issue.
JOBS: Mapping[str, tuple[str, Callable[[Person], None]]] = {
    "initial opinion": ("community_leader", opinion),
    "grade and assign": ("community_leader", grade_and_assign),
    "summon three units": ("community_leader", summon_three),
    "joint plan": ("community_leader", plan),
    "progress with a photo": ("worker", progress_with_photo),
    "resolve": ("worker", resolve),
    "call written down": ("community_leader", call_noted),
    "verdict on behalf": ("community_leader", verdict_on_behalf),
    "found by telephone": ("community_leader", found_by_phone),
    "another person": ("community_leader", other_person),
    "export": ("community_leader", exported),
}


def desk_work() -> Iterator[dict[str, object]]:
    """Each job at both sizes, each size on a sample of its own."""
    for size, viewport in SIZES.items():
        with sample_in_browser() as (browser, url):
            for job, (who, made) in JOBS.items():
                page = signed_in(browser, url, who)
                page.set_viewport_size(viewport)
                person = Person(page, has_keys=size == "desk")
                made(person)
                yield {
                    "job": job,
                    "size": size,
                    "presses": person.clicks,
                    "letters": person.letters + person.digits,
                    "screens": person.screens,
                    "trained_person_s": round(person.seconds, 1),
                }
                page.close()
