"""Urging: whom, until when, and what answers it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import NotAllowed, NotPossible
from forms_app.casework.reminders import remind
from forms_app.casework.urging import urgeable
from forms_app.issues.access import Actor
from forms_app.issues.register_filters import Filters
from forms_app.issues.urged import own_urges
from forms_app.rules.clocks import URGE
from forms_app.rules.steps import Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Urge
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    DAN,
    DORA,
    FIRST,
    NOW,
    STAFF,
    STELLA,
    SUNNY,
    WENDY,
    WILL,
    bring,
    issue,
    make,
    next_moment,
    open_rows,
)
from tests.support.moves import last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")


def told(entry: Entry) -> set[str]:
    rows = Notice.select().where(Notice.key.startswith(f"entry:{entry.id}:"))
    return {Account.get_by_id(int(row.recipient)).username for row in rows if row.kind == "account"}


def is_red(actor: Actor = DAN) -> bool:
    (row,) = [row for row in open_rows(actor, next_moment(FIRST)) if row.issue.number == FIRST]
    return row.is_urged


@pytest.mark.parametrize(
    ("step", "severity_class", "keys"),
    [
        (Step.COLLECTED, None, ["community_leader:"]),
        (Step.CLASSIFIED, "B", ["community_leader:"]),
        (Step.CLASSIFIED, "A", ["street_leader:"]),
        (Step.RESPONDING, "B", ["party:city", "party:fire", "caller:"]),
        (Step.HANDLING, "C", ["lead:"]),
        (Step.HANDLING, "A", ["lead:city", "assist:fire", "caller:"]),
        (Step.REPORTED, "B", ["caller:", "lead:city"]),
        (Step.EVALUATING, "C", ["community_leader:"]),
    ],
)
def test_whoever_an_issue_waits_for_or_who_works_on_it_may_be_urged(
    step: Step, severity_class: str | None, keys: list[str]
) -> None:
    found = bring(step, severity_class)
    assert [one.key for one in urgeable(found)] == keys
    for key in keys:
        make("urge", SUNNY, to=key)
    assert stands() == (step.value, 1, severity_class)
    assert Urge.select().where(Urge.ended_at.is_null()).count() == len(keys)


def test_an_urge_is_red_on_the_board_until_the_urged_ones_next_word() -> None:
    bring(Step.HANDLING, "B")
    entry = make("urge", SUNNY, to="lead:city")
    assert told(entry) == {"bob"}
    assert entry.note.startswith("催办城管局，请在")
    assert is_red()
    assert is_red(SUNNY)
    make("note", BOB)
    make("progress", DAN)
    assert is_red()
    make("ask", BOB)
    assert not is_red()
    assert issue().urge_due_at is None


@pytest.mark.parametrize(
    ("step", "severity_class"),
    [(Step.COLLECTED, None), (Step.CLASSIFIED, "A"), (Step.RESPONDING, "B"), (Step.HANDLING, "C"),
     (Step.HANDLING, "B"), (Step.HANDLING, "A"), (Step.REPORTED, "A"), (Step.EVALUATING, "C")],
)  # fmt: skip
@pytest.mark.parametrize("gone", [(), ("dan",), ("dan", "dora"), ("stella", "steve")])
def test_whose_an_urge_is_to_answer_a_list_says_as_a_case_does(
    step: Step, severity_class: str | None, gone: tuple[str, ...]
) -> None:
    keys = [one.key for one in urgeable(bring(step, severity_class))]
    for username in gone:
        casework.disable_account(username, now=NOW)
    seen = set()
    for key in keys:
        make("urge", SUNNY, to=key)
        for actor in STAFF.values():
            case = queries.case(actor, FIRST)
            if case is None or actor.name in gone:
                continue
            own = [one.answer_by for one in case.urges_to(actor)]
            found = own_urges(actor, [issue().id])
            assert list(found.values()) == own, (key, actor.name)
            seen.add(bool(own))
        Urge.delete().execute()
    assert seen == {True, False}


def test_a_unit_is_shown_an_urge_that_is_its_own_and_no_other() -> None:
    bring(Step.RESPONDING, "B")
    fire = replace(BOB, name="fire", account_id=None, organization_id="fire")
    now = next_moment(FIRST)
    sooner, later = now + timedelta(hours=1), now + timedelta(hours=2)
    make("urge", SUNNY, to="party:city", answer_by=later)
    make("urge", SUNNY, to="caller:", answer_by=sooner)
    for actor, is_theirs, ends_at in (
        (BOB, True, later), (fire, False, None), (DAN, True, sooner), (WENDY, False, sooner),
        (SUNNY, False, sooner),
    ):  # fmt: skip
        case = queries.case(actor, FIRST)
        assert case is not None
        assert case.end_of(URGE) == ends_at, actor.name
        assert len(case.urges) == {BOB: 1, fire: 0}.get(actor, 2)
        on_board = [one for one in open_rows(actor, now) if one.issue.number == FIRST]
        in_register = queries.register(CIRCLE, actor, now, Filters(text=FIRST)).rows
        for row in (*on_board, *in_register):
            ends = [one.ends_at for one in row.running if one.clock == URGE]
            assert ends == ([ends_at] if ends_at else []), actor.name
            assert row.is_urged == bool(ends)
            assert row.answers_urge == is_theirs, actor.name


def test_an_urge_ends_with_the_step() -> None:
    bring(Step.HANDLING, "B")
    make("urge", SUNNY, to="lead:city")
    make("urge", SUNNY, to="caller:")
    make("escalate", STELLA)
    assert issue().urge_due_at is None


def test_an_urge_to_whoever_leads_ends_where_somebody_else_does() -> None:
    bring(Step.HANDLING, "B")
    make("urge", SUNNY, to="lead:city")
    make("urge", SUNNY, to="assist:fire")
    make("replan", DAN, lead="jingui")
    assert issue().urge_due_at is None


def test_the_clock_of_several_urges_is_the_first_to_end() -> None:
    bring(Step.HANDLING, "B")
    now = next_moment(FIRST)
    later, sooner = now + timedelta(hours=9), now + timedelta(hours=3)
    make("urge", SUNNY, to="lead:city", answer_by=later)
    make("urge", SUNNY, to="caller:", answer_by=sooner)
    assert issue().urge_due_at == sooner
    make("progress", DAN)
    assert issue().urge_due_at == later


def test_a_successor_or_whoever_stands_in_answers() -> None:
    bring(Step.HANDLING, "B")
    make("urge", SUNNY, to="caller:")
    casework.disable_account("dan", now=NOW)
    make("progress", DORA)
    assert issue().urge_due_at is None
    make("urge", SUNNY, to="caller:")
    casework.disable_account("dora", now=NOW)
    make("progress", STELLA)
    assert issue().urge_due_at is None


def test_an_urge_to_a_unit_without_an_account_goes_to_who_records_for_it() -> None:
    bring(Step.HANDLING, "B")
    entry = make("urge", SUNNY, to="assist:fire")
    assert told(entry) == {"dan"}
    make("progress", DAN)  # his own
    assert is_red()
    said = casework.Recorded("老赵", "电话", next_moment(FIRST))
    make("progress", DAN, for_unit="fire", recorded=said)
    assert not is_red()


def test_the_office_answers_by_any_of_its_own() -> None:
    entry = make("urge", STELLA)
    assert told(entry) == {"dan", "dora", "wendy", "will"}
    make("opine", WENDY)
    assert issue().urge_due_at is None


def test_the_level_above_the_supervisor_and_the_caller_urge_and_nobody_else() -> None:
    bring(Step.HANDLING, "B")
    for actor in (SUNNY, STELLA, DAN):
        make("urge", actor, to="lead:city")
    for actor in (WENDY, WILL, BOB, ALICE, DORA):
        with nothing_written(NotAllowed):
            make("urge", actor, to="lead:city")
    with nothing_written(NotPossible, "to"):
        make("urge", DAN, to="caller:")  # oneself
    with nothing_written(NotPossible, "to"):
        make("urge", SUNNY, to="lead:police")
    with nothing_written(NotPossible, "answer_by"):
        make("urge", SUNNY, answer_by=NOW)


def test_a_shelved_issue_is_nobodys_to_be_urged() -> None:
    bring(Step.SHELVED, "B")
    with nothing_written(NotAllowed):
        make("urge", SUNNY, to="community_leader:")


def test_an_urge_that_nobody_answers_is_told_above() -> None:
    bring(Step.HANDLING, "B")
    make("urge", SUNNY, to="lead:city")
    remind(CIRCLE, now=issue().urge_due_at + timedelta(minutes=1))
    rows = Notice.select().where(Notice.event == "overdue_urge", Notice.kind == "account")
    names = {Account.get_by_id(int(row.recipient)).username for row in rows}
    assert names == {"dan", "dora", "sunny"}


def test_an_urge_is_read_by_staff_and_its_words_by_no_resident() -> None:
    bring(Step.HANDLING, "B")
    make("urge", SUNNY, to="lead:city", text="怎么还不修？")
    assert "怎么还不修" not in last().resident_line
    assert last().resident_line.startswith("已经催城管局了，最晚")
    assert not Notice.select().where(Notice.event == "urge", Notice.kind == "resident").exists()
    case = queries.case(SUNNY, FIRST)
    assert "urge" in case.moves
    assert Role.SUPERVISOR in case.parts


def urges_to(actor: Actor) -> list[str]:
    case = queries.case(actor, FIRST)
    return [urge.note for urge in case.urges_to(actor)]


def test_the_urged_one_reads_on_the_case_what_is_asked_until_their_next_word() -> None:
    bring(Step.RESPONDING, "B")
    make("urge", DAN, to="party:city", text="请到现场。")
    make("urge", STELLA, to="caller:", text="请先定方案。")
    (asked,) = urges_to(BOB)
    assert asked.endswith("请到现场。")
    (asked,) = urges_to(DAN)
    assert asked.endswith("请先定方案。")
    assert urges_to(STELLA) == []
    assert len(queries.case(STELLA, FIRST).urges) == 2
    assert queries.case(ALICE, FIRST).urges == ()
    make("decline", BOB, for_unit="")
    assert urges_to(BOB) == []
    make("summon", DAN, parties=["police"])
    assert queries.case(DAN, FIRST).urges == ()
