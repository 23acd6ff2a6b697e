"""Which ids of data/community the register still needs, and the data no longer know."""

from collections.abc import Iterable

from peewee import fn

from forms_app.community import Circle
from forms_app.queries.facts import AccountFacts
from forms_app.queries.people import accounts as every_account
from forms_app.queries.people import lost_subdistrict
from forms_app.rules.steps import OPEN_STEPS
from forms_app.store.models import Issue, Party


def lost_references(circle: Circle) -> list[str]:
    """One sentence for each id that open issues or accounts use and the data lack."""
    is_open = Issue.step.in_([step.value for step in OPEN_STEPS])
    units = {**circle.departments, **circle.communities}
    accounts = [account for account in every_account() if account.disabled_at is None]
    used: dict[tuple[str, str], list[str]] = {}
    for account in accounts:
        if account.community_id and account.community_id not in circle.communities:
            _note(used, "circle.yml", account.community_id, f"账号 {account.username}")
        if account.subdistrict_id and account.subdistrict_id not in circle.subdistricts:
            _note(used, "circle.yml", account.subdistrict_id, f"账号 {account.username}")
        if account.organization_id and account.organization_id not in circle.departments:
            _note(used, "departments.yml", account.organization_id, f"账号 {account.username}")
    place = (Issue.community_id, Issue.estate_id)
    places = Issue.select(*place, fn.MIN(Issue.number)).where(is_open).group_by(*place)
    for community, estate, number in places.tuples().iterator():
        if community not in circle.communities:
            _note(used, "circle.yml", community, f"问题 {number}")
        if estate and estate not in circle.estates:
            _note(used, "estates.csv", estate, f"问题 {number}")
    called = Party.select(Party, Issue).join(Issue).where(Party.is_current, is_open)
    for party in called:
        if party.organization_id not in units:
            _note(used, "departments.yml", party.organization_id, f"问题 {party.issue.number}")
    return _without_subdistrict(circle, accounts) + [
        f"{file}：少了代号 {key}，{'、'.join(users[:5])}{'等' if len(users) > 5 else ''}还在用；"
        "请把它加回来，只改名称，不改代号"
        for (file, key), users in sorted(used.items())
    ]


def _without_subdistrict(circle: Circle, accounts: Iterable[AccountFacts]) -> list[str]:
    return [
        f"账号 {account.username}：{lost_subdistrict(circle, account)}；"
        f"用 scripts/circle staff street {account.username} 街道代号 写明，"
        f"可选：{'、'.join(circle.subdistricts)}"
        for account in accounts
        if not account.subdistrict_id and lost_subdistrict(circle, account)
    ]


def _note(used: dict[tuple[str, str], list[str]], file: str, key: str, user: str) -> None:
    users = used.setdefault((file, key), [])
    if user not in users:
        users.append(user)
