"""What somebody reads when something fails; and the log has all of it but what they wrote."""

import errno
import logging
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import peewee
import pytest
from werkzeug.test import TestResponse

from forms_app.queries import health
from forms_app.store.database import open_database, proxy, writing
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from forms_app.store.sqlite_file import FileGone
from forms_app.web.errors import ERROR_PAGES
from tests.support.web import PASSWORD, House, Visitor, form_on, main_of

WRITTEN = {
    "description": "CANARY金丝雀一",
    "location": "CANARY金丝雀二",
    "reporter_name": "CANARY金丝雀三",
    "reporter_phone": "13912345678",
    "reporter_email": "canary@example.org",
}
CANARY = re.compile("CANARY|金丝雀|13912345678|canary@|/issues")
NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}")


@pytest.fixture
def answering(house: House) -> House:
    """A house that answers an error as it does in earnest, instead of raising it into the test."""
    house.app.testing = False
    proxy.execute_sql("PRAGMA busy_timeout = 0")
    return house


def lose_database(house: House) -> None:
    proxy.close()
    private = house.settings.private_dir
    private.rename(private.with_name("gone"))


def fill_disk() -> None:
    proxy.execute_sql("VACUUM")  # what lies free in the file would still be written to
    proxy.execute_sql("PRAGMA max_page_count = 1")  # as many as there are


def report(alice: Visitor, **changes: str) -> TestResponse:
    return alice.post("/issues/new", filled(alice, **changes))


def filled(alice: Visitor, **changes: str) -> dict[str, list[str]]:
    form = form_on(alice.get("/issues/new"), "/issues/new")
    return form.filled({**WRITTEN, "community_id": "jingui", "consent": "y", **changes})


def raising(house: House, error: Exception) -> None:
    def broken() -> str:
        raise error

    house.app.add_url_rule("/broken", view_func=broken, methods=["GET", "POST"])


def test_an_unreachable_database_is_a_503_that_says_so(answering: House) -> None:
    number = answering.number("楼上漏水")
    alice = answering.holder(number)
    lose_database(answering)
    answer = alice.get(f"/issues/{number}")
    assert answer.status_code == 503
    assert "数据库暂时连不上" in main_of(answer)
    assert int(answer.headers["Retry-After"]) >= 1


@contextmanager
def another_program_at(house: House) -> Iterator[None]:
    """Somebody has the database open in another tool, and has begun to write."""
    other = peewee.SqliteDatabase(house.settings.database_url.removeprefix("sqlite:///"))
    with closing(other):
        other.execute_sql("BEGIN EXCLUSIVE")
        yield


def test_a_locked_database_is_a_503_that_says_so(answering: House) -> None:
    alice = answering.visitor()
    fields = filled(alice)
    with another_program_at(answering):
        answer = alice.post("/issues/new", fields)
    assert answer.status_code == 503
    assert "数据库正忙" in main_of(answer)
    assert int(answer.headers["Retry-After"]) >= 1
    # As the page says: the very same form a minute later.
    assert alice.post("/issues/new", fields).status_code == 303


def test_a_full_disk_is_a_503_that_says_so_and_nothing_old_is_lost(answering: House) -> None:
    alice = answering.visitor()
    fill_disk()
    answer = report(alice, description="CANARY" * 300)
    assert answer.status_code == 503
    assert "磁盘满了" in main_of(answer)
    assert int(answer.headers["Retry-After"]) >= 1
    proxy.execute_sql("PRAGMA max_page_count = 1000000")
    assert report(alice).status_code == 303


def test_a_database_that_can_only_be_read_is_a_503_that_says_so(answering: House) -> None:
    proxy.execute_sql("PRAGMA query_only = 1")
    answer = report(answering.visitor())
    assert answer.status_code == 503
    assert "只能读" in main_of(answer)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_below_photos_and_uploads_is_told_alike(answering: House, number: int) -> None:
    raising(answering, OSError(number, "whatever it says"))
    answer = answering.visitor().get("/broken")
    assert answer.status_code == 503
    assert "磁盘满了" in main_of(answer)


