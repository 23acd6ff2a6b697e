"""A sample put into a database and taken out of it again, and an office's first account."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from forms_app import casework
from forms_app.community import Circle
from forms_app.demo.story import Story
from forms_app.demo.teller import district_units
from forms_app.issues.access import Actor, actor_of
from forms_app.issues.search import forget_terms
from forms_app.rules.keys import CodeKey, matches
from forms_app.rules.passwords import drawn_password
from forms_app.rules.refused import Refused
from forms_app.rules.said import said
from forms_app.rules.steps import ACCOUNT_ROLES, CONTENT_ROLES, ROLE_LABELS, Role
from forms_app.store.accounts import (
    Account,
    AccountEvent,
    RecoveryCode,
    SavedView,
    Session,
    SignInTry,
)
from forms_app.store.counts import Counter, Installation
from forms_app.store.database import writing
from forms_app.store.models import Erasure, Issue, Rating
from forms_app.store.tables import TABLES

MARK = "demo"
DEMO_ROLES = ACCOUNT_ROLES
# Of a sample that was laid into an office which is still empty: when, and how much it is.
LAID_AT, LAID_ISSUES, LAID_RATINGS = "laid at", "laid issues", "laid ratings"
LAID_ROLES = tuple(role for role in DEMO_ROLES if role not in CONTENT_ROLES)


class DemoRefused(Refused):
    """Samples never go among real accounts and issues."""

    def __init__(self) -> None:
        super().__init__(
            "这里已经有正式的账号或问题，不能再加示例；"
            "想看示例，请用 CIRCLE_DATA 指定另一个数据文件夹。"
        )


def first_administrator(now: datetime) -> tuple[str, str] | None:
    """Name and password of an administrator made because there was no account; else None."""
    if Account.select().exists():
        return None
    password = drawn_password()
    casework.add_account(
        None, username="admin", display_name="管理员", role=Role.ADMIN, password=password, now=now
    )
    return "admin", password


def password_needed(password: str | None) -> bool:
    """Whether a new password has to be told: the sample is still to be made, and none was given.

    Raises DemoRefused where real accounts or issues would be mixed with samples.
    """
    is_made = _state()
    if is_made is None and (Account.select().exists() or Issue.select().exists()):
        raise DemoRefused
    return is_made is not True and password is None


def fill(circle: Circle, password: str, code_key: CodeKey, now: datetime) -> tuple[str, ...]:
    """One account per role, named like its role, and issues in every step and round.

    Returns the tickets of two issues, or nothing when the sample was there before. A sample whose
    making was interrupted is made again from the beginning.
    """
    is_made = _state()
    if is_made:
        return ()
    if is_made is False:
        with writing():
            for table in reversed(TABLES):
                table.delete().execute()
    with writing():
        Counter.create(name=MARK, value=0)
    staff: dict[Role, Actor] = {
        role: actor_of(_account(circle, role, password, now), circle) for role in DEMO_ROLES
    }
    story = Story(circle, staff, code_key, now)
    story.tell()
    with writing():
        Counter.update(value=1).where(Counter.name == MARK).execute()
    return story.tickets


class RealInside(Refused):
    """Something came in since the sample was laid, and would go with it."""

    def __init__(self, issues: int, ratings: int) -> None:
        super().__init__(
            said(
                "示例放进来以后，又来了%(issues)s件问题、%(ratings)s条评价，可能是真的，"
                "所以不能一按就拿走。请装系统的人先看过。",
                issues=issues,
                ratings=ratings,
            )
        )


def lay(circle: Circle, password: str, code_key: CodeKey, now: datetime) -> tuple[str, ...]:
    """The sample's accounts and issues among an office that has none yet but those who write
    content; the tickets of two issues. Raises DemoRefused.

    Who lays it keeps the names of the counters that there were, for `take_out`.
    """
    need_empty()
    with writing():
        Counter.create(name=LAID_AT, value=int(now.timestamp()))
    staff: dict[Role, Actor] = {
        role: actor_of(_account(circle, role, password, now), circle) for role in LAID_ROLES
    }
    story = Story(circle, staff, code_key, now)
    story.tell()
    with writing():
        Counter.create(name=LAID_ISSUES, value=len(story.secrets))
        Counter.create(name=LAID_RATINGS, value=Rating.select().count())
    return story.tickets


def need_empty() -> None:
    """Raises DemoRefused where anybody works on issues, or anything came in."""
    others = Account.select().where(Account.role.not_in([r.value for r in CONTENT_ROLES]))
    if others.exists() or Issue.select().exists() or Rating.select().exists():
        raise DemoRefused


def take_out(counters: Collection[str]) -> None:
    """Removes everything of the sample that was laid, and the counters that it began.

    What the office itself had then, its content's accounts and their log, stays. Once more, it
    does nothing. Raises RealInside.
    """
    with writing():
        marks = {row.name: row.value for row in Counter.select()}
        if LAID_AT not in marks:
            return
        _need_nothing_real(marks)
        names = [role.value for role in LAID_ROLES]
        own = [row.id for row in Account.select().where(Account.username.not_in(names))]
        forget_terms()
        for table in reversed(TABLES):
            if table in (Installation, SignInTry, Erasure, Counter):
                continue
            if table is Account:
                table.delete().where(Account.id.not_in(own)).execute()
            elif table in (Session, AccountEvent, RecoveryCode, SavedView):
                table.delete().where(table.account.not_in(own)).execute()
            else:
                table.delete().execute()
        Counter.delete().where(Counter.name.not_in(list(counters))).execute()


def _need_nothing_real(marks: Mapping[str, int]) -> None:
    """All the sample's problems are from before it was laid; and how many there are of them and of
    ratings is known, unless the laying was interrupted. Raises RealInside.
    """
    laid_at = datetime.fromtimestamp(marks[LAID_AT], UTC)
    since, ratings = Issue.select().where(Issue.received_at >= laid_at).count(), 0
    if LAID_RATINGS in marks:
        since = max(since, Issue.select().count() - marks[LAID_ISSUES])
        ratings = Rating.select().count() - marks[LAID_RATINGS]
    if since or ratings:
        raise RealInside(since, ratings)


def counter_names() -> list[str]:
    """The counters that there are."""
    return [row.name for row in Counter.select()]


def use_password(password: str, now: datetime) -> None:
    """Gives the sample accounts this password, if they have another."""
    for account in Account.select().where(Account.username.in_([r.value for r in DEMO_ROLES])):
        if account.disabled_at is None and not matches(account.password_hash, password):
            casework.reset_password(account.username, password, now=now, at_least=1)


def is_sample() -> bool:
    """Whether the database is the demonstration's."""
    return _state() is not None


def _state() -> bool | None:
    """Whether the sample is finished; None where none was begun."""
    mark = Counter.get_or_none(Counter.name == MARK)
    return None if mark is None else bool(mark.value)


def _account(circle: Circle, role: Role, password: str, now: datetime) -> Account:
    label = ROLE_LABELS[role].partition("（")[0].partition("、")[0]
    home = next(iter(circle.communities))
    # Of several sub-districts the sample's supervisor sees them all.
    subdistrict_id = circle.subdistrict_ids.get(home, "") if role is Role.SUBDISTRICT_LEADER else ""
    return casework.add_account(
        circle,
        username=role.value,
        display_name=f"示例{label}",
        role=role,
        community_id=home,
        organization_id=district_units(circle)[0],
        subdistrict_id=subdistrict_id,
        password=password,
        now=now,
        at_least=1,
    )
