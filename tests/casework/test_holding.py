"""Tickets that browsers have open: moved with their key, ended by leaving and by another ticket."""

from datetime import timedelta

import pytest

from forms_app import queries
from forms_app.casework import Browser, erase_open_tickets, hold_ticket, leave_tickets, reissue
from forms_app.queries.people import held_issue
from forms_app.rules.keys import ticket_secret
from forms_app.rules.sessions import TICKET_LENGTH, TICKETS_HELD
from forms_app.store.models import Issue, OpenTicket
from tests.support.actors import CIRCLE, CODE_KEY, FIRST, NOW, SECOND, SERVER_KEY, WENDY

pytestmark = pytest.mark.usefixtures("database")


def show(number: str, came_with: str, key: str) -> bool:
    secret = ticket_secret(SERVER_KEY, f"form {number}")
    return hold_ticket(CODE_KEY, number, secret, Browser(came_with, key), now=NOW)


def held(key: str) -> set[str]:
    """What is open, by both ways in which it is asked: all of it, and each issue by itself."""
    now = NOW + timedelta(minutes=1)
    found = set(queries.held_numbers(key, now))
    numbers = [row.number for row in Issue.select(Issue.number)]
    assert {number for number in numbers if held_issue(key, number, now)} == found
    assert held_issue(key, "26\x000001", now) is None
    return found


def test_what_was_open_goes_over_to_the_new_key() -> None:
    assert show(FIRST, "", "one")
    assert show(SECOND, "one", "two")
    assert (held("one"), held("two")) == (set(), {FIRST, SECOND})


def test_the_same_press_twice_comes_to_the_same() -> None:
    assert show(FIRST, "", "one")
    assert show(SECOND, "one", "two")
    assert show(SECOND, "one", "two")
    assert (held("one"), held("two")) == (set(), {FIRST, SECOND})
    assert OpenTicket.select().count() == 2


def test_two_keys_with_the_same_issue_become_one() -> None:
    assert show(FIRST, "", "one")
    assert show(FIRST, "", "two")
    assert show(SECOND, "", "two")
    assert show(SECOND, "one", "two")
    assert (held("one"), held("two")) == (set(), {FIRST, SECOND})
    assert OpenTicket.select().count() == 2


def test_a_wrong_secret_opens_nothing_and_moves_nothing() -> None:
    assert show(FIRST, "", "one")
    assert not hold_ticket(CODE_KEY, SECOND, "0" * 12, Browser("one", "two"), now=NOW)
    assert (held("one"), held("two")) == ({FIRST}, set())


def test_another_ticket_ends_the_issue_everywhere_and_no_other_issue() -> None:
    assert show(FIRST, "", "one")
    assert show(SECOND, "one", "two")
    assert show(FIRST, "", "another")
    kept = CODE_KEY.hashed("1" * 12)
    reissue(CIRCLE, WENDY, FIRST, None, "回拨了电话", ticket_hash=kept, now=NOW)
    assert (held("two"), held("another")) == ({SECOND}, set())
    assert not show(FIRST, "", "another")


def test_leaving_ends_what_one_browser_has_open() -> None:
    assert show(FIRST, "", "one")
    assert show(FIRST, "", "another")
    leave_tickets("one")
    assert (held("one"), held("another")) == (set(), {FIRST})


def test_what_is_over_is_erased() -> None:
    assert show(FIRST, "", "one")
    assert erase_open_tickets(now=NOW + TICKET_LENGTH - timedelta(seconds=1)) == 0
    assert erase_open_tickets(now=NOW + TICKET_LENGTH) == 1
    assert TICKETS_HELD == 20
