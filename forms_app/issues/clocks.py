"""The table of clocks as SQL: whether one runs, when the first one ends, and what is late.

The same rows that forms_app.rules.clocks reads; test_clocks proves both the same at every standing.
Words of the table are spelled out rather than bound, so that an index may hold the expression.
"""

from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

from peewee import OP, SQL, Case, EnclosedNodeList, Expression, Function, Value, fn

from forms_app.rules.clocks import OPINION, RUNS, Run, runs_of
from forms_app.rules.steps import OPEN_OR_MERGED, Step
from forms_app.store.models import Issue

NEVER = "9999"  # sorts after every moment
UNOPINED = SQL("0")  # the rank in the line of what waits for its first answer


def first_end() -> Function:
    """When the first clock that runs on an issue ends, as text that sorts; NEVER where none does.

    Where the indexes of the register's order are declared, this is what they hold.
    """
    found = []
    for step in Step:
        ends = [_while_running(run, run.until) for run in RUNS if step in run.steps and run.until]
        if ends:
            found.append((_word(step), _first(ends)))
    return fn.COALESCE(Case(Issue.step, found), _word(NEVER))


def runs(clock: str) -> Expression:
    """The condition that the clock of this name runs on an issue."""
    found: Expression = reduce(
        or_,
        (
            reduce(and_, _conditions(run), Issue.step.in_([_word(step) for step in run.steps]))
            for run in runs_of(clock)
        ),
    )
    return found


def in_line() -> tuple[Any, Function]:
    """What open issues are put in order by: initial opinions first, then what is due first.

    Imported ones whose clock does not run come last: thousands of them must not stand before those
    who wait for an answer now.
    """
    unopined = runs(OPINION)
    is_imported = unopined & Issue.is_imported & end_of(OPINION).is_null()
    rank = Case(None, ((is_imported, SQL("2")), (unopined, UNOPINED)), SQL("1"))
    return EnclosedNodeList([rank]), first_end()


def end_of(clock: str) -> Any:
    """The column that says when it ends."""
    return getattr(Issue, runs_of(clock)[0].until)


def has_passed(clock: str, now: datetime) -> Expression:
    """The condition that the clock of this name runs on an issue and has passed its end."""
    found: Expression = runs(clock) & (end_of(clock) < now)
    return found


def is_overdue(now: datetime) -> Expression:
    """The condition that a clock which runs on an issue has passed its end."""
    found: Expression = first_end() < Value(Issue.received_at.db_value(now), converter=False)
    return found


def _first(ends: list[Any]) -> Any:
    """The first of some ends, any of which may be missing; neither MIN nor LEAST is in both."""
    sure = [fn.COALESCE(end, _word(NEVER)) for end in ends]
    earlier = [
        (reduce(and_, (one <= other for other in sure[place + 1 :])), ends[place])
        for place, one in enumerate(sure[:-1])
    ]
    return Case(None, earlier, ends[-1]) if earlier else ends[-1]


def _while_running(run: Run, fact: str) -> Any:
    conditions, value = _conditions(run), getattr(Issue, fact)
    return Case(None, ((reduce(and_, conditions), value),)) if conditions else value


def _conditions(run: Run) -> list[Expression]:
    """What must be so at its steps. No end is written before its beginning: that goes unsaid."""
    found: list[Expression] = []
    if run.severity_classes is not None:
        found.append(Issue.severity_class.in_([_word(name) for name in run.severity_classes]))
    if not run.until:
        found.append(getattr(Issue, run.since).is_null(False))
    if run.stopped_by:
        found.append(getattr(Issue, run.stopped_by).is_null())
    return found


def _word(text: str) -> SQL:
    return SQL(f"'{text}'")


# Whatever the board may show: few, however long the register has grown. The step stands in words
# that only the indexes of the line know: others would find the same rows, and have them sorted.
# SQLite goes along the line where its order is asked for.
IN_HAND = Expression(Issue.step, OP.CONCAT, _word("")).in_([_word(step) for step in OPEN_OR_MERGED])

for _index in (
    Issue.index(first_end(), Issue.id, name="issue_due"),
    Issue.index(Issue.community_id, first_end(), Issue.id, name="issue_community_due"),
    Issue.index(*in_line(), Issue.id, name="issue_line", where=IN_HAND),
    Issue.index(
        Issue.community_id, *in_line(), Issue.id, name="issue_community_line", where=IN_HAND
    ),
    Issue.index(Issue.community_id, Issue.step, first_end(), name="issue_facets", where=IN_HAND),
    Issue.index(Issue.collector, *in_line(), Issue.id, name="issue_collector_line", where=IN_HAND),
):
    Issue.add_index(_index)
