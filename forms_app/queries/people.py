"""Accounts: who is signed in, who can be given work, and the administrator's list."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from peewee import ModelSelect, fn

from forms_app.community import Circle
from forms_app.issues.access import LEVELS, Actor, actor_of, levels_in_use, may_lead
from forms_app.queries.facts import AccountFacts, SessionFacts, facts
from forms_app.rules.account_events import Event
from forms_app.rules.names import name_order
from forms_app.rules.said import said
from forms_app.rules.sessions import (
    AHEAD,
    IDLE,
    LENGTH,
    TICKET_LENGTH,
    TICKETS_HELD,
    Kind,
    Wants,
    hash_of,
    is_pause,
)
from forms_app.rules.steps import Role
from forms_app.store.accounts import Account, AccountEvent, RecoveryCode, Session, SignInTry
from forms_app.store.models import Issue, OpenTicket
from forms_app.store.prepared import prepared

# By the levels of which nobody can sign in.
_VACANT: Mapping[tuple[Role, ...], str] = {
    (Role.COMMUNITY_LEADER,): "%(names)s没有在用的社区书记账号，书记该办的现在由街道代行。",
    (Role.SUBDISTRICT_LEADER,): "%(names)s没有在用的街道书记账号，街道该办的现在由社区代行。",
    LEVELS: "%(names)s的社区和街道都没有在用的账号，问题没有人能办，请马上开通。",
}
# The same where the district's office has somebody, who comes before the community.
_VACANT_BELOW_DISTRICT: Mapping[tuple[Role, ...], str] = {
    (Role.COMMUNITY_LEADER,): _VACANT[(Role.COMMUNITY_LEADER,)],
    (Role.SUBDISTRICT_LEADER,): "%(names)s没有在用的街道书记账号，街道该办的现在由区里代行。",
    LEVELS: "%(names)s的社区和街道都没有在用的账号，都由区里代行，请马上开通。",
}


class AccountState(Struct, frozen=True):
    """What the administrator wants to know of an account beside what it is.

    `last_in_at` is None as well where that was more than half a year ago.
    """

    last_in_at: datetime | None
    has_first_password: bool
    has_factor: bool
    locked_until: datetime | None


class SignedIn(Struct, frozen=True):
    """Whose session it is, and what they have to do first; None where it opens all that is theirs.

    `wants` is asked anew with every request, not kept with the session.
    """

    actor: Actor
    wants: Wants | None
    active_at: datetime  # when somebody did something in it last, about


def signed_in(
    circle: Circle, key: str, kind: Kind, now: datetime, within: timedelta | None = None
) -> SignedIn | None:
    """The account behind the key of a session, unless that has ended or the account is disabled.

    `within` is how long ago it may have begun, where that is not as long as any of its kind.
    """
    began, active = now - (within or LENGTH[kind]), now - IDLE[kind]
    account: Any = _of_session.first(hash_of(key), kind.value, began, active)
    # One of a clock that was far ahead would otherwise go on until that day.
    if account is None or account.active_at > now + AHEAD:
        return None
    actor = actor_of(account, circle)
    return SignedIn(actor, _wants(account, actor, kind, circle), account.active_at)


def _wants(account: Account, actor: Actor, kind: Kind, circle: Circle) -> Wants | None:
    if kind is Kind.HALF:
        return Wants.CODE
    if account.has_first_password:
        return Wants.OWN
    lacks_factor = not account.factor_seed and actor.role in circle.second_factor_roles
    return Wants.FACTOR if lacks_factor else None


@prepared
def _of_session(
    key_hash: str, kind: str, began: datetime, active: datetime
) -> "ModelSelect[Account]":
    """The account, with the session's `active_at` beside its own columns."""
    return (
        Account.select(Account, Session.active_at)
        .join(Session)
        .where(
            Session.key_hash == key_hash,
            Session.kind == kind,
            Session.started_at > began,
            Session.active_at > active,
            Account.disabled_at.is_null(),
        )
    )


def held_numbers(key: str, now: datetime) -> frozenset[str]:
    """The numbers of the issues that are open in the browser with this key, the newest of many."""
    return frozenset(number for (number,) in _held.tuples(hash_of(key), now - TICKET_LENGTH))


@prepared
def _held(key_hash: str, since: datetime) -> "ModelSelect[OpenTicket]":
    rows = OpenTicket.select(Issue.number).join(Issue)
    rows = rows.where(OpenTicket.key_hash == key_hash, OpenTicket.opened_at > since)
    return rows.order_by(OpenTicket.id.desc()).limit(TICKETS_HELD)


def held_issue(key: str, number: str, now: datetime) -> Issue | None:
    """The issue of this number, if it is one of `held_numbers`."""
    # What is no number is not asked for: PostgreSQL would stumble over a NUL.
    if not (number.isascii() and number.isdigit()):
        return None
    return _held_issue.first(hash_of(key), now - TICKET_LENGTH, number)


