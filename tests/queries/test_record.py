"""The record of the months: counted as by hand, kept as by a recount, and nothing small found."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from peewee import fn

from forms_app import queries
from forms_app.issues import monthly, sums
from forms_app.issues.access import resident
from forms_app.rules.figures import COUNTS, PARTS, TIMES, WHOLE_OF, minutes_up
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from tests.queries.test_tallies import a_small_story, figures, multiplied
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    SECOND,
    THIRD,
    WENDY,
    bring,
    make,
    submit,
)

SPRING = datetime.fromisoformat("2027-02-02T00:00:00Z")  # a quarter is over, and a month more


def of(rows: Iterable[Mapping[str, Any]], **what: object) -> dict[str, Any]:
    """The one row of which this is so."""
    (found,) = [dict(row) for row in rows if what.items() <= row.items()]
    return found


# By hand


@pytest.mark.usefixtures("database")
def test_the_small_story_as_by_hand() -> None:
    """Answered after 0, 10 minutes, and 10 minutes and a second; two results in time, one of them
    judged well in December, the other badly in November.
    """
    a_small_story()
    multiplied(10)
    told = figures(SPRING)
    november = of(told["record"]["months"], month="2026-11")
    assert november == {
        "month": "2026-11", "received": 50, "answered": 30, "answered_within_ten": 20,
        "answered_on_time": 20, "off_duty": 0, "finished": 20, "finished_on_time": 20, "desk": 0,
        "extended": 0, "escalated": 0, "called": None, "units_in_time": None, "median": 10,
        "ninth": 11,
    }  # fmt: skip
    rows = told["record"]["quarters"]
    noise = of(rows, quarter="2026-Q4", by="kind", key="noise")
    assert [noise[code] for code in ("answered", "answered_within_ten", "finished")] == [20, 10, 20]
    graded = of(rows, quarter="2026-Q4", by="urgency", key="2")
    assert (graded["finished"], graded["finished_on_time"]) == (20, 20)
    times = {row["key"]: row["answered"] for row in told["record"]["times"]}
    assert {key: count for key, count in times.items() if count} == {"0": 10, "3": 10, "4": 10}
    hours = [row for row in told["record"]["arrivals"] if row["received"]]
    assert [(row["by"], row["key"], row["received"]) for row in hours] == [
        ("hour", "2", 50), ("weekday", "1", 50),
    ]  # fmt: skip
    assert told["record"]["asked"] == [
        {"quarter": "2026-Q4", "asked": 20, "own": 20, "entered": 0, "unanswered": 0}
    ]
    # Who was not satisfied in November is not waited for; who was in December, still was.
    waited = of(told["record"]["unanswered"], month="2026-11", what="evaluating", age=0)
    assert waited["number"] == 10
    (step,) = told["own_steps"]
    assert step["first"] == {
        "count": 20, "satisfied": 10, "levels": {"5": 0, "4": 10, "3": 0, "2": 0, "1": 10},
    }  # fmt: skip
    assert step["recurred"] == 0
    community = of(step["places"], by="community", key="jingui")
    assert (community["count"], community["satisfied"]) == (20, 10)


@pytest.mark.usefixtures("database")
def test_what_was_put_off_passed_on_answered_at_once_or_came_by_night() -> None:
    sums.recount()
    make("classify", DAN, FIRST, urgency=1)
    due = (NOW + timedelta(days=3)).date()
    make("extend", DAN, FIRST, reason="等配件。", new_due_on=due)
    make("assign", DAN, FIRST)
    make("resolve", WENDY, FIRST, now=NOW + timedelta(days=9))  # too late all the same
    kept = sums.kept()
    assert kept["extended", "2026-12 community jingui"] == 1
    assert kept["finished", "2026-12 urgency 1"] == 1
    assert kept["finished_on_time", "2026-12 urgency 1"] == 0
    assert kept["escalated", "2026-12 community jingui"] == 0
    # It waits to be judged since December, and is asked once however long that takes.
    assert kept[monthly.ASKED, "2026-12"] == kept[monthly.EVALUATING, "2026-12"] == 1
    make("evaluate", ALICE, FIRST, satisfaction=5, now=NOW + timedelta(days=40))
    kept = sums.kept()
    assert kept[monthly.ASKED, "2026-12 2027-01 own"] == 1
    assert kept[monthly.EVALUATING, "2026-12"] == 0
    assert kept[monthly.OWN_PLACE, "2027-01 community jingui 5"] == 1
    # It came again a day later: no second round of the same.
    make("reopen", resident(FIRST), FIRST, reason="又坏了。", now=NOW + timedelta(days=41))
    assert sums.kept()[monthly.RECURRED, "2027-01 2027-01"] == 1
    assert queries.sums_hold()


@pytest.mark.usefixtures("database")
def test_a_unit_answers_in_time_or_not_by_the_month_in_which_it_was_to() -> None:
    sums.recount()
    make("classify", DAN, SECOND, severity_class="B")
    make("summon", DAN, SECOND)
    called = {key: n for (kind, key), n in sums.kept().items() if kind == "called"}
    assert sum(n for key, n in called.items() if " community " in key) >= 1
    assert not [key for kind, key in sums.kept() if kind == "units_in_time"]
    assert queries.sums_hold()


@pytest.mark.usefixtures("database")
def test_whoever_judges_again_is_counted_in_the_first_round_and_in_the_last() -> None:
    sums.recount()
    bring(Step.EVALUATING, "C", THIRD)
    make("evaluate", resident(THIRD), THIRD, satisfaction=1, comment="不行。")
    bring_on_again = NOW + timedelta(days=20)
    make("classify", DAN, THIRD, severity_class="C", now=bring_on_again)
    make("assign", DAN, THIRD, now=bring_on_again)
    make("resolve", WENDY, THIRD, now=bring_on_again)
    make("evaluate", resident(THIRD), THIRD, satisfaction=4, now=bring_on_again)
    kept = sums.kept()
    assert kept[monthly.OWN_ROUND, "2026-11 1 1"] == kept[monthly.OWN_ROUND, "2026-12 2 4"] == 1
    assert kept[monthly.OWN_FOLLOWED, "2026-11 2026-12 1"] == 1
    # Only the first time is told of in public: a second one says what the first verdict was.
    assert [key for kind, key in kept if kind == monthly.ASKED] == ["2026-11 2026-11 own"]
    assert queries.sums_hold()


@pytest.mark.usefixtures("database")
def test_a_month_without_anything_is_a_row_of_nothing() -> None:
    told = figures(datetime.fromisoformat("2027-05-01T00:00:00Z"))["record"]
    months = [row["month"] for row in told["months"]]
    assert months == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03", "2027-04"]
    january = of(told["months"], month="2027-01")
    assert {january[code] for code in COUNTS} == {0}
    assert (january["median"], january["ninth"]) == (None, None)


@pytest.mark.usefixtures("database")
def test_one_rating_alone_is_told_nowhere() -> None:
    sums.recount()
    bring(Step.EVALUATING, "C", FIRST)
    make("evaluate", ALICE, FIRST, satisfaction=1, comment="不行。")
    told = figures(SPRING)
    assert told["own_steps"] == []
    assert of(told["record"]["asked"], quarter="2026-Q4")["own"] is None


def late(count: int) -> None:
    """So many more of November, written down afterwards and answered in time."""
    first = Issue.select().count() + 1
    for place in range(count):
        submit(f"late {first + place}", WENDY, channel="phone")
        number = Issue.select(fn.MAX(Issue.number)).scalar()
        make("opine", WENDY, number, now=NOW + timedelta(minutes=3))


@pytest.mark.usefixtures("database")
def test_what_is_another_number_by_five_than_was_told_is_told_as_a_correction() -> None:
    a_small_story()
    before = figures(SPRING)
    for _ in range(6):
        late(5)
    sums.recount()
    before = figures(SPRING)
    late(4)
    few = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING, before)))
    assert few["record"] == before["record"]
    late(1)
    after = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING, few)))
    told = {row["code"]: (row["was"], row["is"]) for row in after["record"]["corrections"]}
    assert told == {
        "received": (35, 40), "answered": (33, 38), "answered_within_ten": (32, 37),
        "answered_on_time": (32, 37),
    }  # fmt: skip
    # The quarter stays as it was told.
    assert after["record"]["quarters"] == before["record"]["quarters"]
    again = json.loads(json.dumps(queries.tallies(CIRCLE, SPRING, after)))
    assert again["record"] == after["record"]


def test_times_are_kept_to_few_numbers_and_never_told_shorter() -> None:
    taken = {seconds: minutes_up(timedelta(seconds=seconds)) for seconds in range(0, 200_000, 7)}
    assert (taken[0], minutes_up(timedelta(minutes=10, seconds=1))) == (1, 11)
    assert all(minutes * 60 >= seconds for seconds, minutes in taken.items())
    assert len(set(taken.values())) < 170


# The attack


def test_every_part_is_of_a_whole() -> None:
    assert {WHOLE_OF[part] for part in WHOLE_OF} == set(PARTS)
    assert len(TIMES) == len({end for end, _ in TIMES})
