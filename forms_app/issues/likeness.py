"""How alike two issues are, by words, place, kind and time: a reason to look, never a verdict.

PURE and the same every time. Words that both have are added up, each by how rare it is: words of
one letter in twelve count nothing, so that long letters are not alike by their courtesies. What
both speak of adds to that, and of different things the same words (南门口) tell less.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

from msgspec import Struct

from forms_app.issues.fields import spoken_of
from forms_app.issues.search_terms import terms
from forms_app.issues.subject import subject
from forms_app.issues.words import Letter, Rarity, Sentence, is_word, parts, read
from forms_app.rules.folding import fold, in_digits
from forms_app.rules.said import said

SHOWN = 3  # more than three nobody compares
ALIKE = 0.9  # on `scripts/bench words`
SAME_KIND, OTHER_KIND = 0.2, -0.15
SAME_ESTATE, SAME_SPOT, OTHER_BUILDING = 0.2, 0.2, -0.3
MONTH_DAYS, A_MONTH, AGE_AT_MOST = 30, 0.03, 0.15
SHARED_WORDS = 4  # told as the reason
BEGINNING = 15.0  # nats; so much a letter tells before it goes on to other things
# Characters that both have: one is nothing, and a single word may be chance, but of one kind of
# problem it is the problem's name. With chance let in, 5 % more twins are found, and twice as many
# letters (35 instead of 16 %) are offered something false.
LEAST, ENOUGH, CHANCE = 2, 3, 0.4
# What both speak of, as the cosine of their fields: one thing adds so much. The words of letters
# that speak of different things may be chance, too.
SAME_FIELDS = 0.4
CONTAINED = 0.75  # of what the shorter of two tells
# The longer two letters, the more words they share by chance: with 0.1, 37 % are offered something
# false. What each rule gains, `scripts/bench word-rules` tells.
LENGTH = 0.2
# Of what one letter tells times what the other tells, so much both have by chance: between letters
# of 2,500 characters about other things 0.8 to 1.5, so that any two of them were the same matter.
BY_CHANCE = 1.5e-4
KEPT = 512  # letters of which it stays known what is the same each time, a few kilobytes each

_BUILDING = re.compile(r"([0-9０-９零一二三四五六七八九十]{1,3})\s*(?:[栋棟幢座#＃]|[号號][楼樓])")


class Compared(NamedTuple):
    """What an issue says of itself, as far as likeness goes; `key` is the caller's own."""

    key: int
    text: str
    location: str
    estate_id: str
    category: str
    received_at: datetime


class Likeness(Struct, frozen=True):
    key: int
    score: float  # ALIKE and more
    because: tuple[str, ...]  # reasons in words, the strongest first


class WeighedSentences(NamedTuple):
    """Some sentences, and what each part of their words tells."""

    text: str
    parts: dict[str, float]
    told: float  # the sum
    sentences: tuple[Sentence, ...]


class Weighed(NamedTuple):
    beginning: WeighedSentences
    whole: WeighedSentences


def alike(
    one: Compared, others: Sequence[Compared], rarity: Rarity | None = None
) -> list[Likeness]:
    """Those that may be the same thing, the likeliest first, at most SHOWN.

    None in another estate, and none whose words are all different. `rarity` is the register's;
    without it, these issues are all that is known of the office's words.
    """
    return _likeliest(one, others, rarity, is_public=False)


def alike_in_public(
    one: Compared, others: Sequence[Compared], rarity: Rarity | None = None
) -> list[Likeness]:
    """The same for a resident's eyes: by what was said, at the same estate or both at none.

    Where exactly the other is says nothing here. Else whoever reports "3栋" and "4栋" in turn
    would learn in which building a neighbour complained.
    """
    here = [other for other in others if other.estate_id == one.estate_id]
    return _likeliest(one, here, rarity, is_public=True)


