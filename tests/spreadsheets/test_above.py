"""What a sheet says once for many rows: places, years and days above them."""

from pathlib import Path
from typing import Any

import pytest

from forms_app.spreadsheets import reader
from forms_app.spreadsheets.choices import Choices, Reading
from forms_app.spreadsheets.judging import guess
from forms_app.spreadsheets.rows import read_rows
from forms_app.spreadsheets.sheets import Sheet
from tests.support.actors import NOW
from tests.support.office_sheets import BOTH, CIRCLE
from tests.support.spreadsheets import file_of, xlsx


def sheets(folder: Path, *lines: str) -> list[Sheet]:
    return reader.sheets(file_of("\n".join(lines).encode(), folder))


def read(sheet: Sheet, **more: Any) -> Reading:
    columns = guess(sheet.headers, sheet.rows)
    choices = Choices(columns, **{"usual_channel": "phone", **more})
    return read_rows(CIRCLE, sheet, choices, BOTH, NOW)


def days(reading: Reading) -> list[str]:
    return [one.received_at.strftime("%Y-%m-%d") for one in reading.good]


def places(reading: Reading) -> list[tuple[str, str]]:
    return [(one.report.community_id, one.report.estate_id) for one in reading.good]


def test_communities_and_estates_between_the_rows_are_those_of_the_rows_below(
    tmp_path: Path,
) -> None:
    (sheet,) = sheets(
        tmp_path, "日期,问题描述,位置", "一、金桂社区（2件）,,", "2025-11-03,灯坏了,3栋",
        "桂园小区：,,", "2025-11-03,井盖响,5栋", "二、银杏社区,,", "2025-11-04,门坏了,1栋",
        "（一）环境类,,", "2025-11-04,树枝挡光,2栋",
    )  # fmt: skip
    reading = read(sheet)
    assert places(reading) == [
        ("jingui", ""), ("jingui", "guiyuan"), ("yinxing", ""), ("yinxing", ""),
    ]  # fmt: skip
    assert "没有写，按上面的“桂园小区：”算桂园小区。" in [one.sentence for one in reading.remarks]
    assert "小标题：（一）环境类" in reading.good[3].note


def test_rows_under_a_community_that_is_not_ours_are_not_the_one_before(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "日期,问题描述", "金桂社区,", "2025-11-03,灯坏了", "翠屏社区,",
        "2025-11-03,井盖响",
    )  # fmt: skip
    reading = read(sheet)
    assert places(reading) == [("jingui", "")]
    assert [fault.row for fault in reading.faults] == [5]


def test_a_title_or_the_name_of_a_page_says_whose_the_rows_are(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "老机械厂宿舍报修台账,", "日期,问题描述", "2025-11-03,灯坏了",
    )  # fmt: skip
    assert places(read(sheet)) == [("jingui", "machinery")]
    rows = [["日期", "问题描述"], ["2025-11-03", "灯坏了"]]
    (sheet,) = reader.sheets(file_of(xlsx(rows, "银杏社区"), tmp_path))
    assert places(read(sheet)) == [("yinxing", "")]
    assert read(sheet, usual_community="yinxing").remarks == []


@pytest.mark.parametrize("title", ["桂园小区等3个小区", "桂园小区、翠竹苑", "桂园小区周边"])
def test_a_title_of_several_places_says_nothing_of_one_row(tmp_path: Path, title: str) -> None:
    (sheet,) = sheets(tmp_path, f"{title}问题清单,", "日期,问题描述", "2025-11-03,灯坏了")
    assert places(read(sheet, usual_community="jingui")) == [("jingui", "")]


def test_when_a_sheet_was_made_is_not_the_year_of_its_rows(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "2024年来访登记　导出时间：2026年1月5日,", "日期,问题描述", "12月3日,灯坏了",
    )  # fmt: skip
    assert days(read(sheet, usual_community="jingui")) == ["2024-12-03"]


def test_what_a_row_says_counts_for_more_than_what_stands_above_it(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "桂园小区报修台账,,", "日期,问题描述,小区", "2025-11-03,灯坏了,翠湖新村",
        "2025-11-03,井盖响,别处",
    )  # fmt: skip
    reading = read(sheet, usual_community="jingui")
    assert places(reading) == [("yinxing", "cuihu"), ("jingui", "")]


def test_a_title_between_two_tables_is_the_lower_ones(tmp_path: Path) -> None:
    _, lower = sheets(
        tmp_path, "桂园小区,,", "日期,问题描述,小区", "2025-11-03,灯坏了,", "翠湖新村,,",
        "受理时间,反映内容,地点", "2025-11-04,门坏了,2栋",
    )  # fmt: skip
    assert places(read(lower)) == [("yinxing", "cuihu")]


