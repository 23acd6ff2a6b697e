"""What comes back again and again in one community: matters found by words, place, kind and time.

PURE and the same every time. Letters of one estate are gathered around what most of them say, with
their kind as one word more; what is of one kind there is one matter, unless the kind says nothing.
What no estate says often enough is gathered once more across estates.
The characters of their words count, too: 停水, 水压 and 水管 are three words, and all say 水.
What one household alone says, however often, draws nobody else's letter to it.
A matter recurs where several households brought it in several weeks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import sqrt
from typing import NamedTuple

from msgspec import Struct

from forms_app.issues.suggestions import OTHER
from forms_app.issues.words import Rarity, is_word, parts, read
from forms_app.rules.worktime import CHINA

HOUSEHOLDS, WEEKS = 3, 3  # fewer, and it is not yet something that recurs
TOLD_PARTS = 16  # of a letter, those that tell most: the rest is what else it says
TOLD_CHARACTERS = 14  # of those of its words, likewise
BELONGS = 0.3  # a later letter to a matter's centre, as a cosine
FEW = 6  # letters: of an estate that has fewer, other estates may have the rest
TURNS = 3  # in which letters are shared out among centres that the last turn left
CENTRE_PARTS = 120
NAMED_BY = 4  # words
EXAMPLES = 3
KIND_TELLS = 2.5  # nats: a word that one letter in twenty has tells three
FINE = 1000  # steps of a weight
_LEVELS = tuple(step / FINE for step in range(FINE + 1))  # one object each, not one a letter
_KIND = "@"
_SAY_NOTHING = ("", _KIND + OTHER)  # kinds that hold many matters even in one estate


class Bars(NamedTuple):
    """How like each other letters are that are of one matter, as cosines."""

    joins: float  # a letter to a heap, as heaps grow
    stays: float  # a letter to a centre
    by_words: float  # of that, without their kind
    kind_is_one: bool  # whether centres of one kind are one whatever their words
    is_one: float  # two centres of one kind, if not
    one_by_words: float
    are_one: float = 0.5  # two centres of different kinds


# In one estate a kind is mostly one matter, across estates it is many. Chosen on the first five
# sets of `scripts/bench recurring`, each dealt three times: what one of them lost was not taken.
HERE = Bars(0.33, 0.15, 0.06, True, 0.1, 0.003)
ABROAD = Bars(0.36, 0.2, 0.12, False, 0.2, 0.03)


class Heard(NamedTuple):
    """An issue as far as recurring goes; `household` is equal where one household told both."""

    key: int
    text: str
    estate_id: str
    category: str
    received_at: datetime
    household: str
    rounds: int


class Recurring(Struct, frozen=True):
    """A matter that comes back, those that most households brought first."""

    estate_id: str  # "": in several, or nobody said where
    category: str  # of most of them
    words: tuple[str, ...]  # what they have in common, the most telling first
    keys: tuple[int, ...]  # oldest first
    examples: tuple[int, ...]  # of those keys: the most typical, each of another household
    households: int
    rounds: int
    weeks: int
    first_on: date
    last_on: date
    centre: Mapping[str, float]  # of its words, normed: by which later ones are told (`belongs`)

    @property
    def weight(self) -> float:
        return self.households * sqrt(self.weeks)


class _Letter(NamedTuple):
    """What is kept of one: of 100,000, a level more would take 10 MB."""

    key: int
    estate_id: str
    category: str
    received_at: datetime
    household: str
    rounds: int
    parts: tuple[str, ...]


class _Heap:
    """Letters around one matter, and the sum of what they say."""

    __slots__ = ("length", "letters", "sum")

    def __init__(self) -> None:
        self.letters: list[int] = []
        self.sum: dict[str, float] = {}
        self.length = 0.0

    def take(self, letter: int, vector: Mapping[str, float]) -> None:
        self.letters.append(letter)
        for part, weight in vector.items():
            was = self.sum.get(part, 0.0)
            self.sum[part] = now = was + weight if was else weight
            self.length += now**2 - was**2


class _Heaviest:
    """The topics that weigh most, so many of them; lighter ones are not even made."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._topics: list[Recurring] = []
        self._least = 0.0  # of those that are full in number

    def takes(self, heap: _Heap, letters: Sequence[_Letter]) -> bool:
        return _weight(heap, letters) >= self._least

    def add(self, topic: Recurring) -> None:
        self._topics.append(topic)
        if self._most is not None and len(self._topics) >= 2 * self._most:
            self._topics = self.sorted()
            self._least = self._topics[-1].weight

    def sorted(self) -> list[Recurring]:
        return sorted(self._topics, key=lambda one: (-one.weight, one.keys))[: self._most]


