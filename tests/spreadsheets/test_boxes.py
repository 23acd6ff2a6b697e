"""What was ticked of the choices that are printed in a cell."""

from pathlib import Path

import pytest

from forms_app.spreadsheets.boxes import ticked
from forms_app.spreadsheets.verdicts import is_pleased
from tests.support.office_sheets import of_text, read


@pytest.mark.parametrize(
    ("cell", "choices"),
    [
        ("☑满意 □基本满意 □不满意", "满意"), ("□满意　□基本满意　√不满意", "不满意"),
        ("□满意 □不满意", ""), ("□是■否", "否"), ("满意", "满意"), ("√", "√"),
    ],
)  # fmt: skip
def test_only_what_has_a_tick_counts(cell: str, choices: str) -> None:
    assert ticked(cell) == choices


@pytest.mark.parametrize(
    ("cell", "head", "pleased"),
    [
        ("☑满意 □不满意", "群众评价", True), ("□满意 ☑不满意", "群众评价", False),
        ("□满意 □不满意", "群众评价", None), ("是", "群众是否满意", True),
        ("否", "群众是否满意", False),
    ],
)  # fmt: skip
def test_a_verdict_is_what_was_ticked(cell: str, head: str, pleased: bool | None) -> None:
    assert is_pleased(cell, head) is pleased


def test_a_state_is_what_was_ticked(tmp_path: Path) -> None:
    reading = read(of_text(
        tmp_path, "日期,内容,办理情况", "2026-11-3,灯坏了,☑已办结 □办理中",
        "2026-11-4,门坏了,□已办结 ☑办理中",
    ))  # fmt: skip
    assert [one.row for one in reading.finished_rows] == [2]
    assert reading.good[0].note == "来源办理状态：□已办结 ☑办理中"
