"""Units of which nobody has an account in use: the caller writes down what they say (代记)."""

from typing import Any

from peewee import SQL, Expression, Field

from forms_app.rules.steps import Part, Role
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Issue, Party
from forms_app.store.prepared import prepared


def has_account(unit: Field) -> Expression:
    """The condition that somebody of the unit in this column can sign in."""
    is_theirs = (Account.role == Role.RESPONDER.value) & Account.disabled_at.is_null()
    found: Expression = unit.in_(Account.select(Account.organization_id).where(is_theirs))
    return found


def called_units() -> Expression:
    """The condition that a party is one of them."""
    without: Expression = Party.is_current & ~has_account(Party.organization_id)
    return without


def leading_units() -> Expression:
    """The condition that an assignment, joined with its issue, has one of them lead."""
    return (Assignment.part == Part.LEAD.value) & tasked_units()


def tasked_units() -> Expression:
    """The condition that an assignment, joined with its issue, has one of them lead or assist."""
    is_unit = Assignment.account.is_null() & (Assignment.organization_id != Issue.community_id)
    without: Expression = Assignment.is_current & is_unit & ~has_account(Assignment.organization_id)
    return without


def units_without_account(issue: Issue) -> frozenset[tuple[Part, str]]:
    """The units of which nobody has an account in use, each with its part: called, lead, assist."""
    rows = _without_account.tuples(issue.id, issue.community_id)
    return frozenset((Part(part), unit) for part, unit in rows)


@prepared
def _without_account(issue_id: int, community_id: str) -> Any:
    called = Party.select(SQL("'party'"), Party.organization_id).where(
        Party.issue == issue_id, called_units()
    )
    assigned = Assignment.select(Assignment.part, Assignment.organization_id).where(
        Assignment.issue == issue_id,
        Assignment.is_current,
        Assignment.account.is_null(),
        Assignment.organization_id != community_id,
        ~has_account(Assignment.organization_id),
    )
    # What they are is one question to the database, not two.
    return called.union_all(assigned)
