"""Work that went over to another issue counts once, and is read and proved as one history."""

from datetime import timedelta

import pytest

from forms_app import queries
from forms_app.issues import sums
from forms_app.issues.access import Actor, resident
from forms_app.rules.steps import Step
from forms_app.store.database import proxy
from forms_app.store.models import Entry, Issue
from tests.support.actors import (
    BOB,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    SECOND,
    STELLA,
    WENDY,
    bring,
    issue,
    make,
    next_moment,
    open_rows,
    submit,
)
from tests.support.moves import assert_all_is_whole, last
from tests.support.taking_over import BEA, follow, take_back

pytestmark = pytest.mark.usefixtures("database")


def test_a_deadline_that_nobody_set_is_found() -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    assert_all_is_whole()
    later = issue(SECOND).due_at + timedelta(days=1)
    Issue.update(due_at=later).where(Issue.number == SECOND).execute()
    Entry.update(due_at=later).where(Entry.id == last(SECOND).id).execute()
    assert queries.broken_histories() == [SECOND]


@pytest.mark.parametrize("column", ["to_step", "severity_class"])
def test_a_step_or_class_that_the_other_did_not_have_is_found(column: str) -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    value = {"to_step": "classified", "severity_class": "B"}[column]
    Entry.update({column: value}).where(Entry.id == last(SECOND).id).execute()
    Issue.update({"step" if column == "to_step" else column: value}).where(
        Issue.number == SECOND
    ).execute()
    assert queries.broken_histories() == [SECOND]


def test_the_work_counts_once_in_sums_and_months() -> None:
    follow(SECOND)
    bring(Step.HANDLING, "B")
    make("extend", DAN)
    before = sums.kept()
    take_back()
    kept = sums.kept()
    for kind in ("called", "units_in_time", "finished", "answered", "arrived"):
        mine = {key: number for (of, key), number in kept.items() if of == kind}
        assert mine == {key: number for (of, key), number in before.items() if of == kind}, kind
    make("resolve", BOB, SECOND)
    make("relay", DAN, SECOND)
    make("evaluate", BEA, SECOND)
    for kind in ("finished", "finished_on_time", "extended", "units_in_time"):
        assert counted(kind) == [1], kind
    assert counted("called") == [2]
    assert_all_is_whole()
    month = queries.month_of(CIRCLE, STELLA, NOW.date().replace(day=1), NOW + timedelta(days=3))
    (unit,) = [row for row in month.units if row.unit_id == "city"]
    assert (unit.given, unit.called, unit.leading, unit.on_time, unit.other) == (1, 1, 1, 1, 0)
    assert (unit.judged, unit.extended) == (1, 1)
    (community,) = [row for row in month.communities if row.given]
    assert (community.given, community.on_time, community.other) == (1, 1, 0)


def counted(kind: str) -> list[int]:
    """How many of this kind each community has in each month."""
    return [n for (of, key), n in sums.kept().items() if of == kind and " community " in key]


@pytest.mark.parametrize("step", [Step.REPORTED, Step.EVALUATING])
def test_a_result_of_before_counts_once_even_if_it_is_sent_back(step: Step) -> None:
    follow(SECOND)
    bring(step, "B")
    take_back()
    assert counted("finished") == [1]
    if step is Step.REPORTED:
        make("send_back", DAN, SECOND)
        make("resolve", BOB, SECOND)
        assert counted("finished") == [1]
    assert_all_is_whole()


def test_the_first_answer_is_the_heirs_if_nobody_gave_it_before() -> None:
    follow(SECOND)
    due = issue().opinion_due_at
    take_back()
    assert issue(SECOND).opinion_due_at == due
    make("opine", WENDY, SECOND)
    assert counted("answered") == [1]
    assert_all_is_whole()


def test_the_register_tells_in_the_heirs_row_what_was_done_before() -> None:
    follow(SECOND)
    bring(Step.HANDLING, "B")
    make("progress", BOB, note="已经拆开")
    take_back(reason="不用了")
    table = {row["问题编号"]: row for row in register_of(STELLA)}
    assert "已经拆开" in table[SECOND]["办理进展"]
    assert table[SECOND]["号召人／号召时间"].startswith("dan")
    assert table[SECOND]["解决方案"]
    assert "不用了" not in str(table[SECOND])


def register_of(actor: Actor) -> list[dict[str, object]]:
    from forms_app.issues.access import visible_to
    from forms_app.queries.register_cells import COLUMNS, TELLING
    from forms_app.queries.register_issues import SHOWN, whole_issues

    batch = list(Issue.select(*SHOWN).where(visible_to(actor)).order_by(Issue.id))
    return [{name: TELLING[name](CIRCLE, one) for name in COLUMNS} for one in whole_issues(batch)]


def test_the_board_holds_the_heir_in_the_place_of_the_other() -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    rows = {row.issue.number: row for row in open_rows(DAN, next_moment(SECOND))}
    assert FIRST not in rows
    assert rows[SECOND].due_at == issue().due_at
    assert SECOND in {row.issue.number for row in open_rows(WENDY, next_moment(SECOND))}


def test_what_is_asked_of_the_database_grows_with_those_who_follow_and_no_faster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = []
    run = proxy.obj.execute_sql
    for head, many in ((FIRST, 2), (SECOND, 12)):
        bring(Step.RESPONDING, "B", head)
        for place in range(many):
            number = submit(f"{head} {place}", community_id="jingui").number
            follow(number, into=head)
        asked: list[str] = []
        with monkeypatch.context() as patched:
            patched.setattr(
                proxy.obj,
                "execute_sql",
                lambda sql, *more, asked=asked: (asked.append(sql), run(sql, *more))[1],
            )
            make("withdraw", resident(head), head, now=next_moment(head) + timedelta(days=1))
        counts.append(len(asked))
    assert counts[1] - counts[0] <= 10 * 14
    assert_all_is_whole()
