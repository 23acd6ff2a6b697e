"""Carrying the plan out."""

from datetime import date, datetime, timedelta

import pytest

from forms_app.casework import (
    NotAllowed,
    NotPossible,
)
from forms_app.issues.access import Actor
from forms_app.rules.steps import Step
from forms_app.rules.worktime import deadline_words
from forms_app.store.accounts import Account
from forms_app.store.models import Party
from tests.support.actors import (
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    DAN,
    DORA,
    NOW,
    STELLA,
    STEVE,
    WENDY,
    WILL,
    bring,
    issue,
    make,
)
from tests.support.moves import leads, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")


def test_progress_is_told_by_lead_assistants_and_caller() -> None:
    make("classify", DAN, severity_class="B")
    make("summon", DAN, parties=["city", "police"])
    make("plan", DAN, lead="city", assist=["police"])
    for actor in (BOB, CAROL, DAN):
        assert make("progress", actor, note="快了。").resident_line == "有进展了：快了。"
    for actor in (DORA, WENDY, STELLA):
        with nothing_written(NotAllowed):
            make("progress", actor)
    assert stands() == ("handling", 1, "B")


@pytest.mark.parametrize(("severity_class", "by"), [("C", DAN), ("B", DORA), ("A", STEVE)])
def test_an_extension_moves_the_deadline_to_the_end_of_that_day(
    severity_class: str, by: Actor
) -> None:
    bring(Step.HANDLING, severity_class)
    entry = make("extend", by, new_due_on=date(2026, 12, 24), reason="等配件。")
    assert issue().due_at == entry.due_at == datetime.fromisoformat("2026-12-24T16:00:00Z")
    assert stands() == ("handling", 1, severity_class)
    assert entry.resident_line == "要多花些时间，最晚12月24日（周四）晚上给您结果，因为：等配件。"


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 24), date(2026, 11, 30)])
def test_an_extension_to_no_later_day_is_refused(day: date) -> None:
    bring(Step.HANDLING)
    assert issue().due_at == datetime.fromisoformat("2026-11-30T16:00:00Z")
    with nothing_written(NotPossible, "new_due_on"):
        make("extend", DAN, new_due_on=day)


def test_an_overdue_issue_cannot_be_extended_into_the_past() -> None:
    bring(Step.HANDLING)
    with nothing_written(NotPossible, "new_due_on"):
        make("extend", DAN, new_due_on=date(2026, 12, 4), now=NOW + timedelta(days=14))


def test_each_level_puts_a_deadline_off_once_and_only_the_one_above_for_long() -> None:
    bring(Step.HANDLING, "B")
    longest = date(2026, 12, 30)  # 30 days after the last day there was
    with nothing_written(NotPossible, "new_due_on"):
        make("extend", DAN, new_due_on=longest + timedelta(days=1))
    make("extend", DAN, new_due_on=longest)
    for actor in (DAN, DORA):
        with nothing_written(NotAllowed):
            make("extend", actor, new_due_on=date(2027, 1, 3))
    entry = make("extend", STELLA, new_due_on=date(2027, 3, 1), reason="等配件。")
    assert (
        entry.resident_line == "要多花些时间，最晚2027年3月1日（周一）晚上给您结果，因为：等配件。"
    )
    for actor in (DAN, STELLA):
        with nothing_written(NotAllowed):
            make("extend", actor)


def test_a_long_extension_by_the_level_above_leaves_none_to_anybody() -> None:
    bring(Step.HANDLING)
    make("extend", STELLA, new_due_on=date(2027, 3, 1))
    for actor in (DAN, STELLA):
        with nothing_written(NotAllowed):
            make("extend", actor)


def test_the_next_class_and_the_next_round_may_be_put_off_anew() -> None:
    bring(Step.HANDLING, "C")
    make("extend", DAN)
    make("escalate", DAN)
    assert issue().extended_by == ""
    make("summon", DAN)
    make("plan", DAN)
    make("extend", DAN)
    make("escalate", DAN)
    make("summon", STELLA)
    make("plan", STELLA)
    make("extend", STELLA)
    with nothing_written(NotAllowed):
        make("extend", STELLA)
    make("explain", STELLA)
    make("evaluate", ALICE, satisfaction=1, comment="不行。")
    assert issue().extended_by == ""


