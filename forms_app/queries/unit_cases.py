"""The cases of some time: whom work was given in which round of which issue, read from the entries.

A case is one unit's in one round of one issue, as of when the unit was first called to it or given
it. A unit that is called and then leads has one case. The communities' cases are told by kind,
channel and estate, too, and by the officer who led them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from msgspec import Struct, field
from peewee import SQL, Expression, ModelSelect, chunked

from forms_app.issues.access import COMMUNITY_ROLES, Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.issues.taken_over import MovedOn, moved_on
from forms_app.rules.procedure import TAKING_OVER, names_where
from forms_app.rules.steps import Part, Role
from forms_app.rules.worktime import midnight
from forms_app.store.accounts import Account
from forms_app.store.database import proxy
from forms_app.store.models import Assignment, Entry, Issue, Party, Summons

_AT_ONCE = 5_000  # issues
_GIVING_WORK = names_where(lambda move: move.gives_work)

# What an issue's cases are told by, beside who had them: its column.
TOLD_BY = {"kinds": Issue.category, "channels": Issue.channel, "estates": Issue.estate_id}


class CaseEntry(NamedTuple):
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


class Place(NamedTuple):
    """What an issue's cases are told by."""

    community_id: str
    kinds: str
    channels: str
    estates: str


class Case(Struct):
    """One unit's part in one round: from the entry that gave it, as far as it went."""

    issue_id: int
    round_no: int
    unit_id: str
    given: list[CaseEntry] = field(default_factory=list)
    is_leading: bool = False
    reply_by: str = ""  # of the first summons
    first_call: CaseEntry | None = None


Issues = Mapping[int, Place]
Entries = Mapping[int, list[CaseEntry]]


def kept_rows(query: "ModelSelect[Any]") -> Iterable[tuple[Any, ...]]:
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


def began_between(first: date, until: date) -> "ModelSelect[Entry]":
    """The issues in which anybody got to work from one day until before another."""
    return Entry.select(Entry.issue).where(
        gave_work(), Entry.made_at >= midnight(first), Entry.made_at < midnight(until)
    )


def ids_of(*began: "ModelSelect[Any]") -> list[int]:
    """The issues that these find, in order, with those in which their work went on or began."""
    found = {issue_id for query in began for (issue_id,) in kept_rows(query)}
    for one, other in _moved_on(sorted(found)).items():
        found |= {one[0], other.issue_id}
    return sorted(found)


def _moved_on(issue_ids: Sequence[int]) -> dict[tuple[int, int], MovedOn]:
    """Where rounds of these issues go on that go on in another one; (issue, round) → where."""
    found: dict[tuple[int, int], MovedOn] = {}
    for batch in chunked(issue_ids, _AT_ONCE):
        for key, on in moved_on(batch).items():
            # Whoever took over last, whichever batch it is in.
            found[key] = max(found.get(key, on), on, key=lambda one: one.entry_id)
    return found


def _of(began: Sequence[int], issue: Any) -> Iterator[Expression]:
    """The condition that a row is of one of these issues, some thousands of them at a time.

    They were looked for once: within each statement they would be looked for anew.
    """
    for batch in chunked(began, _AT_ONCE):
        yield issue.in_(SQL(f"({', '.join(map(str, batch))})"))


def read(actor: Actor, began: Sequence[int]) -> tuple[Issues, dict[int, list[CaseEntry]]]:
    """Those of these issues that the actor may see, with all their entries, oldest first."""
    chosen = Issue.select(Issue.id, Issue.community_id, *TOLD_BY.values())
    issues = {
        issue_id: Place(*place)
        for of_them in _of(began, Issue.id)
        for issue_id, *place in kept_rows(chosen.where(of_them, beside(visible_to(actor))))
    }
    entries: dict[int, list[CaseEntry]] = defaultdict(list)
    told = Entry.select(*_TOLD).order_by(Entry.id)
    for of_them in _of(sorted(issues), Entry.issue):
        for row in kept_rows(told.where(of_them)):
            entries[row[0]].append(CaseEntry._make(row))
    _gather(issues, entries)
    return issues, entries


