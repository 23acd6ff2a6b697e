"""What each published figure says: of what it is counted, what is left out, and how sure it is.

PURE: definitions and arithmetic; counting is `forms_app.issues.sums`, showing is the site's. The
texts are read by residents, beside the figures and in what they download.
"""

from collections.abc import Mapping
from datetime import timedelta
from math import ceil, sqrt

from msgspec import Struct

from forms_app.rules.steps import SATISFACTION

# Points of the five levels: the best is 100, the worst 0, the others evenly between.
POINTS: Mapping[int, int] = {5: 100, 4: 75, 3: 50, 2: 25, 1: 0}
POINT_WORDS = "、".join(f"{SATISFACTION[level]}{points}分" for level, points in POINTS.items())

_NORMAL_95 = 1.959963984540054  # standard deviations on either side that hold 95 % of a normal


class Figure(Struct, frozen=True):
    """One figure. `whole` is empty where it is a number alone and no share."""

    code: str
    name: str
    part: str
    whole: str
    left_out: str
    renewed: str
    source: str = "每件的登记和办理记录，由程序直接数"


_DAILY, _MONTHLY = "每天", "过完的月份攒够了才添"
_CLOSED = "月份过完了记一次，以后不改，更正满五件另列"
_QUARTER = "季度过完、再过一个月记一次，以后不改"
_ASIDE = "暂放一边的"

_ANSWERED, _UNANSWERED = "当月给出的第一个答复", "还没有答复的；评过以后再办的；没有钟的"
_FINISHED, _UNFINISHED = "当月办出的第一个结果", "还没有结果的；居民说没办好、再办出来的"
_ASKED = "季度里请居民评的"
_NOT_ASKED = "再办以后又请的；没有回话的，不替他选"
_RATED = "服务、活动和场所的评价记录"

# From so many answers on it is told within how long half of them came.
FEWEST_TIMED = 10

