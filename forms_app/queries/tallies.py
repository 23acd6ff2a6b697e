"""The counted figures, the only thing that crosses from the app to the site.

Named columns only, no text that anybody wrote; counts under five are not shown.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from peewee import fn

from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.clocks import has_passed
from forms_app.rules.clocks import RESULT
from forms_app.rules.steps import SATISFACTION, SEVERITY_CLASSES
from forms_app.store.models import Issue

SMALLEST_SHOWN = 5
COUNTED_ALONE = 10  # opinions of which no share is shown

Count = int | None  # None: fewer than SMALLEST_SHOWN, but not none


class _Kept:
    """The kept sums, kind by kind."""

    def __init__(self) -> None:
        self._kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for (kind, key), number in sums.kept().items():
            self._kinds[kind][key] = number

    def of(self, kind: str) -> Counter[str]:
        """How many there are of this kind, by what they are counted by."""
        return self._kinds[kind]


class _Verdicts:
    """The residents' own verdicts, or those that staff entered, as far as they are shown.

    Each kind is shown by itself alone: no total of both is published which what is hidden of one
    would be the rest of. `levels` is by level.
    """

    def __init__(self, circle: Circle, found: Mapping[str, int]) -> None:
        counts = {level: found[str(level)] for level in SATISFACTION}
        satisfied = sum(counts[level] for level in circle.satisfied_levels)
        self.opinions = _opinions(sum(counts.values()), satisfied)
        self.levels = _levels(circle, counts)


def tallies(circle: Circle, now: datetime) -> dict[str, object]:
    """Figures as JSON values: totals, and lists by month, community, category, class, level.

    A count of 1 to 4 is None. Verdicts are the residents' own; those that staff entered stand
    beside them, never in one sum. Where the total of a list would fill its gaps, the next smallest
    count is None too.
    """
    found = _Kept()
    own, entered = (_Verdicts(circle, found.of(kind)) for kind in (sums.OWN, sums.ENTERED))
    received, still_open, closed = found.of("received"), found.of("open"), found.of("closed")
    given, on_time = found.of("opinion"), found.of("opinion on time")
    months, closed_months = found.of("month"), found.of("closed month")
    return {
        "made_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "smallest_shown": SMALLEST_SHOWN,
        "totals": {
            "received": _shown(received.total()),
            "open": _shown(still_open.total()),
            "closed": _shown(closed.total()),
            "opinions_given": _shown(given.total()),
            "opinions_on_time": _shown(on_time.total()),
            "verdicts": own.opinions["count"],
            "satisfied": own.opinions["satisfied"],
            "entered_verdicts": entered.opinions["count"],
            "entered_satisfied": entered.opinions["satisfied"],
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
                "opinions_given": given,
                "opinions_on_time": on_time,
                "overdue": _overdue(now),
            },
        ),
        "by_category": _table(
            "code",
            [*circle.categories, ""],
            {"received": found.of("category"), "closed": found.of("closed category")},
        ),
        "by_class": _table("severity_class", SEVERITY_CLASSES, {"received": found.of("class")}),
        "by_satisfaction": [
            {"level": level, "count": own.levels[level], "entered": entered.levels[level]}
            for level in SATISFACTION
        ],
        "ratings": _ratings(circle, found.of("rating")),
    }


def _shown(count: int) -> Count:
    return count if count == 0 or count >= SMALLEST_SHOWN else None


def _opinions(count: int, satisfied: int) -> dict[str, Count]:
    """What is shown of opinions: a share only where neither side is so few that people know who
    they are; else how many there are, where that is enough to say nothing of anybody.
    """
    fewest = min(satisfied, count - satisfied)
    if count == 0 or fewest >= SMALLEST_SHOWN:
        return {"count": count, "satisfied": satisfied}
    return {"count": count if count >= COUNTED_ALONE else None, "satisfied": None}


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


def _levels(circle: Circle, verdicts: Mapping[int, int]) -> dict[object, Count]:
    satisfied: dict[object, int] = {}
    others: dict[object, int] = {}
    for level in SATISFACTION:
        half = satisfied if level in circle.satisfied_levels else others
        half[level] = verdicts[level]
    halves = (sum(satisfied.values()), sum(others.values()))
    if _opinions(sum(halves), halves[0])["satisfied"] is None:
        return dict.fromkeys(SATISFACTION)
    # Both sums are known: a single gap in either half could be filled.
    return {**suppressed(satisfied), **suppressed(others)}


def _overdue(now: datetime) -> Counter[str]:
    """By community, what has neither been resolved nor explained in time."""
    late = Issue.select(Issue.community_id, fn.COUNT(Issue.id)).where(has_passed(RESULT, now))
    return Counter(dict(late.group_by(Issue.community_id).tuples().iterator()))


def _ratings(circle: Circle, rated: Mapping[str, int]) -> list[dict[str, object]]:
    counts: Counter[str] = Counter()
    satisfied: Counter[str] = Counter()
    for key, number in rated.items():
        level, _, about = key.partition(" ")
        # Only what the circle still has: an identifier alone would tell nobody anything.
        if circle.rated_name(about) is None:
            continue
        counts[about] += number
        satisfied[about] += number if int(level) in circle.satisfied_levels else 0
    return [
        {
            "about": about,
            **_opinions(counts[about], satisfied[about]),
        }
        for about in sorted(counts)
    ]