def _likeliest(
    one: Compared, others: Sequence[Compared], rarity: Rarity | None, *, is_public: bool
) -> list[Likeness]:
    rarity = rarity or Rarity.among([read(told.text) for told in (one, *others)])
    # Thirty neighbours with one matter make its words common in a young register, not their
    # letters different: what says nothing else is compared as all of Chinese has it.
    here, here_plain = _weighed(one, rarity), _plainly(one)
    spoken = _spoken(here)
    found = []
    for other in others:
        if _are_two_estates(one, other):
            continue
        known = _circumstances(one, other)
        there = _weighed(other, rarity)
        shared = _both(here.whole, there.whole)
        words = _likeness(here, there, shared)
        there_plain = _plainly(other)
        same = _same(here_plain.beginning, there_plain.beginning)
        if same > words:
            words, shared = same, _both(here_plain.whole, there_plain.whole)
        count = _characters(shared)
        if count < LEAST or words + known + SAME_SPOT + SAME_FIELDS < ALIKE:
            continue
        spot, where = (0.0, "") if is_public else _spot(one, other)
        like, are_apart = _subject(spoken, _spoken(there))
        if count < ENOUGH and not _is_same_kind(one, other):
            words *= CHANCE
        words *= 1 - (1 - CHANCE) * are_apart
        score = words + known + spot + SAME_FIELDS * like
        if score >= ALIKE:
            found.append((score, other, shared, where))
    found.sort(key=lambda row: (-row[0], -row[1].key))
    return [
        Likeness(
            other.key,
            score,
            _reasons(one, other, _told(read(one.text), read(other.text), shared), where),
        )
        for score, other, shared, where in found[:SHOWN]
    ]


def _likeness(here: Weighed, there: Weighed, shared: Mapping[str, float]) -> float:
    """Half by how both begin, half by all that they say."""
    if not shared:
        return 0.0
    begun = _share(here.beginning, there.beginning, _both(here.beginning, there.beginning))
    return (begun + _share(here.whole, there.whole, shared)) / 2


def _spoken(weighed: Weighed) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """The fields that a letter's beginning speaks of, and the whole of it."""
    beginning, whole = weighed
    fields = _fields_of(whole.sentences)
    is_all = len(beginning.sentences) == len(whole.sentences)
    return fields if is_all else _fields_of(beginning.sentences), fields


@lru_cache(maxsize=KEPT)
def _fields_of(sentences: tuple[Sentence, ...]) -> Mapping[str, float]:
    return spoken_of(sentences)


def _subject(
    here: Sequence[Mapping[str, float]], there: Sequence[Mapping[str, float]]
) -> tuple[float, float]:
    """How far both speak of the same fields, and how far of none in common: 0 … 1 each.

    Where a letter names none, neither is known.
    """
    like = apart = 0.0
    for one, other in zip(here, there, strict=True):
        both = sum(much * other.get(field, 0.0) for field, much in one.items())
        if both:
            like += both / (_length(one) * _length(other)) / 2
        elif one and other:
            apart += 1 / 2
    return like, apart


def _length(fields: Mapping[str, float]) -> float:
    return sqrt(sum(much * much for much in fields.values()))


def _weighed(told: Compared, rarity: Rarity) -> Weighed:
    """A letter's beginning and the whole of it; in a known estate without the estate's name.

    A long letter begins with its writer: what it comes back to stands for its beginning.
    """
    return _weighed_text(told.text, bool(told.estate_id), rarity)


def _plainly(told: Compared) -> Weighed:
    """The same as all of Chinese has it: a letter's own, whatever else the office was sent."""
    return _weighed_plainly(told.text, bool(told.estate_id))


@lru_cache(maxsize=KEPT)
def _weighed_plainly(text: str, is_in_estate: bool) -> Weighed:
    return _weighed_text(text, is_in_estate, Rarity())


def _weighed_text(text: str, is_in_estate: bool, rarity: Rarity) -> Weighed:
    letter = read(text)
    core = subject(letter)
    if core is not letter:
        said = tuple(one for one in core.sentences if one.words)
        kept = _said(said, _parts(said, rarity, is_in_estate))
        if kept.told >= BEGINNING:
            return Weighed(
                kept, _said(letter.sentences, _parts(letter.sentences, rarity, is_in_estate))
            )
    parts: dict[str, float] = {}
    beginning = None
    for place, sentence in enumerate(letter.sentences, 1):
        _add(parts, sentence, rarity, is_in_estate)
        if beginning is None and sum(parts.values()) >= BEGINNING:
            beginning = _said(letter.sentences[:place], dict(parts))
    whole = _said(letter.sentences, parts)
    return Weighed(beginning or whole, whole)


def _parts(sentences: Iterable[Sentence], rarity: Rarity, is_in_estate: bool) -> dict[str, float]:
    parts: dict[str, float] = {}
    for sentence in sentences:
        _add(parts, sentence, rarity, is_in_estate)
    return parts


def _said(sentences: tuple[Sentence, ...], parts: dict[str, float]) -> WeighedSentences:
    text = "".join(f"{sentence.text}\n" for sentence in sentences)
    return WeighedSentences(text, parts, sum(parts.values()), sentences)


