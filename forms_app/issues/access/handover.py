"""What an account holds itself, who may hold it in its place, and who may hand it over."""

from collections.abc import Mapping
from functools import reduce
from operator import or_

from peewee import Expression

from forms_app.community import Circle
from forms_app.issues.access.actor import COMMUNITY_ROLES, Actor, still_reaches
from forms_app.issues.access.rule import Rule, has_left, recorded
from forms_app.issues.access.standing import CALLER_ROLE
from forms_app.rules.steps import Part, Role
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Issue


def _called(account: Account, issue: Issue) -> bool:
    return bool(issue.__data__["caller"] == account.id)


def _called_by(account: Account) -> Expression:
    # An issue without a caller must not be neither held nor not held, as SQL would have it.
    return Issue.caller.is_null(False) & (Issue.caller == account)


def _is_lead(account: Account) -> Expression:
    return (Assignment.part == Part.LEAD.value) & (Assignment.account == account)


# What the account itself is in an issue's present round, whoever else is of its unit.
HELD: Mapping[Part, Rule[Account]] = {
    Part.CALLER: Rule(_called, _called_by),
    Part.LEAD: recorded(Assignment, _is_lead),
}


def personal_parts(account: Account, issue: Issue) -> tuple[Part, ...]:
    """What the account itself is in the issue's present round, whoever else is of its unit."""
    return tuple(part for part, rule in HELD.items() if rule.holds(account, issue))


def held_by(account: Account) -> Expression:
    """The condition that selects the issues in which the account itself has a part."""
    return reduce(or_, (rule.where(account) for rule in HELD.values()))


def may_hold(circle: Circle, account: Account, part: Part, issue: Issue) -> bool:
    """Whether an account in use may be this issue's caller or lead, by its role and place."""
    if not still_reaches(circle, account, issue.community_id):
        return False
    role = Role(account.role)
    is_near = account.community_id == issue.community_id
    if part is Part.LEAD:
        return role in COMMUNITY_ROLES and is_near
    level = CALLER_ROLE.get(issue.severity_class or "")
    return role is level and (is_near or level is Role.SUBDISTRICT_LEADER)


def may_lead(community_id: str) -> Expression:
    """The condition that selects the accounts that may lead an issue of this community."""
    is_staff = Account.role.in_([role.value for role in COMMUNITY_ROLES])
    own: Expression = (Account.community_id == community_id) & is_staff & ~has_left()
    return own


def colleagues(actor: Actor) -> Expression:
    """The condition that selects the accounts whose work this leader may hand over."""
    if actor.role is Role.SUBDISTRICT_LEADER:
        handling: Expression = Account.role.not_in(
            [Role.ADMIN.value, Role.EDITOR.value, Role.SUPERVISOR.value]
        )
        if actor.community_ids is None:
            return handling
        is_of_unit = Account.organization_id != ""
        is_here = Account.community_id.in_(sorted(actor.community_ids))
        return handling & (is_of_unit | is_here | (Account.subdistrict_id == actor.subdistrict_id))
    if actor.role is Role.COMMUNITY_LEADER:
        return Account.community_id == actor.community_id
    return Account.id < 0
