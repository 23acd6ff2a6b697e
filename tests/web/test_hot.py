"""The short way to "still so" answers what the ordinary way does: status, headers, line of the log.

Each case asks twice with the very same request, once by either way.
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from forms_app import casework, queries
from forms_app.logs import REQUESTS
from forms_app.store import database
from forms_app.store.database import proxy
from forms_app.store.sqlite_file import FileGone
from tests.support.web import House, Visitor

JUDGED = "楼上漏水"  # a sample issue that waits for its verdict
FOLLOWED = "路灯杆歪了"  # one in hand that two others follow

DIFFERS = ("Date", "X-Request-Id")  # with every request


@dataclass
class Asked:
    """A request of a browser that has kept its page of an issue."""

    number: str
    etag: str
    cookies: dict[str, str]
    path: str = ""
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    base_url: str = "http://localhost/"

    def environment(self) -> dict[str, Any]:
        sent = {"If-None-Match": self.etag, **self.headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        builder = EnvironBuilder(
            self.path or f"/issues/{self.number}", self.base_url, method=self.method, headers=sent
        )
        return {**builder.get_environ(), **self.environ}


@dataclass(frozen=True)
class Answer:
    status: str
    headers: tuple[tuple[str, str], ...]
    line: str

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


def kept(house: House, words: str = JUDGED, **options: Any) -> tuple[Visitor, Asked]:
    """A resident who has looked at their page twice: the first look gives its forms their token."""
    number = house.number(words)
    visitor = house.holder(number)
    return visitor, asked(visitor, number, **options)


def asked(visitor: Visitor, number: str, **options: Any) -> Asked:
    visitor.get(f"/issues/{number}", **options)
    page = visitor.get(f"/issues/{number}", **options)
    return Asked(number, page.headers.get("ETag", ""), cookies_of(visitor))


def cookies_of(visitor: Visitor) -> dict[str, str]:
    return {one.key: one.value for one in visitor.client._cookies.values()}


class Ways:
    """Asks an app by both ways."""

    def __init__(self, house: House, log: pytest.LogCaptureFixture) -> None:
        self._app, self._log = house.app.wsgi_app, log
        self._log.set_level(logging.INFO, REQUESTS)
        hot = house.app.extensions["hot"]
        self._ordinary, self._may_be_short, self._known = hot.ordinary, True, hot._known
        hot.ordinary, hot._known = self._watched, self._known_if
        self.went_on = False

    def _watched(self, environ: Any, start_response: Any) -> Any:
        self.went_on = True
        return self._ordinary(environ, start_response)

    def _known_if(self, environ: Any, number: str) -> str:
        return self._known(environ, number) if self._may_be_short else ""

    def both(self, request: Asked) -> tuple[Answer, bool]:
        """What both answered, and whether the short way did so by itself."""
        self.went_on, self._may_be_short = False, True
        one = self._answer(request)
        was_short, self._may_be_short = not self.went_on, False
        other = self._answer(request)
        assert self.went_on
        assert one == other
        return one, was_short

    def _answer(self, request: Asked) -> Answer:
        self._log.clear()
        body, status, headers = run_wsgi_app(self._app, request.environment(), buffered=True)
        content = b"".join(body)
        assert content == b"" or not status.startswith("304")
        number = headers["X-Request-Id"]
        assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", number)
        line = "".join(one.getMessage() for one in self._log.records if one.name == REQUESTS)
        assert not line or line.endswith(f" ms {number}")  # what is no page of ours has none
        told = [
            (name, value.partition("=")[0] if name == "Set-Cookie" else value)
            for name, value in headers.items()
            if name not in DIFFERS
        ]
        return Answer(status, tuple(sorted(told)), re.sub(r"\d+ ms .*", "", line))


@pytest.fixture
def ways(house: House, caplog: pytest.LogCaptureFixture) -> Ways:
    return Ways(house, caplog)


def test_a_page_that_is_still_so_goes_the_short_way(house: House, ways: Ways) -> None:
    _, request = kept(house)
    answer, was_short = ways.both(request)
    assert was_short
    assert answer.status == "304 NOT MODIFIED"
    assert answer.line == "GET resident.follow 304 "
    assert answer.header("ETag") == request.etag
    assert answer.header("Cache-Control") == "private, no-cache"
    assert answer.header("Vary") == "Cookie"
    assert "default-src 'none'" in answer.header("Content-Security-Policy")
    assert answer.header("Strict-Transport-Security") == ""


# How the very same page may be asked for: the short way answers.
SAME: Mapping[str, Callable[[Asked], Asked]] = {
    "any tag": lambda one: replace(one, etag="*"),
    "one of several tags": lambda one: replace(one, etag=f'"a", {one.etag}, W/"b"'),
    "as a strong tag": lambda one: replace(one, etag=one.etag.removeprefix("W/")),
    "compressed": lambda one: replace(one, headers={"Accept-Encoding": "gzip"}),
    "with words in the address": lambda one: replace(one, path=f"/issues/{one.number}?a=b"),
    "with other cookies": lambda one: replace(one, cookies={**one.cookies, "a": "b", "lang": "?"}),
    "by name": lambda one: replace(one, base_url="http://localhost:8000/"),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_page_asked_for_otherwise_goes_the_short_way(
    house: House, ways: Ways, name: str
) -> None:
    _, request = kept(house)
    answer, was_short = ways.both(SAME[name](request))
    assert (answer.status, was_short) == ("304 NOT MODIFIED", True)


@pytest.mark.parametrize("words", [JUDGED, FOLLOWED])
@pytest.mark.parametrize(
    "cookies", [{}, {"elder": "1"}, {"lang": "en"}, {"lang": "en", "elder": "1"}]
)
def test_each_reader_has_a_page_of_their_own(
    house: House, ways: Ways, words: str, cookies: dict[str, str]
) -> None:
    number = house.number(words)
    visitor = house.holder(number)
    for name, value in cookies.items():
        visitor.client.set_cookie(name, value)
    request = asked(visitor, number)
    assert ways.both(request)[1]
    for other in ({"elder": "0" if "elder" in cookies else "1"},
                  {"lang": "zh" if "lang" in cookies else "en"}):  # fmt: skip
        answer, was_short = ways.both(replace(request, cookies={**request.cookies, **other}))
        assert (answer.status, was_short) == ("200 OK", False)


def _forged(one: Asked) -> Asked:
    def bent(value: str) -> str:
        return value[:-3] + ("abc" if value[-3:] != "abc" else "cba")

    return replace(one, cookies={name: bent(value) for name, value in one.cookies.items()})


# What is not answered the short way, and the status that it has.
OTHERWISE: Mapping[str, tuple[Callable[[Asked], Asked], int]] = {
    "another tag": (lambda one: replace(one, etag='W/"000000000000000000000000"'), 200),
    "no tag at all": (lambda one: replace(one, etag=""), 200),
    "a tag that is none": (lambda one: replace(one, etag="\u00ff\u00fe" * 200), 200),
    "no cookie": (lambda one: replace(one, cookies={}), 403),
    "a forged cookie": (_forged, 403),
    "another number": (lambda one: replace(one, number="260001"), 403),
    "no number": (lambda one: replace(one, path="/issues/26000a"), 403),
    "no number of any script": (lambda one: replace(one, path="/issues/２６０００１"), 403),
    "a number without end": (lambda one: replace(one, number="9" * 300), 403),
    "the head alone": (lambda one: replace(one, method="HEAD"), 304),
    "by post": (lambda one: replace(one, method="POST"), 405),
    "with a slash": (lambda one: replace(one, path=f"/issues/{one.number}/"), 404),
    "with two slashes": (lambda one: replace(one, path=f"/issues//{one.number}"), 404),
    "where nothing is kept": (lambda one: replace(one, base_url="http://circle.example.cn/"), 200),
    "below a prefix": (lambda one: replace(one, base_url="http://localhost/quan/"), 200),
}


@pytest.mark.parametrize("name", OTHERWISE)
def test_whatever_else_comes_goes_the_ordinary_way(house: House, ways: Ways, name: str) -> None:
    _, request = kept(house)
    change, status = OTHERWISE[name]
    answer, was_short = ways.both(change(request))
    assert (int(answer.status[:3]), was_short) == (status, False)


def _leave(_house: House, visitor: Visitor, _number: str) -> None:
    visitor.submit(visitor.get("/issues/"), "/issues/leave")


def _move(house: House, _visitor: Visitor, number: str) -> None:
    changes = {"note": "已经约了电工。"}
    assert house.staff("worker").move(number, "progress", changes).status_code == 303


def _incident(house: House, _visitor: Visitor, _number: str) -> None:
    fields = {"kind": "water", "title": "停水", "told": "正在抢修。", "community_id": "jingui"}
    page = house.staff("community_leader").fill("/staff/incidents/new", fields)
    assert page.status_code == 303


def _reissue(house: House, _visitor: Visitor, number: str) -> None:
    with database.writing():
        casework.holding.drop_tickets(house.issue(number))


# What happens after a page was kept; the former cookies come along, and the page's tag.
SINCE: Mapping[str, tuple[Callable[[House, Visitor, str], None], int]] = {
    "its resident has left": (_leave, 403),
    "its ticket was replaced": (_reissue, 403),
    "it went on": (_move, 200),
    "something hits many": (_incident, 200),
    "a month went by": (lambda house, _visitor, _number: house.later(days=31), 403),
    "the day is another one": (lambda house, _visitor, _number: house.later(days=1), 200),
}


@pytest.mark.parametrize("name", SINCE)
def test_what_has_changed_goes_the_ordinary_way(house: House, ways: Ways, name: str) -> None:
    visitor, request = kept(house, FOLLOWED)
    assert ways.both(request)[1]
    change, status = SINCE[name]
    change(house, visitor, request.number)
    answer, was_short = ways.both(request)
    assert (int(answer.status[:3]), was_short) == (status, False)


def test_one_of_twenty_one_open_issues_is_not_held(house: House, ways: Ways) -> None:
    number = house.number(JUDGED)
    visitor = house.holder(number)
    request = asked(visitor, number)
    with visitor.client.session_transaction() as session:
        key = session["tickets"]
    held: list[frozenset[str]] = []
    for _ in range(21):
        other, _ticket = house.visitor().report()
        with database.writing():
            browser = casework.Browser("", key)
            casework.let_in(browser, house.issue(other).id, house.now + timedelta(seconds=1))
        _, was_short = ways.both(request)
        held.append(queries.held_numbers(key, house.now))
        assert was_short == (number in held[-1])
    assert [number in some for some in held] == [True] * 19 + [False] * 2


def test_what_a_session_has_to_tell_goes_the_ordinary_way(house: House, ways: Ways) -> None:
    visitor, request = kept(house)
    for change in (
        {"_flashes": [("ok", "已经改好。")]},
        {"given": [[request.number, "seed"]]},
        {"given": [["1", "seed"], [request.number, "seed"]], "shown": request.number},
        {"tickets": 5},
        {"_permanent": True},
    ):
        with visitor.client.session_transaction() as session:
            before = dict(session)
            session.update(change)
        answer, was_short = ways.both(replace(request, cookies=cookies_of(visitor)))
        assert not was_short, change
        assert answer.status[:3] in ("200", "304", "403")
        with visitor.client.session_transaction() as session:
            session.clear()
            session.update(before)
    with visitor.client.session_transaction() as session:
        session["given"] = [["1", "seed"]]
    assert ways.both(replace(request, cookies=cookies_of(visitor)))[1]


def test_whoever_is_signed_in_besides_has_the_same_answer_by_both(house: House, ways: Ways) -> None:
    number = house.number(JUDGED)
    leader, holder = house.staff("community_leader"), house.holder(number)
    with holder.client.session_transaction() as session:
        key = session["tickets"]
    with leader.client.session_transaction() as session:
        session["tickets"] = key
    assert ways.both(asked(leader, number))[0].status[:3] == "304"


def test_behind_https_its_headers_are_those_of_https(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    behind = House(
        replace(house.settings, public_url="https://circle.example.cn"), house.circle, house.now
    )
    number = behind.number(JUDGED)
    visitor = behind.holder(number)
    away = "https://circle.example.cn/"
    with visitor.client.session_transaction() as session:
        held = session["tickets"]
    with visitor.client.session_transaction(base_url=away) as session:
        session["tickets"] = held
    request = replace(asked(visitor, number, base_url=away), base_url=away)
    answer, was_short = Ways(behind, caplog).both(request)
    assert (answer.status[:3], was_short) == ("304", True)
    assert answer.header("Strict-Transport-Security") == "max-age=31536000"


def test_a_database_that_does_not_answer_has_the_ordinary_page(
    house: House, ways: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, request = kept(house)

    def gone(*_asked: object) -> None:
        raise FileGone("the file is gone")

    monkeypatch.setattr(proxy.obj, "execute_sql", gone)
    answer, was_short = ways.both(request)
    assert (answer.status[:3], was_short) == ("503", False)
