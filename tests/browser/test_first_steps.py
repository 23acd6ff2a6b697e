"""A new office's first hour: from an empty folder and a printed password to the first problem."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Open, Watched, windows
from tests.support.running import ROOT, Running, copy_checkout, running

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OWN = "只有管理员自己知道的一句话"
HERS = "只有书记自己知道的一句话"
PHONE = "0791-8888-{:04}"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = copy_checkout(tmp_path_factory.mktemp("new") / "checkout")
    shutil.copytree(ROOT / "data" / "starter", folder / "data" / "starter")
    with running(folder, demo=False, data=folder.parent / "office") as started:
        yield started


@pytest.fixture
def open_window(browser: Browser, empty: Running) -> Iterator[Open]:
    with windows(browser, empty) as (open_one, opened):
        yield open_one
        for window in opened:
            assert window.complaints == []


def enter(window: Watched, name: str, given: str, own: str = "") -> None:
    """Signs in; with a password of one's own in the place of the one that was given."""
    window.go("/staff/login")
    window.page.fill("#username", name)
    window.page.fill("#password", given)
    window.press("登录")
    if own:
        window.page.fill("#password", own)
        window.page.fill("#password_again", own)
        window.press("设置密码")
    assert window.path() == "/staff/", window.page.inner_text("main")


def next_step(window: Watched, title: str) -> None:
    window.press("存好，下一步")
    assert title in window.page.inner_text("h1"), window.page.inner_text("main")[:500]
    assert window.sideways() == 0


def test_from_an_empty_folder_to_the_first_problem(empty: Running, open_window: Open) -> None:
    given = re.findall(r"首次密码：([a-z0-9-]+)", empty.said)[0]
    admin = open_window()
    admin.page.set_default_timeout(60_000)  # the sample is laid while it waits
    enter(admin, "admin", given, OWN)
    assert "还差8步" in admin.page.inner_text("main")

    # The sample, to look at: it comes and goes as a whole.
    admin.go("/staff/first-steps")
    admin.press("放进示例看看")
    shown = admin.page.inner_text(".ticket").strip()
    worker = open_window()
    enter(worker, "worker", shown)
    assert "楼道灯不亮" in worker.page.inner_text("main")
    admin.go("/staff/first-steps")
    admin.press("拿走示例，换回自己的")
    worker.go("/staff/")
    assert worker.path().startswith("/staff/login")

    # Step by step, each by itself; a mistake is told beside its field and loses nothing.
    page = admin.go("/staff/first-steps/names")
    page.fill("#name", "")
    admin.press("存好，下一步")
    assert "请填写网站的名称" in page.inner_text("#name-error")
    page.fill("#name", "东湖街道十分钟为民服务圈（示例）")
    page.fill("#street", "东湖街道（示例）")
    next_step(admin, "社区和值班电话")
    page.fill("#name_0", "柳树社区（示例）")
    page.fill("#hotline_0", "没有")
    page.fill("#address_0", "示例路1号")
    admin.press("存好，下一步")
    assert "写法不对" in page.inner_text("#hotline_0-error")
    assert page.input_value("#name_0") == "柳树社区（示例）"
    page.fill("#hotline_0", PHONE.format(1))
    next_step(admin, "小区")
    page.fill("#name_0", "柳树新村（示例）")
    page.fill("#households_0", "320户")
    page.fill("#households_60plus_0", "90")
    next_step(admin, "办事的单位和电话")
    for place, phone in enumerate(page.locator("[name^=phone_]").all()):
        if phone.input_value():
            phone.fill(PHONE.format(100 + place))
    next_step(admin, "问题的种类，各由谁牵头")
    next_step(admin, "值守时间")
    page.fill("#duty_hours_0", "全天")
    admin.press("存好，下一步")
    assert "第一次设置" in page.inner_text("h1")

    # Somebody to look after what comes in, with a letter.
    admin.go("/staff/accounts/new")
    page.fill("#display_name", "柳书记（示例）")
    page.fill("#username", "liu")
    page.select_option("#role", "community_leader")
    admin.press("开账号，打印首次密码信")
    assert "要选社区" in page.inner_text("#community_id-error")
    page.select_option("#community_id", label="柳树社区（示例）")
    admin.press("开账号，打印首次密码信")
    letter = page.inner_text(".ticket").strip()
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(prefer_css_page_size=True))) == 1
    assert letter not in admin.go("/staff/accounts").content()
    admin.go("/staff/accounts/new")
    page.fill("#display_name", "东湖主任（示例）")
    page.fill("#username", "hu")
    page.select_option("#role", "street_leader")
    admin.press("开账号，打印首次密码信")

    admin.go("/staff/first-steps")
    admin.press("去掉“示例”，开门")
    assert "开门了" in page.inner_text("body")

    alice = open_window()
    alice.go("/issues/new")
    assert "东湖街道" in alice.page.content()
    alice.page.fill("#description", "柳树新村的路灯不亮")
    alice.submit_report()
    leader = open_window((1280, 900))
    enter(leader, "liu", letter, HERS)
    assert "柳树新村的路灯不亮" in leader.page.inner_text("main")
    log = admin.go("/staff/sign-ins/all?account=liu").inner_text("main")
    assert "管理员新建账号" in log
    assert "管理员办的" in log
