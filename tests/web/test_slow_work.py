"""What keeps threads for seconds keeps few of them: visitors are answered meanwhile."""

from contextlib import ExitStack
from dataclasses import replace
from io import BytesIO
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from forms_app.files.durable import make_folder
from forms_app.files.locks import holding
from forms_app.store.accounts import Account
from forms_app.web.slow_work import MOST_REQUESTS, SLOTS, AllAtWork, slow_work
from tests.support.attack import HOST, ask, at_once, visit
from tests.support.served import served
from tests.support.web import House, Visitor, errors_on, form_on, main_of

NEW, SHEET = "/staff/pages/new", "/staff/records/venues/sheet"
DRAFT = {"title": "停车办法", "place": "list", "text": "先到先停。", "press": "look"}
PRESSES = 12


def pressed(visitor: Visitor, path: str, fields: dict[str, list[str]]) -> bytes:
    """The request of a press, as it is on the line."""
    key = visitor.house.app.config["SESSION_COOKIE_NAME"]
    cookie = visitor.client.get_cookie(key)
    assert cookie is not None
    body = urlencode(fields, doseq=True)
    head = (
        f"POST {path} HTTP/1.1", f"Host: {HOST}", f"Cookie: {key}={cookie.value}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
        "Connection: close", "", body,
    )  # fmt: skip
    return "\r\n".join(head).encode()


def sheet_sent(visitor: Visitor, path: str) -> TestResponse:
    token = form_on(visitor.get(path), path).value("csrf_token")
    file = (BytesIO("问题,时间\n灯坏了,2026-11-03\n".encode()), "台账.csv")
    fields = {"csrf_token": token, "file": file}
    answer: TestResponse = visitor.client.post(path, data=fields, buffered=True)
    return answer


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms_app.files.few_at_once.LONGEST_WAIT_SECONDS", 0.1)


@pytest.mark.usefixtures("impatient")
def test_few_are_at_it_and_whoever_fails_makes_room() -> None:
    for _ in range(MOST_REQUESTS + 1):
        with pytest.raises(OSError, match="full"), slow_work():
            raise OSError("full")
    with ExitStack() as all_of_them:
        for _ in range(SLOTS):
            all_of_them.enter_context(slow_work())
        for _ in range(MOST_REQUESTS + 1):
            with pytest.raises(AllAtWork):
                all_of_them.enter_context(slow_work())


def test_one_waits_for_its_turn_and_further_ones_do_not() -> None:
    went: list[str] = []

    def work(_: int) -> None:
        try:
            with slow_work():
                went.append("in")
        except AllAtWork:
            went.append("out")

    with ExitStack() as others:
        for _ in range(SLOTS):
            others.enter_context(slow_work())
        threads = at_once(4, work)
        for thread in threads:
            thread.join(0.5)
        assert went == ["out"] * 3
    for thread in threads:
        thread.join()
    assert went == ["out", "out", "out", "in"]


@pytest.mark.usefixtures("impatient")
def test_whoever_is_one_too_many_reads_so_and_keeps_what_they_wrote(house: House) -> None:
    editor, leader, admin = map(house.staff, ("editor", "community_leader", "admin"))
    house.app.extensions["settings"] = replace(house.settings, smtp_url="smtp://127.0.0.1:9")
    Account.update(email="admin@example.org").where(Account.username == "admin").execute()
    lies = sheet_sent(leader, "/staff/import").headers["Location"]
    choice = form_on(leader.get(lies), f"{lies}?sheet=0").filled({"usual_channel": "phone"})
    with ExitStack() as others:
        for _ in range(SLOTS):
            others.enter_context(slow_work())
        looked = editor.submit(editor.get(NEW), NEW, DRAFT)
        sheets = [sheet_sent(leader, "/staff/import"), sheet_sent(editor, SHEET)]
        tried = admin.post("/staff/doctor/trial", {"to": "mail", "csrf_token": admin.token()})
        pages = [leader.get(lies), leader.get(f"{lies}/preview")]
        chosen = leader.post(f"{lies}?sheet=0", choice)
    assert looked.status_code == 503
    assert "请过几秒再试" in main_of(looked)
    assert form_on(looked, NEW).value("text") == DRAFT["text"]
    for answer in sheets:
        assert answer.status_code == 503
        assert "请过几秒再试" in errors_on(answer)["file"]
    assert tried.status_code == 303
    assert "请过几秒再试" in main_of(admin.get("/staff/doctor"))
    for page in (*pages, chosen):
        assert page.status_code == 503
        assert page.headers["Retry-After"] == "5"
        assert "请过几秒再试" in main_of(page)
    assert leader.post(f"{lies}?sheet=0", choice).headers["Location"] == f"{lies}/preview"


@pytest.mark.slow
def test_a_dozen_looks_at_a_draft_keep_no_visitor_waiting(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_app.publishing.preview.WAIT_SECONDS", 4.0)
    editor = house.staff("editor")
    press = pressed(editor, NEW, form_on(editor.get(NEW), NEW).filled(DRAFT))
    answers: list[int] = []
    previews = house.settings.build / "previews"
    make_folder(previews, 0o700)
    with served(house) as running, holding(previews / "lock"):
        presses = at_once(PRESSES, lambda _: answers.append(ask(running.port, press)[0]))
        visits = visit(running.port, 10, ("/issues/",))
        assert any(one.is_alive() for one in presses)
        for one in presses:
            one.join()
    assert answers == [503] * PRESSES
    assert visits.failed == 0
    assert max(visits.waits) < 2
