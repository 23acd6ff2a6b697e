"""How far the promise is kept: households with something on within ten minutes' walk.

Pure. It counts and never guesses: what is sure, and what nobody has walked yet, stay apart. It
knows neither pages nor files.
"""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import TypeAlias

from msgspec import Struct

from forms_app.community import ACTIVITY_CATEGORIES, Circle, Estate, Venue
from forms_app.community.in_use import in_use
from forms_app.radius.occurrences import Occurrence, programme
from forms_app.radius.reach import BEYOND, REACHED, UNWALKED, Radius

DAYS = 30

# From the first hour to the last, which is not part of it.
TIMES_OF_DAY: dict[str, tuple[str, int, int]] = {
    "morning": ("上午（12点以前开始）", 0, 12),
    "afternoon": ("下午（12点到18点前开始）", 12, 18),
    "evening": ("晚上（18点以后开始）", 18, 24),
}


class Share(Struct, frozen=True):
    """Households: all of them, those surely in reach, and those that a walk may still add."""

    households: int = 0
    sure: int = 0
    unwalked: int = 0

    @property
    def possible(self) -> int:
        """The upper end of the interval."""
        return self.sure + self.unwalked

    @property
    def beyond(self) -> int:
        """Households that nothing reaches, whatever a walk may show."""
        return self.households - self.possible

    @property
    def words(self) -> str:
        """5060/5780户，87.5%；还有420户，没人走过这段路，走了才知道"""
        if self.households == 0:
            return "没有住户"
        sure = f"{self.sure}/{self.households}户，{percent(self.sure, self.households)}"
        if self.unwalked == 0:
            return sure
        return f"{sure}；还有{self.unwalked}户，没人走过这段路，走了才知道"

    def with_estate(self, households: int, answer: str) -> "Share":
        """The share with one more estate's households in it."""
        return Share(
            self.households + households,
            self.sure + (households if answer == REACHED else 0),
            self.unwalked + (households if answer == UNWALKED else 0),
        )


def percent(part: int, whole: int) -> str:
    """87.5%: cut off after the tenth, never rounded up. `whole` must not be 0.

    99.96 % is not everybody and stays 99.9%; 0.04 % is not nobody and is 不到0.1%.
    """
    tenths = part * 1000 // whole
    if part and not tenths:
        return "不到0.1%"
    return f"{tenths // 10}.{tenths % 10}%" if tenths % 10 else f"{tenths // 10}%"


class Line(Struct, frozen=True):
    """One line of the count. `group` is all, community, kind, step_free or time_of_day; `key` says
    which of them, and is empty where there is only one."""

    group: str
    key: str
    everybody: Share
    elders: Share  # households with somebody over 60


class NextVenue(Struct, frozen=True):
    """What one activity in this room would add, at an hour when all entrances are open.

    `households` would surely be reached for the first time; `unwalked` only if the walk, which
    nobody has made, is short enough.
    """

    venue: Venue
    households: int
    households_60plus: int
    unwalked: int


class Coverage(Struct, frozen=True):
    """The count of the days from `first` to `last`, both included."""

    first: date
    last: date
    lines: tuple[Line, ...]
    answers: Mapping[str, str]  # estate id → answer for any activity at all
    next_venues: tuple[NextVenue, ...]  # the most useful first, none that adds nothing

    def estates(self, circle: Circle, answer: str) -> list[Estate]:
        """The estates with this answer, those with the most households first."""
        found = [e for e in circle.estates.values() if self.answers[e.id] == answer]
        return sorted(found, key=lambda estate: -estate.households)


def count_from(circle: Circle, first: date) -> Coverage:
    """The coverage of DAYS days from `first`, from the community's data alone."""
    coming = programme(
        circle.activities.values(),
        circle.clocks.calendar,
        circle.school_terms,
        first,
        first + timedelta(days=DAYS - 1),
    )
    return count(Radius(in_use(circle)), coming.occurrences, first)


def line_name(circle: Circle, line: Line) -> str:
    """What people call a line of the count."""
    if line.group == "community":
        return circle.communities[line.key].name
    if line.group == "kind":
        return ACTIVITY_CATEGORIES[line.key]
    if line.group == "time_of_day":
        return TIMES_OF_DAY[line.key][0]
    return {"all": "所有住户", "step_free": "全程没有台阶"}[line.group]


