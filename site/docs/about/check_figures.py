"""Recomputes every published figure from the data package alone; Python alone is needed.

    python check_figures.py figures.zip

`figures.zip` is what the page 公开数据 offers to download. It says of each check whether it holds,
and ends with 0 where all do, with 1 where one does not, with 2 where the file is none of that kind.
It shares no line with the program that made the figures: whoever trusts neither may read this.
"""

import csv
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from io import TextIOWrapper
from math import sqrt
from pathlib import Path
from zipfile import BadZipFile, ZipFile

WITHHELD = "不公布"
LEVELS = ("level_5", "level_4", "level_3", "level_2", "level_1")
POINTS = (100, 75, 50, 25, 0)
# Counts of months and quarters: each whole and its parts.
PARTS = {
    "answered": ("answered_within_ten", "answered_on_time", "off_duty"),
    "finished": ("finished_on_time", "desk", "extended", "escalated"),
    "called": ("units_in_time",),
}
CODES = ["received", *(code for whole, parts in PARTS.items() for code in (whole, *parts))]
BY_URGENCY = ("finished", "finished_on_time")
SMALL = {
    "record_months": CODES,
    "record_quarters": CODES,
    "record_urgencies": BY_URGENCY,
    "answer_times": ("answered",),
    "arrivals": ("received",),
    "asked": ("asked", "own", "entered", "unanswered"),
    "unanswered": ("number",),
    "at_work": ("waiting", "overdue", "set_aside"),
    "verdict_places": ("count", "satisfied"),
}
Row = dict[str, str]
Check = tuple[bool, str]


def number(cell: str) -> int | None:
    """The count in a cell; None where it is withheld. Raises ValueError for anything else."""
    return None if cell == WITHHELD else int(cell)


