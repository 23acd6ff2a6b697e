"""Sheets as offices send them, read as the sample community would read them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl

from forms_app.community import load
from forms_app.spreadsheets import reader
from forms_app.spreadsheets.choices import Choices, Reading
from forms_app.spreadsheets.judging import guess
from forms_app.spreadsheets.rows import read_rows
from forms_app.spreadsheets.sheets import Sheet
from forms_app.spreadsheets.values import has_been, says_over
from tests.support.actors import NOW
from tests.support.running import ROOT
from tests.support.spreadsheets import file_of, saved

CIRCLE = load(ROOT / "data" / "community")
BOTH = {"jingui": "金桂社区", "yinxing": "银杏社区"}


def of_text(folder: Path, *lines: str) -> Sheet:
    (sheet,) = reader.sheets(file_of("\n".join(lines).encode(), folder))
    return sheet


def of_book(folder: Path, rows: Sequence[Sequence[Any]], *merged: str) -> list[Sheet]:
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(list(cells))
    for area in merged:
        book.active.merge_cells(area)
    return reader.sheets(file_of(saved(book), folder))


def read(sheet: Sheet, **choices: Any) -> Reading:
    chosen: dict[str, Any] = {
        "columns": guess(sheet.headers, sheet.rows), "usual_channel": "phone",
        "usual_community": "jingui", **choices,
    }  # fmt: skip
    return read_rows(CIRCLE, sheet, Choices(**chosen), BOTH, NOW)


def is_finished(state: str, finished_at: str) -> bool:
    """Whether a row is over by its state, and where that says nothing by its day."""
    says = says_over(state)
    return has_been(finished_at, NOW) if says is None else says


def headings(sheet: Sheet) -> dict[str, str]:
    return {name: sheet.headers[at] for name, at in guess(sheet.headers, sheet.rows).items()}
