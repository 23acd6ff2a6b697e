"""Which clock runs, since when, until when: the table, its SQL, and everybody who reads them."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib import import_module
from itertools import product
from typing import Any

import peewee
import pytest

from forms_app import casework, queries
from forms_app.casework.reminders import OVERDUE, due_clocks
from forms_app.issues import clocks as sql
from forms_app.issues.access import resident
from forms_app.issues.board_filters import read
from forms_app.issues.register_filters import Filters
from forms_app.issues.silence import answers_due
from forms_app.queries.queue import QueueRow
from forms_app.queries.register import every
from forms_app.queries.tallies import overdue
from forms_app.rules import clocks as table
from forms_app.rules.clocks import (
    REPLY,
    RESULT,
    REVIEW,
    RUNS,
    Run,
    ending_clocks,
    first_of,
    is_past,
    lead_of,
    running,
    runs_of,
)
from forms_app.rules.steps import OPEN_STEPS, Step
from forms_app.rules.worktime import Clocks
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from forms_app.store.tables import TABLES
from forms_app.web.words import left_words
from tests.support.actors import (
    BOB,
    CAROL,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    STANDINGS,
    STELLA,
    SUNNY,
    WENDY,
    bring,
    issue,
    make,
)

pytestmark = pytest.mark.usefixtures("database")

A_SECOND = timedelta(seconds=1)


# Ways in which an issue comes to stand as no other does, beside the procedure's own standings.


def opined() -> None:
    make("opine", WENDY)


def one_has_answered() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB)


def all_have_answered() -> None:
    bring(Step.CLASSIFIED, "B")
    make("summon", DAN, parties=["city", "police"])
    make("answer", BOB)
    make("answer", CAROL)


def called_again_for_later() -> None:
    bring(Step.RESPONDING, "B")
    make("summon", DAN, parties=["police"], reply_by=NOW + timedelta(days=1))


def called_again_and_the_first_have_answered() -> None:
    all_have_answered()
    make("summon", DAN, parties=["fire"], reply_by=NOW + timedelta(days=1))


def called_for_after_the_deadline() -> None:
    make("classify", DAN, severity_class="B", urgency=1)
    make("summon", DAN, reply_by=NOW + timedelta(days=20))


def extended() -> None:
    bring(Step.HANDLING, "B")
    make("extend", DAN)


def escalated() -> None:
    bring(Step.HANDLING, "B")
    make("escalate", DAN)


def result_could_not_be_had() -> None:
    bring(Step.HANDLING, "B")
    make("resolve", BOB, result="not_done", outcome="要等配件。")


def result_was_sent_back() -> None:
    bring(Step.REPORTED, "B")
    make("send_back", DAN)


def result_came_again() -> None:
    result_was_sent_back()
    make("resolve", BOB)


def result_passed_by_itself() -> None:
    bring(Step.REPORTED, "A")
    casework.pass_results(CIRCLE, now=issue().relay_due_at + A_SECOND)


def in_its_second_round() -> None:
    bring(Step.EVALUATING, "B")
    make("evaluate", resident(FIRST), satisfaction=1, comment="没有修好。")


def received_while_the_days_off_were_unknown() -> None:
    Issue.update(opinion_due_at=None).where(Issue.number == FIRST).execute()


STORIES: dict[str, Callable[[], object]] = {
    **{
        f"{step} {severity_class or ''}".strip(): lambda step=step, cls=severity_class: bring(
            step, cls
        )
        for step, severity_class in STANDINGS
    },
    **{
        story.__name__: story
        for story in (
            opined, one_has_answered, all_have_answered, called_again_for_later,
            called_again_and_the_first_have_answered, called_for_after_the_deadline, extended,
            escalated, result_could_not_be_had, result_was_sent_back, result_came_again,
            result_passed_by_itself, in_its_second_round, received_while_the_days_off_were_unknown,
        )
    },
}  # fmt: skip


def told(database: peewee.Database) -> Iterator[str]:
    """Each story by its name, told on the same five issues."""
    for name, story in STORIES.items():
        with database.atomic() as transaction:
            story()
            yield name
            transaction.rollback()


def moments(found: Issue) -> list[datetime]:
    """Around every end of a clock that runs on the issue, and long after."""
    ends = {*(one.ends_at for one in running(found)), *silent_until(found)} - {None}
    around = {end + step for end in ends if end for step in (-A_SECOND, A_SECOND * 0, A_SECOND)}
    return sorted({*around, NOW + timedelta(days=40)})


def silent_until(found: Issue) -> list[datetime]:
    return answers_due([found.id]).get(found.id, [])


def late_clocks(found: Issue, now: datetime) -> set[str]:
    """By the table alone."""
    return {one.clock for one in running(found) if is_past(one.ends_at, now)}


@pytest.fixture(autouse=True)
def few_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Published figures tell of so few issues, too."""
    monkeypatch.setattr(import_module("forms_app.queries.suppressed"), "SMALLEST_SHOWN", 1)


