"""The record of the months that are over: how soon, how well, by community, kind and urgency.

Each cell is counted from the kept sums whenever figures are published; what was told of it before
and is another number today is told as a correction. What one publishing withholds, its other cells
do not give away: all lists of one figure are withheld together.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms_app.community import Circle
from forms_app.issues import monthly
from forms_app.queries.suppressed import Count, shown, suppressed, withheld
from forms_app.rules.figures import (
    AGES,
    COUNTS,
    FEWEST_TIMED,
    HOURS,
    TIMES,
    WEEKDAYS,
    WHOLE_OF,
    nth,
    quarter_of,
    time_of,
)

Of = Callable[[str], Mapping[str, int]]  # the kept sums of one kind
Cell = tuple[str, ...]  # ("2026-11",), ("2026-Q4", "community", "jingui"), ("2026-Q4",)
Table = Sequence[Mapping[str, Any]]

RECEIVED = "received"
_ANSWERS = (monthly.BY_SELF, monthly.BY_STAFF, "unanswered")
_OTHERS = "-"  # what belongs to a community or kind that is no more; no identifier


@dataclass(frozen=True)
class _Figure:
    """One figure's true counts, and which of them are withheld."""

    counts: Mapping[Cell, int]
    gaps: frozenset[Cell]

    def shown(self, cell: Cell) -> Count:
        return None if cell in self.gaps else self.counts.get(cell, 0)


@dataclass(frozen=True)
class Record:
    """Everything that is told of whole months, as JSON values, and what came in and was resolved
    month by month, the present one with them.
    """

    by_month: list[dict[str, object]]
    told: dict[str, Any]
    figures: Mapping[str, _Figure]

    def all_but_ones(self, code: str, by: str, now: Mapping[str, int]) -> set[str]:
        """Of what is told by community or kind of today, what would say that all that is withheld
        of its quarters are ones.
        """
        figure, found = self.figures[code], set[str]()
        for key, number in now.items():
            cells = [cell for cell in figure.counts if cell[1:] == (by, key)]
            gaps = [cell for cell in cells if cell in figure.gaps]
            rest = sum(figure.counts[cell] for cell in cells if cell not in figure.gaps)
            if gaps and number - rest == len(gaps):
                found.add(key)
        return found


def record(
    circle: Circle, of: Of, current: str, published: Mapping[str, Any] | None, today: date
) -> Record:
    """What is told before the month `current` ("2026-11") is over; `published` is what was told of
    the record last, read back.
    """
    arrived, resolved = of("month"), of("resolved month")
    known = sorted({*arrived, *resolved})
    months = _from_to(min(known[0], current), current)[:-1] if known else []
    figures = {
        RECEIVED: _received(arrived, of(monthly.ARRIVED), known, months),
        **_figures(circle, of, known, months, resolved),
    }
    quarters = _whole(months)
    told: dict[str, list[dict[str, Any]]] = {
        "months": [
            {"month": month, **_cells(figures, (month,)), **_times(of, month, figures)}
            for month in months
        ],
        "quarters": [
            {"quarter": quarter, "by": by, "key": key, **cells}
            for quarter in quarters
            for by, key in _rows(circle)
            for cells in [_cells(figures, (quarter, by, key))]
            if key != _OTHERS or any(count != 0 for count in cells.values())
        ],
        "times": _table(figures["answered"], quarters, "time", range(len(TIMES)), "answered"),
        "arrivals": [
            row
            for by, keys in (
                (monthly.HOUR, range(len(HOURS))),
                (monthly.WEEKDAY, range(1, len(WEEKDAYS) + 1)),
            )
            for row in _table(figures[RECEIVED], quarters, by, keys, RECEIVED)
        ],
        "asked": _asked(of(monthly.ASKED), quarters),
        "unanswered": _unanswered(of, months),
    }
    before = published or {}
    corrections = [*before.get("corrections", ()), *_corrections(before, told, today)]
    by_month: list[dict[str, object]] = [
        {
            "month": month,
            RECEIVED: figures[RECEIVED].shown((month,)),
            "resolved": figures["finished"].shown((month,)),
        }
        for month in known
    ]
    return Record(by_month, {**told, "corrections": corrections}, figures)


