"""Days off that the office enters, and what hangs on them."""

from datetime import date
from pathlib import Path

import pytest

from forms_app.community import (
    Circle,
    load,
)
from tests.support.circle_files import Broken, errors_of, only


def write_year(folder: Path, name: str, text: str) -> None:
    (folder / "workdays" / name).write_text(text, encoding="utf-8")


def test_an_entered_year_counts_and_the_note_beside_it_is_ignored(folder: Path) -> None:
    write_year(folder, "2027.yml", "days_off: [2027-01-01]\nworkdays: [2027-01-09]\n")
    calendar = load(folder).clocks.calendar
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 9))


def test_the_folder_of_days_off_may_be_missing(folder: Path, circle: Circle) -> None:
    (folder / "workdays" / "README.md").unlink()
    (folder / "workdays").rmdir()
    assert load(folder) == circle


@pytest.mark.parametrize(
    ("name", "text", "problem", "remedy"),
    [
        ("2027.yml", "days_off: [2028-01-01]\nworkdays: []", "不在2027年", "另建文件"),
        ("2027.yml", "days_off: [元旦]\nworkdays: []", "不是日期", "2026-10-12"),
        ("2027.yml", "days_off: []\nworkdays: []", "没有填放假日期", "通知"),
        ("2027.yml", "days_off: [2027-01-01]", "缺少", "workdays"),
        ("2027.yml", "days_off: [2027-01-01]\nworkdays: [2027-01-05]", "不用调休", "周六"),
        ("2027.yml", "days_off: [2027-01-09]\nworkdays: [2027-01-09]", "既放假又上班", "删掉"),
        ("next.yml", "days_off: [2027-01-01]\nworkdays: []", "不是年份", "2027.yml"),
        ("2027.yaml", "days_off: [2027-01-01]\nworkdays: []", "不是年份", "2027.yml"),
    ],
)
def test_a_wrong_year_of_days_off_is_refused(
    name: str, text: str, problem: str, remedy: str, folder: Path
) -> None:
    write_year(folder, name, text)
    error = only(errors_of(folder))
    assert error.file == f"workdays/{name}"
    assert problem in error.problem
    assert remedy in error.remedy


def test_a_series_may_not_be_cancelled_on_an_entered_day_off(folder: Path) -> None:
    write_year(folder, "2027.yml", "days_off: [2027-03-01]\nworkdays: []\n")
    path = folder / "activities.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("exdate: [2026-11-06]", "exdate: [2027-03-01]"), "utf-8")
    assert only(errors_of(folder)).column == "exdate 第 1 项"


def test_a_series_may_be_cancelled_in_a_year_whose_days_off_are_not_out(broken: Broken) -> None:
    assert broken("activities.yml", "exdate: [2026-11-06]", "exdate: [2027-03-01]") == ()
