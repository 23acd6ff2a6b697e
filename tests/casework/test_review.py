"""When it is looked at again is kept, whatever becomes of the issue, until somebody looks."""

from datetime import timedelta

import pytest

from forms_app import queries
from forms_app.casework import NotAllowed, NotPossible
from forms_app.casework.reminders import remind
from forms_app.issues.access import Actor, resident
from forms_app.rules.day_parts import date_of
from forms_app.rules.steps import Step
from forms_app.rules.worktime import end_of_day, local_day
from forms_app.store.accounts import Account
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    STELLA,
    WENDY,
    bring,
    issue,
    make,
    next_moment,
)
from tests.support.moves import last, nothing_written, stands

DAY = local_day(NOW) + timedelta(40)


@pytest.fixture(autouse=True)
def explained(database: object) -> None:  # noqa: ARG001 (it must be there first)
    bring(Step.HANDLING, "A")
    make("explain", STELLA, review_on=DAY)


def rings(actor: Actor = STELLA) -> bool:
    found = queries.spoken(CIRCLE.clocks, actor, issue().review_due_at)
    return [row.number for row, _ in found.reviews] == [FIRST]


def test_it_rings_on_the_day_at_every_step_and_in_later_rounds() -> None:
    assert issue().review_due_at == end_of_day(CIRCLE.clocks, DAY)
    assert rings()
    assert queries.spoken(CIRCLE.clocks, STELLA, NOW + timedelta(days=30)).reviews == ()
    assert not rings(DAN)
    make("evaluate", ALICE, satisfaction=5)
    assert rings()
    make("reopen", ALICE)
    assert stands() == ("collected", 2, None)
    assert rings()
    make("classify", DAN)
    make("transfer", DAN)
    assert (issue().review_on, rings()) == (DAY.isoformat(), True)


def test_only_looking_again_ends_it_or_names_the_next_day() -> None:
    make("evaluate", ALICE, satisfaction=5)
    later = DAY + timedelta(60)
    make("review", STELLA, findings="规划还没有批", review_on=later)
    assert last().resident_line == (
        f"街道再次研究：规划还没有批。下次研究时间：{date_of(later, NOW)}。"
    )
    assert (last().field, last().old_value, last().new_value) == (
        "review_on", DAY.isoformat(), later.isoformat(),
    )  # fmt: skip
    assert rings()
    make("review", STELLA, findings="已经批了。", review_on=None)
    assert last().resident_line == "街道再次研究：已经批了。"
    assert (issue().review_on, issue().review_due_at) == ("", None)
    assert stands() == ("closed", 1, "A")
    with nothing_written(NotAllowed):
        make("review", STELLA)


def test_who_takes_the_issue_back_is_promised_nothing_any_more() -> None:
    make("withdraw", ALICE)
    assert (issue().review_on, issue().review_due_at) == ("", None)
    make("reopen", ALICE)
    assert "review" not in queries.case(STELLA, FIRST).moves


def test_only_the_sub_district_looks_again_and_never_into_the_past() -> None:
    for actor in (DAN, WENDY, ALICE, resident("260002")):
        with nothing_written():
            make("review", actor)
    with nothing_written(NotPossible, "review_on"):
        make("review", STELLA, review_on=local_day(next_moment(FIRST)))


def test_the_sub_district_is_reminded_on_the_day_and_told_above_when_it_is_over() -> None:
    make("evaluate", ALICE, satisfaction=5)
    remind(CIRCLE, now=issue().review_due_at - timedelta(hours=1))
    remind(CIRCLE, now=issue().review_due_at + timedelta(hours=1))

    def told(event: str) -> set[str]:
        rows = Notice.select().where(Notice.event == event, Notice.kind == "account")
        return {Account.get_by_id(int(row.recipient)).username for row in rows}

    assert told("remind_review") == {"stella", "steve"}
    assert told("overdue_review") == {"stella", "steve", "sunny"}
