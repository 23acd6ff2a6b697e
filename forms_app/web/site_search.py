"""The site's own search: the literal words in the published pages."""

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup, escape

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
                 row["title"].casefold(), row["text"].casefold())
            for row in json.loads(file.read_bytes())
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return ()


def find(pages: Sequence[Page], words: Sequence[str]) -> list[Page]:
    """The pages that hold every word, those with the words in their title first."""
    folded = [word.casefold() for word in words]
    hits = [
        page
        for page in pages
        if all(word in page.folded_title or word in page.folded_text for word in folded)
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
    """The text with every word in `<mark>`."""
    if not words:
        return escape(text)
    pieces = _pattern(tuple(words)).split(text)
    # The pattern has one group: every second piece is a word that was found.
    return Markup("").join(
        Markup("<mark>{}</mark>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def snippet(text: str, words: Sequence[str]) -> Markup:
    """The surroundings of the first word that is found."""
    found = _pattern(tuple(words)).search(text)
    start = max(0, found.start() - SNIPPET_BEFORE) if found else 0
    end = start + SNIPPET_BEFORE + SNIPPET_AFTER
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return Markup("{}{}{}").format(before, marked(text[start:end], words), after)


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})", re.IGNORECASE)
