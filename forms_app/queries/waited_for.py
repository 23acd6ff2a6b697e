"""Whom the rows of a queue wait for, by name, and a case as its row does.

However many rows there are, it asks the same few questions.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace
from peewee import JOIN, ModelSelect

from forms_app.community import Circle
from forms_app.issues.access import CALLER_ROLE, Levels, levels_of, still_calls
from forms_app.issues.awaited import WAITS, Wait, waits_of
from forms_app.queries.case_facts import Case
from forms_app.queries.facts import ListedIssue
from forms_app.queries.queue import Awaited, QueueRow
from forms_app.rules.clocks import DISTRICT, is_past
from forms_app.rules.said import said
from forms_app.rules.standing import So
from forms_app.rules.steps import DISTRICT_NAME, Part, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Party
from forms_app.store.prepared import prepared

_CALLERS_STEPS = frozenset(wait.step for wait in WAITS if Part.CALLER in wait.who)


def named(
    circle: Circle, rows: Sequence[QueueRow], called_by: Mapping[int, int | None], now: datetime
) -> dict[int, QueueRow]:
    """The rows with whom they wait for, by their issue's id; three questions for all of them."""
    silent = _silent_parties([row.issue.id for row in rows if row.step is Step.RESPONDING])
    accounts = _leaders(called_by.values(), rows)
    levels = levels_of(circle, accounts)
    callers = _callers(circle, rows, called_by, accounts)
    leads = _leads(circle, [row.issue for row in rows if row.step is Step.HANDLING])
    offices: dict[tuple[str | None, str], str] = {}
    named = {}
    for row in rows:
        issue = row.issue
        unanswered = silent.get(issue.id, [])
        office = issue.severity_class, issue.community_id
        if office not in offices:
            offices[office] = _level(circle, levels, issue)
        level = offices[office]
        parts = {
            Part.PARTY: tuple(circle.unit_name(unit) for unit in unanswered),
            Part.CALLER: (callers.get(issue.id, level),),
            Part.LEAD: leads.get(issue.id, (level,)),
        }
        waits = waits_of(
            row.step,
            issue.severity_class,
            is_opined=issue.opined_at is not None,
            is_unanswered=bool(unanswered),
            is_reply_late=is_past(issue.answers_due_at, now),
            ruling_between=issue.ruling_between,
            is_referred=row.runs(DISTRICT),
        )
        awaited = tuple(
            Awaited(
                wait.move.name,
                wait.move.awaited_as or wait.move.label,
                _names(circle, levels, issue, wait, parts),
                Role.RESIDENT in wait.who,
            )
            for wait in waits
        )
        named[issue.id] = replace(row, awaited=awaited)
    return named


def whom_it_waits_for(circle: Circle, case: Case, now: datetime) -> tuple[Awaited, ...]:
    """What the case waits for, and from whom, as its row on a board says it.

    What follows another issue waits for that one, until there is something to judge.
    """
    issue, step = case.issue, case.step
    if step is Step.MERGED and So.JUDGEABLE not in case.so:
        return ()
    row = QueueRow(issue, step, case.running, case.first, is_overdue=False)
    return named(circle, [row], {issue.id: case.caller_id}, now)[issue.id].awaited


def _names(
    circle: Circle,
    levels: Levels,
    issue: ListedIssue,
    wait: Wait,
    parts: dict[Part, tuple[str, ...]],
) -> tuple[str, ...]:
    for part, names in parts.items():
        if part in wait.who:
            return names
    if Role.RESIDENT in wait.who:
        return ("反映人",)
    if Part.DISTRICT in wait.who:
        return (said(DISTRICT_NAME),)
    if Role.SUBDISTRICT_LEADER in wait.who:
        return (_office(circle, levels, issue, Role.SUBDISTRICT_LEADER),)
    if Role.WORKER in wait.who:
        return (circle.unit_name(issue.community_id),)
    return (_office(circle, levels, issue, Role.COMMUNITY_LEADER),)


