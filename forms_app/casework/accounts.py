"""Accounts of staff: made, placed, disabled by the administrator. Passwords stand beside."""

from datetime import datetime

from peewee import IntegrityError

from forms_app.casework.account_log import change_account, log_event
from forms_app.casework.errors import NotPossible
from forms_app.casework.passwords import check_password, is_first_password
from forms_app.casework.sessions import drop_sessions
from forms_app.casework.signing_in import forget_tries, own_tries
from forms_app.community import Circle
from forms_app.issues.access import PLACE_OF, SUBDISTRICT_ROLES
from forms_app.issues.access.handover import held_by
from forms_app.issues.clocks import IN_HAND
from forms_app.rules.account_events import Event
from forms_app.rules.emails import is_email
from forms_app.rules.keys import PASSWORD_LETTERS, hash_secret
from forms_app.rules.said import said
from forms_app.rules.steps import ACCOUNT_ROLES, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.database import writing
from forms_app.store.models import Issue


def add_account(
    circle: Circle | None,
    *,
    username: str,
    display_name: str,
    role: str,
    community_id: str = "",
    organization_id: str = "",
    subdistrict_id: str = "",
    password: str,
    email: str = "",
    now: datetime,
    at_least: int = PASSWORD_LETTERS,
    by: int | None = None,
) -> Account:
    """A new account. Raises NotPossible when the name is taken or the role lacks its place.

    `circle` None is enough for a role without a place. Its password opens nothing but the page
    where it is changed. `by` is the administrator who does it from a browser; so for all below.
    """
    # A slash would lead an address that names the account elsewhere.
    if not username or username != username.strip() or len(username) > 40 or "/" in username:
        raise NotPossible("username", "用户名要有 1 到 40 个字，前后不留空格，不用斜线。")
    places = _places(circle, role, community_id, organization_id, subdistrict_id)
    _check_email(email)
    check_password(password, at_least, username, display_name)
    password_hash = hash_secret(password)
    try:
        with writing():
            made = Account.create(
                username=username,
                display_name=display_name or username,
                role=role,
                **places,
                password_hash=password_hash,
                has_first_password=is_first_password(at_least),
                created_at=now,
                email=email,
            )
            log_event(Event.MADE, made.id, now, by=by)
            return made
    except IntegrityError as error:
        raise NotPossible(
            "username", said("用户名 %(username)s 已经有人用了。", username=username)
        ) from error


def change_email(username: str, email: str, *, now: datetime, by: int | None = None) -> None:
    """Where the account's notices go from now on; "" for nowhere."""
    _check_email(email)
    with writing():
        change_account(username, Event.EMAIL, now, by, email=email)


def change_name(username: str, display_name: str, *, now: datetime, by: int | None) -> None:
    """How residents and colleagues call whoever has the account."""
    with writing():
        change_account(username, Event.CALLED, now, by, display_name=display_name or username)


def change_part(
    circle: Circle,
    username: str,
    *,
    role: str,
    community_id: str = "",
    organization_id: str = "",
    subdistrict_id: str = "",
    now: datetime,
    by: int | None = None,
) -> None:
    """What the account is, and where, from now on; its sessions end.

    Raises NotPossible where the role lacks its place, where the only administrator would be none
    any more, and where issues would stay behind in hands that do not see them.
    """
    places = _places(circle, role, community_id, organization_id, subdistrict_id)
    with writing():
        account = Account.get_or_none(Account.username == username)
        if account is not None:
            if role != Role.ADMIN:
                _need_another_administrator(account)
            _need_empty_hands(account)
        drop_sessions(change_account(username, Event.PLACE, now, by, role=role, **places))


def unlock_account(username: str, *, now: datetime, by: int | None) -> None:
    """Whoever mistyped their password too often may try again at once."""
    with writing():
        account_id = change_account(username, Event.UNLOCKED, now, by, username=username)
        forget_tries(username)
        forget_tries(own_tries(account_id).name)


def change_subdistrict(
    circle: Circle, username: str, subdistrict_id: str, *, now: datetime
) -> None:
    """To which sub-district the account belongs from now on; "" for a supervisor of all of them."""
    with writing():
        account = Account.get_or_none(Account.username == username)
        if account is not None:
            _check_subdistrict(circle, account.role, subdistrict_id)
        change_account(username, Event.PLACE, now, subdistrict_id=subdistrict_id)


