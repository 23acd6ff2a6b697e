"""A closed issue told in public (公示): agreed to by its resident, drafted, reviewed, taken back.

Each press is an entry of the issue; the resident's own words, name and phone never go into it.
"""

from datetime import datetime

from msgspec import Struct

from forms_app.casework.entries import is_made, write_entry
from forms_app.casework.erasure_list import keep_erased
from forms_app.casework.errors import AlreadyMade, NotAllowed, NotPossible, StaleCase
from forms_app.casework.public_words import check_crossing
from forms_app.casework.turn import Turn, load, load_own
from forms_app.community import Circle
from forms_app.issues.access import SYSTEM, Actor
from forms_app.issues.public_notes import REVIEWS, WRITES, running_note, staff_photos
from forms_app.rules.erasures import NOTE
from forms_app.rules.folding import says_nothing
from forms_app.rules.public_notes import FIELD, NoteEnd
from forms_app.rules.said import said
from forms_app.rules.steps import Role, Step
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue
from forms_app.store.public_notes import PublicNote
from forms_app.store.sealing import look, touched

AGREED = "您同意社区用自己的话把这件事写给大家看。"
NO_CONSENT = "反映人没有同意公示这件事，或者已经收回。"


class Drafted(Struct, frozen=True):
    """What is to be told: the community's words, how near the place is named, which photos."""

    told: str
    names_estate: bool = False
    before_key: str = ""
    after_key: str = ""


def agree(t: Turn, entry: Entry) -> None:
    """In the transaction of a satisfied verdict: its resident lets the community tell of it."""
    PublicNote.create(issue=t.issue, round_no=entry.round_no, consented_at=t.now)


def may_agree(actor: Actor, issue: Issue, shown_by: str) -> bool:
    """Whether a consent with this verdict is the resident's own, and of an issue of its own.

    `shown_by` is the move that showed the ticket to whoever did the work: they could have pressed.
    """
    return actor.role is Role.RESIDENT and not shown_by and issue.merged_into is None


def draft_note(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    drafted: Drafted,
    *,
    publish: bool = False,
    now: datetime,
) -> Entry:
    """Keeps what is to be told, for the leader to review; or publishes it, reviewed by the actor.

    What is published already and drafted anew waits for its review again. Raises NotAllowed,
    AlreadyMade, StaleCase and NotPossible.
    """
    with writing():
        issue = load(actor, number)
        note = _running(actor, issue, version)
        if not (REVIEWS if publish else WRITES).holds(actor, issue):
            raise NotAllowed("公示由社区起草，社区书记审核。")
        _check(issue, drafted)
        before = note.told
        estate = issue.estate_id if drafted.names_estate else ""
        columns: dict[str, object] = {
            "told": drafted.told,
            "estate_id": estate if estate in circle.estates else "",
            "before_key": drafted.before_key,
            "after_key": drafted.after_key,
            "drafted_by": actor.account_id if before != drafted.told else note.drafted_by,
            "drafted_at": now if before != drafted.told else note.drafted_at,
            "reviewed_by": actor.account_id if publish else None,
            "published_at": now if publish else None,
        }
        line = "这件事写给大家看了，您可以在这一页看到写了什么，随时收回。" if publish else ""
        begun = "审核通过，公示：%(told)s" if publish else "起草公示，等审核：%(told)s"
        note_line = said(begun, told=drafted.told)
        return _write_down(issue, note, actor, columns, note_line, line, now)


def take_down_note(actor: Actor, number: str, version: int, reason: str, *, now: datetime) -> Entry:
    """The community does not tell of it, or no more."""
    with writing():
        issue = load(actor, number)
        note = _running(actor, issue, version)
        if not REVIEWS.holds(actor, issue):
            raise NotAllowed("撤下公示由社区书记决定。")
        if says_nothing(reason):
            raise NotPossible("reason", "请写明为什么不公示。")
        was_public = note.published_at is not None
        line = "社区把写给大家看的那一段撤下了。" if was_public else ""
        return _write_down(
            issue,
            note,
            actor,
            _ended(NoteEnd.OFFICE, now),
            said("不再公示：%(reason)s", reason=reason),
            line,
            now,
        )


def take_note_back(actor: Actor, number: str, *, now: datetime) -> Entry:
    """The resident takes their consent back, at once, whatever came of it."""
    with writing():
        issue = load_own(actor, number)
        note = running_note(issue.id)
        if note is None:
            raise NotAllowed("您已经收回了，不用再按。")
        keep_erased(issue.number, [NOTE], (), now)
        return _write_down(
            issue, note, actor, _ended(NoteEnd.RESIDENT, now), "反映人收回公示",
            "您收回了，这件事不再写给大家看。", now,
        )  # fmt: skip


def take_note_back_again(issue: Issue, now: datetime) -> None:
    """In a database that came out of a backup: what its resident has taken back since."""
    note = running_note(issue.id)
    if note is not None:
        _write_down(
            issue, note, SYSTEM, _ended(NoteEnd.RESIDENT, now), "恢复了备份，按清单再次收回公示",
            "恢复备份以后，您收回的又收回了一次。", now,
        )  # fmt: skip


def _running(actor: Actor, issue: Issue, version: int) -> PublicNote:
    if is_made(issue.id, actor.press):
        raise AlreadyMade
    note = running_note(issue.id)
    if note is None or Step(issue.step) is not Step.CLOSED:
        raise NotAllowed(NO_CONSENT)
    if issue.version != version:
        raise StaleCase
    return note


def _check(issue: Issue, drafted: Drafted) -> None:
    if says_nothing(drafted.told):
        raise NotPossible("told", "请用社区自己的话写一写办了什么。")
    check_crossing("told", drafted.told, issue)
    offered = {"", *staff_photos(issue.id)}
    for field in ("before_key", "after_key"):
        if getattr(drafted, field) not in offered:
            raise NotPossible(field, "只能用工作人员自己拍的照片。")


def _ended(by: NoteEnd, now: datetime) -> dict[str, object]:
    return {"ended_at": now, "ended_by": by.value}


def _write_down(
    issue: Issue,
    note: PublicNote,
    actor: Actor,
    columns: dict[str, object],
    line: str,
    resident_line: str,
    now: datetime,
) -> Entry:
    """Changes the note and says so in the issue's history; the issue stands where it stood."""
    look(issue)
    changed = (
        Issue.update(version=Issue.version + 1)
        .where(Issue.id == issue.id, Issue.version == issue.version)
        .execute()
    )
    if changed != 1:
        raise StaleCase
    PublicNote.update(columns).where(PublicNote.id == note.id).execute()
    touched(Issue, issue.id, now)
    return write_entry(
        issue, actor, "correct", now, resident_line=resident_line,
        from_step=issue.step, round_no=issue.round_no, field=FIELD, note=line,
    )  # fmt: skip