def total(rows: list[Row], column: str) -> int | None:
    """The sum of a column; None where a cell of it is withheld."""
    cells = [number(row[column]) for row in rows]
    return None if None in cells else sum(cell for cell in cells if cell is not None)


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The interval that holds the share with a certainty of 95 %, in per cent."""
    z = 1.959963984540054
    low_high = []
    for sign in (-1, 1):
        root = sqrt(part * (whole - part) / whole + z * z / 4)
        low_high.append(100 * (part + z * z / 2 + sign * z * root) / (whole + z * z))
    return max(0.0, low_high[0]), min(100.0, low_high[1])


def shares(tables: dict[str, list[Row]]) -> Iterator[Check]:
    """Each share from its two numbers."""
    for row in tables["shares"]:
        part, whole = number(row["part"]), number(row["whole"])
        told = f"{row['name']} {row['of']}".strip()
        if part is None or not whole:
            yield row["percent"] == WITHHELD, f"{told}：分子或分母不公布，也就没有比例"
            continue
        close = abs(Fraction(row["percent"]) - Fraction(100 * part, whole)) <= Fraction(1, 20)
        ends = zip((float(row["low"]), float(row["high"])), wilson(part, whole), strict=True)
        fits = close and all(abs(said - found) <= 0.051 for said, found in ends)
        yield part <= whole and fits, f"{told}：{part}/{whole} = {row['percent']}%"


def mean_fits(row: Row) -> bool:
    """The mean of the levels in points; withheld where one of them is."""
    cells = [number(row[level]) for level in LEVELS]
    if None in cells:
        return row["points"] == WITHHELD
    weighed = sum(cell * points for cell, points in zip(cells, POINTS, strict=True) if cell)
    return abs(Fraction(row["points"]) - Fraction(weighed, int(row["count"]))) <= Fraction(1, 20)


def sums(tables: dict[str, list[Row]]) -> Iterator[Check]:
    """Totals against the months that they are totals of: those that are shown."""
    totals = {row["figure"]: number(row["value"]) for row in tables["totals"]}
    for code in ("received", "finished"):
        cells = [number(row[code]) for row in tables["months"]]
        shown = sum(cell for cell in cells if cell is not None)
        yield shown == totals[code], f"各月{code}加起来：{shown}，总数{totals[code]}"


def opinions(tables: dict[str, list[Row]], good: list[int]) -> Iterator[Check]:
    """Each step of opinions from its levels, and all steps against the shares."""
    steps: dict[tuple[str, str], list[Row]] = {}
    for row in tables["verdicts"]:
        steps.setdefault((row["figure"], ""), []).append(row)
    for name, figure in (("ratings", "satisfied_rating"), ("entered_ratings", "entered_ratings")):
        for row in tables[name]:
            steps.setdefault((figure, row["about"]), []).append(row)
    told = {(row["figure"], row["of"]): row for row in tables["shares"]}
    for (figure, of), rows in steps.items():
        until = ""
        for row in rows:
            name = f"{figure} {of} {row['since']}–{row['until']}"
            yield until < row["since"] <= row["until"], f"{name}：月份不重叠"
            until = row["until"]
            for column, levels in (
                ("count", LEVELS),
                ("satisfied", tuple(f"level_{level}" for level in good)),
            ):
                cells = [number(row[level]) for level in levels]
                if None not in cells:
                    found = sum(cell for cell in cells if cell is not None)
                    yield found == int(row[column]), f"{name}：{column} {found}"
            yield mean_fits(row), f"{name}：平均分{row['points']}"
        for column, shown in (("count", "whole"), ("satisfied", "part")):
            found_all = total(rows, column)
            fits = found_all is not None and str(found_all) == told[figure, of][shown]
            yield fits, f"{figure} {of}：各批{column}加起来 {found_all}"


def record(tables: dict[str, list[Row]], smallest: int) -> Iterator[Check]:
    """Months and quarters that are over: parts, lists of one total, times, corrections."""
    months = {row["month"]: row for row in tables["record_months"]}
    live = {row["month"]: row for row in tables["months"]}
    before = ""
    for month, row in months.items():
        yield (
            not before or month == following(before),
            f"{month}：接着{before or '开头'}，没有缺月份",
        )
        before = month
        if month in live:
            same = all(row[code] == live[month][code] for code in ("received", "finished"))
            yield same, f"{month}：收到的、办出的结果和每月表里的一样"
        yield from times(month, row)
    for name in ("record_months", "record_quarters", "record_urgencies"):
        for row in tables[name]:
            for whole, parts in PARTS.items():
                for part in (part for part in parts if part in row):
                    few, many = number(row[part]), number(row[whole])
                    told = " ".join(row[key] for key in ("month", "quarter", "name") if key in row)
                    fits = few is None or many is None or few <= many
                    yield fits, f"{told} {part}：{row[part]}不多于{row[whole]}"
    for quarter in {row["quarter"]: None for row in tables["record_quarters"]}:
        inside = [row for month, row in months.items() if quarter_of(month) == quarter]
        for code in CODES:
            lists = {"months": total(inside, code)}
            for by in ("community", "kind"):
                lists[by] = total(chosen(tables["record_quarters"], quarter, by), code)
            if code in BY_URGENCY:
                lists["urgency"] = total(chosen(tables["record_urgencies"], quarter), code)
            if code == "answered":
                lists["times"] = total(chosen(tables["answer_times"], quarter), code)
            if code == "received":
                for by in ("hour", "weekday"):
                    lists[by] = total(chosen(tables["arrivals"], quarter, by), code)
            yield agree(lists, smallest), f"{quarter} {code}：各种分法加起来一样多 {lists}"
    for row in tables["asked"]:
        parts = [number(row[name]) for name in ("own", "entered", "unanswered")]
        fits = None in parts or sum(part for part in parts if part) == number(row["asked"])
        yield fits, f"{row['quarter']} asked：三样加起来是{row['asked']}"
    newest = {(row["month"], row["figure"]): row["is"] for row in tables["corrections"]}
    for (month, code), value in newest.items():
        cell = months.get(month, {}).get(code, WITHHELD)
        yield cell in (value, WITHHELD), f"{month} {code}：更正为{value}，表里是{cell}"


def times(month: str, row: Row) -> Iterator[Check]:
    """Half within ten minutes, or nine tenths: as the count of those within ten minutes says."""
    within, whole = number(row["answered_within_ten"]), number(row["answered"])
    for name, tenths in (("median", 5), ("ninth", 9)):
        minutes = number(row[name])
        if minutes is not None and within is not None and whole is not None:
            fits = (minutes <= 10) == (10 * within >= tenths * whole)
            yield fits, f"{month} {name}：{minutes}分钟，和10分钟内的{within}/{whole}对得上"


def following(month: str) -> str:
    """The month after."""
    year, count = int(month[:4]), int(month[5:])
    return f"{year + count // 12:04}-{count % 12 + 1:02}"


def quarter_of(month: str) -> str:
    """The quarter that a month is of."""
    return f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"


def chosen(rows: list[Row], quarter: str, by: str = "") -> list[Row]:
    """The rows of a quarter, told by this."""
    return [row for row in rows if row["quarter"] == quarter and not (by and row["by"] != by)]


def agree(lists: dict[str, int | None], smallest: int) -> bool:
    """Whether all that are known are the same. A month is told first, and stays as it was told as
    long as fewer than `smallest` are to be corrected: a quarter's months may lack that many each.
    """
    known = {by: found for by, found in lists.items() if found is not None}
    months = known.pop("months", None)
    few = 3 * (smallest - 1)
    fits = months is None or all(abs(found - months) <= few for found in known.values())
    return fits and len(set(known.values())) < 2


def own(tables: dict[str, list[Row]], good: list[int], smallest: int) -> Iterator[Check]:
    """Parts of residents' own verdicts: within their batch, and never a few apart from it."""
    batches = {
        (row["since"], row["until"]): (int(row["count"]), int(row["satisfied"]))
        for row in tables["verdicts"]
        if row["figure"] == "satisfied_own"
    }
    for row in tables["verdict_parts"]:
        name = f"{row['part']} {row['since']}–{row['until']}"
        count, satisfied = number(row["count"]), number(row["satisfied"])
        whole = batches.get((row["since"], row["until"]))
        yield whole is not None, f"{name}：有这一批"
        if row["part"] == "recurred" and satisfied is not None and whole is not None:
            yield satisfied <= whole[1], f"{name}：{satisfied}不多于满意的{whole[1]}"
        if count is None or satisfied is None or whole is None:
            continue
        yield mean_fits(row), f"{name}：平均分{row['points']}"
        levels = [number(row[level]) for level in LEVELS]
        if None not in levels:
            liked = [number(row[f"level_{level}"]) for level in good]
            fits = sum(one for one in levels if one) == count
            fits = fits and sum(one for one in liked if one) == satisfied
            yield fits, f"{name}：五档加起来是{count}，满意的{satisfied}"
        apart = (whole[1] - satisfied, whole[0] - whole[1] - count + satisfied)
        fits = all(one == 0 or one >= smallest for one in (*apart, satisfied, count - satisfied))
        yield fits, f"{name}：和全部相差的不少于{smallest}"
    for (since, until), whole in batches.items():
        for by in ("community", "kind"):
            rows = [
                row
                for row in tables["verdict_places"]
                if (row["since"], row["until"], row["by"]) == (since, until, by)
            ]
            for column, told in zip(("count", "satisfied"), whole, strict=True):
                found = total(rows, column)
                fits = not rows or found is None or found <= told
                yield fits, f"{since}–{until} {by} {column}：{found}不多于{told}"
            hidden = [row for row in rows if row["count"] == WITHHELD]
            yield len(hidden) != 1 or by == "kind", f"{since}–{until} {by}：没有只藏一行的"


