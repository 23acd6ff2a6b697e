"""How much was spent on what a residents' meeting decided, corrections counted in."""

from collections.abc import Iterable, Mapping

from forms_app.rules.funds import PLANNED, SPENT, sums_of
from forms_app.store.funds import FundEntry


def spent_on(item_id: int) -> int:
    """In fen, of all years, on one item of a meeting."""
    return sums_by_item([item_id]).get(item_id, {SPENT: 0})[SPENT]


def sums_by_item(item_ids: Iterable[int]) -> dict[int, Mapping[str, int]]:
    """Fen by kind (planned, spent), for each of these items that the books name."""
    wanted = list(item_ids)
    if not wanted:
        return {}
    rows = (
        FundEntry.select(
            FundEntry.id, FundEntry.meeting_item, FundEntry.kind, FundEntry.amount_fen,
            FundEntry.corrects,
        )
        .where(FundEntry.meeting_item.in_(wanted))
        .order_by(FundEntry.id)
    )  # fmt: skip
    kinds: dict[int, str] = {}
    entries: dict[int, list[tuple[str, int]]] = {}
    for key, item_id, kind, fen, corrects in rows.tuples().iterator():
        kinds[key] = kind
        entries.setdefault(item_id, []).append((kinds[corrects or key], fen))
    sums = {item_id: sums_of(own) for item_id, own in entries.items()}
    return {item_id: {kind: of[kind] for kind in (PLANNED, SPENT)} for item_id, of in sums.items()}
