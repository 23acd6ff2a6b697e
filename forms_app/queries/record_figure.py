"""One figure of the record: its true counts, and which of them are withheld.

All lists of a figure are withheld together, beside what was told of it before.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community import Circle
from forms_app.issues import monthly
from forms_app.queries.suppressed import SMALLEST_SHOWN, Count, shown, withheld
from forms_app.rules.figures import (
    COUNTS,
    TEN,
    TIMES,
    WITHIN_TEN,
    time_of,
)
from forms_app.rules.months import month_names_of, quarter_of_month

Of = Callable[[str], Mapping[str, int]]  # the kept sums of one kind
Cell = tuple[str, ...]  # ("2026-11",), ("2026-Q4", "community", "jingui"), ("2026-Q4",)
Cells = Mapping[Cell, Count]

RECEIVED = "received"
# What is told of a month, and of a community or kind in a quarter.
CODES = (RECEIVED, *COUNTS)
OTHERS = "-"  # what belongs to a community or kind that is no more; no identifier
_LISTS = {
    RECEIVED: (monthly.COMMUNITY, monthly.KIND, monthly.HOUR, monthly.WEEKDAY),
    **dict.fromkeys(monthly.BY_URGENCY, (monthly.COMMUNITY, monthly.KIND, monthly.URGENCY)),
}
_NEARLY_ALIKE = (WITHIN_TEN, "answered_on_time")


class Figure(Struct, frozen=True):
    """One figure: its true counts, which of them are withheld, and what was told and stays."""

    counts: Mapping[Cell, int]
    gaps: frozenset[Cell]
    told: Cells

    def shown(self, cell: Cell) -> Count:
        """What is told of it, now as before; None where that is withheld."""
        if cell in self.told:
            return self.told[cell]
        return None if cell in self.gaps else self.counts.get(cell, 0)


def sum_of(code: str) -> str:
    """The kept sum that a figure is counted from."""
    return monthly.ARRIVED if code == RECEIVED else code


def whole_quarters(months: Sequence[str]) -> list[str]:
    """The quarters that are over, and the month after them: in it something came in that is not
    told by community or kind yet, so that what these have today does not tell what they had then.
    """
    return [quarter_of_month(month) for month in months[:-1] if int(month[5:]) % 3 == 0]


def listed_here(circle: Circle) -> dict[str, tuple[str, ...]]:
    """What a quarter's rows are of, as long as it is there."""
    return {
        monthly.COMMUNITY: tuple(circle.communities),
        monthly.KIND: (*circle.categories, ""),
        monthly.URGENCY: ("1", "2", "3", "0"),
    }


def counted(circle: Circle, of: Of, code: str) -> Counter[Cell]:
    """By quarter and what else a figure is counted by."""
    cells, here = Counter[Cell](), listed_here(circle)
    for key, number in of(sum_of(code)).items():
        month, by, what = key.split(" ", 2)
        if by in (monthly.COMMUNITY, monthly.KIND) and what not in here[by]:
            what = OTHERS
        cells[quarter_of_month(month), by, what] += number
    if code == "answered":
        for key, number in of(monthly.TAKEN).items():
            month, minutes = key.split(" ")
            cells[quarter_of_month(month), "time", str(time_of(int(minutes)))] += number
    return cells


def figure_of(
    by_month: Counter[str],
    cells: Counter[Cell],
    code: str,
    months: Sequence[str],
    told: Cells,
    whole_of: Figure | None,
) -> Figure:
    """A quarter's total is what its months make, and each of its lists; its months were told before
    it. Of what it is a part of, `whole_of` says how much there may be at most; where that is
    withheld, so is the part, whatever it is.
    """
    quarters = whole_quarters(months)
    counts: dict[Cell, int] = {(month,): by_month[month] for month in months}
    # In an order that says nothing of the numbers.
    counts |= {cell: cells[cell] for cell in sorted(cells) if cell[0] in quarters}
    gaps = {cell for cell in counts if cell not in told and shown(counts[cell]) is None}
    gaps |= {cell for cell, count in told.items() if count is None and cell in counts}
    most = _most(counts, whole_of)
    for quarter in quarters:
        whole = (quarter,)
        of_months = [(month,) for month in month_names_of(quarter) if month in months]
        lists: list[list[Cell]] = [[whole, *of_months]]
        lists += [
            [whole, *(cell for cell in counts if cell[0] == quarter and cell[1:2] == (by,))]
            for by in _LISTS.get(code, (monthly.COMMUNITY, monthly.KIND))
        ]
        counts[whole] = sum(by_month[month] for (month,) in of_months)
        unpublished: set[Cell] = {whole}
        if code == "answered":
            sides = _sides(quarter)
            lists.append([whole, *sides])
            for side, times in sides.items():
                counts[side] = sum(counts.get(cell, 0) for cell in times)
                if shown(counts[side]) is None:
                    gaps.update(cell for cell in times if cell not in told)
                    unpublished.add(side)
                else:
                    lists.append([side, *(cell for cell in times if cell in counts)])
        elif code == WITHIN_TEN:
            # The times of the quarter tell how many these are.
            unpublished.clear()
        inside = {cell for cells_of in lists for cell in cells_of}
        gaps |= withheld(
            {cell: counts[cell] for cell in counts if cell in inside},
            lists,
            unpublished,
            hidden=gaps & inside,
            fixed={cell for cell in inside if cell in told or len(cell) < 3},
            most=most,
        )
    forced = whole_of.gaps - told.keys() if whole_of is not None else frozenset()
    return Figure(counts, frozenset(gaps) | forced, told)


def withhold_together(figures: dict[str, Figure]) -> None:
    """Where everybody came while somebody was on duty, as many were answered on time as within ten
    minutes, and elsewhere nearly as many: what one of the two withholds, the other would tell.
    """
    gaps = frozenset().union(*(figures[code].gaps for code in _NEARLY_ALIKE))
    for code in _NEARLY_ALIKE:
        figures[code] = replace(figures[code], gaps=gaps)


def _sides(quarter: str) -> dict[Cell, list[Cell]]:
    """The times of a quarter's answers within ten minutes, and the longer ones: how many there are
    of the first is a figure of its own, so that each side's times share a total that is told.
    """
    sides: dict[Cell, list[Cell]] = {(quarter, "within"): [], (quarter, "longer"): []}
    for place, (end, _) in enumerate(TIMES):
        is_within = end is not None and timedelta(minutes=end) <= TEN
        sides[quarter, "within" if is_within else "longer"].append((quarter, "time", str(place)))
    return sides


def _most(counts: Mapping[Cell, int], whole_of: Figure | None) -> dict[Cell, int]:
    """How much of each cell anybody knows that there cannot be more: a month is never withheld for
    another's sake, and no part is more than its whole.
    """
    most: dict[Cell, int] = {cell: SMALLEST_SHOWN - 1 for cell in counts if len(cell) == 1}
    if whole_of is not None:
        for cell in counts:
            whole = whole_of.shown(cell)
            if whole is not None:
                most[cell] = min(whole, most.get(cell, whole))
    return most