def _from_to(first: str, last: str) -> list[str]:
    """Every month from one to the other, also those in which nothing happened."""
    year, month, found = int(first[:4]), int(first[5:]), list[str]()
    while not found or found[-1] < last:
        found.append(f"{year:04}-{month:02}")
        year, month = year + month // 12, month % 12 + 1
    return found


def _whole(months: Sequence[str]) -> list[str]:
    """The quarters that are over, and the month after them: in it something came in that is not
    told by community or kind yet, so that what these have today does not tell what they had then.
    """
    return [quarter_of(month) for month in months[:-1] if int(month[5:]) % 3 == 0]


def _rows(circle: Circle) -> list[tuple[str, str]]:
    return [
        *((monthly.COMMUNITY, one) for one in (*circle.communities, _OTHERS)),
        *((monthly.KIND, one) for one in (*circle.categories, "", _OTHERS)),
        *((monthly.URGENCY, one) for one in ("1", "2", "3", "0")),
    ]


def _figures(
    circle: Circle, of: Of, known: Sequence[str], months: Sequence[str], resolved: Mapping[str, int]
) -> dict[str, _Figure]:
    found: dict[str, _Figure] = {}
    for code in COUNTS:
        by_month, cells = _counted(circle, of(code))
        lists = [monthly.COMMUNITY, monthly.KIND]
        if code in monthly.BY_URGENCY:
            lists.append(monthly.URGENCY)
        if code == "answered":
            lists.append("time")
            for key, number in of(monthly.TAKEN).items():
                month, minutes = key.split(" ")
                cells[quarter_of(month), "time", str(time_of(int(minutes)))] += number
        # What is told day by day of the present month is told with the others.
        listed = known if code == "finished" else months
        if code == "finished":
            by_month = Counter(resolved)
        forced = found[WHOLE_OF[code]].gaps if code in WHOLE_OF else frozenset()
        found[code] = _figure(by_month, cells, lists, listed, months, forced)
    return found


def _counted(circle: Circle, kept: Mapping[str, int]) -> tuple[Counter[str], Counter[Cell]]:
    """By month, and by quarter and what else it is counted by."""
    by_month, cells = Counter[str](), Counter[Cell]()
    here = {monthly.COMMUNITY: circle.communities, monthly.KIND: (*circle.categories, "")}
    for key, number in kept.items():
        month, by, what = key.split(" ", 2)
        if by == monthly.COMMUNITY:
            by_month[month] += number
        if by in here and what not in here[by]:
            what = _OTHERS
        cells[quarter_of(month), by, what] += number
    return by_month, cells


def _received(
    arrived: Mapping[str, int], kept: Mapping[str, int], known: Sequence[str], months: Sequence[str]
) -> _Figure:
    cells = Counter[Cell]()
    for key, number in kept.items():
        month, by, what = key.split(" ")
        cells[quarter_of(month), by, what] += number
    lists = (monthly.HOUR, monthly.WEEKDAY)
    return _figure(Counter(arrived), cells, lists, known, months, frozenset())


def _figure(
    by_month: Counter[str],
    cells: Counter[Cell],
    by: Sequence[str],
    listed: Sequence[str],
    months: Sequence[str],
    forced: frozenset[Cell],
) -> _Figure:
    """`listed` are the months that are shown, `forced` what is withheld whatever it is.

    A quarter's total is what its months make, and each of its lists.
    """
    quarters = _whole(months)
    counts: dict[Cell, int] = {(month,): by_month[month] for month in {*listed, *months}}
    # In an order that says nothing of the numbers.
    counts |= {cell: cells[cell] for cell in sorted(cells) if cell[0] in quarters}
    totals = {
        quarter: sum(by_month[month] for month in months if quarter_of(month) == quarter)
        for quarter in quarters
    }
    counts |= {(quarter,): number for quarter, number in totals.items()}
    # All months together are known: by their quarters, so that the lists form a tree.
    loose: list[Cell] = [(month,) for month in listed if quarter_of(month) not in quarters]
    lists: list[list[Cell]] = [[*((quarter,) for quarter in quarters), *loose]]
    for quarter in quarters:
        whole = (quarter,)
        of_months = [(month,) for month in _months_of(quarter)]
        lists.append([whole, *(one for one in of_months if one in counts)])
        lists += [
            [whole, *(cell for cell in counts if cell[0] == quarter and cell[1:2] == (one,))]
            for one in by
        ]
    unpublished = {(quarter,) for quarter in quarters}
    gaps = withheld(counts, lists, unpublished)
    return _Figure(counts, frozenset(gaps) | forced)


