"""The board: what waits for an actor, and what waits for others, with their names.

However many rows there are, it asks the same few questions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import and_, or_

from peewee import JOIN, Case, Expression, Value, fn

from forms_app.access import (
    CALLER_ROLE,
    Actor,
    awaits_answer_of,
    called_by,
    led_by,
    visible_to,
)
from forms_app.awaited import WAITS, Wait, waits_of
from forms_app.board_filters import BoardFilters
from forms_app.models import Account, Assignment, Issue, Party, Summons
from forms_app.procedure import Part, Role, Step
from forms_app.records import Circle
from forms_app.reports.queue import (
    Awaited,
    QueueRow,
    has_unanswered,
    is_overdue,
    is_waiting,
    queue,
)
from forms_app.reports.register import let_through

LIST_LENGTH = 50  # rows of one of two lists; one that was asked for alone is twice as long
COUNTED_OPEN = 10_000  # open issues; more are not counted while somebody waits for a page
COUNTED_UNITS = 20
# These change nothing, or nothing is left to them: their lists are not split by whose move it is.
WATCHING = (Role.SUPERVISOR, Role.COLLECTOR)


@dataclass(frozen=True)
class Section:
    name: str  # "me", "others"; "late", "in_time" of a supervisor; "handed_in" of a collector
    rows: tuple[QueueRow, ...]
    is_cut: bool
    count: int


@dataclass(frozen=True)
class Counts:
    """Open issues as the conditions on class, urgency and community leave them, by three facets."""

    groups: tuple[tuple[str, bool, bool, int], ...]  # step, is mine, is overdue, how many
    is_cut: bool  # more than COUNTED_OPEN: these are the first of them

    def of(
        self, *, step: str = "", is_mine: bool | None = None, is_late: bool | None = None
    ) -> int:
        """How many are at this step, wait for this side, and are overdue or not; None: either."""
        return sum(
            count
            for at, mine, late, count in self.groups
            if step in ("", at) and is_mine in (None, mine) and is_late in (None, late)
        )


@dataclass(frozen=True)
class Board:
    sections: tuple[Section, ...]
    counts: Counts
    silent: tuple[tuple[str, int], ...]  # unit's id, issues it has not answered in time
    is_new: bool  # there is no issue at all that this actor may see


def board(circle: Circle, actor: Actor, now: datetime, filters: BoardFilters) -> Board:
    """What is open and this actor may see, split by whose move is next, what is due first first."""
    mine = _flag(is_next(actor, now))
    late = _flag(is_overdue(now))
    counts = _counts(circle, actor, now, filters, mine, late)
    asked = let_through(circle, actor, now, filters.shared)
    if filters.waits:
        asked = asked & (mine == int(filters.waits == "me"))
    parts = _parts(actor, filters, mine, late)
    length = LIST_LENGTH * 2 // len(parts)
    found = [
        queue(
            actor,
            now,
            asked if part is None else asked & part,
            length=length,
            is_answering=actor.role is Role.RESPONDER,
        )
        for _, part in parts
    ]
    named = _named(circle, [row for each in found for row in each.rows], now)
    sections = tuple(
        Section(
            name,
            tuple(named[row.issue.id] for row in each.rows),
            each.is_cut,
            _count(counts, name, filters),
        )
        for (name, _), each in zip(parts, found, strict=True)
    )
    return Board(
        sections,
        counts,
        _silent_units(actor, now) if actor.role in (Role.SUPERVISOR, Role.STREET_LEADER) else (),
        not counts.groups and not Issue.select(Issue.id).where(visible_to(actor)).exists(),
    )


def is_next(actor: Actor, now: datetime) -> Expression:
    """The condition that selects the issues on which the next move is this actor's."""
    conditions = []
    for wait in WAITS:
        holds = _holds(actor, wait)
        if holds is not None:
            conditions.append(_stands_at(wait, now) & holds)
    return reduce(or_, conditions) if conditions else Issue.id < 0


def _holds(actor: Actor, wait: Wait) -> Expression | None:
    """Where the actor is one of those waited for; None: nowhere."""
    if actor.role in wait.who:
        return Issue.id > 0
    parts = {Part.PARTY: awaits_answer_of, Part.CALLER: called_by, Part.LEAD: led_by}
    found = [condition(actor) for part, condition in parts.items() if part in wait.who]
    return reduce(or_, found) if found else None


def _stands_at(wait: Wait, now: datetime) -> Expression:
    """waits_of as a condition: test_board proves them the same at every standing."""
    conditions = [Issue.step == wait.step.value]
    if wait.move.severity_classes is not None:
        conditions.append(Issue.severity_class.in_(wait.move.severity_classes))
    more = {
        "opine": Issue.opined_at.is_null(),
        "classify": Issue.opined_at.is_null(False),
        "answer": has_unanswered(),
        "plan": ~has_unanswered() | (Issue.reply_by < now),
    }
    if wait.move.name in more:
        conditions.append(more[wait.move.name])
    return reduce(and_, conditions)


def _flag(condition: Expression) -> Case:
    """1 or 0, also where a comparison with nothing makes the condition neither."""
    return Case(None, ((condition, 1),), 0)


def _parts(
    actor: Actor, filters: BoardFilters, mine: Case, late: Case
) -> list[tuple[str, Expression | None]]:
    if actor.role is Role.SUPERVISOR:
        return [("late", late == 1), ("in_time", late == 0)]
    if actor.role in WATCHING:
        return [("handed_in", None)]
    if filters.waits:
        return [(filters.waits, None)]
    return [("me", mine == 1), ("others", mine == 0)]


