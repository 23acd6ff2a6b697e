"""What holds for every move, whoever makes it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import (
    AlreadyMade,
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.issues.access import Actor, resident, what_is_so
from forms_app.rules.move import Move, Only, VerdictBy
from forms_app.rules.procedure import MOVES, moves_from
from forms_app.rules.steps import Part, Role, Step
from forms_app.rules.worktime import opinion_due, urgency_due
from forms_app.store.models import (
    Issue,
)
from tests.support.actors import (
    ADA,
    ALICE,
    BOB,
    CIRCLE,
    COLIN,
    DAN,
    ERIN,
    FIRST,
    FRANK,
    NOW,
    RUTH,
    SECOND,
    STAN,
    STANDINGS,
    STELLA,
    SUNNY,
    THIRD,
    VERSIONED,
    WENDY,
    bring,
    call,
    dump,
    entries,
    everything,
    issue,
    make,
    next_moment,
    open_district,
)
from tests.support.asking import ask_after
from tests.support.moves import EVERYBODY, last, nothing_written, stands, undone

pytestmark = pytest.mark.usefixtures("database")


TEXTS = {
    "initial_opinion": "text", "asked": "asked", "opinion": "opinion", "plan": "text",
    "note": "note", "reason": "reason", "outcome": "outcome", "explanation": "explanation",
    "authority": "authority", "question": "question", "addition": "addition",
    "words": "words", "missing": "missing", "text": "text",
    "findings": "findings", "request": "request",
}  # fmt: skip
# Without what is made along with another issue's move alone.
MADE = tuple(row for row in MOVES if row.who != {Role.SYSTEM})
TEXTS_NEEDED = [
    (row, need)
    for row in MADE
    for need in row.needs
    if row.from_steps and need in TEXTS and row.name != "classify"
]


# By what it is ruled on: the class, and whose it is said to be.
RULED = {
    Only.DECLINED_HOME: ("B", "jingui"),
    Only.DECLINED_UNITS: ("B", "police"),
    Only.DECLINED: ("A", "unknown"),
}


def bring_to(row: Move) -> Issue:
    """Takes the issue to where this row of the table begins, in its window if it has one."""
    step = row.from_steps[0]
    if row.window is not None and row.window.since == "settled_at":
        make("settle", WENDY, nature="inquiry")
        if step is Step.CLOSED:
            make("evaluate", WENDY)
        return issue()
    if row.window is not None and row.window.since == "project_asked_at":
        found = bring(step)
        ask_after(found.number, now=next_moment(found.number))
        return issue()
    if row.window is not None and row.window.verdict_by is VerdictBy.STAFF:
        bring(Step.EVALUATING)
        make("evaluate", DAN)
        return issue()
    if row.only is Only.OWN_HANDS:
        bring(Step.RESPONDING, "B")
        make("plan", DAN, lead="jingui")
        return issue()
    if row.only in (Only.REFERABLE, Only.TAKEABLE):
        open_district()
        found = bring(step, "A")
        if row.only is Only.TAKEABLE:
            casework.remind(CIRCLE, now=found.due_at + timedelta(minutes=1))
        return issue()
    if row.only is Only.EXTENDED_BELOW:
        severity_class = (row.severity_classes or ("C",))[0]
        bring(Step.HANDLING, severity_class)
        make("extend", STELLA if severity_class == "A" else DAN)
        if severity_class == "A":
            open_district()
            make("refer_up", STELLA)
        return issue()
    if row.only is Only.UNDER_REVIEW:
        bring(Step.HANDLING, "A")
        make("explain", STELLA)
        return issue()
    if row.only in RULED:
        severity_class, whose = RULED[row.only]
        bring(step, severity_class)
        make("decline", BOB, whose=whose)
        return issue()
    if row.only is Only.IN_BURST:
        Issue.update(in_burst=True).execute()
        return issue()
    if row.only is Only.TO_RING:
        Issue.update(reporter_phone="0797-0000-177").execute()
        bring(Step.CLASSIFIED, "C")  # with its first answer
        return issue()
    if row.only is Only.PASSED:
        found = bring(Step.REPORTED, "B")
        assert casework.pass_results(CIRCLE, now=found.relay_due_at + timedelta(minutes=1)) == 1
        return issue()
    is_units = step in (Step.RESPONDING, Step.REPORTED) or Part.TASKED in row.who
    return bring(step, (row.severity_classes or ("B" if is_units else "C",))[0])


@pytest.mark.parametrize(
    ("row", "need"), TEXTS_NEEDED, ids=lambda part: getattr(part, "name", part)
)
def test_every_text_that_the_procedure_needs_must_say_something(row: Move, need: str) -> None:
    found = bring_to(row)
    makers = makers_of(row, found)
    assert makers
    for actor in makers:
        with nothing_written(NotPossible, need):
            make(row.name, actor, **{TEXTS[need]: " \n"})


def makers_of(row: Move, found: Issue) -> list[Actor]:
    """Who may make it now, the district with them where it has an account."""
    return [actor for actor in (*EVERYBODY.values(), RUTH) if row in moves_of(actor, found)]


def moves_of(actor: Actor, found: Issue, now: datetime | None = None) -> tuple[Move, ...]:
    """The rows that this person's page offers at this moment."""
    at = queries.Moment(CIRCLE.clocks, now or next_moment(found.number))
    case = queries.case(actor, found.number, at)
    so = what_is_so(found)
    rows = moves_from(Step(found.step), case.parts, found.severity_class, so) if case else ()
    return tuple(row for row in rows if case is not None and row.name in case.moves)


