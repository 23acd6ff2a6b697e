"""What check-data reminds the office of in its activities, though it may be published."""

import re
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from forms_app.commands import cli
from forms_app.community import DataHint, load
from forms_app.radius.calendar_hints import calendar_hints
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"
TODAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(SAMPLE, tmp_path / "community")


def changed(folder: Path, old: str, new: str, today: date = TODAY) -> tuple[DataHint, ...]:
    """What is noticed after replacing one piece of text in the sample's activities."""
    path = folder / "activities.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return calendar_hints(load(folder), today)


def test_the_sample_needs_no_reminder() -> None:
    assert calendar_hints(load(SAMPLE), TODAY) == ()


def test_a_recurrence_without_an_end_is_named_with_its_remedy(folder: Path) -> None:
    (notice,) = changed(folder, "BYDAY=WE;UNTIL=20270630", "BYDAY=WE")
    assert str(notice) == (
        "activities.yml，第 2 项（choir），第 12 行，rrule：没有写办到哪一天为止，会一直排下去；"
        "末尾加;UNTIL=20270630（换成最后一天的日期）"
    )


def test_a_series_that_is_over_is_named_and_a_single_event_is_not(folder: Path) -> None:
    (notice,) = changed(folder, "COUNT=8\n  rdate: [2027-02-20]", "UNTIL=20261030")
    assert (notice.column, "已经过去" in notice.problem) == ("rrule", True)
    over = {
        n.place.split("（")[1].split("）")[0]
        for n in calendar_hints(load(SAMPLE), date(2027, 7, 10))
    }
    assert {"square_dance", "four_thirty_school", "spring_couplets"} <= over
    assert not {"new_year_show", "blood_pressure"} & over


def test_a_school_term_that_is_to_come_is_asked_for_a_month_before_it_is_missed() -> None:
    circle = load(SAMPLE)

    def told(today: date) -> list[DataHint]:
        return [one for one in calendar_hints(circle, today) if "four_thirty" in one.place]

    assert told(date(2027, 6, 1)) == []
    (soon,), (over,) = told(date(2027, 6, 20)), told(date(2027, 7, 10))
    assert soon.problem.startswith("下一个学期还没有录入")
    assert (soon.remedy, "school_terms.yml" in over.remedy) == (
        "校历公布后写进school_terms.yml",
        True,
    )


def test_what_was_cancelled_in_a_term_that_is_written_no_more_is_no_mistake(folder: Path) -> None:
    path = folder / "school_terms.yml"
    kept = path.read_text("utf-8").partition("- name: 2027年春季学期")
    path.write_text(kept[1] + kept[2], "utf-8")
    assert {term.name for term in load(folder).school_terms} == {"2027年春季学期"}


def test_a_series_of_more_than_500_times_is_named(folder: Path) -> None:
    times = [f"2027-01-{n // 40 + 10:02} {n % 20 + 1:02}:{n // 20 % 2 * 30:02}" for n in range(501)]
    (notice,) = changed(folder, "rdate: [2027-01-31]", f"rdate: [{', '.join(times)}]")
    assert notice.column == "rdate"
    assert "502场" in notice.problem


def test_check_data_prints_reminders_after_the_counts_and_succeeds(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changed(folder, "BYDAY=WE;UNTIL=20270630", "BYDAY=WE")
    monkeypatch.setenv("CIRCLE_DATA", str(folder.parent))
    assert cli.main(["check-data"]) == 0
    told = capsys.readouterr().out
    assert re.search(
        r"小区的街道图：5\n另有 \d+ 处提醒，不改也能发布：\n(提醒：.*\n)*提醒：activities.yml",
        told,
    )
    assert "第 2 项（choir），第 12 行，rrule：没有写办到哪一天为止" in told
