"""What residents and collectors hand in."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import (
    Intake,
    NotAllowed,
    NotPossible,
)
from forms_app.issues import sums
from forms_app.queries import broken_histories, other_deadlines
from forms_app.rules.keys import ticket_secret
from forms_app.rules.worktime import Clocks, DutyHours
from forms_app.store.counts import Counter
from tests.support.actors import (
    ALICE,
    CIRCLE,
    CODE_KEY,
    COLIN,
    DAN,
    ERIN,
    FIRST,
    HANDED_IN,
    NOW,
    SERVER_KEY,
    STAFF,
    STELLA,
    WENDY,
    dump,
    entries,
    issue,
    submit,
)
from tests.support.moves import A_MINUTE, last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")


def test_a_report_becomes_an_issue_whose_10_minutes_run() -> None:
    found = submit(
        "a new form", location="2栋", estate_id="guiyuan", category="noise",
        reporter_name="爱丽丝", reporter_phone="0797-0000-199",
    )  # fmt: skip
    kept = issue(found.number)
    assert kept.number == "260006"
    assert stands(kept.number) == ("collected", 1, None)
    assert (kept.location, kept.estate_id, kept.category) == ("2栋", "guiyuan", "noise")
    assert (kept.reporter_name, kept.reporter_phone) == ("爱丽丝", "0797-0000-199")
    assert kept.received_at == kept.consented_at == kept.round_started_at == NOW
    assert kept.opinion_due_at == NOW + timedelta(minutes=10)
    assert (kept.due_at, kept.opined_at, kept.caller, kept.collector) == (None, None, None, None)
    (entry,) = entries(kept.number)
    assert (entry.move, entry.from_step, entry.to_step) == ("submit", None, "collected")
    assert (entry.round_no, entry.to_round, entry.made_at) == (1, 1, NOW)
    assert entry.opinion_due_at == kept.opinion_due_at
    assert (entry.actor_role, entry.account) == ("resident", None)
    assert entry.resident_line == "已收到您反映的问题。"


def test_what_a_collector_hands_in_says_who_it_was() -> None:
    found = issue(HANDED_IN)
    assert found.collector_id == COLIN.account_id
    assert found.channel == "grid_worker"
    assert (last(HANDED_IN).actor_role, last(HANDED_IN).actor_name) == ("collector", "colin")


def test_the_same_form_twice_is_the_same_issue() -> None:
    first = submit("pressed twice")
    before = dump()
    assert submit("pressed twice", now=NOW + A_MINUTE).id == first.id
    assert dump() == before


def test_neither_the_forms_key_nor_the_tickets_secret_is_stored() -> None:
    text = repr(dump())
    assert f"form {FIRST}" not in text
    assert issue().ticket_hash == CODE_KEY.hashed(ticket_secret(SERVER_KEY, f"form {FIRST}"))


@pytest.mark.parametrize(
    ("report", "field"),
    [
        ({"description": " \n"}, "description"),
        ({"community_id": "nowhere"}, "community_id"),
        ({"community_id": ""}, "community_id"),
        ({"estate_id": "nowhere"}, "estate_id"),
        ({"estate_id": "xingyuan"}, "estate_id"),
        ({"category": "weather"}, "category"),
        ({"channel": "pigeon"}, "channel"),
    ],
)
def test_a_report_that_does_not_fit_the_circle_is_refused(
    report: dict[str, str], field: str
) -> None:
    with nothing_written(NotPossible, field):
        submit("a new form", **report)


@pytest.mark.parametrize("name", ["bob", "stan", "sunny", "ada"])
def test_who_meets_no_residents_submits_nothing(name: str) -> None:
    with nothing_written(NotAllowed):
        submit("a new form", STAFF[name])


@pytest.mark.parametrize("name", ["colin", "wendy", "dan", "stella"])
def test_staff_submit_on_somebodys_behalf_and_are_kept_as_who_collected_it(name: str) -> None:
    found = submit("a new form", STAFF[name], channel="phone")
    assert found.collector_id == STAFF[name].account_id
    assert (last(found.number).actor_role, last(found.number).actor_name) == (
        STAFF[name].role.value,
        name,
    )


def test_staff_of_one_community_submit_for_no_other() -> None:
    for actor in (WENDY, DAN):
        with nothing_written(NotPossible, "community_id"):
            submit("a new form", actor, community_id="yinxing")
    for actor in (COLIN, STELLA, ERIN):
        assert submit(f"form of {actor.name}", actor, community_id="yinxing").id


def test_the_10_minutes_run_from_when_it_was_really_received() -> None:
    yesterday = NOW - timedelta(days=1)
    found = submit("a note", WENDY, intake=Intake(yesterday), channel="phone")
    assert (found.received_at, found.round_started_at) == (yesterday, yesterday)
    # Nor does the look through the log take it for a change of the settings.
    assert broken_histories() == other_deadlines(CIRCLE) == []
    assert found.opinion_due_at == yesterday + timedelta(minutes=10)
    entry = last(found.number)
    assert (entry.made_at, entry.asked_at) == (NOW, yesterday)
    assert entry.resident_line == "已收到您反映的问题。收到的时间是11月22日 09:00。"


def test_an_opinion_given_on_the_telephone_is_entered_along_with_the_report() -> None:
    intake = Intake(NOW - 20 * A_MINUTE, "马上派人去看。", NOW - 15 * A_MINUTE)
    found = issue(submit("a call", WENDY, intake=intake, channel="phone").number)
    assert (found.initial_opinion, found.opined_at) == ("马上派人去看。", NOW - 15 * A_MINUTE)
    assert broken_histories() == other_deadlines(CIRCLE) == []
    assert (found.step, found.version) == ("collected", 2)
    first, second = entries(found.number)
    assert (first.move, second.move) == ("submit", "opine")
    assert (second.made_at, second.asked_at) == (NOW, NOW - 15 * A_MINUTE)
    assert second.resident_line == "社区答复您：马上派人去看。"
    assert broken_histories() == []


def test_an_opinion_counts_as_on_time_by_when_it_was_given_and_never_by_silence() -> None:
    def on_time() -> object:
        kept = sums.kept()
        return {
            key.rpartition(" ")[2]: count
            for (kind, key), count in kept.items()
            if kind == "answered_on_time" and " community " in key
        }

    long_ago = NOW - timedelta(days=2)
    submit("a", WENDY, intake=Intake(long_ago, "今天去看。", long_ago + 9 * A_MINUTE))
    assert on_time() == {"jingui": 1}
    submit("b", WENDY, intake=Intake(long_ago, "今天去看。", long_ago + 11 * A_MINUTE))
    submit("c", WENDY, intake=Intake(long_ago, "今天去看。"))
    assert on_time() == {"jingui": 1}


@pytest.mark.parametrize(
    ("intake", "field"),
    [
        (Intake(NOW + A_MINUTE), "received_at"),
        (Intake(NOW - timedelta(days=90, minutes=1)), "received_at"),
        (Intake(NOW - A_MINUTE, "去看。", NOW - 2 * A_MINUTE), "opined_at"),
        (Intake(NOW - A_MINUTE, "去看。", NOW + A_MINUTE), "opined_at"),
        (Intake(NOW - A_MINUTE, " ", NOW), "initial_opinion"),
    ],
)
def test_a_time_that_cannot_be_true_is_refused(intake: Intake, field: str) -> None:
    with nothing_written(NotPossible, field):
        submit("a new form", WENDY, intake=intake)


def test_who_may_give_no_opinion_enters_none() -> None:
    for actor in (COLIN, STELLA):
        with nothing_written(NotAllowed):
            submit("a new form", actor, intake=Intake(None, "去看。"))


def test_a_year_without_its_days_off_turns_no_resident_away_and_has_its_ten_minutes() -> None:
    office_hours = replace(CIRCLE, clocks=Clocks(duty=DutyHours(((510, 720),), workdays_only=True)))
    found = casework.submit(
        office_hours,
        ALICE,
        casework.Report("（示例）路面积水", "jingui"),
        form_key="late",
        ticket_hash="x" * 12,
        now=datetime.fromisoformat("2031-03-03T02:00:00Z"),
    )
    assert issue(found.number).opinion_due_at == datetime.fromisoformat("2031-03-03T02:10:00Z")
    assert found.number == "310001"


def test_numbers_start_again_each_year_by_the_clock_in_china() -> None:
    new_years_eve = datetime.fromisoformat("2026-12-31T15:59:59Z")
    assert submit("last of 2026", now=new_years_eve).number == "260006"
    assert submit("first of 2027", now=new_years_eve + timedelta(seconds=1)).number == "270001"


def test_after_number_9999_comes_10000() -> None:
    Counter.update(value=9998).execute()
    assert [submit(f"form {n}").number for n in range(2)] == ["269999", "2610000"]
