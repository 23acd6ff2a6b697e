"""Days, times and lengths as people write them, and lists of them: read, or told what is wrong."""

import re
from contextlib import suppress
from datetime import date, time, timedelta

from forms_app.community.values import Unreadable
from forms_app.rules.dates import full_date
from forms_app.rules.folding import in_digits, narrow, without_weekday

_DAY = re.compile(
    r"(?:(?P<year>[0-9]{4})\s*[年./-]\s*)?(?P<month>[0-9]{1,2})\s*[月./-]\s*(?P<day>[0-9]{1,2})\s*[日号]?"
)
DAY = re.compile(rf"{_DAY.pattern}(?![0-9:点时])")  # within other words
PARTS = "夜里|夜间|凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|早|晚"  # of a day
_TIME = re.compile(
    rf"(?P<part>{PARTS})?\s*(?P<hour>[0-9]{{1,2}})[:：点时]"
    r"(?:(?P<quarters>半|[13]刻)|(?P<minute>[0-9]{1,2})?分?(?::00)?)"
)
_POINT = re.compile(r"(?<=[0-9])[.。](?=[0-9]{2}(?![0-9]))")  # 14.30
_NIGHT = ("夜里", "夜间")
_SMALL_HOURS = 5  # 夜里2点 is before dawn, and nobody's evening
_QUARTERS = {"半": 30, "1刻": 15, "3刻": 45}
_SOLID = re.compile("(20[0-9]{2})([01][0-9])([0-3][0-9])")
_LENGTH = re.compile(
    r"(?:(?P<hours>[0-9]{1,2})(?P<tenths>\.5)?个?(?P<half>半)?(?:小时|钟头)(?P<after>半)?)?"
    r"(?:(?P<minutes>[0-9]{1,3})分钟?)?"
)
_WRITTEN = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
_DIGITS = {"一": "1", "二": "2", "两": "2", "俩": "2", "三": "3", "四": "4", "五": "5", "六": "6"}


def day_of(text: str, today: date) -> date:
    """2026年11月3日, 11月3日, 2026-11-03; without its year the next such day, or one just past.

    Raises Unreadable.
    """
    words = in_digits(without_weekday(narrow(text))).strip()
    solid = _SOLID.fullmatch(words)
    match = _DAY.fullmatch("-".join(solid.groups()) if solid else words)
    if not match:
        raise Unreadable(f"「{text}」不是日期", "写成「2026年12月3日」的样子")
    month, day = int(match["month"]), int(match["day"])
    this, next_one = today.year, today.year + 1
    for year in (int(match["year"]),) if match["year"] else (this, next_one):
        with suppress(ValueError):  # the 29th of February is not in every year
            found = date(year, month, day)
            if year != this or match["year"] or found >= today - timedelta(days=60):
                return found
    raise Unreadable(f"日历上没有「{text}」这一天", "核对年月日")


def time_of(text: str) -> time:
    """07:00, 7：00, 7.30, 7点, 7点30分, 晚上七点半, 夜里11点. Raises Unreadable."""
    match = _TIME.fullmatch(_POINT.sub(":", in_digits(narrow(text).strip())))
    if match:
        hour, minute = int(match["hour"]), int(match["minute"] or 0)
        minute = _QUARTERS.get(match["quarters"], minute)
        is_late = match["part"] in ("下午", "傍晚", "晚上", "晚") or (
            match["part"] in _NIGHT and hour > _SMALL_HOURS
        )
        if (is_late and hour < 12) or (match["part"] == "中午" and hour < 3):
            hour += 12
        if (
            hour < 24
            and minute < 60
            and not (match["part"] in ("晚上", "晚", *_NIGHT) and int(match["hour"]) == 12)
        ):
            return time(hour, minute)
    raise Unreadable(f"「{text}」不是几点几分", "写成「07:00」的样子")


def length_of(text: str) -> timedelta:
    """90分钟, 1小时30分, 一个半小时, 1:30. Raises Unreadable."""
    said = in_digits(narrow(text).replace(" ", ""))
    plain = "".join(_DIGITS.get(letter, letter) for letter in said)
    clock = re.fullmatch(r"([0-9]{1,2})[:：]([0-5][0-9])", plain)
    is_half = plain in ("半小时", "半个小时", "半个钟头")
    match = _LENGTH.fullmatch("30分" if is_half else plain)
    length = timedelta()
    if clock:
        length = timedelta(hours=int(clock[1]), minutes=int(clock[2]))
    elif match and plain:
        halves = 30 if match["half"] or match["after"] or match["tenths"] else 0
        minutes = int(match["minutes"] or 0) + halves
        length = timedelta(hours=int(match["hours"] or 0), minutes=minutes)
    if length <= timedelta():
        raise Unreadable(f"「{text}」不是多长时间", "写成「1小时」、「90分钟」或「1:30」的样子")
    return length


def length_words(length: timedelta) -> str:
    """1小时30分钟."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes else "")


def written_day(text: str, today: date) -> str:
    """A day as the files have it, with the time behind it where one was written: 2026-12-03 19:00.

    Raises Unreadable.
    """
    match = _DAY.match(text)
    rest = text[match.end() :].strip() if match else ""
    if match and rest:
        return f"{day_of(match[0], today)} {time_of(rest):%H:%M}"
    return f"{day_of(text, today)}"


def written_off(text: str, today: date) -> str:
    """A day that is off, and why: `12月3日 场地布置` becomes `2026-12-03 场地布置`.

    Raises Unreadable.
    """
    match = _DAY.match(text)
    if not match:
        raise Unreadable(f"「{text}」开头不是日期", "写成「12月3日 场地布置」的样子")
    rest = text[match.end() :].strip(" ：:，,")
    clock = re.match(r"[0-9]{1,2}[:：][0-9]{2}(?=\s|$)", rest)
    if clock:
        reason = rest[clock.end() :].strip()
        return f"{day_of(match[0], today)} {time_of(clock[0]):%H:%M} {reason}".strip()
    return f"{day_of(match[0], today)} {rest}".strip()


def spoken_day(written: str) -> str:
    """2026-12-03 停电 as people say it: 2026年12月3日 停电."""
    match = _WRITTEN.match(written)
    if not match:
        return written
    year, month, number = map(int, match.groups())
    try:
        return full_date(date(year, month, number)) + written[match.end() :]
    except ValueError:
        return written
