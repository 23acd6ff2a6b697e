"""One value of a YAML file that is a mapping, as circle.yml is, replaced.

What is not changed keeps its very letters. Whatever the file looks like, what comes out is read
again and must say what was wanted, and nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from yaml import MappingNode, Node, ScalarNode, SequenceNode, YAMLError

from forms_app.community.sources import composed
from forms_app.content.listing import Unwritable, with_record


class _Edit(Struct, frozen=True):
    start: int
    end: int
    words: str


def value_at(text: str, *path: str) -> str:
    """The plain value at this place, as it is written; "" where there is none.

    Raises Unwritable.
    """
    found: Any = _plain(_root(text))
    for name in path:
        found = found.get(name, "") if isinstance(found, dict) else ""
    return found if isinstance(found, str) else ""


def with_value(text: str, path: Sequence[str], value: str) -> str:
    """The text with this value changed, or put in, below a group that is there already.

    An empty value takes it out. Raises Unwritable.
    """
    root = _root(text)
    wanted = _plain(root)
    inner: Any = wanted
    holder: Node = root
    for name in path[:-1]:
        holder = _child(holder, name) or holder
        inner = inner.get(name)
    if not isinstance(holder, MappingNode) or holder.flow_style or not isinstance(inner, dict):
        raise Unwritable(f"里面没有{path[-2]}")
    if inner.get(path[-1], "") == value:
        return text
    edit = _set(text, holder, path[-1], value)
    if value:
        inner[path[-1]] = value
    else:
        inner.pop(path[-1], None)
    return _proved(text, edit, wanted)


def _root(text: str) -> MappingNode:
    try:
        tree = composed(text)
    except YAMLError:
        raise Unwritable("写法有错，要先改好") from None
    if not isinstance(tree, MappingNode) or tree.flow_style:
        raise Unwritable("整个文件不是一组「名称: 值」")
    return tree


def _child(node: Node, name: str) -> Node | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == name:
                return value if isinstance(value, Node) else None
    return None


def _plain(node: Node) -> Any:
    if isinstance(node, MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(one) for one in node.value]
    is_null = isinstance(node, ScalarNode) and node.tag == "tag:yaml.org,2002:null"
    return "" if is_null else str(node.value)


def _set(text: str, holder: MappingNode, name: str, value: str) -> _Edit:
    for key, node in holder.value:
        if key.value != name:
            continue
        if not isinstance(node, ScalarNode) or node.style in ("|", ">"):
            raise Unwritable(f"{name}不是一行字")
        if not value:
            start = _line_start(text, key.start_mark.index)
            return _Edit(start, _after(text, node.end_mark.index), "")
        if node.start_mark.index == node.end_mark.index:  # nothing stood there
            at = text.index(":", key.end_mark.index) + 1
            return _Edit(at, at, f" {_scalar(value)}")
        return _Edit(node.start_mark.index, node.end_mark.index, _scalar(value))
    first = holder.value[0][0]
    at = _after(text, _end(holder.value[-1][1]))
    newline = "" if text[:at].endswith("\n") else "\n"
    return _Edit(at, at, f"{newline}{' ' * first.start_mark.column}{name}: {_scalar(value)}\n")


def _scalar(text: str) -> str:
    """The value as YAML writes it: as one record of a list would have it."""
    written = with_record("", ("id",), "a", {"id": "a", "value": text}, ("id", "value"))
    return written.splitlines()[1].partition(": ")[2]


def _end(node: Node) -> int:
    """Where the last letter of it stands; the end of a block is where the next thing begins."""
    if isinstance(node, MappingNode) and not node.flow_style and node.value:
        return _end(node.value[-1][1])
    if isinstance(node, SequenceNode) and not node.flow_style and node.value:
        return _end(node.value[-1])
    return int(node.end_mark.index)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _after(text: str, at: int) -> int:
    """Where the next line begins; the remark behind a value is part of its line."""
    if at and text[at - 1] == "\n":
        return at
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1


def _proved(text: str, edit: _Edit, wanted: Mapping[str, Any]) -> str:
    after = text[: edit.start] + edit.words + text[edit.end :]
    if _plain(_root(after)) != wanted:
        raise Unwritable("这一处的写法太特别")
    return after
