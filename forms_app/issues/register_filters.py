"""What somebody wants to see of the register: read from an address, said in words, and back again.

It knows the circle's names and the procedure's, no database and no web.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community import Circle
from forms_app.community.made_once import made_once
from forms_app.issues.search_terms import LONGEST_QUERY, asked, is_in
from forms_app.rules import bad_ratings
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES, SEVERITY_CLASSES, STEPS, URGENCY_NAMES

SORTS: dict[str, str] = {
    "newest": "新收集的在前",
    "due": "先到期的在前",
    "waiting": "等得最久的在前",
}
FLAGS: dict[str, str] = {"overdue": "已超时", "dissatisfied": "不满意或重办过"}
_CURSOR = re.compile(r"([0-9TZ:-]{4,24})\.([0-9]{1,10})", re.ASCII)
_DAY = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Filters(Struct, frozen=True):
    """What is wanted; an empty value is no condition. Ids and codes are the circle's own."""

    step: str = ""
    severity_class: str = ""
    urgency: str = ""
    street: str = ""
    community: str = ""
    category: str = ""
    nature: str = ""
    service: str = ""
    channel: str = ""
    estate: str = ""
    received_from: date | None = None  # both days included
    received_to: date | None = None
    overdue: bool = False
    dissatisfied: bool = False
    lead: str = ""
    text: str = ""
    sort: str = "newest"

    @property
    def conditions(self) -> dict[str, object]:
        """What narrows the register, by the name it has in the address."""
        named = ((NAMES[f], getattr(self, f)) for f in self.__struct_fields__ if f != "sort")
        return {name: value for name, value in named if value}

    @property
    def address(self) -> str:
        """The query of the register's address that asks for the same, without page."""
        given = {
            name: "1" if value is True else str(value) for name, value in self.conditions.items()
        }
        if self.sort != "newest":
            given["sort"] = self.sort
        return urlencode(given)

    def without(self, name: str) -> "Filters":
        """The same without one condition, named as in the address."""
        key = next(key for key, known in NAMES.items() if known == name)
        nothing: dict[str, Any] = {key: getattr(Filters(), key)}
        return replace(self, **nothing)


# Attribute → name in the address.
NAMES = {field: field for field in Filters.__struct_fields__} | {
    "severity_class": "class",
    "received_from": "from",
    "received_to": "to",
    "text": "q",
}
LABELS = {
    "step": "步骤",
    "class": "类",
    "urgency": "级",
    "street": "街道",
    "community": "社区",
    "category": "类别",
    "nature": "性质",
    "service": "服务事项",
    "channel": "渠道",
    "estate": "小区",
    "from": "收集起于",
    "to": "收集止于",
    "overdue": "只看已超时",
    "dissatisfied": "只看不满意",
    "lead": "主办",
    "q": "文字",
    "sort": "排序",
}


class Place(Struct, frozen=True):
    """From where a page goes on: the last row that was seen, and in which direction."""

    key: str
    issue_id: int
    is_back: bool  # the page before it rather than after it


@made_once
def choices(circle: Circle) -> Mapping[str, Mapping[str, str]]:
    """What can be chosen for each condition that has a list: code → what people call it."""
    units = {d.id: d.name for d in circle.departments.values()}
    communities = {c.id: c.name for c in circle.spelled_out().communities.values()}
    return {
        "step": {step.value: facts.label for step, facts in STEPS.items()},
        "class": {
            code: said("%(code)s类（%(label)s）", code=code, label=said(label))
            for code, label in SEVERITY_CLASSES.items()
        },
        "urgency": URGENCY_NAMES,
        "street": {
            one.id: one.name
            for one in circle.subdistricts.values()
            if circle.has_several_subdistricts
        },
        "community": communities,
        "category": {c.code: c.name for c in circle.categories.values()},
        "nature": NATURES,
        "service": circle.wanted_services,
        "channel": {**circle.channels, bad_ratings.CHANNEL: bad_ratings.CHANNEL},
        "estate": {e.id: e.name for e in circle.estates.values()},
        "lead": communities | units,
        "sort": SORTS,
    }


