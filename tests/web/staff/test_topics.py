"""A leader puts right on a topic's page what was gathered, with ticks alone."""

from collections.abc import Iterable

import pytest
from werkzeug.test import TestResponse

from forms_app.store.models import Issue
from forms_app.store.projects import Topic, TopicChange, TopicIssue
from tests.support.web import House, Visitor, errors_on, form_on, main_of, set_topics_aside
from tests.web.staff.test_projects import FOUND, SAID


def topic_of(issues: Iterable[Issue], words: str, place: int = 1) -> Topic:
    """A topic of the month, of these issues."""
    topic: Topic = Topic.create(
        month="2026-11", community_id="jingui", words=words, centre="{}", place=place,
        households=3, rounds=4, weeks=3, first_on="2026-01-01", last_on="2026-10-31",
        found_at=FOUND,
    )  # fmt: skip
    for place, issue in enumerate(issues, 1):
        TopicIssue.create(topic=topic, issue=issue, example=place if place < 4 else 0)
    return topic


@pytest.fixture
def here(house: House) -> list[Issue]:
    """The issues of the leader's community, oldest first."""
    assert house
    set_topics_aside()
    return list(Issue.select().where(Issue.community_id == "jingui").order_by(Issue.id))


@pytest.fixture
def topics(here: list[Issue]) -> tuple[Topic, Topic]:
    return topic_of(here[:4], "路灯 线路"), topic_of(here[4:6], "麻将", 2)


@pytest.fixture
def leader(house: House) -> Visitor:
    return house.staff("community_leader")


def at(topic: Topic, what: str = "") -> str:
    return f"/staff/projects/topics/{topic.id}{what}"


def press(
    leader: Visitor, topic: Topic, what: str, page: str = "", **fields: object
) -> TestResponse:
    """Fills in the form of a topic's page that goes there and presses its button."""
    shown = leader.get(at(topic, page))
    return leader.post(at(topic, what), form_on(shown, at(topic, what)).filled(fields))  # type: ignore[arg-type]


def numbers_in(topic: Topic) -> set[str]:
    rows = Issue.select(Issue.number).join(TopicIssue).where(TopicIssue.topic == topic)
    return {number for (number,) in rows.tuples()}


def test_the_sample_offers_a_matter_with_one_line_that_is_not_of_it(house: House) -> None:
    leader = house.staff("community_leader")
    listed = leader.get("/staff/projects")
    assert "还没有找到" not in main_of(listed)
    assert "每月一题，等负责人挑" in main_of(leader.get("/staff/"))
    topic = Topic.get(Topic.place == 1)
    assert (topic.estate_id, topic.households) == ("lingxiu", 9)
    number = house.number("小广告")
    assert number in numbers_in(topic)
    assert press(leader, topic, "/letters", numbers=[number], act="out").status_code == 303
    # The mark that all of a sample's letters carry is not what they have in common.
    assert "示例" not in str(Topic.get_by_id(topic.id).words)
    assert house.number("天天爬十一楼") not in numbers_in(topic)


def test_ticked_ones_are_taken_out_and_put_back_by_one_press(
    leader: Visitor, topics: tuple[Topic, Topic], here: list[Issue]
) -> None:
    topic, _ = topics
    answer = press(leader, topic, "/letters", numbers=[here[0].number], act="out")
    assert answer.status_code == 303
    page = leader.get(at(topic))
    assert "拿出去1件" in main_of(page)
    assert here[0].number not in numbers_in(topic)
    assert "反映3件" in main_of(page)
    change = form_on(page, at(topic, "/undo")).options("change")[0]
    assert press(leader, topic, "/undo", change=change).status_code == 303
    assert here[0].number in numbers_in(topic)
    assert "放进来1件" in main_of(leader.get(at(topic)))


def test_what_is_missing_is_put_in_by_ticks_and_by_numbers(
    leader: Visitor, topics: tuple[Topic, Topic], here: list[Issue]
) -> None:
    topic, other = topics
    typed = f"编号{here[6].number}、 {here[7].number}"
    answer = press(leader, topic, "/more", "/more", typed=typed)
    assert answer.status_code == 303
    assert {here[6].number, here[7].number} <= numbers_in(topic)
    # Now the centre is theirs, and what is like them is offered, also out of the other one.
    shown = leader.get(at(topic, "/more"))
    offered = form_on(shown, at(topic, "/more")).options("numbers")
    assert offered
    assert numbers_in(topic).isdisjoint(offered)
    assert press(leader, topic, "/more", "/more", numbers=offered[:1]).status_code == 303
    assert offered[0] in numbers_in(topic)
    moved = press(leader, topic, "/more", "/more", typed=here[4].number)
    assert moved.status_code == 303
    assert numbers_in(other) == {here[5].number}


