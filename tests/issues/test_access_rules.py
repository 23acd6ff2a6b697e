"""Every rule of access says the same of one issue, of all issues at once, and in plain words.

The plain words stand here, told from how each issue was made up; the rules know only rows. The
district has people who left, a community that went over to another sub-district, one whose
sub-district was dissolved and one that no file names any more.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import TypeVar

import peewee
import pytest

from forms_app.community import Circle
from forms_app.issues.access import (
    ACTS_AS,
    HELD,
    PARTS,
    SILENT,
    Actor,
    Rule,
    held_by,
    may_hold,
    may_lead,
    may_see_to,
    parts_of,
    resident,
    visible_issue,
    visible_to,
)
from forms_app.rules.move import Who
from forms_app.rules.steps import Part, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Entry, Issue, Party, Summons
from forms_app.store.notices import Notice, Reminder
from forms_app.store.row import Row
from tests.support.actors import NOW
from tests.support.two_towns import (
    AFTER,
    BEFORE,
    DISTRICTS,
    IN_USE,
    PEOPLE,
    Person,
    leave,
    settle,
    who,
)

W = TypeVar("W")
COMMUNITIES = tuple(BEFORE.communities)
NAMED = {person.name: person for person in PEOPLE}
LEADING = (Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER, Role.DISTRICT_OFFICE)
AT_WORK = (Step.CLASSIFIED, Step.RESPONDING, Step.HANDLING)
LEVEL = {"C": Role.COMMUNITY_LEADER, "B": Role.COMMUNITY_LEADER, "A": Role.SUBDISTRICT_LEADER}
OF_COMMUNITY = (Role.WORKER, Role.COMMUNITY_LEADER)
FIRST_NUMBER = 300_000


@dataclass(frozen=True)
class Made:
    """How one issue of the product is made up."""

    community: str = "jingui"
    severity_class: str | None = None
    caller: str = ""  # a person's name, as below
    collector: str = ""
    part: Part | None = None  # the one assignment: what, to whom, and whether it is of this round
    assigned: str = ""  # to a person, else
    to_unit: str = ""
    called: str = ""  # the one unit that was called
    is_answered: bool = False
    is_current: bool = True
    step: Step = Step.HANDLING
    came_by: tuple[str, ...] = ()  # its entries: join, merge
    district_round: int | None = None  # of the one round that all of them are in: 1
    is_told_late: bool = False  # the staff were told that its deadline has passed


def _every() -> Iterator[Made]:
    callers = ("", *(p.name for p in PEOPLE if p.role in (*LEADING, Role.WORKER)))
    for severity_class, caller in product((None, "C", "B", "A"), callers):
        yield Made(severity_class=severity_class, caller=caller)
    staff = [p.name for p in PEOPLE if p.role in OF_COMMUNITY]
    for part, is_current in product((Part.LEAD, Part.ASSIST), (True, False)):
        for name in staff:
            yield Made(part=part, assigned=name, is_current=is_current)
        for unit in ("city", "police", "station", "fire", "jingui", "guihua", "meihua"):
            yield Made(part=part, to_unit=unit, is_current=is_current)
    for unit, is_answered, is_current in product(
        ("city", "police", "station", "fire"), (True, False), (True, False)
    ):
        yield Made(called=unit, is_answered=is_answered, is_current=is_current)
    for (severity_class, caller), unit in product(
        (("B", "dan"), ("B", "dirk"), ("A", "stella")),
        ("city", "police", "station", "fire", "jingui", "guihua"),
    ):
        told = Made(severity_class=severity_class, caller=caller)
        yield replace(told, part=Part.LEAD, to_unit=unit)
        yield replace(told, part=Part.LEAD, to_unit=unit, is_current=False)
        yield replace(told, part=Part.ASSIST, to_unit=unit)
        yield replace(told, called=unit)
        yield replace(told, called=unit, is_current=False)
    for severity_class, district_round, late in product("AB", (None, 1, 2), (False, True)):
        yield Made(
            severity_class=severity_class, district_round=district_round, is_told_late=late,
            caller="stella", part=Part.LEAD, to_unit="fire",
        )  # fmt: skip
    for step, community in product((*AT_WORK, Step.EVALUATING), ("jingui", "meihua")):
        yield Made(community=community, severity_class="A", step=step, is_told_late=True)
    for community, collector in product(COMMUNITIES, ("", "colin", "cora", "dan", "stella")):
        yield Made(community=community, collector=collector)
    ways: tuple[tuple[str, ...], ...] = (
        (), ("join",), ("merge",), ("join", "merge"), ("merge", "join"),
    )  # fmt: skip
    for step, came_by, collector in product((Step.MERGED, Step.CLASSIFIED), ways, ("", "colin")):
        yield Made(step=step, came_by=came_by, collector=collector)


EVERY = tuple(dict.fromkeys(_every()))
NUMBERS = {made: str(FIRST_NUMBER + place) for place, made in enumerate(EVERY)}
HELD_NUMBERS = tuple(
    NUMBERS[made] for place, made in enumerate(EVERY) if place % 7 == 0 or made.came_by == ("join",)
)


@pytest.fixture
def people(database: peewee.Database) -> dict[str, Account]:
    """The district's people and every issue of the product, as rows."""
    rows: dict[type[Row], list[dict[str, object]]] = defaultdict(list)
    with database.atomic():
        found = settle()
        for made, number in NUMBERS.items():
            for table, row in _rows(made, number, found):
                rows[table].append(row)
        for table in (Issue, Entry, Summons, Assignment, Party, Reminder, Notice):
            table.insert_many(rows[table]).execute()
        leave()
    return found


