"""A year's days off: the notice put in from a browser, looked at, saved, taken back."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from forms_app.community import load
from forms_app.rules.worktime import ANNOUNCED, CalendarUnknown
from tests.content.test_workdays import NOTICE, OFF, WORK
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, main_of

NEXT = "/staff/workdays/2027"
FILE = "workdays/2027.yml"


@pytest.fixture
def admin(house: House) -> Visitor:
    assert 2027 not in ANNOUNCED, "take a year that nobody has announced yet"
    return house.staff("admin")


def text(house: House) -> str:
    path = house.settings.community_dir / FILE
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_the_next_year_is_missing_until_its_notice_is_put_in(house: House, admin: Visitor) -> None:
    listed = admin.get("/staff/workdays")
    assert flaws(listed.text) == []
    assert "2027年 还没有" in re.sub(r"\s+", " ", main_of(listed))
    assert 'href="/staff/workdays"' in admin.get("/staff/records").text
    with pytest.raises(CalendarUnknown):
        load(house.settings.community_dir).clocks.calendar.is_workday(min(OFF))
    looked = admin.fill(NEXT, {"notice": NOTICE, "press": "look"})
    assert flaws(looked.text) == []
    words = main_of(looked)
    assert "2月5日（周五）至11日（周四）放假" in words
    assert "1月30日（周六）上班" in words
    assert "没有用上的话：2026年11月4日" in words
    assert "是不是漏了几条" in words
    assert text(house) == ""
    answer = admin.submit(looked, NEXT, {"press": "save"})
    assert answer.status_code == 303, errors_on(answer)
    calendar = load(house.settings.community_dir).clocks.calendar
    assert calendar.entered[2027].days_off == OFF
    assert calendar.entered[2027].workdays == WORK
    assert not calendar.is_workday(min(OFF))
    assert "2027年 自己录入的" in re.sub(r"\s+", " ", main_of(admin.get("/staff/workdays")))
    # What is there is shown as it may be sent again, and changes nothing.
    page = admin.get(NEXT)
    before = text(house)
    assert "1月1日（周五）至3日（周日）放假" in page.text
    assert admin.submit(page, NEXT, {"press": "save"}).status_code == 303
    assert text(house) == before


def test_another_years_notice_is_refused_with_its_first_day(house: House, admin: Visitor) -> None:
    answer = admin.fill(NEXT, {"notice": NOTICE.replace("周五", "周四"), "press": "save"})
    assert answer.status_code == 422
    assert "1月1日是周五，不是周四" in errors_on(answer)["notice"]
    assert "是不是2027年的通知" in errors_on(answer)["notice"]
    assert "国办发明电" in answer.text
    answer = admin.fill(NEXT, {"notice": "1月1日放假。1月5日上班。", "press": "save"})
    assert "周一到周五" in errors_on(answer)["notice"]
    for words in ("", "长" * 5001):
        assert admin.fill(NEXT, {"notice": words, "press": "save"}).status_code == 422
    assert text(house) == ""


def test_of_two_who_save_the_second_sees_what_the_first_did(house: House, admin: Visitor) -> None:
    mine, theirs = admin.get(NEXT), house.staff("editor")
    assert theirs.fill(NEXT, {"notice": "1月1日放假", "press": "save"}).status_code == 303
    answer = admin.submit(mine, NEXT, {"notice": "1月1日至3日放假", "press": "save"})
    assert answer.status_code == 409
    assert "别人刚改过" in main_of(answer)
    assert "多放假的 1月2日（周六）至3日（周日）" in re.sub(r"\s+", " ", main_of(answer))
    assert "2027-01-02" not in text(house)
    assert admin.submit(answer, NEXT, {"press": "save"}).status_code == 303
    assert "2027-01-03" in text(house)


def test_pressed_twice_at_once_it_is_one_version(house: House, admin: Visitor) -> None:
    windows = [(one, one.get(NEXT)) for one in (admin, house.staff("admin"))]
    fields = {"notice": NOTICE, "press": "save"}
    with ThreadPoolExecutor() as pool:
        sent = [pool.submit(one.submit, page, NEXT, fields) for one, page in windows]
        assert [one.result().status_code for one in sent] == [303, 303]
    shown = main_of(admin.get("/staff/content/workdays~2027.yml"))
    assert shown.count("放假13天，补班2天") == 1


def test_what_was_there_before_comes_back_even_where_that_was_nothing(
    house: House, admin: Visitor
) -> None:
    admin.fill(NEXT, {"notice": NOTICE, "press": "save"})
    listed = admin.get("/staff/content/workdays~2027.yml")
    assert "2027年的放假和补班" in main_of(listed)
    assert "还没有录入" in main_of(listed)
    first = re.findall(r'href="(/staff/content/workdays~2027\.yml/[^"]+)"', listed.text)[-1]
    assert admin.submit(admin.get(first), first).status_code == 303
    assert not (house.settings.community_dir / FILE).exists()
    assert 2027 not in load(house.settings.community_dir).clocks.calendar.entered


@pytest.mark.parametrize("year", ["2031", "1999", "9999", "0"])
def test_no_other_year_can_be_written(admin: Visitor, year: str) -> None:
    assert admin.get(f"/staff/workdays/{year}").status_code == 404
    fields = {"csrf_token": admin.token(), "notice": "1月1日放假", "press": "save"}
    assert admin.post(f"/staff/workdays/{year}", fields).status_code == 404


@pytest.mark.parametrize("name", ["worker", "community_leader", "street_leader", "supervisor"])
def test_nobody_but_who_writes_content_may(house: House, name: str) -> None:
    other = house.staff(name)
    fields = {"csrf_token": other.token(), "notice": "1月1日放假", "press": "save"}
    assert other.get(NEXT).status_code == 403
    assert other.post(NEXT, fields).status_code == 403
    assert text(house) == ""


def test_a_year_that_the_system_brings_is_shown_and_stays_as_it_is(admin: Visitor) -> None:
    page = admin.get("/staff/workdays/2026")
    assert "这一年系统自带" in main_of(page)
    looked = admin.submit(page, "/staff/workdays/2026", {"press": "look"})
    assert "没有变化" in main_of(looked)
