"""A YAML file that is one list of records: read as text, and one record replaced.

What is not changed keeps its very letters: the order, the comments, the other records, and the
other fields of the same one. It does not know what a record means.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml
from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode, YAMLError

from forms_app.rules.refused import Refused

Value: TypeAlias = str | tuple[str, ...]

WIDEST = 96  # letters of a list on one line
_STRING, _NULL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:null"
_PLAIN = frozenset({_STRING, "tag:yaml.org,2002:timestamp"})
_LOADER: type[SafeLoader] = getattr(yaml, "CSafeLoader", SafeLoader)


class Unwritable(Refused):
    """The file is written in a way that can be read, but not changed without a terminal."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"这个文件不能在网页上改：{reason}。请在服务器上直接改文件。")


@dataclass(frozen=True)
class Record:
    """One item of the list: its values as text, and the lines that are its own."""

    values: Mapping[str, Value]
    first: int
    end: int  # exclusive
    text: str
    # Of each field: first line, line after its last, and whether a list stands below it.
    spans: Mapping[str, tuple[int, int, bool]] = field(default_factory=dict)


def records(text: str, key: str) -> dict[str, Record]:
    """The records by the value of `key`, in the order of the file. Raises Unwritable."""
    lines = text.splitlines(keepends=True)
    items = _items(text)
    found: dict[str, Record] = {}
    for position, item in enumerate(items):
        first = item.start_mark.line
        upto = items[position + 1].start_mark.line if position + 1 < len(items) else len(lines)
        end = _without_remarks(lines, first, upto, only_at_margin=True)
        values, spans = _fields(item, lines, end)
        name = values.get(key)
        if not isinstance(name, str) or not name or name in found:
            raise Unwritable(f"第 {first + 1} 行的一项没有自己的{key}")
        found[name] = Record(values, first, end, "".join(lines[first:end]), spans)
    return found


def with_record(
    text: str, key: str, name: str, values: Mapping[str, Value], order: Sequence[str]
) -> str:
    """The text with this record changed, or added at its end; empty values are left out.

    `order` is the order of new fields. Raises Unwritable.
    """
    wanted = {column: value for column, value in values.items() if value}
    before = records(text, key)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if name in before:
        old = before[name]
        lines[old.first : old.end] = _changed(old, lines, wanted, order)
    else:
        lines += _written(wanted, order)
    after = "".join(lines)
    _prove(before, records(after, key), name, wanted)
    return after


def without_record(text: str, key: str, name: str) -> str:
    """The text without this record. Raises Unwritable, and KeyError where there is none."""
    before = records(text, key)
    lines = text.splitlines(keepends=True)
    del lines[before[name].first : before[name].end]
    after = "".join(lines)
    _prove(before, records(after, key), name, None)
    return after


def _prove(
    before: Mapping[str, Record],
    after: Mapping[str, Record],
    name: str,
    wanted: Mapping[str, Value] | None,
) -> None:
    """Nothing else may have changed, whatever YAML the file holds."""
    others = {one: record.values for one, record in before.items() if one != name}
    kept = {one: record.values for one, record in after.items() if one != name}
    now = {k: v for k, v in after[name].values.items() if v} if name in after else None
    if others != kept or now != wanted:
        raise Unwritable("这一项的写法太特别")


def _items(text: str) -> list[MappingNode]:
    try:
        tree = yaml.compose(text, _LOADER)
    except YAMLError:
        raise Unwritable("写法有错，要先改好") from None
    if tree is None:
        return []
    if not isinstance(tree, SequenceNode) or tree.flow_style:
        raise Unwritable("整个文件不是一列")
    if not all(isinstance(item, MappingNode) for item in tree.value):
        raise Unwritable("有一项不是一组「名称: 值」")
    return list(tree.value)


def _fields(
    item: MappingNode, lines: Sequence[str], end: int
) -> tuple[dict[str, Value], dict[str, tuple[int, int, bool]]]:
    values: dict[str, Value] = {}
    spans: dict[str, tuple[int, int, bool]] = {}
    for position, (name, node) in enumerate(item.value):
        values[str(name.value)] = _value(node)
        first = name.start_mark.line
        is_last = position + 1 == len(item.value)
        upto = end if is_last else item.value[position + 1][0].start_mark.line
        is_letters = isinstance(node, ScalarNode) and node.style in ("|", ">")
        stop = upto if is_letters else _without_remarks(lines, first, upto)
        spans[str(name.value)] = (
            first,
            stop,
            isinstance(node, SequenceNode) and not node.flow_style,
        )
    starts = [first for first, _, _ in spans.values()]
    return values, spans if len(set(starts)) == len(starts) and not item.flow_style else {}


