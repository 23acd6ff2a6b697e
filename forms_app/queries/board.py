"""The board: what waits for an actor, and what waits for others, with their names.

However many rows there are, it asks the same few questions.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby, takewhile
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace
from peewee import Case, Expression, ModelSelect, fn

from forms_app.community import Circle
from forms_app.issues.access import SUBDISTRICT_ROLES, Actor, seen_by_district, visible_to
from forms_app.issues.board_filters import BoardFilters
from forms_app.issues.clocks import IN_HAND, is_overdue
from forms_app.issues.following import judging
from forms_app.issues.register_filters import Filters
from forms_app.queries.queue import Due, QueueRow, in_order, rows_of, shown
from forms_app.queries.register_conditions import let_through
from forms_app.queries.register_wanted import few_own
from forms_app.queries.waited_for import named
from forms_app.queries.whose_move import is_next, own_moves
from forms_app.rules.clocks import OPINION
from forms_app.rules.steps import Role, Step
from forms_app.rules.worktime import local_day
from forms_app.store.models import Entry, Issue, Party, Summons
from forms_app.store.prepared import Spelled, prepared

CLOCKS_SHOWN = 4  # of a flood the others stand in their list
LIST_LENGTH = 50  # rows of one of two lists; one that was asked for alone is twice as long
# Open issues; more are not counted while somebody waits for a page, and no more than 999 are said.
COUNTED_OPEN = 1_000
COUNTED_UNITS = 20
# These change nothing, or nothing is left to them: their lists are not split by whose move it is.
WATCHING = (Role.SUPERVISOR, Role.COLLECTOR)


class Section(Struct, frozen=True):
    name: str  # "me", "others"; "late", "in_time" of a supervisor; "handed_in" of a collector
    rows: tuple[QueueRow, ...]
    is_cut: bool
    count: int
    is_least: bool = False  # it is what was counted of more

    def parts(self, now: datetime, skipped: int = 0) -> list[tuple[Due | None, list[QueueRow]]]:
        """The rows by when they are due, but for the first ones, which stand elsewhere; all in one
        part where their order does not go by it, or all are due alike.
        """
        rows, today = self.rows[skipped:], local_day(now)
        parts = [(due, list(rows)) for due, rows in groupby(rows, lambda row: row.due(today))]
        found = [due for due, _ in parts]
        is_told = len(parts) > 1 and found == [due for due in Due if due in found]
        return [*parts] if is_told else [(None, list(rows))] * bool(rows)


class Counts(Struct, frozen=True):
    """Open issues as the conditions on class, urgency and community leave them, by three facets."""

    groups: Mapping[tuple[str, bool, bool], int]  # step, is mine, is overdue → how many
    is_cut: bool  # there are more than COUNTED_OPEN: these are the most pressing ones

    def of(
        self, *, step: str = "", is_mine: bool | None = None, is_late: bool | None = None
    ) -> int:
        """How many are at this step, wait for this side, and are overdue or not; None: either."""
        return sum(
            count
            for (at, mine, late), count in self.groups.items()
            if step in ("", at) and is_mine in (None, mine) and is_late in (None, late)
        )


class _Part(Struct, frozen=True):
    """What belongs to one of the lists; None: either."""

    is_mine: bool | None = None
    is_late: bool | None = None


class Board(Struct, frozen=True):
    sections: tuple[Section, ...]
    counts: Counts
    silent: tuple[tuple[str, int], ...]  # unit's id, issues it has not answered in time
    is_new: bool  # there is no issue at all that this actor may see

    @property
    def clocks(self) -> tuple[QueueRow, ...]:
        """The ten-minute clocks that run for its reader, as many as stand above everything else:
        the first rows of what is theirs.
        """
        own = next((section.rows for section in self.sections if section.name == "me"), ())
        return tuple(takewhile(lambda row: row.clock == OPINION, own[:CLOCKS_SHOWN]))


class _Open(NamedTuple):
    id: int
    step: str
    is_mine: bool
    is_late: bool


def board(circle: Circle, actor: Actor, now: datetime, filters: BoardFilters) -> Board:
    """What is open and this actor may see, split by whose move is next, what is due first first."""
    own = few_own(actor)
    found, is_cut = _open(circle, actor, now, filters, own)
    parts = _parts(actor, filters)
    length = LIST_LENGTH * 2 // len(parts)
    lists: dict[str, list[int]] = {}
    whole = set() if is_cut else set(parts)
    for name, part in parts.items():
        lists[name] = [one.id for one in found if _is_wanted(one, part, filters.shared)]
        # Each look through all that is open asks of each issue whether the unit has to do with it:
        # what waits for others is looked for where it alone is asked for.
        is_dear = actor.role is Role.RESPONDER and not part.is_mine and len(parts) > 1
        if is_cut and len(lists[name]) < length and not is_dear:
            # What stands behind all that was counted is listed, too.
            beyond = _in_line.tuples(circle, actor, now, filters.shared, part, own, Spelled(length))
            lists[name] = [one.id for one in _waiting(beyond)]
            whole |= {name} if len(beyond) < length else set()
    listed = {name: ids[:length] for name, ids in lists.items()}
    every = [key for ids in listed.values() for key in ids]
    rows = _rows(circle, actor, every, listed.get("me", []), now)
    sections = tuple(
        Section(
            name,
            tuple(rows[key] for key in listed[name]),
            name not in whole or len(ids) > length,
            len(ids),
            name not in whole,
        )
        for name, ids in lists.items()
    )
    sees_silent = actor.role in SUBDISTRICT_ROLES
    return Board(
        sections,
        Counts(Counter((one.step, one.is_mine, one.is_late) for one in found), is_cut),
        tuple(_late_units.tuples(actor, now)) if sees_silent else (),
        not found and not (_sees_any(actor) if own is None else own),
    )


def newest_entry() -> int:
    """The key of what was noted last in any issue's history; 0 where nothing was."""
    return next((key for (key,) in _newest.tuples()), 0)


