"""Rules of series in the words that people use for them."""

from datetime import date, datetime, timedelta

import pytest
from msgspec.structs import replace
from pages.series import by_activity, rule

from forms_app.community import Activity
from forms_app.radius.occurrences import programme
from forms_app.rules.worktime import CHINA, WorkCalendar

TODAY = date(2026, 11, 28)


def activity(rrule: str, start: datetime | None = None, **changed: object) -> Activity:
    begins = start or datetime(2026, 10, 13, 14, 30, tzinfo=CHINA)  # a Tuesday
    made = Activity(
        "class", "手机课", "arts", "hall", begins, timedelta(hours=1), rrule, "", (), (), "", None,
        "CONFIRMED", "",
    )  # fmt: skip
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rrule", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261231T155959Z", "每周二、四 14:30，到12月底"),
        ("FREQ=WEEKLY;BYDAY=TH,TU;UNTIL=20261229T063000Z", "每周二、四 14:30，到12月29日"),
        ("FREQ=WEEKLY;UNTIL=20270630T155959Z", "每周二 14:30，到2027年6月底"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "每两周的周二 14:30"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "每天 14:30"),
        ("FREQ=DAILY", "每天 14:30"),
        ("FREQ=DAILY;INTERVAL=3;COUNT=8", "每3天 14:30，共8次"),
        ("FREQ=MONTHLY;BYDAY=2TU", "每月第二个周二 14:30"),
        ("FREQ=MONTHLY;BYDAY=-1TU", "每月最后一个周二 14:30"),
        ("FREQ=MONTHLY", "每月13日 14:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=13,-1", "每月13日、最后一天 14:30"),
        ("FREQ=YEARLY", "每年10月13日 14:30"),
        ("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=-1", ""),  # nobody says it so: its dates are told
        ("FREQ=MONTHLY;BYDAY=TU", ""),
        ("FREQ=YEARLY;BYMONTH=10", ""),
        ("", ""),
    ],
)
def test_a_rule_is_said_as_people_say_it(rrule: str, said: str) -> None:
    assert rule(activity(rrule), TODAY) == said


def test_working_days_and_school_days_have_words_of_their_own() -> None:
    assert rule(activity("", rule="workdays"), TODAY) == "工作日 14:30"
    assert rule(activity("", rule="school_days"), TODAY) == "上学的日子 14:30"
    assert rule(activity("FREQ=DAILY", is_all_day=True), TODAY) == "每天 全天"


def test_what_has_not_begun_says_from_when() -> None:
    first = datetime(2026, 12, 1, 14, 30, tzinfo=CHINA)
    assert rule(activity("FREQ=WEEKLY;BYDAY=TU", first), TODAY) == "从12月1日起，每周二 14:30"


def test_exceptions_are_named_and_every_date_stays() -> None:
    def at(day: int, hour: int = 14, minute: int = 30) -> datetime:
        return datetime(2026, 12, day, hour, minute, tzinfo=CHINA)

    weekly = activity(
        "FREQ=WEEKLY;BYDAY=TU", exdate=(at(8), at(15)), rdate=(at(17, 9, 0), at(31, 9, 0))
    )
    coming = programme([weekly], WorkCalendar(), (), TODAY, date(2026, 12, 31))
    (series,) = by_activity(coming.occurrences, TODAY)
    assert series.exceptions == [
        "12月8日 周二停一次",
        "12月15日 周二的改到12月17日 周四 09:00",
        "另加12月31日 周四 09:00",
    ]
    assert len(series.occurrences) == 7
    assert series.first.day == date(2026, 12, 1)


def test_what_takes_place_once_has_no_rule() -> None:
    coming = programme(
        [activity("FREQ=WEEKLY;BYDAY=TU")], WorkCalendar(), (), TODAY, date(2026, 12, 1)
    )
    (series,) = by_activity(coming.occurrences, TODAY)
    assert series.rule == ""
