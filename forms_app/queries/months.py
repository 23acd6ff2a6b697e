"""What became of the cases that each unit got in a month, counted from the entries alone.

A case is one unit's in one round of one issue, and belongs to the month in which the unit was first
called to it or given it. A unit that is called and then leads has one case. The communities' cases
are told by kind, channel and estate, too, and by the officer who led them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple

from msgspec import Struct, field
from peewee import SQL, Expression, ModelSelect, chunked, fn

from forms_app.community import Circle
from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.issues.sums import is_counted
from forms_app.queries.unit_names import names_at
from forms_app.rules.clocks import is_past
from forms_app.rules.move import VerdictBy, verdict_by
from forms_app.rules.procedure import ANSWERING, ENDING_HANDLING, PUTTING_OFF, names_where
from forms_app.rules.steps import OPEN_STEPS, Part, Role, Step
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.database import proxy
from forms_app.store.models import Assignment, Entry, Issue, Party, Summons

_AT_ONCE = 5_000  # issues
SMALLEST_SHARED = 5  # of fewer cases a share would say more than it knows

_GIVING_WORK = names_where(lambda move: move.gives_work)
# Another plan ends the part of a unit that has none in it: to the others it gives work again.
_ENDING_A_PART = names_where(lambda move: move.ends_handling or move.next_class)
# Where an issue stands while its resident is waited for.
_UNJUDGED = (Step.EVALUATING.value, Step.SHELVED.value)
_OPEN = frozenset(step.value for step in OPEN_STEPS)
_REPLACING = names_where(lambda move: move.replaces)
_PASSING_ON = names_where(lambda move: move.next_class)
_GIVING_BACK = names_where(lambda move: move.gives_back)


# What an issue's cases are told by, beside who had them: its column.
_BY = {"kinds": Issue.category, "channels": Issue.channel, "estates": Issue.estate_id}
OFFICERS = "officers"
BY = (*_BY, OFFICERS)


class Results(Struct):
    """What came of cases that are over."""

    on_time: int = 0
    late: int = 0
    judged: int = 0  # by the resident's own verdict
    dissatisfied: int = 0
    entered: int = 0  # verdicts that staff entered
    entered_dissatisfied: int = 0

    @property
    def finished(self) -> int:
        """How many were resolved or explained."""
        return self.on_time + self.late


class UnitMonth(Struct):
    """One unit's cases of a month: given = on time + late + still open + gone another way."""

    unit_id: str
    given: int = 0
    leading: int = 0
    led: Results = field(default_factory=Results)  # of those that it led
    called: int = 0
    answered_on_time: int = 0
    on_time: int = 0
    late: int = 0
    still_open: int = 0
    open_overdue: int = 0  # of those still open
    other: int = 0
    judged: int = 0  # by the resident's own verdict
    dissatisfied: int = 0
    entered: int = 0  # verdicts that staff entered
    entered_dissatisfied: int = 0
    unjudged: int = 0  # finished and told to a resident who has not said anything yet
    unjudged_since: datetime | None = None  # the oldest of these
    extended: int = 0  # times that their deadline was put off
    escalated: int = 0  # of those gone another way
    again: int = 0  # of a second round or a later one
    received: int = 0  # issues that came in that month, whatever became of them

    @property
    def finished(self) -> int:
        """How many were resolved or explained."""
        return self.on_time + self.late


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


class _Told(NamedTuple):
    """What counts of an entry; times as the database keeps them, which sort."""

    issue_id: int
    id: int
    made_at: str
    move: str
    round_no: int
    from_step: str | None
    to_step: str
    due_at: str | None
    satisfaction: int | None
    actor_role: str
    asked_how: str
    organization_id: str


# One tuple a row: made as rows of a model, a quarter's entries took four times as long.
_TOLD = (
    Entry.issue, Entry.id, Entry.made_at, Entry.move, Entry.round_no, Entry.from_step,
    Entry.to_step, Entry.due_at, Entry.satisfaction, Entry.actor_role, Entry.asked_how,
    Entry.organization_id,
)  # fmt: skip


class _Place(NamedTuple):
    """What an issue's cases are told by."""

    community_id: str
    kinds: str
    channels: str
    estates: str