def read(circle: Circle, given: Mapping[str, str]) -> tuple[Filters, tuple[str, ...]]:
    """The filters of an address, and a sentence for each value that could not be used."""
    lists = choices(circle)
    found: dict[str, Any] = {}
    refused: list[str] = []
    for key, name in NAMES.items():
        # Control characters and halves of characters are nobody's words.
        value = "".join(c for c in given.get(name, "") if c.isprintable()).strip()
        if not value:
            continue
        if name in lists:
            if value in lists[name]:
                found[key] = value
            else:
                refused.append(
                    said("“%(label)s”没有这一项，没有按它筛选。", label=said(LABELS[name]))
                )
        elif name in FLAGS:
            found[key] = value in ("1", "y", "on", "true")
        elif name in ("from", "to"):
            day = _day(value)
            if day is None:
                refused.append(
                    said(
                        "“%(label)s”要写成 2026-11-30 这样的日期，没有按它筛选。",
                        label=said(LABELS[name]),
                    )
                )
            else:
                found[key] = day
        else:
            sentence = _text_refused(value)
            if sentence:
                refused.append(sentence)
            else:
                found[key] = " ".join(value.split())
    filters = Filters(**found)
    first, last = filters.received_from, filters.received_to
    if first and last and first > last:
        refused.append("收集起止日期前后颠倒，这样不会有结果，请对调。")
    return filters, tuple(refused)


def read_place(given: Mapping[str, str]) -> tuple[Place | None, tuple[str, ...]]:
    """Where the page begins, None for the first; and a sentence if the address is damaged."""
    for name, is_back in (("after", False), ("before", True)):
        value = given.get(name, "")
        if not value:
            continue
        match = _CURSOR.fullmatch(value)
        if match is None or int(match[2]) >= 2**31:
            return None, ("网址里的页码看不懂，从第一页开始。",)
        return Place(match[1], int(match[2]), is_back), ()
    return None, ()


def in_words(circle: Circle, filters: Filters) -> dict[str, str]:
    """Each condition as people say it, by its name in the address."""
    lists = choices(circle)
    words: dict[str, str] = {}
    for name, value in filters.conditions.items():
        if name in FLAGS:
            words[name] = FLAGS[name]
        elif name in lists:
            words[name] = _condition(name, lists[name][str(value)])
        elif isinstance(value, date):
            day = said(
                "%(year)s年%(month)s月%(day)s日", year=value.year, month=value.month, day=value.day
            )
            words[name] = _condition(name, day)
        else:
            words[name] = _condition(name, str(value))
    return words


def _condition(name: str, value: str) -> str:
    return said("%(label)s：%(value)s", label=said(LABELS[name]), value=said(value))


def described(circle: Circle, filters: Filters, count: int) -> str:
    """What a list holds, in one line: on the sheet and in the log."""
    conditions = "；".join(in_words(circle, filters).values()) or "全部"
    # Stored, and written into the sheet.
    return "条件：{}　排序：{}　共{}件".format(conditions, SORTS[filters.sort], count)  # noqa: UP032


def words_asked(circle: Circle, text: str) -> list[tuple[str, list[str]]]:
    """Each word of a search, with the ids of the estates whose names contain it."""
    return [
        (word, [e.id for e in circle.estates.values() if is_in(word, e.name)])
        for word in text.split()
        if asked(word)
    ]


def _day(value: str) -> date | None:
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _text_refused(value: str) -> str:
    if len(value) > LONGEST_QUERY:
        return said("搜索的文字最多%(most)s个字，没有按它筛选。", most=LONGEST_QUERY)
    if not asked(value):
        return "搜索的文字里要有字、字母或数字，没有按它筛选。"
    return ""
