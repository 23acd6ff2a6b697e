"""One matter's letters as the two halves that differ most in what they say: where a kind drew two
matters of one estate together, these are mostly the two.

PURE. Whether they are two matters the words do not tell: letters of one matter, too, often fall
into two halves without a word in common. So a leader asks for halves, looks, and parts them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from forms_app.issues.gathering import Heap, Vector, in_two
from forms_app.issues.recurring import Heard, letters_of, topic_of, vector_of
from forms_app.issues.words import Rarity

FEWEST = 12  # letters: of fewer, ticking by hand is as quick
OFTEN = 0.15  # of the letters: a part that fewer have is not what a half says
APART = 0.12  # of the letters: so many must have the one of two parts alone, so many the other …
BOTH = 0.1  # … and not more may have both
PARTS, PAIRS = 12, 4  # the heaviest parts; of their pairs, those with most letters are tried
SMALLER = 0.2  # of the letters: the smaller half has no fewer
OWN = 0.4  # the share that has a half's own part, less that of the other half


class Half(NamedTuple):
    """Some of a matter's letters, by their keys, oldest first, and what they say."""

    keys: tuple[int, ...]
    words: tuple[str, ...]


def halves(letters: Iterable[Heard]) -> tuple[Half, Half] | None:
    """The larger half and the smaller one; None where no two halves each say something that the
    other hardly ever says.
    """
    told, _ = letters_of(letters)
    rarity = Rarity()  # as in all of Chinese: here the matter's own words would seem common
    vectors = {at: vector_of(one._replace(category=""), rarity) for at, one in enumerate(told)}
    if len(vectors) < FEWEST:
        return None
    tried = []
    for seeds in _seeds(vectors):
        parted = in_two(list(vectors), seeds, vectors)
        if min(len(half.letters) for half in parted) >= SMALLER * len(vectors):
            tried.append((min(_own(*parted, vectors), _own(*parted[::-1], vectors)), parted))
    most, best = max(tried, key=lambda one: one[0], default=(0.0, None))
    if best is None or most < OWN:
        return None
    larger, smaller = sorted(best, key=lambda half: -len(half.letters))
    topics = [topic_of("", half, told, vectors) for half in (larger, smaller)]
    first, second = (Half(one.keys, one.words) for one in topics)
    return first, second


def _seeds(vectors: Mapping[int, Vector]) -> Iterable[tuple[set[int], set[int]]]:
    """Letters that have one part, and those that have another, hardly any having both."""
    weights: dict[str, float] = {}
    having: dict[str, set[int]] = {}
    for place, vector in vectors.items():
        for part, weight in vector.items():
            weights[part] = weights.get(part, 0.0) + weight
            having.setdefault(part, set()).add(place)
    often = [part for part in weights if len(having[part]) >= OFTEN * len(vectors)]
    often.sort(key=lambda part: (-weights[part], part))
    pairs = []
    for one, other in combinations(often[:PARTS], 2):
        alone = having[one] - having[other], having[other] - having[one]
        both = len(having[one] & having[other])
        if min(map(len, alone)) >= APART * len(vectors) and both <= BOTH * len(vectors):
            pairs.append((sum(map(len, alone)), alone))
    pairs.sort(key=lambda pair: -pair[0])
    return [alone for _, alone in pairs[:PAIRS]]


def _own(half: Heap, other: Heap, vectors: Mapping[int, Vector]) -> float:
    """How much commoner a half's own part is there than in the other: 1 is always and never."""
    here, there = (_shares(one.letters, vectors) for one in (half, other))
    return max((share - there.get(part, 0.0) for part, share in here.items()), default=0.0)


def _shares(places: Sequence[int], vectors: Mapping[int, Vector]) -> dict[str, float]:
    counts = Counter(part for place in places for part in vectors[place])
    return {part: count / len(places) for part, count in counts.items()}