def _value(node: Node) -> Value:
    if isinstance(node, SequenceNode) and all(isinstance(one, ScalarNode) for one in node.value):
        return tuple(str(one.value).strip() for one in node.value)
    if isinstance(node, ScalarNode):
        return "" if node.tag == _NULL else str(node.value).strip()
    raise Unwritable(f"第 {node.start_mark.line + 1} 行里还套着一组")


def _without_remarks(
    lines: Sequence[str], first: int, end: int, *, only_at_margin: bool = False
) -> int:
    """Where what begins at `first` ends, without the blank lines and remarks before the next."""
    while end > first + 1:
        line = lines[end - 1]
        if line.strip() and not (line if only_at_margin else line.lstrip()).startswith("#"):
            break
        end -= 1
    return end


def _changed(
    old: Record, lines: Sequence[str], wanted: Mapping[str, Value], order: Sequence[str]
) -> list[str]:
    if not old.spans:
        return _written(wanted, order)
    pieces: list[tuple[str, list[str]]] = []
    at = old.first
    for position, (name, (first, stop, is_block)) in enumerate(old.spans.items()):
        between = list(lines[at:first])
        own = list(lines[first:stop])
        if name not in wanted and position and old.values[name]:
            own = _field(name, (), is_block=False) if isinstance(old.values[name], tuple) else []
        elif name in wanted and wanted[name] != old.values[name]:
            dash = own[0][: len(own[0]) - len(own[0].lstrip(" -"))]
            own = _field(name, wanted[name], is_block)
            own[0] = dash + own[0].lstrip(" ")
        pieces.append((name, between + own))
        at = stop
    for name in (one for one in wanted if one not in old.spans):
        earlier = order[: order.index(name)] if name in order else order
        place = max(
            (i for i, (known, _) in enumerate(pieces) if known in earlier), default=len(pieces) - 1
        )
        pieces.insert(place + 1, (name, _field(name, wanted[name], False)))
    return [line for _, piece in pieces for line in piece] + list(lines[at : old.end])


def _written(wanted: Mapping[str, Value], order: Sequence[str]) -> list[str]:
    names = sorted(wanted, key=lambda name: order.index(name) if name in order else len(order))
    lines = [line for name in names for line in _field(name, wanted[name], False)]
    return ["- " + lines[0].lstrip(" "), *lines[1:]]


def _field(name: str, value: Value, is_block: bool) -> list[str]:
    """The lines of one field, below a record that begins at the margin."""
    if isinstance(value, tuple):
        inline = f"  {name}: [{', '.join(_scalar(one, in_list=True) for one in value)}]\n"
        if not is_block and len(inline) <= WIDEST:
            return [inline]
        return [f"  {name}:\n", *(f"    - {_scalar(one)}\n" for one in value)]
    if "\n" in value:
        return [f"  {name}: |2\n" if value[0] == " " else f"  {name}: |\n",
                *(f"    {line}\n" if line else "\n" for line in value.split("\n"))]  # fmt: skip
    return [f"  {name}: {_scalar(value)}\n"]


def _scalar(text: str, *, in_list: bool = False) -> str:
    """Plain where every reader takes it for what it is, else between quotes."""
    try:
        tree = yaml.compose(f"[{text}]" if in_list else f"k: {text}", _LOADER)
    except YAMLError:
        tree = None
    nodes = tree.value if isinstance(tree, SequenceNode) else []
    if isinstance(tree, MappingNode) and len(tree.value) == 1:
        nodes = [tree.value[0][1]]
    if len(nodes) == 1 and isinstance(nodes[0], ScalarNode) and nodes[0].value == text:
        is_number = text.isascii() and text.isdigit() and not text.startswith("0")
        if not nodes[0].style and (nodes[0].tag in _PLAIN or is_number):
            return text
    return json.dumps(text, ensure_ascii=False)