class _Case(Struct):
    """One unit's part in one round: from the entry that gave it, as far as it went."""

    issue_id: int
    round_no: int
    unit_id: str
    given: list[_Told] = field(default_factory=list)
    is_leading: bool = False
    reply_by: str = ""  # of the first summons
    first_call: _Told | None = None


class _Span(Struct, frozen=True):
    """From when until before when, as the database keeps times."""

    start: str
    end: str

    def has(self, moment: str) -> bool:
        return self.start <= moment < self.end


_Issues = Mapping[int, _Place]
_Entries = Mapping[int, list[_Told]]


def month_of(circle: Circle, actor: Actor, first: date, now: datetime) -> Month:
    """The cases given in the month that begins on `first`, of the issues this actor may see."""
    began = _ids(_began(first, next_month(first)))
    issues, entries = _read(actor, began)
    span, at = _kept_span(first, next_month(first)), _kept_time(now)
    by_unit = _counted(_cases_of_units(began, entries), entries, span, at)
    by_community = _counted(_cases_of_communities(issues, entries), entries, span, at)
    name_of = names_at(circle, _moment(next_month(first)), now)
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
    began = _began(first, until)
    called = Party.select(Party.issue).where(Party.issue.in_(began))
    led = Assignment.select(Assignment.issue).where(
        Assignment.issue.in_(began), Assignment.organization_id != ""
    )
    found = sorted({issue_id for query in (called, led) for (issue_id,) in _rows(query)})
    _, entries = _read(actor, found)
    span = _kept_span(first, until)
    return tuple(_counted(_cases_of_units(found, entries), entries, span, _kept_time(now)).values())


def month_by(
    circle: Circle, actor: Actor, first: date, now: datetime, by: str
) -> tuple[UnitMonth, ...]:
    """The communities' cases of the month by one of BY, in the circle's order.

    By officer they are those that one of a community led: a worker's own and nobody else's; for
    the community's leader each one's, by name, as nobody is ranked; for others none.
    """
    began = _ids(_began(first, next_month(first)))
    issues, entries = _read(actor, began)
    span, at = _kept_span(first, next_month(first)), _kept_time(now)
    if by == OFFICERS:
        led = _counted(_cases_of_officers(actor, began, entries), entries, span, at)
        return tuple(sorted(led.values(), key=lambda row: row.unit_id))
    cases = list(_cases_of_communities(issues, entries))
    for case in cases:
        case.unit_id = str(getattr(issues[case.issue_id], by))
    rows = _counted(cases, entries, span, at)
    for key, count in _received(actor, first, by):
        rows.setdefault(key, UnitMonth(key)).received = count
    known = {"kinds": circle.categories, "channels": circle.channels, "estates": circle.estates}
    return _in_order(known[by], rows)


def _received(actor: Actor, first: date, by: str) -> Iterable[tuple[str, int]]:
    """How many issues came in that month, along the index of their receipt."""
    start, end = _moment(first), _moment(next_month(first))
    return (
        Issue.select(_BY[by], fn.COUNT(Issue.id))
        .where(visible_to(actor), Issue.received_at >= start, Issue.received_at < end)
        .where(is_counted())
        .group_by(_BY[by])
        .tuples()
        .iterator()
    )


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)


def _kept_time(moment: datetime) -> str:
    return str(Entry.made_at.db_value(moment))


def _kept_span(first: date, until: date) -> _Span:
    return _Span(_kept_time(_moment(first)), _kept_time(_moment(until)))


def _rows(query: "ModelSelect[Any]") -> Iterable[tuple[Any, ...]]:
    """The rows as the database keeps them."""
    rows: Iterable[tuple[Any, ...]] = proxy.execute_sql(*query.sql())
    return rows


def is_of(moves: Iterable[str]) -> Expression:
    """The condition that an entry is of these moves, spelled out as in their index: there is no
    other way to the entries of a month.
    """
    found: Expression = Entry.move.in_([SQL(f"'{move}'") for move in sorted(moves)])
    return found


def gave_work() -> Expression:
    """The condition that an entry gave work to somebody."""
    return is_of(_GIVING_WORK)


def _began(first: date, until: date) -> "ModelSelect[Entry]":
    """The issues in which anybody got to work from one day until before another."""
    return Entry.select(Entry.issue).where(
        gave_work(), Entry.made_at >= _moment(first), Entry.made_at < _moment(until)
    )


def _ids(began: "ModelSelect[Entry]") -> list[int]:
    return sorted({issue_id for (issue_id,) in _rows(began)})


