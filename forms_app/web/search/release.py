"""The words of the release that is up, as publishing wrote them beside the site."""

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from forms_app.formats.page_text import Section


class Page(Struct, frozen=True):
    """One page of the site as publishing read it."""

    url: str
    title: str
    text: str
    sections: tuple[Section, ...] = ()
    moment: datetime | None = None  # the first time that the page names to machines


class SearchIndex:
    """The pages of the release that is up; read again when another one comes up."""

    def __init__(self, build: Path) -> None:
        self._link = build / "site"
        self._guard = threading.Lock()
        self._stamp: tuple[str, int] | None = None
        self._pages: tuple[Page, ...] = ()

    def pages(self) -> tuple[Page, ...]:
        """The same tuple as long as the same release is up; empty where there is none."""
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
        return tuple(_page(row) for row in json.loads(file.read_bytes()))
    except (ValueError, KeyError, TypeError):
        return ()


def _page(row: dict[str, Any]) -> Page:
    sections = tuple(Section(**section) for section in row.get("sections", ()))
    moment = datetime.fromisoformat(row["moment"]) if row.get("moment") else None
    return Page(row["url"], row["title"], row["text"], sections, moment)