MOVES_MADE = tuple(dict.fromkeys(row.name for row in MADE if row.name != "submit"))
STANDING_IDS = [f"{step.value}-{severity_class}" for step, severity_class in STANDINGS]


@pytest.mark.slow
@pytest.mark.parametrize(("step", "severity_class"), STANDINGS, ids=STANDING_IDS)
def test_everybody_can_make_exactly_the_moves_that_the_procedure_gives_them(
    step: Step, severity_class: str | None
) -> None:
    found = bring(step, severity_class)
    if step is Step.MERGED:  # its resident's turn has come when the other issue is handled
        bring(Step.EVALUATING, number=THIRD)
    now = max(next_moment(FIRST), next_moment(THIRD)) + timedelta(days=2)
    before = everything()
    for who, actor in EVERYBODY.items():
        offered = moves_of(actor, found, now)
        for name in MOVES_MADE:
            rows = [row for row in offered if row.name == name]
            assert rows or is_refused(actor, name, found, now), f"{who}: {name}"
            for row in rows:
                what = {} if row.satisfied is not False else {"satisfaction": 1, "comment": "否。"}
                with undone():
                    call(name, actor, found, now, **what)
                    check_what_a_move_left(found, actor, now, row)
    assert everything() == before


def is_refused(actor: Actor, name: str, found: Issue, now: datetime) -> bool:
    """Whether casework does not let this person make the move."""
    try:
        call(name, actor, found, now)
    except (IssueUnknown, NotAllowed):
        return True
    return False


def check_what_a_move_left(before: Issue, actor: Actor, now: datetime, row: Move) -> None:
    entry, after = last(), issue()
    assert after.version == before.version + 1
    assert (entry.move, entry.made_at, entry.account_id) == (row.name, now, actor.account_id)
    assert (entry.actor_role, entry.actor_name) == (actor.role.value, actor.name)
    assert (entry.from_step, entry.round_no) == (before.step, before.round_no)
    assert entry.to_step == after.step == (row.to_step or Step(before.step)).value
    assert entry.to_round == after.round_no == before.round_no + row.new_round
    assert entry.severity_class == after.severity_class
    assert (entry.urgency, entry.due_at) == (after.urgency, after.due_at)
    assert entry.opinion_due_at == after.opinion_due_at
    assert bool(entry.resident_line) != row.is_internal
    assert "{" not in entry.resident_line
    assert queries.retrace(entries()) == (Step(after.step), after.round_no, after.severity_class)


@pytest.mark.parametrize(
    "row", [row for row in MADE if row.name in VERSIONED], ids=lambda row: row.name
)
def test_a_move_on_what_a_colleague_has_changed_since_is_refused(row: Move) -> None:
    found = bring_to(row)
    makers = makers_of(row, found)
    assert makers
    for actor in makers:
        with nothing_written(StaleCase):
            make(row.name, actor, version=found.version - 1)


