"""The record of the months that are over: how soon, how well, by community, kind and urgency.

Each cell is told once and stays: whoever keeps two publishings and subtracts them finds nothing
but cells that are new, each of which tells of nobody, and corrections of five and more. What one
publishing withholds, its other cells do not give away: all lists of one figure are withheld
together, beside what was told of it before.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community import Circle
from forms_app.issues import monthly
from forms_app.queries.suppressed import SMALLEST_SHOWN, Count, shown, suppressed, withheld
from forms_app.rules.figures import (
    AGES,
    COUNTS,
    FEWEST_TIMED,
    HOURS,
    PARTS,
    TEN,
    TIMES,
    WHOLE_OF,
    WITHIN_TEN,
    nth,
    quarter_of,
    time_of,
)
from forms_app.rules.weekly import DAYS

Of = Callable[[str], Mapping[str, int]]  # the kept sums of one kind
Cell = tuple[str, ...]  # ("2026-11",), ("2026-Q4", "community", "jingui"), ("2026-Q4",)
Cells = Mapping[Cell, Count]
Table = Sequence[Mapping[str, Any]]

RECEIVED = "received"
# What is told of a month, and of a community or kind in a quarter.
CODES = (RECEIVED, *COUNTS)
# What is corrected together: a whole and its parts.
_GROUPS = ((RECEIVED,), *((whole, *parts) for whole, parts in PARTS.items()))
_LISTS = {
    RECEIVED: (monthly.COMMUNITY, monthly.KIND, monthly.HOUR, monthly.WEEKDAY),
    **dict.fromkeys(monthly.BY_URGENCY, (monthly.COMMUNITY, monthly.KIND, monthly.URGENCY)),
}
_NEARLY_ALIKE = (WITHIN_TEN, "answered_on_time")
_ANSWERS = (monthly.BY_SELF, monthly.BY_STAFF, "unanswered")
_OTHERS = "-"  # what belongs to a community or kind that is no more; no identifier


class _Figure(Struct, frozen=True):
    """One figure: its true counts, which of them are withheld, and what was told and stays."""

    counts: Mapping[Cell, int]
    gaps: frozenset[Cell]
    told: Cells

    def shown(self, cell: Cell) -> Count:
        if cell in self.told:
            return self.told[cell]
        return None if cell in self.gaps else self.counts.get(cell, 0)


class Record(Struct, frozen=True):
    """Everything that is told of whole months, as JSON values, and what came in and got a result
    month by month: of the present one, what came in.
    """

    by_month: list[dict[str, object]]
    told: dict[str, Any]


def record(
    circle: Circle,
    of: Of,
    current: str,
    published: Mapping[str, Any] | None,
    today: date,
    at_work: Mapping[str, int],
) -> Record:
    """What is told before the month `current` ("2026-11") is over; `published` is what was told of
    the record last, read back: it stays. `at_work` is how many are waited for, and are late, now.
    """
    before = published or {}
    known = sorted({key[:7] for code in CODES for key in of(_sum_of(code))})
    months = _from_to(min(known[0], current), current)[:-1] if known else []
    quarters = _whole(months)
    told = _told_before(before)
    by_month = {code: _by_month(of(_sum_of(code))) for code in CODES}
    corrections = _correct(told, by_month, today)
    figures: dict[str, _Figure] = {}
    for code in CODES:
        whole = figures[WHOLE_OF[code]] if code in WHOLE_OF else None
        counts = _counted(circle, of, code)
        figures[code] = _figure(by_month[code], counts, code, months, told[code], whole)
    _withhold_together(figures)
    rows = _rows(circle, told)
    unanswered = _once(before, "unanswered", ("month", "what", "age"), _unanswered(of, months))
    found: dict[str, list[dict[str, Any]]] = {
        "months": [
            {
                "month": month,
                **{code: figures[code].shown((month,)) for code in CODES},
                **_times(of, month, figures, before),
            }
            for month in months
        ],
        "quarters": [
            {"quarter": quarter, "by": by, "key": key, **cells}
            for quarter in quarters
            for by, key in rows
            for cells in [_cells(figures, (quarter, by, key))]
            if key in _here(circle)[by] or any(count != 0 for count in cells.values())
        ],
        "times": _table(figures["answered"], quarters, "time", range(len(TIMES)), "answered"),
        "arrivals": [
            row
            for by, keys in (
                (monthly.HOUR, range(len(HOURS))),
                (monthly.WEEKDAY, range(1, len(DAYS) + 1)),
            )
            for row in _table(figures[RECEIVED], quarters, by, keys, RECEIVED)
        ],
        "asked": _once(
            before, "asked", ("quarter",), _asked(of(monthly.ASKED), quarters, unanswered)
        ),
        "unanswered": unanswered,
        "at_work": _at_work(before, months, at_work, today),
        "corrections": [*before.get("corrections", ()), *corrections],
    }
    listed: list[dict[str, object]] = [
        {"month": row["month"], RECEIVED: row[RECEIVED], "finished": row["finished"]}
        for row in found["months"]
    ]
    if known:
        # What comes in is told day by day, and nothing else of it.
        now = shown(by_month[RECEIVED][current])
        listed.append({"month": current, RECEIVED: now, "finished": None})
    return Record(listed, found)


def _sum_of(code: str) -> str:
    """The kept sum that a figure is counted from."""
    return monthly.ARRIVED if code == RECEIVED else code


def _told_before(before: Mapping[str, Any]) -> dict[str, dict[Cell, Count]]:
    """By figure, each cell that was told."""
    told: dict[str, dict[Cell, Count]] = {code: {} for code in CODES}
    for row in (*before.get("months", ()), *before.get("quarters", ())):
        cell = (row["month"],) if "month" in row else (row["quarter"], row["by"], row["key"])
        for code in CODES:
            if code in row:
                told[code][cell] = row[code]
    for row in before.get("times", ()):
        told["answered"][row["quarter"], "time", row["key"]] = row["answered"]
    for row in before.get("arrivals", ()):
        told[RECEIVED][row["quarter"], row["by"], row["key"]] = row[RECEIVED]
    return told


def _by_month(kept: Mapping[str, int]) -> Counter[str]:
    found = Counter[str]()
    for key, number in kept.items():
        month, by, _ = key.split(" ", 2)
        if by == monthly.COMMUNITY:
            found[month] += number
    return found


def _correct(
    told: Mapping[str, dict[Cell, Count]], by_month: Mapping[str, Counter[str]], today: date
) -> list[dict[str, object]]:
    """Brings what was told of months up to date, a whole with all its parts, where none of them
    changes by a few: fewer than five wait until there are more. Returns what was corrected.
    """
    corrections: list[dict[str, object]] = []
    months = sorted({cell[0] for cells in told.values() for cell in cells if len(cell) == 1})
    for month in months:
        for group in _GROUPS:
            changes = [
                (code, was, by_month[code][month])
                for code in group
                if (was := told[code].get((month,))) is not None
            ]
            if any(shown(abs(now - was)) is None or shown(now) is None for _, was, now in changes):
                continue
            for code, was, now in changes:
                if was != now:
                    told[code][month,] = now
                    corrections.append(
                        {"month": month, "code": code, "was": was, "is": now, "told_on": str(today)}
                    )
    return corrections


def _once(
    before: Mapping[str, Any], name: str, keys: Sequence[str], rows: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The rows; of what was told before, those of then."""
    told = {tuple(row[key] for key in keys): dict(row) for row in before.get(name, ())}
    return [told.get(tuple(row[key] for key in keys), row) for row in rows]


