"""A sheet from elsewhere with cells of tens of thousands of letters keeps nobody waiting.

What is judged is judged in the server itself, and while a pattern is at a text no other thread goes
on: a cell that is looked at anew from each of its letters would stop the whole office.
"""

import time

import pytest

from forms_app.rules.folding import without_brackets
from forms_app.spreadsheets.sheets import Row, Sheet
from tests.support.office_sheets import headings, read
from tests.support.spreadsheets import HEADS, order

pytestmark = pytest.mark.slow

LETTERS = 20_000
MOST_SECONDS = 1.0  # of the processor, for all of them; it takes a tenth of that
COLUMNS = (*HEADS, "办理情况")
SIGNS = (
    " ", "（", "(1", "[", "-", "/", "，", "1", "1、", "2026年 ", "星期日 ", "上午 ", "上", "已",
    "没意见,", "3栋", "a@", "13800000000 ", "王先生1", "桂园小区",
)  # fmt: skip


@pytest.mark.parametrize("place", range(len(COLUMNS)), ids=COLUMNS)
def test_long_cells_are_judged_and_read_at_once(place: int) -> None:
    rows = []
    for number, sign in enumerate(SIGNS):
        cells = [*map(str, order(number + 1)), "已经联系"]
        cells[place] += sign * (LETTERS // len(sign)) + "终"
        rows.append(Row(number + 2, tuple(cells)))
    sheet = Sheet("工单", COLUMNS, tuple(rows))
    before = time.process_time()
    headings(sheet)
    read(sheet)
    assert time.process_time() - before < MOST_SECONDS


@pytest.mark.parametrize(
    ("text", "left", "left_of_any"),
    [
        ("桂园（3栋）东", "桂园东", "桂园东"),
        ("(a(b)c)", "c)", "c)"),
        ("【甲】乙", "【甲】乙", "乙"),
        ("没完（三", "没完（三", "没完（三"),
        ("（一\n（二）", "（一\n", "（一\n"),
    ],
)
def test_what_stands_in_brackets_goes_and_one_that_nothing_closes_stays(
    text: str, left: str, left_of_any: str
) -> None:
    assert without_brackets(text) == left
    assert without_brackets(text, round_ones=False) == left_of_any
