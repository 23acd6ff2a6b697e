"""What a resident does with what they left of themselves: put it right, take it back.

Each is an entry that says so and not what it was. What was erased is kept in a list, too, because
it lies in files beside the rows: whoever clears those goes by it, and so does whoever puts an older
backup in again.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from peewee import SQL

from forms_app.casework.asking_to_be_woken import wake_no_more
from forms_app.casework.entries import write_entry
from forms_app.casework.erasure_list import keep_erased
from forms_app.casework.errors import NotPossible
from forms_app.casework.phone_duties import end_without_number
from forms_app.casework.public_notes import take_note_back_again
from forms_app.casework.telling import Cause, write_letter
from forms_app.casework.turn import load_own
from forms_app.casework.waking import drop_woken
from forms_app.issues.access import SYSTEM, Actor
from forms_app.issues.own_photos import are_residents
from forms_app.rules.erasures import NOTE, PARTS, PHOTO, PUSH, Erased, named
from forms_app.store.database import writing
from forms_app.store.models import Entry, Erasure, Issue, Photo
from forms_app.store.notices import PushSubscription
from forms_app.store.sealing import look, with_salt


class _Why(Struct, frozen=True):
    """In what words it is told: to staff, before what it was; to the resident."""

    note: str
    contact: str
    photos: str


_OWN = _Why(
    "反映人自己更正或删除，经过里不留内容：",
    "您删除了自己留下的联系方式。", "您删除了自己的照片。",
)  # fmt: skip
_ASKED_FOR = _Why(
    "反映人要求，已经删除：", "您的称呼、电话和邮箱已经删除。", "照片已经删除。"
)  # fmt: skip
_AGAIN = _Why(
    "恢复了备份，按删除清单再次删除：",
    "恢复备份以后，您删除过的联系方式又删除了一次。", "恢复备份以后，您删除过的照片又删除了一次。",
)  # fmt: skip

# What an entry says was put right or erased.
CONTACT, PHOTOS = "reporter_contact", "photos"
# Spelled out as in the index of those that there are.
_IS_OWED = SQL("is_owed")
COLUMNS = {part: f"reporter_{part}" for part in PARTS}


def put_right(actor: Actor, number: str, *, left: Mapping[str, str], now: datetime) -> Entry:
    """The resident's own correction; `left` is what they leave now, by name of PARTS.

    What is emptied is erased. Raises IssueUnknown, NotAllowed, AlreadyMade and NotPossible.
    """
    with writing():
        issue = load_own(actor, number)
        changed = {part: left[part] for part in PARTS if left[part] != _value(issue, part)}
        if not changed:
            raise NotPossible("name", "和现在的一样，没有要改的。")
        emptied = [part for part, value in changed.items() if not value]
        is_less = len(emptied) == len(changed)
        entry = _tell(
            issue, actor, now, CONTACT, _OWN.note + named(changed),
            _OWN.contact if is_less else "您更正了自己留下的联系方式。",
            {COLUMNS[part]: value for part, value in changed.items()},
        )  # fmt: skip
        if emptied:
            keep_erased(issue.number, emptied, (), now)
        if changed.get("email"):
            issue.reporter_email = changed["email"]
            write_letter(issue, Cause(f"entry:{entry.id}:confirm", "confirm"), now)
        return entry


def erase_own(
    actor: Actor, number: str, *, parts: Collection[str], photos: Collection[str], now: datetime
) -> None:
    """Erases these parts of what the resident left, and these of their own photos, by key.

    What is gone already is no matter. Raises IssueUnknown, NotAllowed, AlreadyMade, and
    NotPossible where nothing of it is there.
    """
    with writing():
        issue = load_own(actor, number)
        there = [part for part in PARTS if part in parts and _value(issue, part)]
        keys = _own_photos(issue, photos)
        # Of what wakes a browser no entry tells: it is switched off without one, too.
        woken = [PUSH] if PUSH in parts and _wake_nobody(issue) else []
        if not (there or keys or woken):
            raise NotPossible("what", "请选要删除的。")
        _erase(issue, actor, there, keys, _OWN, now)
        keep_erased(issue.number, [*there, *woken], keys, now)


def erase_here(actor: Actor, number: str, key: str, *, now: datetime) -> None:
    """The browser that holds `key` is woken for this issue no more, and its address is nowhere.

    Raises IssueUnknown and NotAllowed.
    """
    if wake_no_more(actor, number, key):
        with writing():
            keep_erased(number, [PUSH], (), now)


def erase_asked_for(number: str, *, now: datetime) -> tuple[int, int]:
    """Erases all contacts and own photos of an issue, whose resident asked the office for it.

    Returns how many issues had contacts (0 or 1) and how many photos there were.
    """
    with writing():
        issue = Issue.get_or_none(Issue.number == number)
        if issue is None:
            return 0, 0
        there = [part for part in PARTS if _value(issue, part)]
        keys = _own_photos(issue, None)
        woken = [PUSH] if _wake_nobody(issue) else []
        if there or keys or woken:
            _erase(issue, SYSTEM, there, keys, _ASKED_FOR, now)
            keep_erased(issue.number, [*there, *woken], keys, now)
        return int(bool(there or woken)), len(keys)


def erase_again(listed: Iterable[Erased], *, now: datetime) -> frozenset[str]:
    """Erases in a database that came out of a backup what was erased since; the photos' keys.

    What it knows of already was erased before the backup, and may have been left anew since.
    """
    gone: set[str] = set()
    with writing():
        known = {row.code for row in Erasure.select(Erasure.code)}
        for erased in listed:
            if erased.code in known:
                continue
            known.add(erased.code)
            Erasure.insert(
                code=erased.code, number=erased.number, what=erased.what,
                made_at=datetime.fromisoformat(erased.made_at),
            ).execute()  # fmt: skip
            gone.update(erased.photo_keys)
            issue = Issue.get_or_none(Issue.number == erased.number)
            if issue is None:
                continue
            there = [part for part in erased.parts if _value(issue, part)]
            keys = _own_photos(issue, erased.photo_keys)
            if there or keys:
                _erase(issue, SYSTEM, there, keys, _AGAIN, now)
            if NOTE in erased.what.split():
                take_note_back_again(issue, now)
    return frozenset(gone)


def owed() -> list[Erased]:
    """Those of which something may still lie in a file, oldest first."""
    rows = Erasure.select().where(_IS_OWED).order_by(Erasure.id)
    return [
        Erased(row.code, row.number, row.what, str(Erasure.made_at.db_value(row.made_at)))
        for row in rows
    ]


def is_owed() -> bool:
    """Whether there are any; one look along an index of their own."""
    return bool(Erasure.select().where(_IS_OWED).exists())


def carried_out(codes: Collection[str]) -> None:
    """Notes that nothing of these erasures is left in any file."""
    with writing():
        Erasure.update(is_owed=False).where(Erasure.code.in_(list(codes))).execute()


def _own_photos(issue: Issue, keys: Collection[str] | None) -> list[str]:
    """Which of these photos are the resident's; with None all that are."""
    found = Photo.select(Photo.key).join(Entry).where(Photo.issue == issue, are_residents())
    return [row.key for row in found.order_by(Photo.id) if keys is None or row.key in keys]


