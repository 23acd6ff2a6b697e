"""A resident is asked on their own page whether a project made it better; so are those rung."""

from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.issues.access import Actor
from forms_app.rules.steps import Role
from forms_app.store.models import Issue
from forms_app.store.projects import Project, Topic, TopicIssue
from tests.support.web import House, form_on, main_of, set_topics_aside

DAN = Actor(Role.COMMUNITY_LEADER, "Dan", None, community_id="jingui")
BETTER, STILL = {"answer": "better"}, {"answer": "still"}


@pytest.fixture
def number(house: House) -> str:
    """An issue whose community's project was done just now."""
    set_topics_aside()
    found: Issue = Issue.select().where(
        Issue.community_id == "jingui", Issue.step == "closed"
    ).first()  # fmt: skip
    topic = Topic.create(
        month="2026-11", community_id="jingui", words="路灯", centre="{}", place=1, households=3,
        rounds=4, weeks=3, first_on="", last_on="", found_at=house.now,
    )  # fmt: skip
    TopicIssue.create(topic=topic, issue=found)
    meant = casework.Intended(
        "project", "路灯线路", "jingui", "换线路", 1, (house.now + timedelta(days=9)).date()
    )
    key = casework.open_project(house.circle, DAN, topic.id, meant, form_key="p", now=house.now)
    casework.finish_project(DAN, key, 1, "线路都换了", now=house.now)
    return str(found.number)


def told() -> tuple[int, int, int]:
    found = queries.answers_of(DAN, Project.get().id)
    assert found is not None
    return found.better, found.still, found.unanswered


def test_two_buttons_ask_and_none_of_them_is_chosen(house: House, number: str) -> None:
    holder, address = house.holder(number), f"/issues/{number}/asked-after"
    page = holder.get(f"/issues/{number}")
    assert "现在真的好了吗？" in main_of(page)
    assert "线路都换了" in main_of(page)
    empty = form_on(page, address).filled({"answer": ""})
    assert holder.post(address, empty).status_code == 422
    assert told() == (0, 0, 1)
    assert holder.fill(f"/issues/{number}", BETTER, address).status_code == 303
    assert told() == (1, 0, 0)
    again = holder.get(f"/issues/{number}")
    assert "您说：好了" in main_of(again)
    assert holder.post(address, empty | {"answer": ["worse"]}).status_code == 422


def test_pressed_twice_it_is_one_answer(house: House, number: str) -> None:
    holder, address = house.holder(number), f"/issues/{number}/asked-after"
    form = form_on(holder.get(f"/issues/{number}"), address).filled(STILL)
    assert holder.post(address, form).status_code == 303
    holder.post(address, form)
    assert told() == (0, 1, 0)
    assert [entry.move for entry in house.entries(number)].count("still") == 1
    page = main_of(holder.get(f"/issues/{number}"))
    assert "您说还有" in page
    assert "现在真的好了吗" not in page
    assert house.issue(number).step == "collected"


def test_a_page_that_was_left_open_keeps_its_sentence_when_time_is_up(
    house: House, number: str
) -> None:
    holder, address = house.holder(number), f"/issues/{number}/asked-after"
    form = form_on(holder.get(f"/issues/{number}"), address).filled(STILL)
    Issue.update(project_asked_at=house.now - timedelta(days=99)).execute()
    assert holder.post(address, form).status_code == 409
    assert told() == (0, 0, 1)
    assert "现在真的好了吗" not in main_of(holder.get(f"/issues/{number}"))


def test_staff_write_down_what_was_said_and_the_resident_reads_who_and_how(
    house: House, number: str
) -> None:
    leader = house.staff("community_leader")
    unsaid = leader.move(number, "better", {})
    assert unsaid.status_code == 422
    assert leader.move(number, "better", {"asked_by": "paper"}).status_code == 303
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "纸面，本人写的" in page
    assert "工作人员替您记的" in page
    address = f"/issues/{number}/asked-after"
    assert house.holder(number).fill(f"/issues/{number}", STILL, address).status_code == 303
    assert told() == (0, 1, 0)


def test_the_projects_page_tells_apart_who_said_what_and_who_has_not(
    house: House, number: str
) -> None:
    leader, page = house.staff("community_leader"), f"/staff/projects/{Project.get().id}"
    shown = main_of(leader.get(page))
    assert "没有回答1人" in shown.replace("\n", "").replace(" ", "")
    house.holder(number).fill(f"/issues/{number}", STILL, f"/issues/{number}/asked-after")
    shown = main_of(leader.get(page))
    assert "说还有的" in shown
    assert number in shown
    assert "没有在办" not in shown
