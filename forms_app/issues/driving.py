"""Which condition a list begins with. The database knows too little of the register to choose well:
it would sort a hundred thousand issues for one page of them, or walk them all for none.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import Case, Expression, ModelSelect, fn

RARE = 1000  # issues; so many are fetched and sorted in a few milliseconds


def exists(rows: "ModelSelect[Any]") -> Expression:
    """The condition that there is such a row: asked of each issue, not of all rows beforehand."""
    condition: Any = fn.EXISTS(rows)
    found: Expression = condition
    return found


def beside(condition: Expression) -> Expression:
    """The same condition in words that no index knows: nothing begins with it, it only filters."""
    found: Expression = Case(None, ((condition, 1),), 0) == 1
    return found


def rarest(lists: Iterable[Sequence[int]]) -> Sequence[int] | None:
    """The shortest of some lists of ids that were read up to `RARE` + 1; None if none is whole."""
    whole = [ids for ids in lists if len(ids) <= RARE]
    return min(whole, key=len, default=None)
