"""The counted figures, the only thing that crosses from the app to the site.

Named columns only, no text that anybody wrote. What says nothing of an opinion is of this moment,
and counts under five are not shown. Opinions are of months that are over, and no verdict changes
anything else: whoever compares two publishings learns nothing of who was asked in between.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from peewee import fn

from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.clocks import has_passed
from forms_app.issues.monthly import COMMUNITY, KIND
from forms_app.queries.followed_up import published as followed_up_in_public
from forms_app.queries.opinions import Opinions, opinions
from forms_app.queries.own_steps import own_steps
from forms_app.queries.record import record
from forms_app.queries.suppressed import SMALLEST_SHOWN, suppressed
from forms_app.queries.suppressed import shown as _shown
from forms_app.rules.clocks import RESULT
from forms_app.rules.steps import SEVERITY_CLASSES
from forms_app.rules.worktime import CHINA
from forms_app.store.models import Issue


class _Kept:
    """The kept sums, kind by kind."""

    def __init__(self) -> None:
        self._kinds: dict[str, Counter[str]] = defaultdict(Counter)
        for (kind, key), number in sums.kept().items():
            self._kinds[kind][key] = number

    def of(self, kind: str) -> Counter[str]:
        """How many there are of this kind, by what they are counted by."""
        return self._kinds[kind]


def tallies(
    circle: Circle, now: datetime, published: Mapping[str, Any] | None = None
) -> dict[str, object]:
    """Figures as JSON values: totals, and lists by month, community, category, class.

    A count of 1 to 4 is None. Where the total of a list would fill its gaps, the next smallest
    count is None too. Verdicts are the residents' own; those that staff entered stand beside them,
    never in one sum. `published` is what was published last, read back: what it told of opinions
    stays.
    """
    found, before = _Kept(), published or {}
    received, waiting, resolved = found.of("received"), found.of("waiting"), found.of("resolved")
    given, on_time = found.of("opinion"), found.of("opinion on time")
    kinds = found.of("resolved category")
    today = now.astimezone(CHINA).date()
    month = f"{today:%Y-%m}"
    over = record(circle, found.of, month, before.get("record"), today)
    told = before.get("verdicts", {})
    verdicts = {
        name: opinions(_months(found.of(kind), month), circle.satisfied_levels, told.get(name))
        for name, kind in (("own", sums.OWN), ("entered", sums.ENTERED))
    }
    return {
        "made_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "smallest_shown": SMALLEST_SHOWN,
        "totals": {
            "received": _shown(received.total()),
            "waiting": _shown(waiting.total()),
            "resolved": _shown(resolved.total()),
            "set_aside": _shown(found.of("set aside").total()),
            "opinions_given": _shown(given.total()),
            "opinions_on_time": _shown(on_time.total()),
        },
        "verdicts": {name: one.as_json() for name, one in verdicts.items()},
        "by_month": over.by_month,
        "by_community": _table(
            "id",
            circle.communities,
            {
                "received": received,
                "waiting": waiting,
                "resolved": resolved,
                "opinions_given": given,
                "opinions_on_time": on_time,
                "overdue": _overdue(now),
            },
            {
                name: over.all_but_ones(code, COMMUNITY, counts)
                for name, code, counts in (
                    ("resolved", "finished", resolved),
                    ("opinions_given", "answered", given),
                    ("opinions_on_time", "answered_on_time", on_time),
                )
            },
        ),
        "by_category": _table(
            "code",
            [*circle.categories, ""],
            {"received": found.of("category"), "resolved": kinds},
            {"resolved": over.all_but_ones("finished", KIND, kinds)},
        ),
        "by_class": _table("severity_class", SEVERITY_CLASSES, {"received": found.of("class")}),
        "ratings": _ratings(circle, found.of(sums.RATING), month, before.get("ratings", ())),
        "entered_ratings": _ratings(
            circle, found.of(sums.ENTERED_RATING), month, before.get("entered_ratings", ())
        ),
        "bad_ratings": followed_up_in_public(month, before.get("bad_ratings", ())),
        "record": over.told,
        "own_steps": own_steps(
            circle, found.of, verdicts["own"].steps, before.get("own_steps", ())
        ),
    }


def _table(
    key_name: str,
    keys: Iterable[object],
    columns: Mapping[str, Mapping[Any, int]],
    also: Mapping[str, Collection[str]] | None = None,
) -> list[dict[str, object]]:
    """`also` is what is hidden of a column beside its small counts."""
    listed = list(keys)
    shown = {
        name: suppressed({key: counts[key] for key in listed}, (also or {}).get(name, ()))
        for name, counts in columns.items()
    }
    return [{key_name: key, **{name: shown[name][key] for name in columns}} for key in listed]


def _overdue(now: datetime) -> Counter[str]:
    """By community, what has neither been resolved nor explained in time."""
    late = Issue.select(Issue.community_id, fn.COUNT(Issue.id)).where(has_passed(RESULT, now))
    return Counter(dict(late.group_by(Issue.community_id).tuples().iterator()))


def _months(found: Mapping[str, int], current: str) -> dict[str, dict[int, int]]:
    """Of the months that are over, how many of each level."""
    months: dict[str, dict[int, int]] = defaultdict(dict)
    for key, number in found.items():
        month, _, level = key.partition(" ")
        if month < current:
            months[month][int(level)] = number
    return months


def _ratings(
    circle: Circle, rated: Mapping[str, int], current: str, before: Iterable[Mapping[str, Any]]
) -> list[dict[str, object]]:
    by_thing: dict[str, dict[str, int]] = defaultdict(dict)
    for key, number in rated.items():
        month, level, about = key.split(" ", 2)
        # Only what the circle still has: an identifier alone would tell nobody anything.
        if circle.rated_name(about) is not None and month < current:
            by_thing[about][f"{month} {level}"] = number
    told = {one["about"]: one for one in before}
    found: dict[str, Opinions] = {
        about: opinions(_months(counts, current), circle.satisfied_levels, told.get(about))
        for about, counts in by_thing.items()
    }
    return [{"about": about, **found[about].as_json()} for about in sorted(found)]