def _at_work(
    before: Mapping[str, Any], months: Sequence[str], at_work: Mapping[str, int], today: date
) -> list[dict[str, Any]]:
    """What was at work when a month was told first, all together: it is counted once a month."""
    rows = [dict(row) for row in before.get("at_work", ())]
    if months and months[-1] not in [row["month"] for row in rows]:
        counted = {name: shown(number) for name, number in at_work.items()}
        rows.append({"month": months[-1], "counted_on": str(today), **counted})
    return rows


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


def _here(circle: Circle) -> dict[str, tuple[str, ...]]:
    """What a quarter's rows are of, as long as it is there."""
    return {
        monthly.COMMUNITY: tuple(circle.communities),
        monthly.KIND: (*circle.categories, ""),
        monthly.URGENCY: ("1", "2", "3", "0"),
    }


def _rows(circle: Circle, told: Mapping[str, Cells]) -> list[tuple[str, str]]:
    """By what, and which: of today, and what was told of before and is no more."""
    here = _here(circle)
    gone = {cell[1:] for cells in told.values() for cell in cells if cell[1:2] and cell[1] in here}
    return [
        (by, key)
        for by, keys in here.items()
        for key in (
            *keys,
            *sorted(key for kind, key in gone if kind == by and key not in (*keys, _OTHERS)),
            *([] if by == monthly.URGENCY else [_OTHERS]),
        )
    ]


def _counted(circle: Circle, of: Of, code: str) -> Counter[Cell]:
    """By quarter and what else a figure is counted by."""
    cells, here = Counter[Cell](), _here(circle)
    for key, number in of(_sum_of(code)).items():
        month, by, what = key.split(" ", 2)
        if by in (monthly.COMMUNITY, monthly.KIND) and what not in here[by]:
            what = _OTHERS
        cells[quarter_of(month), by, what] += number
    if code == "answered":
        for key, number in of(monthly.TAKEN).items():
            month, minutes = key.split(" ")
            cells[quarter_of(month), "time", str(time_of(int(minutes)))] += number
    return cells


