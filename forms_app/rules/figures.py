"""What each published figure says: of what it is counted, what is left out, and how sure it is.

PURE: definitions and arithmetic; counting is `forms_app.issues.sums`, showing is the site's. The
texts are read by residents, beside the figures and in what they download.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from forms_app.rules.steps import SATISFACTION

# Points of the five levels: the best is 100, the worst 0, the others evenly between.
POINTS: Mapping[int, int] = {5: 100, 4: 75, 3: 50, 2: 25, 1: 0}
POINT_WORDS = "、".join(f"{SATISFACTION[level]}{points}分" for level, points in POINTS.items())

_NORMAL_95 = 1.959963984540054  # standard deviations on either side that hold 95 % of a normal


@dataclass(frozen=True)
class Figure:
    """One figure. `whole` is empty where it is a number alone and no share."""

    code: str
    name: str
    part: str
    whole: str
    left_out: str
    renewed: str


_DAILY, _MONTHLY = "每天", "过完的月份攒够了才添"
_ASIDE = "暂放一边的"

FIGURES: tuple[Figure, ...] = (
    Figure("received", "收到的问题", "登记在册的问题，一件算一件", "", _ASIDE, _DAILY),
    Figure(
        "waiting", "还在办的", "收到以后还没有办出第一个结果的", "",
        f"{_ASIDE}、评过以后再办的、撤回和转走的", _DAILY,
    ),
    Figure(
        "resolved", "办出结果的", "办出了第一个结果、等居民评的，居民评了也还算在里面", "",
        f"{_ASIDE}；居民说没办好、再办出来的结果不再算一次", _DAILY,
    ),
    Figure(
        "overdue", "过了日子的", "到了说好的日子，既没有结果也没有说明的", "", _ASIDE, _DAILY,
    ),
    Figure(
        "set_aside", "暂放一边的", "一下子涌来、先放一边还没有人说是真的", "",
        "居民说是真的以后，重新算进收到的问题", _DAILY,
    ),
    Figure(
        "opinions_on_time", "第一个答复按时给出", "按当时那只钟，没有超过的",
        "给过的第一个答复；又办一次的，每次各算一个",
        "还没有答复的；那一年放假安排没有出来、没有钟的", _DAILY,
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
        "当天前面评的；已经没有的服务、活动和场所", _MONTHLY,
    ),
)  # fmt: skip

BY_CODE: Mapping[str, Figure] = {figure.code: figure for figure in FIGURES}


def percent(part: int, whole: int) -> float:
    """Of a hundred, to one decimal. Raises ZeroDivisionError where there is no whole."""
    return round(100 * part / whole, 1)


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