def _of(began: Sequence[int], issue: Any) -> Iterator[Expression]:
    """The condition that a row is of one of these issues, some thousands of them at a time.

    They were looked for once: within each statement they would be looked for anew.
    """
    for batch in chunked(began, _AT_ONCE):
        yield issue.in_(SQL(f"({', '.join(map(str, batch))})"))


def _read(actor: Actor, began: Sequence[int]) -> tuple[_Issues, dict[int, list[_Told]]]:
    """Those of these issues that the actor may see, with all their entries, oldest first."""
    chosen = Issue.select(Issue.id, Issue.community_id, *_BY.values())
    issues = {
        issue_id: _Place(*place)
        for of_them in _of(began, Issue.id)
        for issue_id, *place in _rows(chosen.where(of_them, beside(visible_to(actor))))
    }
    entries: dict[int, list[_Told]] = defaultdict(list)
    told = Entry.select(*_TOLD).order_by(Entry.id)
    for of_them in _of(sorted(issues), Entry.issue):
        for row in _rows(told.where(of_them)):
            entries[row[0]].append(_Told._make(row))
    return issues, entries


def _counted(
    cases: Iterable[_Case], entries: _Entries, span: _Span, now: str
) -> dict[str, UnitMonth]:
    """The cases that were given in that time, counted for each that had any."""
    rows: dict[str, UnitMonth] = {}
    for case in cases:
        if span.has(case.given[0].made_at):
            row = rows.setdefault(case.unit_id, UnitMonth(case.unit_id))
            _count(row, case, entries[case.issue_id], now)
    return rows


def next_month(first: date) -> date:
    """The first day of the month after."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _cases_of_units(began: Sequence[int], entries: _Entries) -> Iterable[_Case]:
    known = {entry.id: entry for rows in entries.values() for entry in rows}
    cases: dict[tuple[int, int, str], _Case] = {}

    def case_of(entry: _Told, unit_id: str) -> _Case:
        key = (entry.issue_id, entry.round_no, unit_id)
        case = cases.get(key)
        if case is None:
            case = cases[key] = _Case(*key)
        case.given.append(entry)
        case.given.sort(key=_by_id)
        return case

    called = Party.select(Summons.entry, Party.organization_id, Summons.reply_by)
    called = called.join(Summons).order_by(Party.id)
    for of_them in _of(began, Party.issue):
        for entry_id, unit_id, reply_by in _rows(called.where(of_them)):
            entry = known.get(entry_id)
            if entry is not None:
                case = case_of(entry, unit_id)
                if case.first_call is None:
                    case.first_call, case.reply_by = entry, reply_by
    led = Assignment.select(Assignment.entry, Assignment.organization_id, Assignment.part)
    led = led.where(Assignment.organization_id != "").order_by(Assignment.id)
    for of_them in _of(began, Assignment.issue):
        for entry_id, unit_id, part in _rows(led.where(of_them)):
            entry = known.get(entry_id)
            if entry is not None:
                case = case_of(entry, unit_id)
                case.is_leading = case.is_leading or part == Part.LEAD.value
    return cases.values()


def _by_id(entry: _Told) -> int:
    return entry.id


def _cases_of_communities(issues: _Issues, entries: _Entries) -> Iterable[_Case]:
    """Every round in which anybody got to work is a case of the community that it happened in."""
    cases: dict[tuple[int, int], _Case] = {}
    for issue_id, rows in entries.items():
        for entry in rows:
            if entry.move in _GIVING_WORK:
                key = (issue_id, entry.round_no)
                case = cases.setdefault(key, _Case(*key, issues[issue_id].community_id))
                case.given.append(entry)
    return cases.values()


def _cases_of_officers(actor: Actor, began: Sequence[int], entries: _Entries) -> Iterable[_Case]:
    """What the people of the actor's own community led, under their names."""
    if actor.role not in (Role.WORKER, Role.COMMUNITY_LEADER):
        return []
    mine = Account.community_id == actor.community_id
    if actor.role is Role.WORKER:
        mine &= Account.id == actor.account_id
    known = {entry.id: entry for rows in entries.values() for entry in rows}
    led = (
        Assignment.select(Assignment.entry, Account.display_name, Account.username)
        .join(Account)
        .where(Assignment.part == Part.LEAD.value, beside(mine))
        .order_by(Assignment.id)
    )
    cases: dict[tuple[int, int, str], _Case] = {}
    for of_them in _of(began, Assignment.issue):
        for entry_id, name, username in _rows(led.where(of_them)):
            entry = known.get(entry_id)
            if entry is not None:
                # Two of one name stay two.
                key = (entry.issue_id, entry.round_no, f"{name}（{username}）")
                case = cases.setdefault(key, _Case(*key))
                case.given.append(entry)
                case.is_leading = True
    return cases.values()


