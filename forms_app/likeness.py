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

from forms_app.search_terms import terms
from forms_app.suggestions import joined, pairs

SHOWN = 3  # more than three nobody compares
ALIKE = 0.4  # found on tests/test_likeness.py's pairs of texts: what people call the same is above
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
    """Those that may be the same thing, the likeliest first, at most SHOWN."""
    rarity = _rarity(pairs(told.text) for told in (one, *others))
    found = [likeness(one, other, rarity) for other in others]
    return _best(like for like in found if like is not None)


def alike_in_public(one: Told, others: Sequence[Told]) -> list[Likeness]:
    """The same for a resident's eyes: by what was said, at the same estate or both at none.

    Where exactly the other is says nothing here. Else whoever reports "3栋" and "4栋" in turn
    would learn in which building a neighbour complained.
    """
    same_place = [other for other in others if other.estate_id == one.estate_id]
    rarity = _rarity(pairs(told.text) for told in (one, *others))
    found = [likeness(one, other, rarity, is_public=True) for other in same_place]
    return _best(like for like in found if like is not None)


def likeness(
    one: Told, other: Told, rarity: Mapping[str, float], *, is_public: bool = False
) -> Likeness | None:
    """How alike the two are and why; None where they are not, or stand in two estates."""
    if one.estate_id and other.estate_id and one.estate_id != other.estate_id:
        return None
    here, there = pairs(one.text), pairs(other.text)
    shared = here & there
    is_same_kind = bool(one.category) and one.category == other.category
    # One pair of characters may be chance; of one kind of problem it is the problem's name.
    if len(shared) < (1 if is_same_kind else 2):
        return None
    weight = sqrt(_sum(here, rarity) * _sum(there, rarity))
    score = _sum(shared, rarity) / weight
    words = joined(shared, one.text)
    because = [f"都说到{''.join(f'“{word}”' for word in words[:SHARED_WORDS])}"]
    if one.estate_id and one.estate_id == other.estate_id:
        score += SAME_ESTATE
        because.append("同一个小区")
    if is_same_kind:
        score += SAME_KIND
        because.append("同一类问题")
    elif one.category and other.category:
        score += OTHER_KIND
    if not is_public:
        spot, reason = _spot(one, other)
        score += spot
        because += reason
    days = abs(one.received_at - other.received_at).days
    score -= min(AGE_AT_MOST, days / MONTH_DAYS * A_MONTH)
    because.append(f"前后相隔{days}天" if days else "前后不到一天")
    return Likeness(other.key, score, tuple(because)) if score >= ALIKE else None


def _spot(one: Told, other: Told) -> tuple[float, list[str]]:
    """What the two places add, and why."""
    buildings = [set(_BUILDING.findall(f"{told.location} {told.text}")) for told in (one, other)]
    if all(buildings) and buildings[0].isdisjoint(buildings[1]):
        return OTHER_BUILDING, ["但不是同一栋"]
    if set(terms(one.location)) & set(terms(other.location)):
        return SAME_SPOT, ["位置写得相近"]
    return 0, []


def _best(found: Iterable[Likeness]) -> list[Likeness]:
    return sorted(found, key=lambda like: (-like.score, -like.key))[:SHOWN]


def _rarity(texts: Iterable[set[str]]) -> dict[str, float]:
    """1 for a pair that one text has, less the more of them have it."""
    counts = Counter(pair for text in texts for pair in text)
    return {pair: 1 / (1 + log(count)) for pair, count in counts.items()}


def _sum(found: Iterable[str], rarity: Mapping[str, float]) -> float:
    return sum(rarity[pair] for pair in found)
