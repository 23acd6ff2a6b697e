"""The log of sign-ins and accounts: written with what it tells of, in the same transaction.

A flood of failures is one row a day that counts, so that it neither grows nor hides the rest.
"""

from datetime import datetime

from forms_app.casework.errors import NotPossible
from forms_app.rules.account_events import A_MINUTE, KEPT, KEPT_OF_EACH, Event, counted_as
from forms_app.rules.said import said
from forms_app.store.accounts import Account, AccountEvent
from forms_app.store.database import writing


def log_event(
    event: Event,
    account_id: int | None,
    now: datetime,
    browser: str = "",
    by: int | None = None,
) -> None:
    """One statement; only within a transaction. `browser` is how a list of sessions calls it, `by`
    the administrator who did it from a browser.
    """
    row = {
        "account": account_id, "event": event.value, "begun_at": now, "happened_at": now,
        "browser": browser, "counted_as": counted_as(event, account_id, now),
        "by": by,
    }  # fmt: skip
    AccountEvent.insert(row).on_conflict(
        conflict_target=[AccountEvent.counted_as],
        update={AccountEvent.times: AccountEvent.times + 1, AccountEvent.happened_at: now},
    ).execute()


def log_throttled(now: datetime) -> None:
    """Somebody tries too fast. It counts minutes, not tries: a refusal costs no writing."""
    key = counted_as(Event.THROTTLED, None, now)
    known = AccountEvent.get_or_none(AccountEvent.counted_as == key)
    if known is None or now - known.happened_at >= A_MINUTE:
        with writing():
            log_event(Event.THROTTLED, None, now)


def erase_account_events(*, now: datetime) -> int:
    """Erases what is older than half a year, and of each account all but the newest; how many."""
    with writing():
        old = AccountEvent.happened_at < now - KEPT
        erased = int(AccountEvent.delete().where(old).execute())
        for whose in [None, *Account.select(Account.id)]:
            own = AccountEvent.account.is_null() if whose is None else AccountEvent.account == whose
            newest = (
                AccountEvent.select(AccountEvent.id).where(own).order_by(AccountEvent.id.desc())
            )
            over = newest.offset(KEPT_OF_EACH).limit(1).scalar()
            if over is not None:
                erased += int(AccountEvent.delete().where(own, AccountEvent.id <= over).execute())
    return erased


def change_account(
    username: str, event: Event, now: datetime, by: int | None = None, /, **columns: object
) -> int:
    """Changes the account and logs it; its id. Only within a transaction. Raises NotPossible where
    there is no such account.
    """
    account = Account.get_or_none(Account.username == username)
    if account is None:
        raise NotPossible("username", said("没有用户名为 %(username)s 的账号。", username=username))
    Account.update(columns).where(Account.id == account.id).execute()
    log_event(event, account.id, now, by=by)
    return int(account.id)
