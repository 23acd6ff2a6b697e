"""Residents' meetings: recorded once, corrected beside, paid for as was agreed, told of."""

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import (
    AgendaItem,
    AlreadyMade,
    MeetingUnknown,
    Minutes,
    NotAllowed,
    NotPossible,
    Spending,
    StaleCase,
)
from forms_app.issues.access import Actor
from forms_app.issues.meetings import may_read_meetings, meetings_seen
from forms_app.rules.meetings import satisfied_tenths
from forms_app.rules.steps import Role
from forms_app.store.meetings import Meeting, MeetingEntry
from forms_app.store.models import Entry, Issue
from tests.support.actors import ALICE, BOB, CIRCLE, DAN, FIRST, NOW, STELLA, SUNNY, WENDY, submit

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 11, 20)
LAMPS = AgendaItem("修桂园的路灯", f"issue:{FIRST}", "agreed", "换六盏，下个月装好", 1_000_00)
BENCH = AgendaItem("加两张长椅", "", "later", "", 0)
ELSE = Actor(Role.COMMUNITY_LEADER, "别处的", 99, community_id="yinxing")


def minutes(**more: Any) -> Minutes:
    items = {1: LAMPS, 2: BENCH}
    came = {"residents": 20, "property": 1}
    return replace(Minutes(DAY, "会议室", items, came, {"5": 9, "1": 2}), **more)


def recorded(actor: Actor = WENDY, key: str = "the form", **more: Any) -> int:
    return casework.record_meeting(
        CIRCLE, actor, "jingui", minutes(**more), form_key=key, now=NOW
    )  # fmt: skip


def changed(key: int, version: int, actor: Actor = WENDY, reason: str = "", **more: Any) -> None:
    casework.change_meeting(actor, key, version, minutes(**more), reason, now=NOW)


def page(key: int, actor: Actor = DAN) -> queries.MeetingPage:
    found = queries.meeting_page(actor, key)
    assert found is not None
    return found


