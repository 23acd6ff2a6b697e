"""The words of a stranger's sheet beside our own names: communities, estates, kinds, channels.

A name is met, or nearly met; what is only nearly met is said, and whoever reads the sheet may
choose otherwise. The sheet's own words are never thrown away for it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from msgspec import Struct

from forms_app.community import Circle
from forms_app.rules.folding import fold, without_brackets
from forms_app.spreadsheets.columns import SORTS, WAYS
from forms_app.spreadsheets.states import MEANT
from forms_app.spreadsheets.values import bare

_REMEMBERED = 4096
# What an estate may be called by, or not; the rest of its name is what people say.
_SORTS = re.compile(f"安置小区|{SORTS}|院$|苑$|区$")
# What makes the heart of an estate's name in an address the estate: a community or a road may
# have the same heart.
_BUILDING = re.compile(r"[\da-z]|小区|院|[东西南北中大正后][侧门面区边]|$")
_SHORTEST = 2  # letters that can mean one name alone


_WAYS = tuple((re.compile(words), ours) for ours, words in WAYS.items())


class Meaning(Struct, frozen=True):
    code: str = ""  # "" where nothing is meant that we know
    is_near: bool = False  # not the name itself


NOTHING = Meaning()


class Meanings:
    """What words mean in a circle; `chosen` is kind → word → code, as somebody decided."""

    def __init__(self, circle: Circle, chosen: Mapping[str, Mapping[str, str]]) -> None:
        self._circle, self._chosen = circle, chosen
        by_length = sorted(circle.estates.values(), key=lambda estate: len(estate.name))
        self._estates = {_met(estate.name): estate.id for estate in by_length}
        self._channels = {_met(label): code for code, label in circle.channels.items()}
        self._categories = {
            _met(part): category.code
            for category in circle.categories.values()
            for part in (category.name, *category.name.split("、"))
        }
        cached = lru_cache(_REMEMBERED)
        self.community: Callable[[str], Meaning] = cached(self._community)
        self.estate: Callable[[str], Meaning] = cached(self._estate)
        self.estate_within: Callable[[str], Meaning] = cached(self._estate_within)
        self.category: Callable[[str], Meaning] = cached(self._category)
        self.channel: Callable[[str], Meaning] = cached(self._channel)

    def of(self, kind: str, text: str) -> Meaning:
        """What a word means as a community, estate, category or channel."""
        found: Meaning = getattr(self, kind)(text)
        return found

    def named(self, text: str) -> tuple[str, str]:
        """The only community and the only estate that words name in full, also in brackets."""
        words = fold("".join(text.split()))
        communities = {
            community.id
            for community in self._circle.communities.values()
            if _met(community.name) in words
        }
        return _only(communities), _only(self._estates_in(words))

    def _estates_in(self, words: str) -> set[str]:
        """The estates whose names stand there, but not within another one's."""
        found = [label for label in self._estates if label in words]
        return {
            self._estates[label]
            for label in found
            if not any(label != other and label in other for other in found)
        }

    def _decided(self, kind: str, text: str) -> Meaning | None:
        words = self._chosen.get(kind, {})
        return Meaning(words[text]) if text in words else None

    def _community(self, text: str) -> Meaning:
        decided = self._decided("community", text)
        words = _met(text)
        if decided or not words:
            return decided or NOTHING
        for community in self._circle.communities.values():
            label = _met(community.name)
            short = label.removesuffix("社区")
            if words in (label, short, community.id) or label in words:
                return Meaning(community.id)
        return NOTHING

    def _estate(self, text: str) -> Meaning:
        """What a cell of its own says; the beginning of a name, or its heart, is near."""
        decided = self._decided("estate", text)
        if decided:
            return decided
        within = self._estate_within(text)
        if within.code:
            return within
        heart = _heart(_met(text))
        near = {
            code
            for label, code in self._estates.items()
            if len(heart) >= _SHORTEST and (heart in label or _heart(label) in heart)
        }
        return Meaning(near.pop(), is_near=True) if len(near) == 1 else NOTHING

    def _estate_within(self, text: str) -> Meaning:
        """The estate that an address names; by the heart of its name it is near."""
        words = _met(text)
        if not words:
            return NOTHING
        whole = [code for label, code in self._estates.items() if label in words]
        if whole:
            return Meaning(whole[0])
        hearts = {
            code
            for label, code in self._estates.items()
            if len(_heart(label)) >= _SHORTEST and _names(words, _heart(label))
        }
        return Meaning(hearts.pop(), is_near=True) if len(hearts) == 1 else NOTHING

    def _category(self, text: str) -> Meaning:
        decided = self._decided("category", text)
        words = _met(text)
        if decided or not words:
            return decided or NOTHING
        if words in self._categories:
            return Meaning(self._categories[words])
        within = [code for label, code in self._categories.items() if label in words]
        if within:
            return Meaning(within[0])
        near = {code for label, code in self._categories.items() if _is_part(words, label)}
        near = near or self._by_their_words(words)
        return Meaning(near.pop(), is_near=True) if len(near) == 1 else NOTHING

    def _by_their_words(self, words: str) -> set[str]:
        """The kinds that are recognised by words which stand in this one, or hold it."""
        return {
            category.code
            for category in self._circle.categories.values()
            if any(known in words or _is_part(words, known) for known in category.words)
        }

    def _channel(self, text: str) -> Meaning:
        decided = self._decided("channel", text)
        words = _met(text)
        if decided or not words:
            return decided or NOTHING
        if words in self._channels:
            return Meaning(self._channels[words])
        for label, code in self._channels.items():
            if label in words or _is_part(words, label):
                return Meaning(code)
        for way, ours in _WAYS:
            plainly = [code for label, code in self._channels.items() if ours in label]
            if len(plainly) == 1 and way.fullmatch(words):
                return Meaning(plainly[0])
        near = {code for label, code in self._channels.items() if _is_like(words, label)}
        return Meaning(near.pop(), is_near=True) if len(near) == 1 else NOTHING