def recurring(issues: Iterable[Heard], most: int | None = None) -> list[Recurring]:
    """The matters that recur among one community's issues, the heaviest first; `most` of them.

    The texts are read one by one and not kept.
    """
    letters, rarity = _read(issues)
    by_estate: dict[str, list[int]] = {}
    for place, one in enumerate(letters):
        by_estate.setdefault(one.estate_id, []).append(place)
    found, few, rest = _Heaviest(most), [], list(by_estate.pop("", ()))
    for estate_id, here in sorted(by_estate.items()):
        # Those of one estate at a time: of all they would take ten times the memory.
        vectors = {place: _vector(letters[place], rarity) for place in here}
        taken: set[int] = set()
        for heap in _gathered(here, letters, vectors, HERE):
            if not _recurs(heap, letters):
                continue
            is_few = len(heap.letters) < FEW
            if not is_few:
                taken.update(heap.letters)
            if found.takes(heap, letters):
                topic = _topic(estate_id, heap, letters, vectors)
                if is_few:
                    few.append((heap.letters, topic))
                else:
                    found.add(topic)
        rest += [place for place in here if place not in taken]
    by_kind: dict[str, list[int]] = {}
    for place in sorted(rest):
        by_kind.setdefault(letters[place].category, []).append(place)
    abroad: set[int] = set()
    for _, here in sorted(by_kind.items()):
        vectors = {place: _vector(letters[place], rarity) for place in here}
        for heap in _gathered(here, letters, vectors, ABROAD):
            estates = {letters[place].estate_id for place in heap.letters}
            # What one estate alone says was gathered there, unless nobody said where.
            if _recurs(heap, letters) and (len(estates) > 1 or "" in estates):
                abroad.update(heap.letters)
                if found.takes(heap, letters):
                    found.add(_topic("", heap, letters, vectors))
    for heap_letters, topic in few:
        if 2 * len(abroad.intersection(heap_letters)) < len(heap_letters):
            found.add(topic)
    return found.sorted()


def belongs(topic: Mapping[str, float], estate_id: str, later: Heard) -> bool:
    """Whether a later issue is of this matter, told by its centre; `estate_id` as the topic's."""
    if estate_id and later.estate_id != estate_id:
        return False
    letters, rarity = _read([later])
    return _dot(_vector(letters[0], rarity), topic) >= BELONGS


def _read(issues: Iterable[Heard]) -> tuple[list[_Letter], Rarity]:
    letters: list[_Letter] = []
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    for heard in issues:
        said: dict[str, None] = {}
        for sentence in read(heard.text).sentences:
            for word in sentence.words:
                if word not in sentence.names and not word.isdecimal():
                    word = names.setdefault(word, word)
                    said[word] = None
        key, _, estate_id, category, received_at, household, rounds = heard
        parts_said = tuple(said)
        letters.append(
            _Letter(key, estate_id, category, received_at, household, rounds, parts_said)
        )
        counts.update({part for word in said for part in (word, *parts(word), *_characters(word))})
    return letters, Rarity(len(letters), counts)