@pytest.mark.slow
def test_everybody_says_the_same_of_every_standing_at_every_moment(
    database: peewee.Database,
) -> None:
    wrong = []
    for name in told(database):
        for now in moments(issue()):
            late = late_clocks(issue(), now)
            said = says_overdue(now)
            if set(said.values()) != {bool(late)}:
                wrong.append((name, now - NOW, said))
            reminded_of = {due.clock for due in overdue_reminders(now)}
            if reminded_of != late:
                wrong.append((name, now - NOW, reminded_of))
            if figure(now) != sum(RESULT in late_clocks(row, now) for row in Issue.select()):
                wrong.append((name, now - NOW, figure(now)))
    assert wrong == []


def in_jingui() -> list[Issue]:
    return list(Issue.select().where(Issue.community_id == "jingui"))


def figure(now: datetime) -> int:
    """What is published as overdue: the results, of all communities."""
    return overdue(now)


def overdue_reminders(now: datetime) -> list[Any]:
    found = due_clocks(CIRCLE, now, 1000)
    return [due for due in found if due.rank == OVERDUE and due.issue.number == FIRST]


def on_the_board(actor: Any, now: datetime, **wanted: str) -> dict[str, list[QueueRow]]:
    """The rows of the first issue, by the list that they are in."""
    filters, _ = read(CIRCLE, wanted)
    shown = queries.board(CIRCLE, actor, now, filters)
    return {
        part.name: [row for row in part.rows if row.issue.number == FIRST]
        for part in shown.sections
    }


def says_overdue(now: datetime) -> dict[str, bool]:
    """Who says that the first issue is overdue."""
    (row, *_), *_ = [*filter(None, on_the_board(STELLA, now).values()), [None]]
    every_row = queries.register(CIRCLE, STELLA, now, Filters()).rows
    overdue_rows = queries.register(CIRCLE, STELLA, now, Filters(overdue=True)).rows
    others = sum(bool(late_clocks(other, now)) for other in in_jingui() if other.number != FIRST)
    return {
        "the table": bool(late_clocks(issue(), now)),
        "a row of the board": row is not None and row.is_overdue,
        "the words of the template": row is not None
        and row.due_at is not None
        and left_words(row.due_at, now).startswith("超时"),
        "the board's filter": any(on_the_board(STELLA, now, overdue="1").values()),
        "the supervisor's list": bool(on_the_board(SUNNY, now)["late"]),
        "a row of the register": any(
            one.is_overdue for one in every_row if one.issue.number == FIRST
        ),
        "the register's filter": FIRST in [one.issue.number for one in overdue_rows],
        "the wall": queries.wall(STELLA, ["jingui"], now).total.overdue == others + 1,
        "reminders": bool(overdue_reminders(now)),
    }


def test_where_everybody_has_answered_the_result_may_still_be_overdue() -> None:
    all_have_answered()
    now = issue().due_at + timedelta(days=3)
    assert set(says_overdue(now).values()) == {True}
    assert figure(now) == 1
    (row,) = (row for rows in on_the_board(DAN, now).values() for row in rows)
    assert (row.clock, row.waits_for, row.due_at, row.silent) == (
        RESULT, "等方案", issue().due_at, 0,
    )  # fmt: skip


