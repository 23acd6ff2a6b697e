"""The staff's pages in the elder version: the same pages with another class."""

import re

from tests.support.every_page import STAFF_PAGES
from tests.support.page_audit import TOKENS
from tests.support.web import House

LINK = re.compile(r'<a class="elder-link elder-o(?:n|ff)"[^>]*>(?:长辈版|普通版)</a>')
# Reads aloud where the device has a voice.
ALOUD = re.compile(r"(?:<script src=)?\"?/static/aloud\.js\?v=\w+(?:\" defer></script>)?\s?")
SHEET = re.compile(r"编号：20\d\d-\d{5}")  # each that is printed has its own
CLASS = re.compile(r'(<html [^>]*?)(?: class="elder"|(?<=wall-page) elder(?="))')


def stripped(html: str) -> str:
    for pattern in (TOKENS, LINK, ALOUD, SHEET):
        html = pattern.sub("", html)
    return html


def test_a_page_of_the_staff_is_for_elders_the_same_but_for_its_class(house: House) -> None:
    """So a browser that has opened one may look at both by changing that: audit.for_elders."""
    numbers = {"number": house.number("楼上漏水"), "summoned": house.number("烧烤摊油烟")}
    usual, elder = {}, {}
    for path, seen_by in STAFF_PAGES.items():
        visitor = house.staff(next(iter(seen_by)))
        page = visitor.get(path.format(**numbers))
        if page.mimetype != "text/html":
            continue
        usual[path] = stripped(page.text)
        visitor.get("/elder?on=1&back=")
        text = visitor.get(path.format(**numbers)).text
        assert CLASS.search(text) or path == "/staff/board", path  # a piece for one that is open
        elder[path] = CLASS.sub(r"\1", stripped(text))
    assert len(usual) > 50
    assert {path for path in usual if usual[path] != elder[path]} == set()
