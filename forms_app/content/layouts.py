"""How a file holds records: a YAML list, a part of a YAML file, or a sheet of comma-separated rows.

Each reads them as text and writes one or many of them anew; the rest keeps its very letters.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace
from yaml import MappingNode, ScalarNode, SequenceNode, YAMLError

from forms_app.community.separators import separated
from forms_app.community.sources import composed
from forms_app.content.listing import (
    Record,
    Unwritable,
    Value,
    filled,
    name_of,
    records,
    with_records,
)
from forms_app.content.mapping import value_at, with_value

Changes = Mapping[str, Mapping[str, Value] | None]


class Layout(Protocol):
    """Records by name, with the lines of the file that are theirs."""

    def records(self, text: str) -> dict[str, Record]:
        """All of them, in the order of the file. Raises Unwritable."""

    def changed(self, text: str, changes: Changes, order: Sequence[str]) -> str:
        """The file with records changed, added (at its end) and, None, taken out.

        Raises Unwritable.
        """


class Listed(Struct, frozen=True):
    """A YAML file that is one list."""

    key: tuple[str, ...]

    def records(self, text: str) -> dict[str, Record]:
        return records(text, self.key)

    def changed(self, text: str, changes: Changes, order: Sequence[str]) -> str:
        return with_records(text, self.key, changes, order)


class Section(Struct, frozen=True):
    """A list below one name of a YAML file; without a key it is a group, which is one record."""

    below: str
    key: tuple[str, ...] = ()

    def records(self, text: str) -> dict[str, Record]:
        start, _end, _indent, own = self._part(text)
        return {
            name: replace(one, first=one.first + start, end=one.end + start)
            for name, one in records(own, self.key).items()
        }

    def changed(self, text: str, changes: Changes, order: Sequence[str]) -> str:
        start, end, indent, own = self._part(text)
        fresh = with_records(own, self.key, changes, order).splitlines(keepends=True)
        if not self.key and fresh:
            fresh[0] = "  " + fresh[0].removeprefix("- ")
            fresh = [line.removeprefix("  ") for line in fresh]
        shifted = [indent + line if line.strip() else line for line in fresh]
        lines = _lines(text)
        return "".join([*lines[:start], *shifted, *lines[end:]])

    def _part(self, text: str) -> tuple[int, int, str, str]:
        """The first line of the part, the one after its last, its indent, and it as a list."""
        try:
            tree = composed(text)
        except YAMLError:
            raise Unwritable("写法有错，要先改好") from None
        pairs = list(tree.value) if isinstance(tree, MappingNode) else []
        names = [name.value for name, _ in pairs if isinstance(name, ScalarNode)]
        if self.below not in names or len(names) != len(pairs):
            raise Unwritable(f"没有「{self.below}」这一项")
        position = names.index(self.below)
        node = pairs[position][1]
        if not isinstance(node, SequenceNode | MappingNode) or node.flow_style:
            raise Unwritable(f"「{self.below}」写在一行里")
        lines = _lines(text)
        start = node.start_mark.line
        end = pairs[position + 1][0].start_mark.line if position + 1 < len(pairs) else len(lines)
        indent = " " * node.start_mark.column
        while end > start + 1 and not _is_content(lines[end - 1], indent):
            end -= 1
        own = lines[start:end]
        if any(line.strip() and not line.startswith(indent) for line in own):
            raise Unwritable(f"「{self.below}」里有一行缩进不齐")
        own = [line[len(indent) :] if line.strip() else line for line in own]
        if not self.key:
            own = ["- " + own[0], *("  " + line if line.strip() else line for line in own[1:])]
        return start, end, indent, "".join(own)


class Top(Struct, frozen=True):
    """Some plain values at the margin of a YAML file, which are one record."""

    names: tuple[str, ...]

    def records(self, text: str) -> dict[str, Record]:
        values = {name: value_at(text, name) for name in self.names}
        own = json.dumps(values, ensure_ascii=False)
        # Their lines lie apart: what is wrong in the file may be theirs wherever it stands.
        return {name_of({}, ()): Record(filled(values), 0, len(_lines(text)), own)}

    def changed(self, text: str, changes: Changes, order: Sequence[str]) -> str:  # noqa: ARG002
        values = filled(changes.get(name_of({}, ())) or {})
        for name in self.names:
            text = with_value(text, (name,), str(values.get(name, "")))
        return text


class Sheet(Struct, frozen=True):
    """Rows below a row of names, divided by commas or as their first line says (sep=;).

    A column that is new is put at the end.
    """

    key: tuple[str, ...]
    columns: tuple[str, ...]  # of a file that is not there yet

    def records(self, text: str) -> dict[str, Record]:
        _head, rows = self._rows(text)
        found: dict[str, Record] = {}
        for one in rows:
            name = name_of(one.values, self.key)
            if not name or name in found:
                raise Unwritable(f"第 {one.first + 1} 行和别的行重复，或者没有填{self.key[0]}")
            found[name] = one
        return found

    def changed(self, text: str, changes: Changes, order: Sequence[str]) -> str:
        head, _rows = self._rows(text)
        before = self.records(text)
        above, separator, text = separated(text)
        lines = _lines(text)
        ending = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
        wanted = {name: filled(values) for name, values in changes.items() if values is not None}
        missing = {column for values in wanted.values() for column in values} - set(head)
        columns = [*head, *sorted(missing, key=lambda one: (*order, one).index(one))]
        first = min((one.first for one in before.values()), default=len(lines))
        top = lines[:first]
        if missing or not text.strip():
            top = [_row(columns, ending, separator)]
        pieces, at = [above, *top], first
        for name, old in before.items():
            pieces += lines[at : old.first]
            at = old.end
            is_same = name in wanted and wanted[name] == filled(old.values)
            if name not in changes or is_same:
                pieces += lines[old.first : old.end]
            elif name in wanted:
                own = [str(wanted[name].get(c, "")) for c in columns]
                pieces.append(_row(own, ending, separator))
        pieces += lines[at:]
        for name, values in wanted.items():
            if name not in before:
                own = [str(values.get(c, "")) for c in columns]
                pieces.append(_row(own, ending, separator))
        return "".join(pieces)

    def _rows(self, text: str) -> tuple[list[str], list[Record]]:
        _line, separator, text = separated(text)
        if not text.strip():
            return list(self.columns), []
        lines = _lines(text)
        reader = csv.reader(lines, delimiter=separator or ",", strict=True)
        head: list[str] = []
        found: list[Record] = []
        at = 0
        try:
            for cells in reader:
                first, at = at, reader.line_num
                if not any(cell.strip() for cell in cells):
                    continue
                if not head:
                    head = [cell.strip() for cell in cells]
                    continue
                values = {n: c.strip() for n, c in zip(head, cells, strict=False) if n}
                found.append(Record(values, first, at, "".join(lines[first:at])))
        except csv.Error:
            raise Unwritable("引号没有成对，要先改好") from None
        return head, found


def _row(cells: Sequence[str], ending: str, separator: str) -> str:
    written = StringIO()
    csv.writer(written, delimiter=separator or ",", lineterminator=ending).writerow(cells)
    return written.getvalue()


def _lines(text: str) -> list[str]:
    """The lines with their ends, the last one's included."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    if not lines[-1]:
        lines.pop()
    elif lines:
        lines[-1] += "\n"
    return lines


def _is_content(line: str, indent: str) -> bool:
    return bool(line.strip()) and line.startswith(indent) and not line.lstrip().startswith("#")
