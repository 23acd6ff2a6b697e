"""A leader makes a project of what recurs, changes it, and says that it is done."""

import re
from datetime import UTC, datetime
from html import unescape

from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from forms_app.store.projects import Project, Topic, TopicIssue
from tests.support.web import House, errors_on, form_on, main_of, set_topics_aside

FOUND = datetime(2026, 11, 1, tzinfo=UTC)
SAID = {
    "kind": "project",
    "title": "路灯线路改造",
    "measures": "换线路。",
    "budget": "1,234.50",
    "due_on": "2099-03-01",
}


def found(community_id: str = "jingui") -> Topic:
    """A topic of the month, of every issue there is in its community."""
    set_topics_aside(community_id)
    topic: Topic = Topic.create(
        month="2026-11", community_id=community_id, words="路灯 线路", centre="{}", place=1,
        households=3, rounds=4, weeks=3, first_on="2026-01-01", last_on="2026-10-31",
        found_at=FOUND,
    )  # fmt: skip
    for issue in Issue.select().where(Issue.community_id == community_id):
        TopicIssue.create(topic=topic, issue=issue, example=1)
    return topic


def test_what_a_project_needs_is_said_at_its_fields_and_asked_for_at_once(house: House) -> None:
    address = f"/staff/projects/topics/{found().id}"
    leader = house.staff("community_leader")
    assert main_of(leader.get(address)).count("立专项的要填") == 3
    form = form_on(leader.get(address), address)
    wrong = leader.post(address, form.filled({"kind": "project", "title": "路灯"}))
    assert set(errors_on(wrong)) == {"lead", "measures", "due_on"}
    asked = leader.submit(wrong, address, {"kind": "question"})
    assert asked.status_code == 303


def test_what_the_finder_missed_is_one_press_away(house: House) -> None:
    topic = found()
    Topic.update(estate_id="guiyuan", category="street_light").where(Topic.id == topic.id).execute()
    leader = house.staff("community_leader")
    shown = leader.get(f"/staff/projects/topics/{topic.id}").text
    [address] = re.findall(r'href="[^"]*(/staff/register\?[^"]*)"', shown)
    assert "estate=guiyuan" in address
    assert "category=street_light" in address
    assert leader.get(unescape(address)).status_code == 200


def test_what_recurs_becomes_a_project_is_changed_and_done(house: House) -> None:
    address = f"/staff/projects/topics/{found().id}"
    leader = house.staff("community_leader")
    assert "路灯、线路" in main_of(leader.get("/staff/projects"))
    form = form_on(leader.get(address), address)
    empty = leader.post(address, form.filled({"kind": "project", "title": ""}))
    assert empty.status_code == 422
    assert errors_on(empty)
    wrong = leader.post(address, form.filled(SAID | {"lead": "jingui", "budget": "一百"}))
    assert "钱数" in str(errors_on(wrong))
    answer = leader.post(address, form.filled(SAID | {"lead": "jingui"}))
    assert answer.status_code == 303
    [project] = Project.select()
    assert project.budget_fen == 123450
    page = f"/staff/projects/{project.id}"
    shown = leader.get(page)
    assert "1,234.50" in main_of(shown)
    change = form_on(shown, f"{page}/change").filled({"budget": "2000"})
    assert leader.post(f"{page}/change", change).status_code == 303
    stale = leader.post(f"{page}/change", {**change, "form_key": ["another"]})
    assert stale.status_code == 409
    shown = leader.get(page)
    assert "1,234.50 → 2,000.00" in main_of(shown)
    done = form_on(shown, f"{page}/finish").filled({"result": "都换好了"})
    assert leader.post(f"{page}/finish", done).status_code == 303
    assert leader.post(f"{page}/finish", done).status_code == 303
    assert "都换好了" in main_of(leader.get(page))
    told = [one.key for one in Notice.select().where(Notice.event == "project")]
    assert len(told) == len(set(told))


def test_it_is_the_leaders_of_that_community_alone(house: House) -> None:
    topic = found("yinxing")
    leader = house.staff("community_leader")
    assert leader.get(f"/staff/projects/topics/{topic.id}").status_code == 404
    assert leader.get("/staff/projects/1").status_code == 404
    assert house.staff("street_leader").get("/staff/projects").status_code == 200
    assert house.staff("worker").get("/staff/projects").status_code == 403


def test_a_question_for_the_handbook_is_shown_to_whoever_writes_it(house: House) -> None:
    address = f"/staff/projects/topics/{found().id}"
    asked = {"kind": "question", "title": "路灯坏了多久来修"}
    assert house.staff("community_leader").fill(address, asked, address).status_code == 303
    page = main_of(house.staff("editor").get("/staff/"))
    assert "路灯坏了多久来修" in page
    issue = Issue.get(Issue.community_id == "jingui")
    assert issue.description not in page
    Project.update(done_at=FOUND).execute()
    assert "路灯坏了多久来修" not in house.staff("editor").get("/staff/").text


def test_what_waits_for_a_leader_stands_on_the_board_until_one_is_chosen(house: House) -> None:
    leader, address = house.staff("community_leader"), f"/staff/projects/topics/{found().id}"
    assert "每月一题，等负责人挑" in main_of(leader.get("/staff/"))
    assert "每月一题，等负责人挑" not in house.staff("worker").get("/staff/").text
    leader.fill(address, SAID | {"lead": "jingui"}, address)
    assert "每月一题，等负责人挑" not in leader.get("/staff/").text


def test_an_assessment_that_waits_for_an_answer_stands_on_the_board(house: House) -> None:
    asked = {"subject": "查台账", "words": "上级要求。", "planned_on": "2026-12-01"}
    house.staff("bob").fill("/staff/two-way/new/inspection", asked)
    assert "双向考核，等答复" in main_of(house.staff("district_office").get("/staff/"))
    assert "双向考核，等答复" not in house.staff("carol").get("/staff/").text