def _rows(
    made: Made, number: str, people: dict[str, Account]
) -> Iterator[tuple[type[Row], dict[str, object]]]:
    key = int(number)  # the key of whatever there is one of
    yield Issue, {
        "id": key, "number": number, "form_key_hash": number, "ticket_hash": "",
        "step": made.step.value, "severity_class": made.severity_class, "received_at": NOW,
        "channel": "web", "description": "灯不亮", "community_id": made.community,
        "consented_at": NOW, "round_started_at": NOW, "due_at": NOW,
        "district_round": made.district_round,
        "caller": people[made.caller].id if made.caller else None,
        "collector": people[made.collector].id if made.collector else None,
        "of_incident": "office" if is_offices(made) else "",
    }  # fmt: skip
    for place, move in enumerate(("submit", *made.came_by)):
        yield Entry, {
            "id": key + place * FIRST_NUMBER, "issue": key, "made_at": NOW, "actor_role": "",
            "actor_name": "", "move": move, "to_step": made.step.value, "round_no": 1,
            "to_round": 1, "resident_line": "",
        }  # fmt: skip
    if made.part is not None:
        yield Assignment, {
            "issue": key, "entry": key, "part": made.part.value, "organization_id": made.to_unit,
            "account": people[made.assigned].id if made.assigned else None,
            "is_current": made.is_current,
        }  # fmt: skip
    if made.called:
        yield Summons, {
            "id": key, "issue": key, "entry": key, "round_no": 1, "severity_class": "B",
            "asked": "", "reply_by": NOW,
        }  # fmt: skip
        yield Party, {
            "summons": key, "issue": key, "organization_id": made.called,
            "answered_at": NOW if made.is_answered else None, "is_current": made.is_current,
        }  # fmt: skip
    if made.is_told_late:
        # That of an earlier deadline is no news of this one.
        for due_at in (NOW, NOW - timedelta(days=1)):
            yield Reminder, {"issue": key, "clock": "result", "due_at": due_at, "rank": 2}
    elif made.severity_class == "A":
        yield Reminder, {"issue": key, "clock": "result", "due_at": NOW, "rank": 1}
        yield Reminder, {
            "issue": key, "clock": "result", "due_at": NOW - timedelta(days=1), "rank": 2,
        }  # fmt: skip
        yield Reminder, {"issue": key, "clock": "ruling", "due_at": NOW, "rank": 2}
    yield Notice, {
        "key": number, "issue": key, "event": "submit", "step": made.step.value,
        "kind": "account", "recipient": "1", "created_at": NOW, "not_before": NOW,
    }  # fmt: skip


# In plain words


def calls(person: Person, made: Made, circle: Circle) -> bool:
    if is_with_district(person, made, circle):
        return True
    if not made.caller:
        return False
    if made.caller == person.name:
        return True
    caller = NAMED[made.caller]
    level = LEVEL.get(made.severity_class or "")
    if level is None or not acts_as(level)(person, made, circle):
        return False
    if not is_in_use(caller) or caller.role is Role.DISTRICT_OFFICE:
        return True
    is_above = caller.role is Role.SUBDISTRICT_LEADER
    return is_above and not are_of_one_subdistrict(person, caller, circle)


def is_with_district(person: Person, made: Made, _circle: Circle) -> bool:
    return person.role is Role.DISTRICT_OFFICE and made.district_round == 1


