"""The log of what was taken away from the register, and of who looked for people in it."""

from datetime import date, datetime

from forms_app.casework.signed import made_by
from forms_app.issues.access import Actor
from forms_app.store.accounts import ExportLog
from forms_app.store.database import writing


def log_export(
    actor: Actor, filters: str, row_count: int, *, with_contacts: bool, now: datetime
) -> int:
    """Notes an export before it leaves the house; returns the note's key.

    `filters` are in words, `row_count` is the number of issues in it.
    """
    with writing():
        note = ExportLog.create(
            **made_by(actor, now),
            community_id=actor.community_id,
            filters=filters,
            row_count=row_count,
            with_contacts=with_contacts,
        )
    return int(note.id)


def log_report(actor: Actor, first: date, row_count: int, *, now: datetime) -> int:
    """Notes that somebody took the workbook of the month that begins on `first`; the note's key."""
    what = "{}年{}月办理情况表（只有件数）".format(first.year, first.month)  # noqa: UP032 (stored)
    return log_export(actor, what, row_count, with_contacts=False, now=now)


def log_search(actor: Actor, found: int, *, by_phone: bool, is_cut: bool, now: datetime) -> int:
    """Notes that somebody looked for a resident, by what, and how many issues they were shown.

    Never what they looked for. Returns the note's key.
    """
    by, more = ("电话" if by_phone else "姓名"), ("以上" if is_cut else "")
    what = "按{}找反映人　找到{}件{}".format(by, found, more)  # noqa: UP032 (stored)
    return log_export(actor, what, found, with_contacts=True, now=now)
