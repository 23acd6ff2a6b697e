"""The counted figures, the only thing that crosses from the app to the site.

Named columns only, no text that anybody wrote; counts under five are not shown. How many came in is
of this moment. Everything else is of months and quarters that are over, told once and kept: whoever
compares two publishings learns nothing of the one issue that came between, nor of who was asked.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.clocks import has_passed
from forms_app.queries.followed_up import published as followed_up_in_public
from forms_app.queries.opinions import Opinions, opinions
from forms_app.queries.own_steps import own_steps
from forms_app.queries.record import record
from forms_app.queries.suppressed import SMALLEST_SHOWN
from forms_app.rules.clocks import RESULT
from forms_app.rules.worktime import local_day
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


def tallies_json(circle: Circle, now: datetime, published: Mapping[str, Any]) -> str:
    """The figures beside those that were published last, as their file holds them."""
    return json.dumps(tallies(circle, now, published), ensure_ascii=False)


def tallies(
    circle: Circle, now: datetime, published: Mapping[str, Any] | None = None
) -> dict[str, object]:
    """Figures as JSON values: totals, and lists by month, community, kind and urgency.

    A count of 1 to 4 is None, and so is what would tell it. A total is what the months that are
    shown make. Verdicts are the residents' own; those that staff entered stand beside them, never
    in one sum. `published` is what was published last, read back: what it told stays.
    """
    found, before = _Kept(), published or {}
    today = local_day(now)
    month = f"{today:%Y-%m}"
    at_work = {
        "waiting": found.of(sums.WAITED_FOR).total(),
        "overdue": overdue(now),
        "set_aside": found.of(sums.ASIDE).total(),
    }
    over = record(circle, found.of, month, before.get("record"), today, at_work)
    told = before.get("verdicts", {})
    verdicts = {
        name: opinions(_months(found.of(kind), month), circle.satisfied_levels, told.get(name))
        for name, kind in (("own", sums.OWN), ("entered", sums.ENTERED))
    }
    return {
        "made_at": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "smallest_shown": SMALLEST_SHOWN,
        "totals": {code: _total(over.by_month, code) for code in ("received", "finished")},
        "verdicts": {name: one.as_json() for name, one in verdicts.items()},
        "by_month": over.by_month,
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


def _total(rows: Iterable[Mapping[str, Any]], code: str) -> int:
    return sum(row[code] for row in rows if row[code] is not None)


def overdue(now: datetime) -> int:
    """How many have neither been resolved nor explained in time."""
    return Issue.select().where(has_passed(RESULT, now)).count()


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
        if circle.rated_name(about) is not None and month < current:
            by_thing[about][f"{month} {level}"] = number
    told = {one["about"]: one for one in before}
    found: dict[str, Opinions] = {
        about: opinions(_months(counts, current), circle.satisfied_levels, told.get(about))
        for about, counts in by_thing.items()
    }
    rows = {about: {"about": about, **found[about].as_json()} for about in found}
    # What the circle has no more stays as it was told: should it come back, it is not told anew.
    gone = {about: dict(row) for about, row in told.items() if circle.rated_name(about) is None}
    return [one for _, one in sorted((gone | rows).items())]
