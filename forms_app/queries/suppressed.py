"""Lists of counts in which nobody finds the few: small ones are hidden, and what tells them."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

SMALLEST_SHOWN = 5

Count = int | None  # None: fewer than SMALLEST_SHOWN, but not none; or hidden for another's sake


def shown(count: int) -> Count:
    """The count, unless it is small."""
    return count if count == 0 or count >= SMALLEST_SHOWN else None


def suppressed(counts: Mapping[object, int], also: Collection[object] = ()) -> dict[object, Count]:
    """The counts with the small ones hidden, and those in `also`, and never just gaps that a total
    would fill.
    """
    told = {key: None if key in also else shown(count) for key, count in counts.items()}
    gaps = [key for key, count in told.items() if count is None]
    rest = sorted((count, str(key), key) for key, count in counts.items() if told[key])
    # One gap is what the total lacks.
    if gaps and rest and (len(gaps) == 1 or _are_alike(counts[key] for key in gaps)):
        told[rest[0][2]] = None
    return told


def _are_alike(gaps: Iterable[int]) -> bool:
    """Whether the sum of some small counts tells each: no less is possible, or no more."""
    listed = list(gaps)
    return sum(listed) in (len(listed), (SMALLEST_SHOWN - 1) * len(listed))


Cell = TypeVar("Cell", bound=Hashable)


def withheld(
    counts: Mapping[Cell, int],
    lists: Sequence[Sequence[Cell]],
    unpublished: Collection[Cell] = (),
    *,
    hidden: Collection[Cell] = (),
    fixed: Collection[Cell] = (),
) -> set[Cell]:
    """Which of these counts must not be shown, where lists share their totals.

    Each list holds cells of which one is the sum of the others, or that together make something
    known. `unpublished` are cells that nobody shows and that tell of nobody: they may be worked
    out. Small counts are withheld, and as many others as it takes that none of the small ones can
    be; where the lists form a tree, that is all that can be worked out from equations. `hidden` are
    withheld whatever they are; of those that are `fixed` no other is: they were told before.
    """
    small = set(hidden) | {
        cell
        for cell, count in counts.items()
        if 0 < count < SMALLEST_SHOWN and cell not in {*unpublished, *fixed}
    }
    gaps = set(small)
    while True:
        told = _worked_out(counts, lists, gaps, unpublished)
        leak = next(((cell, lists[place]) for cell, place in told.items() if cell in small), None)
        if leak is None:
            return gaps
        shown_ones = {
            cell
            for cell, count in counts.items()
            if count and cell not in {*gaps, *unpublished, *fixed}
        }
        beside = _beside(*leak, lists, shown_ones)
        if beside is None:  # there is nothing more to hide
            return gaps
        gaps.add(beside)


def _worked_out(
    counts: Mapping[Cell, int],
    lists: Sequence[Sequence[Cell]],
    gaps: Collection[Cell],
    unpublished: Collection[Cell],
) -> dict[Cell, int]:
    """What a solver finds, and from which list: what alone is missing from one, or what is
    all the same.
    """
    unknown, found = {*gaps, *unpublished}, dict[Cell, int]()
    again = True
    while again:
        again = False
        for place, cells in enumerate(lists):
            missing = [cell for cell in cells if cell in unknown]
            if not missing:
                continue
            are_alike = all(cell in gaps for cell in missing) and _are_alike(
                counts[cell] for cell in missing
            )
            if len(missing) == 1 or are_alike:
                found |= dict.fromkeys(missing, place)
                unknown.difference_update(missing)
                again = True
    return found


def _beside(
    leak: Cell, cells: Sequence[Cell], lists: Sequence[Sequence[Cell]], rest: Collection[Cell]
) -> Cell | None:
    """What to withhold as well: the next one along the list, else one of a list that shares a cell
    with it. Not the smallest: whoever knows that, knows more of the small one.
    """
    place = cells.index(leak)
    along, seen = [*cells[place + 1 :], *cells[:place]], set(cells)
    while along:
        found = next((cell for cell in along if cell in rest), None)
        if found is not None:
            return found
        along = [
            cell for other in lists if seen.intersection(other) for cell in other
            if cell not in seen
        ]  # fmt: skip
        seen.update(along)
    return None