def are_of_one_subdistrict(person: Person, leader: Person, circle: Circle) -> bool:
    if person.role is Role.DISTRICT_OFFICE:
        return False
    if len(circle.subdistricts) == 1:
        return leader.place in ("", *circle.subdistricts)
    if person.role is Role.SUBDISTRICT_LEADER:
        return person.place == leader.place
    home = circle.communities.get(person.place)
    return home is not None and home.subdistrict == leader.place


def acts_as(level: Role) -> Callable[[Person, Made, Circle], bool]:
    """Of the level, or the next one in turn while nobody of the level can sign in there."""

    def acts(person: Person, made: Made, circle: Circle) -> bool:
        if person.role is level or person.role not in LEADING:
            return person.role is level
        if level is Role.COMMUNITY_LEADER:
            return is_above(person, made.community, circle)
        if person.role is Role.DISTRICT_OFFICE:
            return not is_led_above(made.community, circle)
        # Asked of the leader's own community, not of the issue's: they see no other.
        above = (one for one in in_use(level) if are_of_one_subdistrict(person, one, circle))
        return not any(above) and not in_use(Role.DISTRICT_OFFICE)

    return acts


def in_use(role: Role) -> list[Person]:
    return [one for one in PEOPLE if one.role is role and is_in_use(one)]


def is_led_above(community: str, circle: Circle) -> bool:
    """Whether somebody who can sign in leads the sub-district of a community."""
    places = {one.place for one in in_use(Role.SUBDISTRICT_LEADER)}
    if len(circle.subdistricts) == 1:
        return not places.isdisjoint(("", *circle.subdistricts))
    home = circle.communities.get(community)
    return home is not None and home.subdistrict in places


# Who leaves beside those who have left, in one test.
ALSO_LEFT: set[str] = set()


def is_in_use(person: Person) -> bool:
    return not person.has_left and person.name not in ALSO_LEFT


def is_called(person: Person, made: Made, _circle: Circle) -> bool:
    is_theirs = person.role is Role.RESPONDER and person.place == made.called
    return bool(made.called) and made.is_current and is_theirs


def is_silent(person: Person, made: Made, circle: Circle) -> bool:
    return is_called(person, made, circle) and not made.is_answered


def is_above(person: Person, community: str, circle: Circle) -> bool:
    """Whether somebody of a sub-district or the district acts for the leader of a community."""
    if community in {p.place for p in in_use(Role.COMMUNITY_LEADER)}:
        return False
    is_over_all = person.role is Role.DISTRICT_OFFICE and not is_led_above(community, circle)
    return person.role is Role.SUBDISTRICT_LEADER or is_over_all


def is_assigned(part: Part) -> Callable[[Person, Made, Circle], bool]:
    def is_theirs(person: Person, made: Made, circle: Circle) -> bool:
        if made.part is not part or not made.is_current:
            return False
        if made.to_unit:
            acts_for_it = person.role in (Role.RESPONDER, *OF_COMMUNITY)
            is_own = made.to_unit == made.community
            return (acts_for_it and made.to_unit == person.place) or (
                is_own and is_above(person, made.community, circle)
            )
        given = NAMED[made.assigned]
        takes_over = person.role is Role.COMMUNITY_LEADER and person.place == given.place
        takes_over = takes_over or is_above(person, given.place, circle)
        return given.name == person.name or (not is_in_use(given) and takes_over)

    return is_theirs


def has_account(unit: str) -> bool:
    return any(p.role is Role.RESPONDER and p.place == unit and is_in_use(p) for p in PEOPLE)


def records_a_party(person: Person, made: Made, circle: Circle) -> bool:
    is_without = bool(made.called) and made.is_current and not has_account(made.called)
    return is_without and calls(person, made, circle)


def records_the_lead(person: Person, made: Made, circle: Circle) -> bool:
    leads = made.part is Part.LEAD and made.is_current and made.to_unit not in ("", made.community)
    return leads and not has_account(made.to_unit) and calls(person, made, circle)


def reported(person: Person, made: Made, _circle: Circle) -> bool:
    return made.collector == person.name


def joined(person: Person, made: Made, circle: Circle) -> bool:
    is_joined = made.step is Step.MERGED and made.came_by[-1:] == ("join",)
    return is_joined and reported(person, made, circle)


def is_tasked(person: Person, made: Made, circle: Circle) -> bool:
    has_part = any(is_assigned(part)(person, made, circle) for part in (Part.LEAD, Part.ASSIST))
    return person.role is Role.RESPONDER and has_part


def records_a_task(person: Person, made: Made, circle: Circle) -> bool:
    is_without = made.to_unit not in ("", made.community) and not has_account(made.to_unit)
    is_unit = made.part in (Part.LEAD, Part.ASSIST) and made.is_current and is_without
    return calls(person, made, circle) and is_unit


