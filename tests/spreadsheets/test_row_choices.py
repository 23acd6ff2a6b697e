"""Rows that somebody names, to leave out or to take all the same."""

from pathlib import Path

import pytest

from forms_app.spreadsheets.row_choices import named_rows, rows_text
from tests.support.office_sheets import of_text, read


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ()), ("3", (3,)), ("3、5-8", (3, 5, 6, 7, 8)), ("第3行，第５到6行", (3, 5, 6)),
        ("8 3,3", (3, 8)), ("最后一行", None), ("8-5", None), ("1-9999999", None),
    ],
)  # fmt: skip
def test_rows_are_read_as_people_name_them(text: str, rows: tuple[int, ...] | None) -> None:
    assert named_rows(text) == rows


def test_rows_are_said_as_they_may_be_read() -> None:
    assert rows_text([3, 5, 6, 7, 9]) == "3、5-7、9"
    assert named_rows(rows_text((3, 5, 6, 7, 9))) == (3, 5, 6, 7, 9)


def test_what_somebody_chose_counts_for_more_than_what_a_row_says(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题,状态", "2026-11-3,灯坏了,", "2026-11-4,感谢物业修好门,",
        "2026-11-5,没水,已办结", "2026-11-6,太吵,",
    )  # fmt: skip
    usual = read(sheet)
    assert [one.row for one in usual.good] == [2, 5]
    chosen = read(sheet, rows_out=(5,), rows_in=(3, 4))
    assert [one.row for one in chosen.good] == [2, 3, 4]
    assert [(one.row, one.why) for one in chosen.aside] == [(5, "您选了不导入")]
    assert chosen.finished == 0