def _count(row: UnitMonth, case: _Case, entries: list[_Told], now: str) -> None:
    row.given += 1
    row.again += case.round_no > 1
    row.leading += case.is_leading
    if case.first_call is not None:
        row.called += 1
        row.answered_on_time += _answered_on_time(case, entries)
    after = [
        entry
        for entry in entries
        if entry.round_no == case.round_no and entry.id > case.given[-1].id
    ]
    ended = _end(after)
    row.extended += sum(
        entry.move in PUTTING_OFF and (ended is None or entry.id < ended.id) for entry in after
    )
    row.escalated += ended is not None and ended.move in _PASSING_ON
    if ended is None:
        row.still_open += 1
        # The deadline as the newest entry of the round left it: an extension moves it.
        row.open_overdue += is_past((after or case.given)[-1].due_at, now)
    elif ended.move not in ENDING_HANDLING:
        row.other += 1
    verdict = next((entry for entry in after if entry.satisfaction is not None), None)
    if verdict is None and after and after[-1].to_step in _UNJUDGED:
        asked = next(entry.made_at for entry in after if entry.to_step in _UNJUDGED)
        asked_at = datetime.fromisoformat(asked)
        row.unjudged += 1
        row.unjudged_since = min(row.unjudged_since or asked_at, asked_at)
    if ended is not None and ended.move in ENDING_HANDLING:
        came = _came_of(ended, verdict)
        for counted in (row, row.led) if case.is_leading else (row,):
            for name in Results.__struct_fields__:
                setattr(counted, name, getattr(counted, name) + getattr(came, name))


def _came_of(ended: _Told, verdict: _Told | None) -> Results:
    """One case that was finished, as it is counted."""
    is_on_time = ended.due_at is None or ended.made_at <= ended.due_at
    came = Results(on_time=int(is_on_time), late=int(not is_on_time))
    if verdict is not None:
        is_dissatisfied = verdict.to_step != Step.CLOSED.value
        if verdict_by(verdict.actor_role, verdict.asked_how) is VerdictBy.RESIDENT:
            came.judged, came.dissatisfied = 1, int(is_dissatisfied)
        else:
            came.entered, came.entered_dissatisfied = 1, int(is_dissatisfied)
    return came


def _end(entries: Iterable[_Told]) -> _Told | None:
    """What ended the unit's part: the first result that its caller did not give back."""
    ended: _Told | None = None
    for entry in entries:
        is_handed_in = ended is not None and ended.to_step == Step.REPORTED.value
        if is_handed_in and entry.move in _GIVING_BACK:
            ended = None
        elif (ended is None and _ends(entry)) or (is_handed_in and entry.move in _PASSING_ON):
            ended = entry
    return ended


def _ends(entry: _Told) -> bool:
    """Whether the unit's part is over: finished, passed on to the next class, or out of the way."""
    is_out = entry.to_step not in _OPEN
    # Before there is a plan, nobody has a part in one to lose.
    is_replaced = entry.move in _REPLACING and entry.from_step == Step.HANDLING.value
    return entry.move in _ENDING_A_PART or is_replaced or is_out


def _answered_on_time(case: _Case, entries: list[_Told]) -> bool:
    call = case.first_call
    answers = (
        entry.made_at
        for entry in entries
        if call is not None
        and entry.move in ANSWERING
        and entry.organization_id == case.unit_id
        and entry.id > call.id
        and entry.round_no == case.round_no
    )
    first = next(answers, None)
    return first is not None and first <= case.reply_by


def _in_order(ids: Iterable[str], rows: dict[str, UnitMonth]) -> tuple[UnitMonth, ...]:
    """In the circle's order; what the circle no longer knows comes last."""
    known = [unit_id for unit_id in ids if unit_id in rows]
    return tuple(rows[unit_id] for unit_id in (*known, *(key for key in rows if key not in known)))
