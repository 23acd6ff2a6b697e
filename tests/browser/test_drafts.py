"""What was typed at the report form and not sent: kept on the phone, and forgotten."""

import json

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Open, next_page
from tests.browser.reporting import (
    await_draft,
    await_kept_photos,
    await_ticket,
    grow_old,
    held_one,
    issues_saying,
    kept_on_the_phone,
    photo,
    photos_of,
    ready_form,
    write,
)
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_was_typed_survives_a_closed_tab_and_is_gone_after_sending(
    open_window: Open, server: Running
) -> None:
    window = open_window()
    page = write(window, "关掉再打开", photo(1))
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "0797-0000-199")
    page.check("#consent")
    await_draft(page, "0797-0000-199")
    page.close()
    window.page = window.context.new_page()
    page = window.go("/issues/new")
    expect(page.get_by_text("上次没写完的内容还在")).to_be_visible()
    assert page.input_value("#description") == "关掉再打开"
    assert page.input_value("#reporter_phone") == "0797-0000-199"
    assert page.input_value("#estate_id") == "guiyuan"
    expect(page.locator(".photo-chosen canvas")).to_have_count(1)
    assert window.sideways() <= 0
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, "关掉再打开") == [number]
    assert len(photos_of(server, number)) == 1
    page.wait_for_function("() => !localStorage.getItem('report /issues/')")
    assert kept_on_the_phone(page) == (["report /issues/ place"], 0)
    page = window.go("/issues/new")
    ready_form(page)
    assert page.input_value("#description") == ""
    assert page.get_by_text("上次没写完").count() == 0


def test_on_a_shared_computer_one_button_erases_it_all(open_window: Open) -> None:
    window = open_window((1280, 800))
    page = write(window, "图书馆的电脑", photo(1))
    await_draft(page, "图书馆的电脑")
    page.reload()
    page.get_by_role("button", name="全部擦掉，重新写").click()
    expect(page.locator("#description")).to_have_value("")
    expect(page.locator(".photo-chosen li")).to_have_count(0)
    assert kept_on_the_phone(page) == ([], 0)


def test_a_draft_is_forgotten_after_seven_days(open_window: Open) -> None:
    window = open_window()
    page = write(window, "旧的")
    await_draft(page, "旧的")
    grow_old(window)
    page = window.go("/issues/new")
    ready_form(page)
    assert page.input_value("#description") == ""
    assert kept_on_the_phone(page) == ([], 0)


def test_the_place_is_remembered_and_can_be_forgotten(open_window: Open) -> None:
    window = open_window()
    page = write(window, "记住地点")
    page.fill("#location", "3栋")
    page.get_by_role("button", name="提交", exact=True).click()
    await_ticket(page)
    window.go("/venues/")  # an estate told once is known everywhere
    expect(page.get_by_text("走6分钟，实地走过").first).to_be_visible()
    page = window.go("/issues/new")
    ready_form(page)
    assert (page.input_value("#estate_id"), page.input_value("#location")) == ("guiyuan", "3栋")
    page.get_by_role("button", name="不要记住").click()
    assert page.input_value("#location") == ""
    page = window.go("/issues/new")
    ready_form(page)
    assert page.input_value("#estate_id") == ""
    assert kept_on_the_phone(page)[0] == []


def test_leaving_a_shared_computer_forgets_the_place_too(open_window: Open) -> None:
    window = open_window()
    page = write(window, "离开")
    page.get_by_role("button", name="提交", exact=True).click()
    await_ticket(page)
    window.go("/issues/")
    window.press("擦掉这台手机上的记录")
    assert kept_on_the_phone(page)[0] == []
    assert page.evaluate("localStorage.length") == 0


# A phone whose table takes a second to open.
SLOW_TABLE = """{
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...asked) {
    const opening = {};
    setTimeout(() => {
      const real = open.apply(this, asked);
      for (const name of ["result", "error"]) {
        Object.defineProperty(opening, name, { get: () => real[name] });
      }
      for (const name of ["onupgradeneeded", "onerror", "onsuccess"]) {
        real[name] = (event) => opening[name] && opening[name](event);
      }
    }, 1000);
    return opening;
  };
}"""


def test_whoever_leaves_a_shared_computer_leaves_no_photo_there_however_slow_it_is(
    open_window: Open,
) -> None:
    window = open_window()
    window.report("离开以前交的")
    page = write(window, "没写完就走了", photo(4))
    await_kept_photos(page, 1)
    page.add_init_script(SLOW_TABLE)
    ready_form(window.go("/issues/"))
    with next_page(page):
        page.get_by_role("button", name="擦掉这台手机上的记录", exact=True).dblclick()
    assert kept_on_the_phone(page) == ([], 0)


def test_nothing_is_kept_of_a_form_in_which_nobody_wrote(open_window: Open) -> None:
    window = open_window()
    ready_form(window.go("/issues/new"))
    page = window.go("/issues/")
    assert kept_on_the_phone(page) == ([], 0)
    assert json.loads(page.evaluate("JSON.stringify(localStorage)")) == {}


def test_what_was_written_before_the_scripts_came_is_kept_too(open_window: Open) -> None:
    window = open_window()
    held: list[Route] = []
    window.page.route("**/report.js*", lambda route: held.append(route))
    page = window.go("/issues/new")
    page.fill("#description", "网很慢，先写着")
    page.set_input_files("#photos", [photo(3)])
    expect(page.locator(".photo-chosen canvas")).to_have_count(1)
    held_one(page, held).continue_()
    await_draft(page, "网很慢，先写着")


# A phone that rings hides the page, and may then need its memory: nobody tells the page of that.
TAKEN_AWAY = "addEventListener('pagehide', (event) => event.stopImmediatePropagation(), true)"
RINGS = """() => {
  Object.defineProperty(document, "hidden", { value: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.parametrize("elder", [False, True])
def test_a_phone_that_rings_and_loads_the_page_anew_has_all_that_was_typed(
    open_window: Open, server: Running, elder: bool
) -> None:
    words = "写到一半来电话了，" + ("长辈" if elder else "普通")
    window = open_window(elder=elder)
    window.page.add_init_script(TAKEN_AWAY)
    page = write(window, "", photo(5), photo(6))
    page.click("#part-who > summary")
    page.fill("#reporter_phone", "0797-0000-198")
    page.check("#consent")
    await_kept_photos(page, 2)
    page.fill("#description", words)
    page.evaluate(RINGS)  # before any pause in typing
    page.reload()
    expect(page.locator("#description")).to_have_value(words)
    expect(page.locator(".photo-chosen canvas")).to_have_count(2)
    assert page.input_value("#reporter_phone") == "0797-0000-198"
    assert page.input_value("#estate_id") == "guiyuan"
    assert page.is_checked("#consent")
    page.get_by_role("button", name="提交", exact=True).click()
    number = await_ticket(page)
    assert issues_saying(server, words) == [number]
    assert len(photos_of(server, number)) == 2
