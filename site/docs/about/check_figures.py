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
    """Totals against the lists that they are totals of."""
    totals = {row["figure"]: number(row["value"]) for row in tables["totals"]}
    for code in ("received", "resolved"):
        whole = totals[code]
        by_month = total(tables["months"], code)
        if whole is not None and by_month is not None:
            yield by_month == whole, f"各月{code}加起来：{by_month}，总数{whole}"
        for name in ("communities", "categories"):
            found = total(tables[name], code)
            # What belongs to a community or a kind that is no more stands in the total alone.
            if whole is not None and found is not None:
                yield found <= whole, f"{name} {code}加起来：{found}，总数{whole}"
    for part, whole_code in (("opinions_on_time", "opinions_given"), ("resolved", "received")):
        for row in tables["communities"]:
            few, many = number(row[part]), number(row[whole_code])
            if few is not None and many is not None:
                yield few <= many, f"{row['name']}：{part} {few} 不多于 {whole_code} {many}"


def opinions(tables: dict[str, list[Row]], good: list[int]) -> Iterator[Check]:
    """Each step of opinions from its levels, and all steps against the shares."""
    steps: dict[tuple[str, str], list[Row]] = {}
    for row in tables["verdicts"]:
        steps.setdefault((row["figure"], ""), []).append(row)
    for row in tables["ratings"]:
        steps.setdefault(("satisfied_rating", row["about"]), []).append(row)
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


def withheld(tables: dict[str, list[Row]], smallest: int) -> Iterator[Check]:
    """No small count is shown, and none is what a total lacks."""
    for name in ("totals", "months", "communities", "categories", "classes"):
        rows = tables[name]
        for column in rows[0] if rows else ():
            cells = [row[column] for row in rows]
            if not all(cell == WITHHELD or cell.isdecimal() for cell in cells):
                continue
            counts = [number(cell) for cell in cells]
            small = [count for count in counts if count is not None and 0 < count < smallest]
            yield not small, f"{name} {column}：没有不足{smallest}件的数字"
            shown = [count for count in counts if count]
            lonely = name != "totals" and counts.count(None) == 1 and shown
            yield not lonely, f"{name} {column}：没有只藏一格、一减就知道的"


def checks(package: dict[str, object], tables: dict[str, list[Row]]) -> list[Check]:
    """All of them, in the order in which one reads the page."""
    good, smallest = package["satisfied_levels"], package["smallest_shown"]
    if not isinstance(good, list) or not isinstance(smallest, int):
        raise ValueError("satisfied_levels, smallest_shown")
    return [
        *sums(tables),
        *shares(tables),
        *opinions(tables, good),
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
