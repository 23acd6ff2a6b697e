"""Whatever goes wrong is said in the shape that was asked for, never as a page for people."""

import errno
import logging
import re
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from forms_app.limits import REPORTS
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from forms_app.web.bodies import LARGEST_TEXT
from tests.support.open311 import REPORT, ROOT, TOO_MUCH, Program, read
from tests.support.web import House
from tests.web.open311.test_posting import KEY, WHOLE

WRITTEN = re.compile("楼道灯不亮|3栋|小明|1380000|ming@|photos|25\\.831|8e03978e")


def shape(answer: TestResponse, ending: str) -> list[dict[str, str]]:
    kind = "application/json" if ending == "json" else "text/xml"
    assert answer.content_type == f"{kind}; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    told = read(answer.data, ending)
    assert told
    assert all(set(one) == {"code", "description"} for one in told)
    assert {one["code"] for one in told} == {str(answer.status_code)}
    return list(told)


@pytest.mark.parametrize(
    "path", ["", "/", "/services", "/services.html", "/requests", "/nothing", "/services/",
             "/requests/260001", "/tokens/1", "/discovery", "/services/noise/x.yaml"],
)  # fmt: skip
def test_an_address_without_a_known_ending_is_none(house: House, path: str) -> None:
    for method in ("GET", "POST"):
        answer = house.app.test_client().open(f"{ROOT}{path}", method=method)
        assert answer.status_code == 404
        shape(answer, "xml")


@pytest.mark.parametrize("path", ["nothing", "services/noise/x", "requests/1/x", "x/y/z"])
def test_nor_is_one_of_another_name(house: House, ending: str, path: str) -> None:
    answer = house.app.test_client().get(f"{ROOT}/{path}.{ending}")
    assert answer.status_code == 404
    shape(answer, ending)


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("discovery", {"GET", "HEAD"}), ("services", {"GET", "HEAD"}),
        ("services/noise", {"GET", "HEAD"}), ("requests", {"GET", "HEAD", "POST"}),
        ("requests/260001", {"GET", "HEAD"}), ("tokens/1", {"GET", "HEAD"}),
    ],
)  # fmt: skip
def test_another_method_is_refused(house: House, ending: str, path: str, allowed: set[str]) -> None:
    methods = {"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST"} - allowed
    for method in methods:
        answer = house.app.test_client().open(f"{ROOT}/{path}.{ending}", method=method)
        assert answer.status_code == 405, method
        assert set(answer.headers["Allow"].split(", ")) == allowed
        assert "Access-Control-Allow-Origin" not in answer.headers
        shape(answer, ending)


def test_a_head_is_a_get_without_its_body(house: House, ending: str) -> None:
    for path in ("services", "requests", "requests/260001", "nothing"):
        client, address = house.app.test_client(), f"{ROOT}/{path}.{ending}"
        answer, head = client.get(address), client.head(address)
        assert (head.status_code, head.content_type) == (answer.status_code, answer.content_type)
        assert head.data == b""


def test_too_large_a_body_is_refused(house: House, program: Program) -> None:
    answer = program.post(REPORT | {"description": TOO_MUCH})
    assert answer.status_code == 413
    assert "内容太大" in shape(answer, program.ending)[0]["description"]
    sizes = {"CONTENT_LENGTH": str(LARGEST_TEXT + 1), "circle.too_large": True}
    thrown_away = house.app.test_client().post(
        f"{ROOT}/requests.{program.ending}", environ_overrides=sizes
    )
    assert thrown_away.status_code == 413
    shape(thrown_away, program.ending)


