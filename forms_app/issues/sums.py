"""What every issue adds to the counted figures, and the sums of it that are kept in a table.

One function says what an issue adds, from itself and its entries. Casework takes away what it added
before a move and adds what it adds after it, in the same transaction; the whole recount calls the
same function for every issue there is. So figures cost the same however many there are.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from peewee import EXCLUDED, Expression

from forms_app.rules.move import VerdictBy, verdict_by
from forms_app.rules.procedure import GIVING_OPINION, OPENING
from forms_app.rules.steps import BEFORE_VERDICT, Step
from forms_app.rules.worktime import CHINA
from forms_app.store.database import proxy, writing
from forms_app.store.models import Counter as Kept
from forms_app.store.models import Issue, Rating, Sum

# Of what is counted, and by what: ("received", "jingui"), ("own verdict", "2026-11 5").
Sums: TypeAlias = Counter[tuple[str, str]]

COUNTED = "sums counted"  # the mark that the table holds all there is
_RESULTS = frozenset(step.value for step in (Step.REPORTED, Step.EVALUATING))
_WAITING = frozenset(step.value for step in BEFORE_VERDICT) - _RESULTS
# The kinds of verdicts, which are counted apart, and ratings; by the month that they are of.
OWN, ENTERED, RATING = "own verdict", "entered verdict", "rating"
ENTERED_RATING = "entered rating"
_VERDICTS = {VerdictBy.RESIDENT: OWN, VerdictBy.STAFF: ENTERED}
_ROWS = 10_000  # read at once


class Standing(NamedTuple):
    """What counts of an issue itself; times as the database keeps them, which sort."""

    id: int
    received_at: str
    community_id: str
    category: str
    step: str


class Told(NamedTuple):
    """What counts of an entry."""

    made_at: str
    actor_role: str
    move: str
    round_no: int
    to_round: int
    to_step: str
    is_opinion: bool
    opinion_due_at: str | None
    asked_at: str | None
    asked_how: str
    satisfaction: int | None
    severity_class: str | None


def added_by(issue: Standing, entries: Iterable[Told]) -> Sums:
    """What one issue with these entries, oldest first, adds to the sums.

    Nothing but the verdicts themselves hangs on a verdict: what comes after the first one adds to
    no count that is told day by day.
    """
    found: Sums = Counter()
    community = issue.community_id
    if issue.step == Step.SET_ASIDE.value:
        # Nobody knows whether it is anybody's: counted apart until that is known.
        found["set aside", community] += 1
        return found
    found["received", community] += 1
    found["month", _month(issue.received_at)] += 1
    found["category", issue.category] += 1
    last_class = resolved_month = ""
    is_judged = False
    began: dict[int, str | None] = {}
    for entry in entries:
        if entry.satisfaction is not None:
            is_judged = True
            by = verdict_by(entry.actor_role, entry.asked_how)
            found[_VERDICTS[by], f"{_month(entry.made_at)} {entry.satisfaction}"] += 1
        if is_judged:
            continue
        last_class = entry.severity_class or last_class
        if entry.to_step in _RESULTS:
            resolved_month = resolved_month or _month(entry.made_at)
        elif entry.to_step in _WAITING:  # sent back, taken back, or not there yet
            resolved_month = ""
        if entry.move in OPENING or entry.to_round != entry.round_no:
            # What the clock of the time said, not what today's settings would make of it.
            began[entry.to_round] = entry.opinion_due_at
        elif entry.is_opinion:
            due_at = began.pop(entry.round_no, None)
            if due_at is None:  # the second opinion of a round, or no calendar for its clock
                continue
            found["opinion", community] += 1
            # Given by word of mouth, it may have been entered later.
            found["opinion on time", community] += (entry.asked_at or entry.made_at) <= due_at
    if last_class:
        found["class", last_class] += 1
    if resolved_month:
        found["resolved", community] += 1
        found["resolved month", resolved_month] += 1
        found["resolved category", issue.category] += 1
    elif not is_judged and issue.step in _WAITING:
        found["waiting", community] += 1
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
    for issue in issues:
        found.update(added_by(standing(issue), told[issue.id]))
    add(found)


def moved(before: Standing, entries_before: int, issue: Issue) -> None:
    """Counts what a move changed; in the same transaction.

    `before` is how the issue stood, `entries_before` how many entries it had.
    """
    entries = _told([issue.id])[issue.id]
    change = added_by(standing(issue), entries)
    change.subtract(added_by(before, entries[:entries_before]))
    add(change)


def add(change: Sums) -> None:
    """Adds to the kept sums; what is nothing is left out."""
    # In one order, so that two transactions never wait for each other's rows.
    rows = [(kind, key, number) for (kind, key), number in sorted(change.items()) if number]
    if rows:
        Sum.insert_many(rows, fields=[Sum.kind, Sum.key, Sum.number]).on_conflict(
            conflict_target=[Sum.kind, Sum.key],
            update={Sum.number: Sum.number + EXCLUDED.number},
        ).execute()


def rated(about: str, satisfaction: int, made_at: datetime, way: str = "") -> Sums:
    """What one rating adds; which staff entered (of bad_ratings.WAYS), are counted apart."""
    kind = ENTERED_RATING if way else RATING
    return Counter({(kind, f"{made_at.astimezone(CHINA):%Y-%m} {satisfaction} {about}"): 1})


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
    entries = groupby(_rows(_ALL_ENTRIES), key=lambda row: row[0])
    owner, told = next(entries, (None, iter(())))
    for row in _rows(_ALL_ISSUES):
        issue = Standing(*row)
        of_issue: list[Told] = []
        if owner == issue.id:
            of_issue = [Told(*columns) for _, *columns in told]
            owner, told = next(entries, (None, iter(())))
        found.update(added_by(issue, of_issue))
    columns = (Rating.about, Rating.satisfaction, Rating.made_at, Rating.way)
    counted = Rating.select(*columns).where(Rating.replaced_at.is_null())
    for row in counted.tuples().iterator():
        found.update(rated(*row))
    return found


_ALL_ISSUES = "SELECT id, received_at, community_id, category, step FROM issue ORDER BY id"
_OPINIONS = ", ".join(f"'{move}'" for move in sorted(GIVING_OPINION))
_TOLD = (
    "SELECT issue_id, made_at, actor_role, move, round_no, to_round, to_step, "  # noqa: S608 (our own words)
    f"move IN ({_OPINIONS}) AND note != '', "
    "opinion_due_at, asked_at, asked_how, satisfaction, severity_class FROM entry"
)
_ALL_ENTRIES = f"{_TOLD} ORDER BY issue_id, id"


def _rows(statement: str) -> Iterator[tuple[Any, ...]]:
    cursor = proxy.execute_sql(statement)
    while rows := cursor.fetchmany(_ROWS):
        yield from rows


def _told(issue_ids: Sequence[int]) -> Mapping[int, Sequence[Told]]:
    """The entries of each of these issues, oldest first."""
    told: dict[int, list[Told]] = {issue_id: [] for issue_id in issue_ids}
    ids = ", ".join(str(int(issue_id)) for issue_id in told)
    for owner, *columns in _rows(f"{_TOLD} WHERE issue_id IN ({ids}) ORDER BY id"):
        told[owner].append(Told(*columns))
    return told


def _month(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(CHINA).strftime("%Y-%m")
