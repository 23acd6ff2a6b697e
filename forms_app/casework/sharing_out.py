"""Which way a notice goes: one of a group by each of its robots; what no channel carries, none."""

from collections.abc import Callable, Sequence
from datetime import datetime

from peewee import Expression

from forms_app.casework.text_messages import ring_instead
from forms_app.issues.driving import beside
from forms_app.rules.notices import ACCOUNT, GROUP, PUSH, RESIDENT, ROBOT, SMS, State
from forms_app.store.accounts import Account
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.notices import Notice

BATCH = 200


def share_out(
    robots_of: Callable[[str], Sequence[str]],
    can_mail: bool,
    robots: Sequence[str],
    now: datetime,
    *,
    can_text: bool,
    can_wake: bool,
) -> None:
    """Writes each group's notices for its robots, and sets aside what no channel carries.

    `robots_of` gives the names of a community's robots, `robots` those of all. Where there are no
    text messages (any more), who was to get one is rung.
    """
    with writing():
        mailed = Account.select(Account.id).where(
            Account.disabled_at.is_null(), Account.email != ""
        )
        ids = [str(row.id) for row in mailed] if can_mail else []
        _set_aside((Notice.kind == ACCOUNT) & Notice.recipient.not_in(ids))
        reached = Issue.select(Issue.id).where(Issue.reporter_email != "")
        unreached = Notice.issue.not_in(reached) if can_mail else Notice.id > 0
        _set_aside((Notice.kind == RESIDENT) & unreached)
        _set_aside((Notice.kind == ROBOT) & Notice.recipient.not_in(list(robots)))
        if not can_wake:
            _set_aside(Notice.kind == PUSH)
        if not can_text:
            texts = (Notice.state == State.WAITING.value) & (Notice.kind == SMS)
            for row in list(Notice.select(Notice, Issue).join(Issue).where(texts)):
                ring_instead(row, now)
            _set_aside(Notice.kind == SMS)
    while True:
        with writing():
            batch = list(
                Notice.select()
                .where(Notice.state == State.WAITING.value, Notice.kind == GROUP)
                .order_by(Notice.id)
                .limit(BATCH)
            )
            for notice in batch:
                _share(notice, robots_of(notice.recipient), now)
        if len(batch) < BATCH:
            return


def _set_aside(which: Expression) -> None:
    Notice.update(state=State.NO_CHANNEL.value, lease_until=None, message_key="").where(
        # The index of what waits, never that of all there is of a kind.
        Notice.state == State.WAITING.value,
        beside(which),
    ).execute()


def _share(notice: Notice, robots: Sequence[str], now: datetime) -> None:
    rows = [
        {
            "key": f"{notice.key}:{name}",
            "issue": notice.issue,
            "event": notice.event,
            "step": notice.step,
            "due_at": notice.due_at,
            "clock": notice.clock,
            "kind": ROBOT,
            "recipient": name,
            "is_urgent": notice.is_urgent,
            "created_at": notice.created_at,
            "not_before": now,
        }
        for name in robots
    ]
    if rows:
        Notice.insert_many(rows).on_conflict_ignore().execute()
    state = State.SHARED if rows else State.NO_CHANNEL
    Notice.update(state=state.value).where(Notice.id == notice.id).execute()
