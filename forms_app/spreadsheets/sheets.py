"""A spreadsheet file as sheets of text, read in a process of its own with limits.

Spreadsheets stay out of the web process: a bad one can only end its own reader.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from forms_app.rules.refused import Refused
from forms_app.rules.said import from_json, to_json

BROKEN = "\ufffd"  # stands for a letter that could not be read
LARGEST_FILE = 10 * 1024 * 1024  # bytes
MOST_ROWS = 20_000
LONGEST_READING_SECONDS = 60
BAD_FILE = "这个文件读不出来，可能坏了，或者太复杂。请在 Excel 里另存为“Excel 工作簿(.xlsx)”再试。"

TITLE = "表格上面的标题，没有当成列名"
SUB_HEADING = "只有一格有字，当作小标题或者空行"

_ROOT = Path(__file__).resolve().parents[2]
_one_reader = threading.Lock()  # a reader may take hundreds of megabytes


class FileRefused(Refused):
    """The file cannot be read; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


class Row(Struct, frozen=True):
    number: int  # as the spreadsheet program shows it
    cells: tuple[str, ...]  # as long as the headings
    rounded: tuple[int, ...] = ()  # places of numbers whose end the program has rounded away


class Aside(Struct, frozen=True):
    """A row that is no report, and why it was passed over."""

    row: int
    words: str
    why: str


class Sheet(Struct, frozen=True):
    """One table: its headings, the rows below, and what became of everything else."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]
    letters: tuple[str, ...] = ()  # A, B … as the program calls the columns
    hidden_rows: int = 0
    hidden_columns: tuple[str, ...] = ()  # by their letters
    merged: int = 0  # merged areas that were filled down
    formulas: int = 0  # never worked out: they have no value
    pictures: int = 0  # which nobody reads, in the whole file
    comments: int = 0  # beside no row of its, which nobody reads
    coloured: int = 0  # rows whose colour may say something
    stopped_after: int = 0  # the row after which nothing more was read; 0 is to its end
    forms: int = 0  # of which each was a printed form, and is a row now
    aside: tuple[Aside, ...] = ()  # titles above, headings again


def read_sheets(path: Path, *, is_plain: bool = False) -> tuple[Sheet, ...]:
    """The tables of a spreadsheet file that hold anything. Raises FileRefused.

    Plain ones are whole pages, and their headings are rows like others.
    """
    # The reader works in the checkout, whatever folder its parent was called from.
    command = [sys.executable, "-P", "-m", "forms_app.spreadsheets.reader", str(path.resolve())]
    command += ["--plain"] if is_plain else []
    try:
        with _one_reader:
            done = subprocess.run(  # noqa: S603 (our own program)
                command, cwd=_ROOT, env={"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1"},
                capture_output=True, timeout=LONGEST_READING_SECONDS, check=False,
            )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise FileRefused("这个文件读了很久还没有读完，请分成几个小一些的表再导入。") from error
    if done.returncode != 0:
        raise FileRefused(BAD_FILE)
    found = json.loads(done.stdout)
    if "refused" in found:
        raise FileRefused(from_json(found["refused"]))
    return tuple(sheet_of(sheet) for sheet in found["sheets"])


def sheet_of(kept: Mapping[str, Any]) -> Sheet:
    """A sheet from what `as_json` made of it."""
    parts: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in kept.items()}
    parts["rows"] = tuple(Row(n, tuple(cells), tuple(rest)) for n, cells, rest in kept["rows"])
    parts["aside"] = tuple(Aside(n, words, from_json(why)) for n, words, why in kept["aside"])
    return Sheet(**parts)


def as_json(sheet: Sheet) -> dict[str, Any]:
    """What can be kept in a file and read back by `sheet_of`."""
    return asdict(sheet) | {
        "rows": [(row.number, row.cells, row.rounded) for row in sheet.rows],
        "aside": [(one.row, one.words, to_json(one.why)) for one in sheet.aside],
    }
