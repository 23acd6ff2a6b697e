"""An address that nobody confirmed gets one letter a day, and no news."""

from datetime import datetime, timedelta

import pytest

from forms_app import casework
from forms_app.casework import Attempt, Ending
from forms_app.rules.keys import email_code
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.actors import CIRCLE, DAN, NOW, bring, make, submit

pytestmark = pytest.mark.usefixtures("database")

KEY = "k" * 40
ALICE_AT = "alice@example.org"


@pytest.fixture(autouse=True)
def nothing_told_yet(database: object) -> None:
    Notice.delete().execute()
    assert database is not None


def letters(now: datetime) -> list[tuple[str, list[str]]]:
    """What residents are written now: to whom, and of which events."""
    found = []
    for kind, recipient in casework.recipients_due(CIRCLE, now):
        message = casework.claim_message(CIRCLE, kind, recipient, now=now)
        if message is not None and kind == "resident":
            found.append((message.address, [row.event for row in message.notices]))
        if message is not None:
            casework.settle_message(message, Attempt(Ending.SENT), now=now)
    return found


def confirm(number: str, email: str = ALICE_AT) -> bool:
    return casework.confirm_email(number, email_code(KEY, number, email), KEY, now=NOW)


def test_forty_reports_with_a_strangers_address_send_it_one_letter_a_day_and_then_none() -> None:
    for count in range(40):
        submit(f"form {count}", reporter_email=ALICE_AT if count % 2 else ALICE_AT.upper())
    days = [len(letters(NOW + timedelta(hours=hours))) for hours in range(1, 24 * 9, 6)]
    assert days[0] == 1
    assert sum(days[:4]) == 1
    assert sum(days) <= 3
    assert sum(days[16:]) == 0


def test_news_waits_for_the_press_and_is_not_lost() -> None:
    number = submit("a form", reporter_email=ALICE_AT).number
    assert letters(NOW) == [(ALICE_AT, ["submit"])]
    make("classify", DAN, number, severity_class="C", urgency=2, initial_opinion="去看")
    later = NOW + timedelta(hours=1)
    assert letters(later) == []
    assert confirm(number)
    assert letters(later) == [(ALICE_AT, ["classify"])]


def test_only_the_code_of_this_issue_and_address_confirms_it() -> None:
    one, other = submit("one", reporter_email=ALICE_AT), submit("two", reporter_email=ALICE_AT)
    assert not casework.confirm_email(
        one.number, email_code(KEY, other.number, ALICE_AT), KEY, now=NOW
    )
    assert not casework.confirm_email(one.number, "键", KEY, now=NOW)
    assert not confirm(one.number, "bob@example.org")
    assert not confirm("999999")
    assert confirm(one.number)
    assert confirm(one.number)
    assert [row.confirmed_email for row in Issue.select().order_by(Issue.id.desc()).limit(2)] == [
        "", ALICE_AT
    ]  # fmt: skip


def test_another_address_is_asked_anew() -> None:
    bring(Step.CLASSIFIED, "C")
    number = submit("a form", reporter_email=ALICE_AT).number
    assert confirm(number)
    make("correct", DAN, number, field="reporter_email", new_value="bob@example.org", reason="写错")
    told = letters(NOW + timedelta(hours=1))
    assert [address for address, _ in told] == ["bob@example.org"]
    assert set(told[0][1]) <= {"submit", "confirm"}
    assert letters(NOW + timedelta(hours=2)) == []
    assert confirm(number, "bob@example.org")