def _is_like(words: str, label: str) -> bool:
    """Whether words begin as a name does, for half of it (12345转办), or shorten it (业委会)."""
    alike = next((n for n, (a, b) in enumerate(zip(words, label, strict=False)) if a != b),
                 min(len(words), len(label)))  # fmt: skip
    if alike >= _SHORTEST and 2 * alike >= len(label):
        return True
    letters = iter(label)
    return len(words) > _SHORTEST and alike > 0 and all(letter in letters for letter in words)


def _only(codes: set[str]) -> str:
    return next(iter(codes)) if len(codes) == 1 else ""


def plain(text: str) -> str:
    """Words to compare by: without blanks, brackets and what stands in them."""
    return re.sub(r"\s+", "", without_brackets(bare(text))).lower()


def _met(text: str) -> str:
    """Words as names are met by: also in traditional characters."""
    return fold(plain(text))


def _heart(name: str) -> str:
    return _SORTS.sub("", name) or name


def _names(words: str, heart: str) -> bool:
    place = words.find(heart)
    return place >= 0 and bool(_BUILDING.match(words, place + len(heart)))


def _is_part(words: str, label: str) -> bool:
    return len(words) >= _SHORTEST and words in label


def offered(kind: str, circle: Circle, communities: Iterable[str]) -> dict[str, str]:
    """Code → name of all that a word of this kind may mean, within the reader's communities."""
    own = set(communities)
    if kind == "state":
        return dict(MEANT)
    if kind == "community":
        return {c.id: c.name for c in circle.communities.values() if c.id in own}
    if kind == "estate":
        return {e.id: e.name for e in circle.estates.values() if e.community_id in own}
    if kind == "category":
        return {c.code: c.name for c in circle.categories.values()}
    return dict(circle.channels)
