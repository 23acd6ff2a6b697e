"""What became of the cases that each unit got in a month, counted from the entries alone.

A case belongs to the month in which the unit was first called to it or given it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct
from peewee import fn

from forms_app.community import Circle
from forms_app.issues.access import Actor, visible_to
from forms_app.issues.sums import is_counted
from forms_app.queries.unit_cases import (
    TOLD_BY,
    Case,
    Entries,
    began_between,
    cases_of_communities,
    cases_of_officers,
    cases_of_units,
    ids_of,
    read,
)
from forms_app.queries.unit_results import UnitMonth, add_case
from forms_app.rules.months import next_month
from forms_app.rules.worktime import midnight
from forms_app.store.models import Assignment, Entry, Issue, Party

SMALLEST_SHARED = 5  # of fewer cases a share would say more than it knows
OFFICERS = "officers"
BY = (*TOLD_BY, OFFICERS)


class Month(Struct, frozen=True):
    first: date
    units: tuple[UnitMonth, ...]  # departments and partners, in the circle's order
    communities: tuple[UnitMonth, ...]
    names: Mapping[str, str]  # of each of them, as it was called in that month

    def name_of(self, unit_id: str) -> str:
        """What a unit of it was called then."""
        return self.names[unit_id]

    @property
    def is_empty(self) -> bool:
        """Whether no case was given to anybody."""
        return not any(row.given for row in (*self.units, *self.communities))


class _Span(Struct, frozen=True):
    """From when until before when, as the database keeps times."""

    start: str
    end: str

    def has(self, moment: str) -> bool:
        return self.start <= moment < self.end


def month_of(circle: Circle, actor: Actor, first: date, now: datetime) -> Month:
    """The cases given in the month that begins on `first`, of the issues this actor may see."""
    began = ids_of(began_between(first, next_month(first)))
    issues, entries = read(actor, began)
    span, at = _kept_span(first, next_month(first)), _kept_time(now)
    by_unit = _counted(cases_of_units(began, entries), entries, span, at)
    by_community = _counted(cases_of_communities(issues, entries), entries, span, at)
    name_of = circle.as_of(midnight(next_month(first))).unit_name
    return Month(
        first,
        _in_order([*circle.departments, *circle.communities], by_unit),
        _in_order(circle.communities, by_community),
        {unit_id: name_of(unit_id) for unit_id in (*by_unit, *by_community)},
    )


def units_between(actor: Actor, first: date, until: date, now: datetime) -> tuple[UnitMonth, ...]:
    """The units' cases given from one day until before another, in no order; what no unit had to
    do with is not read.
    """
    began = began_between(first, until)
    called = Party.select(Party.issue).where(Party.issue.in_(began))
    led = Assignment.select(Assignment.issue).where(
        Assignment.issue.in_(began), Assignment.organization_id != ""
    )
    found = ids_of(called, led)
    _, entries = read(actor, found)
    span = _kept_span(first, until)
    return tuple(_counted(cases_of_units(found, entries), entries, span, _kept_time(now)).values())


def month_by(
    circle: Circle, actor: Actor, first: date, now: datetime, by: str
) -> tuple[UnitMonth, ...]:
    """The communities' cases of the month by one of BY, in the circle's order.

    By officer they are those that one of a community led: a worker's own and nobody else's; for
    the community's leader each one's, by name, as nobody is ranked; for others none.
    """
    began = ids_of(began_between(first, next_month(first)))
    issues, entries = read(actor, began)
    span, at = _kept_span(first, next_month(first)), _kept_time(now)
    if by == OFFICERS:
        led = _counted(cases_of_officers(actor, began, entries), entries, span, at)
        return tuple(sorted(led.values(), key=lambda row: row.unit_id))
    cases = list(cases_of_communities(issues, entries))
    for case in cases:
        case.unit_id = str(getattr(issues[case.issue_id], by))
    rows = _counted(cases, entries, span, at)
    for key, count in _received(actor, first, by):
        rows.setdefault(key, UnitMonth(key)).received = count
    known = {"kinds": circle.categories, "channels": circle.channels, "estates": circle.estates}
    return _in_order(known[by], rows)


def _received(actor: Actor, first: date, by: str) -> Iterable[tuple[str, int]]:
    """How many issues came in that month, along the index of their receipt."""
    start, end = midnight(first), midnight(next_month(first))
    return (
        Issue.select(TOLD_BY[by], fn.COUNT(Issue.id))
        .where(visible_to(actor), Issue.received_at >= start, Issue.received_at < end)
        .where(is_counted())
        .group_by(TOLD_BY[by])
        .tuples()
        .iterator()
    )


def _kept_time(moment: datetime) -> str:
    return str(Entry.made_at.db_value(moment))


def _kept_span(first: date, until: date) -> _Span:
    return _Span(_kept_time(midnight(first)), _kept_time(midnight(until)))


def _counted(
    cases: Iterable[Case], entries: Entries, span: _Span, now: str
) -> dict[str, UnitMonth]:
    """The cases that were given in that time, counted for each that had any."""
    rows: dict[str, UnitMonth] = {}
    for case in cases:
        if span.has(case.given[0].made_at):
            row = rows.setdefault(case.unit_id, UnitMonth(case.unit_id))
            add_case(row, case, entries[case.issue_id], now)
    return rows


def _in_order(ids: Iterable[str], rows: dict[str, UnitMonth]) -> tuple[UnitMonth, ...]:
    """In the circle's order; what the circle no longer knows comes last."""
    known = [unit_id for unit_id in ids if unit_id in rows]
    return tuple(rows[unit_id] for unit_id in (*known, *(key for key in rows if key not in known)))
