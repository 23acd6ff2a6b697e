"""Who somebody is towards an issue: what they may see of the register, which parts they play."""

from dataclasses import dataclass
from datetime import datetime

from peewee import Expression

from forms_app.models import Account, AnswerLink, Assignment, Entry, Issue, Notice, Party
from forms_app.procedure import Part, Role, Step, Who

_COMMUNITY_ROLES = (Role.WORKER, Role.COMMUNITY_LEADER)
_STREET_ROLES = (Role.STREET_LEADER, Role.SUPERVISOR)
CALLER_ROLE = {"C": Role.COMMUNITY_LEADER, "B": Role.COMMUNITY_LEADER, "A": Role.STREET_LEADER}


@dataclass(frozen=True)
class Actor:
    """Somebody who asks or acts. A resident is known only by the issues whose tickets they hold."""

    role: Role
    name: str
    account_id: int | None = None
    community_id: str = ""
    organization_id: str = ""
    held_numbers: frozenset[str] = frozenset()
    press: str = ""  # the key of the form they pressed; pressed again, it counts once

    @property
    def sees_contacts(self) -> bool:
        """Whether residents' names and phones are theirs to see; summoned units ask the caller."""
        return self.role in (*_COMMUNITY_ROLES, *_STREET_ROLES, Role.COLLECTOR)

    @property
    def exports_contacts(self) -> bool:
        """Whether they may take names and phones away in a file; who oversees needs none there."""
        return self.sees_contacts and self.role is not Role.SUPERVISOR


def resident(*numbers: str, press: str = "") -> Actor:
    """The holder of these issues' tickets."""
    return Actor(Role.RESIDENT, "居民", held_numbers=frozenset(numbers), press=press)


def visible_to(actor: Actor) -> Expression:
    """The condition that selects the issues this actor may see; the admin sees none."""
    if actor.role in _STREET_ROLES:
        return Issue.id > 0
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


def may_see_to(actor: Actor) -> Expression:
    """The condition that selects the notices whose delivery is this actor's to see to."""
    if actor.role in (Role.ADMIN, Role.STREET_LEADER):
        return Notice.id > 0
    if actor.role is Role.COMMUNITY_LEADER:
        here = Issue.select(Issue.id).where(Issue.community_id == actor.community_id)
        return Notice.issue.in_(here)
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
    came = Entry.select().where(Entry.issue == issue, Entry.move.in_(["join", "merge"]))
    newest: Entry | None = came.order_by(Entry.id.desc()).first()
    return newest is not None and newest.move == "join"


def _is_caller(actor: Actor, issue: Issue) -> bool:
    if issue.caller is None:
        return False
    if issue.caller.id == actor.account_id:
        return True
    # A caller who has left must not leave the issue behind: a colleague of the level takes over.
    level_role = CALLER_ROLE.get(issue.severity_class or "")
    return actor.role is level_role and issue.caller.disabled_at is not None


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


def actor_of(account: Account) -> Actor:
    """The account as an actor."""
    return Actor(
        Role(account.role),
        account.display_name,
        account.id,
        account.community_id,
        account.organization_id,
    )


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
