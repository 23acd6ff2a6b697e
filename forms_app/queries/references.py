"""Which ids of data/community the register still needs, and the data no longer know."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from msgspec import Struct
from peewee import Field, ModelSelect

from forms_app.community import Circle
from forms_app.queries.facts import AccountFacts
from forms_app.queries.people import accounts as every_account
from forms_app.queries.people import lost_subdistrict
from forms_app.rules.said import listed, said
from forms_app.rules.steps import OPEN_STEPS
from forms_app.store.models import Issue, Party

SHOWN = 5  # of those who use an id


class LostReference(Struct, frozen=True):
    """An id that open issues or accounts use and the data lack, and what to do about it."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}{self.remedy}"


_Users: TypeAlias = dict[tuple[str, str], list[str]]  # by file and id


def lost_references(circle: Circle) -> list[LostReference]:
    """Each id that open issues or accounts use and the data lack; it asks for the missing alone."""
    accounts = [account for account in every_account() if account.disabled_at is None]
    used: _Users = {}
    for account in accounts:
        user = said("账号 %(username)s", username=account.username)
        for file, key, known in (
            ("circle.yml", account.community_id, circle.communities),
            ("circle.yml", account.subdistrict_id, circle.subdistricts),
            ("departments.yml", account.organization_id, circle.departments),
        ):
            if key and key not in known:
                used.setdefault((file, key), []).append(user)
    _note_issues(used, "circle.yml", Issue.community_id, circle.communities)
    _note_issues(used, "estates.csv", Issue.estate_id, circle.estates)
    _note_called(used, {*circle.departments, *circle.communities})
    return [*_without_subdistrict(circle, accounts), *_lost(used)]


def _lost(used: _Users) -> Iterator[LostReference]:
    for (file, key), users in sorted(used.items()):
        what = "%(file)s：少了代号 %(key)s，%(users)s还在用。"
        if len(users) > SHOWN:
            what = "%(file)s：少了代号 %(key)s，%(users)s等还在用。"
        yield LostReference(
            said(what, file=file, key=key, users=listed(users[:SHOWN])),
            "请把它加回来，只改名称，不改代号。",
        )


def _note_issues(used: _Users, file: str, field: Field, known: Iterable[str]) -> None:
    keys = Issue.select(field).where(_IS_OPEN, field != "")
    for key in _lacking(keys, known):
        using = Issue.select(Issue.number).where(_IS_OPEN, field == key)
        _note_numbers(used, file, key, using)


def _note_called(used: _Users, known: Iterable[str]) -> None:
    called = Party.select(Party.organization_id).join(Issue).where(Party.is_current, _IS_OPEN)
    for key in _lacking(called, known):
        using = Issue.select(Issue.number).join(Party).where(
            _IS_OPEN, Party.is_current, Party.organization_id == key
        )  # fmt: skip
        _note_numbers(used, "departments.yml", key, using)


def _lacking(keys: "ModelSelect[Any]", known: Iterable[str]) -> list[str]:
    """Those of the keys that are asked for which are not known."""
    found: Iterable[tuple[str]] = keys.distinct().tuples()
    return sorted({key for (key,) in found} - {*known})


def _note_numbers(used: _Users, file: str, key: str, using: "ModelSelect[Any]") -> None:
    some: Iterable[tuple[str]] = using.distinct().order_by(Issue.number).limit(SHOWN + 1).tuples()
    users = used.setdefault((file, key), [])
    users += [said("问题 %(number)s", number=number) for (number,) in some]


def _without_subdistrict(
    circle: Circle, accounts: Iterable[AccountFacts]
) -> Iterator[LostReference]:
    for account in accounts:
        why = "" if account.subdistrict_id else lost_subdistrict(circle, account)
        if not why:
            continue
        remedy = "用 scripts/circle staff street %(username)s 街道代号 写明，可选：%(keys)s。"
        yield LostReference(
            said("账号 %(username)s：%(why)s。", username=account.username, why=why),
            said(remedy, username=account.username, keys="、".join(circle.subdistricts)),
        )


_IS_OPEN = Issue.step.in_([step.value for step in OPEN_STEPS])
