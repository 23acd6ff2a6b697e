"""What is meant by Latin letters: the first letters of how a name is read, or how all of it is.

`ld` and `ludeng` find 路灯. Only names and titles are looked through; where no name begins with all
of the letters, those that begin with most of them are shown, as what is near.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile

from forms_app.rules.names import initials, reading
from forms_app.web.search.entries import PAGE, QUESTION, Entry

LETTERS = re.compile("[a-z]{2,24}")
NAMES_KEPT = 4096  # read once each
SURE, NEARLY = 0.5, 0.3
LETTER_MORE = 0.04  # of what each further letter tells
OF_TITLE = 0.05  # more than of a word that it is known by
WHOLE = 0.1  # of a name that has no more letters than were typed


def spelled(text: str) -> str:
    """The letters that a question consists of; "" where it is one in words."""
    joined = text.replace(" ", "").replace("'", "")
    return joined if LETTERS.fullmatch(joined) else ""


def by_letters(entries: Sequence[Entry], letters: str) -> list[tuple[float, Entry, bool]]:
    """How well each name fits, the name's entry, and whether all of the letters do."""
    scored = [
        (score, entry, is_all)
        for entry in entries
        if entry.kind not in (PAGE, QUESTION)
        for score, is_all in (_best(entry, letters),)
        if score
    ]
    sure = [one for one in scored if one[2]]
    return sure or scored


def _best(entry: Entry, letters: str) -> tuple[float, bool]:
    found = [_fits(written, letters) for name in entry.words for written in _ways(name)]
    for score, is_all in (_fits(written, letters) for written in _ways(entry.title)):
        found.append((score + OF_TITLE if score else 0.0, is_all))
    return max(found, key=lambda one: (one[1], one[0]))


def _fits(written: str, letters: str) -> tuple[float, bool]:
    if written.startswith(letters):
        told = SURE + LETTER_MORE * min(len(letters), 8) + WHOLE * len(letters) / len(written)
        return told, True
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(written, letters, strict=False))
    common = sum(1 for _ in alike)
    is_near = common >= max(2, len(letters) / 2)
    return (NEARLY * common / len(letters) if is_near else 0.0), False


@lru_cache(NAMES_KEPT)
def _ways(name: str) -> tuple[str, str]:
    return initials(name), reading(name)