def _add(parts: dict[str, float], sentence: Sentence, rarity: Rarity, is_in_estate: bool) -> None:
    """What each part of the sentence's words tells, beside what is known."""
    names = sentence.names if is_in_estate else ()
    for word in sentence.words:
        if word not in names:
            for part, weight in rarity.shares(word):
                if weight > parts.get(part, -1.0):  # one that tells nothing is known, too
                    parts[part] = weight


def _both(here: WeighedSentences, there: WeighedSentences) -> dict[str, float]:
    """What parts both have, and what each tells.

    A pair also counts where the other's words were cut otherwise: 路灯 in 路·灯不亮.
    """
    found: dict[str, float] = {}
    for one, other in ((here, there), (there, here)):
        for part, weight in one.parts.items():
            if part in other.parts:
                found[part] = min(weight, other.parts[part])
            elif len(part) > 1 and part in other.text:
                found[part] = weight
    return found


def _share(here: WeighedSentences, there: WeighedSentences, shared: Mapping[str, float]) -> float:
    """What both tell beyond chance, less the more each tells: about 2 for two short texts that
    are the same.
    """
    if not shared or not here.told or not there.told:
        return 0.0
    both = here.told * there.told
    beyond = sum(shared.values()) - BY_CHANCE * both
    length: float = both**LENGTH
    return max(0.0, beyond) / length


def _same(here: WeighedSentences, there: WeighedSentences) -> float:
    """What both tell where one says hardly anything that the other does not."""
    shared = _both(here, there)
    is_same = sum(shared.values()) >= CONTAINED * min(here.told, there.told)
    return _share(here, there, shared) if is_same else 0.0


def _characters(shared: Iterable[str]) -> int:
    return sum(1 if len(part) == 1 or part.isascii() else 2 for part in shared)


def _told(here: Letter, there: Letter, shared: Mapping[str, float]) -> list[str]:
    """Whole words for what is shared, those that tell most first; single characters only alone."""
    found: dict[str, float] = {}
    for word in (*here.words, *there.words):
        inside = [part for part in parts(word) if part in shared]
        if len(inside) == len(parts(word)):
            found[word] = sum(shared[part] for part in inside)
        else:
            found |= {part: shared[part] for part in inside if is_word(part)}
    whole = [word for word in found if not any(word != other and word in other for other in found)]
    long = [word for word in whole if len(word) > 1] or whole
    return sorted(long, key=lambda word: -found[word])


def _circumstances(one: Compared, other: Compared) -> float:
    """What estate, kind and time add or take away."""
    score = -min(AGE_AT_MOST, _days_between(one, other) / MONTH_DAYS * A_MONTH)
    if one.estate_id and one.estate_id == other.estate_id:
        score += SAME_ESTATE
    if _is_same_kind(one, other):
        score += SAME_KIND
    elif one.category and other.category:
        score += OTHER_KIND
    return score


def _reasons(one: Compared, other: Compared, words: Sequence[str], where: str) -> tuple[str, ...]:
    because: list[str] = []
    if words:
        quoted = "".join(f"“{word}”" for word in words[:SHARED_WORDS])
        because.append(said("都说到%(words)s", words=quoted))
    if one.estate_id and one.estate_id == other.estate_id:
        because.append("同一个小区")
    if _is_same_kind(one, other):
        because.append("同一类问题")
    if where:
        because.append(where)
    days = _days_between(one, other)
    because.append(said("前后相隔%(days)s天", days=days) if days else "前后不到一天")
    return tuple(because)


def _are_two_estates(one: Compared, other: Compared) -> bool:
    return bool(one.estate_id and other.estate_id) and one.estate_id != other.estate_id


def _is_same_kind(one: Compared, other: Compared) -> bool:
    return bool(one.category) and one.category == other.category


def _days_between(one: Compared, other: Compared) -> int:
    return abs(one.received_at - other.received_at).days


def _spot(one: Compared, other: Compared) -> tuple[float, str]:
    """What the two places add, and why."""
    here, there = (_buildings(f"{told.location} {told.text}") for told in (one, other))
    if here and there and here.isdisjoint(there):
        return OTHER_BUILDING, "但不是同一栋"
    if here & there or set(terms(one.location)) & set(terms(other.location)):
        return SAME_SPOT, "位置写得相近"
    return 0.0, ""


def _buildings(text: str) -> set[str]:
    """The numbers of the buildings that a text names: 五号楼 is 5栋."""
    return {in_digits(fold(number)) for number in _BUILDING.findall(text)}
