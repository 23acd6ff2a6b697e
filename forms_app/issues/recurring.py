"""What comes back again and again in one community: matters found by words, place, kind and time.

PURE and the same every time. Letters of one estate are gathered around what most of them say, with
their kind as one word more; what is of one kind there is one matter, unless the kind says nothing,
or a third of them speak of what the others never mention.
What no estate says often enough is gathered once more across estates.
The characters of their words count, too: 停水, 水压 and 水管 are three words, and all say 水.
So do the fields that they are of: 站牌 and 末班车 share no character, and both are of 公交.
What one household alone says, however often, draws nobody else's letter to it.
A matter recurs where several households brought it in several weeks.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import sqrt
from typing import NamedTuple

from msgspec import Struct

from forms_app.issues.fields import about
from forms_app.issues.gathering import FEW, FIELD, GROUP, KIND, Bars, Heap, dot, gathered
from forms_app.issues.subject import subject
from forms_app.issues.words import Letter, Rarity, is_word, parts, read
from forms_app.rules.worktime import CHINA, local_day

HOUSEHOLDS, WEEKS = 3, 3  # fewer, and it is not yet something that recurs
TOLD_PARTS = 16  # of a letter, those that tell most: the rest is what else it says
TOLD_CHARACTERS = 10  # of those of its words, likewise
SAMPLE = "示例"  # the mark of a sample's letters, which all of them have
BELONGS = 0.3  # a later letter to a matter's centre, as a cosine
NAMED_BY = 4  # words
EXAMPLES = 3
KIND_TELLS = 2.5  # nats: a word that one letter in twenty has tells three
FIELD_TELLS, GROUP_TELLS = 0.4, 0.5  # of what a word as rare would tell
FINE = 1000  # steps of a weight
_LEVELS = tuple(step / FINE for step in range(FINE + 1))  # one object each, not one a letter

# In one estate a kind is mostly one matter, across estates it is many. Chosen on the first seven
# sets of `scripts/bench recurring`.
HERE = Bars(0.38, 0.15, 0.05, True, 0.1, 0.003)
ABROAD = Bars(0.3, 0.2, 0.12, False, 0.15, 0.02)


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
    household: int  # a number each
    rounds: int
    parts: tuple[str, ...]
    fields: tuple[str, ...]  # and groups of fields, each with its mark


class _Heaviest:
    """The topics that weigh most, so many of them; lighter ones are not even made."""

    def __init__(self, most: int | None) -> None:
        self._most = most
        self._topics: list[Recurring] = []
        self._least = 0.0  # of those that are full in number

    def takes(self, heap: Heap, letters: Sequence[_Letter]) -> bool:
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
    letters, rarity = letters_of(issues)

    def household(place: int) -> int:
        return letters[place].household

    by_estate: dict[str, list[int]] = {}
    for place, one in enumerate(letters):
        by_estate.setdefault(one.estate_id, []).append(place)
    found, few, rest = _Heaviest(most), [], list(by_estate.pop("", ()))
    for estate_id, here in sorted(by_estate.items()):
        # Those of one estate at a time: of all they would take ten times the memory.
        vectors = {place: vector_of(letters[place], rarity) for place in here}
        taken: set[int] = set()
        for heap in gathered(here, vectors, HERE, household):
            if not _recurs(heap, letters):
                continue
            is_few = len(heap.letters) < FEW
            if not is_few:
                taken.update(heap.letters)
            if found.takes(heap, letters):
                topic = topic_of(estate_id, heap, letters, vectors)
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
        vectors = {place: vector_of(letters[place], rarity) for place in here}
        for heap in gathered(here, vectors, ABROAD, household):
            estates = {letters[place].estate_id for place in heap.letters}
            # What one estate alone says was gathered there, unless nobody said where.
            if _recurs(heap, letters) and (len(estates) > 1 or "" in estates):
                abroad.update(heap.letters)
                if found.takes(heap, letters):
                    found.add(topic_of("", heap, letters, vectors))
    for heap_letters, topic in few:
        if 2 * len(abroad.intersection(heap_letters)) < len(heap_letters):
            found.add(topic)
    return found.sorted()


def belongs(topic: Mapping[str, float], estate_id: str, later: Heard) -> bool:
    """Whether a later issue is of this matter, told by its centre; `estate_id` as the topic's."""
    if estate_id and later.estate_id != estate_id:
        return False
    letters, rarity = letters_of([later])
    return dot(vector_of(letters[0], rarity), topic) >= BELONGS


