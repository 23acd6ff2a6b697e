"""What people type into cells, read as they meant it: times, phones, names.

Each function gives the value or None where it cannot be read; an empty cell is never an error here.
"""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone

from forms_app.rules.folding import fold, in_digits, narrow, without_weekday
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets.boxes import ticked
from forms_app.spreadsheets.columns import YES
from forms_app.spreadsheets.profile import CLOCK
from forms_app.spreadsheets.stories import NOT_YET, is_over, plainly

EARLIEST = datetime(2000, 1, 1, tzinfo=CHINA)
_PHONE = re.compile(r"\+?[0-9][0-9\-]{4,18}")
# The first number in a cell that holds more: a mobile, a line with its area, a short line.
PHONE_WITHIN = re.compile(
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
    r"|\(?0\d{2,3}\)?[- ]?\d{7,8}(?!\d)|0\d{3}-\d{4}-\d{3,4}(?!\d)|(?<!\d)\d{7,8}(?!\d)"
)
_LIKE_A_MOBILE = re.compile(r"1[3-9]\d{7}")
_MOBILE_DIGITS, _MOST_DIGITS, _MOST_DIGITS_ABROAD = 11, 12, 16
_MOBILE = re.compile(r"(?<![\da-zA-Z])1[3-9]\d{9}(?!\d)")
# What a spreadsheet program makes of a long number: 2.02611E+17, 202611030000123000.
_SHORTENED = re.compile(r"\d(?:\.\d+)?E\+?\d{2,3}", re.IGNORECASE)
_ENDS_IN_NOUGHTS = re.compile(r"[1-9]\d{14}0+")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|ERROR!)|Err:\d+")
NOBODY = {"匿名", "无", "没有", "不详", "未知", "保密", "-", "—", "/", "不愿透露", "0"}
_FINISHED = re.compile(
    "办结|办复|完工|竣工|完结|办妥|销号|完成|结案|解决|化解|已回复|答复(?!中)|关闭|归档|到位|完毕|办毕|修复|搞定|闭环"
    "|(?:^|已经?)[结完]了?$|(?:[办修弄搞换装补]|[处清]理)[好完]|已经?(?:处[理置]|办理|落实|整改|清[理运除]|维?修|更换|疏通|拆除|恢复)"
)
_OVER_BY_NAME = re.compile("已经?(?:办结|解决|完成|结案|销号|整改|化解|归档)")
_UNDER_WAY = re.compile("中$|受理|[转接派]|交办|上报|登记|立案")
# Whatever was said before, it is to be done once more, or by somebody else.
_SHARE = re.compile(r"(?<!\d)(\d{1,3})%")  # of the work
_AGAIN = re.compile(
    "退回|重办|返办|驳回|重新(?:办|处|交|派)|再次(?:办|处|交|派)|不属于?.{0,6}(?:职责|职权|管辖)"
)
_CHINESE = re.compile("[\u3400-\u9fff]")
PLEASED_WORDS = {"好了", "满意", "非常满意", "基本满意", "closed"}
_FINISHED_WORDS = YES | PLEASED_WORDS
# A long cell tells a story; only what it begins with says that the matter is over.
LONGEST_STATE = 15  # letters
_BEGINS_FINISHED = re.compile(
    "(?:该?问题|现|全部|均)?(?:已经?)?(?:全部)?(?:办结|销号|完成|结案|解决)"
)

_DAY = re.compile(
    r"(?:(?P<year>\d{4}|\d{2})[年/.\-])?(?P<month>\d{1,2})[月/.\-](?P<day>\d{1,2})[日号]?"
)
_SOLID = re.compile(
    r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})(?P<clock>\d{4}(?:\d{2})?(?!\d))?"
)
_ZONE = re.compile(r"(?:(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})|Z|UTC|GMT)$")
_UNITS = re.compile(r" ?(年|月) ?|(?<=\d) (?=[日号点时])")  # 2026年 11 月 20 日
_FULL_STOP = re.compile(r"(?<=\d)。(?=\d)")  # what a Chinese keyboard writes for a point
_EVENING = {"晚上", "晚间", "晚"}
_NIGHT = {"夜里", "夜间"}
_AFTERNOON = {"下午", "午后", "傍晚", "PM"} | _EVENING | _NIGHT
_MORNING = {"凌晨", "早上", "早晨", "清晨", "上午", "早", "AM"}
_YEARS_AROUND = 10  # of two digits: 11/5/26 is no day of 2011
# The hour of a part of the day that has none; of a morning it is eight.
_ALONE = {"中午": 12, "下午": 14, "午后": 14, "傍晚": 18} | dict.fromkeys(_EVENING, 20)
_SMALL_HOURS = 5  # 夜里2点 is before dawn, and nobody's afternoon


