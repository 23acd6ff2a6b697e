"""Words found in a text, marked as they were written, however the reader typed them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from forms_app.rules.excerpts import cut_before
from forms_app.rules.folding import fold, folded
from forms_app.web.search.latin import NO_FURTHER, beginning

SNIPPET_BEFORE = 30
SNIPPET_AFTER = 90
WHOLE_BELOW = 3  # Latin letters


def marked(text: str, words: Sequence[str]) -> Markup:
    """The text with every word in `<mark>`, however the reader typed it."""
    pieces, last = [], 0
    for begin, end in _places(text, words):
        pieces.append(Markup("{}<mark>{}</mark>").format(text[last:begin], text[begin:end]))
        last = end
    return Markup("").join([*pieces, escape(text[last:])])


def snippet(text: str, words: Sequence[str]) -> Markup:
    """The surroundings of the first word that is found."""
    found = next(_places(text, words), None)
    start = cut_before(text, max(0, found[0] - SNIPPET_BEFORE)) if found else 0
    end = cut_before(text, start + SNIPPET_BEFORE + SNIPPET_AFTER)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return Markup("{}{}{}").format(before, marked(text[start:end], words), after)


def _folded(words: Sequence[str]) -> tuple[str, ...]:
    """What is looked for: words with a letter or a digit in them."""
    return tuple(word for word in map(fold, words) if any(c.isalnum() for c in word))


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From where to where each word stands in the text as it was written."""
    wanted = _folded(words)
    if not wanted:
        return
    pieces = [folded(character) for character in text]
    # Where in the text each folded letter comes from: ㎡ gives two, an unseen mark none.
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    for found in _pattern(wanted).finditer("".join(pieces)):
        yield origin[found.start()], origin[found.end() - 1] + 1


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(_as_word, longest_first)))


def _as_word(word: str) -> str:
    """Latin letters are found where a word begins, few of them as a whole word: no i in lights."""
    if not word.isascii():
        return re.escape(word)
    return beginning(word) + ("" if len(word) >= WHOLE_BELOW else NO_FURTHER)