def letters_of(issues: Iterable[Heard]) -> tuple[list[_Letter], Rarity]:
    """What is kept of each, and how much each of their words tells among them."""
    letters: list[_Letter] = []
    counts: Counter[str] = Counter()
    names: dict[str, str] = {}
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    households: dict[str, int] = {}
    for heard in issues:
        said: dict[str, None] = {}
        letter = subject(read(heard.text))
        for sentence in letter.sentences:
            for word in sentence.words:
                if word not in sentence.names and not word.isdecimal() and word != SAMPLE:
                    word = names.setdefault(word, word)
                    said[word] = None
        key, _, estate_id, category, received_at, household, rounds = heard
        fields = _fields(letter)
        fields = shared.setdefault(fields, fields)
        home = households.setdefault(household, len(households))
        letters.append(
            _Letter(key, estate_id, category, received_at, home, rounds, tuple(said), fields)
        )
        counts.update(fields)
        counts.update({part for word in said for part in (word, *parts(word), *_characters(word))})
    return letters, Rarity(len(letters), counts)


def _fields(letter: Letter) -> tuple[str, ...]:
    told = about(letter)
    return (*(FIELD + one for one in told.fields), *(GROUP + one for one in told.groups))


def vector_of(letter: _Letter, rarity: Rarity) -> dict[str, float]:
    """Its parts (gathering.py), each with what it tells, normed."""
    told = _most(rarity.weights(letter.parts), TOLD_PARTS)
    inner = {one for word in letter.parts if rarity(word) for one in _characters(word)}
    weighed = {one: rarity(one) for one in sorted(inner)}
    for one, weight in _most(weighed, TOLD_CHARACTERS).items():
        if weight:
            told[one] = max(weight, told.get(one, 0.0))
    for field in letter.fields:
        told[field] = (FIELD_TELLS if field[0] == FIELD else GROUP_TELLS) * rarity.of_mark(field)
    if letter.category:
        told[KIND + letter.category] = KIND_TELLS
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


def _recurs(heap: Heap, letters: Sequence[_Letter]) -> bool:
    if len(heap.letters) < max(HOUSEHOLDS, WEEKS):
        return False
    households, weeks = _spread(heap, letters)
    return households >= HOUSEHOLDS and weeks >= WEEKS


def _weight(heap: Heap, letters: Sequence[_Letter]) -> float:
    households, weeks = _spread(heap, letters)
    return households * sqrt(weeks)


def _spread(heap: Heap, letters: Sequence[_Letter]) -> tuple[int, int]:
    """Among how many households, and in how many weeks."""
    told = [letters[place] for place in heap.letters]
    return len({one.household for one in told}), len({_week(one) for one in told})


def _week(one: _Letter) -> tuple[int, int]:
    year, week, _ = one.received_at.astimezone(CHINA).isocalendar()
    return year, week


def topic_of(
    estate_id: str,
    heap: Heap,
    letters: Sequence[_Letter],
    vectors: Mapping[int, Mapping[str, float]],
) -> Recurring:
    """The matter that a heap is; `vectors` are those of its letters, by their place."""
    centre = heap.centre()
    places = sorted(heap.letters, key=lambda at: (letters[at].received_at, letters[at].key))
    told = [letters[place] for place in places]
    kinds = Counter(one.category for one in told if one.category)
    typical = sorted(places, key=lambda at: (-dot(vectors[at], centre), letters[at].key))
    examples: dict[int, int] = {}  # of each household
    for place in typical:
        examples.setdefault(letters[place].household, letters[place].key)
    days = [local_day(one.received_at) for one in told]
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


def _named(heap: Heap, letters: Sequence[_Letter]) -> tuple[str, ...]:
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
