"""The monthly figures of units and communities, against a month counted by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest

from forms_app import queries
from forms_app.issues.access import Actor, resident
from forms_app.queries.months import (
    Month,
)
from forms_app.queries.unit_results import Results, UnitMonth
from forms_app.rules.months import next_month
from forms_app.rules.steps import Step
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    DORA,
    ERIN,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    STELLA,
    THIRD,
    WENDY,
    bring,
    issue,
    make,
)

pytestmark = pytest.mark.usefixtures("database")

NOVEMBER = date(2026, 11, 1)
MUCH_LATER = datetime(2027, 1, 1, tzinfo=UTC)


def november(actor: Actor = STELLA, now: datetime = MUCH_LATER, first: date = NOVEMBER) -> Month:
    return queries.month_of(CIRCLE, actor, first, now)


def unit(name: str, month: Month | None = None) -> UnitMonth | None:
    rows = (month or november()).units
    return next((row for row in rows if row.unit_id == name), None)


def community(name: str, month: Month | None = None) -> UnitMonth:
    return next(row for row in (month or november()).communities if row.unit_id == name)


def test_who_was_asked_and_has_not_answered_is_counted_apart_with_since_when() -> None:
    bring(Step.EVALUATING, "C", FIRST)
    bring(Step.EVALUATING, "C", SECOND)
    later = NOW + timedelta(days=2)
    make("evaluate", resident(SECOND), SECOND, satisfaction=5, now=later)
    row = community("jingui")
    assert (row.finished, row.judged, row.entered, row.unjudged) == (2, 1, 0, 1)
    assert row.unjudged_since == issue(FIRST).evaluating_since


def test_a_month_in_which_nobody_got_anything_is_empty() -> None:
    month = november()
    assert (month.is_empty, month.units, month.communities) == (True, (), ())
    assert november(first=date(2020, 1, 1)).is_empty


def test_the_month_counted_by_hand() -> None:
    # FIRST: B, led by the city's bureau with the fire brigade; done in time, the resident happy.
    bring(Step.CLOSED, "B", FIRST)
    # SECOND: B, done three days after its seven; the resident is not satisfied.
    bring(Step.HANDLING, "B", SECOND)
    due_at = issue(SECOND).due_at
    make("resolve", BOB, SECOND, now=due_at + timedelta(days=3))
    make("relay", DAN, SECOND)
    make("evaluate", resident(SECOND), SECOND, satisfaction=1, comment="没有修好")
    # THIRD: B, planned and still open; overdue by the time of the report.
    bring(Step.HANDLING, "B", THIRD)
    # HANDED_IN: B, called and passed on to the street, which called nobody yet.
    bring(Step.HANDLING, "B", HANDED_IN)
    make("escalate", DAN, HANDED_IN)
    assert unit("city") == UnitMonth(
        "city", given=4, leading=4, called=4, answered_on_time=4, on_time=1, late=1,
        still_open=1, open_overdue=1, other=1, judged=2, dissatisfied=1, escalated=1,
        led=Results(on_time=1, late=1, judged=2, dissatisfied=1),
    )  # fmt: skip
    assert unit("fire") == UnitMonth(
        "fire", given=4, leading=0, called=4, answered_on_time=0, on_time=1, late=1,
        still_open=1, open_overdue=1, other=1, judged=2, dissatisfied=1, escalated=1,
    )  # fmt: skip
    assert unit("police") is None
    assert community("jingui") == UnitMonth(
        "jingui", given=4, on_time=1, late=1, still_open=1, open_overdue=1, other=1,
        judged=2, dissatisfied=1, escalated=1,
    )  # fmt: skip


def test_what_a_worker_does_counts_for_the_community_alone() -> None:
    bring(Step.CLOSED, "C", FIRST)
    month = november()
    assert month.units == ()
    assert community("jingui", month) == UnitMonth(
        "jingui", given=1, on_time=1, judged=1, dissatisfied=0
    )


def test_a_case_belongs_to_the_month_in_which_the_unit_first_got_it() -> None:
    make("classify", DAN, severity_class="B")
    last_minute = datetime.fromisoformat("2026-11-30T23:59:00+08:00")
    make("summon", DAN, now=last_minute)
    make("plan", DAN, now=last_minute + timedelta(minutes=2))
    december = november(first=date(2026, 12, 1))
    assert december.is_empty
    city = unit("city")
    assert city is not None
    assert (city.given, city.leading, city.called) == (1, 1, 1)


def test_an_extension_moves_the_line_between_in_time_and_late() -> None:
    bring(Step.HANDLING, "B")
    due_at = issue().due_at
    make("extend", DAN)
    make("resolve", BOB, now=due_at + timedelta(days=2))
    city = unit("city")
    assert city is not None
    assert (city.on_time, city.late) == (1, 0)
    assert (city.extended, community("jingui").extended) == (1, 1)


def test_extensions_count_as_often_as_they_were_given_while_the_unit_had_the_case() -> None:
    bring(Step.HANDLING, "B")
    make("extend", DAN)
    make("extend", STELLA)
    make("escalate", DAN)
    make("summon", STELLA, parties=["police"])
    make("plan", STELLA, lead="police", assist=[])
    make("extend", STELLA)
    assert (unit("city").extended, unit("city").escalated) == (2, 1)


def test_a_result_that_was_sent_back_is_none_until_it_comes_again() -> None:
    bring(Step.REPORTED, "B")
    city = unit("city")
    assert (city.on_time, city.still_open) == (1, 0)  # handed in; the caller has yet to hand it on
    make("send_back", DAN)
    city = unit("city")
    assert (city.on_time, city.still_open) == (0, 1)
    make("resolve", BOB, now=issue().due_at + timedelta(days=1))
    assert (unit("city").on_time, unit("city").late) == (0, 1)
    make("resolve", BOB, now=issue().due_at + timedelta(days=2))
    make("relay", DAN)
    make("evaluate", ALICE)
    assert (unit("city").late, unit("city").judged) == (1, 1)


def test_a_result_that_was_passed_on_to_the_next_class_is_no_result() -> None:
    bring(Step.REPORTED, "B")
    make("escalate", DAN)
    city = unit("city")
    assert (city.on_time, city.other, city.judged) == (0, 1, 0)


def test_an_answer_after_the_limit_is_not_in_time_and_a_second_one_changes_nothing() -> None:
    make("classify", DAN, severity_class="B")
    make("summon", DAN, parties=["city"])
    make("answer", BOB, answer="acknowledged")
    make("answer", BOB, now=NOW + timedelta(days=2), answer="arrived")
    make("classify", DAN, SECOND, severity_class="B")
    make("summon", DAN, SECOND, parties=["city"])
    make("answer", BOB, SECOND, now=NOW + timedelta(days=2))
    city = unit("city")
    assert city is not None
    assert (city.called, city.answered_on_time) == (2, 1)


def test_a_unit_called_again_by_the_street_has_one_case_that_goes_on() -> None:
    bring(Step.HANDLING, "B")
    make("escalate", DAN)
    make("summon", STELLA, parties=["city", "police"])
    make("plan", STELLA, lead="police", assist=["city"])
    city, police, fire = unit("city"), unit("police"), unit("fire")
    assert city is not None
    assert police is not None
    assert fire is not None
    assert (city.given, city.still_open, city.other) == (1, 1, 0)
    assert (police.given, police.leading, police.still_open) == (1, 1, 1)
    assert (fire.given, fire.other) == (1, 1)


def test_what_staff_entered_is_counted_apart_from_what_residents_said() -> None:
    for number in (FIRST, SECOND, THIRD):
        bring(Step.EVALUATING, "C", number)
    make("evaluate", DORA, FIRST, satisfaction=2, comment="不行")
    make("reissue", WENDY, SECOND)
    make("evaluate", resident(SECOND), SECOND)
    make("evaluate", resident(THIRD), THIRD)
    row = community("jingui")
    assert (row.judged, row.dissatisfied) == (1, 0)
    assert (row.entered, row.entered_dissatisfied) == (2, 1)


def test_a_second_round_is_another_case() -> None:
    bring(Step.EVALUATING, "B")
    make("evaluate", resident(FIRST), satisfaction=2, comment="不行")
    make("classify", DAN, severity_class="B")
    make("summon", DAN, parties=["city"])
    city = unit("city")
    assert city is not None
    assert (city.given, city.dissatisfied, city.judged, city.still_open) == (2, 1, 1, 1)


def test_a_merged_or_withdrawn_case_went_another_way() -> None:
    bring(Step.RESPONDING, "B")
    make("withdraw", resident(FIRST))
    city = unit("city")
    assert city is not None
    assert (city.given, city.other, city.still_open) == (1, 1, 0)


def test_a_leader_counts_their_own_community_only() -> None:
    bring(Step.HANDLING, "B")
    assert not november(DAN).is_empty
    assert november(ERIN).is_empty


def test_the_year_turns_after_december() -> None:
    assert next_month(date(2026, 12, 1)) == date(2027, 1, 1)
    assert next_month(date(2026, 1, 1)) == date(2026, 2, 1)
