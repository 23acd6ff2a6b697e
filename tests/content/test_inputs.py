"""What people write into a field, read as the files have it."""

from datetime import date, time, timedelta

import pytest

from forms_app.community import Circle
from forms_app.community.places import LATITUDES, LONGITUDES
from forms_app.community.values import Unreadable
from forms_app.content.inputs import (
    Choice,
    Choices,
    Day,
    Degrees,
    Groups,
    Hours,
    Line,
    Number,
    Phone,
    WeekMoment,
    YesNo,
)
from forms_app.content.offers import communities, departments, venues
from forms_app.content.spoken import time_of
from forms_app.content.when_words import how_of, span_of

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("given", "text", "value"),
    [
        (Number(), "１,２００户", "1200"),
        (Number(), "3.0", "3"),
        (Degrees(limits=LATITUDES), "114.90120,25.83162", "25.83162"),
        (Degrees(limits=LONGITUDES), "114.90120，25.83162", "114.90120"),
        (Degrees(limits=LATITUDES), "25.83162, 114.90120", "25.83162"),
        (Degrees(limits=LATITUDES), "25.83162", "25.83162"),
        (Number(is_whole=False), "7.5分钟", "7.5"),
        (Day(), "２０２６年１１月３日", "2026-11-03"),
        (Day(), "12月3日", "2026-12-03"),
        (Day(), "2026-11-03 00:00:00", "2026-11-03"),
        (Hours(), "8点30分到12点、14:30至17:30", "08:30-12:00,14:30-17:30"),
        (Hours(), "全天", "00:00-24:00"),
        (WeekMoment(), "周五 17:00", "周五 17:00"),
        (WeekMoment(), "每星期五下午5点半", "周五 17:30"),
        (WeekMoment(), "礼拜天 ８：00", "周日 08:00"),
        (WeekMoment(), "周六中午12点", "周六 12:00"),
        (YesNo(), "√", "是"),
        (YesNo(yes="true", no="false"), "否", "false"),
        (Phone(), "０７９７－００００—１０１", "0797-0000-101"),
        (Choices(offers=venues), "金桂文化广场、岭秀图书角", ("jingui_square", "lingxiu_library")),
        (Choice(offers=venues), " 金桂 文化广场 ", "jingui_square"),
        (Groups(names=("text", "basis"), usual={"basis": "G"}), "扫地 | S\n\n看门", None),
    ],
)
def test_what_people_write_is_taken(circle: Circle, given: Line, text: str, value: object) -> None:
    found = given.read(text, circle, TODAY)
    if value is not None:
        assert found == value
    else:
        assert given.shown(found, circle) == "扫地 ｜ S\n看门 ｜ G"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (Number(), "很多"),
        (Degrees(limits=LATITUDES), "25.8,26.1"),
        (Number(), "7.5"),
        (Day(), "2月30日"),
        (Hours(), "早上"),
        (WeekMoment(), "每天 17:00"),
        (WeekMoment(), "周五 25:00"),
        (WeekMoment(), "周五"),
        (YesNo(), "也许"),
        (Choice(offers=venues), "文化广场二楼"),
        (Groups(names=("text",)), "一｜二"),
    ],
)
def test_what_cannot_be_meant_is_refused(circle: Circle, given: Line, text: str) -> None:
    with pytest.raises(Unreadable):
        given.read(text, circle, TODAY)


@pytest.mark.parametrize(
    ("text", "how", "days"),
    [
        ("每周二、四", "weekly", ("TU", "TH")),
        ("星期一至星期五", "weekly", ("MO", "TU", "WE", "TH", "FR")),
        ("隔一周的星期五", "fortnightly", ("FR",)),
        ("每月第三个星期六", "monthly", ()),
        ("每个上学日", "school_days", ()),
        ("每个工作日", "workdays", ()),
        ("每周六、日", "weekly", ("SA", "SU")),
        ("一次", "once", ()),
    ],
)
def test_the_days_of_a_series_are_read(text: str, how: str, days: tuple[str, ...]) -> None:
    assert how_of(text, has_day=False) == (how, days)


def test_a_weekday_beside_a_date_is_no_series() -> None:
    assert how_of("周五", has_day=True) == ("once", ())
    with pytest.raises(Unreadable):
        how_of("周末", has_day=False)


def test_spans_of_a_day_are_read() -> None:
    assert span_of("19:00-20:30") == (time(19), timedelta(minutes=90))
    assert span_of("下午2点到4点") == (time(14), timedelta(hours=2))
    assert span_of("7:00") == (time(7), None)
    assert span_of("晚上七点半至八点三刻") == (time(19, 30), timedelta(minutes=75))
    assert span_of("上午十点-下午1点") == (time(10), timedelta(hours=3))
    with pytest.raises(Unreadable):
        span_of("20:30-19:00")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("7点半", time(7, 30)), ("晚上7点", time(19)), ("中午12点", time(12)), ("十二点", time(12)),
        ("下午三点一刻", time(15, 15)), ("早上8:05", time(8, 5)),
    ],
)  # fmt: skip
def test_the_hour_is_read_as_people_say_it(typed: str, meant: time) -> None:
    assert time_of(typed) == meant


@pytest.mark.parametrize("typed", ["晚上12点", "25点", "7", "七", "晚饭后"])
def test_an_hour_that_may_be_two_is_none(typed: str) -> None:
    with pytest.raises(Unreadable):
        time_of(typed)


def test_a_shortened_name_is_taken_where_only_one_can_be_meant(circle: Circle) -> None:
    assert Choice(offers=departments).read("住建局", circle, TODAY) == "housing_construction_bureau"
    assert Choice(offers=communities).read("银杏", circle, TODAY) == "yinxing"
    for typed in ("党群服务中心", "局", "月亮"):
        with pytest.raises(Unreadable):
            Choice(offers=venues).read(typed, circle, TODAY)