def disable_account(username: str, *, now: datetime, by: int | None = None) -> None:
    """Nobody can sign in with the account any more; what it did stays in the history. Pressed
    twice, it was disabled the first time.

    Raises NotPossible where nobody could make accounts any more.
    """
    with writing():
        account = Account.get_or_none(Account.username == username)
        if account is not None:
            if account.disabled_at is not None:
                return
            _need_another_administrator(account)
        drop_sessions(change_account(username, Event.DISABLED, now, by, disabled_at=now))


def enable_account(username: str, *, now: datetime, by: int | None = None) -> None:
    """Opens a disabled account again, with the password it had; nothing where it is open."""
    with writing():
        account = Account.get_or_none(Account.username == username)
        if account is not None and account.disabled_at is None:
            return
        change_account(username, Event.ENABLED, now, by, disabled_at=None)


def _need_empty_hands(account: Account) -> None:
    """Raises NotPossible where the account holds issues that it would not see any more."""
    is_open = IN_HAND & (Issue.step != Step.MERGED.value)
    count = Issue.select().where(is_open, held_by(account)).count()
    if count:
        raise NotPossible(
            "role",
            said(
                "他手上还有%(count)s件没办完，先请社区书记或街道领导在“交接”里移交。", count=count
            ),
        )


def _need_another_administrator(account: Account) -> None:
    """Raises NotPossible where this is the only administrator who can sign in."""
    if account.role != Role.ADMIN or account.disabled_at is not None:
        return
    others = Account.select().where(
        Account.role == Role.ADMIN.value,
        Account.disabled_at.is_null(),
        Account.id != account.id,
    )
    if not others.exists():
        raise NotPossible(
            "username", "这是最后一个在用的管理员，停用或改掉以后就没有人能管账号了。请先加一个。"
        )


def _places(
    circle: Circle | None, role: str, community_id: str, organization_id: str, subdistrict_id: str
) -> dict[str, str]:
    """Where an account of this role belongs, by column; what the role has not is left empty.

    Raises NotPossible where it lacks its place.
    """
    if role not in {r.value for r in ACCOUNT_ROLES}:
        raise NotPossible("role", "没有这个角色。")
    in_community = PLACE_OF.get(Role(role)) == "community_id"
    communities = circle.communities if circle else {}
    if in_community and community_id not in communities:
        known = "、".join(communities)
        raise NotPossible(
            "community_id", said("这个角色要写明社区，可选：%(known)s。", known=known)
        )
    if role == Role.RESPONDER and organization_id not in (circle.departments if circle else {}):
        raise NotPossible("organization_id", "这个角色要写明单位，见 departments.yml 的 id。")
    _check_subdistrict(circle, role, subdistrict_id)
    return {
        "community_id": community_id if in_community else "",
        "organization_id": organization_id if role == Role.RESPONDER else "",
        "subdistrict_id": subdistrict_id,
    }


def _check_subdistrict(circle: Circle | None, role: str, subdistrict_id: str) -> None:
    if role not in SUBDISTRICT_ROLES:
        if subdistrict_id:
            raise NotPossible("subdistrict_id", "只有街道书记、主任和督查的账号写街道。")
        return
    subdistricts = circle.subdistricts if circle else {}
    usable = "、".join(
        f"{subdistrict.id}（{subdistrict.name}）" for subdistrict in subdistricts.values()
    )
    if subdistrict_id and subdistrict_id not in subdistricts:
        raise NotPossible(
            "subdistrict_id",
            said(
                "没有街道 %(subdistrict_id)s，可选：%(usable)s。",
                subdistrict_id=subdistrict_id,
                usable=usable,
            ),
        )
    if not subdistrict_id and role == Role.SUBDISTRICT_LEADER and len(subdistricts) > 1:
        raise NotPossible(
            "subdistrict_id",
            said("有几个街道，这个角色要写明是哪一个，可选：%(usable)s。", usable=usable),
        )


def _check_email(email: str) -> None:
    if email and not is_email(email):
        raise NotPossible(
            "email", said("邮箱 %(email)s 写法不对，请写成 name@example.cn 这样。", email=email)
        )
