"""What may be put into a field of a record, as people write it and as its file does.

A form and a spreadsheet read the same words by the same input; the loader still judges the whole.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from msgspec import Struct, field

from forms_app.community import Circle
from forms_app.community.values import Unreadable, nearest
from forms_app.content.listing import Part, Value
from forms_app.content.spoken import day_of
from forms_app.rules.dates import full_date
from forms_app.rules.weekly import DAYS

Offer = Callable[[Circle], Mapping[str, str]]  # what is written → what people call it
_BETWEEN_WORDS = re.compile("[、,，;；\n]+")
_NUMBER = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*[\u3400-\u9fff]{0,3}")
_DEGREES = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SPAN = re.compile(
    r"([0-9]{1,2})[:点时]?([0-9]{2})?分?\s*(?:-|~|—|–|至|到)+\s*([0-9]{1,2})[:点时]?([0-9]{2})?分?"
)
_WEEK_TIME = re.compile(
    rf"每?(?:周|星期|礼拜)([{DAYS}天])\s*+(早上|上午|中午|下午|晚上)?\s*+"
    r"([0-9]{1,2})[:点时](?:([0-9]{2})分?|(半))?"
)
_YES = frozenset({"是", "有", "对", "要", "y", "yes", "true", "1", "√", "✓"})
_NO = frozenset({"否", "无", "没有", "不", "不是", "不要", "n", "no", "false", "0", "×"})
WHOLE_DAY = frozenset({"全天", "24小时", "全天开放", "全天值守"})


def plain(text: str) -> str:
    """Full-width digits, letters and marks as the usual ones, without outer blanks."""
    return unicodedata.normalize("NFKC", text).strip()


class Line(Struct, frozen=True):
    """One line of text."""

    letters: int = 100

    def shown(self, value: Value, circle: Circle) -> str:
        """The value as people read and write it."""
        return str(value)

    def read(self, text: str, circle: Circle, today: date) -> Value:
        """The value that a file holds. Raises Unreadable."""
        return " ".join(text.split())


class Paragraph(Line, frozen=True):
    """Several lines."""

    letters: int = 1000

    def read(self, text: str, circle: Circle, today: date) -> Value:
        return "\n".join(line.rstrip() for line in text.strip().splitlines())


class Phone(Line, frozen=True):
    """Numbers, with full-width ones taken."""

    letters: int = 40

    def read(self, text: str, circle: Circle, today: date) -> Value:
        return re.sub("[—–－]", "-", plain(text)).replace("(转", "转")


class Number(Line, frozen=True):
    """A number; a unit behind it (`90户`, `5分钟`) is left away."""

    letters: int = 20
    is_whole: bool = True

    def read(self, text: str, circle: Circle, today: date) -> Value:
        match = _NUMBER.fullmatch(plain(text).replace(",", ""))
        if not match:
            raise Unreadable(f"「{text}」不是数", "只写数字，例如「12」")
        found = match[1]
        if self.is_whole and "." in found:
            if found.split(".")[1].strip("0"):
                raise Unreadable(f"「{text}」不是整数", "写成整数，例如「12」")
            found = found.split(".")[0]
        return found


class Degrees(Number, frozen=True):
    """One half of a point. Maps give both at once, some the longitude first (`114.90,25.83`): of
    such a pair, pasted whole, it takes its own half."""

    letters: int = 60
    is_whole: bool = False
    limits: tuple[int, int] = (-180, 180)

    def read(self, text: str, circle: Circle, today: date) -> Value:
        halves = _DEGREES.findall(plain(text))
        if len(halves) == 2:
            own = [one for one in halves if self.limits[0] <= float(one) <= self.limits[1]]
            if len(own) != 1:
                raise Unreadable(f"「{text}」不像地图上的一对数", "照地图再抄一遍")
            return str(own[0])
        return super().read(text, circle, today)


class Day(Line, frozen=True):
    """A day: 2026年11月3日, 11月3日, 2026/11/3."""

    letters: int = 20

    def shown(self, value: Value, circle: Circle) -> str:
        try:
            return full_date(date.fromisoformat(str(value).replace("/", "-")))
        except ValueError:
            return str(value)

    def read(self, text: str, circle: Circle, today: date) -> Value:
        found = plain(text).removesuffix(" 00:00:00").removesuffix(" 00:00")
        return f"{day_of(found, today)}"


class Hours(Line, frozen=True):
    """Spans of a day: `08:30-12:00,14:30-17:30`, `8点30分到12点`; all day is `all_day`."""

    letters: int = 60
    all_day: str = "00:00-24:00"

    def read(self, text: str, circle: Circle, today: date) -> Value:
        if plain(text) in WHOLE_DAY:
            return self.all_day
        spans = []
        for part in re.split("[、,;]+", plain(text)):
            match = _SPAN.fullmatch(part.strip())
            if not match:
                raise Unreadable(f"「{part}」不是时段", "写成「08:30-12:00,14:30-17:30」的样子")
            first, from_minute, last, to_minute = (int(one or 0) for one in match.groups())
            spans.append(f"{first:02}:{from_minute:02}-{last:02}:{to_minute:02}")
        return ",".join(spans)


class WeekMoment(Line, frozen=True):
    """A time of every week: `周五 17:00`, `每星期五下午5点半`."""

    letters: int = 20

    def read(self, text: str, circle: Circle, today: date) -> Value:
        match = _WEEK_TIME.fullmatch(plain(text))
        wrong = Unreadable(f"「{text}」不是每周的一个时间", "写成「周五 17:00」的样子")
        if match is None:
            raise wrong
        hour, minute = int(match[3]), 30 if match[5] else int(match[4] or 0)
        if match[2] in ("下午", "晚上") and hour < 12:
            hour += 12
        if hour > 23 or minute > 59:
            raise wrong
        return f"周{match[1].replace('天', '日')} {hour:02}:{minute:02}"


class YesNo(Line, frozen=True):
    """Yes or no, written in Chinese or (`yes`, `true`) as YAML has them."""

    letters: int = 4
    yes: str = "是"
    no: str = "否"

    def shown(self, value: Value, circle: Circle) -> str:
        if not value:
            return ""
        return "是" if str(value).lower() in _YES else "否"

    def read(self, text: str, circle: Circle, today: date) -> Value:
        found = plain(text).lower()
        if found in _YES:
            return self.yes
        if found in _NO:
            return self.no
        raise Unreadable(f"「{text}」不是「是」或「否」", "填「是」或「否」")


class Choice(Line, frozen=True):
    """One of some, by its name; its code is taken, too."""

    offers: Offer = field(default=lambda _circle: {})

    def shown(self, value: Value, circle: Circle) -> str:
        return self.offers(circle).get(str(value), str(value))

    def read(self, text: str, circle: Circle, today: date) -> Value:
        return one_of(self.offers(circle), text)


class Choices(Choice, frozen=True):
    """Any of some."""

    letters: int = 1000

    def shown(self, value: Value, circle: Circle) -> str:
        offers = self.offers(circle)
        return "、".join(offers.get(one, one) for one in many(value))

    def read(self, text: str, circle: Circle, today: date) -> Value:
        offers = self.offers(circle)
        if text.strip() in offers.values():  # a name with a comma in it
            return (one_of(offers, text),)
        parts = [one.strip() for one in re.split("[、,，;；\n]+", text) if one.strip()]
        if any(not _is_one(offers, one) for one in parts):
            parts = [one.strip() for one in re.split("[;；\n]+", text) if one.strip()]
        return tuple(dict.fromkeys(one_of(offers, one) for one in parts))


class Words(Line, frozen=True):
    """Words on one line, between them 、."""

    letters: int = 1000

    def shown(self, value: Value, circle: Circle) -> str:
        return "、".join(many(value))

    def read(self, text: str, circle: Circle, today: date) -> Value:
        words = (one.strip() for one in _BETWEEN_WORDS.split(text))
        return tuple(dict.fromkeys(one for one in words if one))


class Lines(Line, frozen=True):
    """Texts, each on a line of its own."""

    letters: int = 2000

    def shown(self, value: Value, circle: Circle) -> str:
        return "\n".join(many(value))

    def read(self, text: str, circle: Circle, today: date) -> Value:
        lines = (" ".join(one.split()) for one in text.splitlines())
        return tuple(dict.fromkeys(one for one in lines if one))


class Groups(Line, frozen=True):
    """Small groups, each on a line of its own: `内容｜依据｜出处`; `names` are the file's."""

    letters: int = 6000
    names: tuple[str, ...] = ()
    usual: Mapping[str, str] = field(default_factory=dict)  # where a line does not say it

    def shown(self, value: Value, circle: Circle) -> str:
        parts = [one.named for one in value if isinstance(one, Part)]
        lines = (" ｜ ".join(part.get(name, "") for name in self.names) for part in parts)
        return "\n".join(line.rstrip("｜ ") for line in lines)

    def read(self, text: str, circle: Circle, today: date) -> Value:
        found = []
        for line in (one for one in text.splitlines() if one.strip()):
            cells = [cell.strip() for cell in re.split(r"[｜|]", line)]
            if len(cells) > len(self.names):
                raise Unreadable(f"「{line[:20]}」里的「｜」太多", f"一行最多{len(self.names)}格")
            said = dict(zip(self.names, cells, strict=False))
            usual = self.usual
            found.append(Part.of({n: said.get(n) or usual.get(n, "") for n in self.names}))
        return tuple(found)