def count(radius: Radius, occurrences: Iterable[Occurrence], first: date) -> Coverage:
    """The coverage of DAYS days from `first`: only confirmed occurrences count."""
    last = first + timedelta(days=DAYS - 1)
    circle = radius.circle
    held = held_at(occurrences, first)
    shares: dict[tuple[str, str], tuple[Share, Share]] = {
        key: (Share(), Share()) for key in _groups(circle)
    }
    answers = {}
    for estate in circle.estates.values():
        found = _answers(radius, estate, held)
        answers[estate.id] = found["all", ""]
        for key in shares:
            if key[0] == "community" and key[1] != estate.community_id:
                continue
            answer = found["all", ""] if key[0] == "community" else found.get(key, BEYOND)
            everybody, elders = shares[key]
            shares[key] = (
                everybody.with_estate(estate.households, answer),
                elders.with_estate(estate.households_60plus, answer),
            )
    lines = tuple(Line(*key, *share) for key, share in shares.items())
    return Coverage(first, last, lines, answers, _next_venues(radius, answers))


def _groups(circle: Circle) -> list[tuple[str, str]]:
    return [
        ("all", ""),
        *(("community", community_id) for community_id in circle.communities),
        *(("kind", kind) for kind in ACTIVITY_CATEGORIES),
        *(("time_of_day", part) for part in TIMES_OF_DAY),
        ("step_free", ""),
    ]


Held: TypeAlias = Mapping[str, frozenset[tuple[str, time]]]


def held_at(occurrences: Iterable[Occurrence], first: date) -> Held:
    """What counts in the DAYS days from `first`: venue id → kinds and times of their start."""
    last = first + timedelta(days=DAYS - 1)
    held: dict[str, set[tuple[str, time]]] = {}
    for occurrence in occurrences:
        if not (occurrence.is_confirmed and first <= occurrence.day <= last):
            continue
        what = (occurrence.activity.category, occurrence.begins)
        held.setdefault(occurrence.activity.location_id, set()).add(what)
    return {venue_id: frozenset(found) for venue_id, found in held.items()}


def _answers(radius: Radius, estate: Estate, held: Held) -> dict[tuple[str, str], str]:
    """The best answer for each group that has anything to offer this estate."""
    best: dict[tuple[str, str], str] = {("all", ""): BEYOND}
    for venue_id in radius.candidates(estate.id):
        for kind, at in held.get(venue_id, ()):
            answer = radius.reach(estate.id, venue_id, at).answer
            for key in (("all", ""), ("kind", kind), ("time_of_day", _time_of_day(at))):
                best[key] = better(best.get(key, BEYOND), answer)
            step_free = radius.reach(estate.id, venue_id, at, step_free=True).answer
            key = ("step_free", "")
            best[key] = better(best.get(key, BEYOND), step_free)
    return best


def better(one: str, other: str) -> str:
    """The more hopeful of two answers."""
    order = (REACHED, UNWALKED, BEYOND)
    return min(one, other, key=order.index)


def _time_of_day(at: time) -> str:
    return next(part for part, (_, start, end) in TIMES_OF_DAY.items() if start <= at.hour < end)


def _next_venues(radius: Radius, answers: Mapping[str, str]) -> tuple[NextVenue, ...]:
    gains: dict[str, list[int]] = {}
    for estate in radius.circle.estates.values():
        if answers[estate.id] == REACHED:
            continue
        for venue_id in radius.candidates(estate.id):
            answer = radius.reach(estate.id, venue_id).answer
            gain = gains.setdefault(venue_id, [0, 0, 0])
            if answer == REACHED:
                gain[0] += estate.households
                gain[1] += estate.households_60plus
            elif answer == UNWALKED and answers[estate.id] == BEYOND:
                gain[2] += estate.households
    found = [NextVenue(radius.circle.venues[v], *gain) for v, gain in gains.items() if any(gain)]
    return tuple(sorted(found, key=_usefulness))


def _usefulness(found: NextVenue) -> tuple[int, int, int]:
    return (-found.households, -found.households_60plus, -found.unwalked)