FIGURES: tuple[Figure, ...] = (
    Figure("received", "收到的问题", "登记在册的问题，一件算一件", "", _ASIDE, _DAILY),
    Figure(
        "waiting", "还在办的", "月份过完、数的那一天，还没有办出第一个结果的", "",
        f"{_ASIDE}、评过以后再办的、撤回和转走的", _CLOSED,
    ),
    Figure(
        "overdue", "过了日子的", "数的那一天已经过了说好的日子，既没有结果也没有说明的", "", _ASIDE,
        _CLOSED,
    ),
    Figure(
        "set_aside", "暂放一边的", "数的那一天，一下子涌来、先放一边还没有人说是真的", "",
        "居民说是真的以后，重新算进收到的问题", _CLOSED,
    ),
    Figure(
        "satisfied_own", "居民自己评为满意", "评的那一档算满意的",
        "居民凭自己的查询码评的，评一次算一次", "没有评的；工作人员记下的", _MONTHLY,
    ),
    Figure(
        "satisfied_entered", "工作人员记下的满意", "记的那一档算满意的",
        "工作人员按居民的话记下的，记一次算一次", "没有评的；居民自己评的", _MONTHLY,
    ),
    Figure(
        "satisfied_rating", "服务、活动和场所的满意", "评的那一档算满意的",
        "同一台手机、同一样东西、同一天，只算最后评的一次",
        "当天前面评的；已经没有的服务、活动和场所", _MONTHLY, _RATED,
    ),
    Figure(
        "entered_ratings", "工作人员录入的满意", "录的那一档算满意的",
        "工作人员上门问的、照纸质卡录的，一张算一次", "居民自己评的；已经没有的服务、活动和场所",
        _MONTHLY, _RATED,
    ),
    Figure(
        "bad_ratings", "评了不满意，有人去办的", "有人去办并给了答复的，只写大约几成",
        "评不满意、选了原因或者留了电话的", "没有选原因也没有留电话的", "又满十件才重写", _RATED,
    ),
    *(Figure(*row) for row in (
        (
            "answered", "给出的第一个答复", "当月给出的第一个答复，一轮一个", "",
            f"{_ASIDE}、评过以后再办的；放假安排没有出来、没有钟的", _CLOSED,
        ),
        (
            "answered_within_ten", "十分钟内答复", "从收到起十分钟以内，夜里到的也照样从收到算",
            _ANSWERED, _UNANSWERED, _CLOSED,
        ),
        (
            "answered_on_time", "第一个答复按时", "没有超过当时那只钟的",
            _ANSWERED, _UNANSWERED, _CLOSED,
        ),
        (
            "off_duty", "值班时间以外到的", "到的时候不在值班、钟从下一次值班走起的",
            _ANSWERED, _UNANSWERED, _CLOSED,
        ),
        (
            "median", "一半的答复不超过",
            "答复用的时间从短到长排，正中间的那一个，按整分钟进上去", "",
            f"不到{FEWEST_TIMED}个答复的月份", _QUARTER,
        ),
        (
            "ninth", "九成的答复不超过",
            "答复用的时间从短到长排，排在九成的那一个，按整分钟进上去", "",
            f"不到{FEWEST_TIMED}个答复的月份", _QUARTER,
        ),
        (
            "finished", "办出的结果", "当月办出的第一个结果", "",
            f"{_ASIDE}；居民说没办好、再办出来的；收回重办的", _CLOSED,
        ),
        (
            "finished_on_time", "按时办出结果", "没有超过说好的日子，延过期的按延期以后的日子",
            _FINISHED, _UNFINISHED, _CLOSED,
        ),
        ("desk", "当场答复的", "登记的人当场答复清楚的", _FINISHED, _UNFINISHED, _CLOSED),
        (
            "extended", "延过期的", "办出结果以前延过期的，延几次都算一件",
            _FINISHED, _UNFINISHED, _CLOSED,
        ),
        ("escalated", "升过级的", "办出结果以前升过级的", _FINISHED, _UNFINISHED, _CLOSED),
        (
            "called", "请了单位的", "要在当月回话的，一家单位一件算一次", "",
            f"{_ASIDE}、评过以后再办的；一轮里再请的不再算", _CLOSED,
        ),
        (
            "units_in_time", "单位按时回话", "没有超过请的时候说好的时间",
            "要在当月回话的，一家单位一件算一次，一直没有回话的也在里面", "还没有到时间的", _CLOSED,
        ),
        (
            "arrived", "什么时候来的", "收到的问题，按钟点和星期几分", "", _ASIDE, _QUARTER,
        ),
        (
            "asked", "请居民评的", "办出第一个结果，请说的人评的", "",
            "和别的问题合在一起办的；再办以后又请的", _QUARTER,
        ),
        (
            "asked_own", "请了，居民自己评了", "到下一个月月底为止，凭自己的查询码评的",
            _ASKED, _NOT_ASKED, _QUARTER,
        ),
        (
            "asked_entered", "请了，工作人员记下的", "到下一个月月底为止，工作人员按居民的话记下的",
            _ASKED, _NOT_ASKED, _QUARTER,
        ),
        (
            "asked_unanswered", "请了还没有评的",
            "到下一个月月底为止没有评的，撤回的、联系不上的也在里面",
            _ASKED, _NOT_ASKED, _QUARTER,
        ),
        (
            "evaluating", "等居民评的", "月底那一刻等居民评的，按请了多久分", "",
            "和别的问题合在一起办的；再办以后又请的", _CLOSED,
        ),
        (
            "shelved", "联系不上的", "月底那一刻三次联系不上、先放着的，按放了多久分", "",
            "再办以后又联系不上的", _CLOSED,
        ),
        (
            "first_round", "头一轮评的满意", "评的那一档算满意的",
            "居民自己评的里面，头一轮评的", "工作人员记下的；再办以后评的", _MONTHLY,
        ),
        (
            "last_round", "最后一次评的满意", "评的那一档算满意的",
            "居民自己评的里面，到那一批的最后一个月为止没有再评过的",
            "工作人员记下的；后来又评过的", _MONTHLY,
        ),
        (
            "one_round", "一轮就评满意", "头一轮评满意的",
            "居民自己评满意的", "工作人员记下的", _MONTHLY,
        ),
        (
            "recurred", "办完以后又出现", "到那一批的最后一个月为止，又出现、重新办的",
            "居民自己评满意、办完了的", "工作人员记下满意的", _MONTHLY,
        ),
        (
            "by_place", "各社区、各种问题的满意", "评的那一档算满意的",
            "居民自己评的，按社区、按种类分",
            "工作人员记下的；两边有一边太少的，合起来不写", _MONTHLY,
        ),
    )),
)  # fmt: skip

# For the staff alone, on the page of its project: so few people that no part of it is published.
AFTER_PROJECT = Figure(
    "after_project", "专项办完，说好了的", "最后一次回答说好了的",
    "专项办完以后问过、答了的人，一人算一次，工作人员代记的也在里面，另外写明几人",
    "没有回答的；撤回的、没有问的", "有人回答就重数", "每件的办理记录，由程序直接数",
)  # fmt: skip

