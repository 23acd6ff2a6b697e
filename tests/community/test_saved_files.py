"""How the office's files may be saved, and what of it cannot be read."""

from pathlib import Path

import pytest

from forms_app.community import (
    Circle,
    load,
)
from forms_app.community.file_hints import FILES, file_hints
from forms_app.content.kinds import KINDS
from tests.support.circle_files import Broken, errors_of, only


@pytest.mark.parametrize("file", ["estates.csv", "circle.yml"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(
    file: str, folder: Path, circle: Circle
) -> None:
    raw = (folder / file).read_bytes().replace(b"\n", b"\r\n")
    (folder / file).write_bytes(b"\xef\xbb\xbf" + raw)
    assert load(folder) == circle


def test_blank_rows_and_quoted_cells_change_nothing(folder: Path, circle: Circle) -> None:
    path = folder / "estates.csv"
    text = path.read_text(encoding="utf-8").replace("桂园小区", '"桂园小区"')
    path.write_text(text + "\n,,,,\n\n", encoding="utf-8")
    assert load(folder) == circle


def test_columns_may_stand_in_another_order(folder: Path, circle: Circle) -> None:
    path = folder / "zones.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(",".join(reversed(row)) for row in rows), encoding="utf-8")
    assert load(folder) == circle


def test_a_spreadsheets_own_way_with_dates_and_booleans_is_read(
    folder: Path, circle: Circle
) -> None:
    walks, entrances = folder / "walks.csv", folder / "entrances.csv"
    walks.write_text(walks.read_text("utf-8").replace("2026-10-12", "2026/10/12"), "utf-8")
    entrances.write_text(entrances.read_text("utf-8").replace("否", "FALSE"), "utf-8")
    assert load(folder) == circle


def test_row_numbers_count_blank_rows_as_a_spreadsheet_does(broken: Broken) -> None:
    error = only(
        broken("estates.csv", "\nlingxiu,jingui,岭秀花苑,1240", "\n\nlingxiu,jingui,岭秀花苑,x")
    )
    assert error.place == "第 4 行"


def test_gbk_is_refused_with_how_to_save_instead(folder: Path) -> None:
    path = folder / "venues.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
    error = only(errors_of(folder))
    assert (error.file, error.place) == ("venues.csv", "")
    assert "GBK" in error.problem
    assert "CSV UTF-8" in error.remedy


@pytest.mark.parametrize(
    ("raw", "problem"), [("示例".encode("utf-16"), "UTF-16"), (b"\xff\xff\xff", "UTF-8")]
)
def test_other_encodings_are_refused(raw: bytes, problem: str, folder: Path) -> None:
    (folder / "services.yml").write_bytes(raw)
    error = only(errors_of(folder))
    assert problem in error.problem
    assert "UTF-8" in error.remedy


def test_a_missing_file_is_named_with_the_likely_misnaming(folder: Path) -> None:
    (folder / "zones.csv").rename(folder / "zone.csv")
    error = only(errors_of(folder))
    assert (error.file, error.problem) == ("zones.csv", "找不到文件")
    assert "zone.csv" in error.remedy


def test_a_missing_folder_is_one_error_that_leads_to_a_new_one(tmp_path: Path) -> None:
    error = only(errors_of(tmp_path / "data" / "community"))
    assert "找不到这个文件夹" in error.problem
    assert "scripts/circle new-office" in error.remedy
    assert f"从备份恢复 {tmp_path / 'data'}" in error.remedy
    assert "CIRCLE_DATA" in error.remedy


def test_a_folder_without_a_single_data_file_is_one_error_that_leads_to_a_new_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "community" / "workdays").mkdir(parents=True)
    (tmp_path / "community" / "README.md").write_text("要填的数据放在这里。")
    error = only(errors_of(tmp_path / "community"))
    assert "一个数据文件也没有" in error.problem
    assert f"从备份恢复 {tmp_path}" in error.remedy


def test_a_folder_with_one_data_file_names_those_that_are_missing(folder: Path) -> None:
    for file in folder.iterdir():
        if file.name != "circle.yml" and file.is_file():
            file.unlink()
    assert {"estates.csv", "services.yml"} <= {error.file for error in errors_of(folder)}


def test_a_folder_in_a_files_place_is_refused(folder: Path) -> None:
    (folder / "walks.csv").unlink()
    (folder / "walks.csv").mkdir()
    assert only(errors_of(folder)).file == "walks.csv"


def test_the_way_over_steps_and_the_one_around_them_are_two_walks(folder: Path) -> None:
    walks = folder / "walks.csv"
    text = walks.read_text(encoding="utf-8")
    around = "machinery,东门台阶,machinery_yard,8,elder,0,walked,2026-10-13\n"
    walks.write_text(text + around, encoding="utf-8")
    assert errors_of(folder) == ()
    walks.write_text(text + around + around, encoding="utf-8")
    assert "重复" in only(errors_of(folder)).problem


def test_services_from_before_they_led_on_are_read_as_they_are(folder: Path) -> None:
    file = folder / "services.yml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    older = [line for line in lines if not line.startswith(("  online:", "  problem:"))]
    file.write_text("".join(older), encoding="utf-8")
    circle = load(folder)
    assert circle.services
    assert circle.wanted_services == {}


@pytest.mark.parametrize("file", ["estates.csv", "services.yml", "circle.yml"])
def test_an_empty_file_is_refused(file: str, folder: Path) -> None:
    (folder / file).write_text("", encoding="utf-8")
    assert only(errors_of(folder)).problem == "文件是空的"


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("street: 黄金岭", "street\uff1a黄金岭", "半角冒号"),
        ("  - id: jingui", "\t- id: jingui", "空格"),
        ("  elder: 3.0", '  elder: "3.0', "引号"),
        ("coord_system: wgs84", "coord_system: [wgs84", "缩进"),
        ("coord_system: wgs84", "coord_system: *wgs84", "照写一遍"),
        ("coord_system: wgs84", f"coord_system: {'[' * 100_000}{']' * 100_000}", "层次"),
    ],
)
def test_broken_yaml_is_named_by_its_line_and_likely_slip(
    old: str, new: str, remedy: str, broken: Broken
) -> None:
    error = only(broken("circle.yml", old, new))
    assert error.file == "circle.yml"
    assert error.place.startswith("第 ")
    assert remedy in error.remedy


