"""The days off and make-up workdays of a year: read from the State Council's notice as it stands
there, said again in its words, and written as workdays/<year>.yml.

A day of the week behind a date is looked at, too: so the notice of another year is found out.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec import Struct

from forms_app.community import load
from forms_app.community.days import file_of_year, year_of
from forms_app.community.values import Unreadable
from forms_app.content.saving import Change, ChangedMeanwhile, content_now, save_together
from forms_app.content.versions import Version, digest_of
from forms_app.rules.said import listed, said
from forms_app.rules.weekly import DAYS
from forms_app.rules.worktime import ANNOUNCED, YearWorkdays
from forms_app.settings import Settings

NEW = "new"
NOTHING_YET = "还没有录入"
FEWEST_DAYS_OFF = 20  # a notice never had as few: some of it is missing
MOST_LETTERS = 5000
_OFF, _WORK = "off", "work"
_KEYWORDS = {"放假": _OFF, "上班": _WORK, "补班": _WORK}
_DATE = (
    r"(?:(?P<{0}year>\d{{4}})[年./-])?(?:(?P<{0}month>\d{{1,2}})[月./-])?(?P<{0}day>\d{{1,2}})"
    r"(?P<{0}unit>[日号]?)(?:\s*\((?P<{0}week>[^()]*)\))?"
)
_TOKEN = re.compile(
    rf"{_DATE.format('')}(?:\s*(?:至|到|-|~|—|–)+\s*{_DATE.format('end_')})?"
    rf"|(?P<keyword>{'|'.join(_KEYWORDS)})(?P<label>\s*:)?"
)
_WEEKDAY = re.compile(f"(?:周|星期)([{DAYS}天])")


class Read(Struct, frozen=True):
    """What a notice says of its year, and which of its sentences with a date say nothing of it."""

    year: YearWorkdays
    unused: tuple[str, ...] = ()


class Differs(Struct, frozen=True):
    """What becomes another kind of day, in words; "" for none."""

    label: str
    words: str


def read_notice(text: str, year: int) -> Read:
    """The days of a notice. Raises Unreadable with the words that cannot be used."""
    days: dict[str, set[date]] = {_OFF: set(), _WORK: set()}
    unused: list[str] = []
    for sentence in _sentences(text):
        pending: list[date] = []
        is_of_another_year = True
        label, month = "", 0
        for found in _TOKEN.finditer(sentence):
            kind = _KEYWORDS.get(found["keyword"] or "", "")
            if kind and pending:
                days[kind] |= {*pending}
                pending = []
            elif kind and found["label"]:
                label = kind
            if found["day"] is None or not _is_date(found, month):
                continue
            span, month = _span(found, year, month)
            is_of_another_year &= span[0].year != year
            pending += span
        if pending and label:
            days[label] |= {*pending}
        elif pending and is_of_another_year:
            unused.append(sentence.strip())  # when the notice was signed
        elif pending:
            raise Unreadable(
                said("“%(sentence)s”没有写是放假还是上班", sentence=sentence.strip()[:60]),
                "写成“1月1日至3日放假”、“1月4日上班”的样子",
            )
    wrong = sorted(day for one in days.values() for day in one if day.year != year)
    if wrong:
        raise Unreadable(
            said("%(day)s不是%(year)s年的日子", day=wrong[0].isoformat(), year=year),
            "这里只写这一年的日期，跨年的在那一年的页上写",
        )
    if not days[_OFF]:
        raise Unreadable(
            "没有找到放假的日子", "把通知的原文贴进来，或者写成“1月1日至3日放假”的样子"
        )
    return Read(YearWorkdays(frozenset(days[_OFF]), frozenset(days[_WORK])), tuple(unused))


def _sentences(text: str) -> Iterator[str]:
    return iter(re.split("(?<=[。;\n])", unicodedata.normalize("NFKC", text)))


def _is_date(found: re.Match[str], month: int) -> bool:
    """A number alone is none (`共3天`), unless it says so and a month stood before it."""
    if found["month"] is not None:
        return bool(found["year"] or found["unit"] or "月" in found[0])
    return bool(found["unit"]) and month > 0


def _span(found: re.Match[str], usual_year: int, usual_month: int) -> tuple[list[date], int]:
    """The days from one to another, and the month of the last."""
    year = int(found["year"] or usual_year)
    first = _day(found, year, int(found["month"] or usual_month), found["day"], found["week"])
    if found["end_day"] is None:
        return [first], first.month
    end_year, end_month = int(found["end_year"] or year), int(found["end_month"] or first.month)
    last = _day(found, end_year, end_month, found["end_day"], found["end_week"])
    if not first < last <= first + timedelta(days=31):
        raise Unreadable(
            said("“%(words)s”从前到后对不上", words=found[0].strip()), "核对这两个日期"
        )
    return [first + timedelta(days=n) for n in range((last - first).days + 1)], last.month


def _day(found: re.Match[str], year: int, month: int, day: str, week: str | None) -> date:
    try:
        on = date(year, month, int(day))
    except ValueError:
        raise Unreadable(
            said("日历上没有“%(words)s”这一天", words=found[0].strip()), "核对年月日"
        ) from None
    told = _WEEKDAY.search(week or "")
    if told and DAYS.index(told[1].replace("天", "日")) != on.weekday():
        raise Unreadable(
            said(
                "%(day)s是周%(weekday)s，不是%(told)s",
                day=_month_day(on), weekday=DAYS[on.weekday()], told=told[0],
            ),
            said("核对日期；也看看是不是%(year)s年的通知", year=year),
        )  # fmt: skip
    return on


def notice_words(year: YearWorkdays) -> str:
    """The days in a notice's words, a line each, as read_notice reads them."""
    lines = [(start, f"{_span_words(start, end)}放假") for start, end in _spans(year.days_off)]
    lines += [(day, f"{_with_weekday(day)}上班") for day in sorted(year.workdays)]
    return "\n".join(words for _, words in sorted(lines))


