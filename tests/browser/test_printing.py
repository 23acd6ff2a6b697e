"""What comes out of the printer: sheets of the right size and number, and codes that are read."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread
from unicodedata import normalize

import pytest
import yaml
from playwright.sync_api import Browser, Page
from pypdf import PageObject, PdfReader

from tests.browser.conftest import Open, Watched
from tests.support.kept import kept
from tests.support.qr_reader import picture, read_dots
from tests.support.running import PARTS, ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignIn = Callable[..., Watched]
HOME = "https://circle.example.cn/huang"
MM = 72 / 25.4  # points of a PDF
DOTS = 96 / 25.4  # pixels of a browser
LOOK_ALIKES = [*range(0x2F00, 0x2FD6), *range(0xFB00, 0xFB07)]
RADICALS = {code: normalize("NFKC", chr(code)) for code in LOOK_ALIKES}
NAVIGATION = ("跳到正文", "首页说件事查进度", "我家附近活动日历服务", "关于本站个人信息保护")
# Each kind of page, and on how many sheets of A4 it may come out at most.
SITE = {
    "/": 6, "/handbook/": 3, "/handbook/five-steps/": 12, "/handbook/questions/": 8,
    "/handbook/grading/": 7, "/duties/": 5, "/duties/public_security/": 2, "/flowchart/": 7,
    "/services/": 4, "/services/mediation/": 2, "/calendar/": 1, "/venues/": 4,
    "/venues/jingui_hall/": 4, "/near/": 2, "/near/guiyuan/": 6, "/coverage/": 8,
    "/coverage/walks/": 6, "/figures/": 13, "/rate/": 5, "/about/": 3, "/about/privacy/": 5,
    "/print/": 6, "/print/duties/": 6, "/search?q=老人": 8,
    "/issues/new": 4, "/issues/": 2, "/staff/login": 1, "/nowhere": 1,
}  # fmt: skip
ALSO_LARGE = {"/", "/handbook/grading/", "/calendar/", "/near/guiyuan/", "/print/", "/issues/new"}
STAFF = {
    "/staff/": 7, "/staff/register": 8, "/staff/issues/260001": 6, "/staff/issues/new": 5,
    "/staff/paper": 3, "/staff/import": 3, "/staff/password": 2,
}  # fmt: skip


def paper_of(page: Page) -> list[PageObject]:
    """The sheets that the open page prints on."""
    return list(PdfReader(BytesIO(page.pdf(format="A4", prefer_css_page_size=True))).pages)


def size_mm(sheet: PageObject) -> tuple[int, int]:
    return round(float(sheet.mediabox.width) / MM), round(float(sheet.mediabox.height) / MM)


def words_on(sheets: list[PageObject]) -> str:
    """Without spaces; a PDF may have ⽉, the radical, in the place of 月, and a ligature of fi."""
    words = "".join(sheet.extract_text() for sheet in sheets)
    return re.sub(r"\s", "", words.translate(RADICALS))


def minded(page: Page, path: str, most: int) -> str:
    """The words of the page on paper, after a look at sheets, numbers and navigation."""
    sheets = [words_on([sheet]) for sheet in paper_of(page)]
    assert 1 <= len(sheets) <= most, (path, len(sheets))
    for number, words in enumerate(sheets, 1):
        assert f"{number}/{len(sheets)}" in words, (path, number)
        # A sheet with nothing but its number is a torn page.
        assert len(words) > 20, (path, number, words)
    words = "".join(sheets)
    assert not [said for said in NAVIGATION if said in words], path
    return words


@pytest.mark.parametrize("elder", [False, True], ids=["ordinary", "elder"])
def test_every_kind_of_page_prints_without_navigation_and_with_its_numbers(
    open_window: Open, elder: bool
) -> None:
    window = open_window((1280, 900), elder=elder)
    for path, most in SITE.items():
        if elder and path not in ALSO_LARGE:
            continue
        window.go(path)
        minded(window.page, path, most * 2 if elder and path != "/calendar/" else most)


@pytest.mark.parametrize("elder", [False, True], ids=["ordinary", "elder"])
def test_the_flowchart_stands_whole_below_its_heading(open_window: Open, elder: bool) -> None:
    page = open_window((1280, 900), elder=elder).go("/flowchart/")
    labels = page.locator(".flow a > text").all_text_contents()
    sheets = paper_of(page)
    assert "办事流程图一件事" in words_on(sheets[:1])
    # Larger letters leave the drawing a sheet of its own.
    drawn, rest = (sheets[1], sheets[2:]) if elder else (sheets[0], sheets[1:])
    words = words_on([drawn])
    assert len(labels) > 20
    assert [label for label in labels if re.sub(r"\s", "", label) not in words] == []
    # On paper the table says what the list in words does.
    assert "流程图的文字清单" not in words_on(sheets)
    assert "谁能做哪一步" in words_on(rest)


def test_the_staffs_pages_print_without_their_bar_and_without_buttons(sign_in: SignIn) -> None:
    window = sign_in("worker", (1280, 900), worker=False)
    for path, most in STAFF.items():
        if path == "/staff/import":
            continue  # not a worker's
        window.go(path)
        words = minded(window.page, path, most)
        assert "退出" not in words, path


SMALLEST = """() => Math.min(...[...document.querySelectorAll("main :is(h1, p, th, td)")]
  .filter(e => e.textContent.trim() && getComputedStyle(e).display !== "none")
  .map(e => parseFloat(getComputedStyle(e).fontSize)))"""


@pytest.mark.parametrize(("paper", "size"), [("a3", (420, 297)), ("a4", (297, 210))])
def test_the_register_prints_at_eight_points_with_its_head_on_every_sheet(
    sign_in: SignIn, paper: str, size: tuple[int, int]
) -> None:
    window = sign_in("community_leader", (1280, 900), worker=False)
    page = window.go(f"/staff/register/print?paper={paper}")
    sheets = paper_of(page)
    assert len(sheets) > 1
    assert {size_mm(sheet) for sheet in sheets} == {size}
    for sheet in sheets[:-1]:
        assert "期间：截至" in words_on([sheet])
    assert "负责人签字" in words_on(sheets[-1:])
    page.emulate_media(media="print")
    assert page.evaluate(SMALLEST) / 96 * 72 >= 8


def test_the_elder_version_prints_larger_and_the_dark_one_black_on_white(
    browser: Browser, server: object
) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{server.url}/handbook/deadlines/")  # type: ignore[attr-defined]
    page.emulate_media(media="print", color_scheme="dark")
    look = "e => [getComputedStyle(e).color, getComputedStyle(e).fontSize]"
    color, size = page.locator("main p").first.evaluate(look)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (color, ground) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")
    page.evaluate("document.documentElement.classList.add('elder')")
    _, larger = page.locator("main p").first.evaluate(look)
    assert float(larger[:-2]) >= 1.4 * float(size[:-2])
    context.close()


def test_folded_text_is_printed_unfolded_but_no_form(open_window: Open) -> None:
    window = open_window((1280, 900))
    words = minded(window.go("/print/"), "/print/", 6)
    assert "示例" in words
    folded = window.page.locator("main details:not(.toc) a").first.evaluate("e => e.textContent")
    assert re.sub(r"\s", "", folded) in words


def publish(folder: Path) -> None:
    """The site as it stands behind a public address, with a crowded community."""
    shutil.copytree(ROOT / "data" / "community", folder / "data" / "community")
    file = folder / "data" / "community" / "activities.yml"
    activities = yaml.safe_load(file.read_text(encoding="utf-8"))
    like = next(a for a in activities if a["uid"] == "choir")
    activities += [
        {
            **{key: like[key] for key in ("category", "location_id")},
            "summary": f"第{n}期老年人智能手机使用与防诈骗知识公益讲座",
            "uid": f"daily_{n}",
            "dtstart": f"2026-10-01 {8 + n // 3:02d}:{n % 3 * 20:02d}",
            "duration": "0:20",
            "rrule": "FREQ=DAILY",
        }
        for n in range(36)
    ]
    file.write_text(yaml.safe_dump(activities, allow_unicode=True), encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", ROOT / "mkdocs.yml",
         "--site-dir", folder / "site"],
        cwd=ROOT, check=True, capture_output=True,
        env={
            "PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}", "CIRCLE_DATA": str(folder / "data"),
            "SITE_TODAY": "2026-11-24", "CIRCLE_PUBLIC_URL": HOME,
        },
    )  # fmt: skip


@pytest.fixture(scope="module")
def published() -> Iterator[str]:
    """Where that site is."""
    made = kept("printed", publish, (*PARTS, "tests/browser/test_printing.py"))
    handler = partial(Quiet, directory=str(made / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        Thread(target=serving.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the tests read what pytest prints."""