def _count(counts: Counts, name: str, filters: BoardFilters) -> int:
    is_mine = {"me": True, "others": False}.get(filters.waits or name)
    is_late = {"late": True, "in_time": False}.get(name)
    if filters.shared.overdue:
        if is_late is False:
            return 0
        is_late = True
    return counts.of(step=filters.shared.step, is_mine=is_mine, is_late=is_late)


def _counts(
    circle: Circle, actor: Actor, now: datetime, filters: BoardFilters, mine: Case, late: Case
) -> Counts:
    """Without the facets themselves, so that each may say what it would show."""
    shared = replace(filters.shared, step="", overdue=False)
    found = (
        Issue.select(Issue.step, mine.alias("mine"), late.alias("late"))
        .where(let_through(circle, actor, now, shared), is_waiting())
        .limit(COUNTED_OPEN + 1)
    ).alias("found")
    facets = (found.c.step, found.c.mine, found.c.late)
    rows = Issue.select(*facets, fn.COUNT(Value(1))).from_(found).group_by(*facets).tuples()
    groups = tuple(
        (step, bool(is_mine), bool(is_late), count)
        for step, is_mine, is_late, count in rows.iterator()
    )
    return Counts(groups, sum(group[3] for group in groups) > COUNTED_OPEN)


def _silent_units(actor: Actor, now: datetime) -> tuple[tuple[str, int], ...]:
    """The units that have not answered in time, those with most issues first."""
    how_many = fn.COUNT(Party.issue.distinct())
    rows = (
        Party.select(Party.organization_id, how_many)
        .join(Summons)
        .switch(Party)
        .join(Issue)
        .where(
            visible_to(actor),
            Issue.step == Step.RESPONDING.value,
            Party.is_current,
            Party.answered_at.is_null(),
            Summons.reply_by < now,
        )
        .group_by(Party.organization_id)
        .order_by(how_many.desc(), Party.organization_id)
        .limit(COUNTED_UNITS)
        .tuples()
    )
    return tuple(rows.iterator())


def _named(circle: Circle, rows: Sequence[QueueRow], now: datetime) -> dict[int, QueueRow]:
    """The rows with whom they wait for, by their issue's id; three questions for all of them."""
    silent = _silent_parties([row.issue.id for row in rows if row.step is Step.RESPONDING])
    callers = _callers(row.issue for row in rows if row.step is Step.RESPONDING)
    leads = _leads(circle, [row.issue for row in rows if row.step is Step.HANDLING])
    named = {}
    for row in rows:
        issue = row.issue
        unanswered = silent.get(issue.id, [])
        parts = {
            Part.PARTY: tuple(circle.unit_name(unit) for unit in unanswered),
            Part.CALLER: (callers.get(issue.__data__["caller"], _level(circle, issue)),),
            Part.LEAD: leads.get(issue.id, (_level(circle, issue),)),
        }
        waits = waits_of(
            row.step,
            issue.severity_class,
            is_opined=issue.opined_at is not None,
            is_unanswered=bool(unanswered),
            is_reply_late=issue.reply_by is not None and issue.reply_by < now,
        )
        awaited = tuple(
            Awaited(wait.move.label, _names(circle, issue, wait, parts)) for wait in waits
        )
        named[issue.id] = replace(row, awaited=awaited)
    return named


def _names(
    circle: Circle, issue: Issue, wait: Wait, parts: dict[Part, tuple[str, ...]]
) -> tuple[str, ...]:
    for part, names in parts.items():
        if part in wait.who:
            return names
    if Role.RESIDENT in wait.who:
        return ("反映人",)
    if Role.STREET_LEADER in wait.who:
        return (circle.street,)
    return (circle.unit_name(issue.community_id),)


def _level(circle: Circle, issue: Issue) -> str:
    """The office that calls for an issue of this class: nobody in it is named."""
    is_for_street = CALLER_ROLE.get(issue.severity_class or "") is Role.STREET_LEADER
    return circle.street if is_for_street else circle.unit_name(issue.community_id)


def _silent_parties(issue_ids: Sequence[int]) -> dict[int, list[str]]:
    if not issue_ids:
        return {}
    rows = (
        Party.select(Party.issue, Party.organization_id)
        .where(Party.issue.in_(issue_ids), Party.is_current, Party.answered_at.is_null())
        .order_by(Party.id)
        .tuples()
    )
    silent: dict[int, list[str]] = {}
    for issue_id, unit in rows.iterator():
        silent.setdefault(issue_id, []).append(unit)
    return silent


def _callers(issues: Iterable[Issue]) -> dict[int, str]:
    """Callers who are still there: account's id → name."""
    ids = {issue.__data__["caller"] for issue in issues}
    if not ids:
        return {}
    rows = Account.select(Account.id, Account.display_name).where(
        Account.id.in_(ids), Account.disabled_at.is_null()
    )
    return dict(rows.tuples().iterator())


def _leads(circle: Circle, issues: Sequence[Issue]) -> dict[int, tuple[str, ...]]:
    """Who leads each issue; a worker who has left is not waited for, their community is."""
    if not issues:
        return {}
    rows = (
        Assignment.select(
            Assignment.issue, Assignment.organization_id, Account.display_name, Account.disabled_at
        )
        .join(Account, JOIN.LEFT_OUTER)
        .where(
            Assignment.issue.in_([issue.id for issue in issues]),
            Assignment.is_current,
            Assignment.part == Part.LEAD.value,
        )
        .order_by(Assignment.id)
        .tuples()
    )
    communities = {issue.id: circle.unit_name(issue.community_id) for issue in issues}
    leads: dict[int, tuple[str, ...]] = {}
    for issue_id, unit, name, disabled_at in rows.iterator():
        person = name if name and disabled_at is None else communities[issue_id]
        lead = circle.unit_name(unit) if unit else person
        leads[issue_id] = (*leads.get(issue_id, ()), lead)
    return leads
