"""A ticket opens its own issue, and a lost key is noticed before a resident is turned away."""

import pytest

from forms_app.casework import forget_codes, is_code_key, open_ticket
from forms_app.rules.keys import CodeKey, hash_secret, key_name, ticket_secret
from forms_app.store.models import Issue
from tests.support.actors import CODE_KEY, FIRST, NOW, SECOND, SERVER_KEY, dump, issue

pytestmark = pytest.mark.usefixtures("database")

SECRET = ticket_secret(SERVER_KEY, f"form {FIRST}")


def test_a_ticket_opens_its_own_issue_and_no_other() -> None:
    before = dump()
    assert open_ticket(CODE_KEY, FIRST, SECRET, now=NOW)
    assert not open_ticket(CODE_KEY, SECOND, SECRET, now=NOW)
    assert not open_ticket(CODE_KEY, "269999", SECRET, now=NOW)
    assert not open_ticket(CODE_KEY, FIRST, "0" * 12, now=NOW)
    assert dump() == before


def test_a_ticket_of_before_opens_and_is_kept_under_the_key_from_then_on() -> None:
    Issue.update(ticket_hash=hash_secret(SECRET)).where(Issue.number == FIRST).execute()
    assert not open_ticket(CODE_KEY, FIRST, "0" * 12, now=NOW)
    assert key_name(issue().ticket_hash) == ""
    assert open_ticket(CODE_KEY, FIRST, SECRET, now=NOW)
    assert issue().ticket_hash == CODE_KEY.hashed(SECRET)
    assert open_ticket(CODE_KEY, FIRST, SECRET, now=NOW)


def test_another_key_is_told_from_the_one_that_tickets_are_kept_under() -> None:
    assert [is_code_key(key) for key in (CODE_KEY, CODE_KEY)] == [True, True]
    assert not is_code_key(CodeKey("made anew"))
    assert is_code_key(CODE_KEY)


def test_the_office_goes_on_without_the_lost_key_and_its_tickets() -> None:
    assert is_code_key(CODE_KEY)
    fresh = CodeKey("made anew")
    forget_codes(fresh, now=NOW)
    assert is_code_key(fresh)
    assert not open_ticket(fresh, FIRST, SECRET, now=NOW)
