"""A leader puts right by hand what was gathered, and everything after it keeps to that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, Intended, NotPossible, StaleCase, TopicUnknown
from forms_app.issues.access import Actor
from forms_app.rules.steps import Role
from forms_app.rules.topics import Change
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from forms_app.store.projects import Topic, TopicChange, TopicIssue
from tests.support.actors import CIRCLE, DAN, NOW, STELLA, WENDY, submit

pytestmark = pytest.mark.usefixtures("database")
LAMPS = (
    "3栋的路灯又不亮了，晚上走路看不见",
    "路灯坏了一个星期没人修",
    "西门那一排路灯全灭，黑漆漆的",
    "路灯修好没几天又坏了，查查线路",
)
MAHJONG = (
    "楼下麻将馆半夜还在打，吵得睡不着",
    "麻将馆开到凌晨两点，吵",
    "打麻将的声音太大，孩子睡不好",
    "架空层打麻将吵到半夜",
)
MONTH = NOW + timedelta(days=9)  # in December
NEXT = MONTH + timedelta(days=31)  # in January
FIX = Intended("project", "路灯线路改造", "jingui", "换线路。", 1_234_50, date(2027, 3, 1))
ELSE = Actor(Role.COMMUNITY_LEADER, "别处的", 99, community_id="yinxing")


def tell(texts: Sequence[str], category: str, **more: Any) -> list[str]:
    """The numbers of letters of one estate, one a week, each with an address of its own."""
    return [
        submit(
            f"{category} {week} {text}", description=text, estate_id="guiyuan", category=category,
            reporter_email=f"{category}{week}@example.com", now=NOW - timedelta(weeks=week), **more,
        ).number
        for week, text in enumerate(texts)
    ]  # fmt: skip


@pytest.fixture
def lamps() -> list[str]:
    return tell(LAMPS, "rubbish")  # there is no kind of its own for lamps here


@pytest.fixture
def mahjong() -> list[str]:
    return tell(MAHJONG, "noise")


@pytest.fixture
def topics(lamps: list[str], mahjong: list[str]) -> tuple[Topic, Topic]:
    """The one of the lamps and the one of the noise."""
    assert casework.find_topics(CIRCLE, now=MONTH) == 2
    return with_letter(lamps[0]), with_letter(mahjong[0])


def with_letter(number: str, month: str = "2026-12") -> Topic:
    found: Topic = (
        Topic.select().join(TopicIssue).join(Issue)
        .where(Issue.number == number, Topic.month == month).get()
    )  # fmt: skip
    return found


def letters(topic: Topic | int) -> set[str]:
    rows = Issue.select(Issue.number).join(TopicIssue).where(TopicIssue.topic == topic)
    return {number for (number,) in rows.tuples()}


def now_of(topic: Topic) -> Topic:
    found: Topic = Topic.get_by_id(topic.id)
    return found


def out(topic: Topic, *numbers: str, actor: Actor = DAN) -> int:
    return casework.take_out(actor, topic.id, now_of(topic).version, numbers, now=MONTH)


def put(topic: Topic, *numbers: str, actor: Actor = DAN) -> int:
    return casework.put_in(actor, topic.id, now_of(topic).version, numbers, now=MONTH)


def join(topic: Topic, other: Topic) -> None:
    casework.join_topics(DAN, topic.id, now_of(topic).version, other.id, now=MONTH)


def split(topic: Topic, *numbers: str) -> Topic:
    made = casework.split_topic(DAN, topic.id, now_of(topic).version, numbers, now=MONTH)
    return Topic.get_by_id(made)


def undo(topic: Topic, place: int = -1) -> None:
    """Takes back one of the topic's own changes, by its place in their order."""
    own = TopicChange.select().where(TopicChange.topic == topic).order_by(TopicChange.id)
    casework.undo_topic_change(DAN, topic.id, now_of(topic).version, list(own)[place].id, now=MONTH)


def open_project(topic: Topic) -> int:
    return casework.open_project(CIRCLE, DAN, topic.id, FIX, form_key=f"p{topic.id}", now=MONTH)


def test_a_letter_is_taken_out_and_the_figures_follow(
    topics: tuple[Topic, Topic], lamps: list[str]
) -> None:
    topic, _ = topics
    assert out(topic, lamps[3]) == 1
    after = now_of(topic)
    assert letters(topic) == set(lamps[:3])
    assert (after.households, after.weeks, after.rounds) == (3, 3, 3)
    assert (topic.first_on, after.first_on) == ("2026-11-02", "2026-11-09")
    assert after.version == topic.version + 1
    examples = TopicIssue.select().where(TopicIssue.topic == topic, TopicIssue.example > 0)
    assert sorted(one.example for one in examples) == [1, 2, 3]
    undo(topic)
    assert letters(topic) == set(lamps)
    assert now_of(topic).first_on == topic.first_on
    assert list(queries.broken_chains()) == []


