"""What is to be looked at once more in a row that is taken: whether its matter is over, by a column
that nobody took for its state, or was ever a resident's problem."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from forms_app.rules import late
from forms_app.rules.folding import fold
from forms_app.rules.said import said
from forms_app.spreadsheets.choices import Choices, Fault, cut
from forms_app.spreadsheets.columns import COLUMNS, YES, heading
from forms_app.spreadsheets.named_cells import NamedCells
from forms_app.spreadsheets.no_reports import thanks_and_more
from forms_app.spreadsheets.profile import LOOKED_AT, says_over, says_over_at_length
from forms_app.spreadsheets.row_sorts import PLANS
from forms_app.spreadsheets.sheets import Row, Sheet
from forms_app.spreadsheets.signatures import SIGNED, SIGNED_OVER, is_signed
from forms_app.spreadsheets.states import States, is_void
from forms_app.spreadsheets.stories import is_over, may_be_over
from forms_app.spreadsheets.values import LONGEST_STATE, bare
from forms_app.spreadsheets.verdicts import OF_VERDICTS, is_pleased

# Columns of what was done, whatever they are called.
_OF_DEEDS = re.compile(
    "[办处]|解决|整改|落实|跟进|结果|措施|维修|修复|[答回]复|备注|反馈|调解|协调|进展"
)
_WHETHER_ANSWERED = re.compile("是否.{0,3}(?:[答回]复|反馈|回访)|[答回]复与否")
# Columns of what was said or done at once.
_ANSWERS = re.compile("[答回]复|处[理置]|办理|解决")
_AT_THE_END = re.compile(r"[(（]([^()（）]{2,12})[)）]$")
_CHINESE = re.compile("[\u3400-\u9fff]")
_LONGEST_MARK = 20  # letters
# Columns of what the staff did all day.
_DIARY = re.compile(
    "^(?:主要|本[日周月]|今[日天]|当[日天]|每[日天])?(?:工作|走访|巡查)(?:内容|事项|记录|情况|纪实|日志)$"
)
_OWN_WORK = late.compile(
    r"[入走]?[户访]\d|人口.{0,4}(?:新增|登记)|例会|例行|巡更|迎检|主题党日|党[员课]大?会|报表|慰问"
    "|培训(?!班|机构|中心)|值班(?!室|电话|人|的)|宣传(?![栏车牌窗单])"
    "|整理.{0,6}(?:台账|资料|档案)|发放.{0,6}(?:传单|资料|问卷|单页)"
)
_OF_RESIDENTS = late.compile(
    "反映|投诉|来[电访信]|求助|诉求|咨询|举报|报修|接待|发现|[居市]民|群众|业主|住户|邻"
)

Says = Callable[[str], bool]


class Doubts:
    """`cells` are those of one sheet, read as was chosen."""

    def __init__(
        self, cells: NamedCells, states: States, choices: Choices, noted: Collection[int]
    ) -> None:
        self._cells, self._states, self._asks_over = cells, states, not choices.takes_finished
        self._marked = sorted(noted)
        aside = {*cells.columns.values(), *choices.left_out}
        free = [p for p in range(len(cells.sheet.headers)) if p not in aside]
        is_told = not cells.columns.keys().isdisjoint(("state", "finished_at"))
        self._over_by = _tellers(cells.sheet, free, is_told) if self._asks_over else {}
        heads = [heading(head) for head in cells.sheet.headers]
        self._answered = [
            p
            for p in free
            if "state" in cells.columns and _ANSWERS.search(heads[p]) and not PLANS.search(heads[p])
        ]
        self._is_diary = bool(_DIARY.search(heading(cells.heading("description"))))

    def of(self, row: Row) -> Iterator[Fault]:
        """All that is to be looked at, each with the column that says it."""
        if self._asks_over:
            yield from self._over(row)
        told = self._cells.cell(row, "description")
        if thanks_and_more(told, self._cells.kind(row)):
            yield self._of("description", row, "像是感谢，也说了别的，请核对是不是问题。")
        is_own = self._is_diary or _OWN_WORK.search(told)
        if is_own and not _OF_RESIDENTS.search(told):
            yield self._of("description", row, "像是自己做的工作，请核对是不是居民的问题。")
        yield from self._void(row, told)

    def _of(self, name: str, row: Row, sentence: str) -> Fault:
        return Fault(row.number, self._cells.heading(name), sentence)

    def _over(self, row: Row) -> Iterator[Fault]:
        state = self._cells.cell(row, "state")
        if self._states.of(row).is_doubtful and not self._states.asked(row):
            # Stories are all different: the rows are named together.
            yield self._of("state", row, (
                said("“%(words)s”当作还没有办结。", words=state) if len(state) <= LONGEST_STATE
                else "看不出办完没有，当作还没有办结，请核对。"
            ))  # fmt: skip
        told = self._cells.cell(row, "description")
        if not state and is_over(fold(told)):
            yield self._of("description", row, "像是办完了，没有当作办结，请核对。")
        if not state and self._answered:
            place = next((p for p in self._answered if _goes_nowhere(row.cells[p])), None)
            if place is not None:
                heads = self._cells.sheet.headers
                yield self._of("state", row, said(
                    "空着，“%(heading)s”写了话，当作还没有办结，请核对。", heading=heads[place],
                ))  # fmt: skip
        for place, says in self._over_by.items():
            words = row.cells[place] if place < len(row.cells) else ""
            if words and says(words):
                sentence = (
                    said("写着“%(words)s”，没有当作办结，请核对。", words=words)
                    if len(words) <= LONGEST_STATE else "像是办完了，没有当作办结，请核对。"
                )  # fmt: skip
                yield Fault(row.number, self._cells.sheet.headers[place], sentence)

    def _void(self, row: Row, told: str) -> Iterator[Fault]:
        end = _AT_THE_END.search(told)
        marks = [(self._cells.heading("description"), end[1])] if end else []
        state = self._cells.cell(row, "state")
        marks += [] if self._states.asked(row) else [(self._cells.heading("state"), state)]
        marks += [(self._cells.sheet.headers[p], row.cells[p])
                  for p in self._marked if p < len(row.cells)]  # fmt: skip
        for head, words in marks:
            if words and len(words) <= _LONGEST_MARK and is_void(words):
                sentence = said("写着“%(words)s”，可能不用导入，请核对。", words=cut(words))
                yield Fault(row.number, head, sentence)


def _goes_nowhere(words: str) -> bool:
    """Whether a cell tells of something, and not that it goes on; what is over is told anyway."""
    told = fold(bare(words))
    return bool(_CHINESE.search(told)) and is_over(told) is None and not may_be_over(told)


def _tellers(sheet: Sheet, places: Collection[int], is_told: bool) -> Mapping[int, Says]:
    """Those of the places whose columns say of some rows that they are over: what asks a cell.
    Where no column tells that, any may do so at length."""
    found = {}
    for p in places:
        says = _teller(heading(sheet.headers[p]), is_told)
        cells = (row.cells[p] for row in sheet.rows[:LOOKED_AT] if p < len(row.cells))
        if says and any(says(cell) for cell in cells if cell):
            found[p] = says
    return found


def _teller(head: str, is_told: bool) -> Says | None:
    if OF_VERDICTS.search(head):
        return lambda cell: is_pleased(cell, head) is True
    if _WHETHER_ANSWERED.search(head):
        return lambda cell: fold(bare(cell)) in YES
    if SIGNED.search(head) or SIGNED_OVER.search(head):
        return is_signed
    if re.search(COLUMNS["state"].never, head):
        return None
    return says_over_at_length if not is_told or _OF_DEEDS.search(head) else says_over
