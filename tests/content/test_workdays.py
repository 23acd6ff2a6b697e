"""A year's notice of days off and make-up workdays: read, said again, written."""

from collections.abc import Iterable
from datetime import date

import pytest

from forms_app.community.values import Unreadable
from forms_app.content.workdays import differences, file_content, notice_words, read_notice
from forms_app.rules.worktime import ANNOUNCED, YearWorkdays

# In the form of the State Council's notices; the days are made up.
NOTICE = """国务院办公厅关于2027年部分节假日安排的通知
国办发明电〔2026〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2027年元旦、春节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历腊月廿九、周五）至11日（农历正月初六、周四）放假调休，共7天。1月30日（周六）、2月14日（周日）上班。
三、劳动节：4月30日（周五）至5月2日（周日）放假调休，共3天。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2026年11月4日
"""


def days(*spans: tuple[int, int, int]) -> frozenset[date]:
    """Of 2027: month, first and last day of each."""
    return frozenset(
        date(2027, month, day) for month, first, last in spans for day in range(first, last + 1)
    )


OFF = days((1, 1, 3), (2, 5, 11), (4, 30, 30), (5, 1, 2))
WORK = days((1, 30, 30), (2, 14, 14))


def test_a_notice_is_read_as_it_stands() -> None:
    found = read_notice(NOTICE, 2027)
    assert (found.year.days_off, found.year.workdays) == (OFF, WORK)
    # Its own date is of none of these days, and nobody wonders where it went.
    assert found.unused == ("2026年11月4日",)


@pytest.mark.parametrize(
    ("words", "off", "work"),
    [
        ("1月1日放假", [(1, 1, 1)], []),
        ("1月1日、2日、3日放假，1月30日上班", [(1, 1, 3)], [(1, 30, 30)]),
        ("放假：1月1日到3日\n补班：1月30日、2月14日", [(1, 1, 3)], [(1, 30, 30), (2, 14, 14)]),
        ("2027-01-01至2027-01-03放假；2027/1/30 补班", [(1, 1, 3)], [(1, 30, 30)]),
        ("１月１日～３日放假", [(1, 1, 3)], []),
    ],
)
def test_it_may_be_written_otherwise(
    words: str, off: list[tuple[int, int, int]], work: list[tuple[int, int, int]]
) -> None:
    found = read_notice(words, 2027)
    assert (found.year.days_off, found.year.workdays) == (days(*off), days(*work))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("1月1日（周四）放假", "1月1日是周五，不是周四"),  # another year's notice
        ("2月30日放假", "日历上没有"),
        ("1月3日至1日放假", "从前到后对不上"),
        ("1月1日至12月31日放假", "从前到后对不上"),
        ("2026年12月31日放假", "2026-12-31不是2027年的日子"),
        ("1月1日至3日放假。1月30日", "没有写是放假还是上班"),
        ("放假安排另行通知", "没有找到放假的日子"),
        ("1月30日上班", "没有找到放假的日子"),
        ("99月99日放假", "日历上没有"),
    ],
)
def test_what_cannot_be_meant_is_told(words: str, problem: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_notice(words, 2027)
    assert problem in told.value.problem
    assert told.value.remedy


def test_a_very_long_text_is_read_in_no_time() -> None:
    for words in ("1月1日（" * 1200, "放假" * 2500, "1-" * 2500, "1月1日至" * 1000):
        with pytest.raises(Unreadable):
            read_notice(words[:5000], 2027)


@pytest.mark.parametrize("year", sorted(ANNOUNCED)[-4:])
def test_every_announced_year_is_said_so_that_it_is_read_the_same(year: int) -> None:
    assert read_notice(notice_words(ANNOUNCED[year]), year).year == ANNOUNCED[year]


def told(before: YearWorkdays | None, off: Iterable[date], work: Iterable[date]) -> dict[str, str]:
    after = YearWorkdays(frozenset(off), frozenset(work))
    return {one.label: one.words for one in differences(before, after)}


def test_what_would_change_is_said_by_day() -> None:
    assert told(None, days((1, 1, 3)), []) == {"多放假的": "1月1日（周五）至3日（周日）"}
    before = YearWorkdays(OFF, WORK)
    assert told(before, OFF, WORK) == {}
    assert told(before, OFF - days((1, 3, 3)) | days((6, 1, 1)), days((2, 14, 14))) == {
        "多放假的": "6月1日（周二）",
        "不再放假的": "1月3日（周日）",
        "不再补班的": "1月30日（周六）",
    }


def test_the_file_is_one_that_people_write() -> None:
    text = file_content(2027, YearWorkdays(days((1, 1, 2)), frozenset())).decode()
    assert text.splitlines()[1:] == [
        "days_off:", "  - 2027-01-01", "  - 2027-01-02", "workdays: []",
    ]  # fmt: skip
