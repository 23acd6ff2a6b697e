"""The earmarked funds (专项经费): kinds of entry, and what is left of a year. PURE.

All amounts are whole fen. Nothing is changed: a correction is an entry of its own, whose amount is
the difference to what stood there.
"""

import unicodedata
from collections.abc import Iterable, Mapping

GRANTED, PLANNED, SPENT, CORRECTED = "granted", "planned", "spent", "corrected"
KINDS: Mapping[str, str] = {GRANTED: "拨入", PLANNED: "计划", SPENT: "支出"}
# What a spending needs more than other lines, by its fields, and how each is asked for.
SPENDING_NEEDS: Mapping[str, str] = {
    "about": "请选择是为哪件问题、哪个专项或者哪项活动。",
    "decided": "请写明在哪里定的，比如哪次居民议事会。",
    "receipt": "请写明票据号。",
}
ENTRY_LABELS: Mapping[str, str] = {**KINDS, CORRECTED: "更正"}
WORDS_LETTERS, RECEIPT_LETTERS = 100, 40
TOLD_LETTERS = 60  # of what the site says that a line was for
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_STREET = "@"  # no community's id begins so


def street_book(subdistrict_id: str) -> str:
    """The id of a sub-district's own book; "" is the only sub-district."""
    return f"{_STREET}{subdistrict_id}"


def street_of(book_id: str) -> str | None:
    """Of which sub-district a book is; None of a community's."""
    return book_id.removeprefix(_STREET) if book_id.startswith(_STREET) else None


def sums_of(entries: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Fen by kind of (kind, amount), 0 where there is none.

    A correction is given with the kind of the entry that it corrects.
    """
    sums = dict.fromkeys(KINDS, 0)
    for kind, fen in entries:
        sums[kind] += fen
    return sums


def left_of(sums: Mapping[str, int]) -> int:
    """What is left, in fen: what was granted without what was spent; plans take nothing away."""
    return sums[GRANTED] - sums[SPENT]


def receipt_key(typed: str) -> str:
    """A receipt's number as it is compared: without blanks, in capitals, and the same whether its
    letters, digits and dashes were typed wide or not.
    """
    plain = unicodedata.normalize("NFKC", "".join(typed.split())).upper()
    return plain.translate(_DASHES)
