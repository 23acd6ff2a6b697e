"""Lists of counts in which nobody finds the few: small ones are hidden, and what tells them."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from math import inf
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
_Range = tuple[float, float]  # between which a count is known to be, both included


def withheld(
    counts: Mapping[Cell, int],
    lists: Sequence[Sequence[Cell]],
    unpublished: Collection[Cell] = (),
    *,
    hidden: Collection[Cell] = (),
    fixed: Collection[Cell] = (),
    most: Mapping[Cell, int] | None = None,
) -> set[Cell]:
    """Which of these counts must not be shown, where lists share their totals.

    The first cell of each list is the sum of the others. `unpublished` are cells that nobody shows
    and that tell of nobody: they may be worked out. Small counts are withheld, and as many others
    as it takes that none of the small ones can be worked out, nor be only one number between what
    is known of it: that it is none, of some cells that it is at `most` so many, and what the lists
    leave. Where the lists form a tree, that is all there is. `hidden` are withheld whatever they
    are; of those that are `fixed` no other is: they were told before.
    """
    small = set(hidden) | {
        cell
        for cell, count in counts.items()
        if 0 < count < SMALLEST_SHOWN and cell not in {*unpublished, *fixed}
    }
    gaps = set(small)
    while True:
        told = _worked_out(counts, lists, gaps, unpublished, most or {})
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
    most: Mapping[Cell, int],
) -> dict[Cell, int]:
    """What a solver finds, and in which list it looked: what can be no other number, or what is
    all the same.
    """
    ranges: dict[Cell, _Range] = {cell: (count, count) for cell, count in counts.items()}
    # What was told before may be of another count than there is today.
    ranges |= {
        cell: (min(1, counts[cell]), max(most.get(cell, inf), counts[cell])) for cell in gaps
    }
    ranges |= dict.fromkeys(unpublished, (0, inf))
    open_ones, found = {*gaps, *unpublished}, dict[Cell, int]()
    again = True
    while again:
        again = False
        for place, cells in enumerate(lists):
            missing = [cell for cell in cells if cell in open_ones]
            if not missing:
                continue
            again = _narrowed(cells, missing, ranges, counts) or again
            # No less is possible, or no more.
            are_alike = all(cell in gaps for cell in missing) and _are_alike(
                counts[cell] for cell in missing
            )
            pinned = [cell for cell in missing if are_alike or _is_pinned(ranges[cell])]
            ranges |= {cell: (counts[cell], counts[cell]) for cell in pinned}
            found |= dict.fromkeys(pinned, place)
            open_ones.difference_update(pinned)
            again = again or bool(pinned)
    return found


def _narrowed(
    cells: Sequence[Cell],
    missing: Sequence[Cell],
    ranges: dict[Cell, _Range],
    counts: Mapping[Cell, int],
) -> bool:
    """Narrows what is known of the missing cells of a list by what is known of the others; whether
    it did.

    Never past what is so: of what was told before, a list may make another sum today.
    """
    whole, *parts = cells
    is_narrower = False
    for cell in missing:
        low, high = _between(whole, parts, ranges, cell)
        was, count = ranges[cell], counts[cell]
        known = (max(was[0], min(low, count)), min(was[1], max(high, count)))
        if known != was:
            ranges[cell], is_narrower = known, True
    return is_narrower


def _between(
    whole: Cell, parts: Iterable[Cell], ranges: Mapping[Cell, _Range], cell: Cell
) -> _Range:
    """What a list leaves of one of its cells."""
    least: float = 0
    most: float = 0
    for one in parts:
        if one != cell:
            low, high = ranges[one]
            least += low
            most += high
    if cell == whole:
        return least, most
    low, high = ranges[whole]
    return low - most, high - least


def _is_pinned(known: _Range) -> bool:
    return known[0] == known[1]


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
