"""The key of residents' contacts: whether it is the one that the database was sealed with, a new
one, and what is left to do when it was lost.

The database holds the name of the key, by which another one is told before anything is written
with it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from peewee import SQL

from forms_app.casework.entries import write_entry
from forms_app.casework.erasing import CONTACT
from forms_app.casework.phone_duties import end_without_number
from forms_app.issues.access import SYSTEM
from forms_app.rules.contact_keys import ContactLocked
from forms_app.store.contacts import ContactField, keys
from forms_app.store.counts import Counter
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.sealing import with_salt

_MARK = "contact key "  # and its name
_COLUMNS = tuple(
    name for name, field in Issue._meta.fields.items() if isinstance(field, ContactField)
)
# Spelled out as in the index of those that there are.
_NOTHING = SQL("''")
_AT_ONCE = 500


def keys_open() -> bool:
    """Whether one of the keys in use opens what is in the database. It writes nothing."""
    mark = _mark()
    return mark is None or mark.name.removeprefix(_MARK) in keys().names


def keys_fit() -> bool:
    """Whether the keys in use open what is in the database; the newest of them seals all of it."""
    mark = _mark()
    if mark is not None and mark.name == _MARK + keys().names[0]:
        return True
    with writing():
        if not keys_open():
            return False
        if _mark() is not None:
            for row in _left():
                _write(row, {name: str(value) for name, value in row.items() if name != "id"})
        _remember()
    return True


def forget_contacts(*, now: datetime) -> int:
    """Erases every contact that none of the keys opens, and goes on with the newest one.

    Returns how many issues had such; each has an entry that says so.
    """
    count = 0
    with writing():
        for row in _left():
            lost = {name: "" for name, value in row.items() if not _opens(value)}
            kept = {
                name: str(value) for name, value in row.items() if name != "id" and name not in lost
            }
            # What was sealed of them cannot be told any more, so nothing is compared with it.
            _write(row, with_salt(lost) | kept if lost else kept)
            if lost:
                issue = Issue.get_by_id(row["id"])
                end_without_number(issue, now)
                Issue.update(version=Issue.version + 1).where(Issue.id == issue.id).execute()
                write_entry(
                    issue, SYSTEM, "correct", now,
                    resident_line="您留的联系方式读不出来了，已经删除；需要的话，请再留一次。",
                    from_step=issue.step, round_no=issue.round_no, field=CONTACT,
                    note="密钥文件丢失，打不开的称呼、电话和邮箱已删除。",
                )  # fmt: skip
                count += 1
        _remember()
    return count


def _mark() -> Counter | None:
    return Counter.get_or_none(Counter.name.startswith(_MARK))


def _remember() -> None:
    Counter.delete().where(Counter.name.startswith(_MARK)).execute()
    Counter.create(name=_MARK + keys().names[0], value=0)


def _left() -> Iterator[dict[str, object]]:
    """Id and contacts of every issue that has any, as they stand."""
    fields = [Issue._meta.fields[name] for name in _COLUMNS]
    has_any = fields[0] != _NOTHING
    for one in fields[1:]:
        has_any |= one != _NOTHING
    last = 0
    while True:
        rows = Issue.select(Issue.id, *fields).where(Issue.id > last, has_any)
        page: list[Any] = list(rows.order_by(Issue.id).limit(_AT_ONCE).dicts())
        yield from page
        if len(page) < _AT_ONCE:
            return
        last = page[-1]["id"]


def _write(row: dict[str, object], columns: Mapping[str, object]) -> None:
    Issue.update(columns).where(Issue.id == row["id"]).execute()


def _opens(value: object) -> bool:
    try:
        str(value)
    except ContactLocked:
        return False
    return True
