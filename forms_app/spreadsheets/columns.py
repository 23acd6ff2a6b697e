"""Which column of a stranger's spreadsheet holds what, judged by its heading and its values.

Either alone misleads: a heading may hold the right word and say the opposite (a deadline is not an
end), and a column of numbers under the right heading describes nothing. Each judgement has its
reason in words. Standard library only: the process that reads a file knows it too.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from forms_app.rules.said import said
from forms_app.spreadsheets.profile import Profile, profile
from forms_app.spreadsheets.sheets import Row

BETWEEN = "·"  # a group of columns and the column within it, in one heading


@dataclass(frozen=True)
class Column:
    """What an issue can take from a column, and the headings that mean it.

    A heading that must be met exactly stands with "="; the others may be part of a longer one.
    What `never` finds in a heading says that it means something else.
    """

    label: str
    headings: tuple[str, ...]
    required: bool = False
    never: str = ""


_DEADLINE = "要求|应|截止|截至|期限|时限|限时|预计|计划|承诺|拟|到期|超期|逾期|超时"

COLUMNS: Mapping[str, Column] = {
    "description": Column(
        "问题描述",
        ("问题标题与描述", "问题描述", "诉求内容", "工单内容", "反映内容", "问题内容", "主要内容",
         "消息内容", "事件描述", "具体问题", "诉求描述", "反映问题", "投诉件内容", "投诉内容",
         "留言详情", "留言内容", "诉求详情", "工单详情", "问题详情", "事件简述", "事件内容",
         "反映事项", "反映情况", "反映的问题", "事项内容", "情况描述", "情况简述", "诉求事项",
         "群众诉求", "居民诉求", "来电内容", "来信内容", "信访内容", "受理内容", "建议内容",
         "案件描述", "工单描述", "问题简述", "隐患描述", "问题及诉求", "存在问题", "内容", "详情",
         "描述", "简述", "=问题", "=诉求", "=事项", "=正文"),
        required=True,
        never="字数|情绪|得分|分值|评分|数量|条数|次数|长度|编号|时间|日期|类$|分类|类别|类型|等级|级别|"
              "状态|答复|回复|反馈|处理|处置|办理|办结|结果|电话|地址|地点|部门|单位|是否|回访|标签|来源|渠道",
    ),
    "received_at": Column(
        "收到时间",
        ("收集时间", "收到时间", "受理时间", "来电时间", "登记时间", "反映时间", "上报时间",
         "提交时间", "创建时间", "发言时间", "来信时间", "留言时间", "递交时间", "诉求时间",
         "投诉时间", "信访时间", "接收时间", "接件时间", "发生时间", "发现时间", "采集时间",
         "受理日期", "登记日期", "反映日期", "收集日期", "上报日期", "来电日期", "投诉日期",
         "留言日期", "接收日期", "派单时间", "交办时间", "派单日期", "交办日期", "转办时间",
         "=时间", "=日期", "=年月日"),
        required=True,
        never=f"{_DEADLINE}|办结|完成|答复|回复|反馈|回访|评价|满意|销号|更新|修改|打印|导出",
    ),
    "title": Column(
        "标题",
        ("诉求标题", "工单标题", "问题标题", "留言主题", "留言标题", "事件标题", "案件标题",
         "工单主题", "诉求主题", "=标题", "=主题"),
        never="字数|情绪|长度|编号",
    ),
    "number": Column(
        "来源编号",
        ("问题编号", "工单编号", "工单号", "受理编号", "受理单号", "诉求编号", "来源编号",
         "留言编号", "事件编号", "案件编号", "案件号", "投诉编号", "登记编号", "受理号", "流水号",
         "事项编号", "信访编号", "=编号", "=单号", "=业务编号"),
        never="电话|手机|证",
    ),
    "community": Column(
        "社区",
        ("所属社区", "所在社区", "承办社区", "社区/网格", "社区名称", "属地社区", "=社区", "=村居",
         "=村/社区"),
    ),
    "estate": Column(
        "小区", ("所属小区", "所在小区", "小区名称", "小区点位", "=小区", "=院落", "=所属院落")
    ),
    "location": Column(
        "具体位置",
        ("事发地址", "问题地址", "详细地址", "事发地点", "具体位置", "具体地址", "问题地点",
         "事件地址", "事件地点", "诉求地址", "小区点位", "楼栋", "房号", "=地址", "=地点", "=位置",
         "=点位"),
    ),
    "category": Column(
        "类别",
        ("问题分类", "问题类别", "问题类型", "诉求类型", "诉求分类", "业务类别", "事项类别",
         "事件类型", "事件类别", "诉求类别", "=类别", "=分类", "=类型"),
    ),
    "nature": Column("性质", ("诉求性质", "问题性质", "事项性质", "=性质")),
    "channel": Column(
        "渠道", ("收集渠道", "来源渠道", "受理渠道", "诉求来源", "问题来源", "=渠道", "=来源")
    ),
    "reporter_name": Column(
        "称呼",
        ("反映人", "诉求人", "来电人", "联系人", "投诉人", "发言人", "留言人", "居民姓名", "=姓名",
         "=昵称", "=称呼"),
        never="电话|手机|号码|方式|地址|时间|数|类|是否|反馈|意见",
    ),
    "reporter_phone": Column(
        "电话",
        ("联系方式", "联系电话", "来电号码", "反映人电话", "手机号", "诉求人电话",
         "=电话", "=手机"),
        never="承办|经办|单位|部门|负责",
    ),
    "state": Column(
        "办理状态",
        ("办理状态", "工单状态", "处理状态", "办理情况", "办结情况", "办结状态", "完成情况",
         "是否解决", "是否办结", "是否完成", "是否销号", "当前状态", "=状态", "=是否结案"),
        never=f"{_DEADLINE}|按时|按期",
    ),
    "finished_at": Column(
        "办结时间",
        ("办结时间", "结案时间", "完成时间", "办结日期", "销号时间", "完成日期", "结案日期",
         "实际完成", "实际办结"),
        never=_DEADLINE,
    ),
}  # fmt: skip
KNOWN_WORDS = frozenset(
    known.lstrip("=") for column in COLUMNS.values() for known in column.headings
)
REQUIRED = frozenset(name for name, column in COLUMNS.items() if column.required)

_BRACKETS = re.compile(r"[（(【\[].*?[)）】\]]")
_BLANKS = re.compile(r"[\s*＊:：]+")
_PERSONAL = re.compile(
    "姓名|称呼|昵称|反映人|诉求人|来电人|投诉人|发言人|留言人|联系人|居民|电话|手机|来电号码|联系方式|身份证|证件|微信|QQ|邮箱",
    re.IGNORECASE,
)
_STAFF = re.compile(
    "承办|经办|办理|处理|受理|负责|接线|审核|填表|登记人|网格员|时间|日期|内容|意见|类"
)
_MOST = 0.5  # of the cells: what more of them are, the column is
_NEARLY_ALL = 0.8
_CONTACTS = 0.3
_SAME_KEY = 0.05  # of the numbers may stand there twice by mistake
_ENOUGH = 3  # cells that say something about a column


@dataclass(frozen=True)
class Judged:
    """A column taken for something, and why."""

    place: int
    reason: str


def heading(text: str) -> str:
    """A heading without blanks, stars and what stands in brackets."""
    return _BLANKS.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", text)))


def guess(headers: Sequence[str], rows: Sequence[Row] = ()) -> dict[str, int]:
    """Field → place of the column that most likely holds it; what fits nothing is left out."""
    return {name: judged.place for name, judged in judge(headers, rows).items()}


def judge(headers: Sequence[str], rows: Sequence[Row] = ()) -> dict[str, Judged]:
    """Field → the column that most likely holds it and why; what fits nothing is left out."""
    heads = [heading(text) for text in headers]
    looks = profiles(headers, rows)
    found: dict[str, Judged] = {}
    for name, column in COLUMNS.items():
        fits = [
            (fit, -place)
            for place, head in enumerate(heads)
            if (fit := _fit(head, column)) and not _against(name, looks[place])
        ]
        if fits:
            place = -max(fits)[1]
            reason = said("列名“%(heading)s”", heading=headers[place])
            found[name] = Judged(place, _with_values(reason, looks[place]))
    title, description = found.get("title"), found.get("description")
    if title and description and title.place == description.place:
        del found["title"]
    for name, choose in _BY_VALUES.items():
        if name not in found:
            free = [p for p in range(len(heads)) if all(p != j.place for j in found.values())]
            by_values = choose(heads, looks, free)
            if by_values:
                found[name] = by_values
    return found


def profiles(headers: Sequence[str], rows: Sequence[Row]) -> list[Profile]:
    """What the values of each column look like."""
    width = len(headers)
    columns: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        for place, cell in zip(range(width), row.cells, strict=False):
            if cell:
                columns[place].append(cell)
    return [profile(cells) for cells in columns]


def unused(headers: Sequence[str], rows: Sequence[Row], used: Mapping[str, int]) -> dict[int, str]:
    """Place → why a column was not taken for what its heading nearly says; "" where it does not."""
    looks = profiles(headers, rows)
    return {
        place: _why_not(heading(headers[place]), look)
        for place, look in enumerate(looks)
        if place not in used.values() and (headers[place] or look.filled)
    }


def personal(headers: Sequence[str], rows: Sequence[Row]) -> frozenset[int]:
    """The places of columns that say who somebody is or how to reach them."""
    return frozenset(
        place
        for place, look in enumerate(profiles(headers, rows))
        if look.contacts >= _CONTACTS
        or (_PERSONAL.search(headers[place]) and not _STAFF.search(headers[place]))
    )


def known_headings(cells: Sequence[str]) -> int:
    """How many fields a row of cells would give if it were the headings."""
    return len(guess(cells))


@lru_cache(4096)
def is_heading_word(text: str) -> bool:
    """Whether a cell could stand at the head of a column that is known."""
    head = heading(text)
    return len(head) <= 16 and any(_fit(head, column) for column in COLUMNS.values())


def headers_hash(headers: Sequence[str]) -> str:
    """The same for every file with the same headings in the same order."""
    return hashlib.sha256("\n".join(map(heading, headers)).encode()).hexdigest()


def _fit(head: str, column: Column) -> int:
    """How well a heading fits; 0 is not at all. Of a group's column, its own name counts more."""
    if not head or (column.never and re.search(column.never, head)):
        return 0
    whole = _fit_words(head, column)
    if BETWEEN not in head:
        return whole
    return max(whole - 10, _fit_words(head.rpartition(BETWEEN)[2], column), 0)


