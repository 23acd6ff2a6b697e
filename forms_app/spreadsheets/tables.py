"""The tables on a page, row by row.

Offices print the headings once more on every page, count the columns below them and write year,
month and day apart. Whatever is no row of a table is kept as set aside, with its words.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from forms_app.rules.folding import SAME_AS_ABOVE, SUMS
from forms_app.rules.said import said
from forms_app.spreadsheets.blocks import (
    FEWEST_FIELDS,
    LONGEST_HEADING,
    MOST_COLUMNS,
    Block,
    Cells,
    blocks,
    heading,
)
from forms_app.spreadsheets.colours import legend, painted
from forms_app.spreadsheets.columns import (
    BETWEEN,
    COLOURED,
    NO_VALUES,
    NOTED,
    PARTS_OF_A_DAY,
    REQUIRED,
    TICKS,
)
from forms_app.spreadsheets.forms import are_forms
from forms_app.spreadsheets.judging import guess, is_heading_word
from forms_app.spreadsheets.raw import Page
from forms_app.spreadsheets.sheets import MOST_ROWS, TITLE, Aside, FileRefused, Row, Sheet
from forms_app.spreadsheets.xlsx import letters_of

FEW_COLOURED = 0.4  # of the rows
_COLUMN_NUMBER = re.compile(r"[(（]?(\d{1,2})[)）]?")
_STEM = re.compile("[甲乙丙丁]")  # hold the places before the numbers
_FEWEST_COUNTED = 3
_SUM = re.compile(SUMS)
_DAY = "".join(PARTS_OF_A_DAY)
_PART = re.compile(r"(?:\d{1,4}[年月日号]?)?")
_UNIT = re.compile("[年月日号]$")


def tables(page: Page) -> list[Sheet]:
    """The tables of a page that have a row below their headings. Raises FileRefused."""
    numbers = sorted(page.rows)
    fill_down(page, numbers)
    sheets = []
    for block in blocks(page, numbers):
        sheet = _sheet(page, block)
        if sheet is not None:
            sheets.append(sheet)
    if not any(map(_is_table, sheets)) and are_forms(page):
        return []
    if len(sheets) == 1:
        return sheets
    return [_named(sheet) for sheet in sheets]


def _is_table(sheet: Sheet) -> bool:
    """Whether headings name what a report needs; or much of it, as in a ledger without days, and
    few of the rows hold what heads columns elsewhere, as the rows of a form do."""
    if guess(sheet.headers).keys() >= REQUIRED:
        return True
    found = guess(sheet.headers, sheet.rows)
    labels = sum(any(map(is_heading_word, row.cells)) for row in sheet.rows)
    is_much = "description" in found and len(found) >= FEWEST_FIELDS
    return is_much and 2 * labels <= len(sheet.rows)


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


def _join_days(page: Page, block: Block) -> Block:
    """The block with year, month and day as one column where each has its own; a year or a month
    that is not written again is that of the row above."""
    names = {p: heading(page, block.heads, p).rpartition(BETWEEN)[2] for p in block.places}
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
        if any(not _PART.fullmatch(cells.get(p, "")) for p in parts):
            continue  # a sum
        own = {p: _UNIT.sub("", cells.pop(p)) for p in parts if cells.get(p)}
        last |= own
        if parts[-1] in own:
            cells[first] = "".join(f"{last[p]}{names[p]}" for p in parts if last[p])
        elif own:
            cells[first] = "".join(f"{own[p]}{names[p]}" for p in parts if p in own)
    return replace(block, places=tuple(p for p in block.places if p not in rest))


def _join_ticks(page: Page, block: Block) -> Block:
    """The block with the columns below one heading as one, where all that they hold are ticks: each
    says what the tick below it means."""
    joined: set[int] = set()
    for row, first, _, last in page.merged:
        group = [p for p in block.places if first <= p <= last]
        names = {p: page.rows[block.heads[-1]].get(p, "") for p in group}
        if row not in block.heads[:-1] or len(group) == 1 or "" in names.values():
            continue
        ticked = {n: [p for p in group if page.rows[n].get(p) in TICKS] for n in block.body}
        has_others = any(
            page.rows[n].get(p, "") not in TICKS | {""}
            for n in block.body for p in group
            if not _SUM.match("".join(page.rows[n].values()))
        )  # fmt: skip
        if has_others or not any(ticked.values()):
            continue
        for n in block.body:
            for p in group:
                page.rows[n].pop(p, None)
            page.rows[n] |= {first: "、".join(names[p] for p in ticked[n])} if ticked[n] else {}
        for p in group:
            page.rows[block.heads[-1]].pop(p)
        joined |= set(group[1:])
    return replace(block, places=tuple(p for p in block.places if p not in joined))


def _over(page: Page, block: Block, row: int) -> Cells:
    """The cells of a title row that stand over a table: of two side by side each has its own."""
    cells = page.rows[row]
    first, last = block.places[0], block.places[-1]
    is_beside = any(not first <= p <= last for n in block.heads for p in page.rows[n])
    own = {place: text for place, text in cells.items() if first <= place <= last}
    return own if is_beside and own and len(set(cells.values())) > 1 else cells


def _sheet(page: Page, block: Block) -> Sheet | None:
    """The table of a block; None where nothing stands below its headings."""
    block = _join_ticks(page, _join_days(page, block))
    places = block.places
    heads = tuple(heading(page, block.heads, p) for p in places)
    head_words = set(heads) | {w for n in block.heads for w in page.rows[n].values()}
    aside = [Aside(n, _line(_over(page, block, n)), TITLE) for n in block.top]
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
    noted = [page.beside(row.number) for row in rows]
    unread = sum(map(len, page.notes.values()))
    if any(noted):
        heads, letters = (*heads, NOTED), (*letters, "")
        rows = [replace(row, cells=(*row.cells, words))
                for row, words in zip(rows, noted, strict=True)]  # fmt: skip
        unread -= sum(len(page.notes.get(row.number, ())) for row in rows)
    fills = [page.fills.get(row.number, "") for row in rows]
    coloured = _coloured(fills)
    if coloured:
        meant = legend(_lines_around(page, block))
        heads, letters = (*heads, COLOURED), (*letters, "")
        rows = [replace(row, cells=(*row.cells, painted(colour, meant)))
                for row, colour in zip(rows, fills, strict=True)]  # fmt: skip
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
        pictures=page.pictures, comments=unread,
        coloured=coloured, aside=tuple(aside),
    )  # fmt: skip


def _lines_around(page: Page, block: Block) -> Iterator[str]:
    """The lines above a table and among its rows."""
    for number in (*block.top, *block.body):
        words = set(page.rows[number].values())
        if number in block.top or len(words) == 1:
            yield from words


def _coloured(fills: Sequence[str]) -> int:
    """How many rows have a colour of their own: of several, or one that few have. Every second
    row is only easier to read."""
    coloured = [fill for fill in fills if fill]
    tells = len(set(coloured)) > 1 or len(coloured) <= FEW_COLOURED * len(fills)
    return len(coloured) if tells else 0


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
    letters = [letter for letter in sheet.letters if letter]
    where = f"{letters[0]}{sheet.rows[0].number}:{letters[-1]}{sheet.rows[-1].number}"
    return replace(sheet, name=f"{sheet.name} {where}")


def _line(cells: Cells) -> str:
    return "　".join(_shortened(cells.values()))


def _shortened(texts: Iterable[str]) -> Iterator[str]:
    seen = set()
    for text in texts:
        if text not in seen:
            seen.add(text)
            yield text if len(text) <= LONGEST_HEADING else text[:LONGEST_HEADING] + "…"
