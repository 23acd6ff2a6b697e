"""The site's own search: the literal words in the published pages."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

from forms_app.rules.folding import fold, folded

QUERY_CHARACTERS = 100
SHOWN_HITS = 50
SNIPPET_BEFORE = 30
SNIPPET_AFTER = 90


@dataclass(frozen=True)
class Page:
    """One page of the site as the search knows it; `folded_*` are for comparing only."""

    url: str
    title: str
    text: str
    folded_title: str
    folded_text: str


@dataclass(frozen=True)
class Hit:
    title: Markup
    url: str
    snippet: Markup


class SearchIndex:
    """The words of the release that is up; read again when another one comes up."""

    def __init__(self, build: Path) -> None:
        self._link = build / "site"
        self._guard = threading.Lock()
        self._stamp: tuple[str, int] | None = None
        self._pages: tuple[Page, ...] = ()

    def pages(self) -> tuple[Page, ...]:
        file = self._link.resolve().parent / "search.json"
        if not file.is_file():
            return ()
        stamp = (str(file), file.stat().st_mtime_ns)
        with self._guard:
            if stamp != self._stamp:
                self._pages = _read(file)
                self._stamp = stamp
            return self._pages


def _read(file: Path) -> tuple[Page, ...]:
    """The pages of a release; none where the file is not whole: the next publishing mends it."""
    try:
        return tuple(
            Page(row["url"], row["title"], row["text"],
                 fold(row["title"]), fold(row["text"]))
            for row in json.loads(file.read_bytes())
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return ()


def find(pages: Sequence[Page], words: Sequence[str]) -> list[Page]:
    """The pages that hold every word, those with the words in their title first."""
    folded = _folded(words)
    hits = [
        page
        for page in pages
        if folded and all(word in page.folded_title or word in page.folded_text for word in folded)
    ]
    return sorted(
        hits,
        key=lambda page: (
            -sum(word in page.folded_title for word in folded),
            -sum(page.folded_text.count(word) for word in folded),
            page.url,
        ),
    )


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
    start = max(0, found[0] - SNIPPET_BEFORE) if found else 0
    end = start + SNIPPET_BEFORE + SNIPPET_AFTER
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
    return re.compile("|".join(map(re.escape, longest_first)))