def is_offices(made: Made) -> bool:
    """A third of all, of each kind: nothing else hangs on it."""
    return int(NUMBERS[made]) % 3 == 0


def is_office(person: Person, made: Made, _circle: Circle) -> bool:
    """Nobody follows any of them; tests/casework/test_incidents.py has one that is followed."""
    return is_offices(made) and person.role in (Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER)


IN_WORDS = {
    Part.CALLER: calls,
    Part.PARTY: is_called,
    Part.LEAD: is_assigned(Part.LEAD),
    Part.ASSIST: is_assigned(Part.ASSIST),
    Part.PARTY_RECORDER: records_a_party,
    Part.LEAD_RECORDER: records_the_lead,
    Part.TASKED: is_tasked,
    Part.TASK_RECORDER: records_a_task,
    Part.DISTRICT: is_with_district,
    Part.REPORTER: reported,
    Part.JOINER: joined,
    Part.OFFICE: is_office,
}


def sees(person: Person, made: Made, circle: Circle) -> bool:
    if person.role in OF_COMMUNITY:
        return made.community == person.place
    if person.role is Role.COLLECTOR:
        return made.collector == person.name
    if person.role is Role.RESPONDER:
        return person.place in (made.called, made.to_unit)
    if person.role is Role.DISTRICT_OFFICE:
        is_late = made.severity_class == "A" and made.step in AT_WORK and made.is_told_late
        was_theirs = made.district_round is not None
        return was_theirs or is_late or not is_led_above(made.community, circle)
    if person.role in (Role.ADMIN, Role.EDITOR):
        return False
    if person.place and person.place not in circle.subdistricts:
        return False
    if len(circle.subdistricts) == 1 or (person.role is Role.SUPERVISOR and not person.place):
        return True
    home = circle.communities.get(made.community)
    return home is not None and home.subdistrict == person.place


# And the rules


def selected(condition: peewee.Expression) -> set[str]:
    rows = Issue.select(Issue.number).where(condition, Issue.number >= str(FIRST_NUMBER))
    return {row.number for row in rows}


def product_rows(database: peewee.Database) -> dict[str, Issue]:
    """The issues to ask one by one: all, but where each question travels to a server only some."""
    rows = Issue.select().where(Issue.number >= str(FIRST_NUMBER)).order_by(Issue.number)
    some = 7 if isinstance(database, peewee.PostgresqlDatabase) else 1
    return {row.number: row for row in list(rows)[::some]}


def check(
    rule: Rule[W], who_asks: W, expected: set[str], issues: Mapping[str, Issue], told: object
) -> None:
    """Both readings of the rule say what was expected."""
    assert selected(rule.where(who_asks)) == expected, told
    held = {number for number, issue in issues.items() if rule.holds(who_asks, issue)}
    assert held == expected & issues.keys(), told


def in_words(says: Callable[[Person, Made, Circle], bool], person: Person, c: Circle) -> set[str]:
    return {NUMBERS[made] for made in EVERY if says(person, made, c)}


@pytest.mark.slow
@pytest.mark.usefixtures("people")
def test_each_part_is_the_same_of_one_issue_and_of_all(database: peewee.Database) -> None:
    check_each_part(database, IN_USE)


@pytest.mark.slow
@pytest.mark.parametrize("left", ["greta steve", "stella", "stella ruth"])
def test_each_part_is_the_same_where_somebody_stands_in(
    database: peewee.Database, people: dict[str, Account], left: str
) -> None:
    gone = left.split()
    Account.update(disabled_at=NOW).where(Account.id.in_([people[n].id for n in gone])).execute()
    ALSO_LEFT.update(gone)
    try:
        leaders = [p for p in IN_USE if p.role in LEADING and is_in_use(p)]
        check_each_part(database, leaders)
        assert any(
            acts_as(level)(p, made, AFTER)
            for p, level, made in product(leaders, ACTS_AS, EVERY)
            if p.role is not level and p.name != "mia"
        )
    finally:
        ALSO_LEFT.clear()


def check_each_part(database: peewee.Database, people: Iterable[Person]) -> None:
    rules = [
        *((rule, IN_WORDS[part]) for part, rule in PARTS.items()),
        *((rule, acts_as(level)) for level, rule in ACTS_AS.items()),
        (SILENT, is_silent),
    ]
    issues = product_rows(database)
    for person in people:
        actor = who(person.name, AFTER)
        for rule, says in rules:
            told = (person.name, says.__name__)
            check(rule, actor, in_words(says, person, AFTER), issues, told)
        # And a page, which asks several at once, has of each issue what they say together.
        for made in EVERY[::8]:
            parts: set[Who] = {part for part, says in IN_WORDS.items() if says(person, made, AFTER)}
            if NUMBERS[made] in issues:
                parts |= {level for level in ACTS_AS if acts_as(level)(person, made, AFTER)}
                assert parts_of(actor, issues[NUMBERS[made]]) == {person.role, *parts}


