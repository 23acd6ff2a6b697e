"""The rules of MDN's Observatory, with its marks, for pages of the app and of the site.

Its ninth and tenth rule, the way from http to https and who may read from elsewhere, are the
proxy's and are counted where we send nothing against them.
"""

import re
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from werkzeug.test import TestResponse

from tests.support.web import House

HALF_A_YEAR = 15768000
BEGINNING = 100


def observed(answer: TestResponse) -> dict[str, int | None]:
    """What each rule adds to the beginning's 100; None where it is broken."""
    headers = answer.headers
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in headers.get("Content-Security-Policy", "").split(";")
    )
    text = " ".join(policy.values())
    is_strict = policy.get("default-src") == "'none'" and not re.search(r"unsafe-|\*|https?:", text)
    age = re.search(r"max-age=(\d+)", headers.get("Strict-Transport-Security", ""))
    shared = headers.get("Access-Control-Allow-Origin")
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', answer.text)
    return {
        "content-security-policy": 10 if is_strict else None,
        "cookies": 5 if all(map(is_kept_well, headers.getlist("Set-Cookie"))) else None,
        "cross-origin-resource-sharing": 0 if shared is None else None,
        "redirection": 0,
        "referrer-policy": 5 if headers.get("Referrer-Policy") == "same-origin" else None,
        "strict-transport-security": 0 if age and int(age[1]) >= HALF_A_YEAR else None,
        "subresource-integrity": 0 if not any("//" in one for one in scripts) else None,
        "x-content-type-options": 0 if headers.get("X-Content-Type-Options") == "nosniff" else None,
        "x-frame-options": 5 if policy.get("frame-ancestors") == "'none'" else None,
        "cross-origin-resource-policy": (
            10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else None
        ),
    }


def is_kept_well(line: str) -> bool:
    cookie = SimpleCookie(line)
    return all(
        one["secure"] and one["samesite"] == "Lax" and (one["httponly"] or "circle-" not in name)
        for name, one in cookie.items()
    )


@pytest.fixture
def behind_https(house: House) -> House:
    site = house.settings.build / "site"
    site.mkdir(parents=True)
    (site / "index.html").write_text("<html><body>十分钟圈</body></html>", encoding="utf-8")
    return House(replace(house.settings, public_url="https://circle.example.cn"), house.circle)


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/issues/new", "/issues/", "/staff/login", "/staff/", "/search?q=x",
     "/elder?on=1", "/language?to=en", "/healthz", "/static/site.css"],
)  # fmt: skip
def test_every_rule_is_kept_and_the_mark_is_at_the_top(behind_https: House, path: str) -> None:
    marks = observed(behind_https.visitor().get(path))
    assert [rule for rule, mark in marks.items() if mark is None] == []
    assert len(marks) == 10
    assert BEGINNING + sum(mark or 0 for mark in marks.values()) >= 130
    assert observed(behind_https.staff("worker").get(path)) == marks


def test_nothing_of_the_machine_is_asked_of_anybody(behind_https: House) -> None:
    headers = behind_https.visitor().get("/").headers
    for name in ("camera", "microphone", "geolocation", "payment"):
        assert f"{name}=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_without_https_no_browser_is_told_to_insist_on_it(house: House) -> None:
    headers = house.visitor().get("/issues/new").headers
    assert "Strict-Transport-Security" not in headers