def differences(before: YearWorkdays | None, after: YearWorkdays) -> tuple[Differs, ...]:
    """What becomes another kind of day; of a year that nobody knew all that it has."""
    known = before or YearWorkdays(frozenset(), frozenset())
    rows = (
        ("多放假的", after.days_off - known.days_off),
        ("不再放假的", known.days_off - after.days_off),
        ("多补班的", after.workdays - known.workdays),
        ("不再补班的", known.workdays - after.workdays),
    )
    return tuple(Differs(label, _words(days)) for label, days in rows if days)


def known_year(settings: Settings, year: int) -> tuple[YearWorkdays | None, bool]:
    """What is known of the year, and whether the office wrote it; else the program brings it."""
    entered = load(settings.community_dir).clocks.calendar.entered
    return entered.get(year) or ANNOUNCED.get(year), year in entered


def seen_digest(settings: Settings, year: int) -> str:
    """What tells the year's file from what it becomes; of one that is not there NEW."""
    content = content_now(settings, file_of_year(year))
    return digest_of(content) if content else NEW


def file_content(year: int, days: YearWorkdays) -> bytes:
    """workdays/<year>.yml."""
    lines = [f"# {year}年的放假和补班，照国务院办公厅的通知", "days_off:"]
    lines += [f"  - {day.isoformat()}" for day in sorted(days.days_off)]
    if days.workdays:
        lines += ["workdays:", *(f"  - {day.isoformat()}" for day in sorted(days.workdays))]
    else:
        lines.append("workdays: []")
    return ("\n".join(lines) + "\n").encode()


def judge(settings: Settings, year: int, days: YearWorkdays) -> None:
    """Raises DataRefused where the data would be refused with it."""
    load(settings.community_dir, instead={file_of_year(year): file_content(year, days)})


def save_year(settings: Settings, days: YearWorkdays, seen: str, change: Change) -> bool:
    """Writes it; whether that was a change at all. Pressed twice it is written once.

    Raises ChangedMeanwhile, DataRefused, ContentBusy and OSError.
    """
    content = file_content(year_of(change.file) or 0, days)

    def make(before: bytes) -> bytes:
        if before == content:
            return before
        if (digest_of(before) if before else NEW) != seen:
            raise ChangedMeanwhile
        return content

    began_with = {}
    if seen == NEW:  # a way back to before it was there
        began_with[change.file] = (
            Version(change.now - timedelta(seconds=1), "", NOTHING_YET, ""), b"",
        )  # fmt: skip
    return save_together(settings, change, {change.file: make}, began_with)


def _spans(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    found: list[list[date]] = []
    for day in sorted(days):
        if found and found[-1][-1] + timedelta(days=1) == day:
            found[-1].append(day)
        else:
            found.append([day])
    return ((span[0], span[-1]) for span in found)


def _words(days: Iterable[date]) -> str:
    return listed(_span_words(start, end) for start, end in _spans(days))


def _span_words(start: date, end: date) -> str:
    if start == end:
        return _with_weekday(start)
    last = _with_weekday(end) if start.month != end.month else f"{end.day}日（周{_weekday(end)}）"
    return f"{_with_weekday(start)}至{last}"


def _with_weekday(day: date) -> str:
    return f"{_month_day(day)}（周{_weekday(day)}）"


def _weekday(day: date) -> str:
    return DAYS[day.weekday()]


def _month_day(day: date) -> str:
    return f"{day.month}月{day.day}日"