@pytest.mark.parametrize(
    ("what", "page", "fields", "errors"),
    [
        ("/letters", "", {}, {"letters-numbers"}),
        ("/more", "/more", {}, {"numbers"}),
        ("/more", "/more", {"typed": "路灯"}, {"typed"}),
        ("/more", "/more", {"typed": "999999"}, {"typed"}),
        ("/more", "/more", {"typed": "1 " * 21}, {"typed"}),
        ("/join", "", {}, {"join-other"}),
    ],
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    leader: Visitor,
    topics: tuple[Topic, Topic],
    what: str,
    page: str,
    fields: dict[str, str],
    errors: set[str],
) -> None:
    answer = press(leader, topics[0], what, page, **fields)
    assert answer.status_code == 422
    assert set(errors_on(answer)) == errors
    assert "还差" in main_of(answer)


def test_two_become_one_and_are_parted_again(leader: Visitor, topics: tuple[Topic, Topic]) -> None:
    topic, other = topics
    assert press(leader, topic, "/join", other=str(other.id)).status_code == 303
    assert at(other) not in leader.get("/staff/projects").text
    joined = main_of(leader.get(at(other)))
    assert "已经并到另一件里" in joined
    assert "办彻底" not in joined
    change = form_on(leader.get(at(topic)), at(topic, "/undo")).options("change")[0]
    assert press(leader, topic, "/undo", change=change).status_code == 303
    assert len(numbers_in(other)) == 2
    assert at(other) in leader.get("/staff/projects").text


def test_ticked_ones_become_a_topic_of_their_own(
    leader: Visitor, topics: tuple[Topic, Topic], here: list[Issue]
) -> None:
    topic, _ = topics
    ticked = [here[0].number, here[1].number]
    answer = press(leader, topic, "/letters", numbers=ticked, act="split")
    made = Topic.select().order_by(Topic.id.desc()).first()
    assert answer.headers["Location"].endswith(at(made))
    assert numbers_in(made) == set(ticked)
    assert "分出来" in main_of(leader.get(at(made)))


def test_of_two_leaders_the_second_keeps_their_ticks_and_a_double_click_counts_once(
    house: House, leader: Visitor, topics: tuple[Topic, Topic], here: list[Issue]
) -> None:
    topic, _ = topics
    street = house.staff("street_leader")
    late = form_on(street.get(at(topic)), at(topic, "/letters")).filled(
        {"numbers": [here[1].number], "act": "out"}
    )
    first = form_on(leader.get(at(topic)), at(topic, "/letters")).filled(
        {"numbers": [here[0].number], "act": "out"}
    )
    for _ in range(2):
        assert leader.post(at(topic, "/letters"), first).status_code == 303
    assert TopicChange.select().count() == 1
    refused = street.post(at(topic, "/letters"), late)
    assert refused.status_code == 409
    again = form_on(refused, at(topic, "/letters"))
    assert again.sent.getlist("numbers") == [here[1].number]
    assert street.post(at(topic, "/letters"), again.filled({"act": "out"})).status_code == 303
    assert numbers_in(topic) == {here[2].number, here[3].number}


def test_other_ticks_on_the_page_that_the_back_button_brought_are_not_lost(
    leader: Visitor, topics: tuple[Topic, Topic], here: list[Issue]
) -> None:
    topic, _ = topics
    form = form_on(leader.get(at(topic)), at(topic, "/letters"))
    first = {"numbers": [here[0].number], "act": "out"}
    assert leader.post(at(topic, "/letters"), form.filled(first)).status_code == 303
    second = {"numbers": [here[1].number], "act": "out"}
    refused = leader.post(at(topic, "/letters"), form.filled(second))
    assert refused.status_code == 409
    again = form_on(refused, at(topic, "/letters"))
    assert again.sent.getlist("numbers") == second["numbers"]
    assert leader.post(at(topic, "/letters"), again.filled({"act": "out"})).status_code == 303
    assert numbers_in(topic) == {here[2].number, here[3].number}


def test_what_is_no_number_is_refused(leader: Visitor, topics: tuple[Topic, Topic]) -> None:
    topic, _ = topics
    form = form_on(leader.get(at(topic)), at(topic, "/letters"))
    for wrong in ("\0", "x' OR 1", "9" * 5000):
        answer = leader.post(at(topic, "/letters"), form.filled({"numbers": [wrong]}))
        assert answer.status_code == 422
    assert TopicChange.select().count() == 0


def test_back_and_reload_lead_to_the_page(leader: Visitor, topics: tuple[Topic, Topic]) -> None:
    for what in ("letters", "join", "undo"):
        answer = leader.get(at(topics[0], f"/{what}"))
        assert (answer.status_code, answer.headers["Location"]) == (303, at(topics[0]))


