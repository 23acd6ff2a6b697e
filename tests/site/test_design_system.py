"""Whoever writes a page finds every component of the stylesheets at /about/design-system/, and
what only the staff's pages have at /about/design-system-staff/."""

import re

from tests.support.running import ROOT

ABOUT = ROOT / "site" / "docs" / "about"
FRAME = ROOT / "site" / "overrides"  # header and footer: the page has them itself
PAGES = ("design-system.md", "design-system-staff.md")
SHEETS = ("site.css", "tables.css", "staff.css", "content.css", "pages.css", "report.css",
          "steps.css", "wall.css", "board.css", "call.css")  # fmt: skip
STATIC = ROOT / "forms_app" / "static"
# By the first word of their names.
ELSEWHERE = {
    "wall": "a whole page for a screen",
    "sheet": "a whole sheet of A4, drawn from a case",
    "case": "the frame of a case page",
    "desk": "the frame of the staff's pages",
    "with": "the frame of a page with its contents beside it",
    "handover": "the frame of the handover's page",
    "qr": "drawn from an address",
    "near": "the table of places on an estate's page",
    "place": "hides what need not be filled in",
    "in": "on the first tag: where the page is read",
    "more": "one link within a day of the calendar",
    "share": "one column of the coverage",
    **dict.fromkeys(("admonition", "tip", "danger", "warning"), "from `!!!`"),
}


def components(classes: list[str]) -> set[str]:
    """The first words: `held-facts` is a part of what `held` names."""
    return {name.partition("-")[0] for name in classes}


def shown(text: str) -> set[str]:
    """What the attributes of these tags name."""
    return components(" ".join(re.findall(r'class="([^"{]*)', text)).split())


def styled(name: str) -> set[str]:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.S)
    return components(re.findall(r"\.([a-z][a-z-]*)", re.sub(r"\{[^{}]*\}", "{}", css)))


def test_every_component_is_shown_where_authors_look_for_it() -> None:
    seen = set.union(*(shown((ABOUT / page).read_text(encoding="utf-8")) for page in PAGES))
    for template in FRAME.rglob("*.html"):
        seen |= shown(template.read_text(encoding="utf-8"))
    assert len(seen) > 60
    for name in SHEETS:
        assert styled(name) - seen - set(ELSEWHERE) == set(), name


def test_what_is_shown_elsewhere_still_has_a_look() -> None:
    assert set(ELSEWHERE) <= set.union(*map(styled, SHEETS))