def _vector(letter: _Letter, rarity: Rarity) -> dict[str, float]:
    told = _most(rarity.weights(letter.parts), TOLD_PARTS)
    inner = {one for word in letter.parts if rarity(word) for one in _characters(word)}
    weighed = {one: rarity(one) for one in sorted(inner)}
    for one, weight in _most(weighed, TOLD_CHARACTERS).items():
        if weight:
            told[one] = max(weight, told.get(one, 0.0))
    if letter.category:
        told[_KIND + letter.category] = KIND_TELLS
    length = sqrt(sum(weight * weight for weight in told.values())) or 1.0
    return {part: _LEVELS[round(FINE * weight / length)] for part, weight in told.items()}


def _most(told: dict[str, float], number: int) -> dict[str, float]:
    """Those that tell most."""
    if len(told) <= number:
        return told
    kept = sorted(told, key=lambda part: (-told[part], part))[:number]
    return {part: told[part] for part in kept}


def _characters(word: str) -> str:
    """Those of a word of several, each of which says something of its own."""
    return "" if len(word) == 1 or word.isascii() else word


def _gathered(
    here: Sequence[int],
    letters: Sequence[_Letter],
    vectors: Mapping[int, Mapping[str, float]],
    bars: Bars,
) -> list[_Heap]:
    """Each letter joins the heap that it is most like; heaps that say one thing become one.

    A centre is what two households say: else the single matters of a kind would all be part of it.
    """
    heaps = _heaped(here, vectors, bars)
    for _ in range(TURNS):
        shared = [heap for heap in heaps if _is_shared(heap, letters)]
        centres = _as_one([_centre(heap) for heap in shared], bars)
        heaps = _shared_out(here, vectors, centres, bars)
    return heaps


def _heaped(
    here: Sequence[int], vectors: Mapping[int, Mapping[str, float]], bars: Bars
) -> list[_Heap]:
    """The first turn, in which heaps grow letter by letter."""
    heaps: list[_Heap] = []
    saying: dict[str, dict[int, float]] = {}
    for place in here:
        vector = vectors[place]
        like = _likest(vector, saying, heaps)
        if like is None or like[1] < bars.joins:
            heaps.append(_Heap())
            like = len(heaps) - 1, 1.0
        heap = heaps[like[0]]
        heap.take(place, vector)
        for part in vector:
            saying.setdefault(part, {})[like[0]] = heap.sum[part]
    return heaps


def _is_shared(heap: _Heap, letters: Sequence[_Letter]) -> bool:
    first = letters[heap.letters[0]].household
    return any(letters[place].household != first for place in heap.letters)


def _likest(
    vector: Mapping[str, float], saying: Mapping[str, Mapping[int, float]], heaps: Sequence[_Heap]
) -> tuple[int, float] | None:
    """The heap most like a letter, by a word and not by its kind alone, and how much."""
    likes: dict[int, float] = {}
    kind = None
    for part, weight in vector.items():
        if part[0] == _KIND:
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


def _centre(heap: _Heap) -> tuple[int, dict[str, float]]:
    kept = sorted(heap.sum, key=lambda part: (-heap.sum[part], part))[:CENTRE_PARTS]
    length = sqrt(sum(heap.sum[part] ** 2 for part in kept)) or 1.0
    return len(heap.letters), {part: heap.sum[part] / length for part in kept}


def _as_one(centres: list[tuple[int, dict[str, float]]], bars: Bars) -> list[dict[str, float]]:
    """Centres that say one thing are joined, the larger first."""
    merged: list[tuple[int, dict[str, float]]] = []
    for size, centre in sorted(centres, key=lambda one: -one[0]):
        for place, (other_size, other) in enumerate(merged):
            if _are_one(centre, other, bars):
                both = {part: weight * other_size for part, weight in other.items()}
                for part, weight in centre.items():
                    both[part] = both.get(part, 0.0) + weight * size
                length = sqrt(sum(weight * weight for weight in both.values()))
                merged[place] = (
                    size + other_size,
                    {part: weight / length for part, weight in both.items()},
                )
                break
        else:
            merged.append((size, centre))
    return [centre for _, centre in merged]


def _are_one(centre: Mapping[str, float], other: Mapping[str, float], bars: Bars) -> bool:
    kind = _kind_of(centre)
    is_one_kind = kind == _kind_of(other)
    if bars.kind_is_one and is_one_kind and kind not in _SAY_NOTHING:
        return True
    bar = bars.is_one if is_one_kind else bars.are_one
    return _dot(centre, other) >= bar and _dot(_worded(centre), other) >= bars.one_by_words


