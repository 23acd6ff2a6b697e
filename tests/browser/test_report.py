"""A report with its photos on a phone: made smaller, sent ahead, refused, swept, never lost."""

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.reporting import (
    OLD_PHONE,
    SignIn,
    await_broken_page,
    await_ticket,
    issues_saying,
    photo,
    photos_of,
    write,
)
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_large_photo_is_made_smaller_before_it_is_sent(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    big = photo(1, 4000, 3000, turn=6)
    page = write(window, "大照片", big)
    with page.expect_request("**/issues/new/photos") as sent:
        page.get_by_role("button", name="提交", exact=True).click()
    size = int(sent.value.all_headers()["content-length"])
    number = await_ticket(page)
    assert photos_of(server, number) == [(1200, 1600)]
    assert 10_000 < size < len(big["buffer"]) / 2


def test_a_phone_that_cannot_turn_photos_sends_them_as_they_are(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    window.context.add_init_script(OLD_PHONE)
    page = write(window, "老手机", photo(1, 2000, 1000, turn=6))
    page.get_by_role("button", name="提交", exact=True).click()
    assert photos_of(server, await_ticket(page)) == [(800, 1600)]


def test_without_scripts_photos_go_with_the_form(open_window: Open, server: Running) -> None:
    window = open_window(scripts=False)
    page = window.go("/issues/new")
    page.fill("#description", "没有脚本")
    page.select_option("#estate_id", "guiyuan")
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "13800000000")
    page.set_input_files("#photos", [photo(1), photo(2)])
    page.get_by_role("button", name="提交", exact=True).click()
    assert "已经收下2张照片" in page.inner_text("main")
    page.check("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page, scripts=False))) == 2
    assert page.locator(".photos img").count() == 2


def test_a_photo_that_is_none_is_refused_beside_it_and_can_be_taken_out(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "不是照片", photo(1))
    page.set_input_files(
        "#photos", [{"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"nothing"}]
    )
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".photo-words.field-error")).to_contain_text("这不是照片")
    assert issues_saying(server, "不是照片") == []
    page.locator(".photo-chosen li", has_text="这不是照片").get_by_role("button").click()
    # The first one is on the server already; now it is not wanted any more either.
    page.locator(".photo-chosen li").get_by_role("button").click()
    page.get_by_role("button", name="提交", exact=True).click()
    assert photos_of(server, await_ticket(page)) == []


def test_a_photo_that_went_ahead_and_was_swept_meanwhile_goes_again(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "隔了几天", photo(1), photo(2))
    page.route(
        re.compile("/issues/new$"),
        lambda route: (
            route.abort("connectionreset") if route.request.method == "POST" else route.continue_()
        ),
    )
    page.get_by_role("button", name="提交", exact=True).click()
    await_broken_page(page)
    window.complaints.clear()
    page.unroute_all()
    shutil.rmtree(server.data / "private" / "photos")
    page = window.go("/issues/new")
    expect(page.locator(".photo-chosen canvas")).to_have_count(2)
    page.locator(".photo-chosen button").first.click()
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page))) == 1


def test_more_photos_than_six_are_not_added(open_window: Open) -> None:
    page = open_window().go("/issues/new")
    page.set_input_files("#photos", [photo(n, 60, 40) for n in range(8)])
    expect(page.get_by_text("一次最多6张")).to_be_visible()
    expect(page.locator(".photo-chosen canvas")).to_have_count(6)


def test_staff_show_what_was_done_with_a_photo_made_smaller(
    open_window: Open, sign_in: SignIn, server: Running
) -> None:
    alice = open_window()
    write(alice, "扶手歪了，请扶正")
    number = alice.submit_report()
    leader, worker = sign_in("community_leader"), sign_in("worker")
    leader.make_move(
        number, "classify", severity_class="C", urgency="2", initial_opinion="下午去看。"
    )
    leader.make_move(number, "assign")
    page = worker.go(f"/staff/issues/{number}")
    box = page.locator("#move-progress")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    box.locator("[name=note]").fill("扶正了")
    big = photo(1, 3000, 2000)
    box.locator("#progress-photos").set_input_files(big)
    expect(box.locator(".photo-words", has_text="KB")).to_have_count(1)
    with page.expect_request(re.compile("/progress$")) as sent:
        box.locator("button[type=submit]").click()
    assert 10_000 < int(sent.value.all_headers()["content-length"]) < len(big["buffer"]) / 2
    page.wait_for_load_state()
    assert "已经保存" in page.inner_text("main")
    assert photos_of(server, number) == [(1600, 1067)]
    image = page.locator(".history .photos img").first
    image.scroll_into_view_if_needed()
    page.wait_for_function(
        "image => image.complete && image.naturalWidth", arg=image.element_handle()
    )


def test_an_expired_session_costs_nothing(open_window: Open, server: Running) -> None:
    window = open_window()
    page = write(window, "放了很久", photo(1))
    window.context.clear_cookies()
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page))) == 1


def test_what_is_missing_is_told_at_once_and_the_photos_stay(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "忘了打勾", photo(1))
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "13800000000")
    page.uncheck("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator(".photo-chosen canvas")).to_have_count(1)
    page.check("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    assert len(photos_of(server, await_ticket(page))) == 1
