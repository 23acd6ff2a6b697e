"""A meeting is recorded on a screen or from paper, corrected by two, printed and published."""

import re
from html import unescape

import pytest

from forms_app.store.funds import FundEntry
from forms_app.store.meetings import Meeting, MeetingEntry, MeetingItem
from forms_app.store.models import Issue
from tests.support.web import House, errors_on, form_on, main_of

NEW = "/staff/meetings/new"


def minutes() -> dict[str, str]:
    number = str(Issue.get(Issue.community_id == "jingui").number)
    return {
        "held_on": "2026-11-20", "place": "会议室（示例）", "residents": "18", "property": "1",
        "topic_1": "修桂园的路灯", "about_1": "issue", "number_1": number, "outcome_1": "agreed",
        "decision_1": "换六盏", "cost_1": "1,200.50", "result_1": "装好了", "topic_3": "加长椅",
        "outcome_3": "later", "rated_5": "11", "rated_2": "1", "is_over": "y",
    }  # fmt: skip


def test_from_the_agenda_to_the_correction(house: House) -> None:
    worker = house.staff("worker")
    before = Meeting.select().count(), MeetingEntry.select().count()
    wrong = worker.fill(NEW, minutes() | {"cost_1": "一千", "residents": "-1", "topic_1": ""}, NEW)
    assert wrong.status_code == 422
    assert {"cost_1", "residents"} <= set(errors_on(wrong))
    once = form_on(worker.get(NEW), NEW).filled(minutes())
    page = worker.post(NEW, once).headers["Location"]
    assert worker.post(NEW, once).headers["Location"] == page
    assert Meeting.select().count() == before[0] + 1
    text = main_of(worker.get(page))
    assert "1,200.50" in text
    assert "修桂园的路灯" in text
    edit = f"{page}/edit"
    first = form_on(worker.get(edit), edit).filled({"place": "小广场", "reason": "写错了"})
    late = form_on(worker.get(edit), edit).filled({"place": "活动室", "reason": "写错了"})
    assert worker.post(edit, first).status_code == 303
    assert worker.post(edit, first).status_code == 303  # pressed twice
    answer = worker.post(edit, late)
    assert answer.status_code == 409
    assert "活动室" in answer.text
    assert "小广场" in main_of(answer)
    assert MeetingEntry.select().count() == before[1] + 2
    for name in ("supervisor", "street_leader"):
        assert "小广场" in main_of(house.staff(name).get(page))
        assert house.staff(name).get(edit).status_code == 403
    assert house.staff("collector").get(page).status_code == 403


def test_the_same_meeting_by_two_colleagues_is_asked_about_before_there_are_two(
    house: House,
) -> None:
    first, second = house.staff("worker"), house.staff("community_leader")
    mine, theirs = (form_on(one.get(NEW), NEW).filled(minutes()) for one in (first, second))
    assert first.post(NEW, mine).status_code == 303
    before = Meeting.select().count()
    asked = second.post(NEW, theirs | {"decision_1": ["换十盏"]})
    assert asked.status_code == 422
    assert "修桂园的路灯" in errors_on(asked)["is_another"]
    assert form_on(asked, NEW).value("decision_1") == "换十盏"
    assert Meeting.select().count() == before
    assert second.submit(asked, NEW, {"is_another": "y"}).status_code == 303
    assert Meeting.select().count() == before + 1


def on_paper(page: str) -> dict[str, str]:
    """What stands in each box of a sheet, by the words beside it."""
    boxes = re.findall(r'<p class="paper-form-label">(.*?)</p>\s*<p>(.*?)</p>', page, re.S)
    counts = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', page, re.S)
    return {unescape(label).strip(): unescape(value).strip() for label, value in boxes + counts}


def labels(page: str) -> dict[str, str]:
    """The name of each field of the form, by its label."""
    found = re.findall(r'<label class="field-label" for="(\w+)">(.*?) ?<span', page, re.S)
    return {unescape(label).strip(): name for name, label in found}


