"""What recurs is found once a month, offered to its leaders, and becomes a project that is told."""

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, Intended, NotAllowed, NotPossible, StaleCase
from forms_app.issues.access import Actor
from forms_app.rules.steps import Role, Step
from forms_app.store.models import Issue
from forms_app.store.notices import Notice, PhoneDuty
from forms_app.store.projects import Project, ProjectEntry, Topic, TopicIssue
from tests.support.actors import CIRCLE, DAN, NOW, STELLA, WENDY, submit

pytestmark = pytest.mark.usefixtures("database")
LAMPS = (
    "3栋的路灯又不亮了，晚上走路看不见",
    "路灯坏了一个星期没人修",
    "西门那一排路灯全灭，黑漆漆的",
    "路灯修好没几天又坏了，查查线路",
)
MONTH = NOW + timedelta(days=9)  # in December
FIX = Intended(
    "project", "桂园路灯线路改造", "jingui", "换线路，装保护开关。", 1_234_50, date(2027, 3, 1)
)
# Dan's colleague in another community.
ELSE = Actor(Role.COMMUNITY_LEADER, "别处的", 99, community_id="yinxing")


@pytest.fixture
def topic() -> Topic:
    """What was found of four letters, one a week."""
    for week, text in enumerate(LAMPS):
        at = NOW - timedelta(weeks=week)
        submit(
            f"lamp {week}",
            description=text,
            reporter_email=f"{week}@example.com",
            estate_id="guiyuan",
            category="noise",
            now=at,
        )
    assert casework.find_topics(CIRCLE, now=MONTH) == 1
    found: Topic = Topic.get()
    return found


def opened(topic: Topic, actor: Actor = DAN, form_key: str = "the form", **more: Any) -> int:
    intended = replace(FIX, **more)
    return casework.open_project(CIRCLE, actor, topic.id, intended, form_key=form_key, now=MONTH)


def test_a_month_is_looked_at_once_and_offered_to_its_leaders_alone(topic: Topic) -> None:
    assert casework.find_topics(CIRCLE, now=MONTH + timedelta(days=1)) == 0
    assert (topic.households, topic.weeks, TopicIssue.select().count()) == (4, 4, 4)
    assert [one.topic.id for one in queries.topics_offered(DAN)] == [topic.id]
    assert [one.topic.id for one in queries.topics_offered(STELLA)] == [topic.id]
    for other in (ELSE, WENDY, dataclasses.replace(STELLA, community_ids=frozenset(["yinxing"]))):
        assert queries.topics_offered(other) == ()
        assert queries.topic_page(other, topic.id) is None


def test_no_sentence_of_a_resident_stands_in_a_topic(topic: Topic) -> None:
    assert not any(text in f"{topic.words}{topic.centre}" for text in LAMPS)


