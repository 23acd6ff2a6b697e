"""How many issues, accounts and ratings refer to a record of the office's files."""

from collections.abc import Callable, Mapping

from peewee import Expression

from forms_app.store.accounts import Account
from forms_app.store.incidents import Incident
from forms_app.store.models import Assignment, Issue, Party, Rating
from forms_app.store.row import Row

ISSUES, ACCOUNTS, RATINGS, INCIDENTS = "issues", "accounts", "ratings", "incidents"


def needed_by(kind: str, key: str) -> dict[str, int]:
    """By what (ISSUES, ACCOUNTS …) and how many; nothing where nothing refers to it."""
    found: dict[str, int] = {}
    for what, count in _USES.get(kind, {}).items():
        number = count(key)
        if number:
            found[what] = number
    return found


def _counted(model: type[Row], condition: Callable[[str], Expression]) -> Callable[[str], int]:
    return lambda key: int(model.select().where(condition(key)).count())


def _rated(kind: str) -> Callable[[str], int]:
    return _counted(Rating, lambda key: Rating.about == f"{kind}:{key}")


def _issues_of_unit(key: str) -> int:
    called = Party.select(Party.issue).where(Party.organization_id == key)
    given = Assignment.select(Assignment.issue).where(Assignment.organization_id == key)
    return int(Issue.select().where(Issue.id.in_(called) | Issue.id.in_(given)).count())


_USES: Mapping[str, Mapping[str, Callable[[str], int]]] = {
    "communities": {
        ISSUES: _counted(Issue, lambda key: Issue.community_id == key),
        ACCOUNTS: _counted(
            Account, lambda key: (Account.community_id == key) & Account.disabled_at.is_null()
        ),
        INCIDENTS: _counted(Incident, lambda key: Incident.community_id == key),
    },
    "estates": {
        ISSUES: _counted(Issue, lambda key: Issue.estate_id == key),
        INCIDENTS: _counted(Incident, lambda key: Incident.estate_ids.contains(f" {key} ")),
    },
    "categories": {ISSUES: _counted(Issue, lambda key: Issue.category == key)},
    "channels": {ISSUES: _counted(Issue, lambda key: Issue.channel == key)},
    "departments": {
        ISSUES: _issues_of_unit,
        ACCOUNTS: _counted(
            Account, lambda key: (Account.organization_id == key) & Account.disabled_at.is_null()
        ),
    },
    "services": {
        ISSUES: _counted(Issue, lambda key: Issue.service.endswith(f":{key}")),
        RATINGS: _rated("service"),
    },
    "activities": {RATINGS: _rated("activity")},
    "venues": {RATINGS: _rated("venue")},
}