def bare(text: str) -> str:
    """What a cell says: narrow, without the blanks around it and the apostrophe of Excel."""
    return narrow(text).replace("\u3000", " ").strip().lstrip("'’‘").strip()


def moment(text: str, now: datetime) -> datetime | None:
    """The time that a cell means, aware; None if it cannot be read.

    A day alone is its first minute; a day without its year is the last such day that has been;
    a bare number is the days that Excel counts; without a zone it is the time in China. 24:00 and
    晚上12点 are the end of their day.
    """
    words = in_digits(without_weekday(fold(bare(text)))).upper()
    words = _FULL_STOP.sub(".", words)
    if re.fullmatch(r"\d{5}(\.\d+)?", words):
        return _of_excel(float(words))
    tight = _UNITS.sub(r"\1", re.sub(r"\s+", " ", words))
    found = _SOLID.match(tight) or _DAY.match(tight)
    if found is None:
        return None
    rest, zone = _apart(tight[found.end() :].strip(" ,，T"))
    clock = found.groupdict().get("clock")
    if clock:
        rest = ":".join(re.findall("..", clock)) + rest
    at = _clock(rest)
    if at is None:
        return None
    meant = _on_day(found["year"], int(found["month"]), int(found["day"]), at, now)
    return meant.replace(tzinfo=zone).astimezone(CHINA) if meant and zone else meant


def says_no_year(text: str) -> bool:
    """Whether a cell that is a time leaves its year to the reader."""
    words = in_digits(without_weekday(bare(text)))
    found = None if _SOLID.match(words) or words.isdigit() else _DAY.match(words)
    return found is not None and found["year"] is None


def _apart(rest: str) -> tuple[str, timezone | None]:
    """What stands behind a day, as its clock and its zone."""
    found = _ZONE.search(rest)
    if found is None or not re.search(r"\d", rest[: found.start()]):
        return rest, None
    if found["sign"] is None:
        return rest[: found.start()].strip(), UTC
    apart = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"]))
    if apart > timedelta(hours=14):
        return rest, None
    return rest[: found.start()].strip(), timezone(apart if found["sign"] == "+" else -apart)


def _on_day(
    year: str | None, month: int, day: int, at: timedelta, now: datetime
) -> datetime | None:
    this_year = now.astimezone(CHINA).year
    full = None if year is None else int(year) if len(year) == 4 else 2000 + int(year)
    for one in (this_year, this_year - 1) if full is None else (full,):
        with suppress(ValueError):  # no such day, as the 29th of February in most years
            found = datetime.combine(date(one, month, day), time(), CHINA) + at
            if full is None:
                if found <= now:
                    return found
            elif len(year or "") == 4 or abs(full - this_year) <= _YEARS_AROUND:
                return found
    return None


def _clock(text: str) -> timedelta | None:
    """How long after the beginning of its day; None if that cannot be told."""
    if not text:
        return timedelta()
    found = CLOCK.fullmatch(text.replace(" ", ""))
    if found is None:
        return None
    if found["alone"]:
        return timedelta(hours=_ALONE.get(found["alone"], 8))
    hour = _hour(int(found["hour"]), found["part"] or found["after"] or "")
    if hour is None:
        return None
    minute = 30 if found["half"] else 15 * int(found["quarters"] or 0) or int(found["minute"] or 0)
    second = int(found["second"] or 0)
    after = timedelta(hours=hour, minutes=minute, seconds=second)
    return None if minute > 59 or second > 59 or after > timedelta(days=1) else after


def _hour(hour: int, part: str) -> int | None:
    """The hour of the day, 24 at its end, as a part of the day means it; None if it may be two."""
    if part in _EVENING | _NIGHT and hour == 12:
        return 24
    if part in _EVENING and hour < _SMALL_HOURS:
        return None
    if part in _NIGHT and hour < _SMALL_HOURS:
        return hour
    if (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 3):
        return hour + 12
    return 0 if part in _MORNING and hour == 12 else hour


