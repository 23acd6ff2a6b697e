"""Answers that are offered: which sentence, where it is from, and nothing is sent by itself."""

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from forms_app.formats.page_text import Section
from forms_app.store.models import Entry, Issue
from forms_app.web.search.release import Page, SearchIndex
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of, ticket_on

FIND = "/staff/issues/new/answers"
COURSE = "老年人手机课怎么报名，在哪里上"
LOST = Section("lost-ticket", "residents", "查询码丢了怎么办？", "查询码找不回来。打社区值班电话。")
OURS = Section("locked", "staff", "查询码丢了怎么办，工作人员", "只给工作人员看的。")


@pytest.fixture(autouse=True)
def handbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release in which the handbook's questions stand."""
    pages = (Page("handbook/questions/", "常见问题", "", (LOST, OURS)),)
    monkeypatch.setattr(SearchIndex, "pages", lambda _self: pages)


def asked(
    house: House, words: str, chosen: str = "", by: Visitor | None = None, **fields: str
) -> TestResponse:
    """The page of the intake with what it offers to these words, or with what was chosen."""
    worker = by or house.staff("worker")
    sent = form_on(worker.get("/staff/issues/new?channel=phone"), "/staff/issues/new")
    typed = sent.filled({"description": words, **fields})
    if chosen:
        typed["answer"] = chosen
    answer = worker.post(FIND, typed)
    assert answer.status_code == 200, errors_on(answer)
    assert flaws(answer.text) == []
    return answer


@pytest.mark.parametrize(
    ("words", "source", "sentence"),
    [
        (COURSE, "服务：老年人手机课报名", "每周二"),
        ("查询码丢了怎么办", "常见问题：查询码丢了怎么办？", "查询码找不回来"),
        ("医保怎么报销", "在别处办：", "这件事归"),
        ("工地噪音归谁管", "职责：区住建局", "施工噪音"),
    ],
)
def test_words_are_offered_with_where_they_are_from(
    house: House, words: str, source: str, sentence: str
) -> None:
    page = asked(house, words).text
    assert source in page
    assert sentence in page
    assert "只给工作人员看的" not in page


def test_nothing_that_fits_is_said_and_what_was_typed_is_kept(house: House) -> None:
    page = asked(house, "鹅鹅鹅曲项向天歌", location="桥头").text
    assert "没有找到现成的答复" in page
    assert 'value="桥头"' in page
    assert "鹅鹅鹅曲项向天歌" in page


def test_a_chosen_answer_stands_in_the_form_and_nothing_is_registered(house: House) -> None:
    before = Issue.select().count(), Entry.select().count()
    page = asked(house, COURSE).text
    key = "service:phone_class_signup"
    assert f'value="{key}"' in page
    page = asked(house, COURSE, key).text
    assert (Issue.select().count(), Entry.select().count()) == before
    assert "每周二 09:30-11:00" in page
    assert 'value="inquiry" selected' in page


def test_a_call_is_registered_answered_and_judged_by_one_person_with_eight_presses(
    house: House,
) -> None:
    """As the bench counts it: these fields are all that the pages ask for."""
    worker = house.staff("worker")
    assert len(COURSE) <= 15
    found = form_on(asked(house, COURSE, "service:phone_class_signup", worker), "/staff/issues/new")
    said = {"reporter_phone": "13800000139", "consent": "y", "verdict": "4"}
    page = worker.post("/staff/issues/new", found.filled(said))
    number = (ticket_on(page) or "")[:6]
    assert house.issue(number).step == "closed"
    assert (house.issue(number).channel, house.issue(number).nature) == ("phone", "inquiry")
    assert [entry.move for entry in house.entries(number)] == ["submit", "settle", "evaluate"]


def test_an_earlier_answer_is_offered_to_whoever_may_see_that_issue(house: House) -> None:
    worker = house.staff("worker")
    words = "楼顶太阳能热水器要不要审批"
    told = {"description": words, "channel": "phone", "nature": "inquiry", "settles": "y",
            "initial_opinion": "不用审批，和物业说一声就行。"}  # fmt: skip
    number = (ticket_on(worker.fill("/staff/issues/new", told)) or "")[:6]
    house.later(minutes=1)
    page = asked(house, "楼顶装太阳能热水器要审批吗").text
    assert f"以前的答复：问题 {number}" in page
    assert "不用审批，和物业说一声就行。" in page
    leader = house.staff("community_leader")
    assert leader.move(number, "take_back", {"reason": "还要看一下。"}).status_code == 303
    assert "不用审批" not in asked(house, "楼顶装太阳能热水器要审批吗").text


def test_on_the_page_of_an_issue_they_are_links_that_fill_the_form_in(house: House) -> None:
    number, _ = house.visitor().report(description=COURSE)
    worker = house.staff("worker")
    address = f"/staff/issues/{number}"
    assert "找现成的答复" in main_of(worker.get(address))
    page = worker.get(f"{address}?answer=")
    assert "服务：老年人手机课报名" in main_of(page)
    assert flaws(page.text) == []
    page = worker.get(f"{address}?answer=service:phone_class_signup")
    form = form_on(page, f"{address}/settle")
    assert "每周二" in form.value("outcome")
    assert form.value("nature") == "inquiry"
    assert house.issue(number).step == "collected"
    assert worker.get(f"{address}?answer=nonsense").status_code == 200


def test_without_a_question_nothing_is_looked_for(house: House) -> None:
    answer = house.staff("worker").fill("/staff/issues/new", {"channel": "phone"})
    sent = form_on(answer, "/staff/issues/new")
    refused = house.staff("worker").post(FIND, sent.filled({"description": ""}))
    assert refused.status_code == 422
    assert set(errors_on(refused)) == {"description"}


@pytest.mark.parametrize("name", ["collector", "street_leader", "supervisor", "responder"])
def test_who_may_not_answer_is_offered_nothing(house: House, name: str) -> None:
    visitor = house.staff(name)
    page = visitor.get("/staff/issues/new")
    assert "找现成的答复" not in page.text
    assert visitor.post(FIND, {"description": COURSE}).status_code == 403


def test_an_unknown_channel_in_the_address_chooses_none(house: House) -> None:
    page = house.staff("worker").get("/staff/issues/new?channel=web")
    assert form_on(page, "/staff/issues/new").value("channel") == ""


def test_answers_that_are_old_are_still_offered(house: House) -> None:
    worker = house.staff("worker")
    told = {"description": "空调外机能不能装在楼道窗外", "channel": "phone", "nature": "inquiry",
            "settles": "y", "initial_opinion": "不能，会挡消防通道。"}  # fmt: skip
    worker.fill("/staff/issues/new", told)
    Issue.update(received_at=house.now - timedelta(days=80)).where(
        Issue.description == told["description"]
    ).execute()
    assert "会挡消防通道" in asked(house, "空调外机能不能装在楼道窗外").text
