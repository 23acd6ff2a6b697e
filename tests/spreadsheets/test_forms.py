"""Printed forms that were filled in, below each other or each on a page of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from forms_app.community import load
from forms_app.spreadsheets import reader
from forms_app.spreadsheets.choices import Choices, Reading
from forms_app.spreadsheets.column_use import beside_rows
from forms_app.spreadsheets.judging import guess
from forms_app.spreadsheets.rows import read_rows
from forms_app.spreadsheets.sheets import FileRefused, Sheet
from tests.support.actors import NOW
from tests.support.running import ROOT
from tests.support.spreadsheets import csv_text, file_of, xlsx

CIRCLE = load(ROOT / "data" / "community")
FORM = (
    ("群众来访来电登记表",),
    ("编号", "A-1", "登记时间", "2025年11月3日", "方式", "来访"),
    ("姓名", "王秀英", "性别", "女", "年龄", "68"),
    ("联系电话", "13800138000", "住址", "桂园小区3栋"),
    ("反映事项", "下水道堵了，厕所的水反上来"),
    ("处理结果", "疏通队当天疏通完毕"),
    ("经办人", "李娟", "联系电话", "0797-0000-101"),
)
Rows = Sequence[Sequence[Any]]


def changed(**cells: str) -> list[list[str]]:
    """The form with other values beside some labels."""
    rows = [list(row) for row in FORM]
    for row in rows:
        for place, cell in enumerate(row[:-1]):
            row[place + 1] = cells.pop(cell, row[place + 1]) if place % 2 == 0 else row[place + 1]
    assert not cells
    return rows


def read(sheet: Sheet) -> Reading:
    chosen = Choices(guess(sheet.headers, sheet.rows), "jingui", "phone", takes_contacts=True)
    return read_rows(CIRCLE, sheet, chosen, {"jingui": "金桂社区"}, NOW)


def of_rows(folder: Path, rows: Rows) -> list[Sheet]:
    return reader.sheets(file_of(csv_text(rows).encode(), folder))


OPEN = {"编号": "A-2", "姓名": "李建国", "性别": "男", "处理结果": "已报市政，待更换",
        "反映事项": "井盖响个不停"}  # fmt: skip


def told(reading: Reading) -> list[tuple[str, str, str, str]]:
    return [
        (one.report.description, one.report.reporter_name, one.report.reporter_phone,
         one.report.channel)
        for one in reading.good
    ]  # fmt: skip


def test_forms_below_each_other_are_the_rows_of_a_table(tmp_path: Path) -> None:
    (sheet,) = of_rows(tmp_path, [*FORM, [""], *changed(**OPEN)])
    reading = read(sheet)
    assert told(reading) == [("井盖响个不停", "李建国", "13800138000", "counter")]
    assert reading.good[0].report.estate_id == "guiyuan"
    assert f"{reading.good[0].received_at:%Y-%m-%d}" == "2025-11-03"
    assert "经办人：李娟" in reading.good[0].note
    assert [(one.row, one.sentence) for one in reading.finished_rows] == [
        (2, "写着“疏通队当天疏通完毕”")
    ]
    assert ("这是一件一张的登记表，每张当作一行，共2行，请核对。", True) in beside_rows(sheet)


def test_a_form_without_a_telephone_does_not_take_that_of_whoever_wrote_it(
    tmp_path: Path,
) -> None:
    first = changed(**OPEN)
    first[3] = ["联系电话", "", "住址", "桂园小区3栋"]
    (sheet,) = of_rows(tmp_path, [*first, [""], *first])
    assert {phone for _, _, phone, _ in told(read(sheet))} == {""}


def test_forms_without_a_title_begin_with_their_first_label(tmp_path: Path) -> None:
    (sheet,) = of_rows(tmp_path, [*FORM[1:], *changed(**OPEN)[1:]])
    assert len(sheet.rows) == 2


def test_a_form_on_each_page_is_a_row_that_names_its_page(tmp_path: Path) -> None:
    pages = {"第二张": changed(**OPEN), "目录": [["序号", "编号"], [1, "A-1"], [2, "A-2"]]}
    index, sheet = reader.sheets(file_of(xlsx(FORM, "第一张", **pages), tmp_path))
    assert index.name == "目录"
    assert [row.cells[-1] for row in sheet.rows] == ["第一张", "第二张"]
    assert told(read(sheet)) == [("井盖响个不停", "李建国", "13800138000", "counter")]


def test_a_day_alone_and_labels_with_their_value_in_one_cell_are_read(tmp_path: Path) -> None:
    form = [["民情事项交办单"], ["社区：金桂社区", "", "2025年11月3日"], ["反映人", "王秀英"],
            ["地址", "桂园小区3栋"], ["诉求内容", "灯坏了好几天"], ["办理情况", ""]]  # fmt: skip
    (sheet,) = of_rows(tmp_path, form)
    (one,) = read(sheet).good
    assert (one.report.description, one.report.community_id) == ("灯坏了好几天", "jingui")
    assert f"{one.received_at:%Y-%m-%d}" == "2025-11-03"


@pytest.mark.parametrize("way", ["电话", "来电"])
def test_a_word_that_heads_columns_may_be_filled_in(tmp_path: Path, way: str) -> None:
    form = changed(**OPEN)
    form[1] = ["编号", "A-2", "登记时间", "2025年11月3日", "方式", way]
    form[3] = ["联系方式", "13800138000", "方式", way, "住址", "桂园小区3栋"]
    (sheet,) = of_rows(tmp_path, form)
    (one,) = read(sheet).good
    assert (one.report.channel, one.report.reporter_phone) == ("phone", "13800138000")


def test_the_label_of_a_group_has_no_value(tmp_path: Path) -> None:
    form = [
        ["登记表"], ["反映人情况", "姓名", "王秀英", "电话", "13800138000"],
        ["登记时间", "2025年11月3日"], ["住址", "桂园小区3栋"], ["反映事项", "灯坏了"],
    ]  # fmt: skip
    (sheet,) = of_rows(tmp_path, form)
    assert told(read(sheet)) == [("灯坏了", "王秀英", "13800138000", "phone")]


def test_forms_side_by_side_are_two(tmp_path: Path) -> None:
    right = changed(**OPEN)
    rows = [
        [*left, *[""] * (7 - len(left)), *other] for left, other in zip(FORM, right, strict=True)
    ]
    (sheet,) = of_rows(tmp_path, rows)
    reading = read(sheet)
    assert told(reading) == [("井盖响个不停", "李建国", "13800138000", "counter")]
    assert len(reading.finished_rows) == 1
    assert [row.cells[-1] for row in sheet.rows] == ["表格 A", "表格 H"]


def test_forms_side_by_side_are_two_though_few_of_their_first_labels_are_known(
    tmp_path: Path,
) -> None:
    def slip(number: str, day: str, who: str, words: str) -> list[list[str]]:
        return [
            ["问题交办单", "", "", ""], ["编号", number, "交办时间", day],
            ["反映人及电话", who, "地点", "桂园小区8栋"], ["问题内容", words, "", ""],
            ["承办人", "王芳", "办结日期", ""],
        ]  # fmt: skip

    left = slip("26-45", "2026年10月9日", "苏先生13812340001", "自来水有味")
    right = slip("26-46", "2026年10月10日", "卓女士13812340002", "充电柜太响")
    (sheet,) = of_rows(tmp_path, [[*a, "", *b] for a, b in zip(left, right, strict=True)])
    good = read(sheet).good
    assert [(one.report.description, f"{one.received_at:%m-%d}") for one in good] == [
        ("自来水有味", "10-09"), ("充电柜太响", "10-10"),
    ]  # fmt: skip


def test_forms_that_nobody_filled_in_are_refused(tmp_path: Path) -> None:
    empty = [[cell if place % 2 == 0 else "" for place, cell in enumerate(row)] for row in FORM]
    with pytest.raises(FileRefused, match="没有找到数据"):
        of_rows(tmp_path, [*empty, *empty])
