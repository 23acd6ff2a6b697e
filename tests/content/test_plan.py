"""Days and times as people think of them: read from the file, written to it, and typed."""

from datetime import date, time, timedelta

import pytest

from forms_app.community.values import Unreadable
from forms_app.content.listing import records
from forms_app.content.plan import (
    FIELDS,
    FORTNIGHTLY,
    KEPT,
    MONTHLY,
    ONCE,
    SCHOOL_DAYS,
    WEEKLY,
    Plan,
    fields_of,
    plan_of,
)
from forms_app.content.sentences import until_words, when_words
from forms_app.content.spoken import day_of, length_of, time_of, written_day, written_off
from tests.support.running import ROOT

TODAY = date(2026, 11, 23)
HOUR = timedelta(hours=1)


def test_what_the_sample_says_is_read_and_written_the_same() -> None:
    text = (ROOT / "data" / "community" / "activities.yml").read_text(encoding="utf-8")
    for uid, record in records(text, ("uid",)).items():
        plan = plan_of(record.values)
        assert plan is not None, uid
        assert fields_of(plan) == {name: record.values.get(name, "") for name in FIELDS}, uid


@pytest.mark.parametrize(
    ("how", "weekdays", "first", "written"),
    [
        (WEEKLY, ("TU", "TH"), "2026-12-03 07:00", "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20270630"),
        (FORTNIGHTLY, ("FR",), "2026-12-04 07:00",
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;UNTIL=20270630"),
        (MONTHLY, (), "2026-12-02 07:00", "FREQ=MONTHLY;BYDAY=1WE;UNTIL=20270630"),
    ],
)  # fmt: skip
def test_the_first_time_is_the_first_such_day(
    how: str, weekdays: tuple[str, ...], first: str, written: str
) -> None:
    plan = Plan(how, date(2026, 12, 2), time(7), HOUR, weekdays, date(2027, 6, 30))
    fields = fields_of(plan)
    assert (fields["dtstart"], fields["rrule"]) == (first, written)
    again = plan_of(fields)
    assert again is not None
    assert (again.how, again.ends_on) == (how, date(2027, 6, 30))


def test_the_last_such_weekday_of_a_month_stays_the_last() -> None:
    fields = fields_of(Plan(MONTHLY, date(2026, 12, 31), time(19), HOUR))
    assert fields["rrule"] == "FREQ=MONTHLY;BYDAY=-1TH"
    assert plan_of(fields) == Plan(MONTHLY, date(2026, 12, 31), time(19), HOUR)


def test_several_days_on_end_are_one_event() -> None:
    fields = fields_of(Plan(ONCE, date(2026, 12, 5), None, HOUR, ends_on=date(2026, 12, 7)))
    assert (fields["dtstart"], fields["duration"]) == ("2026-12-05", "P3D")
    plan = plan_of(fields)
    assert plan is not None
    assert plan.is_all_day
    assert plan.ends_on == date(2026, 12, 7)


@pytest.mark.parametrize(
    "rrule", ["FREQ=WEEKLY;BYDAY=FR;COUNT=8", "FREQ=YEARLY", "FREQ=MONTHLY;BYMONTHDAY=15",
              "FREQ=WEEKLY;INTERVAL=3;BYDAY=FR"],
)  # fmt: skip
def test_what_nobody_can_say_here_stays_as_it_was_written(rrule: str) -> None:
    values = {"dtstart": "2026-10-16 19:00", "duration": "2:00", "rrule": rrule}
    plan = plan_of(values)
    assert plan is not None
    assert plan.how == KEPT
    assert fields_of(plan)["rrule"] == rrule


def test_dates_that_cannot_be_read_are_no_plan() -> None:
    assert plan_of({"dtstart": "昨天", "duration": "1:00"}) is None
    assert plan_of({"dtstart": "2026-12-01 07:00", "duration": "很久"}) is None
    endless = plan_of({"dtstart": "2026-12-01 07:00", "duration": "1:00",
                       "rrule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=x"})  # fmt: skip
    assert endless is not None
    assert endless.ends_on is None


def test_a_plan_is_said_as_residents_understand_it() -> None:
    week = Plan(WEEKLY, date(2026, 12, 1), time(7), HOUR, ("TU", "SA"), date(2027, 6, 30))
    assert when_words(week, TODAY) == "每周二、六 7:00至8:00"
    assert until_words(week, TODAY) == "从12月1日到2027年6月30日"
    assert when_words(Plan(ONCE, date(2026, 12, 5), None, HOUR), TODAY) == "12月5日，全天"
    assert until_words(Plan(ONCE, date(2026, 12, 5), None, HOUR), TODAY) == ""
    assert until_words(Plan(SCHOOL_DAYS, date(2026, 9, 7), time(16), HOUR), TODAY) == "从9月7日起"
    third = Plan(MONTHLY, date(2026, 10, 17), time(14, 30), HOUR)
    assert when_words(third, TODAY) == "每月第3个星期六 14:30至15:30"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026年11月3日", date(2026, 11, 3)),
        ("11月3日", date(2026, 11, 3)),
        ("2月3号", date(2027, 2, 3)),
        ("2026-12-03", date(2026, 12, 3)),
        ("12.3", date(2026, 12, 3)),
        ("2026年12月3日（周四）", date(2026, 12, 3)),
        ("12月3日 星期四", date(2026, 12, 3)),
        ("十二月三日", date(2026, 12, 3)),
        ("12月三号", date(2026, 12, 3)),
        ("20261203", date(2026, 12, 3)),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, found: date) -> None:
    assert day_of(text, TODAY) == found


def test_a_leap_day_without_its_year_is_the_next_one_that_is_near() -> None:
    leap = date(2028, 2, 29)
    assert day_of("2月29日", date(2027, 12, 1)) == leap
    assert day_of("2月29日", date(2028, 3, 20)) == leap  # just past
    for today in (date(2026, 11, 28), date(2028, 6, 1)):
        with pytest.raises(Unreadable, match="没有"):
            day_of("2月29日", today)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("90分钟", 90), ("1小时30分", 90), ("一个半小时", 90), ("1:30", 90), ("半小时", 30),
     ("两小时", 120), ("1小时半", 90), ("45分", 45), ("俩小时", 120), ("1.5小时", 90)],
)  # fmt: skip
def test_a_length_is_read_as_people_write_it(text: str, minutes: int) -> None:
    assert length_of(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "很久", "0分钟", "1:75", "小时"])
def test_what_is_no_length_is_told(text: str) -> None:
    with pytest.raises(Unreadable):
        length_of(text)


def test_times_and_days_off_are_read_with_their_reasons() -> None:
    assert [time_of(one) for one in ("07:00", "7：30", "7点", "7点30分")] == [
        time(7), time(7, 30), time(7), time(7, 30),
    ]  # fmt: skip
    assert written_off("12月3日 场地布置", TODAY) == "2026-12-03 场地布置"
    assert written_off("12月3日：停电", TODAY) == "2026-12-03 停电"
    assert written_off("2026-12-03 19:00 停电", TODAY) == "2026-12-03 19:00 停电"
    assert written_day("12月9日 10:00", TODAY) == "2026-12-09 10:00"
    assert written_day("12月9日", TODAY) == "2026-12-09"
    for wrong in ("停电", "13月40日 停电", "2月30日"):
        with pytest.raises(Unreadable):
            written_off(wrong, TODAY)
    for wrong in ("25:00", "十来点", ""):
        with pytest.raises(Unreadable):
            time_of(wrong)
