"""Who somebody is towards an issue: what they may see of the register, which parts they play.

Which communities a sub-district has, only the circle says: it is asked when an account becomes an
actor, so that a change of circle.yml holds from the next request on.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from peewee import Expression, Function, fn

from forms_app.community import Circle
from forms_app.rules.procedure import Part, Role, Step, Who, names_where
from forms_app.store.models import Account, AnswerLink, Assignment, Entry, Issue, Notice, Party

_COMMUNITY_ROLES = (Role.WORKER, Role.COMMUNITY_LEADER)
STREET_ROLES = (Role.STREET_LEADER, Role.SUPERVISOR)
# Whose account sees any issue at all.
CASE_ROLES = tuple(role for role in Role if role not in (Role.RESIDENT, Role.ADMIN))
NOBODY = 0  # no account has it: a comparison with None would find what nobody was given
_MERGING = names_where(lambda move: move.to_step is Step.MERGED)
CALLER_ROLE = {"C": Role.COMMUNITY_LEADER, "B": Role.COMMUNITY_LEADER, "A": Role.STREET_LEADER}


@dataclass(frozen=True)
class Actor:
    """Somebody who asks or acts. A resident is known only by the issues whose tickets they hold."""

    role: Role
    name: str
    account_id: int | None = None
    community_id: str = ""
    organization_id: str = ""
    street_id: str = ""
    # To which communities a sub-district's staff and the collectors are bound; None: to none.
    community_ids: frozenset[str] | None = None
    held_numbers: frozenset[str] = frozenset()
    press: str = ""  # the key of the form they pressed; pressed again, it counts once

    @property
    def place_id(self) -> str:
        """Where they work: a community's, unit's or sub-district's id; "" for all of it."""
        return self.community_id or self.organization_id or self.street_id

    @property
    def sees_contacts(self) -> bool:
        """Whether residents' names and phones are theirs to see, on a page or in a file.

        Who oversees calls no resident, and summoned units ask the caller.
        """
        return self.role in (*_COMMUNITY_ROLES, Role.STREET_LEADER, Role.COLLECTOR)

    def reaches(self, community_id: str) -> bool:
        """Whether a community is one of those that they are bound to, or they are bound to none."""
        return self.community_ids is None or community_id in self.community_ids


def resident(*numbers: str, press: str = "") -> Actor:
    """The holder of these issues' tickets."""
    return Actor(Role.RESIDENT, "居民", held_numbers=frozenset(numbers), press=press)


def visible_to(actor: Actor) -> Expression:
    """The condition that selects the issues this actor may see; the admin sees none."""
    if actor.role in STREET_ROLES:
        return _of_street(actor)
    if actor.role in _COMMUNITY_ROLES:
        return Issue.community_id == actor.community_id
    if actor.role is Role.COLLECTOR:
        return Issue.collector == actor.account_id
    if actor.role is Role.RESIDENT:
        return Issue.number.in_(sorted(actor.held_numbers))
    if actor.role is Role.RESPONDER and actor.organization_id:
        called = Party.select(Party.issue).where(Party.organization_id == actor.organization_id)
        assigned = Assignment.select(Assignment.issue).where(
            Assignment.organization_id == actor.organization_id
        )
        return Issue.id.in_(called) | Issue.id.in_(assigned)
    return Issue.id < 0


def called_by(actor: Actor) -> Expression:
    """The condition that selects the issues to which this actor is the caller, as in parts_of."""
    own: Expression = Issue.caller == (actor.account_id or NOBODY)
    classes = [name for name, role in CALLER_ROLE.items() if role is actor.role]
    if not classes:
        return own
    left = Account.select(Account.id).where(Account.disabled_at.is_null(False))
    return own | (Issue.severity_class.in_(classes) & Issue.caller.in_(left))


def led_by(actor: Actor) -> Expression:
    """The condition that selects the issues that this actor leads, as in parts_of."""
    own: Expression = Assignment.account == (actor.account_id or NOBODY)
    if actor.role is Role.COMMUNITY_LEADER:
        left = Account.select(Account.id).where(
            Account.disabled_at.is_null(False), Account.community_id == actor.community_id
        )
        own = own | Assignment.account.in_(left)
    unit = actor.organization_id if actor.role is Role.RESPONDER else ""
    unit = actor.community_id if actor.role in _COMMUNITY_ROLES else unit
    if unit:
        own = own | (Assignment.account.is_null() & (Assignment.organization_id == unit))
    led = Assignment.select(Assignment.issue).where(
        Assignment.is_current, Assignment.part == Part.LEAD.value, own
    )
    is_led: Expression = Issue.id.in_(led)
    return is_led


