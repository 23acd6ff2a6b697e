"""What is due is one press from the board, and its form asks for no more than it needs."""

import re

import pytest

from forms_app.store.accounts import Account
from forms_app.store.models import Assignment
from tests.support.web import House, errors_on

NEW, JUDGED = "电动车堵住消防通道", "楼上漏水"


def moves_on(page: str) -> list[str]:
    return re.findall(r'<details class="move" id="move-(\w+)"', page)


def opened_on(page: str) -> list[str]:
    return re.findall(r'<details class="move" id="move-(\w+)" open', page)


def test_the_board_leads_straight_to_the_form_that_is_due(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(NEW)
    board = leader.get("/staff/").text
    assert f'<a href="/staff/issues/{number}?move=classify">' in board
    # Of a verdict staff only remind: what they write down is the call.
    assert f'<a href="/staff/issues/{house.number(JUDGED)}?move=contact">' in board


def test_the_form_that_was_asked_for_stands_first_alone_open_and_takes_the_keys(
    house: House,
) -> None:
    leader, number = house.staff("community_leader"), house.number("烧烤摊油烟")
    usual = leader.get(f"/staff/issues/{number}").text
    assert moves_on(usual)[0] == "answer"
    asked = leader.get(f"/staff/issues/{number}?move=plan").text
    assert moves_on(asked)[0] == "plan"
    assert opened_on(asked) == ["plan"]
    assert re.search(r'<textarea name="plan"[^>]* autofocus', asked)
    assert asked.count(" autofocus") == 1
    assert sorted(moves_on(asked)) == sorted(moves_on(usual))
    # What one may not do, or what is no move, is what is due as ever.
    assert opened_on(leader.get(f"/staff/issues/{number}?move=resolve").text) == ["answer"]


def test_what_one_often_comes_for_is_one_press_beside_the_number(house: House) -> None:
    worker, number = house.staff("worker"), house.number("路灯杆歪了")
    page = worker.get(f"/staff/issues/{number}").text
    assert re.search(rf'case-handy">\s*<a href="/staff/issues/{number}\?move=progress">', page)
    leader = house.staff("community_leader").get(f"/staff/issues/{number}").text
    assert f'href="/staff/handover/issues/{number}">换人办</a>' in leader


def test_a_grade_and_whose_it_is_are_one_form(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(NEW)
    worker = Account.get(Account.username == "worker")
    fields = {"severity_class": "C", "urgency": "2", "lead": str(worker.id)}
    assert leader.move(number, "classify", fields).status_code == 303
    assert house.issue(number).step == "handling"
    lead = Assignment.get(Assignment.issue == house.issue(number), Assignment.is_current)
    assert lead.account == worker


def test_what_is_not_ordinary_is_graded_and_given_to_nobody(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(NEW)
    worker = Account.get(Account.username == "worker")
    fields = {"severity_class": "B", "urgency": "2", "lead": str(worker.id)}
    assert leader.move(number, "classify", fields).status_code == 303
    assert house.issue(number).step == "classified"


def test_a_grade_alone_is_as_good_and_nobody_else_is_taken(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(NEW)
    fields = {"severity_class": "C", "urgency": "2", "lead": "99999"}
    assert list(errors_on(leader.move(number, "classify", fields))) == ["classify-lead"]
    assert leader.move(number, "classify", fields | {"lead": ""}).status_code == 303
    assert house.issue(number).step == "classified"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"asked_by": "phone"}, "电话，本人"),
        ({"asked_by": "visit"}, "当面，本人"),
        ({"asked_by": "phone", "asked_how": "上门，他女儿"}, "上门，他女儿"),
        ({"asked_how": "微信，本人"}, "微信，本人"),
    ],
)
def test_how_they_were_asked_for_their_verdict_is_the_button_or_what_is_written(
    house: House, typed: dict[str, str], told: str
) -> None:
    leader, number = house.staff("community_leader"), house.number(JUDGED)
    answer = leader.move(number, "evaluate", {"satisfaction": "5"} | typed)
    assert answer.status_code == 303, errors_on(answer)
    assert house.entries(number)[-1].asked_how == told


def test_a_verdict_without_who_was_asked_or_without_what_they_said_is_none(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(JUDGED)
    answer = leader.move(number, "evaluate", {"satisfaction": "5"})
    assert answer.status_code == 422
    assert "evaluate-asked_how" in errors_on(answer)
    assert '<details class="move-more" open>' in answer.text
    answer = leader.move(number, "evaluate", {"asked_by": "phone"})
    assert "evaluate-satisfaction" in errors_on(answer)
    assert house.issue(number).step == "evaluating"


def test_the_outcome_of_a_call_is_its_button(house: House) -> None:
    worker, number = house.staff("worker"), house.number(JUDGED)
    page = worker.get(f"/staff/issues/{number}?move=contact").text
    assert re.findall(r'type="submit" name="reached" value="(\w+)"', page) == [
        "reached", "no_answer", "failed", "wrong",
    ]  # fmt: skip
    assert worker.move(number, "contact", {"reached": "no_answer"}).status_code == 303
    assert house.entries(number)[-1].note == "电话，没人接"


def test_the_list_as_it_is_shown_is_one_press_away_as_a_sheet(house: House) -> None:
    leader = house.staff("community_leader")
    page = leader.get("/staff/register?class=B&step=responding").text
    link = re.search(r'href="/staff/register\.xlsx\?([^"]+)">导出</a>', page)
    assert link is not None
    assert set(link[1].split("&amp;")) >= {"class=B", "step=responding"}
    assert leader.get("/staff/register.xlsx?" + link[1].replace("&amp;", "&")).status_code == 200
