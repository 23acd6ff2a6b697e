"""Letters gathered around what most of them say: heaps of likenesses, each one matter.

PURE and the same every time. A letter is a vector: its parts, each with what it tells, normed.
Most parts are words and characters; its kind (`KIND`), the fields that it speaks of (`FIELD`) and
their groups (`GROUP`) are parts with a mark before them.
"""

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from typing import NamedTuple

from forms_app.issues.kind_words import OTHER

Vector = Mapping[str, float]

KIND, FIELD, GROUP = "@", "#", "="
FEW = 6  # letters: of an estate that has fewer, other estates may have the rest
TURNS = 3  # in which letters are shared out among centres that the last turn left
CENTRE_PARTS = 120
TWO = 0.35  # of a heap's letters: so many that speak of one group, and so many of another …
BOTH = 0.05  # … and hardly any that speak of both: then they are two matters
_SAY_NOTHING = ("", KIND + OTHER)  # kinds that hold many matters even in one estate


class Bars(NamedTuple):
    """How like each other letters are that are of one matter, as cosines."""

    joins: float  # a letter to a heap, as heaps grow
    stays: float  # a letter to a centre
    by_words: float  # of that, without their kind
    kind_is_one: bool  # whether centres of one kind are one whatever their words
    is_one: float  # two centres of one kind, if not
    one_by_words: float
    are_one: float = 0.5  # two centres of different kinds


class Heap:
    """Letters around one matter, and the sum of what they say."""

    __slots__ = ("length", "letters", "sum")

    def __init__(self) -> None:
        self.letters: list[int] = []
        self.sum: dict[str, float] = {}
        self.length = 0.0

    def take(self, letter: int, vector: Vector) -> None:
        self.letters.append(letter)
        for part, weight in vector.items():
            was = self.sum.get(part, 0.0)
            self.sum[part] = now = was + weight if was else weight
            self.length += now**2 - was**2

    def centre(self) -> dict[str, float]:
        """What its letters say together, normed: those parts that tell most."""
        kept = sorted(self.sum, key=lambda part: (-self.sum[part], part))[:CENTRE_PARTS]
        length = sqrt(sum(self.sum[part] ** 2 for part in kept)) or 1.0
        return {part: self.sum[part] / length for part in kept}


def gathered(
    here: Sequence[int],
    vectors: Mapping[int, Vector],
    bars: Bars,
    household: Callable[[int], int],
) -> list[Heap]:
    """Each letter joins the heap that it is most like; heaps that say one thing become one.

    A centre is what two households say: else the single matters of a kind would all be part of it.
    """
    heaps = _grown(here, vectors, bars)
    for _ in range(TURNS):
        shared = [heap for heap in heaps if _is_shared(heap, household)]
        centres = _as_one([(len(heap.letters), heap.centre()) for heap in shared], bars)
        heaps = _shared_out(here, vectors, centres, bars)
    return [part for heap in heaps for part in _parted(heap, vectors)]


def dot(one: Vector, other: Vector) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[part] for part, weight in one.items() if part in other)


def _grown(here: Sequence[int], vectors: Mapping[int, Vector], bars: Bars) -> list[Heap]:
    """The first turn, in which heaps grow letter by letter."""
    heaps: list[Heap] = []
    saying: dict[str, dict[int, float]] = {}
    for place in here:
        vector = vectors[place]
        like = _likest(vector, saying, heaps)
        if like is None or like[1] < bars.joins:
            heaps.append(Heap())
            like = len(heaps) - 1, 1.0
        heap = heaps[like[0]]
        heap.take(place, vector)
        for part in vector:
            saying.setdefault(part, {})[like[0]] = heap.sum[part]
    return heaps


def _is_shared(heap: Heap, household: Callable[[int], int]) -> bool:
    first = household(heap.letters[0])
    return any(household(place) != first for place in heap.letters)


def _likest(
    vector: Vector, saying: Mapping[str, Mapping[int, float]], heaps: Sequence[Heap]
) -> tuple[int, float] | None:
    """The heap most like a letter, by a word and not by its kind alone, and how much."""
    likes: dict[int, float] = {}
    kind = None
    for part, weight in vector.items():
        if part[0] == KIND:
            kind = part, weight
            continue
        for heap, total in saying.get(part, {}).items():
            likes[heap] = likes.get(heap, 0.0) + weight * total
    if not likes:
        return None
    if kind is not None:
        of_kind = saying.get(kind[0], {})
        for heap in likes:
            if heap in of_kind:
                likes[heap] += kind[1] * of_kind[heap]
    best = max(likes, key=lambda heap: (likes[heap] / sqrt(heaps[heap].length), -heap))
    return best, likes[best] / sqrt(heaps[best].length)


