"""The tables on a page: where their headings stand, what lies above, beside and between them.

Offices write titles over a table, headings in two rows, two tables side by side or one below the
other, and the headings once more on every printed page. Whatever is no row of a table is kept as
set aside, with its words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from forms_app.rules.folding import SAME_AS_ABOVE, SUMS
from forms_app.rules.said import said
from forms_app.spreadsheets.columns import (
    BETWEEN,
    KNOWN_WORDS,
    NO_VALUES,
    PARTS_OF_A_DAY,
    REQUIRED,
)
from forms_app.spreadsheets.forms import are_forms
from forms_app.spreadsheets.judging import guess, is_heading_word, known_headings
from forms_app.spreadsheets.raw import Area, Page
from forms_app.spreadsheets.sheets import TITLE, Aside, FileRefused, Row, Sheet
from forms_app.spreadsheets.xlsx import letters_of

MOST_ROWS = 20_000
MOST_COLUMNS = 256
HEADERS_WITHIN = 20
LONGEST_HEADING = 40  # letters
_MOST_HEADING_ROWS = 3
_LONGEST_UPPER_HEADING = 20
_COLUMN_NUMBER = re.compile(r"[(（]?(\d{1,2})[)）]?")
_STEM = re.compile("[甲乙丙丁]")  # hold the places before the numbers
_FEWEST_COUNTED = 3
_BROKEN_LINE = re.compile(r"\s*\n\s*")  # where a narrow column breaks its heading
# A line of its own above the headings: 填报单位：金桂社区.
_FILLED_IN = re.compile(r"[^:：]{1,12}[:：]\s*[^:：\s].*")
_BRACKETS = re.compile(r"[(（].*?[)）]")
_SUM = re.compile(SUMS)
_UNLIKELY = 0.3
_DAY = "".join(PARTS_OF_A_DAY)
_UNIT = re.compile("[年月日号]$")
_VALUE = re.compile(r"[\d\s:：/.\-年月日时分秒,%E+]+")  # a number or a time: never a heading

Cells = dict[int, str]


def tables(page: Page) -> list[Sheet]:
    """The tables of a page that have a row below their headings. Raises FileRefused."""
    numbers = sorted(page.rows)
    fill_down(page, numbers)
    sheets = []
    for block in _blocks(page, numbers):
        sheet = _sheet(page, block)
        if sheet is not None:
            sheets.append(sheet)
    if not any(map(_is_table, sheets)) and are_forms(page):
        return []
    if len(sheets) == 1:
        return sheets
    return [_named(sheet) for sheet in sheets]


def _is_table(sheet: Sheet) -> bool:
    return guess(sheet.headers).keys() >= REQUIRED


class _Block(Struct, frozen=True):
    """A rectangle that holds one table: rows by number, columns by place."""

    top: tuple[int, ...]  # rows above the headings
    heads: tuple[int, ...]  # rows of headings
    body: tuple[int, ...]
    places: tuple[int, ...]


def fill_down(page: Page, numbers: Sequence[int]) -> None:
    """Gives every row of a merged area the words that stand in its first cell."""
    for first_row, place, last_row, _ in page.merged:
        words = page.rows.get(first_row, {}).get(place)
        if words is None or last_row == first_row:
            continue
        below = numbers[bisect_right(numbers, first_row) : bisect_right(numbers, last_row)]
        page.budget.take("filled_down", len(below))
        page.budget.take("words", len(words) * len(below))
        for number in below:
            page.rows[number].setdefault(place, words)


def _blocks(page: Page, numbers: Sequence[int]) -> Iterator[_Block]:
    """The page cut where headings begin again: below each other, then side by side."""
    starts = _heading_rows(page, numbers)
    begins = [0, *(_with_title(page, numbers, heads[0]) for heads in starts[1:]), len(numbers)]
    for place, heads in enumerate(starts):
        own = numbers[begins[place] : begins[place + 1]]
        top = tuple(n for n in own if n < heads[0])
        body = tuple(n for n in own if n > heads[-1])
        for places in _side_by_side(page, heads, body):
            yield _Block(top, heads, body, places)


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
    return _heads_a_table(cells)


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
    if any(_FILLED_IN.fullmatch(_BRACKETS.sub("", t)) for t in above.values()):
        return False
    # A column that only the lower row names, and one that the upper one names for both.
    under = below.keys() - above.keys() or {
        p for _, first, _, last in _spans(page, upper) for p in range(first, last + 1) if p in below
    }
    same = {p for p in above if p not in below or below[p] == above[p]}
    return bool(under) and bool(same) and any(is_heading_word(t) for t in below.values())


def _spans(page: Page, row: int) -> Iterator[Area]:
    """The areas that are merged across, beginning in a row."""
    return (area for area in page.merged if area[0] == row and area[3] > area[1])


def _side_by_side(
    page: Page, heads: Sequence[int], body: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """The columns of each table, cut at empty ones or where the headings begin again."""
    used = sorted({p for n in (*heads, *body) for p in page.rows[n]})
    names = {p: _heading(page, heads, p) for p in used}
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


def _heading(page: Page, heads: Sequence[int], place: int) -> str:
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


def _join_days(page: Page, block: _Block) -> _Block:
    """The block with year, month and day as one column where each has its own; a year or a month
    that is not written again is that of the row above."""
    names = {p: _heading(page, block.heads, p).rpartition(BETWEEN)[2] for p in block.places}
    parts = [p for p, name in names.items() if name in PARTS_OF_A_DAY]
    written = "".join(names[p] for p in parts)
    if written not in (_DAY, _DAY[1:]) or parts[-1] - parts[0] >= len(parts):
        return block
    first, rest = parts[0], parts[1:]
    for row in block.heads:
        for place in parts:
            page.rows[row].pop(place, None)
    page.rows[block.heads[-1]][first] = _DAY
    last = dict.fromkeys(parts, "")
    for row in block.body:
        cells = page.rows[row]
        own = {p: _UNIT.sub("", cells.pop(p)) for p in parts if cells.get(p)}
        last |= own
        if parts[-1] in own:
            cells[first] = "".join(f"{last[p]}{names[p]}" for p in parts if last[p])
        elif own:
            cells[first] = "".join(f"{own[p]}{names[p]}" for p in parts if p in own)
    return replace(block, places=tuple(p for p in block.places if p not in rest))


def _sheet(page: Page, block: _Block) -> Sheet | None:
    """The table of a block; None where nothing stands below its headings."""
    block = _join_days(page, block)
    places = block.places
    heads = tuple(_heading(page, block.heads, p) for p in places)
    head_words = set(heads) | {w for n in block.heads for w in page.rows[n].values()}
    aside = [Aside(n, _line(page.rows[n]), TITLE) for n in block.top]
    rows: list[Row] = []
    for number in block.body:
        cells = page.rows[number]
        own = tuple(cells.get(p, "") for p in places)
        if not NO_VALUES.isdisjoint(own):
            own = tuple("" if cell in NO_VALUES else cell for cell in own)
        if rows and any(map(SAME_AS_ABOVE.fullmatch, own)):
            own = tuple(
                over if SAME_AS_ABOVE.fullmatch(cell) else cell
                for cell, over in zip(own, _above(rows).cells, strict=True)
            )
        filled = [cell for cell in own if cell]
        if not filled:
            continue
        if len(filled) > 1 and head_words.issuperset(filled):
            aside.append(Aside(number, _line(cells), "和列名一样，当作换页时又印了一遍"))
            continue
        if number == block.body[0] and _only_counts(filled):
            aside.append(Aside(number, _line(cells), "只是列的编号"))
            continue
        rounded = tuple(i for i, p in enumerate(places) if (number, p) in page.rounded)
        rows.append(Row(number, own, rounded))
    if not rows:
        return None
    check_size(page.name, len(rows), len(places))
    letters = tuple(map(letters_of, places))
    hidden = {
        letters_of(p)
        for first, last in page.hidden_columns
        for p in places
        if first <= p <= last
    }  # fmt: skip
    return Sheet(
        page.name, heads, tuple(rows), letters,
        hidden_rows=sum(row.number in page.hidden_rows for row in rows),
        hidden_columns=tuple(letter for letter in letters if letter in hidden),
        merged=len(page.merged), formulas=page.formulas, stopped_after=page.stopped_after,
        pictures=page.pictures, aside=tuple(aside),
    )  # fmt: skip


def _above(rows: Sequence[Row]) -> Row:
    """The last row that is no sum of those above it."""
    for row in reversed(rows):
        if not _SUM.match("".join(row.cells)):
            return row
    return rows[-1]


def _only_counts(filled: Sequence[str]) -> bool:
    """Whether a row below the headings only counts them: （1）（2）（3）, or 甲 1 2 3."""
    numbers = [int(found[1]) for cell in filled if (found := _COLUMN_NUMBER.fullmatch(cell))]
    letters = [cell for cell in filled if _STEM.fullmatch(cell)]
    is_all = len(numbers) + len(letters) == len(filled) and len(filled) >= _FEWEST_COUNTED
    return is_all and len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers))


def check_size(name: str, rows: int, columns: int) -> None:
    """Raises FileRefused for a page that nobody means to be read as one."""
    if rows > MOST_ROWS:
        raise FileRefused(
            said(
                "“%(name)s”有%(rows)s行，一次最多%(most)s行。请按月份分成几个表，一个一个导入。",
                name=name,
                rows=rows,
                most=MOST_ROWS,
            )
        )
    if columns > MOST_COLUMNS:
        raise FileRefused(
            said(
                "“%(name)s”的列太多，一次最多%(most)s列。请只留需要的列。",
                name=name,
                most=MOST_COLUMNS,
            )
        )


def _named(sheet: Sheet) -> Sheet:
    """A table that shares its page with others, called by where it stands."""
    where = f"{sheet.letters[0]}{sheet.rows[0].number}:{sheet.letters[-1]}{sheet.rows[-1].number}"
    return replace(sheet, name=f"{sheet.name} {where}")


def _short(cells: Cells) -> list[str]:
    """The cells that may be headings, of a row that is not absurdly wide."""
    return [cell for cell in cells.values() if len(cell) <= LONGEST_HEADING][:MOST_COLUMNS]


def _line(cells: Cells) -> str:
    return "　".join(_shortened(cells.values()))


def _shortened(texts: Iterable[str]) -> Iterator[str]:
    seen = set()
    for text in texts:
        if text not in seen:
            seen.add(text)
            yield text if len(text) <= LONGEST_HEADING else text[:LONGEST_HEADING] + "…"
