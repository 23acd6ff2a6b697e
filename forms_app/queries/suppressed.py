"""Lists of counts in which nobody finds the few: small ones are hidden, and what tells them."""

from collections.abc import Collection, Hashable, Mapping, Sequence
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
    # One gap is what the total lacks; and gaps that lack no more than their number are ones.
    is_told = len(gaps) == 1 or sum(counts[key] for key in gaps) == len(gaps)
    if gaps and rest and is_told:
        told[rest[0][2]] = None
    return told


Cell = TypeVar("Cell", bound=Hashable)


def withheld(
    counts: Mapping[Cell, int],
    lists: Sequence[Sequence[Cell]],
    unpublished: Collection[Cell] = (),
) -> set[Cell]:
    """Which of these counts must not be shown, where lists share their totals.

    Each list holds cells of which one is the sum of the others, or that together make something
    known. `unpublished` are cells that nobody shows and that tell of nobody: they may be worked
    out. Small counts are withheld, and as many others as it takes that none of the small ones can
    be; where the lists form a tree, that is all that can be worked out from equations.
    """
    small = {
        cell
        for cell, count in counts.items()
        if 0 < count < SMALLEST_SHOWN and cell not in unpublished
    }
    gaps = set(small)
    while True:
        told = _worked_out(counts, lists, gaps, unpublished)
        leaks = [place for cell, place in told.items() if cell in small]
        if not leaks:
            return gaps
        rest = _shown_of(counts, lists, leaks, gaps, unpublished)
        if not rest:  # there is nothing more to hide
            return gaps
        gaps.add(min(rest, key=lambda cell: (counts[cell], str(cell))))


def _worked_out(
    counts: Mapping[Cell, int],
    lists: Sequence[Sequence[Cell]],
    gaps: Collection[Cell],
    unpublished: Collection[Cell],
) -> dict[Cell, int]:
    """What a solver finds, and from which list: what alone is missing from one, and ones."""
    unknown, found = {*gaps, *unpublished}, dict[Cell, int]()
    again = True
    while again:
        again = False
        for place, cells in enumerate(lists):
            missing = [cell for cell in cells if cell in unknown]
            if not missing:
                continue
            are_ones = all(cell in gaps for cell in missing) and sum(
                counts[cell] for cell in missing
            ) == len(missing)
            if len(missing) == 1 or are_ones:
                found |= dict.fromkeys(missing, place)
                unknown.difference_update(missing)
                again = True
    return found


def _shown_of(
    counts: Mapping[Cell, int],
    lists: Sequence[Sequence[Cell]],
    leaks: Sequence[int],
    gaps: Collection[Cell],
    unpublished: Collection[Cell],
) -> list[Cell]:
    """The cells that could be withheld as well: of the list that leaks, else of those beside it."""
    for place in leaks:
        near = set(lists[place])
        while True:
            rest = [
                cell
                for cell in near
                if counts[cell] and cell not in gaps and cell not in unpublished
            ]
            wider = near.union(*(cells for cells in lists if near.intersection(cells)))
            if rest:
                return rest
            if wider == near:
                break
            near = wider
    return []