def test_an_estate_that_only_the_letter_names_is_taken_and_said(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "日期,信件内容", "2025-11-03,我是岭秀花苑的居民，灯坏了",
        "2025-11-03,桂园小区和岭秀花苑之间的路灯坏了",
    )  # fmt: skip
    reading = read(sheet, usual_community="jingui")
    assert places(reading) == [("jingui", "lingxiu"), ("jingui", "")]
    assert [one.sentence for one in reading.remarks] == ["没有写小区，问题里写着，算岭秀花苑。"]


def test_what_is_concluded_makes_no_other_row_of_one_that_was_imported(tmp_path: Path) -> None:
    (sheet,) = sheets(tmp_path, "桂园小区报修台账,", "日期,问题描述", "2025-11-03,灯坏了")
    (bare,) = sheets(tmp_path, "日期,问题描述", "2025-11-03,灯坏了")
    (one,), (other,) = (read(s, usual_community="jingui").good for s in (sheet, bare))
    assert one.keys == other.keys


@pytest.mark.parametrize(
    ("title", "day"),
    [("2024年度", "2024-12-03"), ("2024—2025年", "2025-12-03"), ("", "2025-12-03")],
)
def test_a_day_without_its_year_is_of_the_year_in_the_title(
    tmp_path: Path, title: str, day: str
) -> None:
    (sheet,) = sheets(tmp_path, f"{title}来访登记,", "日期,问题描述", "12月3日,灯坏了")
    reading = read(sheet, usual_community="jingui")
    assert days(reading)[0][5:] == "12-03"
    assert days(reading) == [day]


def test_of_several_rows_only_the_first_needs_its_day(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "日期,问题描述", "2025-11-03,灯坏了", ",井盖响", ",门坏了", "2025-11-05,树倒了",
    )  # fmt: skip
    reading = read(sheet, usual_community="jingui")
    assert days(reading) == ["2025-11-03", "2025-11-03", "2025-11-03", "2025-11-05"]
    assert {one.sentence for one in reading.remarks} == {
        "没有写时间，按上面一行的2025-11-03收到算。"
    }
    said_once = read(sheet, usual_community="jingui", usual_day="2025-11-04")
    assert days(said_once)[1] == "2025-11-04"


@pytest.mark.parametrize(
    "lines",
    [
        ("2025-11-03 09:15,灯坏了", ",井盖响", "2025-11-05 10:00,门坏了"),
        ("2025-11-09,灯坏了", "2025-11-03,狗叫", ",井盖响", "2025-11-20,门坏了", "2025-11-01,树倒"),
        (",井盖响", "2025-11-05,门坏了"),
    ],
)
def test_a_day_that_nothing_tells_is_asked_for(tmp_path: Path, lines: tuple[str, ...]) -> None:
    (sheet,) = sheets(tmp_path, "日期,问题描述", *lines)
    assert len(read(sheet, usual_community="jingui").faults) == 1


def test_a_tenth_that_lost_its_nought_is_told_by_the_days_beside_it(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "2025年,", "日期,问题描述", "10.9,灯坏了", "10.1,井盖响", "10.11,门坏了",
        "10.2,树倒了", "10.21,狗叫",
    )  # fmt: skip
    reading = read(sheet, usual_community="jingui")
    assert days(reading)[1::2] == ["2025-10-10", "2025-10-20"]
    assert "“10.1”按上下两行的日子当作10.10。" in [one.sentence for one in reading.remarks]


def test_a_day_that_may_be_the_tenth_or_the_first_is_said(tmp_path: Path) -> None:
    (sheet,) = sheets(tmp_path, "日期,问题描述", "2025.10.1,灯坏了")
    reading = read(sheet, usual_community="jingui")
    assert days(reading) == ["2025-10-01"]
    assert [one.sentence for one in reading.remarks] == [
        "“2025.10.1”也可能是2025.10.10，表格软件会去掉末尾的0，请核对。"
    ]