class Numbers(Words, frozen=True):
    """Whole numbers on one line: `1、3、7`."""

    letters: int = 60

    def read(self, text: str, circle: Circle, today: date) -> Value:
        found = super().read(plain(text), circle, today)
        one = Number()
        return tuple(str(one.read(each, circle, today)) for each in many(found))


class Graded(Line, frozen=True):
    """A whole number for each of some names, in their order: `2、7、30`."""

    letters: int = 60
    names: tuple[str, ...] = ()

    def shown(self, value: Value, circle: Circle) -> str:
        said = value.named if isinstance(value, Part) else {}
        return "、".join(said.get(name, "") for name in self.names) if said else str(value)

    def read(self, text: str, circle: Circle, today: date) -> Value:
        parts = [one for one in _BETWEEN_WORDS.split(plain(text)) if one.strip()]
        if len(parts) != len(self.names):
            raise Unreadable(
                f"要写{len(self.names)}个数，写了{len(parts)}个", "用顿号隔开，例如「2、7、30」"
            )
        one = Number()
        said = {
            name: str(one.read(part, circle, today))
            for name, part in zip(self.names, parts, strict=True)
        }
        return Part.of(said)


def many(value: Value) -> tuple[str, ...]:
    """A list, of one value where there is one."""
    return value if isinstance(value, tuple) else (value,) if value else ()


