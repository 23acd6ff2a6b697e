"""What the values of a column look like, whatever its heading says.

Standard library only: the process that reads a file knows it too.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from forms_app.rules import late
from forms_app.rules.folding import fold, in_digits, narrow
from forms_app.rules.steps import NATURES
from forms_app.spreadsheets.columns import CROSSES, SORTS, TICKS
from forms_app.spreadsheets.stories import may_be_over
from forms_app.spreadsheets.verdicts import says_pleased

LOOKED_AT = 200  # filled cells of a column, spread over all its rows

_NUMBER = late.compile(r"[-+]?[\d,]+(?:\.\d+)?(?:E[-+]?\d+)?%?", re.IGNORECASE)
_SERIAL = late.compile(r"\d{5}(?:\.\d+)?|20\d{6}(?:\d{4,6})?|\d{1,2}\.\d{1,2}")
# What stands behind a day that is a time, and no story that begins with one.
_REST = late.compile(
    r"[\d\s:：.,，、+\-/~()（）A-Z上下中正午早晚凌晨傍夜里间点时分秒半刻钟左右多约"
    "星期周一二三四五六日天前后起至]*"
)
_TIME = late.compile(
    r"(?:(?:\d{4}|\d{2})\s*[年/.\-]\s*)?\d{1,2}\s*[月/.\-]\s*\d{1,2}"
    rf"(?:[日号T\s]{_REST.pattern})?"
    rf"|\d{{1,2}}[/.\-]\d{{1,2}}[/.\-]\d{{4}}(?:\s{_REST.pattern})?"
)
# Narrow, without blanks, in digits and capitals: 下午3点半左右.
CLOCK = late.compile(
    r"(?P<alone>早上|早晨|清晨|早|上午|中午|下午|午后|傍晚|晚上|晚间|晚)|(?:大?约|大概)?"
    r"(?P<part>凌晨|早上|早晨|清晨|上午|中午|下午|午后|傍晚|晚上|晚间|夜里|夜间|早|晚|AM|PM)?"
    r"(?P<hour>\d{1,2})[:时点](?:(?P<half>半)|(?P<quarters>[123])刻|(?P<minute>\d{1,2})?分?)"
    r"(?::?(?P<second>\d{1,2})(?:\.\d+)?秒?)?(?P<after>AM|PM)?"
    r"(?:[来多]?钟|多)?(?:左右|前后|许)?"
)
SOLID_CLOCK = late.compile(r"^([01]?\d|2[0-4])([0-5]\d)$")  # only where a heading says clock
MIDNIGHT = " 00:00:00"  # what a workbook gives for a day alone
_HOUR = late.compile(r"\d[:：时点]|上午|下午|[早晚]|T\d")
_PHONE = late.compile(
    r"\(?(?:\+?86)?-?(?:1[\d*]{10}|0\d{2,3}\)?-?\d{7,8}|0\d{3}-\d{4}-\d{3,4})(?!\d).*"
)
_TOLD_PHONE = late.compile(
    r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}\D*[㐀-鿿]|[㐀-鿿]\D*1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"
)
_IDENTITY = late.compile(r"\d{6}(?:18|19|20)\d{2}[\d*]{7}[\dX]", re.IGNORECASE)
_COMMUNITY = late.compile(
    r"[^，。；\s]{0,20}社区(?:居(?:民)?委会|居民委员会|第?[^，。；\s]{0,4}网格)?"
)
_ESTATE = late.compile(
    rf"[^，。；\s\d]{{1,10}}(?:{SORTS}|院|苑)(?:[东西南北中]区|[^，。；\s]{{1,3}}期)?"
)
ADDRESS = late.compile(
    rf"(?:{SORTS}|路|街|巷|大道|花|苑|城).{{0,6}}\d|(?<!\d)\d++\s*+(?:栋|幢|座|号楼|单元|弄)|^\d+-\d+-\d+$"
)
DAY_OF_MONTH = late.compile(r"(\d{1,2})[日号]")
_ANSWER = late.compile(f"[是否已未{''.join((*TICKS, *CROSSES))}01]")
_PERSON = late.compile(
    "[\u3400-\u9fff]{1,3}(?:先生|女士|小姐|阿姨|大爷|大叔|大妈|大嫂|奶奶|爷爷|婆婆|师傅|老师|某某?)"
    r"(?:[(（].*[)）])?"
)
_NATURE = late.compile(f"(?:{'|'.join(NATURES.values())}|表扬|感谢)类?件?")
# How far something has come: 已解决, 未办结, 处理中; only beside words that say it is over.
_STATE = late.compile(
    "(?:"
    "(?:已经?|未|待|正在|尚未|还?没有?|暂不|无法)[㐀-鿿]{1,6}|[㐀-鿿]{1,5}中"
    "|(?:(?:全部|部分)?(?:办结|解决|完成|结案|销号|归档|整改|化解|办理|处理)完?[成毕]?了?){1,2}"
    r")(?:[(（].*[)）])?"
)
_OVER = late.compile(
    "已?经?.{0,2}(?:办[结毕好复]|解决|完[成工]|竣工|结案|销号|归档|整改|化解|完毕|处理好)了?"
    r"(?:[(（].*[)）])?"
)
_LONGEST_STATE = 12  # letters
_LOOKED_INTO = 300  # letters of a cell: what it is stands there, however much follows
_LINK = late.compile(r"(?:https?://|=)\S*", re.IGNORECASE)  # to a picture, most of all
_IN_BRACKETS = late.compile(r"[(（][^()（）]*[)）]$")  # 王秀英（3栋）
_CHINESE = late.compile("[\u3400-\u9fff]")
_LATIN = late.compile(r"[^\W\d_]{2,}")
_MOST_DIGITS = 6  # of a number that counts rows
_WORDS = 4  # Chinese letters, or words in other letters, that make a cell more than a name


class Profile(Struct, frozen=True):
    """Shares of the filled cells, 0 to 1; a column may be several things at once."""

    filled: int = 0
    times: float = 0  # written as times
    serials: float = 0  # numbers that may be times
    clocks: float = 0  # hours and minutes without a day
    solid_clocks: float = 0  # the same without a mark between them: 0930
    timed: float = 0  # those of the times that say the hour
    numbers: float = 0
    contacts: float = 0  # phones and identity numbers
    told_phones: float = 0  # those of a mobile among other words
    words: float = 0
    communities: float = 0
    estates: float = 0
    addresses: float = 0
    days: float = 0  # of a month that stands elsewhere: 5日
    natures: float = 0  # 投诉, 咨询
    states: float = 0  # how far something has come, where one of them says that it is over
    answers: float = 0  # yes or no
    persons: float = 0  # called as one calls somebody: 李阿姨, 王某
    letters: float = 0  # on average
    repeated: float = 0  # how much of it stands there more than once
    is_running: bool = False  # 1, 2, 3 …


def profile(values: Sequence[str]) -> Profile:
    """What a column's cells look like."""
    filled = [value for value in values if value]
    if not filled:
        return Profile()
    step = max(1, len(filled) // LOOKED_AT)
    some = [value.strip() for value in filled[::step]]
    looked = [re.sub(r"\s+", " ", value[:_LOOKED_INTO]).strip("'’‘ ") for value in some]
    further = sum(max(0, len(value) - _LOOKED_INTO) for value in some)
    count = len(looked)

    def share(pattern: "re.Pattern[str]") -> float:
        return sum(bool(pattern.fullmatch(value)) for value in looked) / count

    return Profile(
        filled=len(filled),
        times=sum(map(is_time, looked)) / count,
        serials=share(_SERIAL),
        clocks=sum(map(_is_clock, looked)) / count,
        solid_clocks=share(SOLID_CLOCK),
        timed=sum(
            bool(_TIME.fullmatch(v) and _HOUR.search(v.removesuffix(MIDNIGHT))) for v in looked
        ) / count,
        numbers=share(_NUMBER),
        contacts=sum(bool(_PHONE.fullmatch(v) or _IDENTITY.fullmatch(v)) for v in looked) / count,
        told_phones=sum(bool(_TOLD_PHONE.search(v)) for v in looked) / count,
        words=sum(_is_more_than_a_name(value) for value in looked) / count,
        communities=sum(bool(_COMMUNITY.fullmatch(fold(v))) for v in looked) / count,
        estates=share(_ESTATE),
        addresses=sum(bool(ADDRESS.search(value)) for value in looked) / count,
        days=share(DAY_OF_MONTH),
        natures=share(_NATURE),
        states=share(_STATE) if any(map(_OVER.fullmatch, looked)) else 0,
        answers=share(_ANSWER),
        persons=share(_PERSON),
        letters=(further + sum(len(_IN_BRACKETS.sub("", v)) for v in looked)) / count,
        repeated=1 - len(set(filled)) / len(filled),
        is_running=_is_running(filled),
    )  # fmt: skip


def is_time(value: str) -> bool:
    """Whether a cell is written as a time, and is no bare number."""
    return bool(_TIME.fullmatch(value)) and not _NUMBER.fullmatch(value)


def says_over(value: str) -> bool:
    """Whether a short cell says that something is over."""
    return len(value) <= _LONGEST_STATE and _OVER.fullmatch(value) is not None


def says_over_at_length(value: str) -> bool:
    """The same of a cell that may tell a story."""
    return says_over(value) or says_pleased(value) or may_be_over(fold(value))


def _is_more_than_a_name(value: str) -> bool:
    if _LINK.fullmatch(value):
        return False
    value = _IN_BRACKETS.sub("", value)
    return len(_CHINESE.findall(value)) >= _WORDS or len(_LATIN.findall(value)) >= _WORDS


def _is_clock(value: str) -> bool:
    return CLOCK.fullmatch(in_digits(fold(value).replace(" ", "")).upper()) is not None


def _is_running(filled: Sequence[str]) -> bool:
    """Whether the cells count on by one, but for a few that somebody left out."""
    numbers = []
    for value in map(narrow, filled):
        if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
            return False
        numbers.append(int(value))
    if numbers[0] > 1:
        return False
    steps = sum(b == a + 1 or b == 1 for a, b in pairwise(numbers))
    return steps >= 0.9 * (len(numbers) - 1)
