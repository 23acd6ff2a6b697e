"""The two papers of the register: what stands on each, how wide, in which letters, under what head.

The page that prints and the spreadsheet are both laid out by it. Widths are Excel's: digits of its
usual font. Where that font is missing digits are up to a seventh wider, and the sheet is shrunk to
its paper: the letters are large enough to stay at 8 points all the same.
"""

from collections.abc import Iterable
from datetime import datetime
from unicodedata import east_asian_width

from msgspec import Struct

from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.register_filters import Filters
from forms_app.queries import COLUMNS, CONTACTS, SIGNED_COLUMNS, Letter, Value
from forms_app.rules.dates import full_date
from forms_app.rules.excerpts import cut_before
from forms_app.rules.worktime import CHINA, local_day

DIGIT_POINTS = 5.25  # of paper, for one of Excel's digits
CELL_EDGE = 4  # points
MOST_LINES = 30  # of a cell: Excel makes no row higher than 409 points, and hides the rest
CUT = "…（其余见卷宗）"


class Paper(Struct, frozen=True):
    """One of the two: columns with their widths, letters in points, Excel's number of its size."""

    name: str
    title: str  # after the unit's name
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    letters: int
    size: int

    @property
    def kind(self) -> str:
        """Which of the two, as the log of exports says it."""
        return f"{len(self.columns)}栏（{self.name.upper()}）"

    @property
    def has_contacts(self) -> bool:
        """Whether there are columns for names and phones."""
        return not set(CONTACTS).isdisjoint(self.columns)

    @property
    def shares(self) -> list[float]:
        """The widths in per cent of the whole."""
        return [round(100 * width / sum(self.widths), 2) for width in self.widths]

    def fitted(self, row: Iterable[Value]) -> list[Value]:
        """The row with what its cells can show; where one is cut, a sentence says so."""
        return [
            _fitted(value, (width * DIGIT_POINTS - CELL_EDGE) / self.letters)
            if isinstance(value, str)
            else value
            for value, width in zip(row, self.widths, strict=True)
        ]


_LONG = {
    "问题编号": 6.5, "收集渠道": 5.5, "收集时间": 13, "反映人": 5.5, "联系方式": 6.5,
    "社区／网格／小区点位": 9, "问题标题与描述": 15, "性质": 4, "问题分类": 5.5,
    "类别A／B／C": 4.5, "级别一／二／三": 4.5, "定级人／定级时间": 6.5,
    "初步处理意见／时间": 9.5, "号召人／号召时间": 6.5, "响应单位／响应人／时间": 9,
    "主办／协办": 8, "解决方案": 10, "办理时限": 6.5, "延期理由／审批": 7, "办理进展": 11,
    "办结时间／结果": 9.5, "反馈反映人时间／方式": 7, "是否解决／满意度": 6, "回访记录": 8,
    "轮次": 3.5, "升级记录C→B→A": 6.5, "销号人／销号时间／依据": 6.5, "备注／附件": 7,
}  # fmt: skip
_SIGNED = {
    "序号": 5, "问题编号": 8, "收集时间": 15, "地点": 14, "问题": 30, "类别／紧急": 7,
    "牵头": 14, "办理时限": 11, "进度": 8, "办理结果": 18, "满意度": 8,
}  # fmt: skip
LONG = Paper("a3", "问题项目库", COLUMNS, tuple(map(_LONG.__getitem__, COLUMNS)), letters=9, size=8)
SIGNED = Paper(
    "a4", "问题项目库签字表", SIGNED_COLUMNS, tuple(map(_SIGNED.__getitem__, SIGNED_COLUMNS)),
    letters=10, size=9,
)  # fmt: skip
PAPERS = {paper.name: paper for paper in (LONG, SIGNED)}


class Head(Struct, frozen=True):
    """What stands above the table: whose, of when, under which number, and how it was chosen."""

    unit: str
    title: str
    line: str
    about: str


def head(
    paper: Paper, circle: Circle, actor: Actor, filters: Filters, now: datetime, *,
    number: str, said: str, with_contacts: bool,
) -> Head:  # fmt: skip
    """The head of a paper; `number` is that of its note among the exports, `said` the filters."""
    unit = circle.unit_name(actor.place_id) or circle.subdistrict
    contacts = "含" if with_contacts else "不含"
    return Head(
        unit,
        f"{unit}{paper.title}",
        f"单位：{unit}　期间：{_period(filters, now)}　编号：{number}　{said}",
        f"导出人：{actor.name}　导出时间：{now.astimezone(CHINA):%Y-%m-%d %H:%M}"
        f"　{contacts}反映人称呼和电话　有几轮的，办理各栏只写现在这一轮",
    )


SIGN_HERE = ("制表人：", "审核人：", "负责人签字：", "单位（盖章）：")
DATED = "日期：______年____月____日"


def _period(filters: Filters, now: datetime) -> str:
    first, last = filters.received_from, filters.received_to
    until = full_date(last or local_day(now))
    return f"{full_date(first)}至{until}" if first else f"截至{until}"


def _fitted(text: str, letters: float) -> str:
    """The text as far as lines of so many letters go, of a letter from its matter on."""
    if text.count("\n") + len(text) / (letters - 1) < MOST_LINES:
        return text
    cut = _cut(text, letters)
    matter = text.matter if isinstance(text, Letter) else 0
    return _cut(f"…{text[matter:]}{CUT[1:]}", letters) if matter and cut != text else cut


def _cut(text: str, letters: float) -> str:
    lines, room = 1, letters
    for place, letter in enumerate(text):
        width = 1.0 if east_asian_width(letter) in "WFA" else 0.55
        if letter == "\n" or width > room:
            lines, room = lines + 1, letters
            if lines > MOST_LINES:
                return text[: cut_before(text, place)] + CUT
        room -= width if letter != "\n" else 0
    return text