@pytest.mark.usefixtures("people")
def test_the_caller_is_the_same_in_every_state_of_the_district(database: peewee.Database) -> None:
    rule, issues = PARTS[Part.CALLER], product_rows(database)
    for circle, person in product(DISTRICTS, IN_USE):
        expected = in_words(calls, person, circle)
        check(rule, who(person.name, circle), expected, issues, person.name)


@pytest.mark.usefixtures("people")
def test_a_resident_has_the_parts_that_their_tickets_give(database: peewee.Database) -> None:
    issues = product_rows(database)
    joined_to = {NUMBERS[m] for m in EVERY if m.step is Step.MERGED and m.came_by[-1:] == ("join",)}
    parts = {Part.REPORTER: {*HELD_NUMBERS}, Part.JOINER: joined_to & {*HELD_NUMBERS}}
    assert parts[Part.JOINER]
    for part, rule in PARTS.items():
        check(rule, resident(*HELD_NUMBERS), parts.get(part, set()), issues, part)
        check(rule, resident(), set(), issues, part)
    assert selected(visible_to(resident(*HELD_NUMBERS))) == {*HELD_NUMBERS}


@pytest.mark.usefixtures("people")
def test_who_has_no_account_has_the_parts_of_their_unit_alone(database: peewee.Database) -> None:
    by_link = Actor(Role.RESPONDER, "链接", organization_id="city")
    bob, nobody = who("bob", AFTER), Actor(Role.RESPONDER, "没有单位的")
    issues = product_rows(database)
    for one in issues.values():
        assert parts_of(by_link, one) == parts_of(bob, one)
    assert selected(visible_to(by_link)) == selected(visible_to(bob))
    assert selected(visible_to(nobody)) == set()
    for rule in (*PARTS.values(), SILENT):
        check(rule, nobody, set(), issues, rule)


@pytest.mark.usefixtures("people")
def test_everybody_sees_what_the_words_say_and_sees_to_its_notices() -> None:
    sees_to = (Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER)
    for circle, person in product(DISTRICTS, IN_USE):
        actor = who(person.name, circle)
        expected = in_words(sees, person, circle)
        assert selected(visible_to(actor)) == expected, person.name
        for made in EVERY[:: len(EVERY) // 8]:
            found = visible_issue(actor, NUMBERS[made]) is not None
            assert found == sees(person, made, circle), (person.name, made)
        theirs = expected if person.role in sees_to else set()
        notices = Notice.select(Notice.key).where(
            may_see_to(actor), Notice.key.in_(list(NUMBERS.values()))
        )
        told = {row.key for row in notices}
        assert told == ({*NUMBERS.values()} if person.role is Role.ADMIN else theirs), person.name


def test_what_an_account_holds_is_the_same_of_one_issue_and_of_all(
    database: peewee.Database, people: dict[str, Account]
) -> None:
    issues = product_rows(database)
    for name in ("dan", "dirk", "will", "gus", "bob", "stella", "sergej", "colin"):
        led = {made for made in EVERY if made.part is Part.LEAD and made.is_current}
        expected = {
            Part.CALLER: {NUMBERS[made] for made in EVERY if made.caller == name},
            Part.LEAD: {NUMBERS[made] for made in led if made.assigned == name},
        }
        for part, rule in HELD.items():
            check(rule, people[name], expected[part], issues, (name, part))
        every = set().union(*expected.values())
        assert selected(held_by(people[name])) == every
        # What is not held is the rest: also where there is no caller at all.
        assert selected(~held_by(people[name])) == {*NUMBERS.values()} - every


def test_who_may_lead_is_the_same_of_one_account_and_of_all(people: dict[str, Account]) -> None:
    accounts = [Account.get_by_id(account.id) for account in people.values()]
    for circle, community in product(DISTRICTS, COMMUNITIES):
        issue = Issue.get(Issue.number == NUMBERS[Made(community=community)])
        rows = Account.select(Account.id).where(may_lead(community))
        able = {one.id for one in accounts if may_hold(circle, one, Part.LEAD, issue)}
        assert {row.id for row in rows} & {one.id for one in accounts} == able
        staff = (p for p in IN_USE if p.role in OF_COMMUNITY and p.place == community)
        assert able == {people[person.name].id for person in staff}