def _level(circle: Circle, levels: Levels, issue: ListedIssue) -> str:
    """The office that calls for an issue of this class: nobody in it is named."""
    level = CALLER_ROLE.get(issue.severity_class or "", Role.COMMUNITY_LEADER)
    return _office(circle, levels, issue, level)


def _office(circle: Circle, levels: Levels, issue: ListedIssue, level: Role) -> str:
    """The level's office, or the one that stands in for it."""
    acting = levels.acting(level, issue.community_id)
    if acting is Role.DISTRICT_OFFICE:
        return said(DISTRICT_NAME)
    if acting is Role.SUBDISTRICT_LEADER:
        return circle.subdistrict_name(issue.community_id)
    return circle.unit_name(issue.community_id)


def _silent_parties(issue_ids: Sequence[int]) -> dict[int, list[str]]:
    if not issue_ids:
        return {}
    silent: dict[int, list[str]] = {}
    for issue_id, unit in _silent.tuples(issue_ids):
        silent.setdefault(issue_id, []).append(unit)
    return silent


@prepared
def _silent(issue_ids: Sequence[int]) -> "ModelSelect[Party]":
    return (
        Party.select(Party.issue, Party.organization_id)
        .where(Party.issue.in_(issue_ids), Party.is_current, Party.answered_at.is_null())
        .order_by(Party.id)
    )


def _leaders(called_by: Iterable[int | None], rows: Sequence[QueueRow]) -> Sequence[Account]:
    """The leaders who may act for these issues, and their callers: one question for both."""
    if not rows:
        return ()
    callers = [key for key in called_by if key is not None]
    return _leaders_and_callers.rows(callers, frozenset(row.issue.community_id for row in rows))


@prepared
def _leaders_and_callers(
    callers: Sequence[int], communities: frozenset[str]
) -> "ModelSelect[Account]":
    here = Account.community_id.in_(sorted(communities))
    above = Account.role.in_([Role.SUBDISTRICT_LEADER.value, Role.DISTRICT_OFFICE.value])
    leaders = ((Account.role == Role.COMMUNITY_LEADER.value) & here) | above
    return Account.select().where(Account.id.in_(callers) | leaders)


def _callers(
    circle: Circle,
    rows: Sequence[QueueRow],
    called_by: Mapping[int, int | None],
    accounts: Iterable[Account],
) -> dict[int, str]:
    """Callers who are still there for their issue: issue's id → name."""
    known = {account.id: account for account in accounts}
    found = {}
    for row in rows:
        caller = known.get(called_by[row.issue.id] or 0)
        if row.step not in _CALLERS_STEPS or caller is None:
            continue
        if still_calls(circle, caller, row.issue.community_id):
            found[row.issue.id] = caller.display_name
    return found


def _leads(circle: Circle, issues: Sequence[ListedIssue]) -> dict[int, tuple[str, ...]]:
    """Who leads each issue; a worker who has left is not waited for, their community is."""
    if not issues:
        return {}
    communities = {issue.id: circle.unit_name(issue.community_id) for issue in issues}
    leads: dict[int, tuple[str, ...]] = {}
    for issue_id, unit, name, disabled_at in _leading.tuples([issue.id for issue in issues]):
        person = name if name and disabled_at is None else communities[issue_id]
        lead = circle.unit_name(unit) if unit else person
        leads[issue_id] = (*leads.get(issue_id, ()), lead)
    return leads


@prepared
def _leading(issue_ids: Sequence[int]) -> "ModelSelect[Assignment]":
    return (
        Assignment.select(
            Assignment.issue, Assignment.organization_id, Account.display_name, Account.disabled_at
        )
        .join(Account, JOIN.LEFT_OUTER)
        .where(
            Assignment.issue.in_(issue_ids),
            Assignment.is_current,
            Assignment.part == Part.LEAD.value,
        )
        .order_by(Assignment.id)
    )