@prepared
def _newest() -> "ModelSelect[Entry]":
    return Entry.select(Entry.id).order_by(Entry.id.desc()).limit(1)


def _sees_any(actor: Actor) -> bool:
    """Whether there is any issue at all that they may see, however long ago."""
    if actor.role is Role.DISTRICT_OFFICE:
        # Each by its own index: together they would be asked of every issue there is.
        rows = (Issue.select(Issue.id).where(one).limit(1) for one in seen_by_district(actor))
        return any(one.exists() for one in rows)
    return bool(_any.tuples(actor))


@prepared
def _any(actor: Actor) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id).where(visible_to(actor)).limit(1)


def _flag(condition: Expression) -> Case:
    """1 or 0, also where a comparison with nothing makes the condition neither."""
    return Case(None, ((condition, 1),), 0)


def _open(
    circle: Circle,
    actor: Actor,
    now: datetime,
    filters: BoardFilters,
    own: Sequence[int] | None,
) -> tuple[list[_Open], bool]:
    """Every open issue in its order, and whether there are more than are counted; of a unit that
    has few, begun with its `own`.

    The facets themselves do not narrow it, so that each can say what it would show.
    """
    if own is not None and not own:
        return [], False
    shared = replace(filters.shared, step="", overdue=False)
    rows = _in_line.tuples(circle, actor, now, shared, _Part(), own, Spelled(COUNTED_OPEN + 1))
    return _waiting(rows[:COUNTED_OPEN]), len(rows) > COUNTED_OPEN


def _waiting(rows: Sequence[tuple[int, str, int, int]]) -> list[_Open]:
    """Those of some rows in line for which anybody waits."""
    found = [_Open(key, step, bool(mine), bool(late)) for key, step, mine, late in rows]
    merged = [one.id for one in found if one.step == Step.MERGED]
    judged = judging(merged)
    return [one for one in found if one.step != Step.MERGED or one.id in judged]


@prepared
def _in_line(
    circle: Circle,
    actor: Actor,
    now: datetime,
    shared: Filters,
    part: _Part,
    own: Sequence[int] | None,
    limit: Spelled,
) -> "ModelSelect[Issue]":
    mine, late = _flag(is_next(actor, now)), _flag(is_overdue(now))
    found = Issue.select(Issue.id, Issue.step, mine.alias("mine"), late.alias("late"))
    found = found.where(let_through(circle, actor, now, shared), IN_HAND)
    if own is not None:
        found = found.where(Issue.id.in_(own))
    for flag, wanted in ((mine, part.is_mine), (late, part.is_late)):
        if wanted is not None:
            found = found.where(flag == int(wanted))
    order = in_order(is_answering=actor.role is Role.RESPONDER)
    return found.order_by(*order).limit(limit.number)


def _is_wanted(one: _Open, part: _Part, shared: Filters) -> bool:
    return (
        part.is_mine in (None, one.is_mine)
        and part.is_late in (None, one.is_late)
        and shared.step in ("", one.step)
        and (one.is_late or not shared.overdue)
    )


def _parts(actor: Actor, filters: BoardFilters) -> dict[str, _Part]:
    """The lists of a role, by name, and which issues belong to each."""
    waits = {"me": True, "others": False}
    mine = waits.get(filters.waits)
    if actor.role is Role.SUPERVISOR:
        return {"late": _Part(mine, is_late=True), "in_time": _Part(mine, is_late=False)}
    if actor.role in WATCHING:
        return {"handed_in": _Part(mine)}
    if filters.waits:
        return {filters.waits: _Part(mine)}
    return {name: _Part(is_mine) for name, is_mine in waits.items()}


def _rows(
    circle: Circle, actor: Actor, ids: Sequence[int], mine: Sequence[int], now: datetime
) -> dict[int, QueueRow]:
    issues = _listed.rows(ids) if ids else []
    callers = {issue.id: issue.__data__["caller"] for issue in issues}
    rows = named(circle, rows_of(issues, now, actor), callers, now)
    own = own_moves(actor, mine, now)
    return {key: _with_own(row, own.get(key, frozenset())) for key, row in rows.items()}


def _with_own(row: QueueRow, own: frozenset[str]) -> QueueRow:
    return replace(row, awaited=tuple(replace(one, is_own=one.name in own) for one in row.awaited))


@prepared
def _listed(ids: Sequence[int]) -> "ModelSelect[Issue]":
    return Issue.select(*shown(), Issue.caller).where(Issue.id.in_(ids))


@prepared
def _late_units(actor: Actor, now: datetime) -> "ModelSelect[Party]":
    """The units that have not answered in time, those with most issues first."""
    how_many = fn.COUNT(Party.issue.distinct())
    return (
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
    )
