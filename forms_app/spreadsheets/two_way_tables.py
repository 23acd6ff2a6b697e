"""A quarter of the two-way assessment as tables of words and numbers, sheet by sheet."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from forms_app.queries import AssessmentFacts, SubdistrictQuarter, UnitQuarter
from forms_app.rules.two_way import CHOICES, KINDS
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets.month_tables import Table

_UNITS = (
    "街道", "部门", "被号召", "按时响应", "职责异议", "退回结果", "主办", "办结", "其中按时",
    "本人评价", "本人不满意", "代录评价", "代录不满意",
)  # fmt: skip
_SUBDISTRICTS = ("街道", "发出号召", "退回结果", "自己反馈", "到时限自动转出")
_RECORDS = (
    "哪一种", "街道", "部门", "档次", "关于什么", "内容", "打算哪天", "哪天提出", "答复",
    "答复内容", "哪天答复", "哪天查的", "查出了什么", "撤回",
)  # fmt: skip


def two_way_tables(
    sides: Sequence[tuple[str, Sequence[UnitQuarter], SubdistrictQuarter]],
    records: Iterable[AssessmentFacts],
) -> list[Table]:
    """What departments and sub-districts had to do, and what they said: no ranks, no points.

    `sides` are name, departments and own counts of each sub-district.
    """
    units = tuple(_unit(name, row) for name, rows, _ in sides for row in rows)
    return [
        Table("部门", _UNITS, units),
        Table("街道", _SUBDISTRICTS, tuple(_subdistrict(name, own) for name, _, own in sides)),
        Table("记录", _RECORDS, tuple(map(_record, records))),
    ]


def _unit(name: str, row: UnitQuarter) -> tuple[str | int, ...]:
    return (
        name, row.name, row.called, row.answered_on_time, row.disputed,
        row.returned, row.leading, row.finished, row.on_time, row.judged, row.dissatisfied,
        row.entered, row.entered_dissatisfied,
    )  # fmt: skip


def _subdistrict(name: str, own: SubdistrictQuarter) -> tuple[str | int, ...]:
    return (name, own.summonses, own.returned, own.relayed, own.passed)


def _record(one: AssessmentFacts) -> tuple[str | int, ...]:
    def day(moment: datetime | None) -> str:
        return f"{moment.astimezone(CHINA):%Y-%m-%d}" if moment else ""

    return (
        KINDS[one.kind].label, one.subdistrict_name, one.organization_name,
        CHOICES.get(one.level, ""), one.subject, one.words, one.planned_on, day(one.said_at),
        CHOICES.get(one.answer, ""), one.answer_words, day(one.answered_at), one.done_on, one.found,
        "已撤回" if one.withdrawn_at else "",
    )  # fmt: skip
