"""What a browser has open is kept on the server: leaving and another ticket end it at once."""

from datetime import timedelta

import pytest

from forms_app import casework
from forms_app.rules.lengths import CARRIED_LETTERS
from forms_app.rules.sessions import TICKET_LENGTH, key_after
from forms_app.store.models import OpenTicket
from tests.support.statements import statements
from tests.support.web import House, Visitor, form_on, main_of, ticket_on

KEPT = casework.holding.MOST_BROWSERS


def copy_of(visitor: Visitor) -> Visitor:
    """Another browser with the same cookie, as a thief would have it."""
    name = visitor.house.app.config["SESSION_COOKIE_NAME"]
    cookie = visitor.client.get_cookie(name)
    assert cookie is not None
    thief = visitor.house.visitor()
    thief.client.set_cookie(name, cookie.value)
    return thief


def cookie_of(visitor: Visitor) -> str:
    """All that the cookie holds, as whoever has it can read it."""
    with visitor.client.session_transaction() as session:
        return repr(dict(session))


def opens(visitor: Visitor, number: str) -> bool:
    return visitor.get(f"/issues/{number}").status_code == 200


def shown(visitor: Visitor, ticket: str) -> bool:
    return visitor.fill("/issues/", {"ticket": ticket}).status_code == 303


def reissued(house: House, number: str) -> str:
    """The new ticket, as staff read it out."""
    staff = house.staff("worker")
    answer = staff.move(number, "reissue", {"identity": "回拨了登记的电话"})
    cookie = cookie_of(staff)
    ticket = ticket_on(staff.get(answer.location))
    assert ticket is not None
    assert ticket not in cookie
    return ticket


def test_no_cookie_holds_a_ticket_or_the_number_that_it_opens(house: House) -> None:
    alice = house.visitor()
    sent = alice.fill(
        "/issues/new", {"description": "灯不亮", "community_id": "jingui", "consent": "y"}
    )
    number = sent.location.rsplit("/", 1)[-1]
    before = cookie_of(alice)
    ticket = ticket_on(alice.get(sent.location)) or "-"
    again = alice.get(sent.location)
    secret = ticket.partition("-")[2]
    for cookie in (before, cookie_of(alice)):
        assert secret not in cookie
        assert secret.replace("-", "") not in cookie
    assert ticket in again.text.partition("再看一次查询码")[2]
    bob = house.visitor()
    assert shown(bob, ticket)
    assert number not in cookie_of(bob)
    assert secret not in cookie_of(bob)


def test_a_copy_of_the_cookie_opens_nothing_after_leaving(house: House) -> None:
    alice = house.visitor()
    number, ticket = alice.report()
    thief = copy_of(alice)
    assert opens(thief, number)
    alice.submit(alice.get("/issues/"), "/issues/leave")
    for path in ("", "/news", "/ticket.svg", "/withdraw"):
        assert thief.get(f"/issues/{number}{path}").status_code in (403, 404), path
    assert OpenTicket.select().count() == 0
    # Nor when its resident comes back with the same browser.
    assert shown(alice, ticket)
    assert (opens(alice, number), opens(thief, number)) == (True, False)


def test_signing_out_of_a_browser_closes_its_tickets_too(house: House) -> None:
    worker = house.staff("worker")
    number, _ = worker.report()
    thief = copy_of(worker)
    worker.submit(worker.get("/staff/"), "/staff/logout")
    assert not opens(thief, number)


def test_a_ticket_that_was_replaced_ends_every_browser_that_held_it(house: House) -> None:
    alice, bob = house.visitor(), house.visitor()
    number, old = alice.report()
    other, _ = alice.report(description="井盖松了")
    assert shown(bob, old)
    thief = copy_of(alice)
    new = reissued(house, number)
    assert [opens(one, number) for one in (alice, bob, thief)] == [False, False, False]
    assert bob.get(f"/issues/{number}/news").status_code == 403
    assert opens(alice, other)  # of another ticket nothing was said
    assert shown(alice, new)
    assert [opens(one, number) for one in (alice, bob, thief)] == [True, False, False]
    assert old not in alice.get(f"/issues/{number}").text
    assert opens(alice, other)


def test_a_report_sent_again_does_not_bring_a_replaced_ticket_back(house: House) -> None:
    alice = house.visitor()
    page = alice.get("/issues/new")
    fields = {"description": "楼道灯不亮", "community_id": "jingui", "consent": "y"}
    sent = alice.submit(page, "/issues/new", fields)
    number = sent.location.rsplit("/", 1)[-1]
    twice = alice.submit(page, "/issues/new", fields)
    assert twice.location == sent.location
    assert opens(alice, number)
    reissued(house, number)
    assert alice.submit(page, "/issues/new", fields).location == sent.location
    assert not opens(alice, number)


def test_a_button_pressed_twice_loses_nothing_that_was_open(house: House) -> None:
    alice, other = house.visitor(), house.visitor()
    mine, _ = alice.report()
    theirs, ticket = other.report(description="井盖松了")
    page, twin = alice.get("/issues/"), copy_of(alice)  # both presses come with the same cookie
    for one in (alice, twin):
        assert one.submit(page, "/issues/", {"ticket": ticket}).status_code == 303
    for one in (alice, twin):
        assert (opens(one, mine), opens(one, theirs)) == (True, True)


