"""Who sees which issue, and which part they play in it."""

import pytest

from forms_app import casework, queries
from forms_app.issues.access import Actor, resident, visible_to
from forms_app.issues.register_filters import Filters
from forms_app.rules.steps import Part, Role, Step
from forms_app.store.models import Issue
from tests.support.actors import (
    ADA,
    BOB,
    CAROL,
    CIRCLE,
    COLIN,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    FRANK,
    HANDED_IN,
    IN_JINGUI,
    NOW,
    SECOND,
    STAN,
    STELLA,
    STEVE,
    SUNNY,
    THIRD,
    WENDY,
    WILL,
    bring,
    issue,
    make,
    open_rows,
)

pytestmark = pytest.mark.usefixtures("database")

EVERY = {*IN_JINGUI, ELSEWHERE}


def seen_by(actor: Actor) -> set[str]:
    return {row.number for row in Issue.select().where(visible_to(actor))}


def parts(actor: Actor, number: str = FIRST) -> set[object]:
    case = queries.case(actor, number)
    return set() if case is None else set(case.parts)


def summoned() -> None:
    """Bob's and Stan's units are called to one issue, Carol's leads another."""
    make("classify", DAN, severity_class="B")
    make("summon", DAN, parties=["city", "station"])
    make("classify", DAN, SECOND, severity_class="B")
    make("summon", DAN, SECOND, parties=["police"])
    make("plan", DAN, SECOND, lead="police", assist=[])


@pytest.mark.parametrize(
    ("actor", "numbers"),
    [
        (DAN, {*IN_JINGUI}),
        (WENDY, {*IN_JINGUI}),
        (ERIN, {ELSEWHERE}),
        (FRANK, {ELSEWHERE}),
        (STELLA, EVERY),
        (SUNNY, EVERY),
        (ADA, set()),
        (COLIN, {HANDED_IN}),
        (BOB, {FIRST}),
        (STAN, {FIRST}),
        (CAROL, {SECOND}),
        (resident(FIRST), {FIRST}),
        (resident(FIRST, ELSEWHERE), {FIRST, ELSEWHERE}),
        (resident(), set()),
        (resident("269999"), set()),
        (Actor(Role.RESPONDER, "没有单位的"), set()),
    ],
)
def test_everybody_sees_what_is_theirs_and_nothing_else(actor: Actor, numbers: set[str]) -> None:
    summoned()
    assert seen_by(actor) == numbers
    assert {number for number in EVERY if queries.case(actor, number) is not None} == numbers
    assert {row.issue.number for row in open_rows(actor)} == numbers
    page = queries.register(CIRCLE, actor, NOW, Filters())
    assert {row.issue.number for row in page.rows} == numbers


def test_a_unit_still_sees_what_it_was_called_to_in_an_earlier_round_but_has_no_part() -> None:
    bring(Step.EVALUATING, "B")
    assert parts(BOB) == {Role.RESPONDER, Part.PARTY, Part.LEAD, Part.TASKED}
    make("evaluate", resident(FIRST), satisfaction=1, comment="又坏了。")
    assert seen_by(BOB) == {FIRST}
    assert parts(BOB) == {Role.RESPONDER}


def test_parts_follow_the_issue_through_its_steps() -> None:
    assert parts(DAN) == {Role.COMMUNITY_LEADER}
    make("classify", DAN, severity_class="B")
    make("summon", DAN, parties=["city", "station"])
    assert parts(DAN) == {Role.COMMUNITY_LEADER, Part.CALLER}
    assert parts(DORA) == {Role.COMMUNITY_LEADER}
    assert parts(BOB) == parts(STAN) == {Role.RESPONDER, Part.PARTY}
    make("plan", DAN, lead="city", assist=["jingui"])
    assert parts(BOB) == {Role.RESPONDER, Part.PARTY, Part.LEAD, Part.TASKED}
    assert parts(STAN) == {Role.RESPONDER, Part.PARTY}
    assert parts(WENDY) == {Role.WORKER, Part.ASSIST}
    assert parts(DAN) == {Role.COMMUNITY_LEADER, Part.CALLER, Part.ASSIST}


def test_only_the_worker_who_was_given_an_issue_leads_it() -> None:
    bring(Step.HANDLING)
    assert parts(WENDY) == {Role.WORKER, Part.LEAD}
    assert parts(WILL) == {Role.WORKER}
    assert parts(DAN) == {Role.COMMUNITY_LEADER, Part.CALLER}
    assert Part.LEAD in queries.case(WENDY, FIRST).parts
    assert Part.LEAD not in queries.case(DAN, FIRST).parts


def test_who_takes_over_from_whom() -> None:
    bring(Step.HANDLING, number=FIRST)
    bring(Step.HANDLING, "A", number=SECOND)
    for left in ("wendy", "dan", "stella"):
        casework.disable_account(left, now=NOW)
    assert parts(DORA) == {Role.COMMUNITY_LEADER, Part.LEAD, Part.CALLER}
    assert parts(WILL) == {Role.WORKER}
    assert parts(DORA, SECOND) == {Role.COMMUNITY_LEADER}
    # Nobody of the fire brigade has an account: whoever calls writes down what it says.
    calling = {Part.CALLER, Part.PARTY_RECORDER, Part.TASK_RECORDER}
    assert parts(STEVE, SECOND) == {Role.SUBDISTRICT_LEADER, *calling}


def test_an_assigned_leader_who_left_is_replaced_by_a_leader_too() -> None:
    make("classify", DAN)
    make("assign", DAN, worker_id=DAN.account_id)
    casework.disable_account("dan", now=NOW)
    assert Part.LEAD in parts(DORA)


@pytest.mark.parametrize("actor", [DAN, WENDY, STELLA, COLIN])
def test_contacts_are_for_those_who_look_after_the_resident(actor: Actor) -> None:
    assert actor.sees_contacts


@pytest.mark.parametrize("actor", [BOB, SUNNY, ADA, resident(FIRST)])
def test_who_oversees_and_summoned_units_ask_the_caller_instead(actor: Actor) -> None:
    assert not actor.sees_contacts


def test_the_case_knows_what_it_follows_through_every_merge() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    make("merge", DAN, SECOND, into=THIRD)
    assert queries.case(resident(FIRST), FIRST).follows.number == THIRD
    assert issue(FIRST).followed.number == THIRD
    assert queries.case(DAN, THIRD).follows is None
