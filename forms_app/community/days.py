"""School terms, and the days off and make-up workdays of years that the library does not know."""

import re

from forms_app.community.rows import named
from forms_app.community.shapes import SchoolTerm
from forms_app.community.sources import Folder
from forms_app.community.values import DAY
from forms_app.rules.worktime import YearWorkdays

_FOLDER = "workdays"


def read_school_terms(folder: Folder) -> tuple[SchoolTerm, ...]:
    """The terms in order of time; none where one of them cannot be used."""
    rows = folder.items("school_terms.yml", ("name", "start", "end"))
    terms: list[SchoolTerm] = []
    for row in rows:
        before = len(row.errors)
        term = SchoolTerm(named(row), row.get("start", DAY), row.get("end", DAY))
        if len(row.errors) > before:
            continue
        if term.end <= term.start:
            row.refuse("end", f"放假日期{term.end}不晚于开学日期{term.start}", "核对这两个日期")
            continue
        for other in terms:
            if term.start <= other.end and other.start <= term.end:
                row.refuse(
                    "start",
                    f"与「{other.name}」（{other.start}到{other.end}）重叠",
                    "学期之间不能重叠，核对起止日期",
                )
        terms.append(term)
    if len(terms) < len(rows):
        return ()
    return tuple(sorted(terms, key=lambda term: term.start))


def read_workdays(folder: Folder) -> dict[int, YearWorkdays]:
    """workdays/<year>.yml by year. Anything else in that folder, such as a note, is ignored."""
    years = {}
    for file in sorted({*folder.below(_FOLDER, ".yml"), *folder.below(_FOLDER, ".yaml")}):
        year = year_of(file)
        if file.count("/") > 1:
            continue
        if year is None:
            folder.note(file)
            folder.refuse(file, "", "", "文件名不是年份", "用四位年份作文件名，例如「2027.yml」")
            continue
        years[year] = _read_year(folder, file, year)
    return years


def file_of_year(year: int) -> str:
    """Where a year's days off and make-up workdays are written."""
    return f"{_FOLDER}/{year}.yml"


def year_of(file: str) -> int | None:
    """The year whose days off and make-up workdays this file holds; None where it holds none."""
    found = re.fullmatch(rf"{_FOLDER}/(20[0-9]{{2}})\.yml", file)
    return int(found[1]) if found else None


def _read_year(folder: Folder, file: str, year: int) -> YearWorkdays:
    row = folder.mapping(file, ("days_off", "workdays"))
    if "days_off" in row.cells and not row.is_filled("days_off"):
        row.refuse("days_off", "没有填放假日期", "照国务院办公厅的通知逐日填写")
    days_off, workdays = row.each("days_off", DAY), row.each("workdays", DAY)
    for key, days in (("days_off", days_off), ("workdays", workdays)):
        for day in days:
            if day != DAY.stand_in and day.year != year:
                row.refuse(key, f"{day}不在{year}年", f"只写{year}年的日期，别的年份另建文件")
    for day in sorted({*days_off} & {*workdays} - {DAY.stand_in}):
        row.refuse("workdays", f"{day}既放假又上班", "从其中一处删掉")
    for day in workdays:
        if day.year == year and day.weekday() < 5:
            row.refuse("workdays", f"{day}是周一到周五，不用调休", "这里只写要上班的周六、周日")
    return YearWorkdays(frozenset(days_off), frozenset(workdays))
