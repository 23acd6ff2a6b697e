"""The two-way assessment (双向考核): what passes between a sub-district and a department on record.

Each kind is one row of a table: who says it, who answers, with which words. It assesses offices,
never persons, and reckons no points. PURE.
"""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, field

from forms_app.rules.steps import Role

WORDS_LETTERS = 500
SUBJECT_LETTERS = 100


class Event(StrEnum):
    """What was done with a record."""

    SAID = "said"
    CHANGED = "changed"
    ANSWERED = "answered"
    DONE = "done"
    WITHDRAWN = "withdrawn"


EVENT_LABELS = {
    Event.SAID: "提出",
    Event.CHANGED: "修改",
    Event.ANSWERED: "答复",
    Event.DONE: "完成",
    Event.WITHDRAWN: "撤回",
}
# How an office did in a quarter; words in no order of merit are none, so the best stands first.
LEVELS: Mapping[str, str] = {"good": "好", "fair": "较好", "weak": "一般", "poor": "差"}


class Kind(Struct, frozen=True):
    """One kind of record."""

    label: str
    said_by: Role
    answered_by: Role
    title: str  # of the form that says it
    subject: str  # what its first line is called; "": it needs none
    words: str  # what its words are called
    answer_title: str
    answers: Mapping[str, str] = field(default_factory=dict)  # none: words are enough
    has_level: bool = False  # it is of a quarter, once between two offices
    is_planned: bool = False  # it says for which day, and afterwards what came of it


KINDS: Mapping[str, Kind] = {
    "unit": Kind(
        "街道评部门", Role.SUBDISTRICT_LEADER, Role.RESPONDER,
        "评一个部门这一季度的配合", "", "具体怎么样", "部门说明", has_level=True,
    ),
    "subdistrict": Kind(
        "部门评街道", Role.RESPONDER, Role.SUBDISTRICT_LEADER,
        "评街道这一季度的统筹", "", "具体怎么样", "街道说明", has_level=True,
    ),
    "inspection": Kind(
        "一事一报", Role.RESPONDER, Role.DISTRICT_OFFICE,
        "报批一次检查", "检查什么", "为什么要查", "改革领导小组办公室批复",
        {"approved": "同意", "refused": "不同意"}, is_planned=True,
    ),
    "consent": Kind(
        "考核征得同意", Role.RESPONDER, Role.SUBDISTRICT_LEADER,
        "就派驻人员考核、评先评优征求街道意见", "什么考核", "部门的意见和理由", "街道意见",
        {"agreed": "同意", "disagreed": "不同意"},
    ),
    "proposal": Kind(
        "街道建议", Role.SUBDISTRICT_LEADER, Role.RESPONDER,
        "向部门提规划、决策、项目的建议", "关于什么", "建议和理由", "部门答复",
        {"adopted": "采纳", "partly": "部分采纳", "not_adopted": "不采纳"},
    ),
}  # fmt: skip

# What a level or an answer is called.
_ANSWERS = {code: word for kind in KINDS.values() for code, word in kind.answers.items()}
CHOICES = {**LEVELS, **_ANSWERS}


def quarter_words(quarter: str) -> str:
    """2026年第4季度"""
    year, _, number = quarter.partition("-Q")
    return f"{year}年第{number}季度"