def test_a_letter_is_put_in_also_out_of_another_topic_and_both_say_so(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    topic, other = topics
    assert put(topic, mahjong[0], lamps[0]) == 1
    assert letters(topic) == {*lamps, mahjong[0]}
    assert letters(other) == set(mahjong[1:])
    assert now_of(other).households == 3
    assert [(one.topic_id, one.event) for one in TopicChange.select().order_by(TopicChange.id)] == [
        (other.id, Change.OUT),
        (topic.id, Change.IN),
    ]
    undo(other)  # where it was taken from, it is taken back
    assert letters(topic) == set(lamps)
    assert letters(other) == set(mahjong)


def test_two_topics_become_one_and_can_be_parted(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    topic, other = topics
    join(topic, other)
    assert letters(topic) == {*lamps, *mahjong}
    assert [one.topic.id for one in queries.topics_offered(DAN)] == [topic.id]
    with pytest.raises(NotPossible):
        out(other, mahjong[0])
    with pytest.raises(NotPossible):
        join(topic, other)
    with pytest.raises(NotPossible):
        open_project(other)
    out(topic, mahjong[3])
    undo(topic, 0)
    assert letters(topic) == set(lamps)
    assert letters(other) == set(mahjong[:3])  # what was taken out meanwhile stays out
    assert len(queries.topics_offered(DAN)) == 2
    with pytest.raises(NotPossible):
        undo(topic, 0)
    undo(topic)  # parting is taken back by joining
    assert now_of(other).joined_into == topic.id


def test_some_letters_become_a_topic_of_their_own_and_come_back(
    topics: tuple[Topic, Topic], lamps: list[str]
) -> None:
    topic, _ = topics
    made = split(topic, *lamps[2:])
    assert letters(topic) == set(lamps[:2])
    assert letters(made) == set(lamps[2:])
    assert (made.month, made.community_id, made.households) == ("2026-12", "jingui", 2)
    assert made.id in [one.topic.id for one in queries.topics_offered(DAN)]
    undo(topic)
    assert letters(topic) == set(lamps)
    assert now_of(made).joined_into == topic.id


@pytest.mark.parametrize("actor", [ELSE, WENDY, replace(STELLA, community_ids=frozenset(["x"]))])
def test_only_those_may_who_may_make_a_project_of_it(
    topics: tuple[Topic, Topic], lamps: list[str], actor: Actor
) -> None:
    with pytest.raises(TopicUnknown):
        out(topics[0], lamps[0], actor=actor)
    with pytest.raises(TopicUnknown):
        put(topics[0], lamps[0], actor=actor)
    assert out(topics[0], lamps[0], actor=STELLA) == 1


def test_of_two_at_once_the_second_is_told_and_a_double_click_counts_once(
    topics: tuple[Topic, Topic], lamps: list[str]
) -> None:
    topic, _ = topics
    pressed = replace(DAN, press="once")
    casework.take_out(pressed, topic.id, 1, lamps[:1], now=MONTH)
    with pytest.raises(AlreadyMade):
        casework.take_out(pressed, topic.id, 1, lamps[:1], now=MONTH)
    with pytest.raises(StaleCase):
        casework.take_out(STELLA, topic.id, 1, lamps[1:2], now=MONTH)
    assert letters(topic) == set(lamps[1:])


def test_what_cannot_be_is_refused_and_leaves_nothing(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    topic, other = topics
    elsewhere = submit("else", description="路灯", community_id="yinxing").number
    for wrong in (
        lambda: out(topic, *lamps),
        lambda: out(topic),
        lambda: out(topic, mahjong[0]),
        lambda: out(topic, "999999"),
        lambda: out(topic, "\0"),
        lambda: put(topic, lamps[0]),
        lambda: put(topic, elsewhere),
        lambda: put(topic, *mahjong),  # all of another: that is joining
        lambda: split(topic, *lamps),
        lambda: join(topic, topic),
        lambda: undo(topic),
    ):
        with pytest.raises((NotPossible, IndexError)):
            wrong()
    assert letters(topic) == set(lamps)
    assert letters(other) == set(mahjong)
    assert TopicChange.select().count() == 0


def test_a_project_asks_whoever_is_in_it_when_it_is_done_and_then_its_letters_stay(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    topic, other = topics
    project = open_project(topic)
    before = queries.project_page(DAN, project, now=MONTH)
    assert before is not None
    assert before.before is not None
    assert before.before.with_reports == 4
    out(topic, lamps[3])
    put(topic, mahjong[0])
    page = queries.project_page(DAN, project, now=MONTH)
    assert page is not None
    assert page.before is not None
    assert (page.issues, page.before.with_reports) == (4, 3)
    with pytest.raises(NotPossible):
        join(other, topic)  # a topic with a project is joined to, never away
    assert casework.finish_project(DAN, project, 1, "线路都换了", now=MONTH) == 4
    asked = {int(one.key.split(":")[2]) for one in Notice.select().where(Notice.event == "project")}
    told = Issue.select(Issue.number).where(Issue.id.in_(asked))
    assert {number for (number,) in told.tuples()} == {*lamps[:3], mahjong[0]}
    for late in (
        lambda: out(topic, lamps[0]),
        lambda: put(topic, lamps[3]),
        lambda: put(other, lamps[0]),
        lambda: undo(topic),
        lambda: join(topic, other),
    ):
        with pytest.raises(NotPossible):
            late()


def test_the_next_month_keeps_to_what_was_put_right(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    topic, other = topics
    out(topic, lamps[3])
    put(other, lamps[3])
    assert casework.find_topics(CIRCLE, now=MONTH + timedelta(days=1)) == 0
    submit(
        "later", description="路灯今天又坏了", estate_id="guiyuan", category="rubbish",
        now=MONTH + timedelta(days=3),
    )  # fmt: skip
    assert casework.find_topics(CIRCLE, now=NEXT) == 2
    new = letters(with_letter(lamps[0], "2027-01"))
    assert new > set(lamps[:3])
    assert len(new) == 4
    assert letters(with_letter(mahjong[0], "2027-01")) == {*mahjong, lamps[3]}


def test_what_was_joined_is_one_and_what_was_split_is_two_the_next_month(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    join(*topics)
    assert casework.find_topics(CIRCLE, now=NEXT) == 1
    [topic] = Topic.select().where(Topic.month == "2027-01")
    assert letters(topic) == {*lamps, *mahjong}
    made = casework.split_topic(DAN, topic.id, 1, mahjong, now=NEXT)
    assert casework.find_topics(CIRCLE, now=NEXT + timedelta(days=31)) == 2
    again = with_letter(mahjong[0], "2027-02")
    assert letters(again) == letters(made) == set(mahjong)


def test_later_ones_are_told_by_the_letters_as_they_were_put_right(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    topic, _ = topics
    put(topic, *mahjong[:2])
    out(topic, *lamps[1:])
    project = open_project(topic)
    casework.finish_project(DAN, project, 1, "都办了", now=MONTH)
    for text, category in (("半夜麻将馆打麻将，吵得睡不着", "noise"),):
        submit(
            text, description=text, estate_id="guiyuan", category=category,
            now=MONTH + timedelta(days=10),
        )  # fmt: skip
    page = queries.project_page(DAN, project, now=MONTH + timedelta(days=30))
    assert page is not None
    assert page.after is not None
    assert page.after.with_reports == 1


def test_a_change_is_sealed(topics: tuple[Topic, Topic], lamps: list[str]) -> None:
    out(topics[0], lamps[0])
    TopicChange.update(actor_name="谁").execute()
    assert [one.kind for one in queries.broken_chains()] == ["topic_change"]


def facts_of(topic: Topic) -> queries.TopicFacts:
    page = queries.topic_page(DAN, topic.id)
    assert page is not None
    return page.topic


def offered(topic: Topic) -> dict[str, int | None]:
    """The numbers that are offered to be put in, the nearest first, and in which topic each is."""
    likely = queries.likely_letters(DAN, facts_of(topic))
    return {one.letter.number: one.topic.id if one.topic else None for one in likely}


def test_what_is_near_is_offered_and_what_was_taken_out_is_not(
    topics: tuple[Topic, Topic], lamps: list[str], mahjong: list[str]
) -> None:
    topic, other = topics
    missed = submit("m", description="路灯不亮", estate_id="guiyuan", now=NOW).number
    submit("e", description="路灯不亮", community_id="yinxing", now=NOW)
    gone = submit("g", description="路灯灭了", estate_id="guiyuan", now=NOW).number
    Issue.update(step="withdrawn").where(Issue.number == gone).execute()
    assert list(offered(topic)) == [missed]
    out(topic, lamps[3])
    assert list(offered(topic)) == [missed]
    put(other, lamps[3])
    undo(other)
    split(other, *mahjong[2:])
    put(topic, missed)
    assert offered(topic) == {}
    made = with_letter(mahjong[3])
    assert set(offered(made)) >= set(mahjong[:2])
    assert offered(made)[mahjong[0]] == other.id


def test_the_page_says_what_may_be_taken_back_and_what_may_not(
    topics: tuple[Topic, Topic], lamps: list[str]
) -> None:
    topic, other = topics
    out(topic, lamps[3])
    join(topic, other)

    def steps(of: Topic) -> list[tuple[str, bool, bool, int]]:
        page = queries.topic_by_hand(DAN, facts_of(of))
        return [(one.event, one.is_own, one.may_undo, one.count) for one in page.steps]

    assert steps(topic) == [("joined", True, True, 4), ("out", True, True, 1)]
    page = queries.topic_by_hand(DAN, facts_of(other))
    assert (page.is_open, page.joined_into and page.joined_into.id) == (False, topic.id)
    assert steps(other) == [("joined", False, False, 4)]
    undo(topic)
    assert steps(topic) == [
        ("parted", True, True, 4), ("joined", True, False, 4), ("out", True, True, 1),
    ]  # fmt: skip
    page = queries.topic_by_hand(DAN, facts_of(topic), 9)
    assert [one.number for one in page.letters] == lamps[:3]  # newest first
    assert (page.page, page.pages, page.count) == (1, 1, 3)
    assert [one.id for one in page.others] == [other.id]
    open_project(other)
    page = queries.topic_by_hand(DAN, facts_of(topic))
    assert (page.others, page.steps[0].may_undo) == ((), False)