def one_of(offers: Mapping[str, str], text: str) -> str:
    """The code of a name or code. Raises Unreadable, with the closest name."""
    typed = text.strip()
    if typed in offers:
        return typed
    named = [code for code, name in offers.items() if folded(name) == folded(typed)]
    if len(named) == 1:
        return named[0]
    # Without what the sample adds: 金桂社区（示例）.
    bare = [code for code, name in offers.items() if _bare(name) == _bare(typed)]
    if len(bare) == 1:
        return bare[0]
    if len(named) > 1 or len(bare) > 1:
        raise Unreadable(f"叫「{typed}」的不止一个", f"写编号：{'、'.join(named or bare)}")
    # As people shorten: 住建局 for 区住建局, 银杏 for 银杏社区, where only one can be meant.
    short = [code for code, name in offers.items() if _is_short(_bare(typed), _bare(name))]
    if len(short) == 1:
        return short[0]
    raise Unreadable(f"没有「{typed}」", nearest(typed, list(offers.values())))


def _is_short(typed: str, name: str) -> bool:
    return len(typed) > 1 and (name.startswith(typed) or name.endswith(typed))


def _is_one(offers: Mapping[str, str], text: str) -> bool:
    try:
        one_of(offers, text)
    except Unreadable:
        return False
    return True


def folded(text: str) -> str:
    """Two spellings of one name are the same."""
    return re.sub(r"\s", "", plain(text)).lower()


def _bare(text: str) -> str:
    return re.sub(r"\([^()]*+\)$", "", folded(text))