def typed_from(paper: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    typed = {names[label]: value for label, value in paper.items() if value}
    outcomes = {"同意": "agreed", "不同意": "refused", "再议": "later"}
    for name, value in list(typed.items()):
        if name.startswith("outcome"):
            ticked = re.search("☑ (\\w+)", value)
            typed[name] = outcomes[ticked[1]] if ticked else ""
    return typed


def test_a_filled_sheet_that_is_typed_in_is_the_same_record(house: House) -> None:
    worker = house.staff("worker")
    page = worker.fill(NEW, minutes(), NEW).headers["Location"]
    blank = on_paper(worker.get("/staff/meetings/paper").text)
    names = labels(worker.get(NEW).text)
    assert set(blank) == set(names)
    assert not any(value for value in blank.values() if "□" not in value)
    sheet = worker.get(f"{page}/print").text
    typed = typed_from(on_paper(sheet), names) | {"is_over": "y"}
    assert typed["held_on"] == "2026年11月20日"  # as a browser's own field takes it, it is chosen
    typed["held_on"] = "2026-11-20"
    again = worker.submit(worker.fill(NEW, typed, NEW), NEW, {"is_another": "y"})
    assert again.status_code == 303
    assert again.headers["Location"] != page
    newest = MeetingEntry.select().order_by(MeetingEntry.id.desc())
    first, second = (row.state for row in newest.limit(2))
    assert first == second


def test_the_leader_reviews_what_the_site_says_and_takes_it_down(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bool] = []  # the site, at once: what is taken down must not stand there till night
    monkeypatch.setattr(house.app.extensions["press"], "start", lambda: made.append(True))
    worker, leader = house.staff("worker"), house.staff("community_leader")
    page = worker.fill(NEW, minutes(), NEW).headers["Location"]
    public = f"{page}/public"
    assert worker.get(public).status_code == 403
    told = {"told_1": "路灯坏了，打0797-0000-101", "told_3": "长椅下次再议"}
    assert set(errors_on(leader.fill(public, told, public))) == {"told_1"}
    assert leader.fill(public, told | {"told_1": "换六盏路灯"}, public).status_code == 303
    assert len(made) == 1
    assert "换六盏路灯" in main_of(worker.get(page))
    answer = leader.fill(page, {"reason": "写得不清楚"}, f"{page}/untell")
    assert answer.status_code == 303
    assert len(made) == 2
    assert "没有公示" in main_of(leader.get(page))


def test_what_a_meeting_agreed_to_is_chosen_in_the_book(house: House) -> None:
    house.staff("worker").fill(NEW, minutes(), NEW)
    item = str(MeetingItem.get(MeetingItem.topic == "修桂园的路灯").id)
    leader, book = house.staff("community_leader"), "/staff/funds/jingui/2026"
    grant = {"kind": "granted", "on": "2026-11-01", "amount": "9000", "words": "街道拨付"}
    assert leader.fill(book, grant, book).status_code == 303
    spent = {"kind": "spent", "on": "2026-11-21", "words": "路灯", "item": item, "receipt": "7"}
    over = leader.fill(book, spent | {"amount": "1200.51"}, book)
    assert (over.status_code, set(errors_on(over))) == (422, {"amount"})
    assert leader.fill(book, spent | {"amount": "1200.5"}, book).status_code == 303
    assert "2026年11月20日居民议事会第1项" in main_of(leader.get(book))
    public = f"{book}/public"
    lines = FundEntry.select().where(FundEntry.book_id == "jingui")
    words = {f"told_{row.id}": "修路灯的钱" for row in lines}
    assert leader.fill(public, words, public).status_code == 303
    assert "都审核过了" in main_of(leader.get(book))


def test_the_streets_own_book_is_beside_those_of_its_communities(house: House) -> None:
    street, book = house.staff("street_leader"), "/staff/funds/@/2026"
    grant = {"kind": "granted", "on": "2026-11-01", "amount": "9000", "words": "区里拨付"}
    assert street.fill(book, grant, book).status_code == 303
    number = str(Issue.get(Issue.community_id == "yinxing").number)
    spent = grant | {
        "kind": "spent", "amount": "5", "about": "issue", "number": number, "decided": "街道办公会",
        "receipt": "1",
    }  # fmt: skip
    assert street.fill(book, spent, book).status_code == 303
    text = main_of(street.get("/staff/funds"))
    assert "88,995.00" in text
    assert "各社区合计" in text
    assert "88,995.00" in main_of(house.staff("supervisor").get("/staff/funds"))
    assert house.staff("community_leader").get(book).status_code == 404
