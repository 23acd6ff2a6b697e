"""Which line of the funds a new one may be a second time. It only reads, and knows no rights."""

from datetime import date

from peewee import fn

from forms_app.rules.funds import ENTRY_LABELS
from forms_app.rules.projects import yuan
from forms_app.store.funds import FundEntry


def with_receipt(book_id: str, receipt: str) -> FundEntry | None:
    """The line of a book with this receipt, as funds.receipt_key gives it, that was not taken back
    whole: what was corrected to nothing leaves its receipt for who enters it again.
    """
    if not receipt:
        return None
    same = FundEntry.select().where(FundEntry.book_id == book_id, FundEntry.receipt == receipt)
    return next(filter(_still_counts, same.order_by(FundEntry.place)), None)


def like_it(book_id: str, kind: str, on: date, fen: int) -> FundEntry | None:
    """The newest line of a book of the same kind, day and amount that was not taken back whole."""
    same = FundEntry.select().where(
        FundEntry.book_id == book_id,
        FundEntry.on_day == on.isoformat(),
        FundEntry.kind == kind,
        FundEntry.amount_fen == fen,
    )
    return next(filter(_still_counts, same.order_by(FundEntry.place.desc())), None)


def elsewhere_paid(book_id: str, receipt: str, fen: int) -> FundEntry | None:
    """A line of any other book with the same receipt and amount that was not taken back whole."""
    if not receipt:
        return None
    same = FundEntry.select().where(
        FundEntry.book_id != book_id,
        FundEntry.receipt == receipt,
        FundEntry.amount_fen == fen,
    )
    return next(filter(_still_counts, same.order_by(FundEntry.id.desc())), None)


def words_of(line: FundEntry) -> str:
    """The line in one sentence's part, for whoever may read its book."""
    receipt = f"，票据号{line.receipt}" if line.receipt else ""
    return (
        f"第{line.place}笔，{line.on_day}，{ENTRY_LABELS[line.kind]}{yuan(line.amount_fen)}元，"
        f"{line.words}{receipt}，{line.actor_name}记的"
    )


def _still_counts(line: FundEntry) -> bool:
    more = FundEntry.select(fn.SUM(FundEntry.amount_fen)).where(FundEntry.corrects == line.id)
    return bool(line.amount_fen + (more.scalar() or 0))
