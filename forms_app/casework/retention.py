"""Erasing what is no longer needed: residents' contacts and photos when the privacy notice's time
is over, and notices that are over and done with."""

from datetime import datetime, timedelta

from peewee import SQL, Expression, Value, fn

from forms_app.casework.entries import write_entry
from forms_app.casework.erasing import CONTACT, PHOTOS
from forms_app.casework.phone_duties import end_phone_duty
from forms_app.casework.waking import drop_woken
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.notices import State
from forms_app.rules.steps import OPEN_STEPS, Role, Step
from forms_app.rules.told_by import RingEnd
from forms_app.store.database import writing
from forms_app.store.models import Attachment, Entry, Issue, Photo
from forms_app.store.notices import Notice, PushSubscription
from forms_app.store.sealing import look, with_salt

NOTICES_KEPT = timedelta(days=90)
# What waits or has failed may still go out. Whatever else somebody has not read in all this time
# still stands in the queue.
_OVER = (State.SENT, State.LAPSED, State.SHARED, State.NO_CHANNEL)
_SYSTEM = Actor(Role.ADMIN, "系统")


def erase_contacts(circle: Circle, *, now: datetime) -> int:
    """Erases name, phone and e-mail of every ended issue whose last move is `retention_years` ago.

    Returns how many issues were changed; each has an entry that says so, without what was erased.
    """
    # Spelled out as in the index of those that there are.
    nothing = SQL("''")
    has_contact = (
        (Issue.reporter_name != nothing)
        | (Issue.reporter_phone != nothing)
        | (Issue.reporter_email != nothing)
    )
    with writing():
        issues = list(Issue.select().where(has_contact & _is_over(circle, now)).order_by(Issue.id))
        for issue in issues:
            end_phone_duty(issue, RingEnd.OVER, now)
            _say_erased(
                issue, "correct", now,
                resident_line="您的称呼、电话和邮箱已经删除。",
                field=CONTACT, note="保存期满，称呼、电话和邮箱已删除。",
                reporter_name="", reporter_phone="", reporter_email="", confirmed_email="",
            )  # fmt: skip
        drop_woken(PushSubscription.issue.in_(Issue.select(Issue.id).where(_is_over(circle, now))))
    return len(issues)


def erase_woken(circle: Circle, *, now: datetime) -> int:
    """Ends what wakes browsers for issues that ended as long ago as they may be opened again; how
    many. One that follows another waits for that.
    """
    limit = now - timedelta(days=circle.clocks.reopen_days)
    over = Issue.select(Issue.id).where(_ended_before(limit), Issue.step != Step.MERGED.value)
    with writing():
        return drop_woken(PushSubscription.issue.in_(over))


def erase_photos(circle: Circle, *, now: datetime) -> list[str]:
    """Forgets the photos of issues whose time is over as `erase_contacts` counts it; their keys.

    Each issue has an entry that says so. The files are the caller's to remove; whatever is left
    the sweep finds.
    """
    with writing():
        photos = list(
            Photo.select(Photo, Issue).join(Issue).where(_is_over(circle, now)).order_by(Photo.id)
        )
        issues = {photo.issue.id: photo.issue for photo in photos}
        for issue in issues.values():
            _say_erased(
                issue, "correct", now, resident_line="照片已经删除。",
                field=PHOTOS, note="保存期满，照片已删除。",
            )  # fmt: skip
        Photo.delete().where(Photo.id.in_([photo.id for photo in photos])).execute()
    return [photo.key for photo in photos]


def erase_attachments(circle: Circle, *, now: datetime) -> list[str]:
    """Forgets the files beside the notes of issues whose time is over; their keys.

    As with photos: an entry each, which only those read who read the notes, and the files are the
    caller's to remove.
    """
    with writing():
        files = list(
            Attachment.select(Attachment, Issue)
            .join(Issue)
            .where(_is_over(circle, now))
            .order_by(Attachment.id)
        )
        for issue in {file.issue.id: file.issue for file in files}.values():
            _say_erased(
                issue, "note", now, resident_line="",
                field=PHOTOS, note="保存期满，备注里的文件已删除。",
            )  # fmt: skip
        Attachment.delete().where(Attachment.id.in_([file.id for file in files])).execute()
    return [file.key for file in files]


def _say_erased(
    issue: Issue,
    move: str,
    now: datetime,
    *,
    resident_line: str,
    field: str,
    note: str,
    **erased: str,
) -> None:
    """Empties these columns, if any, and writes an entry of it; the issue stands where it stood."""
    look(issue)
    changes = with_salt({"version": Issue.version + 1, **erased})
    Issue.update(changes).where(Issue.id == issue.id).execute()
    write_entry(
        issue, _SYSTEM, move, now, resident_line=resident_line,
        from_step=issue.step, round_no=issue.round_no, field=field, note=note,
    )  # fmt: skip


def _is_over(circle: Circle, now: datetime) -> Expression:
    """The condition of ended issues whose last move is `retention_years` ago."""
    # 365.25 days a year: never a day too early.
    return _ended_before(now - timedelta(days=-(-circle.retention_years * 1461 // 4)))


def _ended_before(limit: datetime) -> Expression:
    """The condition of issues that are not open and had no move since then."""
    # Erasing contacts is no move: it must not keep the photos for another term.
    since = Entry.select(Entry.id).where(
        Entry.issue == Issue.id,
        Entry.made_at >= Value(limit, Entry.made_at.db_value),
        Entry.field.not_in([CONTACT, PHOTOS]),
    )
    is_over: Expression = (
        (Issue.received_at < limit)
        & Issue.step.not_in([step.value for step in OPEN_STEPS])
        & ~fn.EXISTS(since)
    )
    return is_over


def erase_notices(*, now: datetime) -> int:
    """Erases notices that were over 90 days ago; how many. The entries that caused them stay."""
    limit = now - NOTICES_KEPT
    is_long_ago = Notice.sent_at.is_null() | (Notice.sent_at < limit)
    with writing():
        return int(
            Notice.delete()
            .where(
                Notice.state.in_([state.value for state in _OVER]),
                Notice.created_at < limit,
                is_long_ago,
            )
            .execute()
        )
