"""Names, phones and notices are erased when their time is over, and nothing else is."""

from datetime import timedelta

import peewee
import pytest

from forms_app import casework, queries
from forms_app.rules.notices import State
from forms_app.rules.steps import Step
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    CIRCLE,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    THIRD,
    bring,
    dump,
    entries,
    issue,
)

pytestmark = pytest.mark.usefixtures("database")

THREE_YEARS = timedelta(days=3 * 365.25 + 1)


@pytest.fixture(autouse=True)
def _everybody_left_a_phone(database: peewee.Database) -> None:  # noqa: ARG001 (must be open)
    Issue.update(reporter_name="爱丽丝", reporter_phone="0797-0000-199").execute()


def with_contacts() -> set[str]:
    return {row.number for row in Issue.select() if row.reporter_name or row.reporter_phone}


def test_only_ended_issues_whose_last_move_is_three_years_ago_lose_their_contacts() -> None:
    bring(Step.CLOSED, number=FIRST)
    bring(Step.WITHDRAWN, number=SECOND)
    bring(Step.EVALUATING, number=THIRD)
    before = with_contacts()
    ended_at = entries(FIRST)[-1].made_at
    assert casework.erase_contacts(CIRCLE, now=ended_at + THREE_YEARS) == 2
    assert with_contacts() == before - {FIRST, SECOND}
    assert (issue(FIRST).reporter_name, issue(FIRST).reporter_phone) == ("", "")
    # The next night finds nothing left to say.
    assert casework.erase_contacts(CIRCLE, now=ended_at + THREE_YEARS + timedelta(days=1)) == 0


def test_a_day_too_early_nothing_is_erased() -> None:
    bring(Step.CLOSED)
    before = dump()
    now = entries()[-1].made_at + THREE_YEARS - timedelta(days=2)
    assert casework.erase_contacts(CIRCLE, now=now) == 0
    assert dump() == before


def test_the_very_day_counts_by_the_hour() -> None:
    bring(Step.CLOSED)
    ended_at = entries()[-1].made_at
    limit = timedelta(days=1096)
    assert casework.erase_contacts(CIRCLE, now=ended_at + limit) == 0
    assert casework.erase_contacts(CIRCLE, now=ended_at + limit + timedelta(seconds=1)) == 1


def test_a_resident_who_asks_has_only_their_own_erased_at_once() -> None:
    assert casework.erase_asked_for(HANDED_IN, now=NOW)[0] == 1
    assert HANDED_IN not in with_contacts()
    assert len(with_contacts()) == 4


def test_the_history_says_that_it_was_erased_and_not_what() -> None:
    casework.erase_asked_for(FIRST, now=NOW)
    entry = entries()[-1]
    assert (entry.move, entry.actor_name) == ("correct", "系统")
    assert entry.resident_line == "您的称呼、电话和邮箱已经删除。"
    assert "爱丽丝" not in repr(entry.__data__)
    assert queries.broken_histories() == []


def test_what_is_erased_once_is_not_erased_again() -> None:
    casework.erase_asked_for(FIRST, now=NOW)
    before = dump()
    assert casework.erase_asked_for(FIRST, now=NOW)[0] == 0
    assert dump() == before


NINETY_DAYS = timedelta(days=90)
OVER = ("sent", "lapsed", "shared", "no_channel")


@pytest.mark.parametrize("state", [state.value for state in State])
def test_a_notice_is_erased_90_days_after_it_was_over_and_never_while_it_may_go_out(
    state: str,
) -> None:
    told = Notice.select().count()
    assert told >= 5
    Notice.update(state=state).execute()
    entries_before = Entry.select().count()
    assert casework.erase_notices(now=NOW + NINETY_DAYS) == 0
    erased = casework.erase_notices(now=NOW + NINETY_DAYS + timedelta(minutes=1))
    assert erased == (told if state in OVER else 0)
    assert Notice.select().count() == told - erased
    assert Entry.select().count() == entries_before


def test_a_notice_that_went_out_late_is_kept_from_then_on() -> None:
    late = NOW + timedelta(days=50)
    Notice.update(state="sent", sent_at=late).execute()
    assert casework.erase_notices(now=late + NINETY_DAYS) == 0
    assert casework.erase_notices(now=late + NINETY_DAYS + timedelta(minutes=1)) > 0


def test_a_reminder_whose_notice_was_erased_is_not_told_again() -> None:
    later = NOW + timedelta(days=1)
    casework.remind(CIRCLE, now=later)
    Notice.update(state="sent", sent_at=later).execute()
    much_later = later + NINETY_DAYS + timedelta(minutes=1)
    assert casework.erase_notices(now=much_later) > 0
    casework.remind(CIRCLE, now=much_later)
    assert Notice.select().where(Notice.event == "overdue_opinion").count() == 0
