"""The call log: one press, and what it saves somebody from writing twice."""

import pytest

from forms_app.store.models import ContactAttempt, Issue
from tests.support.web import House, Visitor, errors_on, form_on, main_of

WORDS = "楼上漏水"  # waits for its verdict


def call(house: House, name: str, outcome: str, words: str = "", how: str = "phone") -> None:
    number = house.number(WORDS)
    answer = house.staff(name).move(
        number, "contact", {"reached": outcome, "how": how, "words": words}
    )
    assert answer.status_code == 303, errors_on(answer)


def tried(house: House, number: str) -> list[tuple[str, str]]:
    rows = ContactAttempt.select().where(ContactAttempt.issue == house.issue(number))
    return [(row.tried_on, row.how) for row in rows.order_by(ContactAttempt.id)]


def value_of(visitor: Visitor, number: str, move: str, field: str) -> str:
    page = visitor.get(f"/staff/issues/{number}")
    return str(form_on(page, f"/staff/issues/{number}/{move}").value(field))


def test_a_try_in_vain_is_noted_with_the_time_and_told_to_no_resident(house: House) -> None:
    number = house.number(WORDS)
    call(house, "worker", "no_answer")
    assert tried(house, number) == [("2026-11-23", "电话")]
    entry = house.entries(number)[-1]
    assert (entry.note, entry.made_at, entry.resident_line) == ("电话，没人接", house.now, "")
    assert "没人接" in main_of(house.staff("worker").get(f"/staff/issues/{number}"))
    assert "没人接" not in main_of(house.holder(number).get(f"/issues/{number}"))
    assert "没人接" not in main_of(house.staff("supervisor").get(f"/staff/issues/{number}"))


def test_whoever_left_no_way_to_be_reached_is_set_aside_after_a_week_with_one_press(
    house: House,
) -> None:
    number = house.number(WORDS)
    Issue.update(reporter_phone="", reporter_email="").where(Issue.number == number).execute()
    leader = house.staff("community_leader")
    path = f"/staff/issues/{number}"
    fields = {"tried_on_1", "how_1", "tried_on_3", "how_3"}
    assert fields <= form_on(leader.get(path), f"{path}/shelve").names
    house.later(days=8)
    leader = house.staff("community_leader")
    page = leader.get(path)
    assert "没有留下联系方式，请评价以后一直没有回音" in main_of(page)
    assert fields.isdisjoint(form_on(page, f"{path}/shelve").names)
    assert leader.submit(page, f"{path}/shelve").status_code == 303
    assert house.issue(number).step == "shelved"
    assert "没有留下联系方式" in main_of(leader.get(path))


def test_a_way_that_is_left_meanwhile_asks_for_the_tries(house: House) -> None:
    number = house.number(WORDS)
    Issue.update(reporter_phone="", reporter_email="").where(Issue.number == number).execute()
    house.later(days=8)
    leader = house.staff("community_leader")
    page = leader.get(f"/staff/issues/{number}")
    Issue.update(reporter_phone="13800138000").where(Issue.number == number).execute()
    answer = leader.submit(page, f"/staff/issues/{number}/shelve")
    assert answer.status_code == 422
    assert "请写明怎么联系的" in main_of(answer)
    assert house.issue(number).step == "evaluating"


def test_three_tries_on_three_days_fill_in_what_shelving_asks_for(house: House) -> None:
    number = house.number(WORDS)
    for how in ("phone", "visit", "message"):
        call(house, "worker", "no_answer", how=how)
        house.later(days=1)
    leader = house.staff("community_leader")
    assert value_of(leader, number, "shelve", "tried_on_1") == "2026-11-23"
    assert value_of(leader, number, "shelve", "how_2") == "上门"
    answer = leader.submit(leader.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/shelve")
    assert answer.status_code == 303
    assert house.issue(number).step == "shelved"
    # Each try is there once.
    assert [how for _, how in tried(house, number)] == ["电话", "上门", "短信"]


def test_who_was_reached_need_not_be_dated_again_for_their_verdict(house: House) -> None:
    number = house.number(WORDS)
    call(house, "worker", "reached", "不漏了，谢谢。", "wechat")
    assert tried(house, number) == []
    leader = house.staff("community_leader")
    assert value_of(leader, number, "evaluate", "asked_at") == "2026-11-23T12:00"
    assert value_of(leader, number, "evaluate", "asked_how") == "微信"
    house.later(minutes=5)
    answer = leader.submit(
        leader.get(f"/staff/issues/{number}"),
        f"/staff/issues/{number}/evaluate",
        {"satisfaction": "5"},
    )
    assert answer.status_code == 303, errors_on(answer)
    assert house.issue(number).step == "closed"


@pytest.mark.parametrize(
    "typed", [{}, {"reached": "x", "how": "phone"}, {"reached": "failed", "how": "x"}]
)
def test_what_is_no_choice_is_no_call(house: House, typed: dict[str, str]) -> None:
    number = house.number(WORDS)
    assert house.staff("worker").move(number, "contact", typed).status_code == 422
    assert tried(house, number) == []


def test_a_call_before_there_is_anything_to_judge_counts_for_no_shelving(house: House) -> None:
    number = house.number("楼道灯不亮")
    fields = {"reached": "failed", "how": "phone"}
    assert house.staff("worker").move(number, "contact", fields).status_code == 303
    assert tried(house, number) == []