def test_one_press_makes_a_project_and_a_second_the_same_one(topic: Topic) -> None:
    key = opened(topic)
    assert opened(topic) == key
    with pytest.raises(NotPossible):
        opened(topic, form_key="another")
    found = queries.project_page(DAN, key, now=MONTH)
    assert found is not None
    assert found.before is not None
    assert (found.before.weeks, found.before.with_reports) == (26, 4)
    assert found.after is None


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"),
        ({"lead": "nobody"}, "lead"),
        ({"measures": ""}, "measures"),
        ({"due_on": None}, "due_on"),
        ({"due_on": date(2026, 1, 1)}, "due_on"),
        ({"budget_fen": -1}, "budget"),
        ({"kind": "else"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    topic: Topic, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(NotPossible) as refused:
        opened(topic, **more)
    assert refused.value.field == field
    assert Project.select().count() == 0


def test_a_question_for_the_handbook_needs_its_words_alone(topic: Topic) -> None:
    key = opened(topic, kind="question", lead="", measures="", due_on=None, budget_fen=0)
    found = queries.project_page(DAN, key, now=MONTH)
    assert found is not None
    assert found.before is None


def test_of_a_question_that_is_answered_no_resident_is_asked(topic: Topic) -> None:
    key = opened(topic, kind="question", lead="", measures="", due_on=None, budget_fen=0)
    assert casework.finish_project(DAN, key, 1, "写进手册了", now=MONTH) == 0
    assert not Notice.select().where(Notice.event == "project").exists()
    assert not Issue.select().where(Issue.project_asked_at.is_null(False)).exists()


def test_others_leaders_and_workers_can_do_nothing(topic: Topic) -> None:
    for other in (ELSE, WENDY):
        with pytest.raises(NotAllowed):
            opened(topic, other)
    key = opened(topic)
    for other in (ELSE, WENDY):
        with pytest.raises(casework.ProjectUnknown):
            casework.finish_project(other, key, 1, "好了", now=MONTH)


def test_a_change_stands_beside_what_it_was_and_a_stale_one_is_refused(topic: Topic) -> None:
    key = opened(topic)
    more = replace(FIX, budget_fen=2_000_00)
    casework.change_project(CIRCLE, DAN, key, 1, more, now=MONTH)
    with pytest.raises(StaleCase):
        casework.change_project(CIRCLE, DAN, key, 1, FIX, now=MONTH)
    found = queries.project_page(DAN, key, now=MONTH)
    assert found is not None
    assert found.words[-1].changed == (("budget_fen", 1_234_50, 2_000_00),)
    assert list(queries.broken_chains()) == []


def test_a_silent_change_is_found(topic: Topic) -> None:
    key = opened(topic)
    Project.update(budget_fen=1).execute()
    assert [(one.kind, one.what) for one in queries.broken_chains()] == [("project", str(key))]
    Project.update(budget_fen=FIX.budget_fen).execute()
    assert list(queries.broken_chains()) == []
    ProjectEntry.update(actor_name="谁").execute()
    assert [(one.kind, one.what) for one in queries.broken_chains()] == [("project", str(key))]


def test_when_it_is_done_all_reporters_are_told_once(topic: Topic) -> None:
    key = opened(topic)
    pressed = dataclasses.replace(DAN, press="done")
    assert casework.finish_project(pressed, key, 1, "线路都换了", now=MONTH) == 4
    with pytest.raises(AlreadyMade):
        casework.finish_project(pressed, key, 1, "线路都换了", now=MONTH)
    told = list(Notice.select().where(Notice.event == "project"))
    assert len(told) == 4
    assert len({one.recipient for one in told}) == 4


@pytest.mark.parametrize(
    "told", ["线路都换了，问小王13800001234", "3栋201门口的也换了", f"有人说：{LAMPS[1]}，换了"]
)
def test_what_all_its_reporters_read_names_nobody(topic: Topic, told: str) -> None:
    key = opened(topic)
    with pytest.raises(NotPossible) as refused:
        casework.finish_project(DAN, key, 1, told, now=MONTH)
    assert refused.value.field == "result"
    assert Project.get_by_id(key).done_at is None


def test_whoever_reported_it_again_and_again_gets_one_letter(topic: Topic) -> None:
    number = submit("twice", description="路灯", reporter_email="0@example.com")
    TopicIssue.create(topic=topic, issue=number)
    key = opened(topic)
    assert casework.finish_project(DAN, key, 1, "线路都换了", now=MONTH) == 4
    letters = Notice.select().where(Notice.event == "project", Notice.kind == "resident")
    assert letters.count() == 4


@pytest.mark.parametrize("way", ["phone", "sms"])
def test_whoever_chose_telephone_or_text_is_told_so_also_of_a_closed_one(
    topic: Topic, way: str
) -> None:
    fields = {"description": "路灯", "reporter_phone": "13800138000", "tell_by": way}
    first, number = submit("one", **fields), submit("two", **fields)
    for issue in (first, number):
        TopicIssue.create(topic=topic, issue=issue)
    Issue.update(step=Step.CLOSED.value).where(Issue.id == number).execute()
    casework.finish_project(DAN, opened(topic), 1, "线路都换了", now=MONTH)
    texts = Notice.select().where(Notice.event == "project", Notice.kind == "sms")
    duties = PhoneDuty.select().where(PhoneDuty.event == "project")
    told = [int(one.recipient) for one in texts] + [one.issue_id for one in duties]
    assert told == [number.id]  # one of the two, whose number is the same: the newest
    if way == "phone":
        casework.ring(CIRCLE, DAN, number.number, None, now=MONTH)
        assert PhoneDuty.get(PhoneDuty.event == "project").ended_by == "reached"


def test_after_it_is_done_the_weeks_with_reports_are_counted(topic: Topic) -> None:
    key = opened(topic)
    casework.finish_project(DAN, key, 1, "线路都换了", now=MONTH)
    at = MONTH + timedelta(days=10)
    submit(
        "again",
        description="路灯又坏了，晚上黑漆漆的",
        estate_id="guiyuan",
        category="noise",
        now=at,
    )
    found = queries.project_page(DAN, key, now=MONTH + timedelta(days=30))
    assert found is not None
    assert found.after is not None
    assert (found.after.weeks, found.after.with_reports) == (4, 1)
    assert found.after.bounds is not None
