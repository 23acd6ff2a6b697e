"""How alike two issues are, by words, place, kind and time: a reason to look, never a verdict.

PURE and the same every time. Pairs of neighbouring characters are counted, rare ones more;
whoever compares the two decides.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log, sqrt
from typing import NamedTuple

from forms_app.issues.search_terms import terms
from forms_app.issues.suggestions import joined, pairs
from forms_app.rules.said import said

SHOWN = 3  # more than three nobody compares
ALIKE = 0.4  # on the pairs of texts of test_likeness.py, what people call the same is above
SAME_KIND, OTHER_KIND = 0.2, -0.15
SAME_ESTATE, SAME_SPOT, OTHER_BUILDING = 0.15, 0.2, -0.3
MONTH_DAYS, A_MONTH, AGE_AT_MOST = 30, 0.03, 0.15
SHARED_WORDS = 4  # told as the reason

_BUILDING = re.compile(r"([0-9]{1,3})\s*(?:栋|幢|号楼|座)")


class Told(NamedTuple):
    """What an issue says of itself, as far as likeness goes; `key` is the caller's own."""

    key: int
    text: str
    location: str
    estate_id: str
    category: str
    received_at: datetime


@dataclass(frozen=True)
class Likeness:
    key: int
    score: float  # ALIKE and more; 1 is the same words at the same place
    because: tuple[str, ...]  # reasons in words, the strongest first


def alike(one: Told, others: Sequence[Told]) -> list[Likeness]:
    """Those that may be the same thing, the likeliest first, at most SHOWN.

    None in another estate, and none whose words are all different.
    """
    return _likeliest(one, others, is_public=False)


def alike_in_public(one: Told, others: Sequence[Told]) -> list[Likeness]:
    """The same for a resident's eyes: by what was said, at the same estate or both at none.

    Where exactly the other is says nothing here. Else whoever reports "3栋" and "4栋" in turn
    would learn in which building a neighbour complained.
    """
    here = [other for other in others if other.estate_id == one.estate_id]
    return _likeliest(one, here, is_public=True)


def _likeliest(one: Told, others: Sequence[Told], *, is_public: bool) -> list[Likeness]:
    here = pairs(one.text)
    spoken = [(other, pairs(other.text)) for other in others]
    rarity = _rarity([here, *(there for _, there in spoken)])
    found = []
    for other, there in spoken:
        shared = here & there
        # One pair of characters may be chance; of one kind of problem it is the problem's name.
        enough = 1 if _is_same_kind(one, other) else 2
        if len(shared) < enough or _are_two_estates(one, other):
            continue
        words = _sum(shared, rarity) / sqrt(_sum(here, rarity) * _sum(there, rarity))
        spot, where = (0.0, "") if is_public else _spot(one, other)
        score = words + spot + _circumstances(one, other)
        if score >= ALIKE:
            because = _reasons(one, other, joined(shared, one.text), where)
            found.append(Likeness(other.key, score, because))
    return sorted(found, key=lambda like: (-like.score, -like.key))[:SHOWN]


def _circumstances(one: Told, other: Told) -> float:
    """What estate, kind and time add or take away."""
    score = -min(AGE_AT_MOST, _days_between(one, other) / MONTH_DAYS * A_MONTH)
    if one.estate_id and one.estate_id == other.estate_id:
        score += SAME_ESTATE
    if _is_same_kind(one, other):
        score += SAME_KIND
    elif one.category and other.category:
        score += OTHER_KIND
    return score


def _reasons(one: Told, other: Told, words: Sequence[str], where: str) -> tuple[str, ...]:
    because: list[str] = [
        said("都说到%(words)s", words="".join(f"“{word}”" for word in words[:SHARED_WORDS]))
    ]
    if one.estate_id and one.estate_id == other.estate_id:
        because.append("同一个小区")
    if _is_same_kind(one, other):
        because.append("同一类问题")
    if where:
        because.append(where)
    days = _days_between(one, other)
    because.append(said("前后相隔%(days)s天", days=days) if days else "前后不到一天")
    return tuple(because)


def _are_two_estates(one: Told, other: Told) -> bool:
    return bool(one.estate_id and other.estate_id) and one.estate_id != other.estate_id


def _is_same_kind(one: Told, other: Told) -> bool:
    return bool(one.category) and one.category == other.category


def _days_between(one: Told, other: Told) -> int:
    return abs(one.received_at - other.received_at).days


def _spot(one: Told, other: Told) -> tuple[float, str]:
    """What the two places add, and why."""
    here, there = (set(_BUILDING.findall(f"{told.location} {told.text}")) for told in (one, other))
    if here and there and here.isdisjoint(there):
        return OTHER_BUILDING, "但不是同一栋"
    if set(terms(one.location)) & set(terms(other.location)):
        return SAME_SPOT, "位置写得相近"
    return 0.0, ""


def _rarity(texts: Iterable[set[str]]) -> dict[str, float]:
    """1 for a pair that one text has, less the more of them have it."""
    counts = Counter(pair for text in texts for pair in text)
    return {pair: 1 / (1 + log(count)) for pair, count in counts.items()}


def _sum(found: Iterable[str], rarity: Mapping[str, float]) -> float:
    return sum(rarity[pair] for pair in found)
