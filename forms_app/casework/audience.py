"""Who stands around an issue as it is now: the accounts that each kind of notice goes to.

It writes nothing, and does not know how anybody is reached.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from peewee import Expression, ModelSelect

from forms_app.community import Circle
from forms_app.issues.access import CALLER_ROLE, IN_TURN, still_calls, still_reaches
from forms_app.rules.move import Between, Hearer
from forms_app.rules.steps import Part, Role
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Issue, Party, Summons, Urge
from forms_app.store.prepared import prepared

# An issue → ids of accounts in use.
Audience: TypeAlias = Callable[[Circle, Issue], set[int]]


def _of_community(role: Role, community_id: str) -> set[int]:
    return {key for (key,) in _in_role.tuples(role, community_id)}


@prepared
def _in_role(role: Role, community_id: str) -> "ModelSelect[Account]":
    return Account.select(Account.id).where(
        Account.disabled_at.is_null(),
        Account.role == role.value,
        Account.community_id == community_id,
    )


def leaders(circle: Circle, issue: Issue) -> set[int]:
    """Who leads the issue's community, or stands in for its leaders."""
    return _in_turn(circle, issue, Role.COMMUNITY_LEADER)


def workers(_circle: Circle, issue: Issue) -> set[int]:
    """The workers of the issue's community."""
    return _of_community(Role.WORKER, issue.community_id)


def subdistrict_leaders(circle: Circle, issue: Issue) -> set[int]:
    """Who leads the sub-district, or stands in for its leaders."""
    return _in_turn(circle, issue, Role.SUBDISTRICT_LEADER)


def _in_turn(circle: Circle, issue: Issue, level: Role) -> set[int]:
    found = (
        _of_community(role, issue.community_id)
        if role is Role.COMMUNITY_LEADER
        else _over(circle, issue, role)
        for role in IN_TURN[level]
    )
    return next((accounts for accounts in found if accounts), set())


def district_office(circle: Circle, issue: Issue) -> set[int]:
    """The office of the level above all sub-districts."""
    return _over(circle, issue, Role.DISTRICT_OFFICE)


def district_if_major(circle: Circle, issue: Issue) -> set[int]:
    """The same, where it watches over the issue's deadline."""
    return district_office(circle, issue) if issue.severity_class == "A" else set()


def supervisors(circle: Circle, issue: Issue) -> set[int]:
    """Who watches over the sub-district, or over all of them."""
    return _over(circle, issue, Role.SUPERVISOR)


def _over(circle: Circle, issue: Issue, role: Role) -> set[int]:
    rows = Account.select().where(Account.disabled_at.is_null(), Account.role == role.value)
    return {row.id for row in rows if still_reaches(circle, row, issue.community_id)}


def level(circle: Circle, issue: Issue) -> set[int]:
    """The leaders who call others together for an issue of this class."""
    is_for_subdistrict = CALLER_ROLE.get(issue.severity_class or "") is Role.SUBDISTRICT_LEADER
    return subdistrict_leaders(circle, issue) if is_for_subdistrict else leaders(circle, issue)


def caller(circle: Circle, issue: Issue) -> set[int]:
    """Who called the parties; the leaders of the level where nobody has, or they have left."""
    called = issue.caller
    is_there = called is not None and still_calls(circle, called, issue.community_id)
    found = {called.id} if called is not None and is_there else level(circle, issue)
    beside = issue.district_round == issue.round_no
    return found | district_office(circle, issue) if beside else found


def parties(circle: Circle, issue: Issue) -> set[int]:
    """The staff of the summoned organisations."""
    return _of_organisations(circle, issue, _called(issue))


def silent_parties(circle: Circle, issue: Issue, asked_by: datetime) -> set[int]:
    """The staff of the summoned organisations that were to answer by then and have not."""
    by_then = Summons.select(Summons.id).where(Summons.issue == issue, Summons.reply_by <= asked_by)
    silent = _called(issue, Party.answered_at.is_null(), Party.summons.in_(by_then))
    return _of_organisations(circle, issue, silent)


def leads(circle: Circle, issue: Issue) -> set[int]:
    """Whoever leads; the community's leaders where nobody does yet, or they have left."""
    return _assigned(circle, issue, Part.LEAD) or level(circle, issue)


def assistants(circle: Circle, issue: Issue) -> set[int]:
    """Whoever assists."""
    return _assigned(circle, issue, Part.ASSIST)


def urged(circle: Circle, issue: Issue) -> set[int]:
    """Whoever was urged last; of a unit without an account, who writes down what it says."""
    newest = Urge.select().where(Urge.issue == issue).order_by(Urge.id.desc()).first()
    if newest is None:
        return set()
    if newest.organization_id and newest.organization_id != issue.community_id:
        return _of_organisations(circle, issue, [newest.organization_id])
    if newest.who == Part.CALLER.value:
        return caller(circle, issue)
    if newest.who == Part.LEAD.value and not newest.organization_id:
        return leads(circle, issue)
    if newest.who == Role.DISTRICT_OFFICE.value:
        return district_office(circle, issue)
    if newest.who == Role.SUBDISTRICT_LEADER.value:
        return subdistrict_leaders(circle, issue)
    return leaders(circle, issue) | workers(circle, issue)


def rulers(circle: Circle, issue: Issue) -> set[int]:
    """Who says whose it is: the caller between the community and a unit, else the sub-district."""
    is_callers = issue.ruling_between == Between.HOME and issue.severity_class == "B"
    return caller(circle, issue) if is_callers else subdistrict_leaders(circle, issue)


HEARERS: Mapping[Hearer, Audience] = {
    Hearer.LEADERS: leaders,
    Hearer.WORKERS: workers,
    Hearer.LEVEL: level,
    Hearer.SUBDISTRICT_LEADERS: subdistrict_leaders,
    Hearer.DISTRICT: district_office,
    Hearer.CALLER: caller,
    Hearer.PARTIES: parties,
    Hearer.LEADS: leads,
    Hearer.ASSISTANTS: assistants,
    Hearer.URGED: urged,
    Hearer.RULERS: rulers,
}


def _called(issue: Issue, *conditions: Expression) -> list[str]:
    rows = Party.select().where(Party.issue == issue, Party.is_current, *conditions)
    return [party.organization_id for party in rows]


def _of_organisations(circle: Circle, issue: Issue, ids: list[str]) -> set[int]:
    """The staff of these units; for one without an account whoever writes down what it says."""
    if not ids:
        return set()
    is_theirs = Account.organization_id.in_(ids) & Account.disabled_at.is_null()
    rows = list(Account.select().where(Account.role == Role.RESPONDER.value, is_theirs))
    is_recorded = not set(ids) <= {row.organization_id for row in rows}
    return {row.id for row in rows} | (caller(circle, issue) if is_recorded else set())


def _assigned(circle: Circle, issue: Issue, part: Part) -> set[int]:
    found: set[int] = set()
    rows = Assignment.select().where(
        Assignment.issue == issue, Assignment.is_current, Assignment.part == part.value
    )
    for row in rows:
        if row.account is not None:
            found |= {row.account.id} if row.account.disabled_at is None else leaders(circle, issue)
        elif row.organization_id == issue.community_id:
            found |= leaders(circle, issue) | workers(circle, issue)
        else:
            found |= _of_organisations(circle, issue, [row.organization_id])
    return found
