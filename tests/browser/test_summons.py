"""The summons in a real browser: the sheet on paper, the link as a messenger hands it on."""

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Open, Watched, next_page, pages_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = "浏览器里的原话：地下室进水"


def classified(alice: Watched, leader: Watched, text: str = TEXT) -> str:
    """The number of a new B issue."""
    alice.go("/issues/new")
    alice.page.fill("#description", text)
    alice.page.select_option("#community_id", "jingui")
    alice.page.click("#part-who > summary")
    alice.page.fill("#reporter_name", "金丝雀称呼")
    alice.page.fill("#reporter_phone", "13900000139")
    alice.page.check("#consent")
    number = alice.submit_report()
    leader.make_move(
        number, "classify", severity_class="B", urgency="1", initial_opinion="马上去看。"
    )
    return number


def summon(leader: Watched, number: str, units: int) -> list[str]:
    """Calls the first units of the list; the links that are shown once."""
    leader.go(f"/staff/issues/{number}")
    box = leader.page.locator("#move-summon")
    boxes = box.locator("[name=parties]")
    for place in range(units):
        boxes.nth(place).check()
        unit = boxes.nth(place).get_attribute("value")
        duty = leader.page.locator(f"[name='duty-{unit}']")
        box.locator(".party-duty", has=duty).locator("summary").click()
        duty.select_option(index=duty.locator("option").count() - 1)
    box.locator("[name=subject]").fill("3栋地下室进水，水深到脚踝，电表箱在墙上半米处")
    box.locator("[name=asked]").fill("请带抽水泵、管网图到现场，一起定出方案。" * 40)
    box.locator("[name=place]").fill("3栋门口")
    with next_page(leader.page):
        box.locator("button[type=submit]").click()
    assert leader.path() == f"/staff/issues/{number}/links"
    return leader.page.locator("code.whole").all_inner_texts()


def test_the_sheet_fits_one_page_and_says_nothing_of_the_resident(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    alice, leader = open_window(), sign_in("community_leader", (1280, 900))
    for units in (1, 6, 12):
        number = classified(alice, leader)
        summon(leader, number, units)
        page = leader.go(f"/staff/issues/{number}/summons")
        pdf = page.pdf(format="A4", prefer_css_page_size=True)
        assert pages_of(pdf) == 1, units
        assert page.locator(".sign-in tbody tr").count() == units
        for secret in ("金丝雀称呼", "13900000139", TEXT):
            assert secret not in page.content()


def test_a_link_from_a_messenger_opens_once_and_then_says_so(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    leader = sign_in("community_leader")
    number = classified(open_window(), leader)
    link = summon(leader, number, 1)[0]
    assert leader.sideways() == 0
    guest = open_window()
    guest.page.goto(link)
    guest.page.wait_for_url(re.compile(r"/answer/\d+$"))
    told = guest.page.inner_text("main")
    assert "3栋地下室进水" in told
    assert TEXT not in guest.page.content()
    assert guest.sideways() == 0
    # A second window of the same link, opened before the first answered.
    other = open_window()
    other.page.goto(link)
    other.page.wait_for_url(re.compile(r"/answer/\d+$"))
    guest.page.check("[name=answer][value=arrived]")
    guest.page.fill("#opinion", "带了两台泵")
    guest.press("提交响应")
    assert "已经响应：已到现场" in guest.page.inner_text("main")
    other.page.check("[name=answer][value=acknowledged]")
    other.page.fill("#opinion", "来晚的话")
    other.press("提交响应")
    assert "已经用过" in other.page.inner_text("main")
    assert "来晚的话" in other.page.inner_text("main")
    leader.go(f"/staff/issues/{number}")
    assert "凭一次性链接响应" in leader.page.inner_text("main")
    secret = link.partition("#")[2][7:]
    assert secret not in leader.server.log.read_text()


def test_without_javascript_the_code_is_typed(
    open_window: Open, sign_in: Callable[..., Watched]
) -> None:
    leader = sign_in("community_leader")
    number = classified(open_window(), leader)
    code = summon(leader, number, 1)[0].partition("#")[2]
    guest = open_window(scripts=False, elder=True)
    guest.go("/answer/")
    guest.page.fill("#code", code.lower())
    guest.press("打开")
    assert guest.sideways() == 0
    guest.page.check("[name=answer][value=acknowledged]")
    guest.page.fill("#opinion", "十点能到")
    guest.press("提交响应")
    assert "已经响应" in guest.page.inner_text("main")


def test_what_is_no_code_behind_the_sign_is_ignored(open_window: Open) -> None:
    window = open_window()
    for rest in ("%E0%A4%A", "%", "000001-%ZZ", "main"):
        window.page.goto("about:blank")  # or the page that is open stays
        window.go(f"/answer/#{rest}")
        assert window.path() == f"/answer/#{rest}"
        assert window.page.input_value("#code") == "", rest