def same_shares(tables: dict[str, list[Row]]) -> Iterator[Check]:
    """The numbers of each share against the table that they come from."""
    told = {(row["figure"], row["of"]): (row["part"], row["whole"]) for row in tables["shares"]}
    wanted = [
        ((part, row["month"]), (row[part], row[whole]))
        for row in tables["record_months"]
        for whole, parts in PARTS.items()
        for part in parts
    ]
    wanted += [
        ((f"asked_{part}", row["quarter"]), (row[part], row["asked"]))
        for row in tables["asked"]
        for part in ("own", "entered", "unanswered")
    ]
    wanted += [
        ((row["part"], f"{row['since']}–{row['until']}"), (row["satisfied"], row["count"]))
        for row in tables["verdict_parts"]
        if row["count"] != WITHHELD
    ]
    for key, cells in wanted:
        yield told.get(key) == cells, f"{key[0]} {key[1]}：{cells[0]}/{cells[1]}，和比例里的一样"


def withheld(tables: dict[str, list[Row]], smallest: int) -> Iterator[Check]:
    """No small count is shown."""
    cells = [row["value"] for row in tables["totals"]]
    cells += [row[code] for row in tables["months"] for code in ("received", "finished")]
    few = [cell for cell in map(number, cells) if cell is not None and 0 < cell < smallest]
    yield not few, f"totals、months：没有不足{smallest}件的数字"
    for name, columns in SMALL.items():
        cells = [number(row[column]) for row in tables[name] for column in columns]
        few = [cell for cell in cells if cell is not None and 0 < cell < smallest]
        yield not few, f"{name}：没有不足{smallest}件的数字"


def checks(package: dict[str, object], tables: dict[str, list[Row]]) -> list[Check]:
    """All of them, in the order in which one reads the page."""
    good, smallest = package["satisfied_levels"], package["smallest_shown"]
    if not isinstance(good, list) or not isinstance(smallest, int):
        raise ValueError("satisfied_levels, smallest_shown")
    return [
        *sums(tables),
        *shares(tables),
        *opinions(tables, good),
        *record(tables, smallest),
        *own(tables, good, smallest),
        *same_shares(tables),
        *withheld(tables, smallest),
    ]


def read(path: Path) -> tuple[dict[str, object], dict[str, list[Row]]]:
    """The description and the tables. Raises BadZipFile, KeyError, ValueError."""
    with ZipFile(path) as folder:
        package = json.loads(folder.read("datapackage.json"))
        tables = {}
        for resource in package["resources"]:
            with folder.open(resource["path"]) as file:
                lines = TextIOWrapper(file, encoding="utf-8-sig", newline="")
                tables[resource["name"]] = list(csv.DictReader(lines))
    return package, tables


def main(arguments: list[str]) -> int:
    """What the program ends with."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        found = checks(*read(Path(arguments[0])))
    except (OSError, BadZipFile, KeyError, ValueError, TypeError) as error:
        print(f"这不是公开数据的压缩包，或者缺了东西：{error}")
        return 2
    for holds, words in found:
        print("对" if holds else "不对", words)
    wrong = sum(not holds for holds, _ in found)
    print(f"核对{len(found)}项，{wrong}项不对。")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
