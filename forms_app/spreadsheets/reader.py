"""The process that opens one spreadsheet file and says its cells as JSON; it limits itself first.

Run as `python -m forms_app.spreadsheets.reader FILE [--plain]`. It answers `{"sheets": […]}` or
`{"refused": sentence}`; whatever else becomes of it, its parent says that the file cannot be read.
"""

import csv
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from forms_app.rules.said import said, to_json
from forms_app.spreadsheets.delimited import read_delimited
from forms_app.spreadsheets.forms import are_forms, read_forms
from forms_app.spreadsheets.markup import BEGINNINGS, MAIL, has_table, read_markup
from forms_app.spreadsheets.ods import CONTENT, read_ods
from forms_app.spreadsheets.raw import MOST_UNPACKED, Budget, Page, refuse
from forms_app.spreadsheets.sheets import BAD_FILE, FileRefused, Row, Sheet, as_json
from forms_app.spreadsheets.tables import check_size, fill_down, tables
from forms_app.spreadsheets.xls import read_xls
from forms_app.spreadsheets.xlsx import WORKBOOK, read_xlsx

MEMORY_BYTES = 512 * 1024**2
PROCESSOR_SECONDS = 20
MOST_PARTS = 2000

_WRONG_KINDS = (
    (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"), (b"%PDF", "PDF 文件"),
    (b"II*\0", "图片"), (b"MM\0*", "图片"), (b"Rar!", "压缩包"), (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"), (b"{\\rtf", "Word 文档"),
)  # fmt: skip
# What cameras and phones write begins with a length.
_WRONG_KINDS_WITHIN = ((4, b"ftyp", "图片或者视频"), (8, b"WEBP", "图片"))
_WRONG_PARTS = (
    ("word/document.xml", "Word 文档"), ("ppt/presentation.xml", "PPT"),
    ("Index/Document.iwa", "苹果的 Numbers 文件"), (CONTENT, "别的文件"),
)  # fmt: skip
_SAVE_AGAIN = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿(.xlsx)”再导入。"
_NO_LETTERS = b"\xef\xbb\xbf\xff\xfe\0 \r\n\t"  # marks, filling and space
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def main(path: Path, *, is_plain: bool = False) -> int:
    """Writes what the file holds, or why it is refused, as JSON; within limits of its process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    try:
        held = pages(path) if is_plain else sheets(path)
        found: dict[str, Any] = {"sheets": [as_json(sheet) for sheet in held]}
    except FileRefused as refused:
        found = {"refused": to_json(refused.sentence)}
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, MemoryError, csv.Error):
        found = {"refused": BAD_FILE}
    json.dump(found, sys.stdout, ensure_ascii=False)
    return 0


def sheets(path: Path) -> list[Sheet]:
    """What the file holds, by its first bytes: names lie. Raises FileRefused."""
    found: list[Sheet] = []
    of_forms: list[Page] = []
    for page in _pages(path):
        held = tables(page)
        found += held
        if not held and are_forms(page):
            of_forms.append(page)
    forms = read_forms(of_forms)
    if forms:
        found.append(forms)
    if not found:
        raise FileRefused("表里没有找到数据：第一行应当是列名，下面每行一个问题。")
    return found


def pages(path: Path) -> list[Sheet]:
    """The same without a guess at headings: every page with its rows. Raises FileRefused."""
    found = []
    for page in _pages(path):
        fill_down(page, sorted(page.rows))
        width = 1 + max((place for cells in page.rows.values() for place in cells), default=0)
        check_size(page.name, len(page.rows), width)
        rows = tuple(
            Row(number, tuple(cells.get(place, "") for place in range(width)))
            for number, cells in sorted(page.rows.items())
        )
        found.append(Sheet(page.name, (), rows, stopped_after=page.stopped_after))
    return found


def _pages(path: Path) -> Iterable[Page]:
    with path.open("rb") as file:
        head = file.read(512)
    for at, mark, kind in (*((0, *known) for known in _WRONG_KINDS), *_WRONG_KINDS_WITHIN):
        if head.startswith(mark, at):
            raise FileRefused(
                said("这是%(kind)s，不是表格。请选 .xlsx 或 .csv 文件。", kind=said(kind))
            )
    if not head:
        raise FileRefused("这是一个空文件，请重新选一个。")
    budget = Budget()
    begins = head.translate(None, _NO_LETTERS).lower()
    if begins.startswith(BEGINNINGS) or (begins.startswith(b"<") and has_table(path.read_bytes())):
        found = [] if begins.startswith(MAIL) else read_markup(path.read_bytes(), budget)
        if not found:
            raise FileRefused(
                said("这个文件名像表格，里面其实是网页。%(advice)s", advice=said(_SAVE_AGAIN))
            )
        yield from found
        return
    if head.startswith(b"PK\x03\x04"):
        yield from _zipped(path, budget)
    elif head.startswith(_OLD_OFFICE):
        yield from read_xls(_old_office(path.read_bytes()), budget)
    else:
        yield read_delimited(path.read_bytes(), budget)


def _old_office(content: bytes) -> bytes:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise FileRefused("这个文件加了打开密码，读不了。请去掉密码再导入。")
    if "WordDocument".encode("utf-16-le") in content:
        raise FileRefused("这是 Word 文档，不是表格。请选 .xlsx 或 .csv 文件。")
    return content


def _zipped(path: Path, budget: Budget) -> Iterable[Page]:
    with path.open("rb") as file, zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
            refuse("unpacked")
        if any(part.flag_bits & 1 for part in parts):
            raise FileRefused("这个文件加了打开密码，读不了。请去掉密码再导入。")
        if WORKBOOK in names:
            yield from read_xlsx(archive, budget)
        elif CONTENT in names and b"opendocument.spreadsheet" in archive.read("mimetype"):
            yield from read_ods(archive, budget)
        else:
            kind = next((kind for part, kind in _WRONG_PARTS if part in names), "压缩包")
            raise FileRefused(
                said("这是%(kind)s，不是 Excel 表格。请选 .xlsx 或 .csv 文件。", kind=said(kind))
            )


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), is_plain="--plain" in sys.argv[2:]))
