"""The two-way assessment as its pages show it: what offices said of each other, and the counts of
a quarter beside it, reckoned from the register's entries alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, time

from msgspec import Struct
from peewee import ModelSelect

from forms_app.community import Circle
from forms_app.issues.access import Actor, visible_to
from forms_app.issues.assessments import Turns, seen_by, sees, turns
from forms_app.issues.driving import beside
from forms_app.queries.facts import columns, facts
from forms_app.queries.months import (
    units_between,
)
from forms_app.queries.unit_cases import gave_work, is_of
from forms_app.queries.unit_results import UnitMonth
from forms_app.rules.months import months_of, next_month
from forms_app.rules.procedure import GIVING_BACK, RELAYING
from forms_app.rules.steps import Part, Role
from forms_app.rules.two_way import (
    KINDS,
)
from forms_app.rules.worktime import CHINA
from forms_app.store.assessments import Assessment, AssessmentEntry
from forms_app.store.models import Assignment, Entry, Issue, Objection, Summons
from forms_app.store.prepared import prepared

LISTED = 500  # of a quarter


class AssessmentFacts(Struct, frozen=True):
    """One record as both offices read it."""

    id: int
    version: int
    kind: str  # of two_way.KINDS
    quarter: str
    subdistrict_id: str
    organization_id: str
    subdistrict_name: str  # as both were called then
    organization_name: str
    level: str
    subject: str
    words: str
    planned_on: str
    said_at: datetime
    answer: str
    answer_words: str
    answered_at: datetime | None
    done_on: str
    found: str
    withdrawn_at: datetime | None


class AssessmentWords(Struct, frozen=True):
    """What was done with it at some time."""

    made_at: datetime
    actor_name: str
    actor_role: str
    event: str  # of two_way.Event
    told: str


class AssessmentPage(Struct, frozen=True):
    """A record with its history, oldest first, and what may be done with it."""

    one: AssessmentFacts
    words: tuple[AssessmentWords, ...]
    turns: Turns


class UnitQuarter(Struct):
    """What a unit had to do with a sub-district's issues in a quarter."""

    unit_id: str
    name: str  # as it was called in that quarter
    called: int = 0
    answered_on_time: int = 0
    disputed: int = 0  # it said that something was not theirs
    returned: int = 0  # results that the caller gave back
    leading: int = 0
    on_time: int = 0  # of those that it led, as the rest
    finished: int = 0
    judged: int = 0  # by residents' own verdicts
    dissatisfied: int = 0
    entered: int = 0  # verdicts that staff entered
    entered_dissatisfied: int = 0

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, one) for one in self.__struct_fields__[2:])


class SubdistrictQuarter(Struct, frozen=True):
    """What the sub-district did as the one who calls, in a quarter."""

    summonses: int
    returned: int  # results that it gave back
    relayed: int  # results that it handed on itself
    passed: int  # that went on by themselves, as nobody had


def assessments(actor: Actor, quarter: str) -> tuple[AssessmentFacts, ...]:
    """The quarter's records that an actor may read, newest first."""
    return tuple(AssessmentFacts(*row) for row in _listed.tuples(actor, quarter))


@prepared
def _listed(actor: Actor, quarter: str) -> "ModelSelect[Assessment]":
    return (
        Assessment.select(*columns(AssessmentFacts, Assessment))
        .where(Assessment.quarter == quarter, seen_by(actor))
        .order_by(Assessment.id.desc())
        .limit(LISTED)
    )


def open_assessments(actor: Actor) -> tuple[AssessmentFacts, ...]:
    """Of any quarter, what waits for this actor: an answer, or what came of an inspection."""
    is_to_be_done = (Assessment.answer == "approved") & (Assessment.done_on == "")
    waiting = Assessment.select().where(
        Assessment.withdrawn_at.is_null(),
        Assessment.answered_at.is_null() | is_to_be_done,
        seen_by(actor),
    )
    found = []
    for row in waiting.order_by(Assessment.id).limit(LISTED):
        mine = turns(actor, row)
        if mine.answers or mine.finishes:
            found.append(facts(AssessmentFacts, row))
    return tuple(found)


def assessment(actor: Actor, key: int) -> AssessmentPage | None:
    """One record; None where it is not theirs to read."""
    row = Assessment.get_or_none(Assessment.id == key)
    if row is None or not sees(actor, row):
        return None
    return AssessmentPage(
        facts(AssessmentFacts, row),
        tuple(AssessmentWords(*told) for told in _history.tuples(key)),
        turns(actor, row),
    )


@prepared
def _history(key: int) -> "ModelSelect[AssessmentEntry]":
    return (
        AssessmentEntry.select(*columns(AssessmentWords, AssessmentEntry))
        .where(AssessmentEntry.assessment == key)
        .order_by(AssessmentEntry.id)
    )


