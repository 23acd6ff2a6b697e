"""Printed forms that were filled in, one for each matter: read as the table that they would make.

They stand one below the other on a page, or each on a page of its own. What heads a column
elsewhere stands beside its value here.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from msgspec import Struct, field

from forms_app.rules.folding import fold
from forms_app.rules.said import said
from forms_app.spreadsheets.blocks import FEWEST_FIELDS
from forms_app.spreadsheets.columns import COLUMNS, REQUIRED, fit, heading
from forms_app.spreadsheets.judging import guess, is_heading_word
from forms_app.spreadsheets.profile import is_time
from forms_app.spreadsheets.raw import LAST_COLUMN, Area, Page
from forms_app.spreadsheets.sheets import TITLE, Aside, Row, Sheet
from forms_app.spreadsheets.xlsx import letters_of

FORMS = "登记表"  # what the table of all of them is called
_LOOKED_AT = 100  # rows: some forms
_FEWEST_ROWS = 3  # with a label: a form of fewer is none
_LONGEST_LABEL = 12  # letters
_WITHIN = re.compile(r"([^:：\d]{2,12})[:：]\s*(\S.*)", re.DOTALL)  # 社区：金桂社区
_APART = re.compile("\\s{2,}|\u3000+")
_DAY = "日期"
_SECOND = "2"

Cells = dict[int, str]


class _Form(Struct):
    """One of them: its first row, and label → what was filled in."""

    row: int
    page: str
    values: dict[str, str] = field(default_factory=dict)


def read_forms(pages: Sequence[Page]) -> Sheet | None:
    """One table of all the forms on these pages; None where there are none."""
    forms: list[_Form] = []
    aside: list[Aside] = []
    for page in pages:
        for part in _side_by_side(page):
            forms += _forms(part, aside)
    if not forms:
        return None
    heads = list(dict.fromkeys(
        label for form in forms for label, value in form.values.items()
        if value or f"{label}{_SECOND}" in form.values
    ))  # fmt: skip
    names = {form.page for form in forms}
    rows = []
    for place, form in enumerate(forms, 1):
        cells = [form.values.get(head, "") for head in heads]
        # On pages of their own, forms are counted: a row's number would say nothing.
        rows.append(Row(form.row if len(names) == 1 else place,
                        (*cells, form.page) if len(names) > 1 else tuple(cells)))  # fmt: skip
    if len(names) > 1:
        heads.append("所在的表")
    if not guess(heads, rows).keys() >= REQUIRED - {"received_at"}:
        return None
    return Sheet(
        forms[0].page if len(names) == 1 else said(FORMS), tuple(heads), tuple(rows),
        tuple(map(letters_of, range(len(heads)))), aside=tuple(aside) if len(names) == 1 else (),
        forms=len(rows), pictures=max(page.pictures for page in pages),
        comments=sum(len(notes) for page in pages for notes in page.notes.values()),
    )  # fmt: skip


def are_forms(page: Page) -> bool:
    """Whether a page holds a printed form for each matter: the words that head columns elsewhere
    stand one below the other, each beside what was filled in."""
    known: set[str] = set()
    rows = 0
    ends = _across(page.merged)
    for number in sorted(page.rows)[:_LOOKED_AT]:
        cells = page.rows[number]
        labels = [p for p, text in cells.items() if _is_known(text)]
        beside = [p for p in labels if not _is_known(cells.get(1 + ends.get((number, p), p), ""))]
        known |= {heading(cells[p]) for p in beside}
        # In a row of headings each stands beside the next one.
        rows += 0 < len(beside) >= len(labels) - 1
    fields = guess(sorted(known))
    return rows >= _FEWEST_ROWS and "description" in fields and len(fields) >= FEWEST_FIELDS


def _side_by_side(page: Page) -> list[Page]:
    """The page, cut where the labels of its rows begin again."""
    rows = 0
    again: Counter[int] = Counter()
    first = min((place for cells in page.rows.values() for place in cells), default=0)
    for cells in page.rows.values():
        known = [(place, text) for place, text in sorted(cells.items()) if _is_known(text)]
        # A third form repeats the labels of the second; each begins as far before its label as
        # the one before it does, whose first label may be none that is known.
        texts: dict[str, int] = {}
        begins = first
        for place, text in known:
            if text in texts:
                begins += place - texts[text]
                again[begins] += 1
                texts.clear()
            texts[text] = place
        rows += bool(known)
    cuts = [0, *sorted(place for place, times in again.items() if 3 * times > rows)]
    if len(cuts) == 1:
        return [page]
    parts = []
    for begin, end in pairwise([*cuts, LAST_COLUMN]):
        part = Page(
            f"{page.name} {letters_of(begin)}", page.budget, pictures=page.pictures,
        )  # fmt: skip
        part.rows = {
            number: own for number, cells in page.rows.items()
            if (own := {p: text for p, text in cells.items() if begin <= p < end})
        }  # fmt: skip
        part.merged = [area for area in page.merged if begin <= area[1] < end]
        parts.append(part)
    return parts


def _forms(page: Page, aside: list[Aside]) -> Iterator[_Form]:
    """The forms of a page, each beginning where the first of them began: with its title, or with
    its first label."""
    numbers = sorted(page.rows)
    alone = Counter(text for n in numbers for text in set(page.rows[n].values())
                    if len(set(page.rows[n].values())) == 1)  # fmt: skip
    titles = {text for text, times in alone.items() if times > 1 and not _WITHIN.fullmatch(text)}
    merged = _across(page.merged)
    inside = {(row, place) for first, place, last, _ in page.merged
              for row in range(first + 1, last + 1)}  # fmt: skip
    form: _Form | None = None
    first = ""
    for number in numbers:
        cells = {p: text for p, text in sorted(page.rows[number].items())
                 if (number, p) not in inside}  # fmt: skip
        if len(set(cells.values())) == 1 and not _WITHIN.fullmatch(next(iter(cells.values()))):
            (words,) = set(cells.values())
            if not _is_known(words):
                aside.append(Aside(number, words[:40], TITLE))
                if form and words in titles:
                    yield form
                    form = None
                continue
        for label, value in _pairs(cells, {p: merged.get((number, p), p) for p in cells}):
            first = first or label
            if form and not titles and label == first and form.values:
                yield form
                form = None
            form = form or _Form(number, page.name)
            _keep(form.values, label, value)
    if form:
        yield form


def _keep(values: dict[str, str], label: str, value: str) -> None:
    """Keeps what was filled in; of two with one label the first is the reporter's, empty or not."""
    if label and label not in values:
        values[label] = value
    elif value and values.get(label) != value:
        values[f"{label}{_SECOND}"] = value


