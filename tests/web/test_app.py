"""What every answer of the app carries, the elder version, and the pages for what goes wrong."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from peewee import OperationalError
from werkzeug.test import TestResponse

from forms_app.backups import record
from forms_app.backups.record import Outcome
from forms_app.doctor import disk
from forms_app.store import database
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.web import House, Visitor, main_of

OTHER_SITES = ["//evil.example", "\\evil.example", "https://evil.example", "/\\evil.example",
               "\thttps://evil.example", "///evil.example/x", "x/../../../evil"]  # fmt: skip


def policy_of(answer: TestResponse) -> dict[str, str]:
    rules = answer.headers["Content-Security-Policy"].split(";")
    return {name: rest for name, _, rest in (rule.strip().partition(" ") for rule in rules)}


@pytest.mark.parametrize("path", ["/issues/new", "/staff/login", "/nowhere", "/static/site.css"])
def test_every_answer_keeps_scripts_and_frames_of_others_out(house: House, path: str) -> None:
    answer = house.visitor().get(path)
    policy = policy_of(answer)
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_the_policy_allows_the_one_line_of_script_by_its_hash(house: House) -> None:
    assert re.search(
        r"'sha256-[A-Za-z0-9+/]{43}='", policy_of(house.visitor().get("/"))["script-src"]
    )


@pytest.mark.parametrize("path", ["/issues/", "/issues/new", "/staff/login", "/staff/", "/nowhere"])
def test_no_shared_computer_keeps_a_form_or_a_case(house: House, path: str) -> None:
    assert house.staff("worker").get(path).headers["Cache-Control"] == "no-store"


def test_styles_and_scripts_are_kept_and_have_the_hash_of_their_content(house: House) -> None:
    page = house.visitor().get("/issues/").text
    named = re.findall(r'"(/static/[^"]+)"', page)
    for address in " ".join(named).split():
        assert re.search(r"\?v=[0-9a-f]{8}$", address)
        kept = house.visitor().get(address)
        assert kept.status_code == 200
        assert "immutable" in kept.headers["Cache-Control"]


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(house: House) -> None:
    cookie = house.visitor().get("/issues/new").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_page_sets_no_cookie_again_where_nothing_changed(house: House) -> None:
    visitor = house.visitor()
    visitor.get("/issues/new")
    assert "Set-Cookie" not in visitor.get("/issues/new").headers


def test_health_says_ok_while_the_database_answers(house: House) -> None:
    Notice.delete().execute()  # the sample's, which nobody sends
    answer = house.visitor().get("/healthz")
    assert answer.status_code == 200
    parts = {"database": "ok", "disk": "ok", "outbox": "ok", "tick": "none", "backup": "none"}
    assert answer.json == {"status": "ok", "parts": parts}


def parts_of(house: House) -> tuple[int, dict[str, str]]:
    answer = house.visitor().get("/healthz")
    return answer.status_code, json.loads(answer.text)["parts"]


def test_health_names_the_part_that_ails_and_reports_are_taken_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = house.settings.private_dir
    first = str(house.settings.backups_dir)
    record.note(private, first, Outcome(house.now, "", house.now, "one"))
    looked_at = house.now
    house.app.extensions["looked_at"] = lambda: looked_at
    assert parts_of(house)[1]["backup"] == parts_of(house)[1]["tick"] == "ok"
    row = Issue.select().first()
    Notice.delete().execute()
    Notice.create(
        key="old", issue=row, event="submit", step="collected", kind="account", recipient="1",
        created_at=house.now, not_before=house.now,
    )  # fmt: skip
    house.later(minutes=31)
    assert parts_of(house) == (
        200,
        {"database": "ok", "disk": "ok", "outbox": "stuck", "tick": "late", "backup": "ok"},
    )
    house.later(days=2)
    assert parts_of(house)[1]["backup"] == "late"
    record.note(private, first, Outcome(house.now, "磁盘满了", house.now, "one"))
    assert parts_of(house)[1]["backup"] == "failed"
    (private / record.NAME).write_bytes(b"{")
    assert parts_of(house)[1]["backup"] == "none"
    usage = SimpleNamespace(free=1024)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _folder: usage)
    assert parts_of(house)[1]["disk"] == "low"


@pytest.mark.parametrize(("number", "cause"), [(28, "full"), (30, "read-only"), (5, "unwritable")])
def test_a_disk_that_cannot_be_written_is_a_503_that_names_it(
    house: House, monkeypatch: pytest.MonkeyPatch, number: int, cause: str
) -> None:
    def broken(**_: object) -> None:
        raise OSError(number, "whatever it says")

    monkeypatch.setattr(disk.tempfile, "TemporaryFile", broken)
    answer = house.visitor().get("/healthz")
    told = json.loads(answer.text)
    assert (answer.status_code, told["status"], told["cause"]) == (503, "disk unavailable", cause)


def test_a_full_disk_below_a_database_that_lies_elsewhere_is_a_503_too(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    settings = replace(house.settings, database_url=f"sqlite:///{elsewhere}/forms.db")
    written = disk.tempfile.TemporaryFile

    def full(*, dir: Path) -> object:
        if dir == elsewhere:
            raise OSError(28, "whatever it says")
        return written(dir=dir)

    monkeypatch.setattr(disk.tempfile, "TemporaryFile", full)
    answer = House(settings, house.circle).visitor().get("/healthz")
    assert (answer.status_code, json.loads(answer.text)["cause"]) == (503, "full")


def test_the_administrator_reads_how_the_backups_stand(house: House) -> None:
    page = main_of(house.staff("admin").get("/staff/"))
    assert "还没有核对无误的备份" in page
    assert "CIRCLE_BACKUP_DIR" in page
    first = str(house.settings.backups_dir)
    record.note(house.settings.private_dir, first, Outcome(house.now, "", house.now, "one"))
    assert "notice-warning" not in house.staff("admin").get("/staff/").text
    house.later(days=3)
    record.note(house.settings.private_dir, first, Outcome(
        house.now, "没有备份成：磁盘满了", house.now - timedelta(days=3), "one"))  # fmt: skip
    page = main_of(house.staff("admin").get("/staff/"))
    assert "太旧了" in page
    assert "没有备份成：磁盘满了" in page


def test_health_says_503_when_the_database_does_not(house: House) -> None:
    database.proxy.close()
    private = house.settings.private_dir
    private.rename(private.with_name("gone"))
    answer = house.visitor().get("/healthz")
    assert answer.status_code == 503
    assert json.loads(answer.text)["status"] != "ok"


def test_a_page_without_its_database_says_so_in_chinese(house: House) -> None:
    number = house.number("楼上漏水")
    alice = house.holder(number)
    database.proxy.close()
    private = house.settings.private_dir
    private.rename(private.with_name("gone"))
    answer = alice.get(f"/issues/{number}")
    assert answer.status_code == 503
    assert "数据库暂时连不上" in answer.text
    assert "0797-0000-101" in answer.text
    assert OperationalError.__name__ not in answer.text


def test_the_elder_version_is_a_choice_that_stays(house: House) -> None:
    visitor = house.visitor()
    assert 'class="elder"' not in visitor.get("/issues/new").text
    answer = visitor.get("/elder?on=1&back=issues/new")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/issues/new")
    for path in ("/issues/new", "/issues/", "/staff/login", "/nowhere"):
        assert '<html lang="zh-CN" class="elder">' in visitor.get(path).text
    visitor.get("/elder?on=0&back=")
    assert 'class="elder"' not in visitor.get("/issues/new").text


@pytest.mark.parametrize(
    "path",
    ["/issues/new", "/ratings/new?about=service:elder_meals", "/search?q=%E5%85%BB%E8%80%81+a",
     "/staff/login?next=/staff/register", "/issues/new?community_id=yinxing"],
)  # fmt: skip
def test_the_elder_link_comes_back_to_the_very_same_page(house: House, path: str) -> None:
    about = f"service:{next(iter(house.circle.services))}"
    path = path.replace("service:elder_meals", about)
    visitor = house.visitor()
    page = visitor.get(path)
    assert page.status_code == 200
    elder = _switched(visitor, page, on=1)
    assert elder.text.count('class="elder"') == 1
    # What elders need not read is left out of the version for them.
    assert main_of(_switched(visitor, elder, on=0)) == main_of(page)


def _switched(visitor: Visitor, page: TestResponse, *, on: int) -> TestResponse:
    """The same page in the other version, by the link on it."""
    link = re.search(rf'href="(/elder\?on={on}&amp;back=[^"]*)"', page.text)
    assert link is not None
    back = visitor.get(link[1].replace("&amp;", "&"))
    assert back.status_code == 303
    return visitor.get(back.headers["Location"])


def test_the_elder_link_works_on_a_form_that_was_refused(house: House) -> None:
    number = house.number("楼上漏水")
    holder = house.holder(number)
    refused = holder.fill(f"/issues/{number}", {}, f"/issues/{number}/verdict")
    assert refused.status_code == 422
    link = re.search(r'href="(/elder\?on=1&amp;back=[^"]*)"', refused.text)
    assert link is not None
    back = holder.get(link[1].replace("&amp;", "&"), follow_redirects=True)
    assert back.status_code == 200
    assert f"问题 {number}" in back.text


@pytest.mark.parametrize("back", OTHER_SITES)
def test_the_elder_link_never_leads_elsewhere(house: House, back: str) -> None:
    answer = house.visitor().get("/elder", query_string={"on": "1", "back": back})
    location = answer.headers["Location"]
    assert answer.status_code == 303
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\t" not in location


@pytest.mark.parametrize(
    ("path", "method", "status", "words"),
    [
        ("/nowhere", "GET", 404, "没有这一页"),
        ("/issues/", "PUT", 405, "不能这样打开"),
        ("/issues/new", "DELETE", 405, "不能这样打开"),
        ("/staff/logout", "PUT", 405, "不能这样打开"),
        ("/ratings/new?about=service:none", "GET", 404, "没有这一页"),
    ],
)
def test_what_goes_wrong_is_said_in_chinese_with_a_way_on(
    house: House, path: str, method: str, status: int, words: str
) -> None:
    answer = house.visitor().client.open(path, method=method)
    assert answer.status_code == status
    assert words in main_of(answer)
    assert "值班电话" in main_of(answer)
    assert 'href="/issues/"' in answer.text


def test_an_error_of_our_own_is_a_page_without_any_innards(house: House) -> None:
    @house.app.get("/broken")
    def broken() -> str:
        raise RuntimeError("secret innards")

    house.app.testing = False
    answer = house.visitor().get("/broken")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "secret innards" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "127.0.0.1:99999"])
@pytest.mark.parametrize("path", ["/staff", "//evil.example/staff", "/staff/records?next=//evil"])
def test_an_address_without_its_last_slash_leads_on_within_this_very_place(
    house: House, host: str, path: str
) -> None:
    for prefix in ("", "/circle"):
        answer = house.visitor().get(
            path, environ_overrides={"HTTP_HOST": host, "SCRIPT_NAME": prefix, "PATH_INFO": path}
        )
        to = answer.headers.get("Location", f"{prefix}/")
        assert to.startswith(f"{prefix}/")
        assert not to.startswith("//")
        assert answer.status_code in (303, 308, 404)
    assert house.visitor().get("/staff").headers["Location"] == "/staff/"


def test_the_site_below_a_prefix_links_below_it(house: House) -> None:
    answer = house.visitor().get("/issues/new", environ_overrides={"SCRIPT_NAME": "/circle"})
    assert answer.status_code == 200
    local = re.findall(r'(?:href|src|action)="(/[^"]*)"', answer.text)
    assert local
    assert [address for address in local if not address.startswith("/circle/")] == []
