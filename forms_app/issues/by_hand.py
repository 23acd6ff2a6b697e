"""What leaders put right by hand of what recurs, and how the next month's finding keeps to it.

PURE. Told by the keys of issues alone:

- A letter that a leader left in a matter is of that matter, whatever the finder makes of it. Of
  several the newest word counts; whoever said it last of most of a matter said it of the matter.
- What the finder gathered is that matter where it has more than half of the matter's letters, or
  the matter more than half of what was gathered: its new letters then join it, those that were
  taken out of it do not. So two that were joined stay one, and what was split off stays apart.
- What was gathered beside loses the letters that are of another matter by hand.
- A matter by hand comes up as long as it recurs, by the same bars as any other.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from forms_app.issues.gathering import Heap, dot
from forms_app.issues.recurring import (
    HOUSEHOLDS,
    WEEKS,
    Heard,
    Recurring,
    letters_of,
    topic_of,
    vector_of,
)
from forms_app.issues.words import Rarity

SAME_ESTATE = 0.1  # as a cosine: what else is near counts less


class Placed(NamedTuple):
    """A matter as a leader left it, by the keys of its letters."""

    letters: frozenset[int]
    out: frozenset[int]  # taken out of it, and not put back


def put_right(
    found: Sequence[Recurring],
    placed: Iterable[Placed],
    heard: Callable[[frozenset[int]], Iterable[Heard]],
) -> list[Recurring]:
    """What was found as leaders would have it, the heaviest first.

    `placed` begins with the oldest word; `heard` reads these letters, oldest first.
    """
    matters = settled(placed)
    if not matters:
        return list(found)
    taken = frozenset[int]().union(*(one.letters for one in matters))
    groups = [set(one.letters) for one in matters]
    kept = []
    for topic in found:
        keys = frozenset(topic.keys)
        home = _home(keys, matters)
        if home is not None:
            groups[home] |= keys - taken - matters[home].out
        elif keys.isdisjoint(taken):
            kept.append(topic)
        else:
            groups.append(set(keys - taken))
    for group in groups:
        if not group:
            continue
        one = matter(heard(frozenset(group)))
        if one.households >= HOUSEHOLDS and one.weeks >= WEEKS:
            kept.append(one)
    return sorted(kept, key=lambda one: (-one.weight, one.keys))


def settled(placed: Iterable[Placed]) -> list[Placed]:
    """The matters that stand, each letter in one of them: where it was put last.

    Whoever has most of an older one's letters follows it, and keeps out what that kept out.
    """
    standing: list[Placed] = []
    for one in placed:
        older, standing, out = standing, [], one.out
        for other in older:
            both = other.letters & one.letters
            if 2 * len(both) > len(other.letters):
                out |= other.out - one.letters
            else:
                standing.append(Placed(other.letters - both, other.out))
        if one.letters:
            standing.append(Placed(one.letters, out))
    return standing


def matter(letters: Iterable[Heard]) -> Recurring:
    """These letters, of which there is one at least, as one matter: figures, words, centre.

    Its estate is the one that all of them have who say where. Words weigh as in all of Chinese: in
    so few letters of one thing its own words would seem common.
    """
    told, _ = letters_of(letters)
    rarity, heap = Rarity(), Heap()
    vectors = {place: vector_of(one, rarity) for place, one in enumerate(told)}
    for place, vector in vectors.items():
        heap.take(place, vector)
    estates = {one.estate_id for one in told} - {""}
    return topic_of(estates.pop() if len(estates) == 1 else "", heap, told, vectors)


def likeliest(
    centre: Mapping[str, float], estate_id: str, others: Iterable[Heard], most: int
) -> list[int]:
    """The keys of those letters that are nearest to a matter's centre, the nearest first.

    One that shares nothing with it is left out.
    """
    told, _ = letters_of(others)
    rarity = Rarity()
    near = []
    for one in told:
        likeness = dot(vector_of(one, rarity), centre)
        if likeness > 0:
            is_there = bool(estate_id) and one.estate_id == estate_id
            near.append((likeness + is_there * SAME_ESTATE, one.key))
    return [key for _, key in sorted(near, reverse=True)[:most]]


def _home(keys: frozenset[int], matters: Sequence[Placed]) -> int | None:
    """The place of the matter that something gathered is of; None: of none by hand."""
    shared = [(len(keys & one.letters), -place) for place, one in enumerate(matters)]
    most, place = max(shared)
    if 2 * most > min(len(keys), len(matters[-place].letters)):
        return -place
    return None
