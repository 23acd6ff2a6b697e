"""What people type into cells, read as they meant it."""

from datetime import datetime

import pytest

from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets.values import (
    first_phone,
    is_damaged,
    moment,
    name,
    phone,
    says_no_year,
)
from tests.support.actors import NOW
from tests.support.office_sheets import is_finished


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-11-03 15:04:00", "2026-11-03 15:04"),
        ("2026-11-03T15:04:00", "2026-11-03 15:04"),
        ("2026年11月3日 下午3点", "2026-11-03 15:00"),
        ("2026年11月3日下午3点半", "2026-11-03 15:30"),
        ("2026年11月3日15时4分", "2026-11-03 15:04"),
        ("2026年 11月 3日 上午 9:05", "2026-11-03 09:05"),
        ("2026/11/3 15:04", "2026-11-03 15:04"),
        ("2026.11.3", "2026-11-03 00:00"),
        ("20261103", "2026-11-03 00:00"),
        ("20261103 15:04:09", "2026-11-03 15:04:09"),
        ("26-11-3", "2026-11-03 00:00"),
        ("11-3", "2026-11-03 00:00"),
        ("11月3日 晚上8点20分", "2026-11-03 20:20"),
        ("12-30", "2025-12-30 00:00"),
        ("２０２６年１１月３日", "2026-11-03 00:00"),
        ("'2026-11-3", "2026-11-03 00:00"),
        ("2026年11月3日（星期二）下午3:04", "2026-11-03 15:04"),
        ("2026-11-3 3:04 PM", "2026-11-03 15:04"),
        ("2026-11-3 中午12点", "2026-11-03 12:00"),
        ("2026-11-3 凌晨12:10", "2026-11-03 00:10"),
        ("46329.627777778", "2026-11-03 15:04"),
        ("46329", "2026-11-03 00:00"),
        ("2026-11-03 24:00", "2026-11-04 00:00"),
        ("2025年12月31日24时", "2026-01-01 00:00"),
        ("2026年11月3日晚上12点", "2026-11-04 00:00"),
        ("2026年11月3日夜里2点半", "2026-11-03 02:30"),
        ("2026 年 11 月 3 日 9 点", "2026-11-03 09:00"),
        ("2026年11月3日夜间11点", "2026-11-03 23:00"),
        ("2026。11。3", "2026-11-03 00:00"),
        ("11月3日晚", "2026-11-03 20:00"),
        ("11月3日中午", "2026-11-03 12:00"),
    ],
)
def test_a_time_is_read_in_the_many_ways_that_people_write_it(typed: str, meant: str) -> None:
    assert moment(typed, NOW) == local(meant)


@pytest.mark.parametrize(
    "typed",
    ["上周三", "2026-13-01", "2026-02-30", "2026-11-03 25:00", "11/3/2026", "11/5/26", "12",
     "99999", "abc", "2026", "2026-11-03 下午", "2026-11-3 5"][:10],
)  # fmt: skip
def test_a_time_that_could_mean_anything_is_not_guessed(typed: str) -> None:
    assert moment(typed, NOW) is None


@pytest.mark.parametrize("clock", ["24:01", "晚上2点", "晚上12点半"])
def test_an_hour_that_could_be_of_two_days_is_not_guessed(clock: str) -> None:
    assert moment(f"2026-11-03 {clock}", NOW) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800000000", "13800000000"), ("13800000000.0", "13800000000"),
        ("'138 0000 0000", "13800000000"), ("+8613800000000", "13800000000"),
        ("０７９７－０００－１９９", "0797-000-199"), ("138****0000", ""), ("无", ""), ("", ""),
        ("86-13800000000", "13800000000"), ("1380000000", None), ("138000000001", None),
        ("360701197001011234", None), ("1.38E+10", None), ("问物业", None),
        ("13800000000/13900000000", None),
    ],
)  # fmt: skip
def test_a_phone_is_one_number_or_none(typed: str, kept: str | None) -> None:
    assert phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"), [("匿名", ""), (" 王 女士 ", "王 女士"), ("—", ""), ("**", "")]
)
def test_who_left_no_name_has_none(typed: str, kept: str) -> None:
    assert name(typed) == kept