def quarter_of_units(
    circle: Circle, subdistrict_id: str, quarter: str, now: datetime
) -> tuple[UnitQuarter, ...]:
    """Each department that had anything, in the circle's order; one that the circle has lost last.

    Both sides are shown the same numbers: they are counted as whoever oversees the sub-district
    sees its issues.
    """
    watching = _watching(circle, subdistrict_id)
    rows: dict[str, UnitQuarter] = {}
    name_of = circle.as_of(_span(quarter)[1]).unit_name

    def row_of(unit_id: str) -> UnitQuarter:
        return rows.setdefault(unit_id, UnitQuarter(unit_id, name_of(unit_id)))

    first, _, last = months_of(quarter)
    for counted in units_between(watching, first, next_month(last), now):
        if counted.unit_id not in circle.communities:
            _add(row_of(counted.unit_id), counted)
    for unit_id in _disputing(watching, quarter):
        row_of(unit_id).disputed += 1
    for unit_id in _given_back(watching, quarter):
        if unit_id not in circle.communities:
            row_of(unit_id).returned += 1
    known = [unit_id for unit_id in circle.departments if unit_id in rows]
    return tuple(rows[key] for key in (*known, *(key for key in rows if key not in known)))


def quarter_of_subdistrict(circle: Circle, subdistrict_id: str, quarter: str) -> SubdistrictQuarter:
    """What the sub-district did as a caller, counted alike."""
    watching = _watching(circle, subdistrict_id)
    start, end = _span(quarter)
    called = (
        Summons.select(Summons.entry)
        .join(Entry)
        .join(Issue)
        .where(
            gave_work(), Entry.made_at >= start, Entry.made_at < end, beside(visible_to(watching))
        )
        .distinct()  # whoever goes on with it under another number called nobody
    )
    handed_on = list(_moves(watching, quarter, RELAYING))
    by_itself = [row for row in handed_on if row.actor_role == Role.SYSTEM.value]
    return SubdistrictQuarter(
        summonses=called.count(),
        returned=len(list(_moves(watching, quarter, GIVING_BACK))),
        relayed=len(handed_on) - len(by_itself),
        passed=len(by_itself),
    )


def _watching(circle: Circle, subdistrict_id: str) -> Actor:
    here = None
    if circle.has_several_subdistricts:
        homes = circle.communities.values()
        here = frozenset(one.id for one in homes if one.subdistrict == subdistrict_id)
    return Actor(Role.SUPERVISOR, "", subdistrict_id=subdistrict_id, community_ids=here)


def _add(row: UnitQuarter, counted: UnitMonth) -> None:
    for name in ("called", "answered_on_time", "leading"):
        setattr(row, name, getattr(row, name) + getattr(counted, name))
    # Whoever was called and did not come has no part in what the others finished.
    for name in (
        "on_time", "finished", "judged", "dissatisfied", "entered", "entered_dissatisfied",
    ):  # fmt: skip
        setattr(row, name, getattr(row, name) + getattr(counted.led, name))


def _span(quarter: str) -> tuple[datetime, datetime]:
    first, _, last = months_of(quarter)
    start, end = (datetime.combine(day, time(), CHINA) for day in (first, next_month(last)))
    return start, end


def _moves(watching: Actor, quarter: str, moves: Iterable[str]) -> "ModelSelect[Entry]":
    start, end = _span(quarter)
    return (
        Entry.select(Entry)
        .join(Issue)
        .where(
            is_of((*RELAYING, *GIVING_BACK)), Entry.move.in_(list(moves)),
            Entry.made_at >= start, Entry.made_at < end, beside(visible_to(watching)),
        )
        .order_by(Entry.id)
    )  # fmt: skip


def _disputing(watching: Actor, quarter: str) -> list[str]:
    """The unit of each objection of the quarter."""
    start, end = _span(quarter)
    rows = (
        Objection.select(Objection.organization_id)
        .join(Entry)
        .join(Issue)
        .where(Entry.made_at >= start, Entry.made_at < end, beside(visible_to(watching)))
    )
    return [row.organization_id for row in rows]


def _given_back(watching: Actor, quarter: str) -> list[str]:
    """Whose each result was that was given back in the quarter: who led when it was."""
    back = list(_moves(watching, quarter, GIVING_BACK))
    of_issues = sorted({int(entry.__data__["issue"]) for entry in back})
    led: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Assignment.select().where(
        Assignment.issue.in_(of_issues), Assignment.part == Part.LEAD.value
    )
    for row in rows.order_by(Assignment.id) if back else ():
        led[int(row.__data__["issue"])].append((int(row.__data__["entry"]), row.organization_id))
    found = []
    for entry in back:
        before = [unit for given, unit in led[int(entry.__data__["issue"])] if given < entry.id]
        found += [unit for unit in before[-1:] if unit]
    return found


def kinds_said_by(role: Role) -> tuple[str, ...]:
    """Which kinds of record somebody of this role begins."""
    return tuple(name for name, kind in KINDS.items() if kind.said_by is role)
