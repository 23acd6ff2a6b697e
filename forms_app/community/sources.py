"""The files of data/community as rows of text: encodings, spreadsheets and lists.

It keeps the errors of all files together and does not know what any of them is for.
"""

import csv
from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import cast

import yaml
from yaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    MappingNode,
    Node,
    SafeLoader,
    ScalarNode,
    SequenceNode,
    YAMLError,
)
from yaml.composer import ComposerError
from yaml.error import Mark, MarkedYAMLError

from forms_app.community.errors import DataError
from forms_app.community.rows import Cell, Row, list_rows, opened, unread
from forms_app.community.separators import separated
from forms_app.rules.os_words import why

SAVE_SHEET = "在表格软件里另存为「CSV UTF-8（逗号分隔）」"
SAVE_TEXT = "在记事本里另存为，编码选「UTF-8」"
# What spreadsheet programs call files of their own, and how those begin.
WORKBOOKS = (".xlsx", ".xls", ".et", ".ods")
_WORKBOOK_BEGINS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


# libyaml where PyYAML was built with it, as all its wheels are: a tenth of the time. It ends the
# process where lists lie in lists a hundred thousand deep.
_LOADER: type[SafeLoader] = getattr(yaml, "CSafeLoader", SafeLoader)
_DEEPEST = 100
_ALIAS, _TOO_DEEP = "an alias", "too deep"


def composed(text: str) -> Node | None:
    """Stops before values are made: 0797, yes and 8:30 stay the text that was typed.

    Raises YAMLError, also of an alias and of lists that lie too deep in one another.
    """
    depth = 0
    for event in yaml.parse(text, _LOADER):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent) or depth > _DEEPEST:
            problem = _ALIAS if isinstance(event, AliasEvent) else _TOO_DEEP
            raise ComposerError(None, None, problem, cast(Mark, event.start_mark))
    return yaml.compose(text, _LOADER)