def test_a_postgresql_that_is_not_there_is_unreachable(answering: House, tmp_path: Path) -> None:
    worker, alice = answering.staff("worker"), answering.holder("260001")
    proxy.close()
    open_database(f"postgresql://circle@/circle?host={tmp_path}")
    for answer in (worker.get("/staff/"), worker.get("/nowhere"), alice.get("/issues/260001")):
        assert answer.status_code in (404, 503)
        assert "值班电话" in main_of(answer)
    told = alice.get("/healthz").json
    assert told is not None
    assert (told["status"], told["cause"]) == ("database unavailable", "unreachable")


@pytest.mark.postgres
def test_a_connection_that_ends_in_the_middle_is_unreachable_and_the_next_one_is_not(
    answering: House, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.close()
    migrate(open_database(postgres_url))
    proxy.close()
    house = House(replace(answering.settings, database_url=postgres_url), answering.circle)
    house.app.testing = False

    @house.app.get("/broken")
    def broken() -> str:
        with writing():
            proxy.execute_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return ""

    assert house.visitor().get("/broken").status_code == 503
    assert "unreachable: OperationalError" in caplog.text
    assert house.visitor().get("/issues/260001").status_code == 403


def test_each_cause_is_told_in_english_too(answering: House) -> None:
    fill_disk()
    alice = answering.visitor()
    alice.client.set_cookie("lang", "en")
    answer = report(alice, description="CANARY" * 300)
    assert "The disk that holds the data is full." in main_of(answer)
    assert re.search(f"Error number: {NUMBER.pattern}\\.", main_of(answer))


@pytest.mark.parametrize("path", ["/staff/", "/staff/issues/260001", "/nowhere", "/issues/new"])
def test_whoever_is_signed_in_gets_the_page_as_well(answering: House, path: str) -> None:
    worker = answering.staff("worker")
    lose_database(answering)
    answer = worker.get(path)
    assert answer.status_code in (404, 503)
    assert main_of(answer).count("值班电话") >= 1


def test_an_account_table_that_is_broken_is_a_page_for_whoever_is_signed_in(
    answering: House,
) -> None:
    worker = answering.staff("worker")
    proxy.execute_sql("ALTER TABLE account RENAME COLUMN display_name TO elsewhere")
    for path in ("/staff/", "/issues/new", "/nowhere"):
        answer = worker.get(path)
        assert answer.status_code in (404, 500)
        assert main_of(answer).count("值班电话") >= 1


def test_health_names_the_cause(answering: House) -> None:
    assert answering.visitor().get("/healthz").status_code == 200
    proxy.execute_sql("ALTER TABLE counter RENAME TO elsewhere")
    told = answering.visitor().get("/healthz").json
    assert told is not None
    assert (told["status"], told["cause"]) == ("database unavailable", "error")
    assert told["parts"]["database"] == "error"
    lose_database(answering)
    answer = answering.visitor().get("/healthz")
    assert (answer.status_code, answer.json and answer.json["cause"]) == (503, "unreachable")


def test_health_says_locked_while_another_program_holds_the_database(
    answering: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_JUST_NOW_SECONDS", 0.0)
    alice = answering.visitor()
    with another_program_at(answering):
        answer = alice.get("/healthz")
    told = answer.json
    assert told is not None
    assert (answer.status_code, told["status"]) == (503, "database unavailable")
    assert told["cause"] == told["parts"]["database"] == "locked"
    assert alice.get("/healthz").status_code == 200


def test_a_page_of_staff_is_read_at_once_while_another_program_holds_the_database(
    house: House,
) -> None:
    worker = house.staff("worker")
    house.later(minutes=10)
    began = time.monotonic()
    with another_program_at(house):
        assert worker.get("/staff/").status_code == 200
    assert time.monotonic() - began < 5


def test_a_renamed_column_is_a_500_with_its_traceback_in_the_log(
    answering: House, caplog: pytest.LogCaptureFixture
) -> None:
    number = answering.number("楼上漏水")
    alice = answering.holder(number)
    proxy.execute_sql("ALTER TABLE issue RENAME COLUMN description TO elsewhere")
    answer = alice.get(f"/issues/{number}")
    assert answer.status_code == 500
    assert "系统出错了" in main_of(answer)
    assert int(answer.headers["Retry-After"]) >= 1
    assert "forms_app/web/residents/follow.py" in caplog.text
    assert "OperationalError SQLITE_ERROR no such column" in caplog.text
    assert "description" in caplog.text


def test_the_page_shows_the_number_that_finds_its_error_in_the_log(
    answering: House, caplog: pytest.LogCaptureFixture
) -> None:
    raising(answering, RuntimeError(WRITTEN["description"]))
    answer = answering.visitor().get("/broken")
    number = NUMBER.search(main_of(answer).partition("出错编号：")[2])
    assert number is not None
    assert number[0] == answer.headers["X-Request-Id"]
    assert f"{number[0]} GET broken" in caplog.text


def test_a_page_about_a_mistake_of_the_reader_needs_no_number(answering: House) -> None:
    assert "出错编号" not in main_of(answering.visitor().get("/nowhere"))


def without_what_was_typed(answer: TestResponse) -> str:
    """The page but for the form with which its reader sends their own words again."""
    before, _form, after = answer.text.partition('<form method="post" action="/')
    return (before + after.partition("</form>")[2]).replace("/issues", "")


def test_what_was_typed_is_on_the_page_and_is_sent_again_from_there_once(
    answering: House,
) -> None:
    alice = answering.visitor()
    fields = filled(alice, description='楼道灯\n不亮 <b>"&')
    proxy.execute_sql("PRAGMA query_only = 1")
    answer = alice.post("/issues/new", fields)
    assert answer.status_code == 503
    assert "楼道灯" in main_of(answer)
    assert "<b>" not in answer.text
    again = form_on(answer, "/issues/new").filled({})
    assert again == {name: values for name, values in fields.items() if values}
    proxy.execute_sql("PRAGMA query_only = 0")
    before = Issue.select().count()
    for _ in range(2):
        assert alice.post("/issues/new", again).status_code == 303
    assert Issue.select().count() == before + 1
    assert Issue.select().order_by(Issue.id.desc()).get().description == '楼道灯\n不亮 <b>"&'


def test_a_password_is_not_on_the_page_of_an_error(answering: House) -> None:
    visitor = answering.visitor()
    proxy.execute_sql("ALTER TABLE account RENAME password_hash TO x")
    answer = visitor.fill("/staff/login", {"username": "worker", "password": f"{PASSWORD}CANARY"})
    assert answer.status_code == 500
    assert "CANARY" not in answer.text
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_database_that_was_removed_takes_nothing_and_is_named(answering: House) -> None:
    alice = answering.visitor()
    fields = filled(alice)
    file = answering.settings.private_dir / "forms.db"
    aside = file.rename(file.with_name("aside.db"))
    answer = alice.post("/issues/new", fields)
    assert (answer.status_code, "被移走或者换掉了" in main_of(answer)) == (503, True)
    health = alice.get("/healthz")
    assert (health.status_code, health.json and health.json["cause"]) == (503, "gone")
    assert not file.exists()
    shutil.copy(aside, file)  # another one in its place is not it
    assert alice.post("/issues/new", fields).status_code == 503
    aside.replace(file)
    assert alice.post("/issues/new", fields).status_code == 303


def test_a_database_that_is_removed_before_the_last_word_is_not_taken_for_saved(
    answering: House,
) -> None:
    file = answering.settings.private_dir / "forms.db"
    proxy.execute_sql("SELECT 1")
    with pytest.raises(FileGone), writing():  # noqa: PT012 - the end of the block is what raises
        Issue.update(location="写了").execute()
        file.unlink()


BREAKING = {
    "has no column named location": "ALTER TABLE issue RENAME location TO x",
    "no such table entry": "ALTER TABLE entry RENAME TO x",
    "UNIQUE constraint failed": (
        "CREATE UNIQUE INDEX x ON issue (description) WHERE description LIKE '%CANARY%'"
    ),
    "CHECK constraint failed": (
        "CREATE TRIGGER x BEFORE INSERT ON issue BEGIN "
        "SELECT RAISE(ABORT, 'CHECK constraint failed: ' || NEW.description); END"
    ),
    "SQLITE_FULL": "PRAGMA max_page_count = 1",
}


@pytest.mark.parametrize("told", BREAKING)
def test_what_a_resident_wrote_gets_into_no_log_and_back_to_them_alone(
    answering: House, caplog: pytest.LogCaptureFixture, told: str
) -> None:
    caplog.set_level(logging.INFO)
    assert report(answering.visitor(), description="CANARY" * 300).status_code == 303
    proxy.execute_sql(BREAKING[told])
    answer = report(answering.visitor(), description="CANARY" * 300)
    assert answer.status_code in (500, 503)
    assert told in caplog.text
    assert not CANARY.search(caplog.text)
    assert not CANARY.search(without_what_was_typed(answer))


@pytest.mark.parametrize("error", [ValueError, KeyError, RuntimeError, UnicodeError, OSError])
def test_the_message_of_no_error_gets_into_the_log(
    answering: House, caplog: pytest.LogCaptureFixture, error: type[Exception]
) -> None:
    @answering.app.post("/broken")
    def broken() -> str:
        try:
            raise KeyError(WRITTEN["reporter_phone"])
        except KeyError as first:
            raise error("invalid literal for int() with base 10: " + repr(WRITTEN)) from first

    caplog.set_level(logging.DEBUG)
    answer = answering.visitor().post("/broken", WRITTEN)
    assert answer.status_code == 500
    assert f"\n{error.__name__}" in caplog.text
    assert "\nKeyError\n\nthen:" in caplog.text
    assert 'in broken\n    raise KeyError(WRITTEN["reporter_phone"])' in caplog.text
    assert not CANARY.search(caplog.text + without_what_was_typed(answer))


def test_a_ticket_and_a_password_get_into_no_log(
    answering: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    _number, ticket = answering.visitor().report()
    proxy.execute_sql("ALTER TABLE issue RENAME ticket_hash TO x")
    proxy.execute_sql("ALTER TABLE account RENAME password_hash TO x")
    looking = answering.visitor().fill("/issues/", {"ticket": ticket})
    signing_in = answering.visitor().fill(
        "/staff/login", {"username": "worker", "password": f"{PASSWORD}CANARY"}
    )
    assert (looking.status_code, signing_in.status_code) == (500, 500)
    assert ticket[7:] not in caplog.text
    assert "CANARY" not in caplog.text


def test_what_may_be_over_in_a_moment_is_asked_for_again_by_one_press(answering: House) -> None:
    raising(answering, RuntimeError("CANARY"))
    answer = answering.visitor().get("/broken?x=1&y=2")
    assert answer.status_code == 500
    again = re.search(r'<a class="btn btn-primary" href="([^"]*)">再试一次</a>', answer.text)
    assert again is not None
    assert again[1] == "/broken?x=1&amp;y=2"
    assert 'class="picture"' in answer.text
    assert "再试一次" not in answering.visitor().post("/broken").text
    assert "再试一次" not in answering.visitor().get("/issues/none/none").text


def test_every_refusal_has_a_heading_of_its_own() -> None:
    for status in (400, 403, 404, 409, 410, 413, 422, 429):
        assert ERROR_PAGES[status][0] != ERROR_PAGES[500][0], status