@pytest.fixture
def page(browser: Browser, published: str) -> Iterator[Page]:
    context = browser.new_context(base_url=published, viewport={"width": 1700, "height": 1200})
    yield context.new_page()
    context.close()


def test_without_scripts_and_with_an_address_links_are_printed_with_theirs(page: Page) -> None:
    page.goto("/handbook/")
    words = words_on(paper_of(page))
    assert "（circle.example.cn/huang/handbook/five-steps/）" in words
    assert f"网址：{HOME}/handbook/" in words
    assert "（#" not in words


PRINTED = [
    ("/print/poster/jingui/", 1, (210, 297), "issues/new?community_id=jingui"),
    ("/print/near/xuefu/", 1, (210, 297), "near/xuefu/"),
    ("/print/cards/yinxing/", 1, (210, 297), "issues/new?community_id=yinxing"),
    ("/print/tickets/jingui/", 1, (210, 297), "issues/"),
    ("/print/rating/service/mediation/", 1, (210, 297), "ratings/new?about=service:mediation"),
    ("/print/rating/blank/", 1, (210, 297), "rate/"),
    ("/print/week/jingui-a4/", 2, (210, 297), "calendar/"),
    ("/print/week/jingui-a3/", 2, (420, 297), "calendar/"),
    ("/print/week/yinxing-a4/", 2, (210, 297), "calendar/"),
    ("/print/week/yinxing-a3/", 2, (420, 297), "calendar/"),
]  # fmt: skip
OVER = """[...document.querySelectorAll(".leaf, .cut, .programme-days, .programme-days > li")]
  .filter(e => e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2)
  .map(e => [e.className, e.scrollWidth, e.clientWidth, e.scrollHeight, e.clientHeight])"""