def awaits_answer_of(actor: Actor) -> Expression:
    """The condition that selects the issues to which this actor's unit has not answered yet."""
    silent = Party.select(Party.issue).where(
        Party.organization_id == actor.organization_id,
        Party.is_current,
        Party.answered_at.is_null(),
    )
    is_silent: Expression = Issue.id.in_(silent)
    return is_silent if actor.role is Role.RESPONDER and actor.organization_id else Issue.id < 0


def _of_street(actor: Actor) -> Expression:
    # A community that the circle has lost is no sub-district's: the whole district's see it.
    return Issue.id > 0 if actor.community_ids is None else in_communities(actor.community_ids)


def in_communities(community_ids: Iterable[str]) -> Expression:
    """The condition that selects the issues of these communities."""
    ids = sorted(community_ids)
    if not ids:
        return Issue.id < 0
    if len(ids) == 1:
        return Issue.community_id == ids[0]
    # An expression rather than the column: over the index of communities SQLite would read and sort
    # every issue of the sub-district for one page (447 ms of 75,000), instead of the newest few.
    return Issue.community_id.concat("").in_(ids)


def may_see_to(actor: Actor) -> Expression | Function:
    """The condition that selects the notices whose delivery is this actor's to see to."""
    if actor.role is Role.ADMIN or (
        actor.role is Role.STREET_LEADER and actor.community_ids is None
    ):
        return Notice.id > 0
    if actor.role in (Role.COMMUNITY_LEADER, Role.STREET_LEADER):
        # Asked of each notice, of which few have failed, rather than of all issues there are.
        return fn.EXISTS(Issue.select(Issue.id).where(Issue.id == Notice.issue, visible_to(actor)))
    return Notice.id < 0


def visible_issue(actor: Actor, number: str) -> Issue | None:
    """The issue of this number, if there is one and the actor may see it."""
    # What is no number is not asked for: PostgreSQL would stumble over a NUL.
    if not (number.isascii() and number.isdigit()):
        return None
    return Issue.get_or_none((Issue.number == number) & visible_to(actor))


def parts_of(actor: Actor, issue: Issue) -> frozenset[Who]:
    """The actor's role and their parts in the issue's present round. Assumes they may see it."""
    parts: set[Who] = {actor.role}
    if _is_caller(actor, issue):
        parts.add(Part.CALLER)
    if (
        actor.role is Role.RESPONDER
        and Party.select()
        .where(
            Party.issue == issue,
            Party.is_current,
            Party.organization_id == actor.organization_id,
        )
        .exists()
    ):
        parts.add(Part.PARTY)
    for assignment in Assignment.select().where(Assignment.issue == issue, Assignment.is_current):
        if _is_assigned(actor, assignment):
            parts.add(Part(assignment.part))
    if _is_reporter(actor, issue):
        parts.add(Part.REPORTER)
        if _was_joined(issue):
            parts.add(Part.JOINER)
    return frozenset(parts)


def _is_reporter(actor: Actor, issue: Issue) -> bool:
    """Whether it is their own issue, or one that they wrote down for somebody."""
    handed_in = actor.account_id is not None and actor.account_id == issue.__data__["collector"]
    return actor.role is Role.RESIDENT or handed_in


def _was_joined(issue: Issue) -> bool:
    """Whether it follows another because its reporter said so, not because staff merged it."""
    if Step(issue.step) is not Step.MERGED:
        return False
    came = Entry.select().where(Entry.issue == issue, Entry.move.in_(_MERGING))
    newest: Entry | None = came.order_by(Entry.id.desc()).first()
    return newest is not None and newest.move == "join"


def _is_caller(actor: Actor, issue: Issue) -> bool:
    if issue.caller is None:
        return False
    if issue.caller.id == actor.account_id:
        return True
    # A caller who has left must not leave the issue behind: a colleague of the level takes over.
    level_role = CALLER_ROLE.get(issue.severity_class or "")
    has_left = issue.caller.disabled_at is not None or _is_of_another_street(actor, issue.caller)
    return actor.role is level_role and has_left


def _is_assigned(actor: Actor, assignment: Assignment) -> bool:
    if assignment.account is not None:
        if assignment.account.disabled_at is None:
            return assignment.account.id == actor.account_id
        # A lead who has left is replaced by the community's leader.
        return (
            actor.role is Role.COMMUNITY_LEADER
            and assignment.account.community_id == actor.community_id
        )
    if actor.role is Role.RESPONDER:
        return assignment.organization_id == actor.organization_id
    # The community itself may lead a joint plan; then its own staff do.
    return actor.role in _COMMUNITY_ROLES and assignment.organization_id == actor.community_id


