"""In a district that changed, a board lists what its reader can bring on, and names who else can.

After every story was told, people left, one community went over to another sub-district and one
sub-district was dissolved (tests.support.two_towns).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from itertools import product

import pytest

from forms_app import queries
from forms_app.casework import audience
from forms_app.issues.access import Actor, visible_to
from forms_app.issues.awaited import waits_of
from forms_app.issues.board_filters import BoardFilters
from forms_app.issues.clocks import IN_HAND
from forms_app.issues.following import judging
from forms_app.queries import QueueRow
from forms_app.queries.case_facts import Case
from forms_app.rules.clocks import DISTRICT
from forms_app.rules.steps import CONTENT_ROLES, Part, Role, Step
from forms_app.store.models import Issue, Party
from tests.support import actors
from tests.support.actors import NOW, make, next_moment
from tests.support.seed import Seed, copied
from tests.support.two_towns import AFTER, BEFORE, IN_USE, leave, settle, who

PLANNED = "summon answer:bob answer:carol plan:"
# What happened to each issue, as its moves and by whom; those named here are not anybody's own.
STORIES = {
    "new": "",
    "opined": "opine",
    "graded C": "classify:C",
    "graded B": "classify:B",
    "graded A": "classify:A",
    "B silent": "classify:B summon",
    "B half answered": "classify:B summon answer:bob",
    "B answered": "classify:B summon answer:bob answer:carol",
    "A silent": "classify:A summon",
    "A half answered": "classify:A summon answer:bob",
    "A answered": "classify:A summon answer:bob answer:carol",
    "C of the worker": "classify:C assign:worker",
    "C of the leader": "classify:C assign:leader",
    "B of a unit": f"classify:B {PLANNED}city",
    "B of the community": f"classify:B {PLANNED}community",
    "A of a unit": f"classify:A {PLANNED}police",
    "A of the community": f"classify:A {PLANNED}community",
    "B reported": f"classify:B {PLANNED}city report:bob",
    "A reported": f"classify:A {PLANNED}police report:carol",
    "A reported by the community": f"classify:A {PLANNED}community resolve",
    "escalated": f"classify:B {PLANNED}city escalate",
    "summoned again": f"classify:B {PLANNED}city escalate summon answer:bob answer:carol",
    "resolved": "classify:C assign:worker resolve",
    "explained": f"classify:A {PLANNED}police explain",
    "shelved": "classify:C assign:worker resolve shelve",
    "closed": "classify:C assign:worker resolve evaluate:5",
    "second round": "classify:C assign:worker resolve evaluate:1",
    "transferred": "transfer",
    "withdrawn": "withdraw",
    "merged": "merge:new",
    "merged into what is resolved": "merge:resolved",
    "joined": "join:opined",
}

_GRADED = ("A ", "B ", "C ")


@dataclass
class Town:
    """A community, and who acts in it while the stories are told."""

    community: str
    leader: str
    worker: str
    subdistrict_leader: str
    stories: Collection[str] = tuple(STORIES)
    numbers: dict[str, str] = field(default_factory=dict)  # of each story's issue

    def tell(self) -> None:
        for name in self.stories:
            found = actors.submit(f"{name} of {self.community}", community_id=self.community)
            self.numbers[name] = found.number
            for move in STORIES[name].split():
                self._make(*move.partition(":")[::2], found.number)

    def _make(self, move: str, how: str, number: str) -> None:
        found = actors.issue(number)
        is_grave = found.severity_class == "A"
        leader, worker = who(self.leader, BEFORE), who(self.worker, BEFORE)
        caller = who(self.subdistrict_leader, BEFORE) if is_grave else leader
        resident = actors.resident(number)
        match move:
            case "classify":
                make(move, leader, number, severity_class=how)
            case "assign":
                given = worker if how == "worker" else leader
                make(move, leader, number, worker_id=given.account_id)
            case "summon":
                make(move, caller, number, parties=["city", "police"])
            case "answer":
                make(move, who(how, BEFORE), number)
            case "plan":
                lead = self.community if how == "community" else how
                assist = {"city", "police"} - {lead}
                make(move, caller, number, lead=lead, assist=sorted(assist))
            case "resolve":
                make(move, worker, number)
            case "report":
                make("resolve", who(how, BEFORE), number)
            case "explain":
                make(move, caller, number)
            case "evaluate":
                make(move, resident, number, satisfaction=int(how), comment="说一句。")
            case "merge":
                make(move, leader, number, into=self.numbers[how])
            case "join":
                make(move, resident, number, into=self.numbers[how])
            case "withdraw":
                make(move, resident, number)
            case _:
                make(move, leader, number)


@dataclass(frozen=True)
class District:
    towns: Sequence[Town]
    cases: Mapping[str, Mapping[str, Case]]  # by person, by number: what is open and they may see
    ended: datetime  # when the last story was told


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory, seeded: Seed) -> Iterator[District]:
    """The stories of a town whose people left, of one that went over, of one of a lost town."""
    towns = (
        Town("jingui", "dirk", "will", "sergej"),
        Town("guihua", "greta", "gus", "stella", [one for one in STORIES if one[:2] in _GRADED]),
        Town("xingfu", "xena", "xu", "xaver", [one for one in STORIES if one.startswith("A ")]),
    )
    database = copied(seeded, tmp_path_factory.mktemp("district") / "forms.db")
    with pytest.MonkeyPatch.context() as patch, database.atomic():
        patch.setattr(actors, "CIRCLE", BEFORE)
        settle()
        for town in towns:
            town.tell()
        leave()
    cases = {person.name: _open_cases(who(person.name, AFTER)) for person in IN_USE}
    ended = max(next_moment(number) for town in towns for number in town.numbers.values())
    yield District(towns, cases, ended)
    database.close()


def _open_cases(actor: Actor) -> dict[str, Case]:
    rows = list(Issue.select(Issue.id, Issue.number, Issue.step).where(visible_to(actor), IN_HAND))
    judged = judging([row.id for row in rows if row.step == Step.MERGED])
    waiting = (row for row in rows if row.step != Step.MERGED or row.id in judged)
    found = (queries.case(actor, row.number) for row in waiting)
    return {case.issue.number: case for case in found if case is not None}


@pytest.fixture(autouse=True)
def _uncut(monkeypatch: pytest.MonkeyPatch) -> None:
    # By name: the package's function hides its module.
    monkeypatch.setattr(import_module("forms_app.queries.board"), "LIST_LENGTH", 500)


def listed(actor: Actor, now: datetime, waits: str = "") -> dict[str, QueueRow]:
    """What the board lists, by number; with a condition on whose move is next."""
    sections = queries.board(AFTER, actor, now, BoardFilters(waits)).sections
    return {row.issue.number: row for section in sections for row in section.rows}


def can_bring_on(actor: Actor, case: Case, now: datetime) -> set[str]:
    """The moves on the page that the issue waits for, as far as it is this actor who is asked."""
    found = case.issue
    silent = Party.select().where(
        Party.issue == found.id, Party.is_current, Party.answered_at.is_null()
    )
    waits = waits_of(
        case.step,
        found.severity_class,
        is_opined=found.opined_at is not None,
        is_unanswered=silent.exists(),
        is_reply_late=found.reply_by is not None and found.reply_by < now,
        ruling_between=found.ruling_between,
        is_referred=case.runs(DISTRICT),
    )
    moves = {wait.move.name for wait in waits} & set(case.moves)
    if not silent.where(Party.organization_id == actor.organization_id).exists():
        moves.discard("answer")
    # Others may write a verdict down; it is the community that rings people up, until it gave up.
    if actor.role is Role.SUBDISTRICT_LEADER or case.step is Step.SHELVED:
        moves.discard("evaluate")
    # A worker may hand a result on; it is the caller who is waited for.
    if actor.role is Role.WORKER:
        moves.discard("relay")
    return moves


@pytest.mark.slow
def test_what_a_board_lists_as_ones_own_is_what_one_can_bring_on(district: District) -> None:
    boards = 0
    for person, now in product(IN_USE, (NOW, district.ended + timedelta(days=1))):
        actor, cases = who(person.name, AFTER), district.cases[person.name]
        able = {number for number, case in cases.items() if can_bring_on(actor, case, now)}
        assert set(listed(actor, now, "me")) == able, person.name
        assert set(listed(actor, now, "others")) == cases.keys() - able, person.name
        boards += bool(able)
    handling = [person for person in IN_USE if person.role not in CONTENT_ROLES]
    assert boards > len(handling)  # most have something to do at both moments


def test_whoever_is_told_as_caller_or_lead_can_act_as_such(district: District) -> None:
    for part, step, told in (
        (Part.CALLER, Step.RESPONDING, audience.caller),
        (Part.CALLER, Step.HANDLING, audience.caller),
        (Part.CALLER, Step.REPORTED, audience.caller),
        (Part.LEAD, Step.HANDLING, audience.leads),
    ):
        at_step = [one for one in issues_of(district) if one.step == step.value]
        assert len(at_step) > len(district.towns)
        for found in at_step:
            able = {who(name, AFTER).account_id for name in acting(district, part, found)}
            assert told(AFTER, found) == able != set(), (part, found.number)


def test_nobody_is_waited_for_by_name_who_cannot_make_the_plan(district: District) -> None:
    rows = listed(who("sunny", AFTER), district.ended + timedelta(days=1))
    for found in issues_of(district):
        if found.step == Step.RESPONDING.value:
            waits = {wait.move: set(wait.names) for wait in rows[found.number].awaited}
            offices = {
                AFTER.subdistrict_name(found.community_id),
                AFTER.unit_name(found.community_id),
            }
            assert waits["制定方案"] <= {*acting(district, Part.CALLER, found), *offices}


def issues_of(district: District) -> list[Issue]:
    return [actors.issue(number) for town in district.towns for number in town.numbers.values()]


def acting(district: District, part: Part, found: Issue) -> set[str]:
    """The names of those who have this part on the issue's page."""
    pages = ((name, cases.get(found.number)) for name, cases in district.cases.items())
    return {name for name, case in pages if case is not None and part in case.parts}
