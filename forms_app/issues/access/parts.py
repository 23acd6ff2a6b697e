"""Which parts somebody plays in an issue's present round, each a rule with its SQL beside it."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from peewee import OP, SQL, Expression, Field, ModelSelect, fn

from forms_app.issues.access.actor import ACTING_ROLES, COMMUNITY_ROLES, Actor
from forms_app.issues.access.rule import EVERY, NONE, Rule, has_left, recorded
from forms_app.issues.access.standing import (
    ACTS_AS,
    CALLER_ROLE,
    LEVELS,
    has_leader,
    is_led_by_none,
)
from forms_app.issues.access.unheard_units import (
    called_units,
    leading_units,
    tasked_units,
    units_without_account,
)
from forms_app.issues.driving import exists
from forms_app.issues.taken_over import of_those_before
from forms_app.rules.clocks import OVERDUE
from forms_app.rules.incidents import Main
from forms_app.rules.move import Clock, Who
from forms_app.rules.procedure import HANDS_ON, names_where
from forms_app.rules.steps import BEFORE_RESULT, INQUIRY, Part, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Entry, Issue, Party, TakenOver
from forms_app.store.notices import Reminder
from forms_app.store.prepared import prepared

NOBODY = 0  # no account has it: a comparison with None would find what nobody was given


# The caller. One who has gone must not leave the issue behind: a colleague of the level takes over,
# or whoever stands in for it.


def _is_caller(actor: Actor, issue: Issue) -> bool:
    caller_id = issue.__data__["caller"]
    if caller_id is not None and caller_id == actor.account_id:
        return True
    if _is_districts(actor, issue):
        return True
    level = CALLER_ROLE.get(issue.severity_class or "")
    if level is None or caller_id is None or actor.role not in ACTING_ROLES:
        return False
    caller = issue.caller
    is_gone = caller is not None and _has_gone(actor, caller)
    return is_gone and ACTS_AS[level].holds(actor, issue)


def _called_by(actor: Actor) -> Expression:
    own: Expression = Issue.caller == (actor.account_id or NOBODY)
    if actor.role not in ACTING_ROLES:
        return own
    own |= _is_with_district(actor)
    gone = Account.select(Account.id).where(_gone_for(actor))
    levels = [
        Issue.severity_class.in_([name for name, role in CALLER_ROLE.items() if role is level])
        & rule.where(actor)
        for level, rule in ACTS_AS.items()
    ]
    return own | (Issue.caller.in_(gone) & reduce(or_, levels))


def _has_gone(actor: Actor, caller: Account) -> bool:
    """Whether the caller has left, the community has since come over to the actor, or the district
    office called in another's place.
    """
    is_elsewhere = caller.subdistrict_id not in actor.peer_subdistrict_ids
    is_above = caller.role == Role.SUBDISTRICT_LEADER.value
    is_over_all = caller.role == Role.DISTRICT_OFFICE.value
    return caller.disabled_at is not None or is_over_all or (is_above and is_elsewhere)


def _gone_for(actor: Actor) -> Expression:
    peers = sorted(actor.peer_subdistrict_ids)
    is_elsewhere = Account.subdistrict_id.not_in(peers) if peers else EVERY
    is_over_all = Account.role == Role.DISTRICT_OFFICE.value
    is_above = Account.role == Role.SUBDISTRICT_LEADER.value
    return has_left() | is_over_all | (is_above & is_elsewhere)


# The district office, once a major issue was referred up to it or taken up by it.


def _is_districts(actor: Actor, issue: Issue) -> bool:
    return actor.role is Role.DISTRICT_OFFICE and issue.district_round == issue.round_no


def _is_with_district(actor: Actor) -> Expression:
    if actor.role is not Role.DISTRICT_OFFICE:
        return NONE
    # An issue that never was must not be neither with it nor not, as SQL would have it.
    is_now: Expression = Issue.district_round.is_null(False) & (
        Issue.district_round == Issue.round_no
    )
    return is_now


def major_and_late() -> Expression:
    """The condition that a major issue is past the deadline that its resident was told, and the
    staff have been told so: which the district office sees, and may take up.
    """
    told = Reminder.select(Reminder.id).where(
        Reminder.issue == Issue.id,
        Reminder.clock == Clock.RESULT.value,
        Reminder.due_at == Issue.due_at,
        Reminder.rank == SQL(str(OVERDUE)),
    )
    # In words that an index knows: major issues at work are few.
    at_work = [SQL(f"'{step.value}'") for step in BEFORE_RESULT]
    is_major = (Issue.severity_class == SQL("'A'")) & Issue.step.in_(at_work)
    found: Expression = is_major & exists(told)
    return found


# Those who were called, as units.


def _is_of_unit(actor: Actor) -> Expression | None:
    if actor.role is not Role.RESPONDER or not actor.organization_id:
        return None
    own: Expression = Party.organization_id == actor.organization_id
    return own


def _is_silent(actor: Actor) -> Expression | None:
    called = _is_of_unit(actor)
    return None if called is None else called & Party.answered_at.is_null()


# Those who lead or assist: one of a community's staff, a unit, or the community itself.


def _is_assigned(actor: Actor) -> Expression | None:
    if actor.role in (Role.SUBDISTRICT_LEADER, Role.DISTRICT_OFFICE):
        return _stood_in_handling(actor)
    place = actor.organization_id if actor.role is Role.RESPONDER else actor.community_id
    if actor.role not in (Role.RESPONDER, *COMMUNITY_ROLES) or not place:
        return None
    as_unit: Expression = Assignment.account.is_null() & (Assignment.organization_id == place)
    if actor.role is Role.RESPONDER:
        return as_unit
    own: Expression = Assignment.account == (actor.account_id or NOBODY)
    if actor.role is Role.COMMUNITY_LEADER:
        # One who has left is replaced by the community's leader.
        left = Account.select(Account.id).where(has_left(), Account.community_id == place)
        own = own | Assignment.account.in_(left)
    return own | as_unit


def _is_tasked(actor: Actor) -> Expression | None:
    return _is_assigned(actor) if actor.role is Role.RESPONDER else None


def _stood_in_handling(actor: Actor) -> Expression:
    """What a community without a leader has in hand, or one of its staff who has left."""
    home = Issue.alias()
    is_community = fn.EXISTS(
        home.select(home.id).where(
            home.id == Assignment.issue,
            home.community_id == Assignment.organization_id,
            _is_acted_for(actor, home.community_id),
        )
    )
    left = Account.select(Account.id).where(
        has_left(),
        Account.role.in_([role.value for role in COMMUNITY_ROLES]),
        _is_acted_for(actor, Account.community_id),
    )
    found: Expression = (Assignment.account.is_null() & is_community) | Assignment.account.in_(left)
    return found


def _is_acted_for(actor: Actor, community: Field) -> Expression:
    """The condition that this leader from above acts for the community in the column."""
    is_left: Expression = ~has_leader(community)
    if actor.role is Role.DISTRICT_OFFICE:
        is_left &= is_led_by_none(actor.subdistricts, community)
    return is_left


def _assigned(part: Part) -> Rule[Actor]:
    def is_theirs(actor: Actor) -> Expression | None:
        theirs = _is_assigned(actor)
        return None if theirs is None else (Assignment.part == part.value) & theirs

    return recorded(Assignment, is_theirs)


# A unit of which nobody has an account in use says what it did by telephone: the caller writes it
# down for it (代记).


def _recorder(
    table: type[Party] | type[Assignment], is_without: Callable[[], Expression]
) -> Rule[Actor]:
    def without() -> Any:
        return table.select(table.issue).join(Issue).where(is_without())

    def holds(actor: Actor, issue: Issue) -> bool:
        return _is_caller(actor, issue) and without().where(table.issue == issue).exists()

    def where(actor: Actor) -> Expression:
        # Asked of each issue of a list: of all that units ever led there are more every year.
        here = table.select(table.id).where(table.issue == Issue.id, is_without())
        return _called_by(actor) & exists(here)

    return Rule(holds, where)


# Whose issue it is: their own, or one that they wrote down for somebody.


def _is_reporter(actor: Actor, issue: Issue) -> bool:
    if actor.role is Role.RESIDENT:
        return issue.number in actor.held_numbers
    return actor.account_id is not None and issue.__data__["collector"] == actor.account_id


def _reported_by(actor: Actor) -> Expression:
    if actor.role is Role.RESIDENT:
        held: Expression = Issue.number.in_(sorted(actor.held_numbers))
        return held
    handed_in: Expression = Issue.collector == (actor.account_id or NOBODY)
    return handed_in


# A reporter whose issue follows another because they said so, not because staff merged it.
_COMING = names_where(lambda move: move.to_step is Step.MERGED)
_JOINING = names_where(lambda move: move.to_step is Step.MERGED and Part.REPORTER in move.who)


def _is_joiner(actor: Actor, issue: Issue) -> bool:
    if Step(issue.step) is not Step.MERGED or not _is_reporter(actor, issue):
        return False
    came = Entry.select().where(Entry.issue == issue, Entry.move.in_(_COMING))
    newest: Entry | None = came.order_by(Entry.id.desc()).first()
    return newest is not None and newest.move in _JOINING


def _joined_by(actor: Actor) -> Expression:
    came = Entry.select(Entry.move).where(Entry.issue == Issue.id, Entry.move.in_(_COMING))
    newest = came.order_by(Entry.id.desc()).limit(1)
    is_joined = Expression(newest, OP.IN, _JOINING)
    return _reported_by(actor) & (Issue.step == Step.MERGED.value) & is_joined


# Of an incident's main issue that the office handed in, the office's own leaders are whose it is,
# as long as nobody follows it.


def _is_office(actor: Actor, issue: Issue) -> bool:
    if actor.role not in LEVELS or issue.of_incident != Main.OFFICE.value:
        return False
    following = Issue.alias()
    return not following.select(following.id).where(following.merged_into == issue.id).exists()


def _handed_in_by_office(actor: Actor) -> Expression:
    if actor.role not in LEVELS:
        return NONE
    following = Issue.alias()
    followed = following.select(following.id).where(following.merged_into == Issue.id)
    found: Expression = (Issue.of_incident == Main.OFFICE.value) & ~fn.EXISTS(followed)
    return found


# Whoever worked on it in this round, under whichever number. Of an inquiry answered at the first
# desk nobody did; whoever followed it was not at that desk.


def _has_worked(actor: Actor, issue: Issue) -> bool:
    if actor.account_id is None:
        return False
    if not _is_desk_inquiry(issue):
        made = _made_by(actor).where(Entry.issue == issue.id, Entry.round_no == issue.round_no)
        if made.exists() or _given_to(actor).where(Assignment.issue == issue.id).exists():
            return True
    before = of_those_before(_made_by(actor))
    return bool(
        before.where(TakenOver.issue == issue.id, TakenOver.round_no == issue.round_no).exists()
    )


def _worked_on_by(actor: Actor) -> Expression:
    if actor.account_id is None:
        return NONE
    made = _made_by(actor).where(Entry.issue == Issue.id, Entry.round_no == Issue.round_no)
    given = _given_to(actor).where(Assignment.issue == Issue.id)
    is_inquiry = Issue.settled_at.is_null(False) & (Issue.nature == INQUIRY)
    before = of_those_before(_made_by(actor)).where(
        TakenOver.issue == Issue.id, TakenOver.round_no == Issue.round_no
    )
    found: Expression = (~is_inquiry & (fn.EXISTS(made) | fn.EXISTS(given))) | fn.EXISTS(before)
    return found


def _is_desk_inquiry(issue: Issue) -> bool:
    return issue.settled_at is not None and issue.nature == INQUIRY


def _made_by(actor: Actor) -> "ModelSelect[Entry]":
    # A sum, so that SQLite looks through an issue's entries and not through all of the account's.
    by_account = (Entry.account + 0) == actor.account_id
    return Entry.select(Entry.id).where(by_account, Entry.move.in_(HANDS_ON))


def _given_to(actor: Actor) -> "ModelSelect[Assignment]":
    return Assignment.select(Assignment.id).where(
        Assignment.account == actor.account_id, Assignment.is_current
    )


PARTS: Mapping[Part, Rule[Actor]] = {
    Part.CALLER: Rule(_is_caller, _called_by),
    Part.PARTY: recorded(Party, _is_of_unit),
    Part.LEAD: _assigned(Part.LEAD),
    Part.ASSIST: _assigned(Part.ASSIST),
    Part.PARTY_RECORDER: _recorder(Party, called_units),
    Part.LEAD_RECORDER: _recorder(Assignment, leading_units),
    Part.TASKED: recorded(Assignment, _is_tasked),
    Part.TASK_RECORDER: _recorder(Assignment, tasked_units),
    Part.DISTRICT: Rule(_is_districts, _is_with_district),
    Part.REPORTER: Rule(_is_reporter, _reported_by),
    Part.JOINER: Rule(_is_joiner, _joined_by),
    Part.OFFICE: Rule(_is_office, _handed_in_by_office),
}
# Whose words a caller writes down, as what they are to the issue.
RECORDED: Mapping[Part, frozenset[Part]] = {
    Part.PARTY_RECORDER: frozenset({Part.PARTY}),
    Part.LEAD_RECORDER: frozenset({Part.LEAD}),
    Part.TASK_RECORDER: frozenset({Part.LEAD, Part.ASSIST}),
}
# A party that has not answered: one that has is waited for no more.
SILENT: Rule[Actor] = recorded(Party, _is_silent)
# Those who enter no verdict on it, whatever their role.
HANDS: Rule[Actor] = Rule(_has_worked, _worked_on_by)


@prepared
def _given(actor: Actor, issue_id: int) -> Any:
    is_one = (Assignment.issue == issue_id) & Assignment.is_current
    given: Any = Assignment.select(Assignment.part).where(is_one, _is_assigned(actor))
    for level in LEVELS if actor.role in ACTING_ROLES else ():
        word = SQL(f"'{level.value}'")
        acts = Issue.select(word).where(Issue.id == issue_id, ACTS_AS[level].where(actor))
        given = given.union_all(acts)
    return given


def parts_of(actor: Actor, issue: Issue) -> frozenset[Who]:
    """The actor's role and their parts in the issue's present round. Assumes they may see it.

    Of a level for which they stand in, its role too.
    """
    parts: set[Who] = {actor.role}
    theirs = _is_assigned(actor)
    if theirs is not None:
        # Whether they lead, assist and stand in is one question to the database, not three.
        given = {word for (word,) in _given.tuples(actor, issue.id)}
        parts.update(who for who in (Part.LEAD, Part.ASSIST, *LEVELS) if who.value in given)
        if actor.role is Role.RESPONDER and given:
            parts.add(Part.TASKED)
    others = PARTS.keys() - {Part.LEAD, Part.ASSIST, Part.TASKED, *RECORDED}
    parts.update(part for part in others if PARTS[part].holds(actor, issue))
    if Part.CALLER in parts:
        without = {unit_part for unit_part, _ in units_without_account(issue)}
        parts.update(
            recorder for recorder, whose in RECORDED.items() if not whose.isdisjoint(without)
        )
    return frozenset(parts)
