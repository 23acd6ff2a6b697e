"""The process that opens one spreadsheet file and says its cells as JSON; it limits itself first.

Run as `python -m forms_app.spreadsheets.reader FILE`. It answers `{"sheets": […]}` or
`{"refused": sentence}`; whatever else becomes of it, its parent says that the file cannot be read.
"""

import csv
import io
import json
import re
import resource
import sys
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries

from forms_app.rules.said import said, to_json
from forms_app.spreadsheets.columns import known_headings
from forms_app.spreadsheets.sheets import BAD_FILE, FileRefused, Row, Sheet, as_json

MEMORY_BYTES = 1024**3
PROCESSOR_SECONDS = 40
MOST_ROWS = 5000
MOST_COLUMNS = 80
MOST_LETTERS = 5000  # in one cell
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2000
HEADERS_WITHIN = 20
# A border drawn down whole columns makes a million rows; after so many empty ones there is no more.
EMPTY_ROWS = 1000

_WRONG_KINDS = (
    (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"), (b"%PDF", "PDF 文件"),
    (b"Rar!", "压缩包"), (b"7z\xbc\xaf", "压缩包"), (b"{\\rtf", "Word 文档"),
)  # fmt: skip
_SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿(.xlsx)”再导入。"
_MERGED = re.compile(rb'<mergeCell [^>]*ref="([A-Z]+\d+:[A-Z]+\d+)"')
_HIDDEN = re.compile(rb'<row [^>]*?r="(\d+)"[^>]*?hidden="(?:1|true)"')

Cells = list[str]
Numbered = Iterable[tuple[int, Cells]]


def main(path: Path) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    warnings.simplefilter("ignore")  # openpyxl tells of styles that nobody needs
    try:
        found: dict[str, Any] = {"sheets": [as_json(sheet) for sheet in sheets(path)]}
    except FileRefused as refused:
        found = {"refused": to_json(refused.sentence)}
    except (zipfile.BadZipFile, KeyError, ValueError, MemoryError, csv.Error):
        found = {"refused": BAD_FILE}
    json.dump(found, sys.stdout, ensure_ascii=False)
    return 0


def sheets(path: Path) -> list[Sheet]:
    """What the file holds, by its first bytes: names lie. Raises FileRefused."""
    with path.open("rb") as file:
        head = file.read(512)
    for mark, kind in _WRONG_KINDS:
        if head.startswith(mark):
            raise FileRefused(
                said("这是%(kind)s，不是表格。请选 .xlsx 或 .csv 文件。", kind=said(kind))
            )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(_old_office(path.read_bytes()))
    if (
        head.lstrip(b"\xef\xbb\xbf \r\n\t")
        .lower()
        .startswith((b"<html", b"<!doc", b"<table", b"<?xml"))
    ):
        raise FileRefused(
            said("这个文件名像表格，里面其实是网页。%(advice)s", advice=said(_SAVE_AGAIN))
        )
    if head.startswith(b"PK\x03\x04"):
        found = list(_workbook(path))
    elif not head:
        raise FileRefused("这是一个空文件，请重新选一个。")
    else:
        table = _csv_rows(_decoded(path.read_bytes()))
        found = [sheet for sheet in [_sheet("表格", table)] if sheet is not None]
    if not found:
        raise FileRefused("表里没有找到数据：第一行应当是列名，下面每行一个问题。")
    return found


def _old_office(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "这个文件加了打开密码，读不了。请去掉密码再导入。"
    if "WordDocument".encode("utf-16-le") in content:
        return "这是 Word 文档，不是表格。请选 .xlsx 或 .csv 文件。"
    return said("这是老格式（.xls）的表格。%(advice)s", advice=said(_SAVE_AGAIN))


def _workbook(path: Path) -> Iterator[Sheet]:
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise FileRefused("这个文件解开以后太大了。请只留需要的几列、几行，另存为新表再导入。")
        if "xl/workbook.xml" not in names:
            kind = "Word 文档" if "word/document.xml" in names else "别的文件"
            raise FileRefused(
                said("这是%(kind)s，不是 Excel 表格。请选 .xlsx 或 .csv 文件。", kind=said(kind))
            )
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        pages: list[Any] = book.worksheets  # the stubs know nothing of the read-only ones
        for page in pages:
            page.reset_dimensions()  # some programs write a size that is not true
            merged, hidden = _marks(archive, page._worksheet_path)
            rows = ((n, list(map(_text, row))) for n, row in enumerate(_values(page), 1))
            table = list(_until_empty(rows))
            _fill_down(table, merged)
            sheet = _sheet(page.title, table, hidden, len(merged))
            if sheet is not None:
                yield sheet


def _values(page: Any) -> Iterator[tuple[object, ...]]:
    rows: Iterator[tuple[object, ...]] = page.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    return rows


def _marks(archive: zipfile.ZipFile, part: str) -> tuple[list[str], set[int]]:
    """Merged areas and hidden rows, which the quick way of reading leaves out."""
    content = archive.read(part.lstrip("/"))
    merged = [ref.decode() for ref in _MERGED.findall(content)]
    return merged, {int(number) for number in _HIDDEN.findall(content)}


def _fill_down(table: list[tuple[int, Cells]], merged: Iterable[str]) -> None:
    """Gives every row of a merged area the words that stand in its first cell."""
    by_number = dict(table)
    for ref in merged:
        first_column, first_row, _, last_row = (place or 0 for place in range_boundaries(ref))
        source = by_number.get(first_row, [])
        if len(source) < first_column:
            continue
        for number in range(first_row + 1, min(last_row, first_row + MOST_ROWS) + 1):
            cells = by_number.get(number)
            if cells is not None and len(cells) >= first_column:
                cells[first_column - 1] = source[first_column - 1]


def _until_empty(rows: Numbered) -> Iterator[tuple[int, Cells]]:
    empty = 0
    for number, cells in rows:
        empty = 0 if any(cells) else empty + 1
        if empty > EMPTY_ROWS:
            return
        yield number, cells


def _text(value: object) -> str:
    """A cell as people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def _sheet(name: str, table: Numbered, hidden: Iterable[int] = (), merged: int = 0) -> Sheet | None:
    """The sheet below its headings; None where it has none or nothing below them."""
    rows = [(number, cells) for number, cells in table if any(cells)]
    heads = [known_headings(cells) for _, cells in rows[:HEADERS_WITHIN]]
    if not heads or len(rows) < 2:
        return None
    # Under title rows; where no word is known, the first row that has more than one cell.
    place = heads.index(max(heads))
    if not heads[place]:
        filled = [sum(map(bool, cells)) > 1 for _, cells in rows[:HEADERS_WITHIN]]
        place = filled.index(True) if True in filled else 0
    head, body = rows[place], rows[place + 1 :]
    if len(body) > MOST_ROWS:
        raise FileRefused(
            said(
                "“%(name)s”有%(rows)s行，一次最多%(most)s行。请按月份分成几个表，一个一个导入。",
                name=name,
                rows=len(body),
                most=MOST_ROWS,
            )
        )
    width = max(
        i for cells in [head[1], *(c for _, c in body)] for i, c in enumerate(cells, 1) if c
    )
    if width > MOST_COLUMNS:
        raise FileRefused(
            said(
                "“%(name)s”的列太多，一次最多%(most)s列。请只留需要的列。",
                name=name,
                most=MOST_COLUMNS,
            )
        )
    for number, cells in body:
        if any(len(cell) > MOST_LETTERS for cell in cells):
            raise FileRefused(
                said(
                    "“%(name)s”第%(number)s行有一格超过%(most)s字，请删减后再导入。",
                    name=name,
                    number=number,
                    most=MOST_LETTERS,
                )
            )
    even = [Row(n, tuple(islice([*cells, *[""] * width], width))) for n, cells in body]
    headers = [*head[1], *[""] * width][:width]
    hidden_rows = set(hidden) & {row.number for row in even}
    return Sheet(name, tuple(headers), tuple(even), len(hidden_rows), merged)


def _decoded(content: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileRefused("这个文件不是表格，或者文字编码认不出来。请另存为 .xlsx 再导入。")


def _csv_rows(text: str) -> list[tuple[int, Cells]]:
    """Its rows by whichever of comma, semicolon and tab divides the beginning best."""
    beginning = text[:20_000]

    def width(delimiter: str) -> int:
        rows = list(csv.reader(io.StringIO(beginning), delimiter=delimiter))[:HEADERS_WITHIN]
        return max((len(row) for row in rows), default=0)

    delimiter = max(",;\t", key=width)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    table, start = [], 1
    for row in reader:
        table.append((start, [cell.strip() for cell in row]))
        start = reader.line_num + 1
    return table


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