def _worded(centre: Mapping[str, float]) -> dict[str, float]:
    return {part: weight for part, weight in centre.items() if part[0] != _KIND}


def _kind_of(centre: Mapping[str, float]) -> str:
    kinds = [part for part in centre if part[0] == _KIND]
    return max(kinds, key=lambda kind: (centre[kind], kind), default="")


def _shared_out(
    here: Sequence[int],
    vectors: Mapping[int, Mapping[str, float]],
    centres: Sequence[Mapping[str, float]],
    bars: Bars,
) -> list[_Heap]:
    """Every letter once more, to the nearest of the centres; those near to none fall out."""
    saying: dict[str, list[tuple[int, float]]] = {}
    for place, centre in enumerate(centres):
        for part, weight in centre.items():
            saying.setdefault(part, []).append((place, weight))
    heaps = [_Heap() for _ in centres]
    for place in here:
        likes: dict[int, float] = {}
        words: dict[int, float] = {}
        for part, weight in vectors[place].items():
            to = likes if part[0] == _KIND else words
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


def _recurs(heap: _Heap, letters: Sequence[_Letter]) -> bool:
    if len(heap.letters) < max(HOUSEHOLDS, WEEKS):
        return False
    households, weeks = _spread(heap, letters)
    return households >= HOUSEHOLDS and weeks >= WEEKS


def _weight(heap: _Heap, letters: Sequence[_Letter]) -> float:
    households, weeks = _spread(heap, letters)
    return households * sqrt(weeks)


def _spread(heap: _Heap, letters: Sequence[_Letter]) -> tuple[int, int]:
    """Among how many households, and in how many weeks."""
    told = [letters[place] for place in heap.letters]
    return len({one.household for one in told}), len({_week(one) for one in told})


def _week(one: _Letter) -> tuple[int, int]:
    year, week, _ = one.received_at.astimezone(CHINA).isocalendar()
    return year, week


def _topic(
    estate_id: str,
    heap: _Heap,
    letters: Sequence[_Letter],
    vectors: Mapping[int, Mapping[str, float]],
) -> Recurring:
    _, centre = _centre(heap)
    places = sorted(heap.letters, key=lambda at: (letters[at].received_at, letters[at].key))
    told = [letters[place] for place in places]
    kinds = Counter(one.category for one in told if one.category)
    typical = sorted(places, key=lambda at: (-_dot(vectors[at], centre), letters[at].key))
    examples: dict[str, int] = {}
    for place in typical:
        examples.setdefault(letters[place].household, letters[place].key)
    days = [one.received_at.astimezone(CHINA).date() for one in told]
    return Recurring(
        estate_id=estate_id,
        category=kinds.most_common(1)[0][0] if kinds else "",
        words=_named(heap, letters),
        keys=tuple(one.key for one in told),
        examples=tuple(list(examples.values())[:EXAMPLES]),
        households=len({one.household for one in told}),
        rounds=sum(one.rounds for one in told),
        weeks=len({_week(one) for one in told}),
        first_on=days[0],
        last_on=days[-1],
        centre=centre,
    )


def _named(heap: _Heap, letters: Sequence[_Letter]) -> tuple[str, ...]:
    """The words that most of its letters share; never one that a single letter has."""
    told: Counter[str] = Counter()
    for place in heap.letters:
        told.update(letters[place].parts)
    weighed = {
        word: sum(heap.sum.get(part, 0.0) for part in parts(word)) * number / len(heap.letters)
        for word, number in told.items()
        if number > 1 and len(word) > 1 and is_word(word)
    }
    words = sorted(weighed, key=lambda word: (-weighed[word], word))
    return tuple(word for word in words if weighed[word] > 0)[:NAMED_BY]


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    if len(one) > len(other):
        one, other = other, one
    return sum(weight * other[part] for part, weight in one.items() if part in other)
