"""Where the tables of a page lie, and what their columns are called.

Offices write titles over a table, headings in two rows, two tables side by side or one below the
other.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct

from forms_app.rules.folding import without_brackets
from forms_app.spreadsheets.columns import BETWEEN, KNOWN_WORDS, REQUIRED
from forms_app.spreadsheets.judging import guess, is_heading_word, known_headings
from forms_app.spreadsheets.raw import Area, Page

MOST_COLUMNS = 256
HEADERS_WITHIN = 20
LONGEST_HEADING = 40  # letters
_MOST_HEADING_ROWS = 3
_LONGEST_UPPER_HEADING = 20
_BROKEN_LINE = re.compile(r"\s*\n\s*")  # where a narrow column breaks its heading
# A line of its own above the headings: 填报单位：金桂社区.
_FILLED_IN = re.compile(r"[^:：]{1,12}[:：]\s*[^:：\s].*")
_UNLIKELY = 0.3
FEWEST_FIELDS = 3  # of ours: what names fewer is no table without days, and no form
_VALUE = re.compile(
    r"(?![年月日]$)[\d\s:：/.\-年月日时分秒,%E+]+"
)  # a number or a time: never a heading

Cells = dict[int, str]


class Block(Struct, frozen=True):
    """A rectangle that holds one table: rows by number, columns by place."""

    top: tuple[int, ...]  # rows above the headings
    heads: tuple[int, ...]  # rows of headings
    body: tuple[int, ...]
    places: tuple[int, ...]


def blocks(page: Page, numbers: Sequence[int]) -> Iterator[Block]:
    """The page cut where headings begin again: below each other, then side by side."""
    starts = _heading_rows(page, numbers)
    begins = [0, *(_with_title(page, numbers, heads[0]) for heads in starts[1:]), len(numbers)]
    for place, heads in enumerate(starts):
        own = numbers[begins[place] : begins[place + 1]]
        top = tuple(n for n in own if n < heads[0])
        body = tuple(n for n in own if n > heads[-1])
        for places in _side_by_side(page, heads, body):
            yield Block(top, heads, body, places)


def _with_title(page: Page, numbers: Sequence[int], heads: int) -> int:
    """Where a table below another one begins: lines of one cell right above its headings are its
    titles."""
    first = bisect_left(numbers, heads)
    while first and len(set(page.rows[numbers[first - 1]].values())) == 1:
        first -= 1
    return first


def _heading_rows(page: Page, numbers: Sequence[int]) -> list[tuple[int, ...]]:
    """The headings of every table below each other, one to three rows each."""
    near = numbers[:HEADERS_WITHIN]
    if not near:
        return []
    known = [
        known_headings(_short(page.rows[n])) * _named_share(page, numbers, at) * _no_values(page, n)
        for at, n in enumerate(near)
    ]
    several = [len(set(page.rows[n].values())) > 1 for n in near]
    # Under title rows, which may have a known word in them, too (楼栋长日志); where no word is
    # known, the first row that has more than one cell.
    likely = list(zip(known, several, strict=True))
    place = likely.index(max(likely))
    # Of two tables, the lower one may have more headings that are known.
    place = next((at for at, n in enumerate(near[:place]) if _heads_a_table(page.rows[n])), place)
    first = _grown(page, numbers, place)
    found = [first]
    words = {cell for n in first for cell in page.rows[n].values()}
    for index in range(bisect_right(numbers, first[-1]), len(numbers)):
        cells = page.rows[numbers[index]]
        if _begins_a_table(cells, words):
            found.append((numbers[index],))
            words = set(cells.values())
    return found


def _no_values(page: Page, row: int) -> float:
    """Less for a row with a number or a time in it, which hardly is one of headings."""
    return _UNLIKELY if any(map(_VALUE.fullmatch, page.rows[row].values())) else 1


def _named_share(page: Page, numbers: Sequence[int], at: int) -> float:
    """How many of the cells below a row stand in columns that it names: a line such as 接龙标题 and
    a title beside it names few of them."""
    head = numbers[at]
    names = set(page.rows[head])
    names |= {p for _, first, _, last in _spans(page, head) for p in range(first, last + 1)}
    below = [p for n in numbers[at + 1 : at + 1 + HEADERS_WITHIN] for p in page.rows[n]]
    return sum(p in names for p in below) / len(below) if below else 1


def _begins_a_table(cells: Cells, words: set[str]) -> bool:
    """Whether a row below a table is the headings of another one."""
    texts = list(cells.values())
    # Nearly every row ends here.
    if sum(text in KNOWN_WORDS for text in texts) < len(REQUIRED) or words.issuperset(texts):
        return False
    return _heads_a_table(cells) or _names_much(texts)


def _names_much(texts: Sequence[str]) -> bool:
    """Whether cells are the headings of a table without days: most of them are known ones."""
    found = guess(texts)
    is_known = 2 * sum(map(is_heading_word, texts)) > len(texts)
    return "description" in found and len(found) >= FEWEST_FIELDS and is_known


def _heads_a_table(cells: Cells) -> bool:
    """Whether cells are headings of all that a report needs, and no values."""
    texts = list(cells.values())
    return not any(map(_VALUE.fullmatch, texts)) and guess(texts).keys() >= REQUIRED


def _grown(page: Page, numbers: Sequence[int], place: int) -> tuple[int, ...]:
    """The heading row with those above and below it that name the same columns."""
    first = last = place
    while first > 0 and last - first < _MOST_HEADING_ROWS - 1:
        if not _names_more(page, numbers[first - 1], numbers[first]):
            break
        first -= 1
    while last + 1 < len(numbers) and last - first < _MOST_HEADING_ROWS - 1:
        if not _names_more(page, numbers[last], numbers[last + 1]):
            break
        last += 1
    return tuple(numbers[first : last + 1])


def _names_more(page: Page, upper: int, lower: int) -> bool:
    """Whether two rows below each other are one heading: groups above, their columns below."""
    above, below = page.rows[upper], page.rows[lower]
    if lower != upper + 1 or len(set(above.values())) < 2:
        return False
    texts = [*above.values(), *below.values()]
    if any(len(t) > _LONGEST_UPPER_HEADING or _VALUE.fullmatch(t) for t in texts):
        return False
    if any(_FILLED_IN.fullmatch(without_brackets(t)) for t in above.values()):
        return False
    # A column that only the lower row names, and one that the upper one names for both.
    under = below.keys() - above.keys() or {
        p for _, first, _, last in _spans(page, upper) for p in range(first, last + 1) if p in below
    }
    same = {p for p in above if p not in below or below[p] == above[p]}
    spanned = {p for _, first, _, last in _spans(page, upper) for p in range(first, last + 1)}
    are_heads = below.keys() <= spanned or any(is_heading_word(t) for t in below.values())
    return bool(under) and bool(same) and are_heads


def _spans(page: Page, row: int) -> Iterator[Area]:
    """The areas that are merged across, beginning in a row."""
    return (area for area in page.merged if area[0] == row and area[3] > area[1])


def _side_by_side(
    page: Page, heads: Sequence[int], body: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """The columns of each table, cut at empty ones or where the headings begin again."""
    used = sorted({p for n in (*heads, *body) for p in page.rows[n]})
    names = {p: heading(page, heads, p) for p in used}
    cuts = [0]
    seen: set[str] = set()
    for at, place in enumerate(used):
        name = names[place]
        is_gap = at > 0 and place > used[at - 1] + 1
        if at > cuts[-1] and (is_gap or (name and name in seen)):
            before = [names[p] for p in used[cuts[-1] : at]]
            behind = [names[p] for p in used[at:]]
            if guess(before).keys() >= REQUIRED and guess(behind).keys() >= REQUIRED:
                cuts.append(at)
                seen = set()
        seen.add(name)
    for first, last in zip(cuts, [*cuts[1:], len(used)], strict=True):
        yield tuple(used[first:last])


def heading(page: Page, heads: Sequence[int], place: int) -> str:
    """What the rows of headings call a column, from the group down."""
    parts: list[str] = []
    for row in heads:
        words = _BROKEN_LINE.sub("", page.rows[row].get(place, ""))
        if not words and row != heads[-1]:
            words = next(
                (page.rows[row].get(first, "") for _, first, _, last in _spans(page, row)
                 if first < place <= last),
                _left_of(page, heads, row, place),
            )  # fmt: skip
        if words and words not in parts:
            parts.append(words)
    return BETWEEN.join(parts)


def _left_of(page: Page, heads: Sequence[int], row: int, place: int) -> str:
    """The group that a cell without words belongs to where nothing is merged: plain text."""
    if page.merged or place not in page.rows[heads[-1]]:
        return ""
    left = [p for p in page.rows[row] if p < place]
    group = max(left, default=None)
    return page.rows[row][group] if group is not None and group in page.rows[heads[-1]] else ""


def _short(cells: Cells) -> list[str]:
    """The cells that may be headings, of a row that is not absurdly wide."""
    return [cell for cell in cells.values() if len(cell) <= LONGEST_HEADING][:MOST_COLUMNS]