def _as_one(centres: Sequence[tuple[int, Vector]], bars: Bars) -> list[Vector]:
    """Centres that say one thing are joined, the larger first."""
    merged: list[tuple[int, Vector]] = []
    for size, centre in sorted(centres, key=lambda one: -one[0]):
        for place, (other_size, other) in enumerate(merged):
            if _are_one(centre, other, bars):
                both = {part: weight * other_size for part, weight in other.items()}
                for part, weight in centre.items():
                    both[part] = both.get(part, 0.0) + weight * size
                length = sqrt(sum(weight * weight for weight in both.values()))
                joined = {part: weight / length for part, weight in both.items()}
                merged[place] = size + other_size, joined
                break
        else:
            merged.append((size, centre))
    return [centre for _, centre in merged]


def _are_one(centre: Vector, other: Vector, bars: Bars) -> bool:
    kind = _kind_of(centre)
    is_one_kind = kind == _kind_of(other)
    if bars.kind_is_one and is_one_kind and kind not in _SAY_NOTHING:
        return True
    bar = bars.is_one if is_one_kind else bars.are_one
    return dot(centre, other) >= bar and dot(_worded(centre), other) >= bars.one_by_words


def _worded(vector: Vector) -> dict[str, float]:
    return {part: weight for part, weight in vector.items() if part[0] != KIND}


def _kind_of(vector: Vector) -> str:
    kinds = [part for part in vector if part[0] == KIND]
    return max(kinds, key=lambda kind: (vector[kind], kind), default="")


def _shared_out(
    here: Sequence[int], vectors: Mapping[int, Vector], centres: Sequence[Vector], bars: Bars
) -> list[Heap]:
    """Every letter once more, to the nearest of the centres; those near to none fall out."""
    saying: dict[str, list[tuple[int, float]]] = {}
    for place, centre in enumerate(centres):
        for part, weight in centre.items():
            saying.setdefault(part, []).append((place, weight))
    heaps = [Heap() for _ in centres]
    for place in here:
        likes: dict[int, float] = {}
        words: dict[int, float] = {}
        for part, weight in vectors[place].items():
            to = likes if part[0] == KIND else words
            for one, weighs in saying.get(part, ()):
                to[one] = to.get(one, 0.0) + weight * weighs
        near = []
        for one, by_words in words.items():
            likes[one] = likes.get(one, 0.0) + by_words
            if by_words >= bars.by_words and likes[one] >= bars.stays:
                near.append(one)
        if near:
            heaps[max(near, key=lambda one: (likes[one], -one))].take(place, vectors[place])
    return [heap for heap in heaps if heap.letters]


def _parted(heap: Heap, vectors: Mapping[int, Vector]) -> list[Heap]:
    """A heap as it is, or in two, and these again, where one kind drew two matters together."""
    least = TWO * len(heap.letters)
    speak: dict[str, set[int]] = {}
    for place in heap.letters:
        for part in vectors[place]:
            if part[0] == GROUP:
                speak.setdefault(part, set()).add(place)
    if len(heap.letters) < 2 * FEW or len(speak) < 2:
        return [heap]
    first = max(speak, key=lambda one: (_told(one, speak[one], vectors), one))
    others = {one: places - speak[first] for one, places in speak.items() if one != first}
    second = max(others, key=lambda one: (_told(one, others[one], vectors), one))
    seeds = [speak[first] - speak[second], others[second]]
    both = speak[first] & speak[second]
    if min(map(len, seeds)) < least or len(both) > BOTH * len(heap.letters):
        return [heap]
    halves = in_two(heap.letters, seeds, vectors)
    if min(len(half.letters) for half in halves) < least:
        return [heap]
    return [part for half in halves for part in _parted(half, vectors)]


def _told(part: str, places: set[int], vectors: Mapping[int, Vector]) -> float:
    return sum(vectors[place][part] for place in sorted(places))


def in_two(
    letters: Sequence[int], seeds: Sequence[set[int]], vectors: Mapping[int, Vector]
) -> tuple[Heap, Heap]:
    """Letters shared out between two centres, which begin as what these say; kinds do not count."""
    parts: list[Sequence[int]] = [sorted(seed) for seed in seeds]
    for _ in range(TURNS):
        centres = []
        for part in parts:
            around = Heap()
            for place in part:
                around.take(place, _worded(vectors[place]))
            centres.append(around.centre())
        nearer: tuple[list[int], list[int]] = [], []
        for place in letters:
            likes = [dot(vectors[place], centre) for centre in centres]
            nearer[likes[1] > likes[0]].append(place)
        parts = list(nearer)
    halves = Heap(), Heap()
    for half, part in zip(halves, parts, strict=True):
        for place in part:
            half.take(place, vectors[place])
    return halves
