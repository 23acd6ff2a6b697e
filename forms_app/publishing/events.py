"""Events that were published before and say something else now: calendars must notice it.

A calendar program takes a change in only where SEQUENCE is higher and DTSTAMP newer (RFC 5545,
3.8.7.4; RFC 7986). An event that says what it said keeps its bytes.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from forms_app.files.durable import replace_files

KEPT_DAYS = 400  # after its day; a phone may have been off for long
COLUMNS = ("uid", "digest", "sequence", "modified")
FEEDS = ("calendar", "near")
_EVENT = re.compile(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_UID = re.compile(rb"^UID:(?P<uid>(?P<day>\d{8})-.*)\r\n", re.MULTILINE)
_ALARM = re.compile(rb"BEGIN:VALARM\r\n.*?END:VALARM\r\n", re.DOTALL)
_STAMP = re.compile(rb"^DTSTAMP:.*\r\n", re.MULTILINE)


class Revision(NamedTuple):
    """What an event says, as a digest, how often that changed, and when it last did."""

    digest: str
    sequence: int
    modified: str  # as iCalendar writes it, in UTC; "" where it never changed


def stamp_changes(site: Path, record: Path, now: datetime) -> None:
    """Marks the changed events in all calendars below `site`; keeps in `record` what they say.

    Raises OSError. Told twice, it changes nothing.
    """
    before = read(record)
    found: dict[str, Revision] = {}
    modified = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")

    @cache  # an event stands in its own file and in several feeds
    def stamped(text: bytes) -> bytes:
        uid = _uid(text)
        if uid is None:
            return text
        digest = hashlib.sha256(_STAMP.sub(b"", _ALARM.sub(b"", text))).hexdigest()
        old = before.get(uid)
        if old is None:
            revision = Revision(digest, 0, "")
        elif old.digest == digest:
            revision = old
        else:
            revision = Revision(digest, old.sequence + 1, modified)
        found[uid] = revision
        return _with(text, revision)

    for file in sorted(file for room in FEEDS for file in (site / room).rglob("*.ics")):
        text = file.read_bytes()
        marked = _EVENT.sub(lambda event: stamped(event[0]), text)
        if marked != text:
            file.write_bytes(marked)
    kept = {uid: revision for uid, revision in before.items() if _is_kept(uid, now)} | found
    if kept != before:
        replace_files({record: _written(kept)})


def read(record: Path) -> dict[str, Revision]:
    """The revisions by uid; none where there is no record yet, or none that can be read.

    Without it changes are not marked once, which is better than a site that stays old.
    """
    if not record.is_file():
        return {}
    rows = csv.DictReader(io.StringIO(record.read_bytes().decode(errors="replace")))
    return {
        row["uid"]: Revision(row["digest"], int(row["sequence"]), row["modified"])
        for row in rows
        if all(row.get(name) is not None for name in COLUMNS)
        and row["sequence"].isdecimal()
        and _day(row["uid"])
    }


def _with(text: bytes, revision: Revision) -> bytes:
    if not revision.sequence:
        return text
    at = revision.modified.encode()
    lines = b"DTSTAMP:%s\r\nLAST-MODIFIED:%s\r\nSEQUENCE:%d\r\n" % (at, at, revision.sequence)
    return _STAMP.sub(lines, text, count=1)


def _uid(text: bytes) -> str | None:
    found = _UID.search(text.replace(b"\r\n ", b""))
    return found["uid"].decode() if found else None


def _is_kept(uid: str, now: datetime) -> bool:
    day = _day(uid)
    return day is not None and day >= now.date() - timedelta(days=KEPT_DAYS)


def _day(uid: str) -> date | None:
    try:
        return datetime.strptime(uid[:8], "%Y%m%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _written(revisions: Mapping[str, Revision]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((uid, *revisions[uid]) for uid in sorted(revisions))
    return text.getvalue().encode()