def test_a_form_that_is_sent_twice_is_one_record_and_touches_no_issue() -> None:
    before = list(Entry.select().tuples()), list(Issue.select().tuples())
    assert recorded() == recorded()
    assert Meeting.select().count() == 1
    assert before == (list(Entry.select().tuples()), list(Issue.select().tuples()))
    assert list(queries.broken_chains()) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"place": " "}, "place"), ({"items": {}}, "topic_1"),
        ({"items": {1: replace(LAMPS, topic="")}}, "topic_1"),
        ({"items": {3: replace(LAMPS, decision="")}}, "decision_3"),
        ({"items": {1: LAMPS, 2: replace(BENCH, cost_fen=1)}}, "cost_2"),
        ({"items": {1: LAMPS, 2: replace(BENCH, outcome="maybe")}}, "outcome_2"),
        ({"items": {1: LAMPS, 2: replace(LAMPS, topic="又一次")}}, "about_2"),
        ({"items": {1: replace(LAMPS, about="issue:000000")}}, "number_1"),
        ({"items": {1: replace(LAMPS, about="project:7")}}, "about_1"),
        ({"items": {1: replace(LAMPS, about="activity:choir")}}, "about_1"),
        ({"items": {1: replace(LAMPS, cost_fen=-1)}}, "cost_1"),
        ({"items": {7: LAMPS}}, ""), ({"attended": {"alice": 1}}, ""),
        ({"attended": {"residents": -1}}, ""), ({"rated": {"6": 1}}, ""),
        ({"attended": {}}, "residents"), ({"rated": {"5": 22}}, "rated_5"),
        ({"held_on": date(2026, 12, 24)}, "held_on"),
        ({"is_over": True, "items": {1: LAMPS}}, "result_1"),
        ({"is_over": True, "items": {1: replace(BENCH, outcome="")}}, "outcome_1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_before_it_is_saved(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(NotPossible) as refused:
        recorded(**wrong)
    assert refused.value.field == field
    assert not Meeting.select().exists()


def test_before_the_meeting_its_agenda_is_enough() -> None:
    coming = {"held_on": date(2026, 12, 24), "attended": {}, "rated": {}}
    key = recorded(items={1: AgendaItem("修路灯")}, **coming)
    assert page(key).items[0].outcome == ""


def test_a_change_stands_beside_what_it_was_and_of_two_at_once_the_second_is_told() -> None:
    key = recorded()
    changed(key, 1, items={1: LAMPS, 2: replace(BENCH, outcome="refused")})
    with pytest.raises(StaleCase):
        changed(key, 1, place="别处")
    with pytest.raises(NotPossible, match="什么也没有改"):
        changed(key, 2, items={1: LAMPS, 2: replace(BENCH, outcome="refused")})
    assert page(key).words[-1].changed == ((2, "outcome", "later", "refused"),)
    pressed = dataclasses.replace(WENDY, press="once")
    changed(key, 2, pressed, place="小广场")
    with pytest.raises(AlreadyMade):
        changed(key, 3, pressed, place="小广场")
    assert MeetingEntry.select().count() == 3
    assert list(queries.broken_chains()) == []


def test_what_was_on_the_agenda_is_not_taken_off_it() -> None:
    key = recorded()
    with pytest.raises(NotPossible) as refused:
        changed(key, 1, items={1: LAMPS})
    assert refused.value.field == "topic_2"


def test_what_is_over_is_corrected_with_a_reason() -> None:
    done = {"items": {1: replace(LAMPS, result="装好了")}, "is_over": True}
    key = recorded(**done)
    assert page(key).words[-1].event == "opened"
    with pytest.raises(NotPossible) as refused:
        changed(key, 1, **done, place="小广场")
    assert refused.value.field == "reason"
    changed(key, 1, DAN, "写错了地方", **done, place="小广场")
    last = page(key).words[-1]
    assert (last.event, last.reason) == ("corrected", "写错了地方")
    assert last.changed == ((0, "place", "会议室", "小广场"),)


def test_no_more_is_spent_than_was_agreed_to_and_the_meeting_shows_it() -> None:
    key = recorded()
    (item, _) = page(key).items
    seen = 0

    def spend(fen: int, item_id: int | None = item.id, kind: str = "spent") -> int:
        line = Spending(kind, DAY, "路灯", fen, "", "", f"no {seen} {fen}", item_id)
        return casework.add_fund_entry(
            CIRCLE, DAN, "jingui", seen, line, form_key=f"{seen} {fen}", now=NOW
        )

    spend(9_000_00, None, "granted")
    seen = 1
    spend(600_00)
    seen = 2
    last = spend(400_00)
    seen = 3
    with pytest.raises(NotPossible) as refused:
        spend(1)
    assert refused.value.field == "amount"
    with pytest.raises(NotPossible) as refused:
        casework.correct_fund_entry(
            DAN, "jingui", 3, last, 400_01, "少记了", form_key="c", now=NOW
        )  # fmt: skip
    assert refused.value.field == "right"
    casework.correct_fund_entry(DAN, "jingui", 3, last, 300_00, "多记了", form_key="d", now=NOW)
    assert page(key).items[0].spent_fen == 900_00
    book = queries.fund_book(DAN, "jingui", 2026)
    assert book is not None
    assert (book.lines[1].decided, book.lines[1].about) == (
        "2026年11月20日居民议事会第1项", f"issue:{FIRST}"
    )  # fmt: skip
    with pytest.raises(NotPossible) as refused:
        changed(key, 1, items={1: replace(LAMPS, cost_fen=899_99), 2: BENCH})
    assert refused.value.field == "cost_1"
    for wrong in (page(key).items[1].id, 99):
        seen = 4
        with pytest.raises(NotPossible) as refused:
            spend(1_00, wrong)
        assert refused.value.field == "item"


def test_each_reads_and_writes_what_is_theirs_by_either_reading_of_the_rule() -> None:
    key = recorded()
    west = dataclasses.replace(STELLA, community_ids=frozenset({"yinxing"}))
    overseer = dataclasses.replace(SUNNY, community_ids=frozenset({"yinxing"}))
    for actor in (DAN, WENDY, STELLA, SUNNY, west, overseer, ELSE, BOB, ALICE):
        rows = Meeting.select().where(meetings_seen(actor, Meeting.community_id))
        assert bool(rows.exists()) is may_read_meetings(actor, "jingui"), actor.name
        assert (queries.meeting_page(actor, key) is not None) is bool(rows.exists())
    for actor in (STELLA, SUNNY):
        with pytest.raises(NotAllowed):
            recorded(actor, "another")
        with pytest.raises(NotAllowed):
            changed(key, 1, actor, place="别处")
    for actor in (west, overseer, ELSE, BOB, ALICE):
        with pytest.raises(MeetingUnknown):
            changed(key, 1, actor, place="别处")
    with pytest.raises(NotAllowed):
        casework.tell_of_meeting(CIRCLE, WENDY, key, 1, {1: "灯", 2: "椅"}, now=NOW)


def test_only_reviewed_words_are_told_and_a_correction_waits_for_its_review() -> None:
    key = recorded()
    words = {1: "修好一处路灯", 2: "加长椅的事下次再议"}
    assert queries.published_meetings() == []
    casework.tell_of_meeting(CIRCLE, DAN, key, 1, words, now=NOW)
    (told,) = queries.published_meetings()
    assert told == {
        "community_id": "jingui", "held_on": "2026-11-20", "attended": 21, "satisfied_tenths": 8,
        "items": [
            {"place": 1, "told": words[1], "outcome": "agreed", "cost_fen": 1_000_00},
            {"place": 2, "told": words[2], "outcome": "later", "cost_fen": 0},
        ],
    }  # fmt: skip
    assert page(key).is_told_as_it_stands
    changed(key, 2, items={1: replace(LAMPS, cost_fen=5), 2: BENCH})
    assert queries.published_meetings() == [told]
    assert not page(key).is_told_as_it_stands
    casework.take_down_meeting(DAN, key, 3, "写得不清楚", now=NOW)
    assert queries.published_meetings() == []


LETTER = "楼道里的灯坏了一个多星期，晚上上楼看不见"


@pytest.mark.parametrize(
    "words", ["", "打 0797-0000-199", "3栋2单元", f"{DAN.name}说修", "反映人爱丽丝", LETTER[3:15]]
)
def test_no_name_phone_door_or_sentence_of_anybody_is_told(words: str) -> None:
    number = submit("letter", description=LETTER, reporter_name="爱丽丝").number
    key = recorded(items={1: replace(LAMPS, about=f"issue:{number}")})
    with pytest.raises(NotPossible) as refused:
        casework.tell_of_meeting(CIRCLE, DAN, key, 1, {1: words}, now=NOW)
    assert refused.value.field == "told_1"


def test_of_a_few_opinions_none_is_told_and_nothing_is_divided_by_nothing() -> None:
    levels = frozenset({3, 4, 5})
    assert satisfied_tenths({}, levels) is None
    assert satisfied_tenths({"5": 9}, levels) is None
    assert satisfied_tenths({"5": 9, "1": 1}, levels) == 9
    assert satisfied_tenths({"1": 10}, levels) == 0


def test_a_meeting_of_tomorrow_is_not_told_of() -> None:
    coming = {"held_on": DAY + timedelta(days=9), "attended": {}, "rated": {}}
    key = recorded(items={1: AgendaItem("修路灯")}, **coming)
    with pytest.raises(NotPossible, match="还没有开"):
        casework.tell_of_meeting(CIRCLE, DAN, key, 1, {1: "修路灯"}, now=NOW)
