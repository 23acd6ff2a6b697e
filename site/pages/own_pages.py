"""The office's own pages and its versions of chapters of the handbook: drawn, and listed.

Nothing of their words comes out but what formats/office_text lets through. A link that leads
nowhere is words, and told: a page that another change left behind never stops the site.
"""

import json
import re
from collections.abc import Collection, Mapping
from posixpath import normpath
from urllib.parse import quote, unquote

from markupsafe import escape
from msgspec import Struct

from forms_app.community import Circle, OfficePage
from forms_app.community.shapes import IN_HANDBOOK, OWN_PAGES, OWN_PAGES_NAME
from forms_app.formats.office_text import MARKER, Heading, NoLink, PageFlaw, render
from pages.rendering import page
from pages.rendering import render as drawn_template

DESCRIPTION_LETTERS = 80
# What the app answers, not the site.
APPS = ("issues/", "ratings/", "search", "elder", "language", "staff/", "open311/")
_MARKER_LINE = re.compile(r"<!-- pages/([a-z0-9-]+) -->")


class Links(Struct, frozen=True):
    """Where a link may lead: pages by source path, and everything else by address."""

    pages: Mapping[str, str]  # handbook/grading.md: handbook/grading/
    files: Collection[str]
    public_url: str = ""

    def follow(self, here: OfficePage, target: str) -> str:
        """The address of a link on this page, from there. Raises NoLink."""
        own = f"{self.public_url}/"
        if re.match("https?:", target, re.IGNORECASE):
            if not self.public_url or not target.startswith(own):
                return target
            target = "/" + target.removeprefix(own)
        path, hash_sign, fragment = target.partition("#")
        path, question, query = path.partition("?")
        address = self._found(here, unquote(path))
        if address is None:
            remedy = "照那一页在浏览器地址栏里的抄，例如/services/；别的网站以https://开头"
            raise NoLink(f"链接“{path[:60]}”：网站上没有这一页", remedy)
        up = "../" * here.address.count("/")
        return f"{up}{quote(address)}{question}{query}{hash_sign}{fragment}"

    def _found(self, here: OfficePage, path: str) -> str | None:
        folder = here.source.rpartition("/")[0]
        # As Markdown's files lie to each other, then as browsers read an address.
        bases = [""] if path.startswith("/") else [folder, here.address]
        for base in bases:
            joined = normpath(f"{base}/{path}".strip("/"))
            if joined == "..":
                continue
            whole = "" if joined == "." else joined
            if whole in self.pages:
                return self.pages[whole]
            for address in (whole, f"{whole}/"):
                if address in self.files or address == "" or address.startswith(APPS):
                    return address if address != "/" else ""
        return None


class Drawn(Struct, frozen=True):
    """A page as it is published: its front matter and HTML, its headings, and what is told."""

    front: str
    html: str
    headings: tuple[Heading, ...]
    told: tuple[PageFlaw, ...]


def draw(office: OfficePage, links: Links, parts: Collection[str]) -> Drawn:
    """The page's HTML; markers of made parts are still in it."""
    made = render(office.text, lambda target: links.follow(office, target))
    told = list(made.told)

    def known(marker: re.Match[str]) -> str:
        if marker[1] in parts:
            return marker[0]
        lines = office.text.split("\n")
        line = next((n for n, own in enumerate(lines, 1) if MARKER.match(own.strip())
                     and marker[1] in own), 0)  # fmt: skip
        told.append(
            PageFlaw(line, f"没有叫“{marker[1]}”的表", "删掉这一行，或者照系统原来的文字写")
        )
        return ""

    html = _MARKER_LINE.sub(known, made.html)
    front: dict[str, object] = {
        "title": office.title, "description": made.plain[:DESCRIPTION_LETTERS],
    }  # fmt: skip
    if office.is_own and office.place != IN_HANDBOOK:
        front["parents"] = [{"path": OWN_PAGES, "title": OWN_PAGES_NAME}]
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items()]
    return Drawn("\n".join(("---", *lines, "---", "")), html, made.headings, tuple(told))


def pages(circle: Circle) -> dict[str, str]:
    """The list of the office's own pages, where it has any."""
    if not circle.own_pages:
        return {}
    body = drawn_template("own_pages.html", {"pages": circle.own_pages})
    description = f"{circle.name}自己的页面。"
    return {"local/index.md": page(OWN_PAGES_NAME, description, body)}


def chapters(circle: Circle) -> str:
    """What the office has put behind the handbook, as a paragraph for its first page."""
    own = [one for one in circle.own_pages if one.place == IN_HANDBOOK]
    if not own:
        return ""
    links = "、".join(f'<a href="../{escape(one.address)}">{escape(one.title)}</a>' for one in own)
    return f"\n<p>街道和社区自己的几章：{links}。</p>"
