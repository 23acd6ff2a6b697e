"""The words that say when: how people write in their own programmes what is a plan here.

Both ways: how a plan is said in a cell is what is read from it again.
"""

import re
from datetime import date, time, timedelta

from forms_app.community.values import Unreadable
from forms_app.content.plan import (
    DAYS,
    FORTNIGHTLY,
    KEPT,
    MONTHLY,
    ONCE,
    SCHOOL_DAYS,
    WEEKDAYS,
    WEEKLY,
    WORKDAYS,
    Plan,
)
from forms_app.content.spoken import DAY, PARTS, length_words, time_of
from forms_app.rules.folding import without_weekday

KEPT_WORDS = "照原来的办法"
_CHINESE = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_ORDINALS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_HOUR = "(?:[0-9]{1,2}|十[一二]?|[一二两三四五六七八九])"
_CLOCK = (
    rf"(?:(?:{PARTS})\s*+)?(?:{_HOUR}[:点时](?:半|一刻|三刻|[0-9]{{0,2}}分?)"
    r"|[0-9]{1,2}(?=\s*[-~至到—–]))"
)
_SPAN = re.compile(rf"({_CLOCK})\s*+(?:-|~|至|到|—|–)++\s*+({_CLOCK}|[0-9]{{1,2}})")
_ONE_TIME = re.compile(_CLOCK)


def how_of(text: str, *, has_day: bool) -> tuple[str, tuple[str, ...]]:
    """`每周二、四`, `隔一周的星期五`, `每个上学日`, `周一至周五`, `一次`. Raises Unreadable."""
    text = re.sub(r"\s", "", text)
    if not text or text in ("一次", "只办一次", "单次"):
        return (ONCE if has_day or text else KEPT), ()
    if KEPT_WORDS in text:
        return KEPT, ()
    for word, how in (("上学日", SCHOOL_DAYS), ("工作日", WORKDAYS)):
        if word in text:
            return how, ()
    if "每月" in text or "每个月" in text:
        return MONTHLY, ()
    if "每天" in text or "每日" in text:
        return WEEKLY, DAYS
    numbers = _weekdays(text)
    if not numbers:
        raise Unreadable(f"「{text}」不知道是哪些日子", "例如 每周二、四，每个工作日，一次")
    days = tuple(DAYS[one] for one in numbers)
    if re.search("隔|双周|单周|两周|2周", text):
        return FORTNIGHTLY, days
    if has_day and len(days) == 1 and "每" not in text:
        return ONCE, ()  # the day of the week beside a date
    return WEEKLY, days


def times_in(text: str) -> re.Match[str] | None:
    """Where words about when name hours: from when to when, else from when."""
    return _SPAN.search(text) or _ONE_TIME.search(text)


def is_times(text: str) -> bool:
    """Whether these are hours and nothing else."""
    return bool(_SPAN.fullmatch(text) or _ONE_TIME.fullmatch(text))


def parts_of(text: str) -> tuple[str, str, str] | None:
    """The day, the hours and the rule that are said in one: `12月22日9:30-11:00`, `每周一、三7点`.

    None where there is but one of them, or where something more is said that nobody can tell.
    """
    day = DAY.search(text)
    left = without_weekday(text.replace(day[0], " ", 1)) if day else text
    times = times_in(left)
    left = left.replace(times[0], " ", 1).strip(" ,，;；") if times else left.strip()
    is_several = day or (times and left)
    if not is_several or (left and (day or not is_rule(left))):
        return None
    return day[0] if day else "", times[0] if times else "", left


def is_rule(text: str) -> bool:
    """Whether the words say on which days, and nothing else: 每周三, 每个工作日."""
    try:
        return bool(how_of(text, has_day=False))
    except Unreadable:
        return False


def span_of(text: str) -> tuple[time, timedelta | None]:
    """`19:00-20:30`, `下午2点到4点`, `19:00`. Raises Unreadable."""
    match = _SPAN.fullmatch(text.strip())
    if not match:
        return _time(text), None
    first, last = _time(match[1]), _time(match[2], after=match[1])
    begins = timedelta(hours=first.hour, minutes=first.minute)
    ends = timedelta(hours=last.hour, minutes=last.minute)
    if ends <= begins:
        raise Unreadable(f"「{text}」先后不对", "写成「19:00-20:30」的样子")
    return first, ends - begins


def _time(text: str, after: str = "") -> time:
    # 下午2点到4点: the end is of the same part of the day, where it is not said of itself.
    half = re.match("下午|傍晚|晚上?", after)
    return time_of(text if not half or re.match(PARTS, text) else f"{half[0]}{text}")


def _weekdays(text: str) -> list[int]:
    text = re.sub("隔一周|每一周|两周|一周一次|每周一次", "隔", text)
    text = re.sub("星期|礼拜|每周|周|每|的|逢|和", "", text)
    found: list[int] = []
    for match in re.finditer("([一二三四五六日天])(?:[至到~-]([一二三四五六日天]))?", text):
        first = _CHINESE[match[1]]
        last = _CHINESE[match[2]] if match[2] else first
        found += range(first, last + 1)
    rest = re.sub("[一二三四五六日天至到~、,，;；/.双单隔-]", "", text)
    return sorted(set(found)) if not rest else []


def monthly_first(text: str, first: date) -> date:
    """The first day on or after one that is such a weekday of its month, where the words say it.

    Else that day itself.
    """
    match = re.search("(?:第([一二三四1-4])个|最后一?个)(?:星期|周|礼拜)([一二三四五六日天])", text)
    if not match:
        return first
    weekday, place = _CHINESE[match[2]], _ORDINALS.get(match[1] or "", -1)
    for days in range(70):
        day = first + timedelta(days=days)
        is_last = (day + timedelta(days=7)).month != day.month
        if day.weekday() == weekday and (is_last if place < 0 else (day.day - 1) // 7 + 1 == place):
            return day
    return first


def when_cell(plan: Plan) -> str:
    """On which days, in words that `how_of` and `monthly_first` read."""
    days = "、".join(words for one, words in WEEKDAYS.items() if one in plan.weekdays)
    place = (plan.starts_on.day - 1) // 7 + 1
    weekday = tuple(WEEKDAYS.values())[plan.starts_on.weekday()]
    nth = f"第{'一二三四'[place - 1]}个" if place < 5 else "最后一个"
    return {
        WEEKLY: f"每周{days}",
        FORTNIGHTLY: f"隔一周的星期{days}",
        MONTHLY: f"每月{nth}星期{weekday}",
        SCHOOL_DAYS: "每个上学日",
        WORKDAYS: "每个工作日",
        ONCE: "一次",
        KEPT: KEPT_WORDS,
    }[plan.how]


def length_cell(plan: Plan) -> str:
    """How long, in days where it is all day: `2天`, `90分钟`."""
    return f"{plan.length.days}天" if plan.is_all_day else length_words(plan.length)
