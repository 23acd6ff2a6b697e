"""A spreadsheet by keyboard on a phone's width, a receipt that is followed, and what is printed."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from forms_app.rules.worktime import CHINA
from tests.browser.conftest import Open, Watched, next_page, pages_of
from tests.support.spreadsheets import HEADS, order, xlsx

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SignIn = Callable[..., Watched]


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"no Tab leads to {selector}")


def press(window: Watched, words: str, address: str) -> None:
    """Reaches the button by Tab, presses it, and waits for the page it leads to."""
    tab_to(window.page, f'button:has-text("{words}")')
    page = window.page
    with next_page(page):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(address))
    assert window.sideways() <= 0


def test_the_journey_of_a_spreadsheet_by_keyboard_on_a_narrow_screen(
    sign_in: SignIn, tmp_path: Path
) -> None:
    year = datetime.now(CHINA).year - 1
    rows = [order(place, 受理时间=f"{year}年3月{place}日 下午3点") for place in range(1, 6)]
    file = tmp_path / "工单.xlsx"
    file.write_bytes(xlsx([["12345工单"], HEADS, *rows, order(9, 诉求内容="")]))
    window = sign_in("community_leader")
    page = window.go("/staff/import")
    tab_to(page, "#file")
    page.set_input_files("#file", str(file))
    press(window, "上传，看列名", r"/staff/import/[^/]+$")
    tab_to(page, "#usual_channel")
    page.keyboard.type("12345")
    press(window, "看会导入什么", "/preview$")
    assert "没有写问题" in page.inner_text("main")
    press(window, "导入这5行", "/preview$")
    assert "有错误的行不会导入" in page.inner_text(".error-summary")
    tab_to(page, "#take_good")
    page.keyboard.press("Space")
    press(window, "导入这5行", "/staff/register")
    assert "导入了5个问题" in page.inner_text("main")
    assert list((window.server.data / "private" / "uploads").iterdir()) == []


def test_a_receipt_prints_on_one_slip_and_its_link_opens_the_issue(
    sign_in: SignIn, open_window: Open
) -> None:
    worker = sign_in("worker")
    page = worker.go("/staff/issues/new")
    page.select_option("#channel", "phone")
    page.fill("#description", "（示例）扶手松了")
    page.fill("#initial_opinion", "下午去拧紧。")
    worker.press("登记")
    ticket = page.inner_text(".ticket")
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 1
    reporter = open_window()
    reporter.go(f"/issues/#{ticket}")
    reporter.page.wait_for_url(f"**/issues/{ticket[:6]}")
    assert "下午去拧紧。" in reporter.page.inner_text("main")


def test_paper_forms_print_one_on_a_sheet(sign_in: SignIn) -> None:
    worker = sign_in("worker")
    page = worker.go("/staff/paper")
    page.fill("#count", "3")
    worker.press("取号，看要打印的页")
    assert page.locator(".paper-form").count() == 3
    assert worker.sideways() <= 0
    assert pages_of(page.pdf(prefer_css_page_size=True)) == 3