def _figure(
    by_month: Counter[str],
    cells: Counter[Cell],
    code: str,
    months: Sequence[str],
    told: Cells,
    whole_of: _Figure | None,
) -> _Figure:
    """A quarter's total is what its months make, and each of its lists; its months were told before
    it. Of what it is a part of, `whole_of` says how much there may be at most; where that is
    withheld, so is the part, whatever it is.
    """
    quarters = _whole(months)
    counts: dict[Cell, int] = {(month,): by_month[month] for month in months}
    # In an order that says nothing of the numbers.
    counts |= {cell: cells[cell] for cell in sorted(cells) if cell[0] in quarters}
    gaps = {cell for cell in counts if cell not in told and shown(counts[cell]) is None}
    gaps |= {cell for cell, count in told.items() if count is None and cell in counts}
    most = _most(counts, whole_of)
    for quarter in quarters:
        whole = (quarter,)
        of_months = [(month,) for month in _months_of(quarter) if month in months]
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
    return _Figure(counts, frozenset(gaps) | forced, told)


def _withhold_together(figures: dict[str, _Figure]) -> None:
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


def _most(counts: Mapping[Cell, int], whole_of: _Figure | None) -> dict[Cell, int]:
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


def _months_of(quarter: str) -> list[str]:
    last = int(quarter[-1]) * 3
    return [f"{quarter[:4]}-{month:02}" for month in (last - 2, last - 1, last)]


def _cells(figures: Mapping[str, _Figure], cell: Cell) -> dict[str, Count]:
    codes = monthly.BY_URGENCY if cell[1] == monthly.URGENCY else CODES
    return {code: figures[code].shown(cell) for code in codes}


def _times(
    of: Of, month: str, figures: Mapping[str, _Figure], before: Mapping[str, Any]
) -> dict[str, Count]:
    """Within how many minutes half, and nine of ten, were answered: told with the quarter, and
    never again; None of too few, and where a time of the quarter is withheld, of which it could
    tell.
    """
    quarter = quarter_of(month)
    earlier = next((row for row in before.get("months", ()) if row["month"] == month), None)
    if earlier is not None and quarter in [row["quarter"] for row in before.get("times", ())]:
        return {name: earlier.get(name) for name in ("median", "ninth")}
    taken = Counter[int]()
    for key, number in of(monthly.TAKEN).items():
        when, minutes = key.split(" ")
        if when == month:
            taken[int(minutes)] += number
    answered = figures["answered"]
    is_told = (quarter,) in answered.counts and taken.total() >= FEWEST_TIMED
    is_told = is_told and answered.shown((month,)) is not None
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


def _asked(
    kept: Mapping[str, int], quarters: Iterable[str], unanswered: Table
) -> list[dict[str, object]]:
    """By the quarter in which they were asked; answers until the end of the month after count.

    `unanswered` was told before: who was asked in a month and is waited for at the end of the next
    is among those without an answer, so that their number bounds what is withheld there.
    """
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    for key, number in kept.items():
        asked, *ended = key.split(" ")
        is_answered = bool(ended) and ended[0] <= _next(asked) and ended[1] != monthly.BY_NOBODY
        parts[quarter_of(asked)][ended[1] if is_answered else "unanswered"] += number
    rows: list[dict[str, object]] = []
    for quarter in quarters:
        found = parts[quarter]
        counts: dict[object, int] = {part: found[part] for part in _ANSWERS}
        whole = shown(found.total())
        waited_for = _waited_for(quarter, unanswered)
        told = suppressed(counts)
        if _is_tight(whole, told, waited_for):
            told = suppressed(counts, ("unanswered",))
        if whole is None or _is_tight(whole, told, waited_for):
            whole, told = None if found.total() else 0, dict.fromkeys(_ANSWERS)
        rows.append({"quarter": quarter, "asked": whole, **{one: told[one] for one in _ANSWERS}})
    return rows


def _waited_for(quarter: str, unanswered: Table) -> list[Count]:
    """Who was asked in each month of a quarter and waited for at the end of the next, as told."""
    ends = [_next(month) for month in _months_of(quarter)]
    return [
        row["number"]
        for row in unanswered
        if row["month"] in ends and row["what"] == monthly.EVALUATING and row["age"] == 1
    ]


def _is_tight(whole: Count, told: Mapping[object, Count], waited_for: Iterable[Count]) -> bool:
    """Whether so few are without an answer that a withheld part of them could not be any of the
    small numbers.
    """
    listed = list(waited_for)
    hidden = sum(number is None for number in listed)
    if not hidden or whole is None:
        return False
    most = told["unanswered"]
    if most is None:
        gaps = sum(number is None for number in told.values())
        most = whole - sum(number or 0 for number in told.values()) - (gaps - 1)
    left = most - sum(number or 0 for number in listed) - hidden
    return left < SMALLEST_SHOWN - 2


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
