"""The earmarked funds as their pages show them: a community's book of a year, and what is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from forms_app.issues.access import Actor
from forms_app.issues.funds import funds_seen, may_read_funds
from forms_app.queries.facts import columns
from forms_app.rules.funds import SAID, left_of, sums_of, written
from forms_app.rules.projects import digest_of
from forms_app.store.funds import FundEntry


@dataclass(frozen=True, slots=True)
class FundFacts:
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


@dataclass(frozen=True, slots=True)
class FundBook:
    """A community's lines of a year, oldest first, and their sums in fen."""

    community_id: str
    year: int
    lines: tuple[FundFacts, ...]
    sums: dict[str, int]  # by funds.KINDS, corrections counted in
    left: int
    seen: int  # how many lines it has in all years

    def place_of(self, line_id: int) -> int:
        """The place of a line of this year, by its key."""
        return next(one.place for one in self.lines if one.id == line_id)


def fund_book(actor: Actor, community_id: str, year: int) -> FundBook | None:
    """None where it is not the actor's to read."""
    if not may_read_funds(actor, community_id):
        return None
    here = (FundEntry.community_id == community_id) & funds_seen(actor, FundEntry.community_id)
    rows = (
        FundEntry.select(*columns(FundFacts, FundEntry))
        .where(here, FundEntry.on_day.startswith(f"{year}-"))
        .order_by(FundEntry.place)
    )
    lines = tuple(FundFacts(*row) for row in rows.tuples().iterator())
    kinds = {one.id: one.kind for one in lines}
    sums = sums_of((kinds[one.corrects_id or one.id], one.amount_fen) for one in lines)
    seen = FundEntry.select().where(here).count()
    return FundBook(community_id, year, lines, sums, left_of(sums), seen)


def broken_funds() -> Iterator[int]:
    """The lines that say something else than was written down, or behind which one is missing."""
    before: dict[str, tuple[int, str]] = {}
    rows = FundEntry.select().order_by(FundEntry.community_id, FundEntry.place)
    for row in rows.iterator():
        place, digest = before.get(row.community_id, (0, ""))
        said = {name: getattr(row, name) for name in SAID if name != "corrects"}
        state = written({**said, "corrects": row.__data__["corrects"]})
        told = digest_of(digest, row.made_at, row.actor_role, row.actor_name, row.kind, state)
        if row.place != place + 1 or told != row.digest:
            yield int(row.id)
        before[row.community_id] = (row.place, row.digest)