def test_whoever_stands_in_for_a_level_puts_off_in_its_name() -> None:
    bring(Step.HANDLING)
    for leader in (DAN, DORA):
        Account.update(disabled_at=NOW).where(Account.id == leader.account_id).execute()
    entry = make("extend", STELLA)
    assert (issue().extended_by, entry.stood_in_for) == ("community_leader", "community_leader")
    entry = make("extend", STELLA, new_due_on=date(2027, 3, 1))
    assert (issue().extended_by, entry.stood_in_for) == ("street_leader", "")


def test_without_a_street_leader_the_community_puts_off_for_long_in_the_streets_name() -> None:
    bring(Step.HANDLING)
    for leader in (STELLA, STEVE):
        Account.update(disabled_at=NOW).where(Account.id == leader.account_id).execute()
    entry = make("extend", DAN, new_due_on=date(2027, 3, 1))
    assert (issue().extended_by, entry.stood_in_for) == ("street_leader", "street_leader")


def test_a_leader_who_leads_acts_in_their_own_right() -> None:
    bring(Step.CLASSIFIED, "C")
    make("assign", DAN, worker_id=DORA.account_id)
    entry = make("resolve", DORA)
    assert entry.stood_in_for == ""
    assert "替着办" not in entry.resident_line


def test_only_the_lead_resolves_and_then_it_is_the_residents_turn() -> None:
    bring(Step.HANDLING)
    for other in (DAN, WILL, STELLA):
        with nothing_written(NotAllowed):
            make("resolve", other)
    entry = make("resolve", WENDY, outcome="灯亮了")
    assert stands() == ("evaluating", 1, "C")
    assert issue().evaluating_since == entry.made_at
    assert entry.resident_line == "社区说办好了：灯亮了。您看行不行？您说行才算办完。"


def test_what_is_escalated_late_says_since_when_and_who_led() -> None:
    bring(Step.HANDLING, "C")
    due_at = issue().due_at
    assert due_at is not None
    assert make("escalate", DAN, reason="修不了。", now=due_at).note == "修不了。"
    make("summon", DAN, now=due_at + timedelta(hours=1))
    make("plan", DAN, now=due_at + timedelta(hours=2))
    entry = make("escalate", STELLA, reason="还是修不了。", now=due_at + timedelta(hours=3))
    since = deadline_words(due_at, entry.made_at)
    unit = CIRCLE.unit_name("city")
    assert entry.note == f"已超过办理时限{since}，由{unit}牵头。还是修不了。"


def test_a_failed_c_becomes_b_and_a_failed_b_becomes_a_while_the_clock_runs_on() -> None:
    bring(Step.HANDLING, "C")
    due_at = issue().due_at
    make("escalate", DAN)
    assert stands() == ("classified", 1, "B")
    assert leads() == []
    make("summon", DAN)
    make("plan", DAN)
    make("escalate", STELLA)
    assert stands() == ("classified", 1, "A")
    assert (issue().due_at, issue().caller, issue().reply_by) == (due_at, None, None)
    assert not Party.select().where(Party.issue == issue(), Party.is_current).exists()
    assert leads() == []


def test_an_a_that_could_not_be_solved_is_explained_with_a_day_to_look_again() -> None:
    bring(Step.HANDLING, "A")
    entry = make("explain", STELLA, explanation="要等规划", review_on=date(2027, 3, 1))
    assert stands() == ("evaluating", 1, "A")
    assert (issue().review_on, issue().evaluating_since) == ("2027-03-01", entry.made_at)
    assert (
        entry.resident_line
        == "目前未能解决，街道说明：要等规划。下次研究时间：2027年3月1日（周一）。"
    )


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 23)])
def test_the_next_look_at_it_must_lie_ahead(day: date) -> None:
    bring(Step.HANDLING, "A")
    with nothing_written(NotPossible, "review_on"):
        make("explain", STELLA, review_on=day)
