"""Whoever is sent on by an address that somebody made up stays with the circle that they are at."""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest

from tests.support.web import PASSWORD, House, Visitor, forms_on

AT = "https://host.example/one"
ROOTS = (AT, "https://host.example")
OTHERS = (
    "//evil.example/x", "\t/evil.example/x", "/\t/evil.example", "\\evil.example", "/\\evil.com",
    "../two/", "../../two/", "%2e%2e/two/", ".%2E/two/", "staff/../../two/", "x/%2e%2e/%2e./two/",
    "./../two/", "https://evil.example/", "javascript:alert(1)", "x/..//../two", "\r\nX: y", "\x00",
    "staff/../..//evil.example", " //evil.example", "..\\two", "%5c../two", "?/../../two", "..",
)  # fmt: skip


def lands(root: str, location: str) -> tuple[str, str]:
    """Host and path where a browser comes to, which leaves tabs and line ends out, reads `\\` as
    `/` and %2e as a dot."""
    read = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    path, question, query = read.partition("?")
    path = re.sub("%2e", ".", path, flags=re.IGNORECASE)
    there = urlsplit(urljoin(f"{root}/staff/here", f"{path}{question}{query}"))
    return there.netloc, there.path


def ways(house: House, other: str) -> list[tuple[Visitor, str]]:
    """Each address that sends somebody to where it was told, told to go there."""
    asked, path = quote(other, safe=""), quote(other, safe="/")
    return [
        (house.visitor(), f"/elder?on=1&back={asked}"),
        (house.visitor(), f"/language?to=en&back={asked}"),
        (house.staff("editor"), f"/staff/pages/preview/{path}"),
        (house.staff("editor"), f"/staff/pages/preview/{asked}"),
    ]


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("other", OTHERS)
def test_nobody_is_sent_elsewhere_nor_to_a_neighbour(house: House, other: str, root: str) -> None:
    sent = 0
    for visitor, address in ways(house, other):
        answer = visitor.get(address, base_url=root)
        if "Location" in answer.headers:
            host, path = lands(root, answer.headers["Location"])
            assert host == "host.example", (address, answer.headers["Location"])
            assert f"https://{host}{path}".startswith(f"{root}/"), address
            sent += 1
    assert sent >= 2


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("begin", ["", "/staff/", "/staff"])
def test_nor_after_signing_in(house: House, begin: str, other: str) -> None:
    visitor = house.visitor()
    page = f"/staff/login?next={quote(begin + other, safe='')}"
    form = next(one for one in forms_on(visitor.get(page, base_url=AT)) if "username" in one.names)
    fields = form.filled({"username": "worker", "password": PASSWORD})
    answer = visitor.post(page, fields, base_url=AT)
    assert answer.status_code == 303
    host, path = lands(AT, answer.headers["Location"])
    assert host == "host.example"
    assert path.startswith("/one/staff/"), unquote(page)


def test_what_is_asked_behind_a_page_may_hold_dots(house: House) -> None:
    answer = house.visitor().get("/elder", query_string={"on": "1", "back": "search?q=a..b"})
    assert answer.headers["Location"] == "/search?q=a..b"
