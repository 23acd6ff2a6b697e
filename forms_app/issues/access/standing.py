"""Who acts for a level of which nobody has an account in use (代行).

Rights follow accounts in use, never names on paper: where a community has no leader, its
sub-district's leaders have that leader's rights, and the other way round. Within what they see:
whoever stands in does so in their own sub-district alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import Expression, Field, ModelSelect, fn

from forms_app.community import Circle
from forms_app.issues.access.actor import Actor, communities_of_account
from forms_app.issues.access.rule import EVERY, NONE, Rule, has_left
from forms_app.rules.move import Who
from forms_app.rules.steps import Part, Role
from forms_app.store.models import Account, Issue
from forms_app.store.prepared import prepared

LEVELS = (Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER)
CALLER_ROLE = {"C": Role.COMMUNITY_LEADER, "B": Role.COMMUNITY_LEADER, "A": Role.SUBDISTRICT_LEADER}
_CALLERS = {Part.CALLER, Part.PARTY_RECORDER, Part.LEAD_RECORDER, Part.TASK_RECORDER}
_HANDLERS = {Part.LEAD, Part.ASSIST}


def has_leader(community: Field) -> Expression:
    """The condition that somebody who leads the community in this column can sign in."""
    leader: Any = Account.alias()
    leads = (leader.role == Role.COMMUNITY_LEADER.value) & leader.disabled_at.is_null()
    found: Expression = community.in_(leader.select(leader.community_id).where(leads))
    return found


def _is_led_above(actor: Actor) -> Any:
    """The condition that somebody who leads this community leader's sub-district can sign in."""
    above = Account.select(Account.id).where(
        Account.role == Role.SUBDISTRICT_LEADER.value,
        ~has_left(),
        Account.subdistrict_id.in_(sorted(actor.peer_subdistrict_ids)),
    )
    return fn.EXISTS(above)


def _acts_for_community(actor: Actor) -> Expression:
    if actor.role is Role.COMMUNITY_LEADER:
        return EVERY
    return ~has_leader(Issue.community_id) if actor.role in LEVELS else NONE


def _acts_for_subdistrict(actor: Actor) -> Expression:
    if actor.role is Role.SUBDISTRICT_LEADER:
        return EVERY
    condition: Any = ~_is_led_above(actor)
    return condition if actor.role in LEVELS else NONE


def _rule(level: Role) -> Rule[Actor]:
    where = _acts_for_community if level is Role.COMMUNITY_LEADER else _acts_for_subdistrict

    @prepared
    def stands_in(actor: Actor, issue_id: int) -> "ModelSelect[Issue]":
        return Issue.select(Issue.id).where(Issue.id == issue_id, where(actor))

    def holds(actor: Actor, issue: Issue) -> bool:
        is_own = actor.role is level
        return is_own or (actor.role in LEVELS and bool(stands_in.tuples(actor, issue.id)))

    return Rule(holds, where)


# Who has a level's rights towards an issue: its own people, or whoever stands in for them.
ACTS_AS: Mapping[Role, Rule[Actor]] = {level: _rule(level) for level in LEVELS}


def stood_in_for(
    actor: Actor, severity_class: str | None, parts: Collection[Who], who: Collection[Who]
) -> Role | None:
    """For which level an actor with these parts makes a move of `who`; None: in their own right."""
    if actor.role not in LEVELS or actor.role in who:
        return None
    for level in LEVELS:
        if level in who and level in parts:
            return level
    played = {part for part in parts if part in who}
    if played & _CALLERS:
        level = CALLER_ROLE[severity_class or "C"]
        return None if level is actor.role else level
    is_above = actor.role is Role.SUBDISTRICT_LEADER
    return Role.COMMUNITY_LEADER if is_above and played & _HANDLERS else None


@dataclass(frozen=True)
class Levels:
    """Over which communities somebody of each level has an account in use."""

    reached: Mapping[Role, frozenset[str]]

    def acting(self, level: Role, community_id: str) -> Role:
        """Whose leaders have the level's rights there: its own, else the other level's."""
        if community_id in self.reached[level]:
            return level
        other = next(one for one in LEVELS if one is not level)
        return other if community_id in self.reached[other] else level

    def missing(self, community_id: str) -> tuple[Role, ...]:
        """The levels of which nobody can sign in there."""
        return tuple(level for level in LEVELS if community_id not in self.reached[level])


def levels_in_use(circle: Circle) -> Levels:
    """Who of the leaders can sign in, asked at once for every community."""
    leaders = Account.role.in_([level.value for level in LEVELS])
    return levels_of(circle, Account.select().where(leaders, ~has_left()))


def levels_of(circle: Circle, accounts: Iterable[Account]) -> Levels:
    """Over which communities these accounts have a leader who can sign in."""
    reached: dict[Role, set[str]] = {level: set() for level in LEVELS}
    for account in accounts:
        if account.disabled_at is not None:
            continue
        if account.role == Role.COMMUNITY_LEADER.value:
            reached[Role.COMMUNITY_LEADER].add(account.community_id)
        elif account.role == Role.SUBDISTRICT_LEADER.value:
            found = communities_of_account(account, circle)
            reached[Role.SUBDISTRICT_LEADER] |= set(circle.communities) if found is None else found
    return Levels({level: frozenset(found) for level, found in reached.items()})
