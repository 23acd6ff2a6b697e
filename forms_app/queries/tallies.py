"""The counted figures, the only thing that crosses from the app to the site.

Named columns only, no text that anybody wrote; counts under five are not shown.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from forms_app.community import Circle
from forms_app.issues.clocks import has_passed
from forms_app.rules.clocks import RESULT
from forms_app.rules.procedure import GIVING_OPINION, OPENING
from forms_app.rules.steps import SATISFACTION, SEVERITY_CLASSES, Step, is_open
from forms_app.rules.worktime import CHINA
from forms_app.store.models import Entry, Issue, Rating

SMALLEST_SHOWN = 5

Count = int | None  # None: fewer than SMALLEST_SHOWN, but not none


@dataclass
class _Opinions:
    given: Counter[str] = field(default_factory=Counter)
    on_time: Counter[str] = field(default_factory=Counter)


def tallies(circle: Circle, now: datetime) -> dict[str, object]:
    """Figures as JSON values: totals, and lists by month, community, category, class, level.

    A count of 1 to 4 is None. Where the total of a list would fill its gaps, the next smallest
    count is None too.
    """
    issues = list(
        Issue.select(
            Issue.id,
            Issue.received_at,
            Issue.community_id,
            Issue.category,
            Issue.severity_class,
            Issue.step,
        )
    )
    verdicts, closed_months, classes = _verdicts()
    opinions = _opinions({issue.id: issue.community_id for issue in issues})
    received = Counter(issue.community_id for issue in issues)
    still_open = Counter(issue.community_id for issue in issues if is_open(Step(issue.step)))
    closed = Counter(issue.community_id for issue in issues if issue.step == Step.CLOSED.value)
    overdue = _overdue(now)
    months = Counter(_month(issue.received_at) for issue in issues)
    categories = Counter(issue.category for issue in issues)
    closed_categories = Counter(
        issue.category for issue in issues if issue.step == Step.CLOSED.value
    )
    satisfied = sum(verdicts[level] for level in circle.satisfied_levels)
    dissatisfied = verdicts.total() - satisfied
    return {
        "made_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "smallest_shown": SMALLEST_SHOWN,
        "totals": {
            "received": _shown(len(issues)),
            "open": _shown(still_open.total()),
            "closed": _shown(closed.total()),
            "opinions_given": _shown(opinions.given.total()),
            "opinions_on_time": _shown(opinions.on_time.total()),
            "verdicts": _shown(verdicts.total()),
            # Beside the number of verdicts it would tell how few were dissatisfied.
            "satisfied": _shown(satisfied) if _shown(dissatisfied) is not None else None,
        },
        "by_month": _table(
            "month",
            sorted(months | closed_months),
            {"received": months, "closed": closed_months},
        ),
        "by_community": _table(
            "id",
            circle.communities,
            {
                "received": received,
                "open": still_open,
                "closed": closed,
                "opinions_given": opinions.given,
                "opinions_on_time": opinions.on_time,
                "overdue": overdue,
            },
        ),
        "by_category": _table(
            "code",
            [*circle.categories, ""],
            {"received": categories, "closed": closed_categories},
        ),
        "by_class": _table("severity_class", SEVERITY_CLASSES, {"received": classes}),
        "by_satisfaction": _levels(circle, verdicts),
        "ratings": _ratings(circle),
    }


def _shown(count: int) -> Count:
    return count if count == 0 or count >= SMALLEST_SHOWN else None


def suppressed(counts: Mapping[object, int]) -> dict[object, Count]:
    """The counts with the small ones hidden, and never just gaps that a total would fill."""
    shown = {key: _shown(count) for key, count in counts.items()}
    gaps = [key for key, count in shown.items() if count is None]
    rest = sorted((count, str(key), key) for key, count in counts.items() if shown[key])
    # One gap is what the total lacks; and gaps that lack no more than their number are ones.
    is_told = len(gaps) == 1 or sum(counts[key] for key in gaps) == len(gaps)
    if gaps and rest and is_told:
        shown[rest[0][2]] = None
    return shown


def _table(
    key_name: str, keys: Iterable[object], columns: Mapping[str, Mapping[Any, int]]
) -> list[dict[str, object]]:
    listed = list(keys)
    shown = {
        name: suppressed({key: counts[key] for key in listed}) for name, counts in columns.items()
    }
    return [{key_name: key, **{name: shown[name][key] for name in columns}} for key in listed]


def _levels(circle: Circle, verdicts: Mapping[int, int]) -> list[dict[str, object]]:
    satisfied: dict[object, int] = {}
    others: dict[object, int] = {}
    for level in SATISFACTION:
        half = satisfied if level in circle.satisfied_levels else others
        half[level] = verdicts[level]
    sums = (sum(satisfied.values()), sum(others.values()))
    # Where both sums can be known, a single gap in either half could be filled.
    parts = (satisfied, others) if None not in map(_shown, sums) else (satisfied | others,)
    shown = {level: count for part in parts for level, count in suppressed(part).items()}
    return [{"level": level, "count": shown[level]} for level in SATISFACTION]


def _verdicts() -> tuple[Counter[int], Counter[str], Counter[str]]:
    """Verdicts by level, closings by month, and the class that each issue was last given."""
    levels: Counter[int] = Counter()
    months: Counter[str] = Counter()
    last_class: dict[int, str] = {}
    rows = (
        Entry.select(
            Entry.issue, Entry.made_at, Entry.satisfaction, Entry.to_step, Entry.severity_class
        )
        .where(Entry.satisfaction.is_null(False) | Entry.severity_class.is_null(False))
        .order_by(Entry.id)
        .tuples()
    )
    for issue_id, made_at, satisfaction, to_step, severity_class in rows.iterator():
        if severity_class is not None:
            last_class[issue_id] = severity_class
        if satisfaction is not None:
            levels[satisfaction] += 1
            if to_step == Step.CLOSED.value:
                months[_month(made_at)] += 1
    return levels, months, Counter(last_class.values())


def _opinions(communities: Mapping[int, str]) -> _Opinions:
    """Of every round: whether an initial opinion was given, and within the clock."""
    tally = _Opinions()
    began: dict[tuple[int, int], datetime | None] = {}
    rows = (
        Entry.select(
            Entry.issue,
            Entry.made_at,
            Entry.move,
            Entry.round_no,
            Entry.to_round,
            Entry.note,
            Entry.opinion_due_at,
            Entry.asked_at,
        )
        .order_by(Entry.id)
        .tuples()
    )
    # What the clock of the time said, not what today's settings would make of it.
    for issue_id, made_at, move, round_no, to_round, note, due_at, asked_at in rows.iterator():
        if move in OPENING or to_round != round_no:
            began[issue_id, to_round] = due_at
        elif move in GIVING_OPINION and note:
            due_at = began.pop((issue_id, round_no), None)
            if due_at is None:  # the second opinion of a round, or no calendar for its clock
                continue
            community = communities[issue_id]
            tally.given[community] += 1
            # Given by word of mouth, it may have been entered later.
            tally.on_time[community] += (asked_at or made_at) <= due_at
    return tally


def _overdue(now: datetime) -> Counter[str]:
    """By community, what has neither been resolved nor explained in time."""
    late = Issue.select(Issue.community_id).where(has_passed(RESULT, now)).tuples()
    return Counter(community_id for (community_id,) in late.iterator())


def _ratings(circle: Circle) -> list[dict[str, object]]:
    counts: Counter[str] = Counter()
    satisfied: Counter[str] = Counter()
    for rating in Rating.select(Rating.about, Rating.satisfaction).iterator():
        # Only what the circle still has: an identifier alone would tell nobody anything.
        if circle.rated_name(rating.about) is None:
            continue
        counts[rating.about] += 1
        satisfied[rating.about] += rating.satisfaction in circle.satisfied_levels
    return [
        {
            "about": about,
            "count": _shown(counts[about]),
            # A share of too few would tell what each of them said.
            "satisfied": _shown(satisfied[about]) if _shown(counts[about]) else None,
        }
        for about in sorted(counts)
    ]


def _month(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m")