def _wake_nobody(issue: Issue) -> bool:
    return drop_woken(PushSubscription.issue == issue.id) > 0


def _value(issue: Issue, part: str) -> str:
    return str(getattr(issue, COLUMNS[part]))


def _erase(
    issue: Issue,
    actor: Actor,
    parts: Collection[str],
    keys: Collection[str],
    why: "_Why",
    now: datetime,
) -> None:
    """Empties these columns and forgets these photos, with an entry each."""
    if parts:
        columns = {COLUMNS[part]: "" for part in parts}
        _tell(issue, actor, now, CONTACT, why.note + named(parts), why.contact, columns)
    if keys:
        _tell(issue, actor, now, PHOTOS, why.note + named([PHOTO]), why.photos, {})
        Photo.delete().where(Photo.issue == issue, Photo.key.in_(list(keys))).execute()


def _tell(
    issue: Issue,
    actor: Actor,
    now: datetime,
    field: str,
    note: str,
    resident_line: str,
    columns: Mapping[str, str],
) -> Entry:
    """Changes these columns and writes an entry of it; the issue stands where it stood."""
    # What was confirmed is the same address.
    confirmed = {"confirmed_email": ""} if COLUMNS["email"] in columns else {}
    look(issue)
    changes = with_salt({"version": Issue.version + 1, **columns, **confirmed})
    Issue.update(changes).where(Issue.id == issue.id).execute()
    for column, value in columns.items():
        setattr(issue, column, value)
    end_without_number(issue, now)
    return write_entry(
        issue, actor, "correct", now, resident_line=resident_line,
        from_step=issue.step, round_no=issue.round_no, field=field, note=note,
    )  # fmt: skip
