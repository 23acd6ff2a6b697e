"""Whether a stretch of a long letter tells of long ago or of what is now.

PURE. People begin with their lives: what they say of then is hardly what they write for, whatever
words it has.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from enum import Enum

_LONG_AGO = re.compile(
    "那时|当年|那年|从前|早年|年轻|小时候|出生|毕业|结婚|[嫁娶]|参加工作|当兵|进厂|下放|下岗|退休|退伍|改制|老家|一辈子|半辈子|这一生"
    r"|[一二三四五六七八九十\d]{2,4}岁|年代|[一二三四五六七八九十\d]年前|(?<!\d)(?:19\d\d|200\d|201\d|[5-9]\d)年"
    "|[五六七八九][〇零一二三四五六七八九]年"
)
_NOW = re.compile(
    "今年|去年|上个?月|这个月|昨[天晚日]|前天|前几天|前些[天日]|(?<!到)今[天早晚日]|(?<!上)上++个?(?:星期|礼拜|周)|这半年|这[回次]|这几[天个]|最近|近来|如今|自从"
    "|(?:春节|国庆|中秋|端午|五一|立[春夏秋冬]|入[春夏秋冬])(?:以后|之后|那阵)|打那以后|[一二三四五六七八九十]月(?:份|底|初|[上中下]旬|[一二三四五六七八九十]{1,3}号|以?来)"
)
# 八月底的一天, 从今年七月开始, 上个月二十号: how a letter comes from a life to what happened to it.
_ONSET = re.compile(
    "(?:可是|但是|大[概约]是?|就是|后来|那是|直到|[从自]|到了?)*(?:今年|去年)?的?"
    r"(?:(?:[一二三四五六七八九十]{1,3}|1?\d)月(?:份|底|初|[上中下]旬|[一二三四五六七八九十\d]{1,3}[号日]|开始|以后|起)"
    "|(?:今年|去年|这个?学期|这半年|上个?月|上++个?(?:礼拜|星期)|春节|国庆|开春|立[春夏秋冬]|入[春夏秋冬])[^，,。！？!?；;\n]{0,8}(?:开始|以后|之后|起|那阵|号|到现在)"
    "|[两三四五六七八]年前[，,])"
)
_LIFE_SHARE = 0.15  # of a letter: before that nothing has begun yet
_MARK = re.compile(rf"(?P<then>{_LONG_AGO.pattern})|(?P<now>{_NOW.pattern})|\n")
_CLAUSE = re.compile(r"[，,。！？!?；;\n]\s*")
_REACH = 160  # characters behind a mark


class Time(Enum):
    LONG_AGO, UNKNOWN, NOW = range(3)


def told_of(text: str) -> Callable[[int], Time]:
    """When it was that each place of a text tells of, by the last mark before it in its
    paragraph."""
    marks = [
        (
            found.start(),
            Time.LONG_AGO if found["then"] else Time.NOW if found["now"] else Time.UNKNOWN,
        )
        for found in _MARK.finditer(text)
    ]
    starts = [at for at, _ in marks]

    def at(place: int) -> Time:
        last = bisect_right(starts, place) - 1
        return marks[last][1] if last >= 0 and place - starts[last] < _REACH else Time.UNKNOWN

    return at


def onset_in(text: str) -> int:
    """Where a letter first says when its trouble began, at the beginning of a clause; -1 where it
    does not.
    """
    for clause in _CLAUSE.finditer(text, int(_LIFE_SHARE * len(text))):
        if _ONSET.match(text, clause.end()):
            return clause.end()
    return -1
