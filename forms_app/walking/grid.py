"""A volunteers' spreadsheet as rows of cells, whatever program saved it."""

import csv
from io import StringIO
from pathlib import Path

from msgspec import Struct

from forms_app.community.separators import separated
from forms_app.rules.os_words import why
from forms_app.walking.entry import COLUMNS, REQUIRED, Value, text_of
from forms_app.walking.optional import loaded
from forms_app.walking.refusal import WalksRefused

LARGEST_BYTES = 20_000_000
MOST_ROWS = 20_000
HEADING_WITHIN = 20  # a title and a few words of advice may stand above the column names
SAVE_AGAIN = "请在表格软件里另存为「CSV UTF-8」或 .xlsx"


class Grid(Struct, frozen=True):
    """One sheet. `rows` have their number as the spreadsheet program shows it."""

    name: str  # empty where the file has one sheet only
    rows: tuple[tuple[int, tuple[Value, ...]], ...]


class Line(Struct, frozen=True):
    """A row with something in it, by the keys of entry.COLUMNS; `place` says where it stands."""

    place: str
    cells: dict[str, Value]


def read_lines(path: Path) -> list[Line]:
    """Every row below the column names. Raises WalksRefused where there are none to be found."""
    grids = _grids(path)
    lines: list[Line] = []
    misses: list[str] = []
    for grid in grids:
        heading = _heading(grid)
        if isinstance(heading, str):
            misses.append(heading)
            continue
        number, columns = heading
        for row, cells in grid.rows:
            if row <= number or not any(map(text_of, cells)):
                continue
            place = f"{grid.name} 第 {row} 行" if grid.name else f"第 {row} 行"
            lines.append(
                Line(
                    place,
                    {key: cells[at] for key, at in columns.items() if at < len(cells)},
                )
            )
    if len(misses) == len(grids):
        raise WalksRefused(f"{path.name} 不能导入：{misses[0] if misses else '表格是空的'}。")
    if len(lines) > MOST_ROWS:
        raise WalksRefused(
            f"{path.name} 有 {len(lines)} 行，一次最多导入 {MOST_ROWS} 行，请分成几个文件。"
        )
    return lines


def _heading(grid: Grid) -> tuple[int, dict[str, int]] | str:
    """Where the column names stand and which column is which; or why there are none."""
    best: dict[str, int] = {}
    filled = [(number, cells) for number, cells in grid.rows if any(map(text_of, cells))]
    if not filled:
        return "表格是空的"
    for number, cells in filled[:HEADING_WITHIN]:
        columns: dict[str, int] = {}
        for at, cell in enumerate(cells):
            key = _column(text_of(cell))
            if key:
                if key in columns:
                    return f"第 {number} 行里「{COLUMNS[key][0]}」出现了两次，请删掉一列"
                columns[key] = at
        if all(key in columns for key in REQUIRED):
            return number, columns
        if len(columns) > len(best):
            best = columns
    wanted = "、".join(COLUMNS[key][0] for key in REQUIRED)
    missing = "、".join(COLUMNS[key][0] for key in REQUIRED if key not in best)
    return f"找不到列名；要有一行写着：{wanted}（缺少：{missing}）"


def _column(heading: str) -> str:
    """Which column a heading such as "分钟（手填）" means."""
    bare = "".join(heading.partition("(")[0].split()).lower()
    return next((key for key, names in COLUMNS.items() if bare in names), "")


def _grids(path: Path) -> list[Grid]:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if path.is_file() and size <= LARGEST_BYTES else b""
    except OSError as error:
        raise WalksRefused(f"打不开 {path}（{why(error)}），请核对路径。") from None
    if not path.is_file():
        raise WalksRefused(f"{path} 不是文件，请写出表格文件的路径。")
    if size > LARGEST_BYTES:
        raise WalksRefused(f"{path} 有 {size / 1e6:.0f} MB，太大了，请只留下要导入的表格。")
    if path.suffix.lower() == ".xlsx":
        grids: list[Grid] = loaded("forms_app.walking.workbook").read_workbook(path)
        return grids
    if path.suffix.lower() != ".csv":
        raise WalksRefused(f"认不出 {path.name} 是什么文件；{SAVE_AGAIN}。")
    return [_csv(path, content)]


def _csv(path: Path, content: bytes) -> Grid:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise WalksRefused(f"认不出 {path.name} 的文字编码；{SAVE_AGAIN}。")
    if "\0" in text:
        raise WalksRefused(f"{path.name} 不是 CSV 表格；{SAVE_AGAIN}。")
    _line, separator, text = separated(text)
    first = text.partition("\n")[0]
    separator = separator or max(",;\t", key=first.count)
    rows: list[tuple[int, tuple[Value, ...]]] = []
    try:
        # Numbered as a spreadsheet program numbers them: a cell with a line break is one row.
        for number, cells in enumerate(
            csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True), 1
        ):
            rows.append((number, tuple(cells)))
    except csv.Error:
        raise WalksRefused(
            f"{path.name} 第 {len(rows) + 1} 行附近的引号没有成对；{SAVE_AGAIN}。"
        ) from None
    return Grid("", tuple(rows))