def _pairs(cells: Cells, ends: Mapping[int, int]) -> Iterator[tuple[str, str]]:
    """Each label of a row with its value; a day alone is the day of the form."""
    pending, until = "", -1
    for place, text in cells.items():
        behind = cells.get(ends[place] + 1, "")
        if pending and place == until + 1 and _is_value(text, pending, behind):
            yield pending, text
            pending = ""
            continue
        if pending:
            yield pending, ""
            pending = ""
        parts = _APART.split(text)
        within = [found for part in parts if (found := _WITHIN.fullmatch(part))]
        if within:
            yield from ((heading(found[1]), found[2]) for found in within)
        elif is_time(text):
            yield _DAY, text
        elif len(text) <= _LONGEST_LABEL:
            pending, until = heading(text), ends[place]
    if pending:
        yield pending, ""


def _is_value(text: str, label: str, behind: str) -> bool:
    """Whether what stands beside a label was filled in, though it may be a label elsewhere: 电话
    is how something came, and 姓名 within 反映人情况 has its own value behind it."""
    return not _is_known(text) or _is_known(behind) or fit(label, COLUMNS["channel"]) > 0


def _is_known(text: str) -> bool:
    words = fold(text)
    return len(words) <= _LONGEST_LABEL and is_heading_word(words)


def _across(merged: Sequence[Area]) -> dict[tuple[int, int], int]:
    """Where each area that is merged across ends: (row, first place) → last place."""
    return {(row, first): last for row, first, _, last in merged if last > first}