def test_what_is_written_at_every_standing_is_what_the_table_reads(
    database: peewee.Database,
) -> None:
    for name in told(database):
        found = issue()
        if found.step == Step.RESPONDING.value:
            assert found.answers_due_at == min(silent_until(found), default=None), name
        # No end before its beginning.
        for row, run in product(Issue.select(), RUNS):
            if run.until and row.step in run.steps and getattr(row, run.until) is not None:
                assert getattr(row, run.since) is not None, (name, run)
        # The register is in the order in which the clocks end.
        batches = every(CIRCLE, STELLA, NOW, Filters(sort="due"), 99)
        listed = [row for batch in batches for row in batch]
        assert listed == sorted(listed, key=lambda row: (end(row), row.id)), name


def end(found: Issue) -> str:
    """As the database keeps moments."""
    first = first_of(running(found))
    due_at = first.ends_at if first is not None else None
    return Issue.due_at.db_value(due_at) if due_at is not None else sql.NEVER


# Each party has its own time


def reminded(now: datetime) -> list[tuple[str, str]]:
    """What the staff of the parties are told now, anew."""
    Notice.delete().execute()
    casework.remind(CIRCLE, now=now)
    names = {str(actor.account_id): actor.name for actor in (BOB, CAROL)}
    rows = Notice.select().where(Notice.recipient.in_(list(names)), Notice.clock == REPLY)
    return sorted((row.event, names[row.recipient]) for row in rows)


def test_who_was_called_later_is_asked_by_their_own_time_and_not_by_the_first_ones() -> None:
    bring(Step.RESPONDING, "B")  # the city's bureau among them
    first = issue().reply_by
    make("summon", DAN, parties=["police"], reply_by=first + timedelta(days=1))
    second = issue().reply_by
    assert reminded(first - timedelta(hours=1)) == [("remind_reply", "bob")]
    assert reminded(first + A_SECOND) == [("overdue_reply", "bob")]
    assert reminded(second - timedelta(hours=1)) == [
        ("remind_reply", "bob"), ("remind_reply", "carol"),
    ]  # fmt: skip
    make("answer", BOB, now=second - timedelta(minutes=30))
    assert reminded(second + A_SECOND) == [("overdue_reply", "carol")]


# The table


def test_every_open_step_has_a_clock_and_an_ended_one_has_none() -> None:
    at = {step for run in RUNS if run.clock != REVIEW for step in run.steps}
    assert at == {*OPEN_STEPS, Step.MERGED}
    # What was promised to be looked at again is, whatever became of it but a withdrawal; what is
    # set aside was promised nothing.
    promised = {step for run in runs_of(REVIEW) for step in run.steps}
    assert promised == set(Step) - {Step.WITHDRAWN, Step.SET_ASIDE}
    for name in {run.clock for run in RUNS}:
        assert len({(run.since, run.until, run.stopped_by) for run in runs_of(name)}) <= 3
    for name in ending_clocks():
        assert len({(run.since, run.until, run.stopped_by) for run in runs_of(name)}) == 1


def test_every_fact_of_the_table_is_a_column_of_the_issue() -> None:
    for run in RUNS:
        for fact in (run.since, run.until, run.stopped_by):
            assert fact == "" or isinstance(getattr(Issue, fact), peewee.Field), fact


def test_a_clock_turns_colour_as_long_before_its_end_as_it_is_reminded_of() -> None:
    assert lead_of("opinion", Clocks()) == timedelta(minutes=5)
    assert lead_of("opinion", Clocks(opinion_minutes=30)) == timedelta(minutes=15)
    assert lead_of("reply", Clocks()) == timedelta(hours=2)
    assert lead_of("result", Clocks()) == timedelta(days=1)
    assert lead_of("relay", Clocks()) == timedelta(hours=2)
    assert lead_of("verdict", Clocks()) == timedelta()


