"""The rows of an office's own sheet below its headings, as the records that they are.

Between and below them stand lines that are none: sums, who filled it in, the headings once more on
a printed page, and a community over the rows that belong to it.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from forms_app.community import Circle
from forms_app.community.values import Unreadable
from forms_app.content.inputs import Choice, Degrees, folded
from forms_app.content.kind import Field, Kind
from forms_app.content.shape import Cells
from forms_app.content.sheet import KEY_LABEL
from forms_app.rules.folding import BELOW_A_TABLE, SAME_AS_ABOVE, SUMS

Lines = Sequence[tuple[int, Sequence[str]]]  # a page: row numbers and their cells

_SUM = re.compile(SUMS)
_PAIR = re.compile(r"\d(?:\s++|\s*+[,，、;；/]\s*+)\d")
_GAP = re.compile(r"\s{40,}")
_NUMBERING = re.compile(r"^[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]\s*")
_BEHIND = re.compile(r"[(（][^()（）]*[)）]$|[:：]$")


def without_gaps(lines: Lines) -> Lines:
    """The same cells, where thousands of blanks within one are one: nobody means them, and what
    reads times and days looks behind each.
    """
    return [(number, [_GAP.sub(_one_blank, cell) for cell in cells]) for number, cells in lines]


def _one_blank(gap: re.Match[str]) -> str:
    return "\n" if "\n" in gap[0] else " "


def rows_below(
    kind: Kind, lines: Lines, places: Mapping[int, str], circle: Circle, today: date
) -> list[tuple[int, Cells]]:
    """Row numbers and cells by label; what a line between the rows names stands in those below."""
    referring = [one for one in kind.fields if isinstance(one.input, Choice) and one.refers]
    degrees = [one.label for one in kind.fields if isinstance(one.input, Degrees)]
    over: dict[str, str] = {}
    above: dict[str, str] = {}
    rows: list[tuple[int, Cells]] = []
    for number, cells, own in _filled(kind, lines, places):
        named = _named(referring, cells, circle, today)
        if named:
            over = named
            continue
        above = {label: _as_above(cell, above.get(label, "")) for label, cell in own.items()}
        above |= _both_degrees(degrees, above)
        filled = {label: cell for label, cell in above.items() if cell.strip()}
        rows.append((number, above | {k: v for k, v in over.items() if k not in filled}))
    return rows


def only_counts(rows: Sequence[tuple[int, Cells]], known: Collection[str]) -> bool:
    """Whether what is called a key counts the rows, and is nobody's key: 1, 2, 3."""
    keys = [cells.get(KEY_LABEL, "").strip() for _, cells in rows]
    keys = [key for key in keys if key]
    return (
        bool(keys) and keys == [str(n) for n in range(1, len(keys) + 1)] and not {*keys} & {*known}
    )


def _filled(
    kind: Kind, lines: Lines, places: Mapping[int, str]
) -> Iterator[tuple[int, Sequence[str], dict[str, str]]]:
    """The lines that may be records, as they stand there and by label."""
    needed = {one.label for one in kind.fields if one.is_needed} & {*places.values()}
    for number, cells in lines:
        own = {label: cells[p] if p < len(cells) else "" for p, label in places.items()}
        if not any(cell.strip() for cell in own.values()):
            continue
        if all(folded(cell) in ("", folded(label)) for label, cell in own.items()):
            continue
        begins = folded(next(cell for cell in cells if cell.strip()))
        is_whole = all(own[label].strip() for label in needed)
        if BELOW_A_TABLE.match(begins) and (_SUM.match(begins) or not is_whole):
            continue
        yield number, cells, own


def _both_degrees(degrees: Sequence[str], own: Cells) -> dict[str, str]:
    """A pair in one column, 经纬度, is in both: each takes its own of the two."""
    held = [label for label in degrees if label in own]
    if len(held) != 1 or not _PAIR.search(own[held[0]]):
        return {}
    return dict.fromkeys(degrees, own[held[0]])


def _as_above(cell: str, above: str) -> str:
    return above if SAME_AS_ABOVE.fullmatch(cell.strip()) else cell


def _named(
    referring: Sequence[Field], cells: Sequence[str], circle: Circle, today: date
) -> dict[str, str]:
    """What a line with one cell names that its rows refer to: 一、金桂社区（4个）."""
    texts = {cell.strip() for cell in cells if cell.strip()}
    if len(texts) > 1:
        return {}
    text = _NUMBERING.sub("", _BEHIND.sub("", texts.pop()))
    for one in referring:
        try:
            one.input.read(text, circle, today)
        except Unreadable:
            continue
        return {one.label: text}
    return {}