def test_a_form_pressed_twice_makes_its_move_once() -> None:
    bring(Step.HANDLING)
    wendy = replace(WENDY, press="one form's key")
    make("progress", wendy)
    with nothing_written(AlreadyMade):
        make("progress", wendy)
    with nothing_written(AlreadyMade):  # whatever has become of the issue since
        make("resolve", wendy, version=1)
    assert "one form's key" not in repr(dump())
    make("progress", replace(WENDY, press="another form's key"))
    make("progress", WENDY)
    make("progress", WENDY)
    assert [entry.move for entry in entries()].count("progress") == 4


def test_a_residents_verdict_pressed_twice_is_one_verdict() -> None:
    bring(Step.EVALUATING)
    alice = resident(FIRST, press="one form's key")
    make("evaluate", alice, satisfaction=1, comment="又坏了。")
    with nothing_written(AlreadyMade):
        make("evaluate", alice, satisfaction=1, comment="又坏了。")
    assert casework.is_made(issue().id, "one form's key")
    assert not casework.is_made(issue().id, "another form's key")
    assert not casework.is_made(issue().id, "")
    assert not casework.is_made(issue(SECOND).id, "one form's key")


def test_what_a_resident_may_do_takes_the_issue_as_it_is() -> None:
    bring(Step.EVALUATING)
    casework.evaluate(CIRCLE, ALICE, FIRST, None, satisfaction=5, now=next_moment(FIRST))
    assert stands() == ("closed", 1, "C")


def test_an_issue_that_does_not_exist_is_unknown() -> None:
    with nothing_written(IssueUnknown):
        casework.opine(CIRCLE, DAN, "269999", 1, "看。", now=NOW)


@pytest.mark.parametrize("actor", [ERIN, FRANK, BOB, STAN, ADA, COLIN])
def test_an_issue_out_of_sight_is_unknown_rather_than_forbidden(actor: Actor) -> None:
    with nothing_written(IssueUnknown):
        make("opine", actor)


def test_a_supervisor_sees_all_and_moves_nothing() -> None:
    with nothing_written(NotAllowed):
        make("opine", SUNNY)


def test_every_error_has_its_status_and_a_sentence_to_read() -> None:
    named = (IssueUnknown, NotAllowed, StaleCase, AlreadyMade)
    assert [(error.status, error().sentence) for error in named] == [
        (404, "没有找到这个问题，或者它不在您的查看范围内。"),
        (403, "您的角色不能办理这一步。"),
        (409, "刚刚有同事先办了一步，情况已经变了。您写的内容还在，请看过最新进展再决定。"),
        (409, "这一步刚才已经办好了。"),
    ]
    refused = NotPossible("lead", "请选择。")
    assert (refused.status, refused.field, str(refused)) == (422, "lead", "请选择。")


def deadline_by_the_entries(number: str) -> datetime | None:
    """When the issue is due, from what its entries say and nothing else."""
    due_at, classified_at = None, None
    for entry in entries(number):
        if entry.to_round != entry.round_no:
            due_at = None
        elif entry.move == "classify":
            classified_at = entry.made_at
            due_at = urgency_due(CIRCLE.clocks, classified_at, entry.urgency)
        elif entry.move == "extend":
            due_at = entry.due_at
        elif entry.field == "urgency":
            assert classified_at is not None
            due_at = urgency_due(CIRCLE.clocks, classified_at, int(entry.new_value))
        assert entry.due_at == due_at
    return due_at


def test_every_deadline_can_be_recomputed_from_the_entries_alone() -> None:
    bring(Step.HANDLING, "B")
    make("extend", DAN)
    make("correct", DAN, field="urgency", new_value="1")
    make("extend", STELLA)
    make("escalate", DAN)
    make("correct", STELLA, field="urgency", new_value="3")
    assert deadline_by_the_entries(FIRST) == issue().due_at is not None
    make("summon", STELLA)
    make("plan", STELLA)
    make("explain", STELLA)
    make("evaluate", ALICE, satisfaction=1, comment="不行。")
    assert deadline_by_the_entries(FIRST) is issue().due_at is None
    assert issue().opinion_due_at == opinion_due(CIRCLE.clocks, last().made_at)
    assert last().opinion_due_at == issue().opinion_due_at
    make("classify", DAN, severity_class="A", urgency=3)
    assert deadline_by_the_entries(FIRST) == issue().due_at is not None
