"""What programs of strangers look for: search engines, and whoever found a hole."""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.robotparser import RobotFileParser

import msgspec
import pytest

from tests.support.every_page import addresses
from tests.support.web import House

SITE = ("/", "/calendar/", "/near/", "/near/guiyuan.ics", "/rate/", "/figures/", "/en/")


@pytest.mark.parametrize("prefix", ["", "/circle"])
def test_engines_find_the_site_and_no_form_ticket_or_case(house: House, prefix: str) -> None:
    answer = house.visitor().client.get("/robots.txt", environ_overrides={"SCRIPT_NAME": prefix})
    assert answer.mimetype == "text/plain"
    told = RobotFileParser()
    told.parse(answer.text.splitlines())
    apart = {"published.page", "static", "robots", "security"}
    shut = [path for endpoint, paths in addresses(house).items()
            if endpoint not in apart for path in paths]  # fmt: skip
    assert [path for path in shut if told.can_fetch("Baiduspider", prefix + path)] == []
    assert [path for path in SITE if not told.can_fetch("Baiduspider", prefix + path)] == []


def test_a_page_that_is_linked_from_elsewhere_says_so_itself(house: House) -> None:
    visitor = house.visitor()
    for path in ("/issues/new", "/issues/", "/staff/login", "/search?q=x", "/answer/", "/healthz"):
        assert visitor.get(path).headers["X-Robots-Tag"] == "noindex", path
    for path in ("/nowhere", "/static/site.css", "/robots.txt"):
        assert "X-Robots-Tag" not in visitor.get(path).headers, path


def test_whoever_found_a_hole_reads_whom_to_call(house: House) -> None:
    public = replace(house.settings, public_url="https://www.example.cn")
    lines = ("0797-8765432转801", "12345")
    communities = {
        key: msgspec.structs.replace(one, hotline=line)
        for (key, one), line in zip(house.circle.communities.items(), lines, strict=True)
    }
    circle = msgspec.structs.replace(house.circle, communities=communities)
    other = House(public, circle, house.now)
    answer = other.visitor().get("/.well-known/security.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = [line.partition(": ")[::2] for line in answer.text.splitlines() if line[0] != "#"]
    told = dict(fields)
    assert [value for name, value in fields if name == "Contact"] == [
        "tel:+867978765432;ext=801", "tel:12345;phone-context=+86"
    ]  # fmt: skip
    assert told["Canonical"] == "https://www.example.cn/.well-known/security.txt"
    until = datetime.fromisoformat(told["Expires"]) - house.now
    assert timedelta(days=170) < until < timedelta(days=365)


def test_without_a_public_address_none_is_claimed(house: House) -> None:
    answer = house.visitor().get("/.well-known/security.txt")
    assert "Canonical" not in answer.text
    assert "tel:+867970000101" in answer.text
    assert house.visitor().get("/.well-known/other").status_code == 404