def test_a_clock_more_is_a_row_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two clocks that are not there yet: one of one class only, one that can be stopped."""
    more = (
        *RUNS,
        Run("ruling", (Step.RESPONDING,), "裁定", "等裁定", since="round_started_at",
            until="evaluating_since", severity_classes=("A",)),
        Run("urge", (Step.CLASSIFIED,), "催办", "等回话", since="opined_at", until="reply_by",
            stopped_by="evaluating_since"),
    )  # fmt: skip
    for module in (table, sql):
        monkeypatch.setattr(module, "RUNS", more)
    monkeypatch.setattr(table, "_RUNS_AT", table.by_step(more))
    row = Issue.select().where(Issue.number == FIRST).dicts().get()
    del row["id"]
    times = (None, NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=2))
    facts = ("answers_due_at", "due_at", "evaluating_since")
    Issue.insert_many(
        {**row, "number": f"27{n:05}", "form_key_hash": f"copy {n}", "step": step.value,
         "severity_class": cls, "classified_at": NOW, "opined_at": NOW, "reply_by": NOW,
         **dict(zip(facts, ends, strict=True))}
        for n, (step, cls, *ends) in enumerate(
            product((Step.RESPONDING, Step.CLASSIFIED), "BA", times, times, times)
        )
    ).execute()  # fmt: skip
    for found in Issue.select(Issue, sql.first_end().alias("ends")):
        assert vars(found)["ends"] == end(found), (found.step, found.severity_class)


# Its indexes


@pytest.mark.parametrize(("actor", "index"), [(STELLA, "issue_due"), (DAN, "issue_community_due")])
def test_what_is_due_first_is_read_from_an_index(
    database: peewee.Database, actor: Any, index: str
) -> None:
    module = import_module("forms_app.queries.register")
    wanted = module.Wanted(CIRCLE, actor, NOW, Filters(sort="due"))
    statement, values = module._page(wanted, None, [Issue]).limit(30).sql()
    if isinstance(database, peewee.SqliteDatabase):
        plan = database.execute_sql(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
        (step,) = (text for *_, text in plan)
        assert step.startswith("SEARCH" if index == "issue_community_due" else "SCAN")
        assert f"USING INDEX {index} " in f"{step} "
    else:
        # Of a table so small that any way is as cheap, it takes now this one and now that.
        row = Issue.select().where(Issue.number == FIRST).dicts().get()
        del row["id"]
        copies = (
            {**row, "number": f"27{n:05}", "form_key_hash": f"copy {n}",
             "community_id": row["community_id"] if n % 20 == 0 else "another"}
            for n in range(2000)
        )  # fmt: skip
        for some in peewee.chunked(copies, 500):
            Issue.insert_many(some).execute()
        database.execute_sql("ANALYZE issue")
        with database.atomic():
            database.execute_sql("SET LOCAL enable_sort = off")
            plan = database.execute_sql(f"EXPLAIN {statement}", values).fetchall()
        assert f"Index Scan using {index} on" in plan[1][0]


def test_the_indexes_hold_what_the_table_says(database: peewee.Database) -> None:
    migrated = definitions(database)
    with database.atomic() as transaction:
        database.drop_tables(TABLES)
        database.create_tables(TABLES)
        assert definitions(database) == migrated
        transaction.rollback()


def definitions(database: peewee.Database) -> dict[str, str]:
    """The indexes of what is due first, as the database tells them."""
    if isinstance(database, peewee.SqliteDatabase):
        rows = database.execute_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
    else:
        rows = database.execute_sql("SELECT indexname, indexdef FROM pg_indexes")
    found = {name: told for name, told in rows.fetchall() if name.endswith("_due")}
    assert set(found) == {"issue_due", "issue_community_due"}
    # Quotes, brackets and white space are a matter of who wrote it.
    dropped = str.maketrans("", "", '"() \n')
    return {
        name: told.replace("IF NOT EXISTS", "").translate(dropped) for name, told in found.items()
    }