def test_year_month_and_day_in_columns_of_their_own_are_one_day(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "年,月,日,反映事项", "2025,10,30,灯坏了", ",,31,井盖响", ",11,3,门坏了",
    )  # fmt: skip
    assert days(read(sheet, usual_community="jingui")) == [
        "2025-10-30", "2025-10-31", "2025-11-03",
    ]  # fmt: skip
    (sheet,) = sheets(tmp_path, "月,日,反映事项", "10,30,灯坏了", "11,3,门坏了")
    assert [day[5:] for day in days(read(sheet, usual_community="jingui"))] == ["10-30", "11-03"]


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [
        (("11/13/2025", "11/5/2025"), ["2025-11-13", "2025-11-05"]),
        (("11/5/2025 2:30 PM", "3/4/2025 9:00 AM"), ["2025-11-05", "2025-03-04"]),
        (("13/11/2025", "5/11/2025"), ["2025-11-13", "2025-11-05"]),
        (("11/13/25", "11/5/25"), ["2025-11-13", "2025-11-05"]),
        (("11/5/2025", "11/6/2025"), []),
        (("11/5/25", "11/6/25"), []),
    ],
)
def test_a_year_that_stands_last_is_read_where_the_column_tells_which_is_the_month(
    tmp_path: Path, typed: tuple[str, ...], read_as: list[str]
) -> None:
    rows = [f"{day},{n}号楼的灯坏了" for n, day in enumerate(typed)]
    (sheet,) = sheets(tmp_path, "日期,问题描述", *rows)
    reading = read(sheet, usual_community="jingui")
    assert days(reading) == read_as
    assert len(reading.remarks) == len(read_as)


def test_a_day_alone_is_of_the_month_in_the_title(tmp_path: Path) -> None:
    lines = ("日期,问题描述", "5日,灯坏了", "12号,井盖响", "30日,门坏了")
    (sheet,) = sheets(tmp_path, "2025年10月诉求汇总,", *lines)
    assert days(read(sheet, usual_community="jingui")) == ["2025-10-05", "2025-10-12", "2025-10-30"]
    (sheet,) = sheets(tmp_path, "2025年10月至2025年11月,", *lines)
    assert len(read(sheet, usual_community="jingui").faults) == 3


def test_rows_below_a_line_or_on_a_page_that_says_so_are_over(tmp_path: Path) -> None:
    (sheet,) = sheets(
        tmp_path, "日期,问题描述", "一、未办结（1件）,", "2025-10-01,灯坏了", "二、已办结（1件）,",
        "2025-10-02,井盖响",
    )  # fmt: skip
    reading = read(sheet, usual_community="jingui")
    assert [one.row for one in reading.good] == [3]
    assert [(one.row, one.sentence) for one in reading.finished_rows] == [
        (5, "在“二、已办结（1件）”下面")
    ]
    rows = [["日期", "问题描述"], ["2025-10-01", "灯坏了"]]
    (sheet,) = reader.sheets(file_of(xlsx(rows, "已办结"), tmp_path))
    assert len(read(sheet, usual_community="jingui").finished_rows) == 1
    assert len(read(sheet, usual_community="jingui", takes_finished=True).good) == 1


def test_an_estate_that_the_words_name_says_the_community_before_the_usual_one(
    tmp_path: Path,
) -> None:
    (sheet,) = sheets(tmp_path, "时间,内容", "2026-11-03,翠湖新村路灯坏了", "2026-11-04,路灯坏了")
    reading = read(sheet, usual_community="jingui")
    assert [(one.report.community_id, one.report.estate_id) for one in reading.good] == [
        ("yinxing", "cuihu"), ("jingui", ""),
    ]  # fmt: skip
    assert [one.sentence for one in reading.remarks] == [
        "没有写社区，问题里写着翠湖新村，算银杏社区（示例）。"
    ]
    own = {"jingui": BOTH["jingui"]}
    columns = guess(sheet.headers, sheet.rows)
    choices = Choices(columns=columns, usual_channel="phone", usual_community="jingui")
    only_own = read_rows(CIRCLE, sheet, choices, own, NOW)
    assert [one.report.community_id for one in only_own.good] == ["jingui", "jingui"]
    assert [one.sentence for one in only_own.remarks] == [
        "没有写社区，问题里写着翠湖新村，那是银杏社区（示例）的，请核对。"
    ]


def test_of_two_tables_side_by_side_each_has_the_title_over_it(tmp_path: Path) -> None:
    left, right = sheets(
        tmp_path, "金桂社区,,,银杏社区,,", "日期,问题,办理,日期,问题,办理",
        "2026-11-02,路灯坏,未修,2026-11-03,垃圾多,未清",
        "2026-11-05,狗叫,劝导中,2026-11-06,积水,未疏通",
    )  # fmt: skip
    assert {place for place, _ in places(read(left, usual_community="yinxing"))} == {"jingui"}
    assert {place for place, _ in places(read(right, usual_community="jingui"))} == {"yinxing"}
