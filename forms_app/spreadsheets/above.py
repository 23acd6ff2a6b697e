"""What a sheet says once for many of its rows: a place or a year in its titles, a community over
some of them, a day that only the first of several has.

A row's own words always count for more, and whatever is taken from here is told.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community import Circle
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets.columns import SORTS
from forms_app.spreadsheets.meanings import Meanings
from forms_app.spreadsheets.profile import DAY_OF_MONTH
from forms_app.spreadsheets.sheets import TITLE, Sheet
from forms_app.spreadsheets.values import bare, moment

# 桂园小区等三个小区, 桂园小区、翠竹苑: no title of one place.
_AND_OTHERS = re.compile(f"(?:{SORTS}|社区)(?:等|周边|附近|[、和及与])")
_MONTH = re.compile(r"(?<!\d)(20\d{2})[年.\-/](\d{1,2})(?:月|(?![\d.\-/]))")
_MONTH_ALONE = re.compile(r"(?<!\d)(\d{1,2})月(?!\d)")
_PARTS = re.compile(r"\s+")
_MADE = re.compile("导出|打印|生成|制表|填报|填表")  # when the sheet was made, not what it is about
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?=年|[.\-/]\d|$)")
# Ten, twenty and thirty lose their nought where a spreadsheet program takes 11.10 for a number.
_LOST_NOUGHT = re.compile(r"(?:\d{4}\.)?\d{1,2}\.[123]")
_YEAR_LAST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})((?:[\sT].*)?)", re.DOTALL)
_HALF_OF_A_DAY = re.compile("[AP]M", re.IGNORECASE)
_MONTHS = 12
_IN_ORDER = 0.9  # of the days, so that their order says something of one that is not there
_ANY_COMMUNITY = re.compile("社区|村委|居委")


class Above(Struct, frozen=True):
    """The words above some rows, and what of ours they name."""

    words: str = ""
    community: str = ""
    estate: str = ""
    years: frozenset[int] = frozenset()
    months: frozenset[str] = frozenset()  # 2026-10, or -10 of no year


class Read(Struct, frozen=True):
    """What a cell is read as, and what is said of that."""

    text: str
    sentence: str


def titles(sheet: Sheet, meanings: Meanings) -> Above:
    """What the lines over the headings and the name of the page say of all its rows."""
    lines = [one.words for one in sheet.aside if one.why == TITLE]
    whole = _named("　".join([*lines, sheet.name]), meanings)
    if _AND_OTHERS.search(whole.words):
        whole = replace(whole, community="", estate="")
    names = (whole.community, whole.estate)
    naming = (words for words in (*lines, sheet.name) if set(meanings.named(words)) & {*names})
    return replace(whole, words=next(naming, "")) if any(names) else whole


def title_lines(sheet: Sheet, circle: Circle) -> list[str]:
    """The lines over the headings, and the name of the page where it names a place of ours."""
    lines = [one.words for one in sheet.aside if one.why == TITLE]
    names_one = any(Meanings(circle, {}).named(sheet.name))
    return [*lines, sheet.name] if names_one else lines


def sub_heading(words: str, over: Above, meanings: Meanings) -> Above:
    """What a line between the rows says of those below it; `over` is the one above it.

    A community holds until another one is named, ours or not.
    """
    found = _named(words, meanings)
    keeps = not found.community and not _ANY_COMMUNITY.search(words)
    return Above(words, over.community if keeps else found.community, found.estate)


def _named(words: str, meanings: Meanings) -> Above:
    community, estate = meanings.named(words)
    parts = _PARTS.split(bare(words))
    years = {int(year) for one in parts if not _MADE.search(one) for year in _YEAR.findall(one)}
    months = {f"{year}-{month}" for year, month in _MONTH.findall(bare(words))}
    if not months and not years:
        told = (one for one in parts if not _MADE.search(one))
        months = {f"-{month}" for one in told for month in _MONTH_ALONE.findall(one)}
    return Above(words, community, estate, frozenset(years), frozenset(months))


def end_of_year(above: Above, now: datetime) -> datetime:
    """From when days without a year are looked back at: the end of the only one that is named."""
    if len(above.years) != 1:
        return now
    (year,) = above.years
    return min(now, datetime(year, 12, 31, 23, 59, 59, tzinfo=CHINA))


def days_by_order(
    days: Sequence[tuple[int, str]], now: datetime, months: Collection[str]
) -> dict[int, Read]:
    """Row → what its day is read as, by the days above and below it: (row, as written); `months`
    are those that the titles name.

    Of rows in the order of their days, one without a day has that of the row above it, as people
    write only the first of several; and 11.1 between 11.9 and 11.11 is the tenth.
    """
    found = _years_last(days, now) | _of_month(days, months)
    days = [(row, found[row].text if row in found else text) for row, text in days]
    if not any(not text or _LOST_NOUGHT.fullmatch(text) for _, text in days):
        return found
    known = [moment(text, now) if text else None for _, text in days]
    sure = [None if _LOST_NOUGHT.fullmatch(text) else at
            for (_, text), at in zip(days, known, strict=True)]  # fmt: skip
    orders = _orders([at for at in sure if at])
    above: datetime | None = None
    written = ""
    for (row, text), at, below in zip(days, known, _below(sure), strict=True):
        between = _Between(above, below, orders)
        meant, said_of_it = at, None
        if not text and above and _is_day(above) and between.fits(above):
            sentence = said("没有写时间，按上面一行的%(day)s收到算。", day=written)
            said_of_it = Read(written, sentence)
        elif at and _LOST_NOUGHT.fullmatch(text):
            tenth = moment(f"{text}0", now)
            if tenth and tenth <= now and (between.fits(tenth) or not between.fits(at)):
                is_tenth = between.fits(tenth) and not between.fits(at)
                meant = tenth if is_tenth else at
                said_of_it = _maybe_tenth(text, is_tenth=is_tenth)
        if said_of_it:
            found[row] = said_of_it
        if meant:
            above, written = meant, said_of_it.text if said_of_it else text
    return found


def _years_last(days: Sequence[tuple[int, str]], now: datetime) -> dict[int, Read]:
    """The days whose year stands last, where the column tells which is the month: 11/13/2026."""
    found = {
        row: like for row, text in days
        if (like := _YEAR_LAST.fullmatch(text)) and moment(text, now) is None
    }  # fmt: skip
    pairs = [(int(like[1]), int(like[2])) for like in found.values()]
    says_half = any(_HALF_OF_A_DAY.search(like[4]) for like in found.values())
    month_first = all(a <= _MONTHS for a, _ in pairs)
    day_first = all(b <= _MONTHS for _, b in pairs)
    if month_first and (says_half or not day_first):
        month, day, sentence = 1, 2, "按月/日/年的顺序读。"
    elif day_first and not month_first:
        month, day, sentence = 2, 1, "按日/月/年的顺序读。"
    else:
        return {}
    return {
        row: Read(f"{like[3]}-{like[month]}-{like[day]}{like[4]}", sentence)
        for row, like in found.items()
    }


def _of_month(days: Sequence[tuple[int, str]], months: Collection[str]) -> dict[int, Read]:
    """The days that leave their month to the title: 5日 below 2026年10月."""
    if len(months) != 1:
        return {}
    (named,) = months
    year, month = named.split("-")
    if year:
        sentence = said("只写了几号，按标题里的%(year)s年%(month)s月算。", year=year, month=month)
    else:
        sentence = said("只写了几号，按标题里的%(month)s月算。", month=month)
    return {
        row: Read(f"{named.lstrip('-')}-{found[1]}", sentence)
        for row, text in days
        if (found := DAY_OF_MONTH.fullmatch(text))
    }


class _Between(Struct, frozen=True):
    """The days above and below a row, and whether they go up (1) or down (-1)."""

    above: datetime | None
    below: datetime | None
    orders: Sequence[int]

    def fits(self, day: datetime) -> bool:
        return any(
            (self.above is None or _goes(self.above, day, sign))
            and (self.below is None or _goes(day, self.below, sign))
            for sign in self.orders
        )


def _maybe_tenth(text: str, *, is_tenth: bool) -> Read:
    if is_tenth:
        sentence = said("“%(text)s”按上下两行的日子当作%(text)s0。", text=text)
        return Read(f"{text}0", sentence)
    sentence = said("“%(text)s”也可能是%(text)s0，表格软件会去掉末尾的0，请核对。", text=text)
    return Read(text, sentence)


def _orders(days: Sequence[datetime]) -> list[int]:
    """1 where the days go up, -1 where they go down; both where all are the same."""
    pairs = list(pairwise(days))
    return [
        sign
        for sign in (1, -1)
        if sum(_goes(a, b, sign) for a, b in pairs) >= _IN_ORDER * len(pairs)
    ]


def _goes(first: datetime, second: datetime, sign: int) -> bool:
    return first <= second if sign > 0 else first >= second


def _below(days: Sequence[datetime | None]) -> list[datetime | None]:
    """For each row the next day below it."""
    found: list[datetime | None] = []
    below: datetime | None = None
    for day in reversed(days):
        found.append(below)
        below = day or below
    return found[::-1]


def _is_day(at: datetime) -> bool:
    local = at.astimezone(CHINA)
    return (local.hour, local.minute) == (0, 0)