def _of_excel(days: float) -> datetime | None:
    if not 30_000 < days < 80_000:
        return None
    local = datetime(1899, 12, 30, tzinfo=UTC) + timedelta(seconds=round(days * 86400))
    return local.replace(tzinfo=CHINA)


def phone(text: str) -> str | None:
    """Digits and dashes of one number, "" where there is none or it is masked with stars."""
    words = re.sub(r"[\s()]", "", bare(text)).replace("－", "-")
    if words in NOBODY or not words or "*" in words:
        return ""
    words = re.sub(r"\.0+$", "", words)
    words = re.sub(r"^(?:(?:\+|00)86-?|86-?(?=1[3-9]\d{9}$))", "", words)
    return words if _PHONE.fullmatch(words) and _is_whole(words) else None


def _is_whole(number: str) -> bool:
    """Whether a number may be rung: a mobile has eleven digits, a line not more than twelve."""
    digits = number.replace("-", "")
    if digits.startswith("+"):
        return len(digits) <= _MOST_DIGITS_ABROAD
    if _LIKE_A_MOBILE.match(digits):
        return len(digits) == _MOBILE_DIGITS
    return len(digits) <= _MOST_DIGITS


def first_phone(text: str) -> tuple[str, str]:
    """The first number of a cell, "" where there is none, and the cell, where it holds more.

    A masked number, or one that a spreadsheet program cut short, is none, but is not lost.
    """
    whole = phone(text)
    if whole:
        return whole, ""
    words = bare(text)
    if whole == "" or is_damaged(words) or is_error(words):
        return "", "" if words in NOBODY else words
    found = PHONE_WITHIN.search(words)
    number = phone(found[0]) if found else None
    return number or "", words


def mobiles(text: str) -> set[str]:
    """The mobile numbers that somebody wrote into words."""
    return {found[0] for found in _MOBILE.finditer(text)}


def name(text: str) -> str:
    """How somebody is called; "" for everybody who left no name."""
    words = re.sub(r"\s+", " ", bare(text))
    return "" if words in NOBODY or words.startswith(("匿名", "*")) else words


def is_damaged(text: str) -> bool:
    """Whether a spreadsheet program has cut the end of a long number off."""
    words = bare(text)
    return bool(_SHORTENED.fullmatch(words) or _ENDS_IN_NOUGHTS.fullmatch(words))


def is_error(text: str) -> bool:
    """Whether the cell is a formula that failed."""
    return bool(_ERROR.fullmatch(text.strip()))


def says_over(state: str) -> bool | None:
    """Whether a cell says that the matter is over; None where it says neither."""
    return _says_over(fold(bare(ticked(state))))


def _says_over(words: str) -> bool | None:
    """Whether a folded cell says that the matter is over; None where it says neither."""
    if words in _FINISHED_WORDS:
        return True
    if _AGAIN.search(words):
        return False
    if (plain := plainly(words)) is not None:
        return plain
    share = _SHARE.search(words)
    if share and len(words) <= LONGEST_STATE:
        return share[1] == "100"
    if len(words) > LONGEST_STATE and _BEGINS_FINISHED.match(words):
        return not NOT_YET.search(words)
    told = is_over(words)
    if told is None and len(words) <= LONGEST_STATE:
        # 暂时无法解决，已解释: what says that it is over stands beside what says that it is not.
        is_doubtful = NOT_YET.search(words) is not None
        return (
            True
            if _FINISHED.search(words) and not is_doubtful
            else False
            if _UNDER_WAY.search(words)
            else None
        )
    return told


def is_over_by_name(words: str) -> bool:
    """Whether a page or a line over some rows says that they are over: 已办结, 二、已解决问题."""
    return bool(_OVER_BY_NAME.search(words)) and not NOT_YET.search(words)


def says_not_yet(words: str) -> bool:
    """Whether words say that something is not over."""
    return NOT_YET.search(words) is not None


def has_been(text: str, now: datetime) -> bool:
    """Whether a cell is, or begins with, a day that has been."""
    words = bare(text)
    meant = moment(words, now)
    if meant is None:
        begins = _SOLID.match(words) or _DAY.match(words)
        meant = moment(begins[0], now) if begins else None
    return meant is not None and meant <= now