def _fit_words(head: str, column: Column) -> int:
    best = 0
    for place, known in enumerate(column.headings):
        if known.startswith("="):
            best = max(best, 5000 if head == known[1:] else 0)
        elif head == known:
            best = max(best, 10_000 - place)
        elif known in head:
            # Of two that hold the word, the shorter heading says less beside it.
            best = max(best, 4000 - 100 * min(len(head) - len(known), 30) - place)
    return best


def _against(name: str, look: Profile) -> bool:
    """Whether a column's values speak against what its heading says."""
    if not look.filled:
        return False
    if name == "description":
        return max(look.numbers, look.times, look.contacts) > _MOST
    if name in ("received_at", "finished_at"):
        return look.filled >= _ENOUGH and not look.times and not look.serials
    if name == "number":
        repeats = look.filled >= _ENOUGH and look.repeated > _SAME_KEY
        return look.is_running or repeats or look.times > _MOST
    if name == "title":
        return look.numbers > _MOST
    return False


def _why_not(head: str, look: Profile) -> str:
    if _fit(head, COLUMNS["number"]) and look.is_running:
        return "只是从1往下数的序号，不用来认同一件"
    if _fit(head, COLUMNS["number"]) and _against("number", look):
        return "同一个编号出现很多次，不用来认同一件"
    if re.search(_DEADLINE, head) and re.search("时间|日期|时限|期限|办结|完成|答复", head):
        return "说的是期限，不说明已经办结"
    if look.numbers > _MOST and re.search("内容|描述|详情|诉求|问题|标题", head):
        return "列名像问题描述，可是值是数字"
    return ""