class Folder:
    """data/community while it is being read."""

    def __init__(self, path: Path, instead: Mapping[str, bytes | None] | None = None) -> None:
        """`instead` is what is to be read in the place of some files, before they are written (or,
        None, taken away).
        """
        self.path = path
        self._instead = instead or {}
        self.errors: list[DataError] = []
        self._opened: list[str] = []

    def refuse(self, file: str, place: str, column: str, problem: str, remedy: str) -> None:
        """Note an error of a file as a whole or of one of its lines."""
        self.errors.append(DataError(file, place, column, problem, remedy))

    def note(self, file: str) -> None:
        """Remember a file's place in the order of errors."""
        if file not in self._opened:
            self._opened.append(file)

    def in_order(self) -> tuple[DataError, ...]:
        """All errors, file by file and line by line; echoes only where there is nothing else."""
        own = [error for error in self.errors if not error.is_echo] or self.errors
        return tuple(sorted(own, key=lambda e: (self._opened.index(e.file), e.line)))

    def has(self, file: str) -> bool:
        """Whether a file that may be left out is there."""
        if file in self._instead:
            return self._instead[file] is not None
        return (self.path / file).exists()

    def below(self, folder: str, end: str) -> list[str]:
        """The files of a folder and those in it whose names end so, as paths from here."""
        there = {
            path.relative_to(self.path).as_posix()
            for path in (self.path / folder).rglob(f"*{end}")
            if path.is_file() and not path.name.startswith(".")
        }
        named = {one for one in self._instead if one.startswith(f"{folder}/") and one.endswith(end)}
        return sorted(one for one in there | named if self.has(one))

    def text(self, file: str) -> str | None:
        """A file that is words, without a mark at its beginning; None where it is refused."""
        return self._text(file, SAVE_TEXT)

    def content(self, file: str) -> bytes | None:
        """A file that is no text, as it lies there; None where it cannot be read."""
        try:
            known = self._instead.get(file)
            return (self.path / file).read_bytes() if known is None else known
        except OSError:
            return None

    def rows(
        self, file: str, required: Collection[str], optional: Collection[str] = ()
    ) -> list[Row]:
        """A spreadsheet's rows; a missing or unknown column is one error of the first row."""
        text = self._text(file, SAVE_SHEET)
        if text is None:
            return []
        _line, separator, text = separated(text)
        lines: list[tuple[int, list[str]]] = []
        reader = csv.reader(StringIO(text, newline=""), delimiter=separator or ",", strict=True)
        try:
            for line, cells in enumerate(reader, 1):
                if any(cell.strip() for cell in cells):
                    lines.append((line, cells))
        except csv.Error:
            self.refuse(
                file,
                f"第 {len(lines) + 1} 行附近",
                "",
                "引号没有成对",
                "补上缺少的半角双引号或删掉多余的",
            )
            return []
        if not lines:
            self.refuse(file, "第 1 行", "", "文件是空的", f"第一行写列名：{','.join(required)}")
            return []
        lines = self._heading_first(file, lines, required)
        columns = [name.strip() for name in lines[0][1]]
        self._check_columns(file, columns, required, optional)
        return [self._sheet_row(file, line, columns, cells) for line, cells in lines[1:]]

    def _heading_first(
        self, file: str, lines: list[tuple[int, list[str]]], required: Collection[str]
    ) -> list[tuple[int, list[str]]]:
        """The lines, those headings first that sorting took along."""
        for place, (line, cells) in enumerate(lines[1:], 1):
            if {*required} <= {cell.strip() for cell in cells}:
                self.refuse(
                    file, f"第 {line} 行", "", "写列名的一行不在第一行，多半是排序时一起排走了",
                    "把它剪下来，放回第一行；以后排序时选「数据包含标题」",
                )  # fmt: skip
                return [lines[place], *lines[:place], *lines[place + 1 :]]
        return lines

    def _check_columns(
        self, file: str, columns: list[str], required: Collection[str], optional: Collection[str]
    ) -> None:
        if len(columns) == 1 and any(mark in columns[0] for mark in ";\t，"):
            self.refuse(file, "第 1 行", "", "各列没有用半角逗号分开", SAVE_SHEET)
            return
        head = Row(
            file, "", 1, {name: Cell(name, 1) for name in columns if name}, self.errors
        ).checked(required, optional)
        for name in sorted({name for name in columns if name and columns.count(name) > 1}):
            head.refuse(name, f"列名「{name}」出现了两次", "删掉或改名其中一列")

    def _sheet_row(self, file: str, line: int, columns: list[str], cells: list[str]) -> Row:
        padded = [*cells, *[""] * (len(columns) - len(cells))]
        row = Row(
            file,
            "",
            line,
            {name: Cell(cell, line) for name, cell in zip(columns, padded, strict=False) if name},
            self.errors,
        )
        surplus = [
            cell
            for position, cell in enumerate(padded)
            if cell.strip() and not "".join(columns[position : position + 1])
        ]
        if surplus:
            row.refuse(
                "",
                f"比列名多出{len(surplus)}格（「{surplus[0]}」）",
                "删掉多出的格；一格里有逗号时，整格用半角双引号括起来",
            )
        return row

    def items(
        self, file: str, required: Collection[str], optional: Collection[str] = ()
    ) -> list[Row]:
        """The mappings of a file that is one list."""
        cell = self._tree(file)
        if cell is None:
            return []
        if not isinstance(cell.value, tuple):
            self.refuse(
                file, f"第 {cell.line} 行", "", "整个文件要写成一列", "每一项以「- 」开头，见样例"
            )
            return []
        return [row.checked(required, optional) for row in list_rows(file, cell.value, self.errors)]

    def mapping(self, file: str, required: Collection[str], optional: Collection[str] = ()) -> Row:
        """A file that is one mapping."""
        cell = self._tree(file)
        if cell is None:
            return unread(file, self.errors)
        return opened(file, "", cell, self.errors).checked(required, optional)

    def _text(self, file: str, save_as: str) -> str | None:
        self.note(file)
        path = self.path / file
        try:
            raw = self._instead.get(file)
            raw = path.read_bytes() if raw is None else raw
        except FileNotFoundError:
            self.refuse(
                file, "", "", "找不到文件", self._misnamed(path) or f"把「{file}」放进{self.path}"
            )
            return None
        except OSError as error:
            words = f"文件打不开（{why(error)}）"
            self.refuse(file, "", "", words, "检查它是不是文件，以及读取权限")
            return None
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.refuse(file, "", "", _encoding_problem(raw), save_as)
            return None

    def _misnamed(self, path: Path) -> str:
        there = [other.name for other in path.parent.glob("*")]
        saved = [path.with_suffix(end) for end in WORKBOOKS if f"{path.stem}{end}" in there]
        if saved and path.suffix == ".csv":
            return saved_otherwise(saved[0])
        close = get_close_matches(path.name, there, 1, 0.8)
        return f"是不是把文件名写成了「{close[0]}」？改成「{path.name}」" if close else ""

    def _tree(self, file: str) -> Cell | None:
        text = self._text(file, SAVE_TEXT)
        if text is None:
            return None
        try:
            node = composed(text)
        except YAMLError as broken:
            self._refuse_yaml(file, text, broken)
            return None
        if node is None:
            self.refuse(file, "第 1 行", "", "文件是空的", "照样例填写")
            return None
        return self._cell(file, node)

    def _refuse_yaml(self, file: str, text: str, broken: YAMLError) -> None:
        mark = broken.problem_mark if isinstance(broken, MarkedYAMLError) else None
        number = mark.line + 1 if mark else 1
        lines = text.splitlines()
        near = lines[max(0, number - 2) : number]
        named = broken.problem if isinstance(broken, ComposerError) else None
        if named == _ALIAS:
            problem, remedy = "不能用「*」引用别处", "把内容照写一遍"
        elif named == _TOO_DEEP:
            problem, remedy = "括号套得太深", "照样例的层次写"
        else:
            problem, remedy = _yaml_slip(near)
        self.refuse(file, f"第 {min(number, max(1, len(lines)))} 行", "", problem, remedy)

    def _cell(self, file: str, node: Node) -> Cell:
        line = node.start_mark.line + 1
        if isinstance(node, SequenceNode):
            return Cell(tuple(self._cell(file, item) for item in node.value), line)
        if isinstance(node, MappingNode):
            return Cell(self._keys(file, node.value), line)
        is_null = isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"
        return Cell("" if is_null else str(node.value), line)

    def _keys(self, file: str, pairs: Iterable[tuple[Node, Node]]) -> dict[str, Cell]:
        cells: dict[str, Cell] = {}
        for key, node in pairs:
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            place = f"第 {key.start_mark.line + 1} 行"
            if not name:
                self.refuse(file, place, "", "冒号前面要有名称", "写成「名称: 值」")
            elif name in cells:
                self.refuse(file, place, name, f"「{name}」写了两次", "删掉其中一个")
            else:
                cells[name] = Cell(self._cell(file, node).value, key.start_mark.line + 1)
        return cells


