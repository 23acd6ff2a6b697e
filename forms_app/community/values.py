"""What one cell may hold: text in, a typed value out, or a fact with its remedy.

It knows nothing of files, rows or the community.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Generic, TypeVar

from msgspec import Struct

from forms_app.rules.weekly import DAYS, WeekTime
from forms_app.rules.worktime import CHINA, DutyHours

T = TypeVar("T")

LONGEST = timedelta(days=7)  # of an activity
LISTED = 12  # how many usable values a remedy lists
NO_MOMENT = datetime.min.replace(tzinfo=CHINA)


class Unreadable(Exception):
    """A cell that cannot be used: what is wrong and what to write instead."""

    def __init__(self, problem: str, remedy: str, *, is_echo: bool = False) -> None:
        self.problem = problem
        self.remedy = remedy
        self.is_echo = is_echo
        super().__init__(problem)


class Kind(Struct, Generic[T], frozen=True):
    """How a cell is read. `stand_in` keeps the reader going after an error; it never gets out."""

    read: Callable[[str], T]
    stand_in: T


def nearest(text: str, usable: Collection[str]) -> str:
    """What to write instead: the closest usable value, and what there is to choose from."""
    names = sorted(filter(None, usable))
    by_lower = {name.lower(): name for name in names}
    shown = "、".join(names[:LISTED])
    rest = f"等{len(names)}个" if len(names) > LISTED else ""
    close = get_close_matches(text.lower(), by_lower, 1, 0.5)
    question = f"是不是「{by_lower[close[0]]}」？" if close else ""
    return f"{question}可用的有：{shown}{rest}"


def _visible(text: str) -> str:
    for character in text:
        if unicodedata.category(character) == "Cc" and character != "\n":
            raise Unreadable(
                f"「{text.encode('unicode_escape').decode()}」里有看不见的控制字符",
                "清空这一格，用键盘重新输入",
            )
    return text


def _line(text: str) -> str:
    if "\n" in _visible(text):
        raise Unreadable("这一格里有换行", "写成一行")
    return text


TEXT = Kind(_line, "")
PARAGRAPH = Kind(_visible, "")


def _slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", text):
        made = re.sub(r"[^a-z0-9_-]+", "_", text.lower()).strip("_-")[:64]
        example = f"，例如「{made}」" if made else "，例如「library_2」"
        raise Unreadable(
            f"编号「{text}」不合规格",
            f"编号只用小写英文字母、数字、下划线和连字符，以字母或数字开头{example}",
        )
    return text


SLUG = Kind(_slug, "")


def _phone(text: str) -> str:
    digits = sum(character in "0123456789" for character in _line(text))
    if digits < 3 or not re.fullmatch(r"[0-9+(][0-9+ ,、/()，（）转-]*", text):
        raise Unreadable(
            f"电话「{text}」写法不对", "只写号码，例如「0797-0000-101」，分机写「转8」"
        )
    return text


PHONE = Kind(_phone, "")


def _bounded(text: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise Unreadable(f"「{text}」超出范围", f"填{low:g}到{high:g}之间的数")


def whole(low: int, high: int) -> Kind[int]:
    """Whole numbers from low to high."""

    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", text):
            raise Unreadable(f"「{text}」不是整数", "只写数字，不带单位、逗号和小数点")
        _bounded(text, int(text), low, high)
        return int(text)

    return Kind(read, low)


def number(low: float, high: float) -> Kind[float]:
    """Decimal numbers from low to high."""

    def read(text: str) -> float:
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]+)?", text):
            raise Unreadable(f"「{text}」不是数", "只写数字和小数点，不带单位和逗号")
        _bounded(text, float(text), low, high)
        return float(text)

    return Kind(read, float("nan"))


_YES_NO = {"yes": True, "true": True, "是": True, "no": False, "false": False, "否": False}


def _yes_no(text: str) -> bool:
    if text.lower() not in _YES_NO:
        raise Unreadable(f"「{text}」不是「是」或「否」", "填「是」或「否」（也可以填yes、no）")
    return _YES_NO[text.lower()]


YES_NO = Kind(_yes_no, False)


def choice(options: Mapping[str, str]) -> Kind[str]:
    """One of the codes of a table of labels."""

    def read(text: str) -> str:
        if text in options:
            return text
        by_label = next((code for code, label in options.items() if label == text), None)
        if by_label is not None:
            raise Unreadable(f"「{text}」要写成代码", f"写成「{by_label}」")
        raise Unreadable(f"「{text}」不在可选范围内", nearest(text, options))

    return Kind(read, "")


def known(ids: Collection[str], noun: str) -> Kind[str]:
    """The id of something in another file. Where there is none at all, that file was emptied, or it
    could not be read: then this is its echo.
    """

    def read(text: str) -> str:
        if text in ids:
            return text
        if any(ids):
            raise Unreadable(f"没有{noun}「{text}」", nearest(text, ids))
        remedy = f"现在一个{noun}也没有：是不是删空了，先找回来"
        raise Unreadable(f"没有{noun}「{text}」", remedy, is_echo=True)

    return Kind(read, "")


# Nobody means another, and at the ends of the calendar there is no arithmetic.
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199


def _day(text: str) -> date:
    # Spreadsheet programs save 2026-10-12 as 2026/10/12.
    match = re.fullmatch(r"([0-9]{4})([-/])([0-9]{1,2})\2([0-9]{1,2})", text)
    if not match:
        raise Unreadable(f"「{text}」不是日期", "写成「2026-10-12」的样子")
    if not EARLIEST_YEAR <= int(match[1]) <= LATEST_YEAR:
        raise Unreadable(f"「{text}」的年份不对", f"年份从{EARLIEST_YEAR}到{LATEST_YEAR}")
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        raise Unreadable(f"日历上没有「{text}」这一天", "核对年月日") from None


DAY = Kind(_day, date.min)


def moment(at: time | None = None) -> Kind[datetime]:
    """A local date and time; where `at` is given, a date alone means that time of the day."""
    example = "「2026-10-12 19:00」" + ("或「2026-10-12」" if at else "")

    def read(text: str) -> datetime:
        day, _, clock = text.replace("T", " ").partition(" ")
        if not clock and at is not None:
            return datetime.combine(_day(day), at, CHINA)
        match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", clock)
        if not match:
            raise Unreadable(f"「{text}」不是日期加时间", f"写成{example}的样子")
        if int(match[1]) > 23 or int(match[2]) > 59:
            raise Unreadable(f"没有「{clock}」这个时间", "时间从00:00到23:59")
        return datetime.combine(_day(day), time(int(match[1]), int(match[2])), CHINA)

    return Kind(read, NO_MOMENT)


def cancelled(at: time) -> Kind[tuple[datetime, str]]:
    """A local date, or date and time, and behind a blank why it is cancelled; "" for no reason."""
    when = moment(at)

    def read(text: str) -> tuple[datetime, str]:
        day, _, rest = text.replace("T", " ", 1).partition(" ")
        clock, _, reason = rest.partition(" ")
        if not rest or re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", clock):
            return when.read(f"{day} {clock}".strip()), reason.strip()
        return when.read(day), rest.strip()

    return Kind(read, (NO_MOMENT, ""))


def _duration(text: str) -> timedelta:
    clock = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", text)
    period = re.fullmatch(
        r"P(?=[0-9T])(?:([0-9]{1,2})D)?(?:T(?=[0-9])(?:([0-9]{1,3})H)?(?:([0-9]{1,4})M)?)?", text
    )
    if clock:
        length = timedelta(hours=int(clock[1]), minutes=int(clock[2]))
    elif period:
        days, hours, minutes = (int(part or 0) for part in period.groups())
        length = timedelta(days=days, hours=hours, minutes=minutes)
    else:
        raise Unreadable(f"「{text}」不是时长", "写成「1:30」或「PT1H30M」（一个半小时）")
    if not timedelta() < length <= LONGEST:
        raise Unreadable(f"时长「{text}」超出范围", f"时长要大于零，不超过{LONGEST.days}天")
    return length


DURATION = Kind(_duration, timedelta(hours=1))

Spans = tuple[tuple[int, int], ...]


def _hours(text: str) -> Spans:
    spans = []
    for part in text.split(","):
        match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])-([0-9]{1,2}):([0-5][0-9])", part.strip())
        if not match:
            raise Unreadable(f"时段「{text}」写法不对", "写成「08:30-12:00,14:30-17:30」的样子")
        start_hour, start_minute, end_hour, end_minute = (int(part) for part in match.groups())
        spans.append((start_hour * 60 + start_minute, end_hour * 60 + end_minute))
    try:
        return DutyHours(tuple(spans)).spans
    except ValueError:
        raise Unreadable(
            f"时段「{text}」前后不对", "从早到晚写，各段不重叠，都在00:00到24:00之间"
        ) from None


HOURS = Kind(_hours, DutyHours().spans)


def _week_time(text: str) -> WeekTime:
    match = re.fullmatch(f"周([{DAYS}]) ([01][0-9]|2[0-3]):([0-5][0-9])", text)
    if not match:
        raise Unreadable(f"「{text}」不是每周的一个时间", "写成「周五 17:00」的样子")
    return WeekTime(DAYS.index(match[1]), time(int(match[2]), int(match[3])))


WEEK_TIME = Kind(_week_time, WeekTime(0, time()))


def _night(text: str) -> tuple[int, int] | None:
    if text == "none":
        return None
    match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])-([0-9]{1,2}):([0-5][0-9])", text)
    if not match or int(match[1]) > 23 or int(match[3]) > 24:
        raise Unreadable(f"时段「{text}」写法不对", "写成「22:00-07:00」的样子，不要就写「none」")
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if start == end or end > 24 * 60:
        raise Unreadable(f"时段「{text}」写法不对", "写成「22:00-07:00」的样子，不要就写「none」")
    return start, end


NIGHT = Kind(_night, None)  # one span that may go over midnight


def _open_hours(text: str) -> str:
    _hours(text)
    return text


OPEN_HOURS = Kind(_open_hours, "")
