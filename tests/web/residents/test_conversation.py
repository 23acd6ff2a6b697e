"""A resident and the office talk on the issue's own page, and what leads back from closed."""

from io import BytesIO

import pytest
from PIL import Image

from tests.support.web import House, errors_on, form_on, main_of

CANARY = "CANARY内部的话"
QUESTION = "漏的是厨房还是厕所？"


@pytest.fixture
def number(house: House) -> str:
    return house.number("楼道灯不亮")


def a_photo() -> BytesIO:
    sent = BytesIO()
    Image.new("RGB", (40, 30), "green").save(sent, "JPEG")
    sent.seek(0)
    return sent


def test_a_question_is_answered_on_the_residents_page_with_words_and_a_photo(
    house: House, number: str
) -> None:
    worker, resident = house.staff("worker"), house.holder(number)
    assert worker.move(number, "ask", {"question": QUESTION}).status_code == 303
    page = resident.get(f"/issues/{number}")
    assert QUESTION in main_of(page)
    assert ("您的回答" in main_of(page), "想补充什么" in main_of(page)) == (True, False)
    form = form_on(page, f"/issues/{number}/reply")
    fields = {**form.filled({"text": "厕所，滴了两天。"}), "photos": [(a_photo(), "a.jpg")]}
    answer = resident.post(f"/issues/{number}/reply", fields)
    assert answer.status_code == 303
    after = resident.get(f"/issues/{number}")
    assert "社区想问您" not in main_of(after)
    assert "厕所，滴了两天。" in main_of(after)
    assert f"/issues/{number}/photos/" in after.text
    board = main_of(worker.get("/staff/"))
    assert "刚补充" in board
    case = worker.get(f"/staff/issues/{number}")
    assert "厕所，滴了两天。" in main_of(case)
    assert worker.move(number, "note", {"note": "看过了。"}).status_code == 303
    assert "刚补充" not in main_of(worker.get("/staff/"))


def test_what_the_office_asks_comes_before_what_the_page_offers(house: House) -> None:
    for resident in (house.visitor(), house.visitor()):
        number, _ = resident.report(description="9栋2单元楼道灯不亮，晚上看不见台阶。")
    house.staff("worker").move(number, "ask", {"question": QUESTION})
    told = main_of(resident.get(f"/issues/{number}"))
    assert told.index("还想问您一件事") < told.index(QUESTION)
    assert told.index(QUESTION) < told.index("已经有人反映过类似的事")
    assert told.index(QUESTION) < told.index("看看有没有新进展")


def test_a_refused_answer_is_still_called_one_and_an_addition_stands_before_what_is_only_read(
    house: House, number: str
) -> None:
    resident, action = house.holder(number), f"/issues/{number}/reply"
    told = main_of(resident.get(f"/issues/{number}"))
    assert told.index("补充情况、加照片") < told.index("办理过程") < told.index("您反映的内容")
    assert "想补充什么" in told
    house.staff("worker").move(number, "ask", {"question": QUESTION})
    refused = resident.fill(f"/issues/{number}", {"text": ""}, action)
    assert refused.status_code == 422
    assert "您的回答" in main_of(refused)


def test_an_empty_addition_is_refused_beside_its_field_and_opens_its_form(
    house: House, number: str
) -> None:
    resident = house.holder(number)
    answer = resident.fill(f"/issues/{number}", {"text": " "}, f"/issues/{number}/reply")
    assert answer.status_code == 422
    assert errors_on(answer) == {"text": "请写一句话，或者放一张照片。"}
    assert '<details class="way" open>' in answer.text


def test_a_letter_of_ten_thousand_characters_is_taken_whole(house: House, number: str) -> None:
    resident = house.holder(number)
    letter = "漏" * 10_000
    answer = resident.fill(f"/issues/{number}", {"text": letter}, f"/issues/{number}/reply")
    assert answer.status_code == 303
    assert house.entries(number)[-1].note == letter


def test_an_internal_note_is_on_no_page_but_those_of_who_may_write_one(
    house: House, number: str
) -> None:
    assert house.staff("worker").move(number, "note", {"note": CANARY}).status_code == 303
    pages = {
        "resident": house.holder(number).get(f"/issues/{number}"),
        "supervisor": house.staff("supervisor").get(f"/staff/issues/{number}"),
        "supervisor's print": house.staff("supervisor").get(f"/staff/issues/{number}/print"),
    }
    assert [name for name, page in pages.items() if CANARY in page.text] == []
    assert CANARY in house.staff("community_leader").get(f"/staff/issues/{number}").text


def test_a_stranger_adds_nothing(house: House, number: str) -> None:
    answer = house.visitor().post(f"/issues/{number}/reply", {"text": "我也来说"})
    assert answer.status_code in (403, 422)
    assert house.entries(number)[-1].move != "reply"


def test_a_closed_issue_is_judged_anew_within_a_day_and_reopened_when_it_comes_back(
    house: House,
) -> None:
    number = house.number("楼上漏水")
    resident = house.holder(number)
    address = f"/issues/{number}"
    assert resident.fill(address, {"satisfaction": "5"}, f"{address}/verdict").status_code == 303
    assert house.issue(number).step == "closed"
    assert resident.fill(address, {}, f"{address}/undo").status_code == 303
    assert house.issue(number).step == "evaluating"
    assert "上一次评价已经收回" in main_of(resident.get(address))
    assert resident.fill(address, {"satisfaction": "5"}, f"{address}/verdict").status_code == 303
    house.later(days=20)
    page = house.holder(number).get(address)
    assert "评价按错了？" not in main_of(page)
    resident = house.holder(number)
    again = resident.fill(address, {"reason": "又漏了。"}, f"{address}/reopen")
    assert again.status_code == 303
    assert "社区10分钟内答复您" in main_of(resident.get(address))
    assert (house.issue(number).step, house.issue(number).round_no) == ("collected", 2)


def test_a_verdict_entered_by_staff_is_disputed_by_its_resident(house: House) -> None:
    number = house.number("楼上漏水")
    said = {"satisfaction": "4", "asked_at": "2026-11-23T11:30", "asked_how": "电话"}
    assert house.staff("community_leader").move(number, "evaluate", said).status_code == 303
    resident = house.holder(number)
    page = main_of(resident.get(f"/issues/{number}"))
    assert "这个评价是工作人员代您记的" in page
    # Who, when and how they were asked: with the button, and in the history for good.
    told = "这是社区书记代您记的：11月23日 11:30问的您，方式是电话。"
    assert page.count(told) == 2
    sent = {"meant": "没有人问过我。"}
    answer = resident.fill(f"/issues/{number}", sent, f"/issues/{number}/dispute")
    assert answer.status_code == 303
    assert (house.issue(number).step, house.issue(number).round_no) == ("collected", 2)
    assert main_of(resident.get(f"/issues/{number}")).count(told) == 1


def test_a_telephone_inquiry_is_finished_in_one_form(house: House) -> None:
    told = {
        "description": "社区几点开门？", "community_id": "jingui", "channel": "phone",
        "nature": "inquiry", "initial_opinion": "周一到周五八点半。",
        "settles": "y", "verdict": "5",
    }  # fmt: skip
    answer = house.staff("worker").fill("/staff/issues/new", told)
    assert answer.status_code == 200, main_of(answer)
    number = house.number("社区几点开门")
    assert house.issue(number).step == "closed"
    leader = house.staff("community_leader")
    assert "刚当场答复的1件" in main_of(leader.get("/staff/"))
    back = leader.move(number, "take_back", {"reason": "没有说周末。"})
    assert back.status_code == 303
    assert house.issue(number).step == "collected"
