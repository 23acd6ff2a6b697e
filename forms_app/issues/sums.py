"""What every issue adds to the counted figures, and the sums of it that are kept in a table.

One function says what an issue adds, from itself and its entries. Casework takes away what it added
before a move and adds what it adds after it, in the same transaction; the whole recount calls the
same function for every issue there is. So figures cost the same however many there are.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, groupby
from types import MappingProxyType
from typing import Any, NamedTuple

from peewee import Expression, fn

from forms_app.issues import unit_sums
from forms_app.issues.counted import Call, CountedEntry, Standing, Sums, Taken, month_of
from forms_app.issues.monthly import WAITING, of_asking, of_own_verdicts, of_work
from forms_app.issues.unit_sums import TakingPart
from forms_app.rules.bad_ratings import BAD_LEVELS
from forms_app.rules.move import VerdictBy, verdict_by
from forms_app.rules.procedure import CALLING, GIVING_OPINION, LEAVING_ALONE, TAKING_OVER
from forms_app.rules.steps import Step
from forms_app.rules.worktime import CHINA
from forms_app.store.counts import Counter as Kept
from forms_app.store.counts import Sum
from forms_app.store.database import proxy, writing
from forms_app.store.models import Issue, Rating

COUNTED = "sums counted"  # the mark that the table holds all there is
# The kinds of verdicts, which are counted apart, and ratings; by the month that they are of.
OWN, ENTERED, RATING = "own verdict", "entered verdict", "rating"
ENTERED_RATING = "entered rating"
BAD_RATING = "bad rating"  # by day, however it came
ASIDE = "set aside"  # by community
WAITED_FOR = "waiting"  # for its first result, by community
_VERDICTS = {VerdictBy.RESIDENT: OWN, VerdictBy.STAFF: ENTERED}
_ROWS = 10_000  # read at once


class Before(NamedTuple):
    """An issue as it was counted before a move."""

    standing: Standing
    entries: int
    of_units: Sums


def added_by(
    issue: Standing,
    entries: Sequence[CountedEntry],
    calls: Iterable[Call] = (),
    taken: Taken = MappingProxyType({}),
) -> Sums:
    """What one issue with these entries and calls, oldest first, adds to the sums; `taken` is what
    it took over.

    Nothing but the verdicts themselves hangs on a verdict: what comes after the first one adds to
    no other count.
    """
    found: Sums = Counter()
    if issue.step == Step.SET_ASIDE.value:
        # Nobody knows whether it is anybody's: counted apart until that is known.
        found[ASIDE, issue.community_id] += 1
        return found
    judged_from = len(entries)
    for place, entry in enumerate(entries):
        if entry.satisfaction is not None:
            judged_from = min(judged_from, place)
            by = verdict_by(entry.actor_role, entry.asked_how)
            found[_VERDICTS[by], f"{month_of(entry.made_at)} {entry.satisfaction}"] += 1
    before = entries[:judged_from]
    if judged_from == len(entries) and issue.step in WAITING:
        found[WAITED_FOR, issue.community_id] += 1
    found.update(of_work(issue, before, calls, taken))
    found.update(of_asking(entries[: judged_from + 1]))
    found.update(of_own_verdicts(issue, entries))
    return +found


def is_counted() -> Expression:
    """The condition that an issue counts with the others: what is set aside is counted apart."""
    counts: Expression = Issue.step != Step.SET_ASIDE.value
    return counts


def standing(issue: Issue) -> Standing:
    """The issue as it is counted now."""
    received_at = str(Issue.received_at.db_value(issue.received_at))
    return Standing(issue.id, received_at, issue.community_id, issue.category, issue.step)


def came(*issues: Issue) -> None:
    """Counts new issues, a few hundred at once; in the transaction that writes them, after their
    entries.
    """
    found: Sums = Counter()
    told = _told([issue.id for issue in issues])
    calls = _calls(told)
    for issue in issues:
        found.update(added_by(standing(issue), told[issue.id], calls.get(issue.id, ())))
        # No unit was called to it yet.
        found.update(unit_sums.added(unit_sums.kinds_of(issue), ()))
    add(found)


def before_move(issue: Issue) -> Before:
    """How an issue is counted now, for `moved`."""
    # An issue has as many entries as its version says.
    return Before(standing(issue), issue.version, _of_units(issue))


def moved(before: Before, issue: Issue) -> None:
    """Counts what a move changed; in the same transaction."""
    told = _told([issue.id])
    entries = told[issue.id]
    taken = _taken_by([issue.id]) if any(one.move in TAKING_OVER for one in entries) else {}
    calls = _calls({issue.id: [*entries, *chain.from_iterable(taken.values())]}).get(issue.id, ())
    change = added_by(standing(issue), entries, calls, taken)
    change.subtract(added_by(before.standing, entries[: before.entries], calls, taken))
    change.update(_of_units(issue))
    change.subtract(before.of_units)
    add(change)


def _of_units(issue: Issue) -> Sums:
    asked = unit_sums.PARTS.format(where=f"WHERE issue_id = {proxy.obj.param}")
    parts = (TakingPart(*columns) for _, *columns in _rows(asked, [issue.id] * 2))
    return unit_sums.added(unit_sums.kinds_of(issue), parts)


def add(change: Sums) -> None:
    """Adds to the kept sums; what is nothing is left out."""
    # In one order, so that two transactions never wait for each other's rows.
    rows = [(kind, key, number) for (kind, key), number in sorted(change.items()) if number]
    if rows:
        added = _addition(len(rows), proxy.obj.param)
        proxy.execute_sql(added, [value for row in rows for value in row])


@lru_cache(64)
def _addition(count: int, mark: str) -> str:
    """Written out, as every move adds some: Peewee takes longer to write it than both to do it."""
    rows = ", ".join([f"({mark}, {mark}, {mark})"] * count)
    return (
        f"INSERT INTO sum (kind, key, number) VALUES {rows} "  # noqa: S608
        "ON CONFLICT (kind, key) DO UPDATE SET number = sum.number + excluded.number"
    )


def rated(about: str, satisfaction: int, made_at: datetime, way: str = "") -> Sums:
    """What one rating adds; which staff entered (of bad_ratings.WAYS), are counted apart."""
    kind, on = ENTERED_RATING if way else RATING, made_at.astimezone(CHINA)
    found: Sums = Counter({(kind, f"{on:%Y-%m} {satisfaction} {about}"): 1})
    if satisfaction in BAD_LEVELS:
        found[BAD_RATING, f"{on:%Y-%m-%d}"] += 1
    return found


def bad_ratings_of(first: date, last: date) -> int:
    """How many bad ratings there are of these days, both included."""
    days = Sum.select(fn.SUM(Sum.number)).where(
        Sum.kind == BAD_RATING, Sum.key >= first.isoformat(), Sum.key <= last.isoformat()
    )
    return int(days.scalar() or 0)


def numbers(*keys: tuple[str, str]) -> dict[tuple[str, str], int]:
    """Some of the sums as they are kept; 0 of what there is none of. They are of one kind."""
    found = dict.fromkeys(keys, 0)
    if keys:
        marks = ", ".join([proxy.obj.param] * len(keys))
        asked = (
            f"SELECT kind, key, number FROM sum WHERE kind = {proxy.obj.param} AND key IN ({marks})"  # noqa: S608
        )
        values = [keys[0][0], *(key for _, key in keys)]
        rows = proxy.execute_sql(asked, values).fetchall()
        found |= {(kind, key): number for kind, key, number in rows}
    return found


def numbers_of(kind: str) -> dict[str, int]:
    """All the sums of a kind, by what they are of; without those that are nothing."""
    rows = Sum.select(Sum.key, Sum.number).where(Sum.kind == kind, Sum.number != 0)
    return dict(rows.tuples().iterator())


def kept() -> Sums:
    """All the sums as they are kept; recounted where they never were."""
    if not _are_counted():
        return recounted()
    rows = Sum.select(Sum.kind, Sum.key, Sum.number).where(Sum.number != 0).tuples()
    return Counter({(kind, key): number for kind, key, number in rows.iterator()})


def count_once() -> None:
    """Counts everything there is, unless it was counted before; a minute for a million issues."""
    if not _are_counted():
        recount()


def recount() -> None:
    """Counts everything anew into the table."""
    with writing():
        found = recounted()
        Sum.delete().execute()
        add(found)
        Kept.insert(name=COUNTED, value=1).on_conflict_ignore().execute()


def _are_counted() -> bool:
    return bool(Kept.select().where(Kept.name == COUNTED).exists())


def recounted() -> Sums:
    """The sums, from every issue, entry and rating there is; a few seconds for 100,000 issues."""
    found: Sums = Counter()
    entries, calls, parts = (_Beside(one) for one in (_ALL_ENTRIES, _ALL_CALLS, _ALL_PARTS))
    taken = _taken_by()
    for row in _rows(_ALL_ISSUES):
        issue, kinds = Standing(*row[:_STANDING]), unit_sums.kinds_in(row[_STANDING:])
        found.update(unit_sums.added(kinds, (TakingPart(*one) for one in parts.of(issue.id))))
        told = [CountedEntry(*columns) for columns in entries.of(issue.id)]
        called = [Call(*columns) for columns in calls.of(issue.id)]
        found.update(added_by(issue, told, called, taken))
    columns = (Rating.about, Rating.satisfaction, Rating.made_at, Rating.way)
    counted = Rating.select(*columns).where(Rating.replaced_at.is_null())
    for row in counted.tuples().iterator():
        found.update(rated(*row))
    return found


_STANDING = len(Standing._fields)
_ALL_ISSUES = (
    "SELECT id, received_at, community_id, category, step, "  # noqa: S608 (our own words)
    f"{unit_sums.COLUMNS} FROM issue ORDER BY id"
)
_ALL_PARTS = f"{unit_sums.PARTS.format(where='')} ORDER BY issue_id"
_OPINIONS = ", ".join(f"'{move}'" for move in sorted(GIVING_OPINION))
_ENDINGS = ", ".join(f"'{move}'" for move in LEAVING_ALONE)
_COLUMNS = (
    "entry.id, made_at, actor_role, move, entry.round_no, to_round, from_step, to_step, "  # noqa: S608 (our own words)
    f"move IN ({_OPINIONS}) AND note != '', "
    "opinion_due_at, asked_at, asked_how, satisfaction, severity_class, urgency, due_at, "
    f"organization_id, duty, move IN ({_ENDINGS}) AND entry.id IN (SELECT gone_id FROM taken_over)"
)
_TOLD = f"SELECT entry.issue_id, {_COLUMNS} FROM entry"  # noqa: S608 (our own words)
_TAKEN = (
    f"SELECT taken_over.entry_id, {_COLUMNS} FROM taken_over "  # noqa: S608 (our own words)
    "JOIN entry ON entry.issue_id = taken_over.taken_id "
    "AND entry.round_no = taken_over.taken_round AND entry.id < taken_over.gone_id "
    "{where} ORDER BY entry.id"
)
_CALLED = (
    "SELECT party.issue_id, summons.entry_id, party.organization_id, summons.reply_by "
    "FROM party JOIN summons ON summons.id = party.summons_id"
)
_ALL_CALLS = f"{_CALLED} ORDER BY party.issue_id, party.id"
_ALL_ENTRIES = f"{_TOLD} ORDER BY entry.issue_id, entry.id"


def _rows(statement: str, values: Sequence[int] = ()) -> Iterator[tuple[Any, ...]]:
    cursor = proxy.execute_sql(statement, values)
    while rows := cursor.fetchmany(_ROWS):
        yield from rows


def _among(ids: Collection[int]) -> str:
    """The condition that something is one of so many ids: as marks, so that a connection knows the
    statement again. With the ids in it, each report had another one read and planned.
    """
    return f"IN ({', '.join([proxy.obj.param] * len(ids))})"


class _Beside:
    """Rows in the order of the issues that they belong to, taken as one goes along the issues."""

    def __init__(self, statement: str) -> None:
        self._left = groupby(_rows(statement), key=lambda row: row[0])
        self._owner: int | None = None
        self._group: Iterator[tuple[Any, ...]] = iter(())
        self._next()

    def _next(self) -> None:
        self._owner, self._group = next(self._left, (None, iter(())))

    def of(self, issue_id: int) -> list[list[Any]]:
        """The columns of this issue's rows, without the issue's."""
        if self._owner != issue_id:
            return []
        found = [columns for _, *columns in self._group]
        self._next()
        return found


def _told(issue_ids: Sequence[int]) -> Mapping[int, Sequence[CountedEntry]]:
    """The entries of each of these issues, oldest first."""
    told: dict[int, list[CountedEntry]] = {issue_id: [] for issue_id in issue_ids}
    asked = f"{_TOLD} WHERE entry.issue_id {_among(told)} ORDER BY entry.id"
    for owner, *columns in _rows(asked, list(told)):
        told[owner].append(CountedEntry(*columns))
    return told


def _taken_by(issue_ids: Sequence[int] | None = None) -> Taken:
    """What these issues took over, or any did, by the entry with which they did."""
    taken: dict[int, list[CountedEntry]] = {}
    where = ""
    if issue_ids is not None:
        where = f"WHERE taken_over.issue_id {_among(issue_ids)}"
    for entry_id, *columns in _rows(_TAKEN.format(where=where), issue_ids or ()):
        taken.setdefault(entry_id, []).append(CountedEntry(*columns))
    return taken


def _calls(told: Mapping[int, Sequence[CountedEntry]]) -> Mapping[int, Sequence[Call]]:
    """Whom the summonses among these entries called, by issue; nothing is asked where none are."""
    with_calls = [
        issue_id
        for issue_id, entries in told.items()
        if any(entry.move in CALLING for entry in entries)
    ]
    if not with_calls:
        return {}
    asked = f"{_CALLED} WHERE party.issue_id {_among(with_calls)} ORDER BY party.id"
    found: dict[int, list[Call]] = {}
    for owner, *columns in _rows(asked, with_calls):
        found.setdefault(owner, []).append(Call(*columns))
    return found
