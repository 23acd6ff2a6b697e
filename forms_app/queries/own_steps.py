"""What is told of residents' own verdicts beyond each step: of the first round and the last, what
came again, and by community and kind.

It is told together with the step, of the same months, so that nothing but parts of known sums comes
of it; a part is told only where it and what is left of the sum both tell of nobody. What was told
stays.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from forms_app.community import Circle
from forms_app.issues import monthly, sums
from forms_app.queries.opinions import OpinionSpan
from forms_app.queries.suppressed import SMALLEST_SHOWN, Count, shown
from forms_app.rules.steps import SATISFACTION

Levels = Counter[int]
Of = Callable[[str], Mapping[str, int]]


def own_steps(
    circle: Circle, of: Of, steps: Iterable[OpinionSpan], told: Sequence[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """One row a step. A step that was told before this was, and of which something has changed
    since, has none.
    """
    before = {(row["since"], row["until"]): dict(row) for row in told}
    rows = []
    for step in steps:
        row = before.get((step.since, step.until)) or _row(circle, of, step)
        if row is not None:
            rows.append(row)
    return rows


def _row(circle: Circle, of: Of, step: OpinionSpan) -> dict[str, Any] | None:
    good = circle.satisfied_levels
    every = _levels(of(sums.OWN), step)
    if (every.total(), _satisfied(every, good)) != (step.count, step.satisfied):
        return None
    first = _levels(of(monthly.OWN_ROUND), step, "1")
    last = every.copy()
    for key, number in of(monthly.OWN_FOLLOWED).items():
        month, followed, level = key.split(" ")
        if step.since <= month and followed <= step.until:
            last[int(level)] -= number
    is_first, is_last = _tells_nobody(every, first, good), _is_last_told(every, last, good)
    if is_first and is_last:
        # Beside one another they tell of those who said something else later.
        is_last = all(
            number == 0 or number >= SMALLEST_SHOWN
            for number in map(abs, _differences(first, last, good))
        )
    return {
        "since": step.since,
        "until": step.until,
        "first": _part(every, first, good) if is_first else None,
        "last": _part(every, last, good) if is_last else None,
        "recurred": _recurred(of(monthly.RECURRED), step),
        "places": _places(circle, of(monthly.OWN_PLACE), step, good),
    }


def _levels(kept: Mapping[str, int], step: OpinionSpan, *of: str) -> Levels:
    """How many of each level in the step's months, of the keys that say `of` in between."""
    found: Levels = Counter()
    for key, number in kept.items():
        month, *between, level = key.split(" ")
        if step.since <= month <= step.until and between == list(of):
            found[int(level)] += number
    return found


def _satisfied(levels: Levels, good: Collection[int]) -> int:
    return sum(levels[level] for level in good)


def _sides(levels: Levels, good: Collection[int]) -> tuple[int, int]:
    satisfied = _satisfied(levels, good)
    return satisfied, levels.total() - satisfied


def _differences(one: Levels, other: Levels, good: Collection[int]) -> tuple[int, int]:
    pairs = zip(_sides(one, good), _sides(other, good), strict=True)
    satisfied, rest = (here - there for here, there in pairs)
    return satisfied, rest


def _tells_nobody(every: Levels, part: Levels, good: Collection[int]) -> bool:
    """Whether both sides of a part are large, and those of the rest, if there is one."""
    rest = _differences(every, part, good)
    return min(_sides(part, good)) >= SMALLEST_SHOWN and (
        rest == (0, 0) or min(rest) >= SMALLEST_SHOWN
    )


def _is_last_told(every: Levels, last: Levels, good: Collection[int]) -> bool:
    """As above; but whoever is asked again was not satisfied, which everybody knows."""
    satisfied, rest = _differences(every, last, good)
    return (
        min(_sides(last, good)) >= SMALLEST_SHOWN
        and satisfied in (0, *range(SMALLEST_SHOWN, satisfied + 1))
        and rest in (0, *range(SMALLEST_SHOWN, rest + 1))
    )


def _part(every: Levels, part: Levels, good: Collection[int]) -> dict[str, Any]:
    """Levels only where all are told, of the part and of the rest."""
    counts = {level: part[level] for level in SATISFACTION}
    are_told = all(
        shown(number) is not None
        for level, count in counts.items()
        for number in (count, every[level] - count)
    )
    return {
        "count": part.total(),
        "satisfied": _satisfied(part, good),
        "levels": {str(level): count if are_told else None for level, count in counts.items()},
    }


def _recurred(kept: Mapping[str, int], step: OpinionSpan) -> Count:
    """Of the satisfied ones, whose problem came again while the step lasted."""
    number = sum(
        count
        for key, count in kept.items()
        for closed, again in [key.split(" ")]
        if step.since <= closed and again <= step.until
    )
    left = step.satisfied - number
    return number if shown(number) is not None and shown(left) is not None else None


def _places(
    circle: Circle, kept: Mapping[str, int], step: OpinionSpan, good: Collection[int]
) -> list[dict[str, Any]]:
    known = {monthly.COMMUNITY: circle.communities, monthly.KIND: (*circle.categories, "")}
    rows = []
    for by, keys in known.items():
        sides: dict[str, tuple[int, int]] = dict.fromkeys(keys, (0, 0))
        other = (0, 0)
        for key, number in kept.items():
            month, kind, rest = key.split(" ", 2)
            where, _, level = rest.rpartition(" ")
            if kind != by or not step.since <= month <= step.until:
                continue
            satisfied, others = sides.get(where, other)
            pair = (
                (satisfied + number, others) if int(level) in good else (satisfied, others + number)
            )
            if where in sides:
                sides[where] = pair
            else:
                other = pair
        told = split(sides, other)
        rows += [
            {
                "by": by,
                "key": key,
                "count": sum(told[key]) if told[key] is not None else None,  # type: ignore[arg-type]
                "satisfied": told[key][0] if told[key] is not None else None,  # type: ignore[index]
            }
            for key in sides
        ]
    return rows


def split(
    sides: Mapping[str, tuple[int, int]], other: tuple[int, int] = (0, 0)
) -> dict[str, tuple[int, int] | None]:
    """Rows of two sides whose sums are known: which may be told.

    A row is told where both its sides are large, or nothing is in it; and those that are not, are
    two or more and large together on both sides, with `other`, which is in no row: so nobody of a
    few is found, and no group of which all said the same.
    """
    hidden = {key for key, pair in sides.items() if pair != (0, 0) and min(pair) < SMALLEST_SHOWN}

    def is_enough() -> bool:
        pairs = [sides[key] for key in hidden] + ([other] if other != (0, 0) else [])
        return not pairs or (
            len(pairs) > 1 and min(sum(side) for side in zip(*pairs, strict=True)) >= SMALLEST_SHOWN
        )

    while not is_enough():
        rest = [(sum(pair), key) for key, pair in sides.items() if sum(pair) and key not in hidden]
        if not rest:
            break
        hidden.add(min(rest)[1])
    return {key: None if key in hidden else pair for key, pair in sides.items()}
