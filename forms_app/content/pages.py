"""The office's pages: chapters of the handbook with its own words laid over them, and its own.

The product's chapters lie with the program; an office's version is a file of its own, and goes back
to the product's by being taken away.
"""

import re
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from forms_app.community import OfficePage, load
from forms_app.community.pages import HANDBOOK, OWN, PAGES, is_page, parted, written
from forms_app.community.shapes import IN_LIST
from forms_app.content.records import Taken
from forms_app.content.saving import (
    Change,
    ChangedMeanwhile,
    content_now,
    decoded,
    place_of,
    save,
    save_together,
)
from forms_app.content.versions import Version, content_of, digest_of, ever_written
from forms_app.settings import Settings

SHIPPED = "系统带来的原文"
NEW = "new"
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_SCROLLED = re.compile(r'^<div class="table-scroll"[^>]*>\n\n?|^</div>\n\n?', re.MULTILINE)
_SAMPLE_TAG = '<span class="tag tag-sample">示例</span>'


class Chapter(Struct, frozen=True):
    """A chapter of the handbook: as the product brings it (None: no more), and as the office says
    it (None: as the product does)."""

    file: str
    shipped: OfficePage | None
    office: OfficePage | None

    @property
    def title(self) -> str:
        """What it is called on the site."""
        shown = self.office or self.shipped
        return shown.title if shown else self.file

    @property
    def is_behind(self) -> bool:
        """Whether the product's words have changed since the office laid its own over them."""
        if self.office is None or self.shipped is None:
            return False
        return self.office.based_on != digest_of_page(self.shipped)


def file_of(where: str, name: str) -> str:
    """The file of a page at an address below HANDBOOK or OWN; "" where there can be none."""
    file = f"{PAGES}/{where}/{name}.md"
    return file if where in (HANDBOOK, OWN) and is_page(file) else ""


def chapters(settings: Settings) -> list[Chapter]:
    """All chapters, the first page first, then as the office finds them in the handbook."""
    shipped = {
        file: one for file in _shipped_files(settings) if (one := shipped_page(settings, file))
    }
    laid = {
        f"{PAGES}/{HANDBOOK}/{path.name}"
        for path in (settings.community_dir / PAGES / HANDBOOK).glob("*.md")
    }
    over = [file for file in sorted(laid - set(shipped)) if is_page(file)]
    return [Chapter(one, shipped.get(one), page_at(settings, one)) for one in (*shipped, *over)]


def chapter(settings: Settings, file: str) -> Chapter | None:
    """One of them."""
    found = Chapter(file, shipped_page(settings, file), page_at(settings, file))
    return found if found.shipped or found.office else None


def own_pages(settings: Settings) -> list[OfficePage]:
    """The office's own pages as their files say now."""
    folder = settings.community_dir / PAGES / OWN
    files = (f"{PAGES}/{OWN}/{path.name}" for path in folder.glob("*.md"))
    found = [one for file in files if is_page(file) and (one := page_at(settings, file))]
    return sorted(found, key=lambda one: (one.rank, one.title))


def taken_away(settings: Settings) -> list[str]:
    """The files of own pages that are there no more, and can come back."""
    known = ever_written(place_of(settings), f"{PAGES}/{OWN}")
    return [one for one in known if not (settings.community_dir / one).exists()]


def page_at(settings: Settings, file: str) -> OfficePage | None:
    """A page as its file says, be it right or wrong; None where there is no file."""
    content = content_now(settings, file)
    return page_in(file, decoded(content)) if content else None


def page_in(file: str, text: str) -> OfficePage:
    """The page that a file with this text is."""
    said, words = parted(text)
    rank = said.get("rank", "")
    place = said.get("place", IN_LIST) if file.startswith(f"{PAGES}/{OWN}/") else ""
    return OfficePage(
        file, said.get("title", ""), words.strip("\n"), place,
        int(rank) if re.fullmatch("[0-9]{1,2}", rank) else 50, said.get("based_on", ""),
    )  # fmt: skip


def shipped_page(settings: Settings, file: str) -> OfficePage | None:
    """The product's chapter in the words that an office may write: without HTML of its own."""
    path = settings.root / "site" / "docs" / file.removeprefix(f"{PAGES}/")
    if not file.startswith(f"{PAGES}/{HANDBOOK}/") or not path.is_file():
        return None
    _said, words = parted(path.read_text(encoding="utf-8"))
    title, _, rest = words.strip("\n").partition("\n")
    plain = _SCROLLED.sub("", rest).replace(_SAMPLE_TAG, "**示例**")
    return OfficePage(file, title.removeprefix("# ").strip(), plain.strip("\n"))


def digest_of_page(page: OfficePage) -> str:
    """What tells the product's chapter of today from that of another version."""
    return digest_of(written(replace(page, based_on="")).encode())


def shipped_before(settings: Settings, office: OfficePage) -> OfficePage | None:
    """The product's words that the office laid its own over; None where they are not kept."""
    version = Version(_LONG_AGO, "", "", office.based_on)
    content = content_of(place_of(settings), office.file, version) if office.based_on else None
    return page_in(office.file, decoded(content)) if content else None


def seen_digest(settings: Settings, file: str) -> str:
    """What tells this page from what it becomes; of one that is not there "new"."""
    content = content_now(settings, file)
    return digest_of(content) if content else NEW


def judge(settings: Settings, page: OfficePage) -> bytes:
    """The page's file. Raises DataRefused."""
    content = written(page).encode()
    load(settings.community_dir, instead={page.file: content})
    return content


def save_page(settings: Settings, page: OfficePage, seen: str, change: Change) -> bool:
    """Writes it; whether that was a change at all. Pressed twice it is written once.

    Raises ChangedMeanwhile, Taken, DataRefused, ContentBusy and OSError.
    """
    content = written(page).encode()

    def make(before: bytes) -> bytes:
        if before == content:
            return before
        if (digest_of(before) if before else NEW) != seen:
            raise ChangedMeanwhile if seen != NEW or not page.is_own else Taken
        return content

    began_with = {}
    shipped = shipped_page(settings, page.file)
    if shipped is not None and seen == NEW:
        # What the office begins with, to be compared with what another version brings.
        first = Version(change.now - timedelta(seconds=1), "", SHIPPED, "")
        began_with[page.file] = (first, written(shipped).encode())
    return save_together(settings, change, {page.file: make}, began_with)


def remove_page(settings: Settings, seen: str, change: Change) -> bool:
    """Takes it away; whether it was there. Raises ChangedMeanwhile, ContentBusy and OSError."""

    def make(before: bytes) -> bytes:
        if before and digest_of(before) != seen:
            raise ChangedMeanwhile
        return b""

    return save(settings, change, make)


def linking(settings: Settings, page: OfficePage) -> list[str]:
    """The titles of the office's pages whose words lead to this one."""
    ends = (f"/{page.address}", page.source.rpartition("/")[2], page.address)
    every = [*own_pages(settings), *(one.office for one in chapters(settings) if one.office)]
    return [
        one.title
        for one in every
        if one.file != page.file
        and any(f"({end}" in one.text or f"/{end}" in one.text for end in ends)
    ]


def _shipped_files(settings: Settings) -> list[str]:
    """In the order of the handbook, which the site's own list of pages says."""
    listing = settings.root / "mkdocs.yml"
    listed = listing.read_text(encoding="utf-8") if listing.is_file() else ""
    names = dict.fromkeys(re.findall(rf"\b{HANDBOOK}/([a-z0-9-]+\.md)", listed))
    return [f"{PAGES}/{HANDBOOK}/{name}" for name in names]
