"""Which walks to make next (待走清单): the fewest that settle the most households' questions.

Pure. It only says where somebody should walk; what comes back is written by hand into walks.csv.
"""

from collections.abc import Iterable, Iterator
from datetime import date, time
from math import inf, isnan
from typing import TypeAlias

from msgspec import Struct

from forms_app.community import ACTIVITY_CATEGORIES, Entrance, Estate, Venue
from forms_app.radius.coverage import Held, held_at
from forms_app.radius.occurrences import Occurrence
from forms_app.radius.reach import BEYOND, Radius, distance_m, walk_minutes

# What is asked for an estate: any activity, one kind of them, a way without steps, one venue where
# services are. The second word says which.
Question: TypeAlias = tuple[str, str]
ANY: Question = ("any", "")
STEP_FREE: Question = ("step_free", "")


class WalkToMake(Struct, frozen=True):
    """From a gate to a venue's door, and what a short enough walk would settle (in Chinese)."""

    estate: Estate
    entrance: Entrance
    venue: Venue
    straight_m: float  # nan where nobody knows the places
    least_minutes: float  # from the gate on the straight line at an elder's pace; nan likewise
    settles: tuple[str, ...]
    is_first: bool  # the estate has nothing sure at all
    was_walked: bool  # already walked, with steps: a way around them is asked for


def choose(
    radius: Radius, occurrences: Iterable[Occurrence], first_day: date
) -> tuple[WalkToMake, ...]:
    """The walks that are worth making, the most useful first.

    Each question of an estate waits for one walk only. If that turns out too long, the question
    is still open when the list is made again, and the next candidate comes up.
    """
    held = held_at(occurrences, first_day)
    ranked = [
        found
        for estate in radius.circle.estates.values()
        for found in _of_estate(radius, estate, held)
    ]
    ranked.sort(key=lambda found: found[0])
    return tuple(walk for _, walk in ranked)


# Nothing sure yet, households times questions, walked before, minutes: the smallest comes first.
_Rank: TypeAlias = tuple[bool, int, bool, float]


def _of_estate(radius: Radius, estate: Estate, held: Held) -> Iterator[tuple[_Rank, WalkToMake]]:
    """One estate's walks by the greedy rule: each takes the questions that it may settle."""
    options, minutes = _options(radius, estate, held)
    walked = {
        (walk.entrance, walk.venue_id)
        for walk in radius.circle.walks
        if walk.estate_id == estate.id and walk.pace == "elder" and walk.basis == "walked"
    }

    def rank(option: tuple[str, str]) -> _Rank:
        gained = options[option]
        weight = estate.households * len(gained)
        return (ANY not in gained, -weight, option in walked, minutes[option])

    while options:
        best = min(options, key=rank)
        yield rank(best), _walk(radius, estate, best, options[best], best in walked)
        settled = options[best]
        left = {option: asked - settled for option, asked in options.items()}
        options = {option: asked for option, asked in left.items() if asked}


_Options: TypeAlias = dict[tuple[str, str], frozenset[Question]]


def _options(
    radius: Radius, estate: Estate, held: Held
) -> tuple[_Options, dict[tuple[str, str], float]]:
    """Entrance and venue → the open questions that a walk may settle, and its least minutes."""
    sure: set[Question] = set()
    hopes: dict[tuple[str, str], set[Question]] = {}
    minutes: dict[tuple[str, str], float] = {}
    for venue_id in radius.candidates(estate.id):
        if radius.reach(estate.id, venue_id).answer == BEYOND:
            continue  # through no gate, so at no hour either
        for questions, at, step_free in _asked(radius, venue_id, held):
            for way in radius.ways(estate.id, venue_id, at, step_free=step_free):
                if way.is_reached:
                    sure |= questions
                elif way.is_unwalked:
                    option = (way.entrance, venue_id)
                    hopes.setdefault(option, set()).update(questions)
                    minutes[option] = inf if isnan(way.minutes) else way.minutes
    left = {option: frozenset(asked - sure) for option, asked in hopes.items()}
    return {option: asked for option, asked in left.items() if asked}, minutes


def _asked(
    radius: Radius, venue_id: str, held: Held
) -> Iterator[tuple[set[Question], time | None, bool]]:
    """What a venue may answer: questions, the time of day of the walk, without steps or not."""
    kinds: dict[time, set[Question]] = {}
    for kind, at in held.get(venue_id, ()):
        kinds.setdefault(at, {ANY}).add(("kind", kind))
    for at, questions in kinds.items():
        yield questions, at, False
        yield {STEP_FREE}, at, True
    if any(venue_id in service.venues for service in radius.circle.services.values()):
        yield {("venue", venue_id)}, None, False


def _walk(
    radius: Radius,
    estate: Estate,
    option: tuple[str, str],
    settles: frozenset[Question],
    was_walked: bool,
) -> WalkToMake:
    entrance_name, venue_id = option
    entrance = next(e for e in radius.circle.entrances_of(estate.id) if e.name == entrance_name)
    venue = radius.circle.venues[venue_id]
    start, end = radius.point(entrance), radius.point(venue)
    return WalkToMake(
        estate,
        entrance,
        venue,
        distance_m(start, end),
        walk_minutes(start, end, radius.circle.speed_kmh["elder"]),
        tuple(_words(settles)),
        ANY in settles,
        was_walked,
    )


def _words(settles: frozenset[Question]) -> Iterator[str]:
    if ANY in settles:
        yield "有没有活动走得到"
    for kind, name in ACTIVITY_CATEGORIES.items():
        if ("kind", kind) in settles:
            yield name
    if STEP_FREE in settles:
        yield "有没有不走台阶的路"
    if any(question == "venue" for question, _ in settles):
        yield "到这里办事"