def _gather(issues: Issues, entries: dict[int, list[CaseEntry]]) -> None:
    """Puts what one issue took over from another together, as one work: it is a case of the one in
    which it goes on. What that had done of its own in the round, before it followed, is apart.
    """
    heirs = []
    for issue_id, rows in entries.items():
        took = {one.round_no: one.id for one in rows if one.move in TAKING_OVER}
        if took:
            heirs.append(issue_id)
            entries[issue_id] = [
                one._replace(round_no=-one.round_no) if one.id < took.get(one.round_no, 0) else one
                for one in rows
                if one.id not in took.values()
            ]
    for (issue_id, round_no), on in (_moved_on(heirs) if heirs else {}).items():
        if issue_id not in issues or on.issue_id not in issues:
            continue
        rows = entries[issue_id]
        work = [one for one in rows if one.round_no == round_no and one.id < on.gone_id]
        entries[issue_id] = [one for one in rows if one not in work]
        there = [one._replace(issue_id=on.issue_id, round_no=on.round_no) for one in work]
        entries[on.issue_id] = sorted((*there, *entries[on.issue_id]), key=_by_id)


def cases_of_units(began: Sequence[int], entries: Entries) -> Iterable[Case]:
    """What each unit was called to or given, in a round of one of these issues."""
    known = {entry.id: entry for rows in entries.values() for entry in rows}
    cases: dict[tuple[int, int, str], Case] = {}

    def case_of(entry: CaseEntry, unit_id: str) -> Case:
        key = (entry.issue_id, entry.round_no, unit_id)
        case = cases.get(key)
        if case is None:
            case = cases[key] = Case(*key)
        case.given.append(entry)
        case.given.sort(key=_by_id)
        return case

    called = Party.select(Summons.entry, Party.organization_id, Summons.reply_by)
    called = called.join(Summons).order_by(Party.id)
    for of_them in _of(began, Party.issue):
        for entry_id, unit_id, reply_by in kept_rows(called.where(of_them)):
            entry = known.get(entry_id)
            if entry is not None:
                case = case_of(entry, unit_id)
                if case.first_call is None:
                    case.first_call, case.reply_by = entry, reply_by
    led = Assignment.select(Assignment.entry, Assignment.organization_id, Assignment.part)
    led = led.where(Assignment.organization_id != "").order_by(Assignment.id)
    for of_them in _of(began, Assignment.issue):
        for entry_id, unit_id, part in kept_rows(led.where(of_them)):
            entry = known.get(entry_id)
            if entry is not None:
                case = case_of(entry, unit_id)
                case.is_leading = case.is_leading or part == Part.LEAD.value
    return cases.values()


def _by_id(entry: CaseEntry) -> int:
    return entry.id


def cases_of_communities(issues: Issues, entries: Entries) -> Iterable[Case]:
    """Every round in which anybody got to work is a case of the community that it happened in."""
    cases: dict[tuple[int, int], Case] = {}
    for issue_id, rows in entries.items():
        for entry in rows:
            if entry.move in _GIVING_WORK:
                key = (issue_id, entry.round_no)
                case = cases.setdefault(key, Case(*key, issues[issue_id].community_id))
                case.given.append(entry)
    return cases.values()


def cases_of_officers(actor: Actor, began: Sequence[int], entries: Entries) -> Iterable[Case]:
    """What the people of the actor's own community led, under their names."""
    if actor.role not in COMMUNITY_ROLES:
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
    found = (kept_rows(led.where(of_them)) for of_them in _of(began, Assignment.issue))
    rows = list(chain.from_iterable(found))
    called = Counter(name for name, _ in {(name, username) for _, name, username in rows})
    cases: dict[tuple[int, int, str], Case] = {}
    for entry_id, name, username in rows:
        entry = known.get(entry_id)
        if entry is not None:
            # Two of one name stay two; nobody else is called by what they sign in with.
            words = f"{name}（{username}）" if called[name] > 1 else name
            key = (entry.issue_id, entry.round_no, words)
            case = cases.setdefault(key, Case(*key))
            case.given.append(entry)
            case.is_leading = True
    return cases.values()
