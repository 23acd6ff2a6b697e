"""The site's pages for residents say nothing in the office's words before anything is unfolded."""

from datetime import date
from functools import cache

from pages import make

from forms_app.community import load
from tests.site.test_figures import tallies_of
from tests.support.office_words import office_words_in, read_of
from tests.support.running import ROOT

DOCS = ROOT / "site" / "docs"
TODAY = date(2026, 11, 23)
# The handbook and what only staff, volunteers and developers come to.
FOR_STAFF = ("handbook/", "duties/", "about/", "print/", "coverage/walks", "flowchart", "en.md")
STAFF_PARTS = (
    *("flowchart", "steps-table", "moves-table", "roles-table", "clocks-table", "criteria"),
    *("duties", "organization", "committee", "zones", "dedicated", "class-", "urgency-"),
)


@cache
def texts() -> dict[str, str]:
    """What residents read, by its name: made pages, made parts, and what is written by hand."""
    circle = load(ROOT / "data" / "community")
    site = make(circle, tallies_of(circle), TODAY)
    written = {
        path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8")
        for path in DOCS.rglob("*.md")
    }
    found = {f"made {path}": text for path, text in site.pages.items()}
    found |= written
    kept = {
        name: text for name, text in found.items()
        if not name.removeprefix("made ").startswith(FOR_STAFF)
    }  # fmt: skip
    return kept | {
        f"part {name}": text
        for name, text in site.parts.items()
        if not name.startswith(STAFF_PARTS)
    }


def test_no_page_for_residents_says_anything_in_the_offices_words() -> None:
    found = {name: office_words_in(read_of(text)) for name, text in texts().items()}
    assert {name: words for name, words in found.items() if words} == {}
    assert len(found) > 100
    assert {"services/index.md", "figures.md", "part figures", "part home-top"} <= set(found)
