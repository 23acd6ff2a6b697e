"""Which column of a stranger's spreadsheet holds what, guessed from the words at its head.

Standard library only: the process that reads a file knows it too.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """What an issue can take from a column, and the headings that mean it.

    A heading that must be met exactly stands with "="; the others may be part of a longer one.
    """

    label: str
    headings: tuple[str, ...]
    required: bool = False


COLUMNS: Mapping[str, Column] = {
    "description": Column(
        "问题描述",
        ("问题标题与描述", "问题描述", "诉求内容", "工单内容", "反映内容", "问题内容", "主要内容",
         "消息内容", "事件描述", "具体问题", "诉求描述", "反映问题", "=内容", "=描述", "=问题",
         "=诉求", "=事项"),
        required=True,
    ),
    "received_at": Column(
        "收到时间",
        ("收集时间", "收到时间", "受理时间", "来电时间", "登记时间", "反映时间", "上报时间",
         "提交时间", "创建时间", "发言时间", "来信时间", "受理日期", "登记日期", "反映日期",
         "收集日期", "上报日期", "=时间", "=日期"),
        required=True,
    ),
    "title": Column("标题", ("诉求标题", "工单标题", "问题标题", "=标题", "=主题")),
    "number": Column(
        "来源编号",
        ("问题编号", "工单编号", "工单号", "受理编号", "受理单号", "诉求编号", "来源编号", "流水号",
         "=编号", "=单号"),
    ),
    "community": Column(
        "社区", ("所属社区", "所在社区", "承办社区", "社区/网格", "社区名称", "=社区")
    ),
    "estate": Column("小区", ("所属小区", "所在小区", "小区名称", "小区点位", "=小区")),
    "location": Column(
        "具体位置",
        ("事发地址", "问题地址", "详细地址", "事发地点", "具体位置", "具体地址", "问题地点",
         "小区点位", "楼栋", "房号", "=地址", "=地点", "=位置", "=点位"),
    ),
    "category": Column(
        "类别",
        ("问题分类", "问题类别", "问题类型", "诉求类型", "诉求分类", "业务类别", "事项类别",
         "=类别", "=分类", "=类型"),
    ),
    "nature": Column("性质", ("诉求性质", "问题性质", "事项性质", "=性质")),
    "channel": Column(
        "渠道", ("收集渠道", "来源渠道", "受理渠道", "诉求来源", "问题来源", "=渠道", "=来源")
    ),
    "reporter_name": Column(
        "称呼",
        ("反映人", "诉求人", "来电人", "联系人", "投诉人", "发言人", "居民姓名", "=姓名", "=昵称",
         "=称呼"),
    ),
    "reporter_phone": Column(
        "电话",
        ("联系方式", "联系电话", "来电号码", "反映人电话", "手机号", "=电话", "=手机"),
    ),
    "state": Column(
        "办理状态",
        ("办理状态", "工单状态", "处理状态", "办理情况", "是否解决", "是否办结", "=状态"),
    ),
    "finished_at": Column("办结时间", ("办结时间", "结案时间", "完成时间", "办结日期", "销号时间")),
}  # fmt: skip

_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")
_BLANKS = re.compile(r"[\s*＊:：]+")


def heading(text: str) -> str:
    """A heading without blanks, stars and what stands in brackets."""
    return _BLANKS.sub("", _BRACKETS.sub("", text))


def _fit(head: str, column: Column) -> int:
    """How well a heading fits; 0 is not at all."""
    best = 0
    for known in column.headings:
        if known.startswith("="):
            best = max(best, 50 if head == known[1:] else 0)
        elif head == known:
            best = max(best, 100)
        elif known in head:
            # Of two that hold the word, the shorter heading says less beside it.
            best = max(best, 40 - min(len(head) - len(known), 30))
    return best


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Field → place of the column that most likely holds it; what fits nothing is left out."""
    heads = [heading(text) for text in headers]
    found = {}
    for name, column in COLUMNS.items():
        fits = [(_fit(head, column), -place) for place, head in enumerate(heads)]
        best, place = max(fits, default=(0, 0))
        if best:
            found[name] = -place
    if found.get("title") == found.get("description"):
        found.pop("title", None)
    return found


def known_headings(cells: Sequence[str]) -> int:
    """How many fields a row of cells would give if it were the headings."""
    return len(guess([cell for cell in cells if len(cell) <= 40]))


def headers_hash(headers: Sequence[str]) -> str:
    """The same for every file with the same headings in the same order."""
    return hashlib.sha256("\n".join(map(heading, headers)).encode()).hexdigest()
