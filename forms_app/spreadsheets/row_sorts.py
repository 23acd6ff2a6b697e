"""What a row of a sheet is: a report, another step of the one above it, a matter that is over, or
no report at all."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from forms_app.rules.folding import BELOW_A_TABLE, fold
from forms_app.rules.said import said
from forms_app.spreadsheets.around import Around
from forms_app.spreadsheets.choices import Fault, cut
from forms_app.spreadsheets.columns import COLUMNS, DEADLINE, fit, heading
from forms_app.spreadsheets.named_cells import NamedCells
from forms_app.spreadsheets.no_reports import why_no_report
from forms_app.spreadsheets.sheets import SUB_HEADING, TITLE, Row
from forms_app.spreadsheets.signatures import SIGNED_OVER, is_signed
from forms_app.spreadsheets.states import States
from forms_app.spreadsheets.stories import takes_back
from forms_app.spreadsheets.values import bare, has_been, moment
from forms_app.spreadsheets.verdicts import OF_VERDICTS, is_pleased

_UNDER = "表格下面的合计或者签名"
# A line over the rows below it, also where it stands in the column of what was reported.
_STAGE = re.compile(
    r"(?:[一二三四五六七八九十\d]+[、.])?(?:已经?|未|尚未|正在|待)(?:办结|解决|完成|办理|处理|整改|销号|结案)"
    r"(?:中|的|问题|事项|诉求|工单|案件|件)*(?:\(.*\))?:?"
)
_WHETHER = re.compile("是否|与否")  # of something else: 是否公开
# Columns of what is to be done, and by when.
PLANS = re.compile(f"{DEADLINE}|措施|方案|计划|建议|目标")
_NUMBERED = re.compile(r"\d{1,3}[.、．)）]")  # of a list that went round
_NEARLY_ALL = 0.8
_SHORTEST_SAYING = 3  # letters: 无 stands for many things
_CHINESE = re.compile("[\u3400-\u9fff]")


class RowSorts:
    """`noted` are the places of the columns that go into the note."""

    def __init__(
        self,
        cells: NamedCells,
        states: States,
        around: Around,
        noted: Collection[int],
        now: datetime,
    ) -> None:
        self._cells, self._around, self._noted, self._now = cells, around, noted, now
        self._states = states
        columns = cells.columns
        described = (row.number for row in cells.sheet.rows if cells.cell(row, "description"))
        self._last = max(described, default=0)
        self._list_begins = self._where_list_begins()
        self._stages = {columns[n] for n in ("state", "finished_at") if n in columns}
        self._told_once = sorted({*columns.values()} - self._stages)
        self._numbers = [
            p
            for p, head in enumerate(cells.sheet.headers)
            if fit(heading(head), COLUMNS["number"], by_end=True)
        ]

        heads = [heading(head) for head in cells.sheet.headers]
        self._signed = [p for p, head in enumerate(heads) if SIGNED_OVER.search(head)]
        self._verdicts = [p for p, head in enumerate(heads) if OF_VERDICTS.search(head)]
        # What stands behind the state was written after it.
        last = max(self._stages, default=len(heads))
        self._later = [
            p
            for p in sorted(noted)
            if p > last and not PLANS.search(heads[p]) and not _WHETHER.search(heads[p])
        ]

    def why_aside(self, row: Row) -> str:
        """Why a row is no report; "" where it is one, or should be."""
        told = self._cells.cell(row, "description")
        why = why_no_report(told, self._cells.kind(row)) if told else ""
        if why:
            return why
        filled = [(place, cell) for place, cell in enumerate(row.cells) if cell]
        if not filled:
            return "空行"
        place, first = filled[0]
        if row.number < self._list_begins:
            return TITLE
        if len({cell for _, cell in filled}) == 1 and _STAGE.fullmatch(fold(bare(first))):
            return SUB_HEADING
        if BELOW_A_TABLE.match(fold(bare(first))) and not moment(
            self._cells.cell(row, "received_at"), self._now
        ):
            return _UNDER
        if told and self._cells.cell(row, "received_at"):
            return ""
        if not told and (why := self._nothing(filled)):
            return why
        names = ("description", "received_at", "number")
        if row.number > self._last > 0 and not any(self._cells.cell(row, name) for name in names):
            return _UNDER
        is_day = len(filled) == 1 and place == self._cells.columns.get("received_at")
        if is_day and moment(first, self._now):
            return "只有日期，没有写别的"
        is_number = place == self._cells.columns.get("number") and not _CHINESE.search(first)
        is_told = place == self._cells.columns.get("description")
        if len({cell for _, cell in filled}) == 1 and not is_number and not is_told:
            return SUB_HEADING
        return ""

    def _where_list_begins(self) -> int:
        """The first row of a sheet whose rows nearly all begin with a number; 0 of others."""
        told = [
            (row.number, self._cells.cell(row, "description")) for row in self._cells.sheet.rows
        ]
        numbers = [number for number, words in told if _NUMBERED.match(words)]
        return numbers[0] if numbers and len(numbers) >= _NEARLY_ALL * len(told) else 0

    @staticmethod
    def _nothing(filled: Sequence[tuple[int, str]]) -> str:
        """Why a row without a problem is none by another of its cells: 无来访, 敲门无人应."""
        whys = (why_no_report(cell) for _, cell in filled if len(cell) >= _SHORTEST_SAYING)
        return next(filter(None, whys), "")

    def goes_on(self, row: Row, above: Row) -> bool:
        """Whether a row is another step of the report above it: the same in every column that is
        used but for how far it is, with the same number or in a sheet with merged cells."""
        are_whole = len(row.cells) == len(above.cells) == len(self._cells.sheet.headers)
        if not are_whole or not self._cells.cell(row, "description") or row.cells == above.cells:
            return False
        if any(row.cells[p] != above.cells[p] for p in self._told_once):
            return False
        has_same_number = any(row.cells[p] for p in self._numbers if row.cells[p] == above.cells[p])
        return has_same_number or self._cells.sheet.merged > 0

    def beside(self, row: Row, above: Row) -> str:
        """What a row says otherwise than the one above it."""
        return "，".join(
            self._cells.told(row, p)
            for p in sorted({*self._noted, *self._stages})
            if row.cells[p] and row.cells[p] != above.cells[p]
        )

    def finished(self, row: Row) -> Fault | None:
        """What says that the matter is over: a cell, or the page or line that it stands under."""
        said_so, finished_at = self._states.of(row).says_over, self._cells.cell(row, "finished_at")
        name = "state" if said_so else ""
        if said_so is None and has_been(finished_at, self._now):
            name = "finished_at"
        if name:
            sentence = said("写着“%(words)s”", words=cut(self._cells.cell(row, name)))
            return Fault(row.number, self._cells.heading(name), sentence)
        # Who is to look at it may stand there before; then the day is still empty.
        may_be_signed = finished_at or "finished_at" not in self._cells.columns
        signed = next((p for p in self._signed if is_signed(row.cells[p])), None)
        if signed is not None and may_be_signed and said_so is not False:
            sentence = said("写着“%(words)s”", words=cut(row.cells[signed]))
            return Fault(row.number, self._cells.sheet.headers[signed], sentence)
        over = self._around.says_over
        if over and said_so is not False:
            sentence = said("在“%(words)s”下面", words=cut(over))
            return Fault(row.number, self._cells.heading("state"), sentence)
        return None

    def speaks_against(self, row: Row) -> Fault | None:
        """What says that a matter which is called over is not: whoever was not content with it, or
        what was written later."""
        if self._states.is_decided(row):
            return None
        heads = self._cells.sheet.headers
        place = next((p for p in self._verdicts
                      if is_pleased(row.cells[p], heading(heads[p])) is False), None)  # fmt: skip
        if place is None:
            place = next((p for p in self._later if takes_back(row.cells[p])), None)
        if place is None:
            return None
        sentence = said("写着“%(words)s”，没有当作办结，请核对。", words=cut(row.cells[place]))
        return Fault(row.number, heads[place], sentence)
