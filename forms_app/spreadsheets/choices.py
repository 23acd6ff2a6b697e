"""How somebody wants a sheet read, and what is told of its rows."""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from forms_app.casework import Incoming
from forms_app.rules.said import said
from forms_app.spreadsheets.columns import COLUMNS
from forms_app.spreadsheets.meanings import Meaning
from forms_app.spreadsheets.sheets import Aside

SHORT = 30  # letters of a cell in a sentence


class Choices(Struct, frozen=True):
    """How somebody wants a sheet read."""

    columns: Mapping[str, int]  # a name of COLUMNS → the place of a column
    usual_community: str = ""  # for rows that name none
    usual_channel: str = ""  # for rows that name none
    usual_day: str = ""  # for rows that say no time of receipt; YYYY-MM-DD
    takes_contacts: bool = False
    takes_finished: bool = False
    left_out: tuple[int, ...] = ()  # places of columns that do not even go into the note
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # kind → word → code
    rows_out: tuple[int, ...] = ()  # numbers of rows that are not to come in
    rows_in: tuple[int, ...] = ()  # of rows that come in though they say that they are none


class Fault(Struct, frozen=True):
    """What is wrong with a row, or was understood only nearly."""

    row: int
    column: str
    sentence: str


class Reading(Struct):
    good: list[Incoming] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    finished_rows: list[Fault] = field(default_factory=list)  # left out: the file says it is over
    aside: list[Aside] = field(default_factory=list)  # no reports: totals, headings within
    remarks: list[Fault] = field(default_factory=list)  # taken, but not quite as it stands there
    numbers: dict[int, str] = field(default_factory=dict)  # row → its own number, of the good ones
    words: dict[str, dict[str, tuple[Meaning, int]]] = field(default_factory=dict)
    # kind → word that is no name of ours → what it is taken for, and how often it stands there
    state_words: dict[int, str] = field(default_factory=dict)  # row → its word of those
    states: str = ""  # what the sheet calls the column of its states

    def label(self, kind: str) -> str:
        """What the column is called whose words are of a kind."""
        return (self.states if kind == "state" else "") or said(COLUMNS[kind].label)

    @property
    def finished(self) -> int:
        return len(self.finished_rows)


def grouped(faults: Iterable[Fault]) -> list[tuple[str, str, list[int]]]:
    """Column, sentence and the rows of which it is said, in the order of the first row."""
    found: dict[tuple[str, str], list[int]] = {}
    for fault in faults:
        found.setdefault((fault.column, fault.sentence), []).append(fault.row)
    return [(column, sentence, rows) for (column, sentence), rows in found.items()]


def cut(text: str, letters: int = SHORT) -> str:
    """A cell short enough to stand in a sentence."""
    return text if len(text) <= letters else text[:letters] + "…"
