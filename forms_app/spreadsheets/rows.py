"""A sheet's rows as the reports they would become, and every row that cannot, with its remedy.

Nothing is left out without a word: a row that is no report is set aside with what it says, a row
that is over names the column and the words that say so, and two rows are the same only where all
their words are.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from msgspec.structs import replace

from forms_app.casework import Incoming
from forms_app.community import Circle
from forms_app.rules.said import said
from forms_app.spreadsheets.choices import Choices, Fault, Reading, cut
from forms_app.spreadsheets.judging import is_numbering
from forms_app.spreadsheets.row_reader import RowReader, Wrong, key_hash
from forms_app.spreadsheets.row_sorts import RowSorts
from forms_app.spreadsheets.sheets import SUB_HEADING, Aside, Row, Sheet

NOT_CHOSEN = "您选了不导入"
_STEP = "和上一行是同一件的另一步，写进那一件的内部备注"


def read_rows(
    circle: Circle, sheet: Sheet, choices: Choices, within: Mapping[str, str], now: datetime
) -> Reading:
    """Every row of the sheet; `within` are the communities that its reader may enter for."""
    reader = RowReader(circle, sheet, choices, within, now)
    states = reader.states
    sorts = RowSorts(reader.cells, states, reader.around, reader.noted, now)
    twins = _Twins(is_numbering(sheet.headers, sheet.rows), reader.reading)
    reading = reader.reading
    reading.aside += sheet.aside
    rows_out, rows_in = frozenset(choices.rows_out), frozenset(choices.rows_in)
    taken: Row | None = None  # the row right above, where it became a report or belongs to one
    ended: Incoming | None = None  # that report, where the step above says that it is over
    for row in sheet.rows:
        above, taken = taken, None
        if row.number in rows_out:
            reading.aside.append(_aside(row, NOT_CHOSEN))
            continue
        if above and sorts.goes_on(row, above):
            step = said("第%(row)s行：%(cells)s", row=row.number, cells=sorts.beside(row, above))
            last = ended or reading.good[-1]
            last = replace(last, note=f"{last.note}；{step}")
            over = None if choices.takes_finished else sorts.finished(row)
            # The last of the steps says whether the matter is over.
            if ended is None:
                reading.good.pop()
            else:
                reading.finished_rows.pop()
            ended = last if over else None
            if over:
                reading.finished_rows.append(over)
            else:
                reading.good.append(last)
            reading.aside.append(Aside(row.number, cut(sorts.beside(row, above), 60), _STEP))
            taken = row
            continue
        ended = None
        is_asked_for = row.number in rows_in
        why = "" if is_asked_for else sorts.why_aside(row)
        if why:
            reading.aside.append(_aside(row, why))
            if why == SUB_HEADING:
                reader.around.go_below(_words(row))
            continue
        over = None if choices.takes_finished or is_asked_for else sorts.finished(row)
        if not choices.takes_finished and not is_asked_for:
            reader.ask_of_state(row, states.asked(row), states.of(row).says_over, over)
        against = sorts.speaks_against(row) if over else None
        if against:
            reading.remarks.append(against)
        elif over:
            reading.finished_rows.append(over)
            continue
        incoming, wrong = reader.read(row)
        if incoming:
            wrong += twins.repeated(row, incoming)
        if wrong:
            reading.faults += [
                Fault(row.number, reader.heading(error.column), error.sentence) for error in wrong
            ]
        elif incoming:
            reading.good.append(twins.counted(incoming))
            taken = row
    return reading


def _words(row: Row) -> str:
    """All that a row says, each once."""
    return "　".join(dict.fromkeys(filter(None, row.cells)))


def _aside(row: Row, why: str) -> Aside:
    return Aside(row.number, cut(_words(row), 60), why)


class _Twins:
    """Which rows of a file are the same, and which only nearly."""

    def __init__(self, numbering: Collection[int], reading: Reading) -> None:
        self._numbering, self._reading = numbering, reading
        self._seen: dict[str, int] = {}  # key → row
        self._whole: dict[tuple[str, ...], int] = {}  # all cells → row
        self._times: dict[str, int] = {}  # key by words → how many rows have it

    def repeated(self, row: Row, incoming: Incoming) -> list[Wrong]:
        """What is wrong with a row that the file holds twice."""
        cells = tuple(cell for p, cell in enumerate(row.cells) if p not in self._numbering)
        number = incoming.keys[0] if len(incoming.keys) > 1 else ""
        if cells in self._whole:
            return [
                Wrong(
                    "description",
                    said(
                        "和第%(row)s行是一样的：每一格的字都相同。"
                        "只导入第%(row)s行，这一行可以删掉。",
                        row=self._whole[cells],
                    ),
                )
            ]
        if number in self._seen:
            return [
                Wrong(
                    "number",
                    said(
                        "编号和第%(row)s行一样，都是“%(number)s”，别的格子却不一样。"
                        "请核对编号；编号不可靠，就把“来源编号”改成“表里没有”。",
                        row=self._seen[number],
                        number=cut(self._reading.numbers[row.number]),
                    ),
                )
            ]
        self._whole[cells] = row.number
        if number:
            self._seen[number] = row.number
        return []

    def counted(self, incoming: Incoming) -> Incoming:
        """The row with a key of its own where another has the same words and place."""
        key = incoming.keys[-1]
        times = self._times[key] = self._times.get(key, 0) + 1
        if times == 1:
            return incoming
        # Other cells tell them apart; the file read again gives them the same keys again.
        keys = (*incoming.keys[:-1], key_hash(f"{key}\n{times}"))
        return replace(incoming, keys=keys, former=())
