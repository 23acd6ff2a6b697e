"""Who left a telephone number is rung: written with the move, ended by itself or by one press."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import IssueUnknown, NotAllowed, NotPossible
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.models import ContactAttempt, Issue
from forms_app.store.notices import PhoneDuty
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    COLIN,
    DAN,
    FIRST,
    FRANK,
    NOW,
    SECOND,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    bring,
    entries,
    issue,
    make,
    next_moment,
    open_district,
)
from tests.support.moves import nothing_written

pytestmark = pytest.mark.usefixtures("database")

PHONE = "138-0000-0000"
QUIET = replace(CIRCLE, quiet_hours=None)


@pytest.fixture(autouse=True)
def left_a_phone(database: object) -> None:
    assert database is not None
    leaves(reporter_phone=PHONE)


def leaves(number: str = FIRST, **left: Any) -> None:
    Issue.update(**left).where(Issue.number == number).execute()


def duties(number: str = FIRST) -> list[tuple[str, str]]:
    """What each was for, and what ended it."""
    rows = PhoneDuty.select().where(PhoneDuty.issue == issue(number)).order_by(PhoneDuty.id)
    for row in rows:
        assert (row.ended_at is None) == (row.ended_by == "")
    is_open = any(not row.ended_by for row in rows)
    assert (issue(number).ring_since is not None) == is_open
    return [(row.event, row.ended_by) for row in rows]


def board_of(*actors: Any) -> list[list[str]]:
    return [[row.number for row in queries.to_ring(actor).rows] for actor in actors]


def test_the_first_answer_the_result_and_the_reminders_are_to_be_told() -> None:
    make("opine", WENDY)
    assert duties() == [("opinion", "")]
    make("classify", DAN)  # what follows the first answer is promised in writing
    make("assign", DAN)
    assert duties() == [("opinion", "")]
    make("resolve", WENDY)
    assert duties() == [("opinion", "newer"), ("outcome", "")]
    since = issue().evaluating_since
    for day in (1, 3, 7):
        casework.remind(QUIET, now=since + timedelta(days=day))
        casework.remind(QUIET, now=since + timedelta(days=day))
    assert [event for event, _ in duties()] == ["opinion", "outcome", *["verdict"] * 3]
    assert [ended for _, ended in duties()] == [*["newer"] * 4, ""]
    make("evaluate", ALICE, satisfaction=5, now=since + timedelta(days=8))
    assert duties()[-1] == ("verdict", "over")


@pytest.mark.parametrize(
    ("left", "is_rung"),
    [
        ({"reporter_phone": ""}, False),
        ({"reporter_phone": "不留"}, False),
        ({"tell_by": "phone"}, True),
        ({"tell_by": "phone", "reporter_email": "a@b.cn", "confirmed_email": "a@b.cn"}, True),
        ({"tell_by": "self"}, False),
        ({"tell_by": "sms"}, False),  # once it turned out not to go
        ({"tell_by": "email", "reporter_email": "a@b.cn", "confirmed_email": "a@b.cn"}, False),
        ({"tell_by": "email", "reporter_email": "a@b.cn"}, True),  # nobody confirmed it
        ({"reporter_email": "a@b.cn", "confirmed_email": "a@b.cn"}, False),
    ],
)
def test_who_chose_it_or_has_no_other_way_is_rung(left: dict[str, str], is_rung: bool) -> None:
    leaves(**left)
    make("opine", WENDY)
    assert duties() == [("opinion", "")] * is_rung


def test_what_was_answered_on_the_spot_or_passed_on_is_told_as_well() -> None:
    make("settle", WENDY)
    assert duties() == [("outcome", "")]
    leaves(SECOND, reporter_phone=PHONE)
    make("transfer", DAN, SECOND)
    assert duties(SECOND) == [("transferred", "")]


@pytest.mark.parametrize("severity_class", ["B", "A"])
def test_a_result_of_units_is_told_once_it_was_handed_on(severity_class: str) -> None:
    bring(Step.REPORTED, severity_class)
    assert [event for event, _ in duties()] == ["opinion"]
    make("relay", DAN if severity_class == "B" else STELLA)
    assert duties()[-1] == ("outcome", "")


def test_one_press_says_that_they_were_told_and_their_page_says_so() -> None:
    make("opine", WENDY)
    entry = make("ring", WENDY)
    assert duties() == [("opinion", "reached")]
    assert (entry.resident_line, entry.note) == ("已电话告知。", "告诉初步答复")
    assert issue().step == "collected"
    with nothing_written(NotAllowed):
        make("ring", DAN)


def test_who_may_not_ring_does_not() -> None:
    make("opine", WENDY)
    for actor in (BOB, COLIN, SUNNY, ALICE, FRANK):
        with nothing_written():
            make("ring", actor)


def test_tries_in_vain_are_counted_with_their_time_and_three_days_are_enough() -> None:
    make("opine", WENDY)
    started = next_moment(FIRST)
    for hours in (0, 1, 24):
        make("contact", WENDY, now=started + timedelta(hours=hours))
    (row,) = queries.to_ring(WENDY).rows
    assert (row.tries, row.tried_at) == (3, started + timedelta(hours=24))
    make("contact", WENDY, reached="reached", now=started + timedelta(hours=25))
    make("contact", WENDY, how="visit", now=started + timedelta(hours=26))
    assert queries.to_ring(WENDY).rows[0].tries == 3
    make("contact", WENDY, now=started + timedelta(hours=48))
    assert duties() == [("opinion", "unreached")]


def test_a_try_while_a_verdict_is_waited_for_counts_for_both() -> None:
    bring(Step.EVALUATING)
    make("contact", WENDY)
    assert ContactAttempt.select().count() == 1
    assert queries.to_ring(DAN).rows[0].tries == 1


def test_who_has_looked_since_need_not_be_told() -> None:
    make("opine", WENDY)
    known = issue()
    casework.looked_at(known.id, now=known.ring_since - timedelta(seconds=1))
    assert duties() == [("opinion", "")]
    casework.looked_at(known.id, now=known.ring_since)
    assert duties() == [("opinion", "seen")]
    casework.looked_at(known.id, now=known.ring_since or NOW)
    assert issue().version == known.version


@pytest.mark.parametrize(
    ("move", "actor", "what"),
    [
        ("withdraw", ALICE, {}),
        ("correct", DAN, {"field": "reporter_phone", "new_value": "", "reason": "号码不对。"}),
    ],
)
def test_it_ends_where_there_is_nothing_to_tell_or_no_number(
    move: str, actor: Any, what: dict[str, str]
) -> None:
    make("opine", WENDY)
    make(move, actor, **what)
    assert duties() == [("opinion", "over")]


def test_it_ends_with_the_round_and_when_three_tries_were_enough() -> None:
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=1, comment="没好。")
    assert duties()[-1] == ("outcome", "over")
    leaves(SECOND, reporter_phone=PHONE)
    bring(Step.SHELVED, number=SECOND)
    assert duties(SECOND)[-1] == ("outcome", "over")


def test_erased_contacts_are_rung_by_nobody() -> None:
    make("opine", WENDY)
    casework.erase_asked_for(FIRST, now=NOW)
    assert duties() == [("opinion", "over")]
    assert entries()[-1].field == "reporter_contact"


def test_who_follows_is_rung_too_but_of_an_incident_nobody_is() -> None:
    leaves(reporter_phone="")
    for number, of_incident in ((SECOND, ""), (THIRD, "reported")):
        leaves(number, of_incident="")
        leaves(FIRST, reporter_phone=PHONE, step="collected")
        PhoneDuty.delete().execute()
        Issue.update(ring_since=None, merged_into=None).execute()
        make("merge", DAN, FIRST, into=number)
        leaves(number, of_incident=of_incident)
        make("settle", WENDY, number)
        assert duties(FIRST) == ([("outcome", "")] if not of_incident else [])


def test_only_who_rings_reads_it_and_each_of_their_own() -> None:
    make("opine", WENDY)
    open_district()
    seen = board_of(WENDY, DAN, FRANK, STELLA, SUNNY, BOB, COLIN)
    assert seen == [[FIRST], [FIRST], [], [], [], [], []]


def test_where_nobody_leads_whoever_stands_in_rings() -> None:
    make("opine", WENDY)
    leads = (Account.community_id == "jingui") & (Account.role == DAN.role.value)
    Account.update(disabled_at=NOW).where(leads).execute()
    assert board_of(STELLA, WENDY, SUNNY) == [[FIRST], [FIRST], []]
    make("ring", STELLA)
    assert duties() == [("opinion", "reached")]


def test_how_they_are_told_is_chosen_by_who_holds_the_ticket_and_of_what_was_left() -> None:
    make("opine", WENDY)
    with nothing_written(NotPossible, "tell_by"):
        casework.choose_telling(ALICE, FIRST, "email", now=NOW)
    with nothing_written(NotPossible, "tell_by"):
        casework.choose_telling(ALICE, FIRST, "x", now=NOW)
    with nothing_written(IssueUnknown):
        casework.choose_telling(ALICE, SECOND, "self", now=NOW)
    casework.choose_telling(ALICE, FIRST, "sms", now=NOW)
    assert duties() == [("opinion", "")]  # what nobody has told yet is not forgotten for it
    casework.choose_telling(ALICE, FIRST, "self", now=NOW)
    assert duties() == [("opinion", "over")]


def test_a_list_is_short_and_the_oldest_stand_first() -> None:
    make("opine", WENDY)
    leaves(SECOND, reporter_phone=PHONE)
    make("opine", WENDY, SECOND, now=NOW)
    assert board_of(WENDY) == [[SECOND, FIRST]]
    assert not queries.to_ring(WENDY).is_cut