def personal_parts(account: Account, issue: Issue) -> tuple[Part, ...]:
    """What the account itself is in the issue's present round, whoever else is of its unit."""
    leads = Assignment.select().where(
        Assignment.issue == issue,
        Assignment.is_current,
        Assignment.account == account,
        Assignment.part == Part.LEAD.value,
    )
    is_caller = issue.caller is not None and issue.caller.id == account.id
    return tuple(
        part
        for part, is_theirs in ((Part.CALLER, is_caller), (Part.LEAD, leads.exists()))
        if is_theirs
    )


def may_hold(circle: Circle, account: Account, part: Part, issue: Issue) -> bool:
    """Whether an account in use may be this issue's caller or lead, by its role and place."""
    if account.disabled_at is not None:
        return False
    role = Role(account.role)
    is_near = account.community_id == issue.community_id
    if part is Part.LEAD:
        return role in _COMMUNITY_ROLES and is_near
    level = CALLER_ROLE.get(issue.severity_class or "")
    if level is Role.STREET_LEADER:
        return role is level and actor_of(account, circle).reaches(issue.community_id)
    return role is level and is_near


def colleagues(actor: Actor) -> Expression:
    """The condition that selects the accounts whose work this leader may hand over."""
    if actor.role is Role.STREET_LEADER:
        handling: Expression = Account.role.not_in([Role.ADMIN.value, Role.SUPERVISOR.value])
        if actor.community_ids is None:
            return handling
        is_of_unit = Account.organization_id != ""
        is_here = Account.community_id.in_(sorted(actor.community_ids))
        return handling & (is_of_unit | is_here | (Account.street_id == actor.street_id))
    if actor.role is Role.COMMUNITY_LEADER:
        return Account.community_id == actor.community_id
    return Account.id < 0


def _is_of_another_street(actor: Actor, caller: Account) -> bool:
    """Whether the community has gone over to the actor's sub-district since it was called for."""
    return (
        actor.community_ids is not None
        and caller.role == Role.STREET_LEADER.value
        and caller.street_id != actor.street_id
    )


def actor_of(account: Account, circle: Circle) -> Actor:
    """The account as an actor."""
    return Actor(
        Role(account.role),
        account.display_name,
        account.id,
        account.community_id,
        account.organization_id,
        account.street_id,
        communities_of_account(account, circle),
    )


def communities_of_account(account: Account, circle: Circle) -> frozenset[str] | None:
    """To which communities an account of a sub-district, or a collector, is bound; None: to none.

    With one sub-district nobody is. With several, a supervisor without one is the district's and a
    leader without one sees nothing, as does whoever belongs to one that circle.yml has lost.
    """
    role = Role(account.role)
    if role in STREET_ROLES:
        street_id = account.street_id
        if street_id and street_id not in circle.streets:
            return frozenset()
        is_district = not street_id and role is Role.SUPERVISOR
    elif role is Role.COLLECTOR:
        street = circle.street_of(account.community_id)
        street_id, is_district = street.id if street else "", False
    else:
        return None
    if is_district or not circle.has_several_streets:
        return None
    here = (one.id for one in circle.communities.values() if one.street == street_id)
    return frozenset(here if street_id else ())


def party_actor(party: Party, press: str = "") -> Actor:
    """Whoever answers for a summoned party with its one-time link, without an account."""
    return Actor(Role.RESPONDER, "一次性链接", organization_id=party.organization_id, press=press)


def link_refusal(link: AnswerLink, now: datetime) -> str | None:
    """Why a one-time link opens nothing any more, as a sentence; None while it does."""
    if link.used_at is not None:
        return "这个链接已经用过，只能用一次。要补充意见，请打电话告诉号召人。"
    if link.replaced_at is not None:
        return "号召人已经发了新的链接，这一个不能再用。请用最近收到的那一个。"
    if Step(link.party.issue.step) is Step.HANDLING and link.party.is_current:
        return "解决方案已经定下，不再收响应。有意见请打电话告诉号召人。"
    if not link.party.is_current or Step(link.party.issue.step) is not Step.RESPONDING:
        return "这次号召已经结束，不用再响应。"
    if link.expires_at <= now:
        return "这个链接已经过期。仍要响应，请打电话给号召人，请他发一个新的。"
    return None