def test_who_reports_too_often_reads_when_to_come_again(limited: House, ending: str) -> None:
    program, browser = Program(limited, ending), limited.visitor()
    for _ in range(REPORTS.burst // 2):
        program.report()
    # Reports of programs and of browsers are reports of one address: here a task is asked for.
    held = browser.fill("/issues/new", {"description": "灯", "community_id": "jingui"})
    assert held.status_code == 422
    assert "请回答" in held.text
    for _ in range(REPORTS.burst // 2):
        program.report()
    before = Issue.select().count()
    answer = program.post(REPORT)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= REPORTS.seconds
    assert "请过1分钟再试" in shape(answer, ending)[0]["description"]
    assert Issue.select().count() == before
    limited.later(seconds=REPORTS.seconds + 1)
    program.report()


@pytest.fixture
def answering(house: House) -> House:
    """A house that answers an error as it does in earnest, instead of raising it into the test."""
    house.app.testing = False
    proxy.execute_sql("PRAGMA busy_timeout = 0")
    return house


def test_while_the_database_is_away_that_is_said(answering: House, ending: str) -> None:
    program = Program(answering, ending)
    number, ticket = program.report()
    proxy.close()
    private = answering.settings.private_dir
    private.rename(private.with_name("gone"))
    for answer in (
        program.post(REPORT),
        program.get("requests", ticket),
        program.get(f"requests/{number}", ticket),
    ):
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) >= 1
        assert "数据库" in shape(answer, ending)[0]["description"]
    # What needs none goes on.
    for path in ("discovery", "services", "services/noise"):
        assert program.get(path).status_code == 200
    assert program.get("nothing").status_code == 404


def test_on_a_full_disk_nothing_is_said_to_be_taken(answering: House, ending: str) -> None:
    proxy.execute_sql("VACUUM")
    proxy.execute_sql("PRAGMA max_page_count = 1")
    answer = Program(answering, ending).post(REPORT | {"description": "灯" * 3000})
    assert answer.status_code == 503
    assert "磁盘满了" in shape(answer, ending)[0]["description"]


BREAKING = ("ALTER TABLE issue RENAME location TO x", "ALTER TABLE entry RENAME TO x")


@pytest.mark.parametrize("breaking", BREAKING)
def test_a_mistake_of_ours_is_told_without_a_word_of_what_was_sent(
    answering: House, ending: str, breaking: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    program = Program(answering, ending)
    proxy.execute_sql(breaking)
    answer = program.post(WHOLE, Idempotency_Key=KEY)
    assert answer.status_code == 500
    shape(answer, ending)
    assert "open311.report" in caplog.text
    assert not WRITTEN.search(caplog.text + answer.text)


def test_no_log_has_a_word_of_a_report_nor_its_ticket(
    answering: House, ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("peewee").setLevel(logging.WARNING)
    program = Program(answering, ending)
    program.post(WHOLE, Idempotency_Key=KEY)
    number, ticket = program.report()
    program.get(f"requests/{number}", ticket)
    program.get(f"requests/{number}", f"{number}-0000-0000-0000")
    program.post(WHOLE | {"phone": "小明 1380000", "lat": "25.831x"})
    proxy.execute_sql("ALTER TABLE issue RENAME ticket_hash TO x")
    assert program.get(f"requests/{number}", ticket).status_code == 500
    assert not WRITTEN.search(caplog.text)
    assert ticket[7:] not in caplog.text
    assert f" {number}" not in caplog.text.replace(" ms ", " ")


def test_a_full_disk_below_the_program_is_told_alike(answering: House, ending: str) -> None:
    @answering.app.get(f"{ROOT}/broken.{ending}")
    def broken() -> str:
        raise OSError(errno.ENOSPC, "whatever it says")

    answer = answering.app.test_client().get(f"{ROOT}/broken.{ending}")
    assert answer.status_code == 503
    shape(answer, ending)


@pytest.mark.postgres
def test_on_postgresql_a_report_comes_in_and_is_read(
    house: House, postgres_url: str, ending: str
) -> None:
    proxy.close()
    migrate(open_database(postgres_url))
    proxy.close()
    settings = replace(house.settings, database_url=postgres_url)
    program = Program(House(settings, house.circle, house.now), ending)
    first, second = (program.post(WHOLE, Idempotency_Key=KEY) for _ in range(2))
    assert (first.status_code, first.data) == (201, second.data)
    number, ticket = program.report()
    assert program.get(f"requests/{number}", ticket).status_code == 200
    for one in (number, "269999", "x", "1\x00"):
        assert program.get(f"requests/{one}", f"{one}-0000-0000-0000").status_code == 403
