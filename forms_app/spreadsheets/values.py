"""What people type into cells, read as they meant it: times, phones, names.

Each function gives the value or None where it cannot be read; an empty cell is never an error here.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

from forms_app.rules.worktime import CHINA

EARLIEST = datetime(2000, 1, 1, tzinfo=CHINA)
_PHONE = re.compile(r"\+?[0-9][0-9\-]{4,18}")
_NOBODY = {"匿名", "无", "没有", "不详", "未知", "保密", "-", "—", "/", "不愿透露", "0"}
_FINISHED = re.compile("办结|销号|完成|结案|解决|已回复|已答复|关闭|归档|已处理")
_NOT_YET = re.compile("未|没|不|待|尚|无法|正在|否")
_FINISHED_WORDS = {"是", "已", "满意", "非常满意", "基本满意"}

_DAY = re.compile(
    r"(?:(?P<year>\d{4}|\d{2})[年/.\-])?(?P<month>\d{1,2})[月/.\-](?P<day>\d{1,2})[日号]?"
)
_SOLID = re.compile(r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_WEEKDAY = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?")
_CLOCK = re.compile(
    r"(?P<part>凌晨|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|AM|PM)?"
    r"(?P<hour>\d{1,2})(?:[:时点](?:(?P<half>半)|(?P<minute>\d{1,2})?分?)?)"
    r"(?::?(?P<second>\d{1,2})(?:\.\d+)?秒?)?(?P<after>AM|PM)?"
)
_AFTERNOON = {"下午", "傍晚", "晚上", "夜里", "PM"}
_MORNING = {"凌晨", "早上", "早晨", "清晨", "上午", "AM"}


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as their narrow twins; the apostrophe of Excel gone."""
    letters = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text)
    return letters.replace("\u3000", " ").strip().lstrip("'’‘").strip()


def moment(text: str, now: datetime) -> datetime | None:
    """The time that a cell means, aware; None if it cannot be read.

    A day alone is its first minute; a day without its year is the last such day that has been;
    a bare number is the days that Excel counts.
    """
    words = _WEEKDAY.sub("", narrow(text)).upper().replace("T", " ")
    if re.fullmatch(r"\d{5}(\.\d+)?", words):
        return _of_excel(float(words))
    tight = re.sub(r"\s+", " ", words).replace("年 ", "年").replace("月 ", "月")
    found = _SOLID.match(tight) or _DAY.match(tight)
    if found is None:
        return None
    rest = tight[found.end() :].strip(" ,，")
    at = _clock(rest)
    if at is None:
        return None
    return _on_day(found["year"], int(found["month"]), int(found["day"]), at, now)


def _on_day(year: str | None, month: int, day: int, at: time, now: datetime) -> datetime | None:
    try:
        if year is not None:
            full = int(year) if len(year) == 4 else 2000 + int(year)
            return datetime.combine(date(full, month, day), at, CHINA)
        this_year = now.astimezone(CHINA).year
        found = datetime.combine(date(this_year, month, day), at, CHINA)
        return found if found <= now else found.replace(year=this_year - 1)
    except ValueError:  # no such day
        return None


def _clock(text: str) -> time | None:
    if not text:
        return time()
    text = text.replace(" ", "").removesuffix("Z").removesuffix("+08:00")
    if text in ("上午", "早上"):
        return time(8)
    if text in ("下午",):
        return time(14)
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hour = int(found["hour"])
    part = found["part"] or found["after"] or ""
    if (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 3):
        hour += 12
    elif part in _MORNING and hour == 12:
        hour = 0
    minute = 30 if found["half"] else int(found["minute"] or 0)
    if hour > 23 or minute > 59 or int(found["second"] or 0) > 59:
        return None
    return time(hour, minute, int(found["second"] or 0))


def _of_excel(days: float) -> datetime | None:
    if not 30_000 < days < 80_000:
        return None
    local = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(seconds=round(days * 86400))
    return local.replace(tzinfo=CHINA)


def phone(text: str) -> str | None:
    """Digits and dashes of one number, "" where there is none or it is masked with stars."""
    words = re.sub(r"[\s()]", "", narrow(text)).replace("－", "-")
    if words in _NOBODY or not words or "*" in words:
        return ""
    words = re.sub(r"\.0+$", "", words)
    words = re.sub(r"^(\+86|0086)", "", words)
    return words if _PHONE.fullmatch(words) and len(words) <= 20 else None


def name(text: str) -> str:
    """How somebody is called; "" for everybody who left no name."""
    words = re.sub(r"\s+", " ", narrow(text))
    return "" if words in _NOBODY or words.startswith(("匿名", "*")) else words


def is_finished(state: str, finished_at: str) -> bool:
    """Whether the file says that the matter is over."""
    words = narrow(state)
    if words in _FINISHED_WORDS:
        return True
    if words and _NOT_YET.search(words):
        return False
    return bool(_FINISHED.search(words)) or bool(not words and narrow(finished_at))
