"""Who took what away from the register, as far as it is somebody's business."""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct

from forms_app.issues.access import Actor
from forms_app.queries.facts import facts
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account, ExportLog

EXPORTS_SHOWN = 200
SEES_ALL = (Role.ADMIN, Role.SUBDISTRICT_LEADER, Role.SUPERVISOR)


class ExportFacts(Struct, frozen=True):
    id: int
    made_at: datetime
    account_id: int | None
    actor_name: str
    actor_role: str
    filters: str  # in words
    with_contacts: bool

    @property
    def number(self) -> str:
        """What the paper is called by, if it is one."""
        return export_number(self.id, self.made_at)


def export_number(key: int, made_at: datetime) -> str:
    """The number of a paper: the year and the key of its note, `2026-00123`."""
    return f"{made_at.astimezone(CHINA).year}-{key:05d}"


def exports(actor: Actor) -> list[ExportFacts]:
    """The newest exports: all of them, a sub-district's or community's leader's, anybody's own."""
    return [facts(ExportFacts, row, account_id=row.__data__["account"]) for row in _exports(actor)]


def _exports(actor: Actor) -> Iterable[ExportLog]:
    found = ExportLog.select().order_by(ExportLog.id.desc()).limit(EXPORTS_SHOWN)
    if actor.role in SEES_ALL and actor.community_ids is None:
        return found
    if actor.role in SEES_ALL:
        colleagues = Account.select(Account.id).where(
            Account.subdistrict_id == actor.subdistrict_id, Account.subdistrict_id != ""
        )
        by_colleague = ExportLog.account.in_(colleagues)
        here = ExportLog.community_id.in_(sorted(actor.community_ids or ()))
        return found.where(by_colleague | here | (ExportLog.account == actor.account_id))
    if actor.role is Role.COMMUNITY_LEADER:
        return found.where(ExportLog.community_id == actor.community_id)
    return found.where(ExportLog.account == actor.account_id)


def without_contacts(keys: Collection[int]) -> frozenset[int]:
    """Which of the exports with these keys hold neither names nor phones."""
    rows = ExportLog.select(ExportLog.id).where(
        ExportLog.id.in_(list(keys)), ~ExportLog.with_contacts
    )
    return frozenset(row.id for row in rows)


def is_own_export(actor: Actor, key: int) -> bool:
    """Whether the export with this key is one that this actor made."""
    own = ExportLog.select().where(ExportLog.id == key, ExportLog.account == actor.account_id)
    return bool(own.exists())