def test_a_former_key_opens_nothing_that_came_later(house: House) -> None:
    alice = house.visitor()
    first, _ = alice.report()
    thief = copy_of(alice)
    second, _ = alice.report(description="井盖松了")
    assert (opens(alice, first), opens(alice, second)) == (True, True)
    assert (opens(thief, first), opens(thief, second)) == (False, False)


def test_an_old_cookie_is_asked_for_its_ticket_and_gives_up_what_it_held(house: House) -> None:
    number, ticket = house.visitor().report()
    old = house.visitor()
    with old.client.session_transaction() as session:
        session.update(held=[number], own_ticket=ticket, new_ticket=ticket, alone=[number])
    page = old.get(f"/issues/{number}")
    assert page.status_code == 403
    assert "请先填写查询码" in main_of(page)
    assert ticket not in cookie_of(old)
    assert "held" not in cookie_of(old)
    assert shown(old, ticket)
    assert opens(old, number)


@pytest.mark.parametrize("held", [7, None, ["a"], {"a": 1}, "x" * 3000, "\ud800", ""])
def test_a_key_of_another_kind_opens_nothing(house: House, held: object) -> None:
    number, ticket = house.visitor().report()
    visitor = house.visitor()
    with visitor.client.session_transaction() as session:
        session["tickets"] = held
    assert visitor.get(f"/issues/{number}").status_code == 403
    assert visitor.get("/issues/").status_code == 200
    assert shown(visitor, ticket)
    assert opens(visitor, number)


def test_a_ticket_stays_open_thirty_days_and_is_erased_then(house: House) -> None:
    alice = house.visitor()
    number, ticket = alice.report()
    house.later(days=29, hours=23)
    assert opens(alice, number)
    assert casework.erase_open_tickets(now=house.now) == 0
    house.later(hours=1)
    assert not opens(alice, number)
    assert casework.erase_open_tickets(now=house.now) == 1
    assert shown(alice, ticket)
    house.later(days=29)
    assert opens(alice, number)


def test_shown_again_it_stays_open_from_then_on(house: House) -> None:
    alice = house.visitor()
    number, ticket = alice.report()
    house.later(days=29)
    assert shown(alice, ticket)
    house.later(days=29)
    assert opens(alice, number)
    assert OpenTicket.select().count() == 1


def test_a_browser_has_twenty_open_and_an_issue_is_open_in_fifty(house: House) -> None:
    alice = house.visitor()
    told = [alice.report(description=f"第{n}件") for n in range(21)]
    assert (opens(alice, told[0][0]), opens(alice, told[1][0])) == (False, True)
    number, ticket = told[-1]
    browsers = [house.visitor() for _ in range(KEPT)]
    assert all(shown(one, ticket) for one in browsers)
    rows = OpenTicket.select().where(OpenTicket.issue == house.issue(number))
    assert rows.count() == KEPT
    assert (opens(alice, number), opens(browsers[0], number)) == (False, True)


@pytest.mark.parametrize("path", ["/issues/", "/issues/new", "/issues/260001/news"])
def test_nobody_is_looked_for_without_a_key(house: House, path: str) -> None:
    visitor = house.visitor()
    visitor.get(path)
    with statements() as sent:
        visitor.get(path)
    assert [sql for sql in sent if "open_ticket" in sql] == []


def test_a_page_looks_once(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    with statements() as sent:
        assert opens(alice, number)
    assert len([sql for sql in sent if "open_ticket" in sql]) == 1


def test_a_backup_put_in_again_opens_nothing(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    casework.end_every_session()
    assert not opens(alice, number)


def test_a_key_leads_to_the_same_next_one_with_the_same_ticket_alone() -> None:
    first = key_after("server", "key", "SECRET")
    others = (("other", "key", "SECRET"), ("server", "yek", "SECRET"), ("server", "key", "S"))
    assert key_after("server", "key", "SECRET") == first
    assert first not in [key_after(*other) for other in others]
    assert key_after("server", "", "SECRET") != key_after("server", "", "SECRET")
    assert timedelta(days=30) == TICKET_LENGTH


def test_the_form_of_a_shared_browser_says_that_it_may_leave(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    page = alice.get("/issues/")
    assert number in main_of(page)
    assert form_on(page, "/issues/leave").action == "/issues/leave"


def test_a_wrong_letter_and_a_code_cut_short_are_told_apart_and_kept(house: House) -> None:
    number, ticket = house.visitor().report()
    last = "A" if ticket[-1] != "A" else "B"
    for typed, said in (
        (ticket[:-1] + last, "没有找到这个查询码"),
        (number, "查询码是四组"),
        (ticket[:-5], "查询码是四组"),
        ("999999" + ticket[6:], "没有找到这个查询码"),
    ):
        page = house.visitor().fill("/issues/", {"ticket": typed})
        assert page.status_code == 422
        assert said in page.text
        assert ("补发过的，要用新的" in page.text) == said.startswith("没有找到")
        assert form_on(page, "/issues/").value("ticket") == typed


def test_the_search_in_the_head_takes_all_that_the_search_does(house: House) -> None:
    head = house.visitor().get("/issues/").text
    assert f'id="site-search" name="q" type="search" maxlength="{CARRIED_LETTERS}"' in head
