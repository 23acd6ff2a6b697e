"""Lists of counts in which nobody finds the few: small ones are hidden, and what tells them."""

from collections.abc import Mapping

SMALLEST_SHOWN = 5

Count = int | None  # None: fewer than SMALLEST_SHOWN, but not none; or hidden for another's sake


def shown(count: int) -> Count:
    """The count, unless it is small."""
    return count if count == 0 or count >= SMALLEST_SHOWN else None


def suppressed(counts: Mapping[object, int]) -> dict[object, Count]:
    """The counts with the small ones hidden, and never just gaps that a total would fill."""
    told = {key: shown(count) for key, count in counts.items()}
    gaps = [key for key, count in told.items() if count is None]
    rest = sorted((count, str(key), key) for key, count in counts.items() if told[key])
    # One gap is what the total lacks; and gaps that lack no more than their number are ones.
    is_told = len(gaps) == 1 or sum(counts[key] for key in gaps) == len(gaps)
    if gaps and rest and is_told:
        told[rest[0][2]] = None
    return told