def _with_values(reason: str, look: Profile) -> str:
    if not look.filled:
        return said("%(reason)s；没有值", reason=reason)
    if look.times > _MOST:
        return said("%(reason)s；值是时间", reason=reason)
    if look.contacts > _MOST:
        return said("%(reason)s；值是号码", reason=reason)
    if look.numbers > _MOST:
        return said("%(reason)s；值是数字", reason=reason)
    return said(
        "%(reason)s；值是文字，平均%(letters)s字", reason=reason, letters=round(look.letters)
    )


def _longest_words(
    heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]
) -> Judged | None:
    never = COLUMNS["description"].never
    fits = [
        (looks[p].letters, -p)
        for p in free
        if looks[p].words > _MOST and not _against("description", looks[p])
        and looks[p].repeated < _MOST and not re.search(f"{never}|意见|备注|人|社区|小区", heads[p])
    ]  # fmt: skip
    if not fits:
        return None
    letters, place = max(fits)
    reason = said("列名看不出，值是文字，平均%(letters)s字，最像描述", letters=round(letters))
    return Judged(-place, reason)


def _only_times(
    heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]
) -> Judged | None:
    never = COLUMNS["received_at"].never
    fits = [p for p in free if looks[p].times >= _NEARLY_ALL and not re.search(never, heads[p])]
    return Judged(fits[0], "列名看不出，只有这一列的值是时间") if len(fits) == 1 else None


def _communities(
    _heads: Sequence[str], looks: Sequence[Profile], free: Sequence[int]
) -> Judged | None:
    fits = [p for p in free if looks[p].communities > _MOST]
    return Judged(fits[0], "列名看不出，值多是社区的名字") if fits else None


_BY_VALUES = {
    "description": _longest_words,
    "received_at": _only_times,
    "community": _communities,
}
