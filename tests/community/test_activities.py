"""Activities: their times, what is added and cancelled."""

import time
from datetime import UTC, datetime
from pathlib import Path

from forms_app.community import (
    load,
)
from forms_app.rules.worktime import CHINA
from tests.support.circle_files import Broken, errors_of, only


def test_a_uid_that_another_activitys_added_time_would_take_is_refused(folder: Path) -> None:
    path = folder / "activities.yml"
    text = path.read_text("utf-8").replace("rdate: [2027-02-20]", "rdate: [2027-02-20 15:00]")
    path.write_text(text.replace("- uid: new_year_show", "- uid: film_evening-1500"), "utf-8")
    error = only(errors_of(folder))
    assert (error.column, error.place) == ("uid", "第 5 项（film_evening-1500），第 46 行")
    assert "与「film_evening」在15:00加办的一场" in error.problem
    assert "film_evening_1500" in error.remedy


def test_a_rule_that_never_happens_is_refused_without_a_long_search(broken: Broken) -> None:
    began = time.process_time()
    error = only(
        broken("activities.yml", "FREQ=WEEKLY;BYDAY=WE;", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;")
    )
    assert "没有一次能发生" in error.problem
    assert time.process_time() - began < 3


def test_a_cancelled_time_may_not_be_added_again(broken: Broken) -> None:
    error = only(broken("activities.yml", "rdate: [2027-02-04]", "rdate: [2027-02-13]"))
    assert (error.column, error.remedy) == ("rdate 第 1 项", "删掉这一项")


def test_an_added_time_may_be_cancelled(broken: Broken) -> None:
    assert (
        broken("activities.yml", "exdate: [2027-02-06,", "exdate: [2027-02-04, 2027-02-06,") == ()
    )


def test_an_activity_of_whole_days_has_a_date_alone_and_a_cancelled_time_may_have_a_reason(
    folder: Path,
) -> None:
    path = folder / "activities.yml"
    text = path.read_text("utf-8")
    text = text.replace(
        'dtstart: 2026-12-31 19:00\n  duration: "2:00"', "dtstart: 2026-12-31\n  duration: P2D"
    )
    text = text.replace("exdate: [2027-02-03,", "exdate: [2027-02-03 停电检修 一天,")
    path.write_text(text, "utf-8")
    found = load(folder).activities
    show, choir = found["new_year_show"], found["choir"]
    assert (show.is_all_day, show.dtstart.hour, show.duration.days) == (True, 0, 2)
    assert choir.reasons == ((datetime(2027, 2, 3, 15, tzinfo=CHINA), "停电检修 一天"),)
    assert not choir.is_all_day


def test_a_time_cancelled_twice_for_two_reasons_is_refused(broken: Broken) -> None:
    error = only(
        broken("activities.yml", "exdate: [2027-02-03,", "exdate: [2027-02-03 雨, 2027-02-03 雪,")
    )
    assert (error.column, "写了两次" in error.problem) == ("exdate 第 2 项", True)


def test_until_may_also_be_written_in_utc(folder: Path) -> None:
    path = folder / "activities.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("UNTIL=20270115", "UNTIL=20270115T000000Z"), "utf-8")
    rrule = load(folder).activities["science_table"].rrule
    assert rrule.endswith(f"UNTIL={datetime(2027, 1, 15, tzinfo=UTC):%Y%m%dT%H%M%SZ}")
