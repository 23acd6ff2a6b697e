"""The rows of an office's own lists, and the lines between and below them that are none."""

import shutil
import time
from datetime import date
from pathlib import Path

import pytest

from forms_app.community import Circle
from forms_app.content.activity_columns import FIRST
from forms_app.content.kinds import KINDS
from forms_app.content.sheet import KEY_LABEL, headings
from forms_app.content.sheet_rows import only_counts, rows_below
from forms_app.content.uploading import plan, shape_of
from forms_app.settings import Settings
from tests.support.running import ROOT

TODAY = date(2026, 11, 28)


def rows(circle: Circle, name: str, *lines: str) -> list[dict[str, str]]:
    kind = KINDS[name]
    head, *below = [line.split(",") for line in lines]
    places = headings(shape_of(kind).columns(kind, circle), head)
    found = rows_below(kind, list(enumerate(below, 2)), places, circle, TODAY)
    return [dict(cells) for _, cells in found]


def test_a_community_over_some_rows_is_theirs(circle: Circle) -> None:
    found = rows(
        circle, "estates", "小区,户数,60岁以上户数", "一、金桂社区（2个）,,", "阳光城,520,130",
        "紫金苑,310,88", "小计,830,218", "银杏社区：,,", "滨江一号,1200,150", "合计,2030,368",
    )  # fmt: skip
    assert [(row["叫什么"], row["哪个社区"]) for row in found] == [
        ("阳光城", "金桂社区"), ("紫金苑", "金桂社区"), ("滨江一号", "银杏社区"),
    ]  # fmt: skip


def test_a_row_with_a_name_alone_is_one_that_lacks_the_rest(circle: Circle) -> None:
    found = rows(circle, "estates", "小区,社区,户数", "阳光城,,", "紫金苑,银杏社区,310")
    assert [row["叫什么"] for row in found] == ["阳光城", "紫金苑"]


def test_whoever_signs_and_what_is_noted_below_is_no_row(circle: Circle) -> None:
    found = rows(
        circle, "committee", "单位,职务,办公电话", "区经发局,分管局长,0797-0000-170",
        "填表人：示例,,审核人：", "注：节假日打值班电话。,,",
    )  # fmt: skip
    assert [row["岗位"] for row in found] == ["分管局长"]


def test_the_same_as_above_is_what_stands_above(circle: Circle) -> None:
    found = rows(
        circle, "entrances", "小区,出入口名称", "桂园小区,北门", "〃,后门", "同上,侧门",
    )  # fmt: skip
    assert [row["哪个小区"] for row in found] == ["桂园小区"] * 3


def test_both_degrees_in_one_column_are_both(circle: Circle) -> None:
    (found,) = rows(circle, "venues", "场所名称,经纬度", "活动中心,25.83 114.90")
    assert (found["纬度"], found["经度"]) == ("25.83 114.90", "25.83 114.90")


def test_a_column_of_keys_that_counts_the_rows_is_none() -> None:
    counted = [(n, {KEY_LABEL: str(n), "叫什么": "x"}) for n in (1, 2, 3)]
    assert only_counts(counted, {"hall"})
    assert not only_counts(counted, {"2"})
    assert not only_counts([(1, {KEY_LABEL: "hall"})], {"hall"})


def test_a_list_with_a_running_number_is_read(circle: Circle, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data" / "community", tmp_path / "community")
    settings = Settings.from_environment({"CIRCLE_DATA": str(tmp_path)}, ROOT)
    lines = [
        (1, ("编号", "场所名称", "所在社区", "具体地址", "经纬度")),
        (2, ("1", "老年活动中心", "金桂社区", "示例路20号", "25.8317,114.9013")),
        (3, ("2", "日间照料中心", "银杏社区", "示例大道70号", "114.9119,25.8358")),
    ]
    planned = plan(settings, KINDS["venues"], [("表", lines)], circle, TODAY, takes_away=False)
    assert planned.faults == ()
    assert [one.title for one in planned.added] == ["老年活动中心", "日间照料中心"]


def test_a_month_that_is_written_once_is_that_of_the_days_behind_it(circle: Circle) -> None:
    kind = KINDS["activities"]
    cells = {
        "叫什么": "义诊", "哪一类": "社区志愿服务", "在哪里": "金桂文化广场",
        FIRST: "12月5日、12、19日", "几点开始": "9:00", "多久": "90分钟",
    }  # fmt: skip
    read = shape_of(kind).read(kind, [(2, cells)], {}, circle, TODAY)
    assert read.faults == []
    (values,) = read.wanted.values()
    assert values["rdate"] == ("2026-12-12", "2026-12-19")


@pytest.mark.parametrize("gap", [" ", "\u3000", "\n"])
def test_a_gap_within_a_cell_is_one_blank(circle: Circle, tmp_path: Path, gap: str) -> None:
    """Each cell with thousands of blanks held everybody up for a fifth of a second."""
    shutil.copytree(ROOT / "data" / "community", tmp_path / "community")
    settings = Settings.from_environment({"CIRCLE_DATA": str(tmp_path)}, ROOT)
    head = ("叫什么", "哪一类", "在哪里", FIRST, "几点开始", "多久")
    far = f"下午{gap * 30_000}3点"
    lines = [(1, head)] + [
        (n, (f"义诊{n}", "社区志愿服务", "金桂文化广场", "12月5日", far, far)) for n in range(2, 12)
    ]
    began = time.process_time()
    planned = plan(settings, KINDS["activities"], [("表", lines)], circle, TODAY, takes_away=False)
    assert time.process_time() - began < 1
    assert all("3点" in str(fault) for fault in planned.faults)
