"""What is told of opinions: of whole months, in steps none of which tells of a few.

A step takes in as many months as it needs until both sides, the satisfied and the others, have
SMALLEST_SHOWN in it. What is shown is the sum of all steps, so whatever somebody subtracts from it
that was shown before is a sum of steps too. A step that was told stays as it was.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from forms_app.queries.suppressed import SMALLEST_SHOWN, Count, suppressed
from forms_app.rules.steps import SATISFACTION

COUNTED_ALONE = 10  # opinions of which no share is shown yet

LEFT_OPEN = 3  # ways in which a number alone may still be divided

Months = Mapping[str, Mapping[int, int]]  # "2026-11": how many of each level


class OpinionSpan(Struct, frozen=True):
    """The opinions of the months `since` … `until`."""

    since: str
    until: str
    count: int
    satisfied: int
    levels: Mapping[str, Count]


class Opinions(Struct, frozen=True):
    """All steps so far. `count` None: too few to say how many; `satisfied` None: no share yet."""

    until: str  # "" where nothing is told
    count: Count
    satisfied: Count
    steps: Sequence[OpinionSpan]

    def as_json(self) -> dict[str, Any]:
        made: dict[str, Any] = to_builtins(self)
        return made


def opinions(months: Months, good: Collection[int], told: object = None) -> Opinions:
    """What may be told of these months, which must be over.

    `good` are the levels that count as satisfied. `told` is what was told before, as JSON gave it
    back: its steps stay, whatever has changed since.
    """
    steps = _steps_of(told)
    end = steps[-1].until if steps else ""
    left, unseen = Counter[int](), 0  # since the last step; since anything was told
    since, alone = "", [("", 0)]
    for month in sorted(month for month in months if month > end and any(months[month].values())):
        since = since or month
        left.update(months[month])
        unseen += sum(months[month].values())
        count, satisfied = left.total(), sum(left[level] for level in good)
        if unseen < SMALLEST_SHOWN:
            continue
        sides = (satisfied, count - satisfied)
        if min(sides) >= SMALLEST_SHOWN and all(_is_open(number, sides) for _, number in alone):
            steps.append(OpinionSpan(since, month, count, satisfied, _levels(left, good)))
            left, unseen, since, alone = Counter(), 0, "", [("", 0)]
        elif not steps and count >= COUNTED_ALONE:
            alone.append((month, count))
            unseen = 0
    if steps:
        count = sum(step.count for step in steps)
        return Opinions(steps[-1].until, count, sum(step.satisfied for step in steps), steps)
    if alone[-1][1]:
        return Opinions(*alone[-1], None, ())
    return Opinions("", None, None, ()) if left.total() else Opinions("", 0, 0, ())


def _is_open(alone: int, sides: tuple[int, int]) -> bool:
    """Whether these sums leave open how so many opinions, told as a number alone, were divided:
    it is known of them that one side was small.
    """
    return sum(max(0, SMALLEST_SHOWN - max(0, alone - side)) for side in sides) >= LEFT_OPEN


def _steps_of(told: object) -> list[OpinionSpan]:
    steps = told.get("steps") if isinstance(told, dict) else None
    return [OpinionSpan(**step) for step in steps or ()]


def _levels(counts: Mapping[int, int], good: Collection[int]) -> dict[str, Count]:
    """By level. Both halves' sums are known: no gap in either may be what its sum lacks."""
    halves: tuple[dict[object, int], dict[object, int]] = ({}, {})
    for level in SATISFACTION:
        halves[level in good][str(level)] = counts.get(level, 0)
    shown = suppressed(halves[0]) | suppressed(halves[1])
    return {str(level): shown[str(level)] for level in SATISFACTION}