def test_the_line_of_broken_yaml_is_right(broken: Broken) -> None:
    error = only(broken("school_terms.yml", "  start: 2026-03-02", "\tstart: 2026-03-02"))
    assert error.place == "第 3 行"


def test_an_unclosed_quote_in_a_spreadsheet_is_refused(broken: Broken) -> None:
    error = only(broken("walks.csv", "cuihu,正门", 'cuihu,"正门'))
    assert "引号" in error.problem


def test_a_file_that_was_emptied_is_not_taken_for_one_that_nobody_refers_to(folder: Path) -> None:
    path = folder / "venues.csv"
    path.write_text(path.read_text("utf-8").splitlines()[0], encoding="utf-8")
    found = errors_of(folder)
    assert {one.file for one in found} == {"walks.csv", "services.yml", "activities.yml"}
    assert {one.remedy for one in found} == {"现在一个场所也没有：是不是删空了，先找回来"}


def test_a_walk_from_an_estate_that_has_no_entrance_is_refused(folder: Path) -> None:
    path = folder / "entrances.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("cuihu")]
    path.write_text("\n".join(kept), encoding="utf-8")
    assert {one.problem for one in errors_of(folder)} == {"小区「cuihu」还没有入口"}


def test_a_workbook_in_the_place_of_its_sheet_is_told_with_how_to_save_it(folder: Path) -> None:
    (folder / "estates.csv").rename(folder / "estates.xlsx")
    error = only(errors_of(folder))
    assert error.problem == "找不到文件"
    assert error.remedy == (
        "打开「estates.xlsx」，另存为「CSV UTF-8（逗号分隔）」，文件名用「estates.csv」"
    )


@pytest.mark.parametrize("begins", [b"PK\x03\x04\x14\xff", b"\xd0\xcf\x11\xe0\xa1"])
def test_a_workbook_that_was_only_given_the_name_of_a_sheet_is_told(
    begins: bytes, folder: Path
) -> None:
    (folder / "estates.csv").write_bytes(begins)
    error = only(errors_of(folder))
    assert error.problem == "文件是表格软件的工作簿，只是名字改成了CSV"


def test_sorting_that_took_the_headings_along_is_one_error(folder: Path) -> None:
    path = folder / "estates.csv"
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(sorted(lines)), encoding="utf-8")
    error = only(errors_of(folder))
    assert (error.file, error.place) == ("estates.csv", "第 3 行")
    assert "排序" in error.problem


def test_files_that_nobody_reads_are_told_and_no_others(folder: Path) -> None:
    assert file_hints(folder) == ()
    for name in ("estates.xlsx", "~$estates.xlsx", "venues - 副本.csv", "roster.et", "circle.yaml"):
        (folder / name).write_text("", encoding="utf-8")
    told = {hint.file: hint.remedy for hint in file_hints(folder)}
    assert set(told) == {"estates.xlsx", "venues - 副本.csv", "roster.et", "circle.yaml"}
    assert "文件名用「roster.csv」" in told["roster.et"]


def test_every_file_that_is_fed_from_a_browser_is_one_that_is_read() -> None:
    assert {kind.file for kind in KINDS.values()} <= FILES
