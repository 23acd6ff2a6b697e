"""The earmarked funds as their pages show them: a book of a year, what is left, and what the site
tells of it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct
from peewee import JOIN, Expression, fn

from forms_app.issues.access import Actor
from forms_app.issues.funds import funds_seen, may_read_funds
from forms_app.queries.facts import columns
from forms_app.queries.meetings import published_meetings
from forms_app.rules.funds import CORRECTED, GRANTED, PLANNED, SPENT, left_of, sums_of
from forms_app.store.funds import FundEntry, FundTold
from forms_app.store.meetings import Meeting, MeetingItem


class FundFacts(Struct, frozen=True):
    """A line of the book."""

    id: int
    place: int
    on_day: str
    kind: str  # of funds.ENTRY_LABELS
    about: str
    words: str
    decided: str
    amount_fen: int
    receipt: str
    corrects_id: int | None
    made_at: datetime
    actor_name: str
    told: str | None = None  # what the site says of it, reviewed; None: it says nothing yet


class FundBook(Struct, frozen=True):
    """A book's lines of a year, oldest first, and their sums in fen."""

    book_id: str
    year: int
    lines: tuple[FundFacts, ...]
    sums: dict[str, int]  # by funds.KINDS, corrections counted in
    left: int
    seen: int  # how many lines it has in all years

    def place_of(self, line_id: int) -> int:
        """The place of a line of this year, by its key."""
        return next(one.place for one in self.lines if one.id == line_id)


def fund_book(actor: Actor, book_id: str, year: int) -> FundBook | None:
    """None where it is not the actor's to read."""
    if not may_read_funds(actor, book_id):
        return None
    here = (FundEntry.book_id == book_id) & funds_seen(actor, FundEntry.book_id)
    rows = (
        FundEntry.select(*columns(FundFacts, FundEntry, "told"), FundTold.told)
        .join(FundTold, JOIN.LEFT_OUTER, on=_newest_told())
        .where(here, FundEntry.on_day.startswith(f"{year}-"))
        .order_by(FundEntry.place)
    )
    lines = tuple(FundFacts(*row) for row in rows.tuples().iterator())
    sums = _sums(lines)
    seen = FundEntry.select().where(here).count()
    return FundBook(book_id, year, lines, sums, left_of(sums), seen)


class BookSums(Struct, frozen=True):
    """What a book's year comes to, in fen."""

    book_id: str
    sums: dict[str, int]  # by funds.KINDS, corrections counted in
    left: int


def book_sums(actor: Actor, book_ids: Iterable[str], year: int) -> tuple[BookSums, ...]:
    """Of those of these books that the actor may read, in their order; in one question."""
    first = FundEntry.alias()
    kind = fn.COALESCE(first.kind, FundEntry.kind)
    rows = (
        FundEntry.select(FundEntry.book_id, kind, fn.SUM(FundEntry.amount_fen))
        .join(first, JOIN.LEFT_OUTER, on=(first.id == FundEntry.corrects))
        .where(funds_seen(actor, FundEntry.book_id), FundEntry.on_day.startswith(f"{year}-"))
        .group_by(FundEntry.book_id, kind)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for book_id, of, fen in rows.tuples().iterator():
        found.setdefault(book_id, []).append((of, int(fen)))
    read = (one for one in book_ids if may_read_funds(actor, one))
    sums = ((one, sums_of(found.get(one, ()))) for one in read)
    return tuple(BookSums(one, of, left_of(of)) for one, of in sums)


def published_funds() -> list[dict[str, Any]]:
    """What the site tells of each book's year, newest year first: what was reviewed of it, with
    the sums of those lines alone, in fen. No word of a line itself crosses.
    """
    rows = (
        FundEntry.select(
            FundEntry.id, FundEntry.book_id, FundEntry.place, FundEntry.on_day, FundEntry.kind,
            FundEntry.amount_fen, FundEntry.corrects, FundTold.told, Meeting.held_on,
        )
        .join(FundTold, on=_newest_told())
        .switch(FundEntry)
        .join(MeetingItem, JOIN.LEFT_OUTER, on=(MeetingItem.id == FundEntry.meeting_item))
        .join(Meeting, JOIN.LEFT_OUTER, on=_told_meeting())
        .order_by(FundEntry.book_id, FundEntry.place)
    )  # fmt: skip
    books: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
    for row in rows.tuples().iterator():
        books.setdefault((row[1], row[3][:4]), []).append(row)
    return [
        _told(book_id, year, lines)
        for (book_id, year), lines in sorted(
            books.items(), key=lambda one: (-int(one[0][1]), one[0][0])
        )
    ]


def published_money() -> dict[str, Any]:
    """All that crosses to the site of the funds and of residents' meetings."""
    return {"books": published_funds(), "meetings": published_meetings()}


def _told(book_id: str, year: str, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    kinds = {row[0]: row[4] for row in rows}
    places = {row[0]: row[2] for row in rows}
    sums = sums_of((kinds[row[6] or row[0]], row[5]) for row in rows)
    return {
        "book_id": book_id,
        "year": int(year),
        **{kind: sums[kind] for kind in (GRANTED, PLANNED, SPENT)},
        "left": left_of(sums),
        "lines": [
            {
                "place": place,
                "on": on_day,
                "kind": kind,
                "told": told,
                "amount_fen": fen,
                "corrects": places[corrects] if kind == CORRECTED else None,
                "decided_on": held_on or "",
            }
            for _, _, place, on_day, kind, fen, corrects, told, held_on in rows
        ],
    }


def _sums(lines: Iterable[FundFacts]) -> dict[str, int]:
    kinds = {one.id: one.kind for one in lines}
    return sums_of((kinds[one.corrects_id or one.id], one.amount_fen) for one in lines)


def _newest_told() -> Expression:
    newer = FundTold.alias()
    newest = newer.select(fn.MAX(newer.id)).where(newer.fund_entry == FundEntry.id)
    return FundTold.id == newest


def _told_meeting() -> Expression:
    """A meeting that the site tells of: of others it does not even say the day."""
    return (Meeting.id == MeetingItem.meeting) & (Meeting.public != "")