@prepared
def _held_issue(key_hash: str, since: datetime, number: str) -> "ModelSelect[Issue]":
    """Counted, as SQLite takes three times as long to sort those that are held."""
    newer = OpenTicket.alias()
    is_held = newer.key_hash == key_hash, newer.opened_at > since, newer.id > OpenTicket.id
    rows = Issue.select().join(OpenTicket, on=(OpenTicket.issue == Issue.id))
    return rows.where(
        Issue.number == number, OpenTicket.key_hash == key_hash, OpenTicket.opened_at > since,
        newer.select(fn.COUNT(newer.id)).where(*is_held) < TICKETS_HELD,
    )  # fmt: skip


def sessions_of(account_id: int, key: str, now: datetime) -> list[SessionFacts]:
    """The account's sessions, the newest first; that of this key is marked."""
    rows = (
        Session.select()
        .where(Session.account == account_id, Session.kind != Kind.HALF.value)
        .order_by(Session.id.desc())
    )
    own = hash_of(key)
    return [
        facts(SessionFacts, row, is_this=row.key_hash == own)
        for row in rows
        if now - row.started_at < LENGTH[Kind(row.kind)]
        and now - row.active_at < IDLE[Kind(row.kind)]
    ]


def account_named(circle: Circle, username: str) -> Actor | None:
    """The account of this name, unless it was disabled."""
    account = Account.get_or_none((Account.username == username) & Account.disabled_at.is_null())
    return None if account is None else actor_of(account, circle)


def has_factor(account_id: int) -> bool:
    """Whether the account has a second factor."""
    return bool(Account.get_by_id(account_id).factor_seed)


def recovery_codes_left(account_id: int) -> int:
    """How many of the ten have not been used."""
    return int(RecoveryCode.select().where(RecoveryCode.account == account_id).count())


def username_of(actor: Actor) -> str:
    """The name with which this member of staff signs in."""
    return str(Account.get_by_id(actor.account_id).username)


def known_as(username: str) -> str:
    """An account as people call it; its username where there is none."""
    return people_named([username]).get(username, username)


def people_named(usernames: Collection[str]) -> dict[str, str]:
    """These accounts as people call them, by username; those that there are."""
    rows = Account.select().where(Account.username.in_(list(usernames))) if usernames else ()
    return {row.username: facts(AccountFacts, row).known_as for row in rows}


def workers_of(community_id: str) -> dict[int, str]:
    """Who of a community can be given a C issue, workers first, by name: account id → name."""
    rows = sorted(
        _who_may_lead.rows(community_id),
        key=lambda row: (row.role != Role.WORKER.value, name_order(row.display_name), row.id),
    )
    return {row.id: row.display_name for row in rows}


@prepared
def _who_may_lead(community_id: str) -> "ModelSelect[Account]":
    return Account.select().where(may_lead(community_id))


def accounts() -> list[AccountFacts]:
    """Every account, in the order they were made."""
    return [facts(AccountFacts, row) for row in Account.select().order_by(Account.id)]


def account_states(now: datetime) -> dict[int, AccountState]:
    """How each account stands, by its id."""
    signed = fn.MAX(AccountEvent.happened_at).alias("at")
    events = AccountEvent.select(AccountEvent.account, signed).where(
        AccountEvent.event == Event.SIGNED_IN.value, AccountEvent.account.is_null(False)
    )
    found: Any = events.group_by(AccountEvent.account)
    last = {row.__data__["account"]: row.at for row in found}
    locks = {
        row.name_hash: row.locked_until
        for row in SignInTry.select().where(SignInTry.locked_until > now)
        if row.locked_until and is_pause(row.locked_until, now)
    }
    return {
        row.id: AccountState(
            last.get(row.id), row.has_first_password, bool(row.factor_seed),
            locks.get(hash_of(row.username)),
        )
        for row in Account.select()
    }  # fmt: skip


def vacancies(circle: Circle) -> tuple[str, ...]:
    """Where a level has nobody who can sign in, and who acts for it; a sentence each."""
    levels = levels_in_use(circle)
    found: dict[tuple[Role, ...], list[str]] = {}
    for community in circle.communities.values():
        if missing := levels.missing(community.id):
            found.setdefault(missing, []).append(community.name)
    has_district = any(levels.reached[Role.DISTRICT_OFFICE])
    words = _VACANT_BELOW_DISTRICT if has_district else _VACANT
    return tuple(said(words[missing], names="、".join(names)) for missing, names in found.items())


def lost_subdistrict(circle: Circle, account: AccountFacts) -> str:
    """Why an account of a sub-district sees no issue at all; "" for one that sees its own."""
    if account.subdistrict_id and account.subdistrict_id not in circle.subdistricts:
        return said("没有街道 %(subdistrict)s，看不到问题", subdistrict=account.subdistrict_id)
    needs_one = account.role == Role.SUBDISTRICT_LEADER.value and circle.has_several_subdistricts
    return "没有写明街道，看不到问题" if needs_one and not account.subdistrict_id else ""
