"""Many reports at once, out of a spreadsheet: all of them or none, and none of them twice."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from msgspec import Struct
from msgspec.structs import asdict

from forms_app.casework.entries import entry_columns
from forms_app.casework.errors import NotAllowed
from forms_app.casework.intake import Report, next_numbers
from forms_app.casework.reach import check_place, check_reach
from forms_app.casework.rounds import fresh_round
from forms_app.casework.turn import keep_words
from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import LEVELS, Actor
from forms_app.rules.keys import form_key_hash
from forms_app.rules.procedure import find_move
from forms_app.rules.worktime import time_words
from forms_app.store.alike import create_alike
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue
from forms_app.store.sealing import touched
from forms_app.store.sheets import ColumnChoice, ImportedRow

IMPORTERS = LEVELS
_IN_ONE_QUESTION = 500


class Incoming(Struct, frozen=True):
    """One row of a file as a report; any of its keys tells it from all others."""

    row: int
    keys: tuple[str, ...]
    report: Report
    received_at: datetime
    note: str = ""
    former: tuple[str, ...] = ()  # keys by which an earlier version knew it; only looked for


class Imported(Struct, frozen=True):
    count: int
    known: int  # rows that somebody had imported before


def import_reports(
    circle: Circle,
    actor: Actor,
    rows: Sequence[Incoming],
    *,
    batch: str,
    source: str,
    now: datetime,
) -> Imported:
    """Takes every row that was never taken before, in one transaction.

    `batch` is the press of the button: pressed again, the first one's count is told. An imported
    issue stands at `collected` with its true time of receipt and no 10-minute clock: whether its
    reporter was answered in time, before it came here, nobody can know. It has no ticket.
    """
    move = find_move("submit", None)
    if actor.role not in IMPORTERS or actor.role not in move.who:
        raise NotAllowed
    for row in rows:
        check_place(circle, row.report.community_id, row.report.estate_id)
        check_reach(circle, actor, row.report.community_id)
    batch_hash = form_key_hash(batch)
    with writing():
        pressed = ImportedRow.select().where(ImportedRow.batch == batch_hash)
        taken = pressed.select(ImportedRow.issue).distinct().count()
        if taken:
            return Imported(taken, len(rows) - taken)
        known = known_keys([key for row in rows for key in (*row.keys, *row.former)])
        fresh = [row for row in rows if known.isdisjoint((*row.keys, *row.former))]
        numbers = next_numbers(now, len(fresh))
        # By the hundred: everybody else who writes waits for the end of this.
        for start in range(0, len(fresh), _IN_ONE_QUESTION):
            end = start + _IN_ONE_QUESTION
            _take(circle, actor, fresh[start:end], numbers[start:end], source, batch_hash, now)
    return Imported(len(fresh), len(rows) - len(fresh))


def known_keys(keys: Sequence[str]) -> set[str]:
    """Which of these keys belong to rows that were imported before."""
    known: set[str] = set()
    for start in range(0, len(keys), _IN_ONE_QUESTION):
        asked = keys[start : start + _IN_ONE_QUESTION]
        rows = ImportedRow.select(ImportedRow.key).where(ImportedRow.key.in_(asked))
        known.update(key for (key,) in cast("Iterable[tuple[str]]", rows.tuples()))
    return known


def remember_columns(headers_hash: str, columns: Mapping[str, int], *, now: datetime) -> None:
    """Keeps how a file with these headings was read, for the next one like it."""
    with writing():
        ColumnChoice.delete().where(ColumnChoice.headers_hash == headers_hash).execute()
        ColumnChoice.create(
            headers_hash=headers_hash, columns=json.dumps(dict(columns)), chosen_at=now
        )


def _take(
    circle: Circle,
    actor: Actor,
    rows: Sequence[Incoming],
    numbers: Sequence[str],
    source: str,
    batch_hash: str,
    now: datetime,
) -> None:
    """Writes the issues with their first entries and the keys by which they are known."""
    issues = create_alike(
        Issue,
        (
            _columns(circle, actor, row, number, now)
            for row, number in zip(rows, numbers, strict=True)
        ),
    )
    for issue in issues:
        keep_words(issue)
    taken = list(zip(issues, rows, strict=True))
    create_alike(Entry, (_entry(issue, actor, row, source, now) for issue, row in taken))
    for issue in issues:
        touched(Issue, issue.id, now)
    known = ((key, batch_hash, issue.id) for issue, row in taken for key in row.keys)
    fields = [ImportedRow.key, ImportedRow.batch, ImportedRow.issue]
    ImportedRow.insert_many(known, fields=fields).execute()
    sums.came(*issues)


def _columns(
    circle: Circle, actor: Actor, row: Incoming, number: str, now: datetime
) -> dict[str, object]:
    columns = fresh_round(circle.clocks, row.received_at) | asdict(row.report)
    columns["opinion_due_at"] = None
    return columns | {
        "number": number,
        # Unique in the database too: whatever goes wrong, a row never becomes two issues.
        "form_key_hash": form_key_hash(f"import:{row.keys[0]}"),
        "ticket_hash": "",
        "step": "collected",
        "received_at": row.received_at,
        "consented_at": now,
        "collector": actor.account_id,
        "is_imported": True,
    }


def _entry(
    issue: Issue, actor: Actor, row: Incoming, source: str, now: datetime
) -> dict[str, object]:
    # Nobody is told of each: the importer sees them all, and hundreds of notices hide the others.
    move = find_move("submit", None)
    note = f"从表格“{source}”第{row.row}行导入"
    return entry_columns(
        issue, actor, move.name, now, round_no=1, from_step=None, asked_at=row.received_at,
        resident_line=f"{move.resident_line}收到的时间是{time_words(row.received_at)}。",
        note=f"{note}；{row.note}" if row.note else note,
    )  # fmt: skip
