"""Whoever is missing: while one leader is left, somebody can take every open issue to its end.

Every set of accounts that may be missing is gone through from every open step, along the table:
what the page offers is made, and the resident with their ticket judges.
"""

from itertools import chain, combinations

import peewee
import pytest

from forms_app import casework, queries
from forms_app.issues.access import ACTING_ROLES, Actor
from forms_app.rules.steps import OPEN_STEPS, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    DORA,
    FIRST,
    NOW,
    RUTH,
    STAFF,
    STANDINGS,
    STELLA,
    WENDY,
    bring,
    call,
    issue,
    make,
    next_moment,
    open_district,
    submit,
)
from tests.support.moves import last, nothing_written, stands, undone

pytestmark = pytest.mark.usefixtures("database")

# Whose accounts may all be missing at once; of those who lead, one level never. Where the district
# has somebody, of those who do the work all are there or none.
BELOW = (Role.WORKER, Role.RESPONDER)
GROUPS = (*ACTING_ROLES, *BELOW)
MISSING = [
    set(gone)
    for gone in chain.from_iterable(combinations(GROUPS, count) for count in range(6))
    if not set(ACTING_ROLES) <= set(gone)
    and (Role.DISTRICT_OFFICE in gone or len(set(BELOW) & set(gone)) != 1)
]
OPEN_STANDINGS = [standing for standing in STANDINGS if standing[0] in OPEN_STEPS]
# What brings an issue on from each step, one step at a time.
ONWARD = {
    Step.COLLECTED: ("classify",),
    Step.CLASSIFIED: ("assign", "summon"),
    Step.RESPONDING: ("plan",),
    Step.HANDLING: ("resolve",),
    Step.REPORTED: ("relay",),
    Step.EVALUATING: ("evaluate",),
    Step.SHELVED: ("evaluate",),
}


def leave(*roles: Role) -> None:
    Account.update(disabled_at=NOW).where(Account.role.in_([r.value for r in roles])).execute()


def left(gone: set[Role]) -> list[Actor]:
    return [ALICE, *(actor for actor in (*STAFF.values(), RUTH) if actor.role not in gone)]


def go_on(people: list[Actor], found: Issue) -> None:
    """Makes the move that brings the issue on, by the first person whose page offers it."""
    now = next_moment(FIRST)
    for actor in people:
        case = queries.case(actor, FIRST, queries.Moment(CIRCLE.clocks, now))
        offered = () if case is None else case.moves
        for name in ONWARD[Step(found.step)]:
            if name not in offered or (name == "evaluate" and actor is not ALICE):
                continue
            what: dict[str, object] = {}
            if name == "assign":
                what["worker_id"] = next(iter(queries.workers_of(found.community_id)), None)
            call(name, actor, found, now, **what)
            return
    pytest.fail(f"stuck at {found.step} {found.severity_class}")


@pytest.mark.slow
@pytest.mark.parametrize(("step", "severity_class"), OPEN_STANDINGS)
def test_with_one_leader_left_every_open_issue_can_still_be_closed(
    database: peewee.Database, step: Step, severity_class: str | None
) -> None:
    open_district()
    bring(step, severity_class)
    # Where each question travels to a server, only some.
    sets = MISSING[::5] if isinstance(database, peewee.PostgresqlDatabase) else MISSING
    classes = "CBA" if step is Step.COLLECTED else "C"
    for gone, graded in ((gone, graded) for gone in sets for graded in classes):
        with undone():
            leave(*gone)
            people = left(gone)
            if step is Step.COLLECTED:
                leader = next(p for p in people if "classify" in offered_to(p))
                make("classify", leader, severity_class=graded)
            while issue().step != Step.CLOSED:
                before = issue().version
                go_on(people, issue())
                assert issue().version > before


def offered_to(actor: Actor) -> tuple[str, ...]:
    case = queries.case(actor, FIRST)
    return () if case is None else case.moves


def test_a_street_leader_acts_for_a_community_without_a_leader_and_it_says_so() -> None:
    assert "classify" not in offered_to(STELLA)
    leave(Role.COMMUNITY_LEADER)
    make("classify", STELLA, severity_class="B")
    assert last().stood_in_for == "community_leader"
    assert last().resident_line.endswith("（街道替着办的）")
    make("summon", STELLA)
    make("correct", STELLA)  # hers in her own right
    assert last().stood_in_for == ""
    make("plan", STELLA)
    assert last().stood_in_for == "community_leader"


def test_a_community_leader_acts_for_a_sub_district_without_one() -> None:
    bring(Step.HANDLING, "A")
    assert "explain" not in offered_to(DAN)
    leave(Role.SUBDISTRICT_LEADER)
    make("explain", DAN)
    assert (last().stood_in_for, last().actor_name) == ("street_leader", "dan")
    assert last().resident_line.endswith("（社区替着办的）")


def test_who_stands_in_gives_way_to_an_account_that_is_opened_again() -> None:
    leave(Role.COMMUNITY_LEADER)
    make("classify", STELLA, severity_class="B")
    casework.enable_account("dora", now=NOW)
    assert "summon" not in offered_to(STELLA)
    make("summon", DORA)
    assert last().stood_in_for == ""


def test_an_ordinary_issue_is_the_communitys_own_where_nobody_of_it_is_left() -> None:
    bring(Step.CLASSIFIED)
    with nothing_written(casework.NotPossible, "lead"):
        make("assign", DAN, worker_id=None)
    leave(Role.COMMUNITY_LEADER, Role.WORKER)
    make("assign", STELLA, worker_id=None)
    assert last().note == "主办：金桂社区"
    make("progress", STELLA)
    make("resolve", STELLA)
    assert last().stood_in_for == "community_leader"
    assert "evaluate" not in offered_to(STELLA)  # she has worked on it
    casework.enable_account("wendy", now=NOW)
    make("evaluate", WENDY)
    assert stands() == ("closed", 1, "C")


def test_the_notice_of_a_level_without_an_account_goes_to_who_stands_in() -> None:
    leave(Role.COMMUNITY_LEADER)
    new = submit("another form")
    rows = Notice.select().where(Notice.issue == new, Notice.kind == "account")
    assert {int(row.recipient) for row in rows} >= {STELLA.account_id, WENDY.account_id}


def test_the_administrator_is_told_of_every_level_without_an_account() -> None:
    assert queries.vacancies(CIRCLE) == ()
    leave(Role.SUBDISTRICT_LEADER)
    (above,) = queries.vacancies(CIRCLE)
    assert above == "金桂社区、银杏社区没有在用的街道书记账号，街道该办的现在由社区代行。"
    Account.update(disabled_at=NOW).where(Account.username == "erin").execute()
    assert [sentence[:4] for sentence in queries.vacancies(CIRCLE)] == ["金桂社区", "银杏社区"]
    assert "请马上开通" in queries.vacancies(CIRCLE)[1]