BY_CODE: Mapping[str, Figure] = {figure.code: figure for figure in FIGURES}


# What is counted month by month and never changed: parts of what is answered, finished, called.
WITHIN_TEN = "answered_within_ten"
PARTS: Mapping[str, tuple[str, ...]] = {
    "answered": (WITHIN_TEN, "answered_on_time", "off_duty"),
    "finished": ("finished_on_time", "desk", "extended", "escalated"),
    "called": ("units_in_time",),
}
COUNTS: tuple[str, ...] = tuple(code for whole in PARTS for code in (whole, *PARTS[whole]))
WHOLE_OF: Mapping[str, str] = {part: whole for whole, parts in PARTS.items() for part in parts}

TEN = timedelta(minutes=10)

# How long an answer took: up to so many minutes, and in words; None: longer.
TIMES: tuple[tuple[int | None, str], ...] = (
    (1, "1分钟以内"), (3, "1到3分钟"), (5, "3到5分钟"), (10, "5到10分钟"), (30, "10到30分钟"),
    (60, "半小时到1小时"), (720, "1到12小时"), (1440, "12小时到1天"), (None, "1天以上"),
)  # fmt: skip
# When something came: from this hour of the day to before that one.
HOURS: tuple[tuple[int, int], ...] = (
    (0, 6), (6, 8), (8, 10), (10, 12), (12, 14), (14, 16), (16, 18), (18, 20), (20, 24),
)  # fmt: skip
# How long somebody has waited at the end of a month, by the month in which it began.
AGES: tuple[str, ...] = ("不到一个月", "一个月到两个月", "两个月以上")

_MINUTES, _HALF_HOURS = 120, 1440  # up to which a time is known to the minute, the half hour


def minutes_up(taken: timedelta) -> int:
    """How long an answer took, in minutes, rounded up so that few numbers are kept: to whole
    minutes within two hours, to half hours within a day, then to days.
    """
    minutes = max(1, ceil(taken / timedelta(minutes=1)))
    for end, step in ((_MINUTES, 1), (_HALF_HOURS, 30)):
        if minutes <= end:
            return ceil(minutes / step) * step
    return ceil(minutes / 1440) * 1440


def time_of(minutes: int) -> int:
    """Which of TIMES it is."""
    return next(place for place, (end, _) in enumerate(TIMES) if end is None or minutes <= end)


def hour_of(hour: int) -> int:
    """Which of HOURS it is."""
    return next(place for place, (_, end) in enumerate(HOURS) if hour < end)


def nth(counts: Mapping[int, int], tenths: int) -> int | None:
    """The smallest value that so many tenths of all do not exceed; None of nothing."""
    wanted, seen = tenths * sum(counts.values()), 0
    for value in sorted(value for value, number in counts.items() if number):
        seen += counts[value]
        if 10 * seen >= wanted:
            return value
    return None


def percent(part: int, whole: int) -> float:
    """Of a hundred, to one decimal. Raises ZeroDivisionError where there is no whole."""
    return round(100 * part / whole, 1)


def told_percent(part: int, whole: int, above: str = ">", below: str = "<") -> str:
    """Of a hundred as people are told it, a whole number: what is not all is not told as 100, nor
    what is some as 0. Raises ZeroDivisionError where there is no whole.
    """
    percents = round(100 * part / whole)
    if part < whole and percents == 100:
        return f"{above}99%"
    return f"{below}1%" if part and not percents else f"{percents}%"


def interval(part: int, whole: int) -> tuple[float, float]:
    """Wilson's interval (1927) of a share: with what certainty of 95 % it lies between, per cent.

    Also of few, none and all it stays within 0 and 100, as the plain one does not. Raises
    ZeroDivisionError where there is no whole.
    """
    share, z2 = part / whole, _NORMAL_95**2
    middle = (share + z2 / (2 * whole)) / (1 + z2 / whole)
    reach = _NORMAL_95 * sqrt(share * (1 - share) / whole + z2 / (4 * whole**2)) / (1 + z2 / whole)
    return round(100 * max(0.0, middle - reach), 1), round(100 * min(1.0, middle + reach), 1)


def points(levels: Mapping[int, int]) -> float | None:
    """The mean of the five levels in POINTS, to one decimal; None where nobody said anything."""
    whole = sum(levels.values())
    if not whole:
        return None
    return round(sum(POINTS[level] * number for level, number in levels.items()) / whole, 1)
