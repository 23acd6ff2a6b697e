"""The calendar in a real window and on paper: weeks on phones, a month on one page."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, next_page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WIDE = (1280, 900)
PAGE = re.compile(rb"/Type\s*/Page[^s]")


def test_a_month_prints_on_one_page_of_a4_either_way(open_window: Open) -> None:
    window = open_window(WIDE)
    for number in range(3):
        if number:
            with next_page(window.page):  # nothing prints while it is on its way
                window.page.get_by_role("link", name=re.compile("^下一个月")).click()
        else:
            window.go("/calendar/")
        for landscape in (True, False):
            paper = window.page.pdf(format="A4", landscape=landscape)
            assert len(PAGE.findall(paper)) == 1, (window.path(), landscape)


@pytest.mark.parametrize(("elder", "size"), [(False, (360, 740)), (True, (360, 740)), (True, WIDE)])
def test_a_phone_and_the_elder_version_show_a_week_and_lead_to_the_others(
    open_window: Open, elder: bool, size: tuple[int, int]
) -> None:
    window = open_window(size, elder=elder, scripts=elder)
    page = window.go("/calendar/")
    assert not page.locator("table.calendar").is_visible()
    assert page.get_by_role("heading", name="（本周）").is_visible()
    a_week = re.compile(r"/calendar/\d{4}-W\d\d/$")
    page.locator(".week-links a").last.click()
    expect(page).to_have_url(a_week)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.get_by_role("link", name=re.compile("^上一周")).click()
    expect(page).to_have_url(a_week)


@pytest.mark.parametrize(("elder", "first"), [(False, ".calendar-lists h3"), (True, ".week-strip")])
def test_a_phones_first_screen_is_for_what_is_on(
    open_window: Open, elder: bool, first: str
) -> None:
    page = open_window((360, 740), elder=elder).go("/calendar/")
    box = page.locator(first).locator("visible=true").first.bounding_box()
    assert box is not None
    assert box["y"] < 540, box
    # What is done with all of it is there still, for elders behind the week.
    assert page.get_by_role("link", name="存成图片发群").count() == 1


def test_a_choice_stays_from_month_to_month_without_scripts(open_window: Open) -> None:
    window = open_window(WIDE, scripts=False)
    page = window.go("/calendar/")
    page.get_by_role("link", name=re.compile("^社区志愿服务")).click()
    page.get_by_role("link", name=re.compile("^银杏社区（示例） ")).click()
    page.get_by_role("link", name=re.compile("^下一个月")).click()
    assert window.path().endswith("/community/yinxing/kind/volunteering/")
    chosen = page.locator(".only-wide [aria-current=true]").all_inner_texts()
    assert [words.split()[0] for words in chosen] == ["银杏社区（示例）", "社区志愿服务"]
    page.locator(".only-wide .chips").last.get_by_role("link", name=re.compile("^全部")).click()
    assert window.path().endswith("/community/yinxing/")


@pytest.mark.parametrize("elder", [False, True])
def test_the_calendars_own_pages_fit_a_phone(open_window: Open, elder: bool) -> None:
    window = open_window((320, 740), elder=elder)
    page = window.go("/calendar/")
    weeks = page.eval_on_selector_all(".week-links a", "es => es.map(e => e.pathname)")
    choices = page.eval_on_selector_all(".chip", "es => es.map(e => e.pathname)")
    for path in [*weeks[:2], choices[-1], choices[1]]:
        window.go(path)
        page.eval_on_selector_all("details", "es => es.forEach(e => e.open = true)")
        assert window.sideways() == 0, path
        heights = page.eval_on_selector_all(
            ".chip, .week-links a",
            "es => es.map(e => e.getBoundingClientRect().height).filter(h => h > 0)",
        )
        assert all(height >= (60 if elder else 44) for height in heights), path


def test_the_week_becomes_a_picture_to_send_to_a_group(open_window: Open) -> None:
    window = open_window((360, 740))
    page = window.go("/calendar/")
    page.get_by_role("link", name="存成图片发群").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="存成图片，发到群里").click()
    assert saved.value.suggested_filename.endswith(".png")
    drawn = page.get_by_role("img", name="这一周的活动，画成了图片")
    drawn.wait_for()
    assert drawn.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1080
    assert str(drawn.get_attribute("src")).startswith("data:image/png")


def test_what_ended_today_says_so_and_asks_those_who_went(open_window: Open) -> None:
    window = open_window()
    page = window.go("/calendar/")
    today = page.locator("ul li[data-until]:visible").first
    until = datetime.fromisoformat(today.get_attribute("data-until") or "")
    address = today.locator("a").evaluate("e => e.pathname")
    for passed in (timedelta(minutes=-1), timedelta(minutes=1), timedelta(days=366)):
        page.clock.set_fixed_time(until + passed)
        is_over = passed == timedelta(minutes=1)
        own = f"li[data-until]:has(a[href*='{address.split('/')[-2]}'])"
        row = window.go("/calendar/").locator(own).first
        assert row.evaluate("e => e.classList.contains('is-past')") is is_over
        window.go(address)
        for words in ("这一场已经结束了。", "去过的，评一评"):
            assert page.get_by_text(words).is_visible() is is_over, (words, passed)
        for words in ("加到手机日历", "评价这个活动"):
            link = page.locator(".button-row a:visible", has_text=words)
            assert (link.count() == 0) is is_over, (words, passed)
        if is_over:
            assert page.locator(".btn-primary:visible").all_inner_texts() == ["去过的，评一评"]
