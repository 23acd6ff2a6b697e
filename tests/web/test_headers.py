"""The rules of MDN's Observatory, with its marks, for pages of the app and of the site.

The way from http to https is the proxy's: where it is there, it counts nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from forms_app.web.assets import digest
from tests.support.running import ROOT
from tests.support.web import House

HALF_A_YEAR = 15768000
BEGINNING = 100
NEEDED_FOR_MORE = 90  # below it nothing is added
# What each finding adds, by rule: the public table of developer.mozilla.org/observatory.
MARKS: Mapping[str, Mapping[str, int]] = {
    "content-security-policy": {
        "nothing unsafe, nothing by default": 10, "nothing unsafe": 5, "unsafe styles": 0,
        "unsafe eval": -10, "unsafe scripts": -20, "over http": -20, "missing": -25,
    },
    "cookies": {
        "secure, of this site": 5, "none": 0, "secure": 0, "any site": -20, "no https": -20,
        "scripts read the session": -30, "session without https": -40,
    },
    "cross-origin-resource-sharing": {"none": 0, "public": 0, "everybody with cookies": -50},
    "redirection": {"by the proxy": 0},
    "referrer-policy": {"private": 5, "missing": 0, "unsafe": -5},
    "strict-transport-security": {"half a year": 0, "shorter": -10, "missing": -20},
    "subresource-integrity": {"own scripts alone": 0, "over https": -5, "over http": -50},
    "x-content-type-options": {"nosniff": 0, "missing": -5},
    "x-frame-options": {"by the policy": 5, "by the header": 0, "missing": -20},
    "cross-origin-resource-policy": {"same origin": 10, "same site": 10, "missing": 0, "any": 0,
                                     "unknown": -5},
}  # fmt: skip


def found(headers: Headers, text: str = "") -> dict[str, str]:
    """What the Observatory would find by each of its ten rules."""
    cookies = [SimpleCookie(line) for line in headers.getlist("Set-Cookie")]
    policy = _policy(headers)
    return {
        "content-security-policy": _of_policy(policy),
        "cookies": _of_cookies(cookies),
        "cross-origin-resource-sharing": _of_sharing(headers),
        "redirection": "by the proxy",
        "referrer-policy": _of_referrer(headers.get("Referrer-Policy")),
        "strict-transport-security": _of_hsts(headers.get("Strict-Transport-Security")),
        "subresource-integrity": _of_scripts(text),
        "x-content-type-options": (
            "nosniff" if headers.get("X-Content-Type-Options") == "nosniff" else "missing"
        ),
        "x-frame-options": _of_frames(headers, policy),
        "cross-origin-resource-policy": _of_resources(headers.get("Cross-Origin-Resource-Policy")),
    }


def mark(findings: Mapping[str, str]) -> int:
    marks = [MARKS[rule][finding] for rule, finding in findings.items()]
    without = BEGINNING + sum(one for one in marks if one < 0)
    return without + (sum(one for one in marks if one > 0) if without >= NEEDED_FOR_MORE else 0)


def passed(findings: Mapping[str, str]) -> int:
    return sum(MARKS[rule][finding] >= 0 for rule, finding in findings.items())


def _policy(headers: Headers) -> dict[str, str]:
    parts = headers.get("Content-Security-Policy", "").split(";")
    return {name: rest for name, _, rest in (part.strip().partition(" ") for part in parts) if name}


def _of_policy(policy: Mapping[str, str]) -> str:
    if not policy:
        return "missing"
    default = policy.get("default-src", "*")
    scripts, objects = (policy.get(name, default) for name in ("script-src", "object-src"))
    broad = re.compile(r"'unsafe-inline'|data:|https:(?!/)|\*")
    if re.search(r"http:", " ".join(policy.values())):
        return "over http"
    if broad.search(scripts) or broad.search(objects):
        return "unsafe scripts"
    if "'unsafe-eval'" in " ".join(policy.values()):
        return "unsafe eval"
    if broad.search(policy.get("style-src", default)):
        return "unsafe styles"
    is_closed = default == "'none'" and policy.get("form-action") in ("'self'", "'none'")
    return "nothing unsafe, nothing by default" if is_closed else "nothing unsafe"


def _of_cookies(cookies: list[SimpleCookie]) -> str:
    each = [(name, one) for cookie in cookies for name, one in cookie.items()]
    sessions = [one for name, one in each if "circle-" in name]
    if not each:
        return "none"
    if not all(one["secure"] for one in sessions):
        return "session without https"
    if not all(one["httponly"] for one in sessions):
        return "scripts read the session"
    if not all(one["secure"] for _, one in each):
        return "no https"
    if any(one["samesite"] not in ("Lax", "Strict", "") for _, one in each):
        return "any site"
    return "secure, of this site" if all(one["samesite"] for _, one in each) else "secure"


def _of_sharing(headers: Headers) -> str:
    if "Access-Control-Allow-Origin" not in headers:
        return "none"
    with_cookies = headers.get("Access-Control-Allow-Credentials") == "true"
    return "everybody with cookies" if with_cookies else "public"


def _of_referrer(policy: str | None) -> str:
    private = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    return "missing" if policy is None else "private" if policy in private else "unsafe"


def _of_hsts(header: str | None) -> str:
    age = re.search(r"max-age=(\d+)", header or "")
    return "missing" if age is None else "half a year" if int(age[1]) >= HALF_A_YEAR else "shorter"


def _of_scripts(text: str) -> str:
    scripts = re.findall(r'<script[^>]+src="([^"]+)"', text)
    if any(one.startswith(("http:", "//")) for one in scripts):
        return "over http"
    return "over https" if any(one.startswith("https:") for one in scripts) else "own scripts alone"


def _of_frames(headers: Headers, policy: Mapping[str, str]) -> str:
    if policy.get("frame-ancestors") in ("'none'", "'self'"):
        return "by the policy"
    return (
        "by the header" if headers.get("X-Frame-Options") in ("DENY", "SAMEORIGIN") else "missing"
    )


def _of_resources(header: str | None) -> str:
    known = {None: "missing", "same-origin": "same origin", "same-site": "same site",
             "cross-origin": "any"}  # fmt: skip
    return known.get(header, "unknown")


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
    for visitor in (behind_https.visitor(), behind_https.staff("worker")):
        answer = visitor.get(path)
        findings = found(answer.headers, _text(answer))
        assert (passed(findings), len(findings)) == (10, 10), findings
        assert mark(findings) >= 130, findings  # A+ begins with 100


def _text(answer: TestResponse) -> str:
    return answer.text if answer.mimetype == "text/html" else ""


@pytest.mark.parametrize(
    ("name", "value", "rule", "loses"),
    [
        ("Content-Security-Policy", "", "content-security-policy", 35),
        ("Content-Security-Policy", "default-src 'self' 'unsafe-inline'",
         "content-security-policy", 30),
        ("Content-Security-Policy", "default-src 'none'; img-src http:; form-action 'self'",
         "content-security-policy", 30),
        ("Set-Cookie", "circle-x=1; Secure; SameSite=Lax", "cookies", 30),
        ("Set-Cookie", "circle-x=1; HttpOnly; SameSite=Lax", "cookies", 40),
        ("Set-Cookie", "elder=1; Secure; SameSite=None", "cookies", 20),
        ("Referrer-Policy", "unsafe-url", "referrer-policy", 10),
        ("Strict-Transport-Security", "max-age=60", "strict-transport-security", 10),
        ("X-Content-Type-Options", "x", "x-content-type-options", 5),
        ("Cross-Origin-Resource-Policy", "x", "cross-origin-resource-policy", 15),
    ],
)  # fmt: skip
def test_the_marks_see_what_is_wrong(
    behind_https: House, name: str, value: str, rule: str, loses: int
) -> None:
    headers = Headers(behind_https.visitor().get("/issues/new").headers)
    headers.remove("Set-Cookie")
    before = found(headers)
    headers[name] = value
    after = found(headers)
    assert MARKS[rule][before[rule]] - MARKS[rule][after[rule]] == loses
    assert passed(after) == 9


def test_the_session_cookie_is_its_hosts_alone_and_no_script_reads_it(behind_https: House) -> None:
    (line,) = behind_https.visitor().get("/issues/new").headers.getlist("Set-Cookie")
    assert re.match(r"__Host-circle-\w{8}=", line)
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))


def test_nothing_of_the_machine_is_asked_of_anybody(behind_https: House) -> None:
    headers = behind_https.visitor().get("/").headers
    for name in ("camera", "microphone", "geolocation", "payment"):
        assert f"{name}=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_without_https_no_browser_is_told_to_insist_on_it(house: House) -> None:
    headers = house.visitor().get("/issues/new").headers
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("way", ["../../", "..%2f..%2f", "%2e%2e/..%2f", "./../../"])
def test_nobody_learns_what_stands_in_a_file_that_is_not_given(house: House, way: str) -> None:
    known = digest(ROOT / "pyproject.toml")
    for mark in (known, "0"):
        refused = house.visitor().get(f"/static/{way}pyproject.toml?v={mark}")
        assert refused.status_code == 404
        assert refused.headers["Cache-Control"] == "no-store"


def test_a_name_longer_than_any_file_s_is_no_file(house: House) -> None:
    assert house.visitor().get(f"/static/{'a' * 5000}?v=1").status_code == 404
