"""A year of a book of the earmarked funds as tables: its sums, and every line."""

from collections.abc import Callable

from forms_app.queries import FundBook
from forms_app.rules.funds import CORRECTED, ENTRY_LABELS, KINDS
from forms_app.spreadsheets.month_tables import Table

_LINES = (
    "第几笔",
    "日子",
    "种类",
    "用来做什么",
    "为哪件事",
    "在哪里定的",
    "票据号",
    "元",
    "谁记的",
)


def fund_tables(book: FundBook, thing: Callable[[str], str]) -> list[Table]:
    """Amounts in yuan, as numbers; `thing` says what a line was for in words."""
    sums = [(label, _amount(book.sums[kind])) for kind, label in KINDS.items()]
    rows = tuple(
        (
            f"第{one.place}笔", one.on_day,
            f"更正第{book.place_of(one.corrects_id)}笔"
            if one.kind == CORRECTED and one.corrects_id is not None
            else ENTRY_LABELS[one.kind],
            one.words, thing(one.about), one.decided, one.receipt, _amount(one.amount_fen),
            one.actor_name,
        )
        for one in book.lines
    )  # fmt: skip
    return [
        Table("合计", ("哪一项", "元"), (*sums, ("还剩（拨入减去支出）", _amount(book.left)))),
        Table("每一笔", _LINES, rows),
    ]


def _amount(fen: int) -> float:
    """In yuan, as a number that can be added up."""
    return fen / 100
