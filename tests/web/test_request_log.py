"""One line of the log a request, which says how it went and nothing of who asked for what."""

import logging
import re
from contextlib import closing
from pathlib import Path

import peewee
import pytest

from forms_app.logs import REQUESTS
from forms_app.store.database import proxy
from tests.support.running import running
from tests.support.told import copy_demo
from tests.support.web import House

LINE = re.compile(r"(\S+) (\S+) (\d{3}) (\d+) ms ([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})")


@pytest.fixture(autouse=True)
def _kept(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, REQUESTS)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, ...]]:
    found = [LINE.fullmatch(r.getMessage()) for r in caplog.records if r.name == REQUESTS]
    assert None not in found
    return [match.groups() for match in found if match]


def test_a_request_is_one_line(house: House, caplog: pytest.LogCaptureFixture) -> None:
    answer = house.visitor().get("/issues/new?community_id=jingui")
    ((method, endpoint, status, _ms, number),) = lines(caplog)
    assert (method, endpoint, status) == ("GET", "resident.new_issue", "200")
    assert number == answer.headers["X-Request-Id"]


def test_no_address_no_word_and_no_visitor_stands_in_it(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    alice = house.visitor()
    number, ticket = alice.report(description="金丝雀", reporter_phone="13912345678")
    alice.get(f"/issues/{number}", environ_overrides={"REMOTE_ADDR": "203.0.113.7"})
    alice.get("/search?q=金丝雀")
    alice.get("/金丝雀", headers={"User-Agent": "Canary", "Referer": "http://canary.example/"})
    alice.client.open("/issues/new", method="金丝雀".encode().decode("latin-1"))
    house.staff("worker").get(f"/staff/issues/{number}")
    assert len(lines(caplog)) >= 5
    for secret in (number, ticket, "金丝雀", "1391234", "203.0.113", "anary", "worker", "q="):
        assert secret not in caplog.text, secret
    assert max(len(record.getMessage()) for record in caplog.records) < 80


def test_two_requests_have_two_numbers(house: House) -> None:
    alice = house.visitor()
    numbers = {alice.get("/issues/").headers["X-Request-Id"] for _ in range(50)}
    assert len(numbers) == 50


def test_a_number_that_comes_along_is_not_taken(house: House) -> None:
    answer = house.visitor().get("/issues/", headers={"X-Request-Id": "金丝雀".encode().hex()})
    assert re.fullmatch(r"\w{4}-\w{4}", answer.headers["X-Request-Id"])


@pytest.mark.parametrize("path", ["/static/site.css", "/", "/nowhere/", "/healthz"])
def test_files_and_pages_of_the_site_have_no_line(
    house: House, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    assert "X-Request-Id" in house.visitor().get(path).headers
    assert lines(caplog) == []


def test_but_they_have_one_where_they_fail(house: House, caplog: pytest.LogCaptureFixture) -> None:
    proxy.close()
    private = house.settings.private_dir
    private.rename(private.with_name("gone"))
    house.visitor().get("/healthz")
    ((_, endpoint, status, _, _),) = lines(caplog)
    assert (endpoint, status) == ("healthz", "503")


def test_what_fails_and_what_is_refused_has_its_line(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.app.testing = False
    house.app.add_url_rule("/broken", "broken", lambda: {}["金丝雀"])
    for path in ("/broken", "/staff/", "/issues/999999"):
        house.visitor().get(path)
    house.visitor().post("/issues/new", {})
    assert [line[:3] for line in lines(caplog)] == [
        ("GET", "broken", "500"),
        ("GET", "staff.home", "303"),
        ("GET", "resident.follow", "403"),
        ("POST", "resident.submit", "422"),
    ]


@pytest.mark.slow
def test_a_running_server_writes_them_to_its_standard_error(tmp_path: Path) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": "203.0.113.7"}
    with running(copy_demo(tmp_path)) as server:

        def asked(method: str, path: str, body: str | None = None) -> int:
            with closing(server.connect()) as connection:
                connection.request(method, path, body, kind if body else {})
                answer = connection.getresponse()
                answer.read()
                return answer.status

        for path in ("/", "/static/site.css", "/search?q=canary", "/ratings/new?about=canary:x"):
            assert asked("GET", path) < 500
        assert asked("POST", "/issues/", "ticket=260001-0000-0000-canary") < 500
        file = server.data / "private" / "forms.db"
        with closing(peewee.SqliteDatabase(str(file))) as database:
            database.execute_sql("ALTER TABLE counter RENAME TO elsewhere")
        assert asked("GET", "/healthz?canary") == 503
    log = server.log.read_text()
    told = [LINE.search(line) for line in log.splitlines() if f" INFO {REQUESTS}: " in line]
    assert [match.groups()[1:3] for match in told if match] == [
        ("published.search", "200"),
        ("resident.new_rating", "404"),
        ("resident.open_ticket", "422"),
        ("healthz", "503"),
    ]
    assert "canary" not in log
    assert not re.search(r"127\.0\.0\.1|203\.0\.113\.7|/issues|/healthz", log)
