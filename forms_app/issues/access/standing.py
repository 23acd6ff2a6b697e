"""Who acts for a level of which nobody has an account in use (代行).

Rights follow accounts in use, never names on paper: where a community has no leader, its
sub-district's leaders have that leader's rights, else the district office; where a sub-district has
none, the district office, else the community's. Within what they see: whoever stands in does so in
their own sub-district alone.
"""

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from msgspec import Struct
from peewee import Expression, Field, ModelSelect, fn

from forms_app.community import Circle
from forms_app.issues.access.actor import ACTING_ROLES, Actor, Led, communities_of_account
from forms_app.issues.access.rule import EVERY, NONE, Rule, has_left
from forms_app.rules.move import Who
from forms_app.rules.procedure import level_above
from forms_app.rules.steps import Part, Role
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared

# The levels without whom nothing goes on; above them is the district office, where there is one.
LEVELS = (Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER)
# Who has a level's rights, in this order: the first of whom somebody can sign in.
IN_TURN: Mapping[Role, tuple[Role, ...]] = {
    Role.COMMUNITY_LEADER: ACTING_ROLES,
    Role.SUBDISTRICT_LEADER: (
        Role.SUBDISTRICT_LEADER,
        Role.DISTRICT_OFFICE,
        Role.COMMUNITY_LEADER,
    ),
}
CALLER_ROLE = {"C": Role.COMMUNITY_LEADER, "B": Role.COMMUNITY_LEADER, "A": Role.SUBDISTRICT_LEADER}
_CALLERS = {Part.CALLER, Part.PARTY_RECORDER, Part.LEAD_RECORDER, Part.TASK_RECORDER}
_HANDLERS = {Part.LEAD, Part.ASSIST}


def has_leader(community: Field) -> Expression:
    """The condition that somebody who leads the community in this column can sign in."""
    leader: Any = Account.alias()
    leads = (leader.role == Role.COMMUNITY_LEADER.value) & leader.disabled_at.is_null()
    found: Expression = community.in_(leader.select(leader.community_id).where(leads))
    return found


def _has_subdistrict_leader(leaders_say: Collection[str]) -> Any:
    """The condition that somebody can sign in whose account names one of these sub-districts."""
    above = Account.select(Account.id).where(
        Account.role == Role.SUBDISTRICT_LEADER.value,
        ~has_left(),
        Account.subdistrict_id.in_(sorted(leaders_say)),
    )
    return fn.EXISTS(above)


def has_district_office() -> Any:
    """The condition that somebody of the district office can sign in."""
    return fn.EXISTS(_district_office())


def _district_office() -> "ModelSelect[Account]":
    is_of_it = (Account.role == Role.DISTRICT_OFFICE.value) & ~has_left()
    return Account.select(Account.id).where(is_of_it)


def is_district_in_use() -> bool:
    """Whether somebody of the district office can sign in."""
    return bool(_district_office().exists())


def is_above_in_use(severity_class: str | None) -> bool:
    """Whether the level above an issue's has somebody, or another stands in for it; for the
    district nobody does.
    """
    return level_above(severity_class) is not Role.DISTRICT_OFFICE or is_district_in_use()


def is_led_by_none(subdistricts: Collection[Led], community: Field) -> Expression:
    """The condition that the community in this column has no sub-district leader who can sign in.

    One that no file names any more is nobody's.
    """
    led = [
        _has_subdistrict_leader(one.leaders_say)
        & (EVERY if one.community_ids is None else community.in_(sorted(one.community_ids)))
        for one in subdistricts
        if one.community_ids is None or one.community_ids
    ]
    found: Expression = ~reduce(or_, led) if led else EVERY
    return found


def _acts_for_community(actor: Actor) -> Expression:
    if actor.role is Role.COMMUNITY_LEADER:
        return EVERY
    is_left: Expression = ~has_leader(Issue.community_id)
    if actor.role is Role.DISTRICT_OFFICE:
        return is_left & is_led_by_none(actor.subdistricts, Issue.community_id)
    return is_left if actor.role is Role.SUBDISTRICT_LEADER else NONE


def _acts_for_subdistrict(actor: Actor) -> Expression:
    if actor.role is Role.SUBDISTRICT_LEADER:
        return EVERY
    if actor.role is Role.DISTRICT_OFFICE:
        return is_led_by_none(actor.subdistricts, Issue.community_id)
    led_above: Any = _has_subdistrict_leader(actor.peer_subdistrict_ids) | has_district_office()
    return ~led_above if actor.role is Role.COMMUNITY_LEADER else NONE


def _rule(level: Role) -> Rule[Actor]:
    where = _acts_for_community if level is Role.COMMUNITY_LEADER else _acts_for_subdistrict

    @prepared
    def stands_in(actor: Actor, issue_id: int) -> "ModelSelect[Issue]":
        return Issue.select(Issue.id).where(Issue.id == issue_id, where(actor))

    def holds(actor: Actor, issue: Issue) -> bool:
        is_own = actor.role is level
        return is_own or (actor.role in ACTING_ROLES and bool(stands_in.tuples(actor, issue.id)))

    return Rule(holds, where)


# Who has a level's rights towards an issue: its own people, or whoever stands in for them.
ACTS_AS: Mapping[Role, Rule[Actor]] = {level: _rule(level) for level in LEVELS}


def stood_in_for(
    actor: Actor, severity_class: str | None, parts: Collection[Who], who: Collection[Who]
) -> Role | None:
    """For which level an actor with these parts makes a move of `who`; None: in their own right."""
    if actor.role not in ACTING_ROLES or actor.role in who:
        return None
    if Part.DISTRICT in parts and not {Part.DISTRICT, Part.CALLER}.isdisjoint(who):
        return None  # caller beside the sub-district, in its own right
    for level in LEVELS:
        if level in who and level in parts:
            return level
    played = {part for part in parts if part in who}
    if played & _CALLERS:
        level = CALLER_ROLE[severity_class or "C"]
        return None if level is actor.role else level
    is_above = actor.role is not Role.COMMUNITY_LEADER
    return Role.COMMUNITY_LEADER if is_above and played & _HANDLERS else None


class Levels(Struct, frozen=True):
    """Over which communities somebody of each level has an account in use."""

    reached: Mapping[Role, frozenset[str]]

    def acting(self, level: Role, community_id: str) -> Role:
        """Whose leaders have the level's rights there: its own, else the next one's in turn."""
        in_use = (one for one in IN_TURN[level] if community_id in self.reached[one])
        return next(in_use, level)

    def missing(self, community_id: str) -> tuple[Role, ...]:
        """The levels of which nobody can sign in there; a district office need not be."""
        return tuple(level for level in LEVELS if community_id not in self.reached[level])


def levels_in_use(circle: Circle) -> Levels:
    """Who of the leaders can sign in, asked at once for every community."""
    leaders = Account.role.in_([level.value for level in ACTING_ROLES])
    return levels_of(circle, Account.select().where(leaders, ~has_left()))


def levels_of(circle: Circle, accounts: Iterable[Account]) -> Levels:
    """Over which communities these accounts have a leader who can sign in."""
    reached: dict[Role, set[str]] = {level: set() for level in ACTING_ROLES}
    for account in accounts:
        if account.disabled_at is not None:
            continue
        if account.role == Role.COMMUNITY_LEADER.value:
            reached[Role.COMMUNITY_LEADER].add(account.community_id)
        elif Role(account.role) in ACTING_ROLES:
            found = communities_of_account(account, circle)
            reached[Role(account.role)] |= set(circle.communities) if found is None else found
    return Levels({level: frozenset(found) for level, found in reached.items()})
