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


LONG = Paper(
    "a3", "问题项目库", COLUMNS,
    (6.5, 5.5, 13, 5.5, 6.5, 9, 15, 4, 5.5, 4.5, 4.5, 6.5, 9.5, 6.5, 9, 8, 10, 6.5, 7, 11, 9.5, 7,
     6, 8, 3.5, 6.5, 6.5, 7),
    letters=9, size=8,
)  # fmt: skip
SIGNED = Paper(
    "a4", "问题项目库签字表", SIGNED_COLUMNS,
    (5, 8, 15, 14, 30, 7, 14, 11, 8, 18, 8),
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
                return text[:place] + CUT
        room -= width if letter != "\n" else 0
    return text