def saved_otherwise(workbook: Path) -> str:
    """How a workbook becomes the sheet that is read."""
    name = workbook.with_suffix(".csv").name
    return f"打开「{workbook.name}」，另存为「CSV UTF-8（逗号分隔）」，文件名用「{name}」"


def _encoding_problem(raw: bytes) -> str:
    if raw.startswith(_WORKBOOK_BEGINS):
        return "文件是表格软件的工作簿，只是名字改成了CSV"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "文件存成了UTF-16编码，应当是UTF-8"
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return "文件不是UTF-8编码"
    return "文件存成了GBK编码（中文表格软件的默认），应当是UTF-8"


def _yaml_slip(lines: list[str]) -> tuple[str, str]:
    """What most likely went wrong on these lines: the parser's own words help nobody here."""
    near = "\n".join(lines)
    if "\t" in near:
        return "缩进用了制表符", "改成空格"
    if any("：" in line and ": " not in line for line in lines):
        return "冒号用了全角", "改成半角冒号，后面空一格"
    if any(line.count('"') % 2 or line.count("'") % 2 for line in lines):
        return "引号没有成对", "补上缺少的引号；值里有冒号时，整个值用引号括起来"
    return (
        "这一行的写法不对",
        "检查这一行和上一行的缩进、冒号后的空格；值里有冒号时，整个值用引号括起来",
    )