def _months_of(quarter: str) -> list[str]:
    last = int(quarter[-1]) * 3
    return [f"{quarter[:4]}-{month:02}" for month in (last - 2, last - 1, last)]


def _cells(figures: Mapping[str, _Figure], cell: Cell) -> dict[str, Count]:
    codes = COUNTS
    if cell[1:2] == (monthly.URGENCY,):
        codes = monthly.BY_URGENCY
    return {code: figures[code].shown(cell) for code in codes}


def _times(of: Of, month: str, figures: Mapping[str, _Figure]) -> dict[str, Count]:
    """Within how many minutes half, and nine of ten, were answered; None of too few, and where a
    time of its quarter is withheld, of which it could tell.
    """
    taken = Counter[int]()
    for key, number in of(monthly.TAKEN).items():
        when, minutes = key.split(" ")
        if when == month:
            taken[int(minutes)] += number
    answered, quarter = figures["answered"], quarter_of(month)
    is_told = taken.total() >= FEWEST_TIMED and answered.shown((month,)) is not None
    is_told = is_told and not any(
        answered.shown((quarter, "time", str(place))) is None for place in range(len(TIMES))
    )
    return {
        name: nth(taken, tenths) if is_told else None
        for name, tenths in (("median", 5), ("ninth", 9))
    }


def _table(
    figure: _Figure, quarters: Iterable[str], by: str, keys: Iterable[int], name: str
) -> list[dict[str, object]]:
    listed = [str(key) for key in keys]
    return [
        {"quarter": quarter, "by": by, "key": key, name: figure.shown((quarter, by, key))}
        for quarter in quarters
        for key in listed
    ]


def _asked(kept: Mapping[str, int], quarters: Iterable[str]) -> list[dict[str, object]]:
    """By the quarter in which they were asked; answers until the end of the month after count."""
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, number in kept.items():
        asked, *ended = key.split(" ")
        is_answered = bool(ended) and ended[0] <= _next(asked) and ended[1] != monthly.BY_NOBODY
        parts[quarter_of(asked)][ended[1] if is_answered else "unanswered"] += number
    rows: list[dict[str, object]] = []
    for quarter in quarters:
        found = parts[quarter]
        told = suppressed({part: found[part] for part in _ANSWERS})
        whole = shown(found.total())
        if whole is None:
            told = dict.fromkeys(_ANSWERS)
        rows.append({"quarter": quarter, "asked": whole, **{one: told[one] for one in _ANSWERS}})
    return rows


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def _unanswered(of: Of, months: Sequence[str]) -> list[dict[str, object]]:
    """At the end of each month, who was still waited for, by how long."""
    rows: list[dict[str, object]] = []
    for what in (monthly.EVALUATING, monthly.SHELVED):
        stays = []
        for key, number in of(what).items():
            since, _, until = key.partition(" ")
            stays.append((since, until, number))
        for place, month in enumerate(months):
            ages = Counter[int]()
            for since, until, number in stays:
                if since <= month and (not until or until > month):
                    began = months.index(since) if since in months else place
                    ages[min(place - began, len(AGES) - 1)] += number
            rows += [
                {"month": month, "what": what, "age": age, "number": shown(ages[age])}
                for age in range(len(AGES))
            ]
    return rows


def _corrections(
    before: Mapping[str, Any], told: Mapping[str, Table], today: date
) -> list[dict[str, object]]:
    """What was told of a month and is another number today; what is withheld is no correction."""
    earlier = {row["month"]: row for row in before.get("months", ())}
    return [
        {"month": row["month"], "code": code, "was": was, "is": row[code], "told_on": str(today)}
        for row in told["months"]
        for code in COUNTS
        if (was := earlier.get(row["month"], {}).get(code)) is not None
        and row[code] is not None
        and was != row[code]
    ]
