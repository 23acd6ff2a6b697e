"""A YAML file that is one list of records: read as text, and one record replaced.

What is not changed keeps its very letters: the order, the comments, the other records, and the
other fields of the same one. It does not know what a record means.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct, field
from yaml import MappingNode, Node, ScalarNode, SequenceNode, YAMLError

from forms_app.community.sources import composed
from forms_app.rules.refused import Refused

Value: TypeAlias = str | tuple[str, ...]

BETWEEN = " "  # the values of a key of several
WIDEST = 96  # letters of a list on one line
_STRING, _NULL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:null"
_PLAIN = frozenset({_STRING, "tag:yaml.org,2002:timestamp"})


class Unwritable(Refused):
    """The file is written in a way that can be read, but not changed without a terminal."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"这个文件不能在网页上改：{reason}。请在服务器上直接改文件。")


class Part(str):
    """One of a list of small groups (`text: …`, `basis: G`), held as its JSON."""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Part":
        """The group of these values; empty ones are left out."""
        return cls(json.dumps({k: v for k, v in values.items() if v}, ensure_ascii=False))

    @property
    def named(self) -> dict[str, str]:
        """Its values by name."""
        found: dict[str, str] = json.loads(self)
        return found


class Record(Struct, frozen=True):
    """One item of the list: its values as text, and the lines that are its own."""

    values: Mapping[str, Value]
    first: int
    end: int  # exclusive
    text: str
    # Of each field: first line, line after its last, and whether a list stands below it.
    spans: Mapping[str, tuple[int, int, bool]] = field(default_factory=dict)
    is_inline: bool = False  # all of it between braces


def name_of(values: Mapping[str, Value], key: Sequence[str]) -> str:
    """What a record is known by: the values of its key, of a list the first; "all" without one."""
    if not key:
        return "all"
    found = [values.get(one) or "" for one in key]
    return BETWEEN.join(one[0] if isinstance(one, tuple) else one for one in found).strip(BETWEEN)


def records(text: str, key: Sequence[str]) -> dict[str, Record]:
    """The records by the value of `key`, in the order of the file. Raises Unwritable."""
    lines = text.splitlines(keepends=True)
    items = _items(text)
    found: dict[str, Record] = {}
    for position, item in enumerate(items):
        first = item.start_mark.line
        upto = items[position + 1].start_mark.line if position + 1 < len(items) else len(lines)
        end = _without_remarks(lines, first, upto, only_at_margin=True)
        values, spans = _fields(item, lines, end)
        name = name_of(values, key)
        if not name or name in found:
            raise Unwritable(f"第 {first + 1} 行的一项没有自己的{'、'.join(key)}")
        own = "".join(lines[first:end])
        found[name] = Record(values, first, end, own, spans, bool(item.flow_style))
    return found


def with_record(
    text: str, key: Sequence[str], name: str, values: Mapping[str, Value],
    order: Sequence[str],
) -> str:  # fmt: skip
    """The text with this record changed, or added at its end; empty values are left out.

    `order` is the order of new fields. Raises Unwritable.
    """
    return with_records(text, key, {name: values}, order)


def with_records(
    text: str,
    key: Sequence[str],
    changes: Mapping[str, Mapping[str, Value] | None],
    order: Sequence[str],
) -> str:
    """The text with many records changed, added at its end, or (None) taken out, at once.

    Raises Unwritable.
    """
    before = records(text, key)
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    wanted = {name: filled(values) for name, values in changes.items() if values is not None}
    pieces: list[str] = []
    at = 0
    for name, old in before.items():
        pieces += lines[at : old.first]
        at = old.end
        if name not in changes:
            pieces += lines[old.first : old.end]
        elif name in wanted:
            is_same = wanted[name] == filled(old.values)
            own = lines[old.first : old.end]
            pieces += own if is_same else _changed(old, lines, wanted[name], order)
    pieces += lines[at:]
    for name, values in wanted.items():
        if name not in before:
            pieces += _written(values, order)
    if not before:
        pieces = [line for line in pieces if line.strip() != "[]"]  # an empty list
    after = "".join(pieces)
    expected = [wanted.get(name, filled(old.values)) for name, old in before.items()
                if name not in changes or name in wanted]  # fmt: skip
    expected += [values for name, values in wanted.items() if name not in before]
    if not expected:
        after += "[]\n"
    # Nothing else may have changed, whatever YAML the file holds.
    if [filled(one.values) for one in records(after, key).values()] != expected:
        raise Unwritable("这一项的写法太特别")
    return after


def filled(values: Mapping[str, Value]) -> dict[str, Value]:
    """Without what is empty."""
    return {name: value for name, value in values.items() if value}


def _items(text: str) -> list[MappingNode]:
    try:
        tree = composed(text)
    except YAMLError:
        raise Unwritable("写法有错，要先改好") from None
    if tree is None:
        return []
    if isinstance(tree, SequenceNode) and not tree.value:
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
    if isinstance(node, SequenceNode) and all(map(_is_flat, node.value)):
        return tuple(_part(one) for one in node.value)
    if _is_flat(node):
        return _part(node)
    if isinstance(node, ScalarNode):
        return "" if node.tag == _NULL else str(node.value).strip()
    raise Unwritable(f"第 {node.start_mark.line + 1} 行里还套着一组")


def _is_flat(node: Node) -> bool:
    """Whether it is a group of plain values."""
    return isinstance(node, MappingNode) and all(
        isinstance(name, ScalarNode) and isinstance(value, ScalarNode) for name, value in node.value
    )


def _part(node: Node) -> Part:
    return Part.of({str(name.value): str(_value(value)) for name, value in node.value})


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
    if old.is_inline:
        names = [*(one for one in old.values if one in wanted), *_ordered(wanted, order)]
        inner = ", ".join(f"{one}: {_inline(wanted[one])}" for one in dict.fromkeys(names))
        return [f"- {{ {inner} }}\n"]
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
            remark = _remark(own, old.values[name])
            own = _field(name, wanted[name], is_block)
            own[0] = dash + own[0].lstrip(" ")
            if remark and len(own) == 1:
                own[0] = f"{own[0].rstrip()} {remark}\n"
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
    names = _ordered(wanted, order)
    lines = [line for name in names for line in _field(name, wanted[name], False)]
    return ["- " + lines[0].lstrip(" "), *lines[1:]]


def _ordered(wanted: Mapping[str, Value], order: Sequence[str]) -> list[str]:
    return sorted(wanted, key=lambda name: order.index(name) if name in order else len(order))


def _remark(own: Sequence[str], value: Value) -> str:
    """What is said behind the value of a line."""
    found = re.search(r"\s(#\s.*)$", own[0].rstrip())
    return found[1] if found and len(own) == 1 and "#" not in str(value) else ""


def _inline(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_inline, value))}]"
    if isinstance(value, Part):
        return f"{{ {', '.join(f'{k}: {_inline(v)}' for k, v in value.named.items())} }}"
    return _scalar(value, in_list=True)


def _group(part: Part, indent: str) -> list[str]:
    lines = [f"{indent}  {k}: {_scalar(v)}\n" for k, v in part.named.items()]
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def _field(name: str, value: Value, is_block: bool) -> list[str]:
    """The lines of one field, below a record that begins at the margin."""
    if isinstance(value, tuple) and any(isinstance(one, Part) for one in value):
        groups = [line for one in value if isinstance(one, Part) for line in _group(one, "    ")]
        return [f"  {name}:\n", *groups]
    if isinstance(value, Part):
        return [f"  {name}: {_inline(value)}\n"]
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
        tree = composed(f"[{text}]" if in_list else f"k: {text}")
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