@pytest.mark.parametrize(("path", "sheets", "size", "leads_to"), PRINTED)
def test_a_sheet_is_one_sheet_and_its_code_is_read(
    page: Page, path: str, sheets: int, size: tuple[int, int], leads_to: str
) -> None:
    page.goto(path)
    printed = paper_of(page)
    assert [size_mm(sheet) for sheet in printed] == [size] * sheets
    words = words_on(printed)
    assert "11月24日生成" in words
    assert "Ctrl" not in words
    assert f"1/{sheets}" not in words
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 1700, "height": 1200})
    assert page.evaluate(OVER) == []
    code = page.locator(".code .qr").first
    box = code.bounding_box()
    assert box is not None
    modules = int((code.get_attribute("viewBox") or "").split()[2])
    # Without the quiet zone of four modules at each side.
    assert box["width"] / DOTS * (modules - 8) / modules >= 30
    assert read_dots(picture(code.screenshot())) == [f"{HOME}/{leads_to}"]


def test_the_sheets_shrink_with_a_phone_and_hold_all_their_words(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path, _, _, _ in PRINTED:
        page.goto(path)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, path
        assert page.evaluate(OVER) == [], path


SMALLEST_LETTERS = """() => Math.min(...[...document.querySelectorAll(".leaf *")]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some(
    (node) => node.nodeType === 3 && node.nodeValue.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("print/cards/jingui/", 1), ("print/tickets/jingui/", 1), ("print/rating/blank/", 1),
        ("print/week/jingui-a4/", 0), ("print/week/jingui-a3/", 0),
    ],
)  # fmt: skip
def test_on_a_phone_a_card_is_one_as_wide_as_the_screen_and_is_read(
    open_window: Open, path: str, shown: int
) -> None:
    window = open_window((360, 740))
    page = window.go(f"/{path}")
    assert page.evaluate(SMALLEST_LETTERS) >= 12
    assert page.locator(".cut:visible").count() == shown
    assert window.sideways() <= 0