@pytest.mark.parametrize(
    ("state", "finished_at", "is_over"),
    [
        ("已办结", "", True), ("办结", "", True), ("已销号", "", True), ("未办结", "", False),
        ("待处理", "2026-11-03", False), ("办理中", "", False), ("", "2026-11-03", True),
        ("", "", False), ("已解决", "", True), ("没有解决", "", False), ("满意", "", True),
        ("不满意", "", False), ("正在办理，尚未完成", "", False), ("是", "", True),
        ("否", "", False), ("已结", "", True), ("完", "", True), ("处理完了", "", True),
        ("修好了", "", True), ("未闭环", "", False), ("闭环", "", True), ("当场答复", "", True),
        ("请尽快解决", "", False), ("需上级协调解决", "", False), ("督促物业整改完成", "", False),
        ("预计月底完成", "", False), ("等配件到位", "", False), ("逾期办结", "", True),
        ("部分解决", "", False), ("解决了一半", "", False), ("待答复", "", False),
    ],
)  # fmt: skip
def test_what_the_file_calls_finished(state: str, finished_at: str, is_over: bool) -> None:
    assert is_finished(state, finished_at) is is_over


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20261120093000", "2026-11-20 09:30"), ("202611200930", "2026-11-20 09:30"),
        ("2026-11-20 9:30 +0800", "2026-11-20 09:30"),
        ("2026-11-20T01:30:00Z", "2026-11-20 09:30"),
        ("2026-11-20 01:30:00 UTC", "2026-11-20 09:30"),
        ("2026-11-20T09:30:00.000+08:00", "2026-11-20 09:30"),
        ("2026-11-20T10:30+09:00", "2026-11-20 09:30"),
        ("2026年11月20日晚8点", "2026-11-20 20:00"), ("2026.3.5", "2026-03-05"),
        ("2026年3月5日上午9时", "2026-03-05 09:00"), ("3月5日", "2026-03-05"),
        ("二〇二六年三月五日上午九时", "2026-03-05 09:00"),
        ("二零二六年十一月二十日下午三点半", "2026-11-20 15:30"), ("十一月二十", "2026-11-20"),
    ],
)  # fmt: skip
def test_times_with_zones_numerals_and_without_signs_are_read(typed: str, meant: str) -> None:
    assert moment(typed, datetime(2026, 11, 27, tzinfo=CHINA)) == local(meant)


@pytest.mark.parametrize(
    ("today", "meant"),
    [
        (datetime(2028, 3, 1, tzinfo=CHINA), "2028-02-29"),
        (datetime(2029, 1, 5, tzinfo=CHINA), "2028-02-29"),
        (datetime(2028, 2, 10, tzinfo=CHINA), None),
        (datetime(2027, 3, 1, tzinfo=CHINA), None),
    ],
)
def test_a_leap_day_without_its_year_is_the_last_one_of_two_years(
    today: datetime, meant: str | None
) -> None:
    assert moment("2月29日", today) == (local(meant) if meant else None)


def test_a_time_that_leaves_its_year_out_is_known() -> None:
    assert [says_no_year(t) for t in ("3月5日", "3-5 9:00", "2026.3.5", "20260305", "46329")] == [
        True, True, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "number", "rest"),
    [
        ("13800000000", "13800000000", ""),
        ("0797-1234567转8023", "0797-1234567", "0797-1234567转8023"),
        ("13800000000（王女士）", "13800000000", "13800000000(王女士)"),
        ("13800000000/13900000000", "13800000000", "13800000000/13900000000"),
        ("王女士 138 0000 0000", "13800000000", "王女士 138 0000 0000"),
        ("(0797)1234567", "07971234567", ""), ("138****0000", "", "138****0000"), ("无", "", ""),
        ("1.38E+10", "", "1.38E+10"), ("#N/A", "", "#N/A"),
    ],
)  # fmt: skip
def test_the_first_number_is_kept_and_the_rest_is_not_lost(
    typed: str, number: str, rest: str
) -> None:
    assert first_phone(typed) == (number, rest)


def test_a_cell_without_any_number_is_no_phone_and_is_not_lost() -> None:
    assert first_phone("问物业") == ("", "问物业")


def test_a_long_number_that_lost_its_end_is_known() -> None:
    damaged = ["2.02611E+17", "2.0e17", "202611030000123000"]
    sound = ["202611030000123451", "GD2.0", "13800000000", "2026110300001200"[:15]]
    assert [is_damaged(text) for text in (*damaged, *sound)] == [True] * 3 + [False] * 4


@pytest.mark.parametrize(
    ("state", "finished_at", "is_over"),
    [
        ("", "2026-12-01 18:00", False), ("", "尽快", False), ("", "张三", False),
        ("", "2026年11月3日15:04 张三：已修好", True), ("", "46329", True),
        ("请于12月1日前完成整改并书面回复街道", "", False),
        ("已解决，居民表示感谢，现场照片附后，物业继续巡查", "", True),
        ("社区联系物业到场查看，物业答应两周内完成更换", "", False),
    ],
)  # fmt: skip
def test_a_deadline_or_a_story_finishes_nothing(
    state: str, finished_at: str, is_over: bool
) -> None:
    assert is_finished(state, finished_at) is is_over