def test_a_project_that_is_done_leaves_nothing_to_change(
    leader: Visitor, topics: tuple[Topic, Topic], here: list[Issue]
) -> None:
    topic, _ = topics
    shown = leader.get(at(topic))
    before = form_on(shown, at(topic, "/letters")).filled({"numbers": [here[0].number]})
    opened = leader.fill(at(topic), SAID | {"lead": "jingui"}, at(topic))
    project = opened.headers["Location"]
    assert form_on(leader.get(at(topic)), at(topic, "/letters"))  # until it is done
    leader.fill(project, {"result": "换好了"}, f"{project}/finish")
    refused = leader.post(at(topic, "/letters"), before)
    assert refused.status_code == 422
    assert "已经办完" in main_of(refused)
    assert "拿出去" not in main_of(leader.get(at(topic)))
    assert leader.get(at(topic, "/more")).status_code == 303
    assert numbers_in(topic) == {one.number for one in here[:4]}


def test_others_find_nothing_and_workers_may_not(house: House, topics: tuple[Topic, Topic]) -> None:
    for what in ("/letters", "/more", "/join", "/undo"):
        erin, worker = house.staff("erin"), house.staff("worker")
        fields = {"csrf_token": erin.token()}
        assert erin.post(at(topics[0], what), fields).status_code == 404
        fields = {"csrf_token": worker.token()}
        assert worker.post(at(topics[0], what), fields).status_code == 403


def test_two_hundred_letters_are_pages_that_stay_small(leader: Visitor, here: list[Issue]) -> None:
    columns = {name: value for name, value in here[0].__data__.items() if name != "id"}
    many = [
        Issue.create(
            **columns
            | {"number": f"27{place:04}", "form_key_hash": f"{place}", "description": "路" * 500}
        )
        for place in range(200)
    ]
    topic = topic_of(many, "路灯")
    page = leader.get(at(topic))
    assert len(page.data) < 35_000
    assert "第1页，共10页" in main_of(page)
    last = leader.get(f"{at(topic)}?page=10")
    wanted = form_on(last, f"{at(topic)}/letters?page=10").options("numbers")
    assert len(wanted) == 20
    assert "第10页" in main_of(leader.get(f"{at(topic)}?page=99"))
    assert leader.get(f"{at(topic)}?page=x").status_code == 200
    ticked = form_on(last, f"{at(topic)}/letters?page=10").filled({"numbers": wanted, "act": "out"})
    answer = leader.post(f"{at(topic)}/letters?page=10", ticked)
    assert answer.headers["Location"] == f"{at(topic)}?page=10"
    assert "第9页，共9页" in main_of(leader.get(answer.headers["Location"]))


def test_two_matters_in_one_are_parted_by_looking_and_one_press(
    leader: Visitor, here: list[Issue]
) -> None:
    pumps, lorries = here[:7], here[7:14]
    for told, text in ((pumps, "泵房的水泵整夜嗡嗡响"), (lorries, "凌晨货车卸货，哐哐响")):
        for issue in told:
            Issue.update(description=text).where(Issue.id == issue.id).execute()
    topic = topic_of([*pumps, *lorries[:6]], "水泵 货车")
    asked = leader.get(at(topic))
    assert f'href="{at(topic)}?half=1#letters"' in asked.text
    shown = leader.get(at(topic, "?half=1"))
    assert "一半7件" in main_of(shown)
    assert "另一半6件" in main_of(shown)
    ticked = form_on(shown, at(topic, "/letters?half=1")).filled({"act": "split"})
    assert set(ticked["numbers"]) == {one.number for one in lorries[:6]}
    answer = leader.post(at(topic, "/letters?half=1"), ticked)
    assert answer.status_code == 303
    assert numbers_in(topic) == {one.number for one in pumps}
    made = Topic.select().order_by(Topic.id.desc()).get()
    assert numbers_in(made) == {one.number for one in lorries[:6]}


def test_halves_that_are_not_there_are_told_and_a_refusal_keeps_the_ticks(
    leader: Visitor, here: list[Issue]
) -> None:
    Issue.update(description="泵房的水泵整夜嗡嗡响").where(Issue.id.in_(here[:13])).execute()
    topic = topic_of(here[:13], "水泵")
    assert "分不出两半" in main_of(leader.get(at(topic, "?half=1")))
    Issue.update(description="凌晨货车卸货，哐哐响").where(Issue.id.in_(here[7:13])).execute()
    shown = leader.get(at(topic, "?half=1"))
    form = form_on(shown, at(topic, "/letters?half=1"))
    refused = leader.post(at(topic, "/letters?half=1"), form.filled({"numbers": [], "act": "out"}))
    assert refused.status_code == 422
    assert "请先勾选" in main_of(refused)
    assert "一半7件" in main_of(refused)
    # Few letters are ticked by hand.
    few = topic_of(here[:3], "水泵", 2)
    assert "?half=1" not in leader.get(at(few)).text
