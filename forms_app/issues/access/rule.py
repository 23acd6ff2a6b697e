"""A rule of access has two readings, and they stand side by side.

A page asks whether a rule holds for the one issue at hand; a list of thousands asks the database
for all those for which it does, by a condition that an index serves. Written apart the two drift;
tests/issues/test_access_rules.py proves them equal for everybody and every issue of a district.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import Struct
from peewee import OP, SQL, Expression, ModelSelect

from forms_app.issues.driving import exists
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Issue, Party
from forms_app.store.prepared import prepared

W = TypeVar("W")  # whoever it is about: an actor, or an account whoever acts

NONE: Expression = Issue.id < 0
# Not as a condition on a key: SQLite would think that it narrows something, and go along the keys.
EVERY = Expression(SQL("1"), OP.EQ, SQL("1"))


class Rule(Struct, Generic[W], frozen=True):
    """What somebody is to an issue: of one at hand, and as the condition that selects all such."""

    holds: Callable[[W, Issue], bool]
    where: Callable[[W], Expression]


def recorded(
    table: type[Party] | type[Assignment], is_theirs: Callable[[W], Expression | None]
) -> Rule[W]:
    """The rule that the present rows of a table say: some row of the issue is somebody's.

    `is_theirs` is a condition on the table; None where no row can be.
    """

    def holds(who: W, issue: Issue) -> bool:
        # Of one issue its few rows are asked, not all that are somebody's.
        return is_theirs(who) is not None and bool(of_issue.tuples(who, issue.id))

    @prepared
    def of_issue(who: W, issue_id: int) -> "ModelSelect[Any]":
        is_one = (table.issue == issue_id) & table.is_current
        return table.select(table.id).where(is_one, is_theirs(who)).limit(1)

    def where(who: W) -> Expression:
        theirs = is_theirs(who)
        if theirs is None:
            return NONE
        # Asked of each issue of a list, of which few are open, rather than of all they ever had.
        found = table.select(table.id).where(table.issue == Issue.id, table.is_current, theirs)
        return exists(found)

    return Rule(holds, where)


def has_left() -> Expression:
    """The condition on accounts that nobody can sign in with them any more."""
    left: Expression = Account.disabled_at.is_null(False)
    return left
