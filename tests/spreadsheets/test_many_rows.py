"""Workbooks of any length: every row once, each sheet whole, and every cell as it was meant."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from forms_app.queries import COLUMNS, Value
from forms_app.spreadsheets import many_rows
from forms_app.spreadsheets.register_paper import LONG, Head
from forms_app.spreadsheets.register_sheet import write_sheet
from forms_app.spreadsheets.sheets import read_sheets

pytestmark = pytest.mark.slow

ABOVE = Head("单位", "单位问题项目库", "条件", "导出人")
PAPER = LONG, ABOVE, "D26-1"
FIRST = 5  # the row below the headings


def row(first: str, second: Value = "", *rest: Value) -> tuple[Value, ...]:
    values = (first, second, *rest)
    return (*values, *("",) * (len(COLUMNS) - len(values)))


def written(path: Path, *rows: tuple[Value, ...]) -> Worksheet:
    write_sheet(path, *PAPER, rows)
    return load_workbook(path).active


@pytest.mark.parametrize(
    "text",
    ["<b>&amp;</b>", ' "两端有空格" ', "一\n\n二", "　全角　", "😀", "=1+1", "]]>", "1", "TRUE"],
)
def test_a_text_is_read_as_it_was_written(tmp_path: Path, text: str) -> None:
    sheet = written(tmp_path / "a.xlsx", row("1", text))
    assert (sheet.cell(FIRST, 2).value, sheet.cell(FIRST, 2).data_type) == (text, "s")
    (read,) = read_sheets(tmp_path / "a.xlsx")
    assert text.strip() in read.rows[0].cells[1]


def test_the_mark_of_what_looks_like_a_formula_is_that_cells_alone(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", row("1", "=1+1"), row("2", "灯"), row("3", "-灯"))
    marked = [bool(sheet.cell(FIRST + place, 2).quotePrefix) for place in range(3)]
    assert marked == [True, False, True]
    assert not sheet.cell(FIRST, 1).quotePrefix


def test_an_empty_cell_has_its_border_and_a_number_is_one(tmp_path: Path) -> None:
    sheet = written(tmp_path / "a.xlsx", row("1", None, "", 7))
    for place in (2, 3):
        assert sheet.cell(FIRST, place).value is None
        assert sheet.cell(FIRST, place).border.left.style == "thin"
    assert sheet.cell(FIRST, 4).value == 7


def test_what_is_too_much_for_a_sheet_goes_on_on_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many_rows, "SHEET_BYTES", 10_000)
    path = tmp_path / "many.xlsx"
    write_sheet(path, *PAPER, (row(f"{number}") for number in range(50)))
    sheets = load_workbook(path).worksheets
    assert [sheet.title for sheet in sheets[:2]] == ["问题项目库", "问题项目库2"]
    assert len(sheets) > 2
    found = []
    for sheet in sheets:
        values = [line[0] for line in sheet.iter_rows(values_only=True)]
        assert values[0] == ABOVE.title
        assert values[FIRST - 2] == COLUMNS[0]
        assert "制表人" in values[-1]
        assert values[-2] is None
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("B5", "$4:$4")
        found += values[FIRST - 1 : -2]
    assert found == [f"{number}" for number in range(50)]


def test_rows_are_written_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "streamed.xlsx"
    sizes = []

    def rows() -> Iterator[tuple[Value, ...]]:
        for number in range(3000):
            yield row(f"{number}", f"{hash(str(number))}" * 20)
            sizes.append(path.stat().st_size)

    write_sheet(path, *PAPER, rows())
    assert sizes[1000] < sizes[2000] < sizes[-1]
    assert sizes[1500] > sizes[-1] / 3
