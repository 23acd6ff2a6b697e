"""The record of the months that are over: how soon, how well, by community, kind and urgency.

Each cell is told once and stays: whoever keeps two publishings and subtracts them finds nothing
but cells that are new, each of which tells of nobody, and corrections of five and more. What one
publishing withholds, its other cells do not give away: all lists of one figure are withheld
together, beside what was told of it before.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from forms_app.community import Circle
from forms_app.issues import monthly
from forms_app.queries.record_asked import asked_by_quarter, unanswered_by_month
from forms_app.queries.record_figure import (
    CODES,
    OTHERS,
    RECEIVED,
    Cell,
    Cells,
    Figure,
    Of,
    counted,
    figure_of,
    listed_here,
    sum_of,
    whole_quarters,
    withhold_together,
)
from forms_app.queries.suppressed import Count, shown
from forms_app.rules.figures import (
    FEWEST_TIMED,
    HOURS,
    PARTS,
    TIMES,
    WHOLE_OF,
    nth,
)
from forms_app.rules.months import month_after, quarter_of_month
from forms_app.rules.weekly import DAYS

# What is corrected together: a whole and its parts.
_GROUPS = ((RECEIVED,), *((whole, *parts) for whole, parts in PARTS.items()))


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
    known = sorted({key[:7] for code in CODES for key in of(sum_of(code))})
    months = _from_to(min(known[0], current), current)[:-1] if known else []
    quarters = whole_quarters(months)
    told = _told_before(before)
    by_month = {code: _by_month(of(sum_of(code))) for code in CODES}
    corrections = _correct(told, by_month, today)
    figures: dict[str, Figure] = {}
    for code in CODES:
        whole = figures[WHOLE_OF[code]] if code in WHOLE_OF else None
        counts = counted(circle, of, code)
        figures[code] = figure_of(by_month[code], counts, code, months, told[code], whole)
    withhold_together(figures)
    rows = _rows(circle, told)
    waited_for = unanswered_by_month(of, months)
    unanswered = _once(before, "unanswered", ("month", "what", "age"), waited_for)
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
            if key in listed_here(circle)[by] or any(count != 0 for count in cells.values())
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
            before, "asked", ("quarter",), asked_by_quarter(of(monthly.ASKED), quarters, unanswered)
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
    found = [first]
    while found[-1] < last:
        found.append(month_after(found[-1]))
    return found


def _rows(circle: Circle, told: Mapping[str, Cells]) -> list[tuple[str, str]]:
    """By what, and which: of today, and what was told of before and is no more."""
    here = listed_here(circle)
    gone = {cell[1:] for cells in told.values() for cell in cells if cell[1:2] and cell[1] in here}
    return [
        (by, key)
        for by, keys in here.items()
        for key in (
            *keys,
            *sorted(key for kind, key in gone if kind == by and key not in (*keys, OTHERS)),
            *([] if by == monthly.URGENCY else [OTHERS]),
        )
    ]


def _cells(figures: Mapping[str, Figure], cell: Cell) -> dict[str, Count]:
    codes = monthly.BY_URGENCY if cell[1] == monthly.URGENCY else CODES
    return {code: figures[code].shown(cell) for code in codes}


def _times(
    of: Of, month: str, figures: Mapping[str, Figure], before: Mapping[str, Any]
) -> dict[str, Count]:
    """Within how many minutes half, and nine of ten, were answered: told with the quarter, and
    never again; None of too few, and where a time of the quarter is withheld, of which it could
    tell.
    """
    quarter = quarter_of_month(month)
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
    figure: Figure, quarters: Iterable[str], by: str, keys: Iterable[int], name: str
) -> list[dict[str, object]]:
    listed = [str(key) for key in keys]
    return [
        {"quarter": quarter, "by": by, "key": key, name: figure.shown((quarter, by, key))}
        for quarter in quarters
        for key in listed
    ]
