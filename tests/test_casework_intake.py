"""What residents and collectors hand in."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from forms_app import casework
from forms_app.casework import (
    NotAllowed,
    NotPossible,
)
from forms_app.models import (
    Counter,
)
from forms_app.worktime import Clocks, DutyHours
from tests.actors import (
    ALICE,
    CIRCLE,
    COLIN,
    FIRST,
    HANDED_IN,
    NOW,
    STAFF,
    dump,
    entries,
    issue,
    submit,
)
from tests.moves import A_MINUTE, last, nothing_written, stands

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
    assert "$argon2id$" in issue().ticket_hash


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


@pytest.mark.parametrize("name", [name for name in STAFF if name != "colin"])
def test_only_residents_and_collectors_submit(name: str) -> None:
    with nothing_written(NotAllowed):
        submit("a new form", STAFF[name])


def test_a_year_without_its_days_off_never_turns_a_resident_away() -> None:
    office_hours = replace(CIRCLE, clocks=Clocks(duty=DutyHours(((510, 720),), workdays_only=True)))
    found = casework.submit(
        office_hours,
        ALICE,
        casework.Report("（示例）路面积水", "jingui"),
        form_key="late",
        secret="x" * 12,
        now=datetime.fromisoformat("2031-03-03T02:00:00Z"),
    )
    assert issue(found.number).opinion_due_at is None
    assert found.number == "310001"


def test_numbers_start_again_each_year_by_the_clock_in_china() -> None:
    new_years_eve = datetime.fromisoformat("2026-12-31T15:59:59Z")
    assert submit("last of 2026", now=new_years_eve).number == "260006"
    assert submit("first of 2027", now=new_years_eve + timedelta(seconds=1)).number == "270001"


def test_after_number_9999_comes_10000() -> None:
    Counter.update(value=9998).execute()
    assert [submit(f"form {n}").number for n in range(2)] == ["269999", "2610000"]
