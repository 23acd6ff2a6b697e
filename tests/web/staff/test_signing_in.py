"""Signing in and out, wrong passwords, and what was being written as a session ended."""

import json
import re

import pytest
from werkzeug.test import TestResponse

from forms_app import casework
from tests.support.web import NOW, PASSWORD, House, Visitor, errors_on, form_on, ticket_on


def sign_in(
    visitor: Visitor, username: str, password: str = PASSWORD, path: str = ""
) -> TestResponse:
    fields = {"username": username, "password": password}
    return visitor.fill(path or "/staff/login", fields, path or "/staff/login")


def test_a_member_of_staff_signs_in_and_out(house: House) -> None:
    visitor = house.visitor()
    answer = sign_in(visitor, "worker")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")
    page = visitor.get("/staff/")
    assert "示例社区干部" in page.text
    assert visitor.get("/staff/login").status_code == 303
    assert visitor.submit(page, "/staff/logout").status_code == 303
    assert visitor.get("/staff/").status_code == 303


def test_signing_out_without_the_forms_token_is_refused(house: House) -> None:
    visitor = house.staff("worker")
    assert visitor.post("/staff/logout").status_code == 400
    assert visitor.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [("worker", "wrong"), ("nobody", PASSWORD), ("WORKER", PASSWORD), ("worker", " demo "),
     ("' OR 1=1 --", "geheim")],
)  # fmt: skip
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    house: House, username: str, password: str
) -> None:
    visitor = house.visitor()
    answer = sign_in(visitor, username, password)
    assert answer.status_code == 422
    assert errors_on(answer) == {"password": "用户名或密码不对，请再试一次。"}
    assert f'value="{password}"' not in answer.text
    assert visitor.get("/staff/").status_code == 303


def test_after_five_wrong_passwords_even_the_right_one_must_wait(house: House) -> None:
    visitor = house.visitor()
    for _ in range(5):
        assert sign_in(visitor, "worker", "wrong").status_code == 422
    answer = sign_in(visitor, "worker")
    assert answer.status_code == 422
    assert re.search(r"请过 \d+ 分钟再试", errors_on(answer)["password"])
    house.later(minutes=2)
    assert sign_in(visitor, "worker").status_code == 303


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    visitor = house.staff("worker")
    assert visitor.get("/staff/").status_code == 200
    casework.disable_account("worker", now=NOW)
    assert visitor.get("/staff/").status_code == 303
    assert sign_in(house.visitor(), "worker").status_code == 422


def test_a_reset_password_ends_every_session(house: House) -> None:
    visitor = house.staff("worker")
    casework.reset_password("worker", "a new long password", now=NOW)
    assert visitor.get("/staff/").status_code == 303
    assert sign_in(visitor, "worker", "a new long password").status_code == 303


def test_changing_ones_own_password_keeps_this_session_and_ends_the_others(house: House) -> None:
    here, elsewhere = house.staff("worker"), house.staff("worker")
    fields = {"old_password": PASSWORD, "password": "一句很长的话不告诉别人", "password_again": "?"}
    refused = here.fill("/staff/password", fields)
    assert errors_on(refused) == {"password_again": "两遍写得不一样"}
    fields["password_again"] = fields["password"]
    wrong = here.fill("/staff/password", {**fields, "old_password": "x"})
    assert errors_on(wrong) == {"old_password": "原密码不对。"}
    short = here.fill("/staff/password", {**fields, "password": "短", "password_again": "短"})
    assert "至少要10个字符" in errors_on(short)["password"]
    known = {"password": "worker123456", "password_again": "worker123456"}
    assert "太常见" in errors_on(here.fill("/staff/password", {**fields, **known}))["password"]
    for page in (refused, wrong, short):
        assert page.status_code == 422
        assert fields["password"] not in page.text
    assert here.fill("/staff/password", fields).status_code == 303
    assert here.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 303


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "\\\\evil.example", "https://evil.example/staff/", "/staff/\\evil",
     "javascript:alert(1)", "/staff//evil\r\nX: y", "/issues/new", "staff/"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_place(house: House, address: str) -> None:
    visitor = house.visitor()
    page = visitor.get("/staff/login", query_string={"next": address})
    action = next(f for f in re.findall(r'action="(/staff/login[^"]*)"', page.text))
    fields = form_on(page, action).filled({"username": "worker", "password": PASSWORD})
    answer = visitor.post(action.replace("&amp;", "&"), fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")


def test_signing_in_leads_on_to_the_page_that_was_asked_for(house: House) -> None:
    visitor = house.visitor()
    asked = visitor.get("/staff/register?step=handling")
    page = visitor.get(asked.headers["Location"])
    action = next(f for f in re.findall(r'action="(/staff/login[^"]*)"', page.text))
    fields = form_on(page, action).filled({"username": "worker", "password": PASSWORD})
    answer = visitor.post(action, fields)
    assert answer.headers["Location"] == "/staff/register?step=handling"


def test_what_was_written_in_an_ended_session_is_back_after_signing_in(house: House) -> None:
    worker, number = house.staff("worker"), house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/opine"
    fields = {"initial_opinion": "写了二十分钟的“意见”<b>&amp;😀"}
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled(fields)
    casework.reset_password("worker", PASSWORD, at_least=1, now=NOW)
    stopped = worker.post(action, sent)
    assert stopped.status_code == 401
    assert "没有丢" in stopped.text
    wrong = worker.submit(stopped, "/staff/login", {"username": "worker", "password": "x"})
    assert wrong.status_code == 422
    back = worker.submit(wrong, "/staff/login", {"username": "worker", "password": PASSWORD})
    assert back.status_code == 200
    assert "您写的内容还在" in back.text
    assert form_on(back, action).value("initial_opinion") == fields["initial_opinion"]
    assert worker.submit(back, action).status_code == 303
    assert house.entries(number)[-1].note == fields["initial_opinion"]


def test_a_collectors_report_survives_an_ended_session_too(house: House) -> None:
    collector = house.staff("collector")
    fields = {"description": "抄了一整页的问题", "community_id": "jingui", "channel": "counter",
              "consent": "y"}  # fmt: skip
    sent = form_on(collector.get("/staff/issues/new"), "/staff/issues/new").filled(fields)
    casework.reset_password("collector", PASSWORD, at_least=1, now=NOW)
    stopped = collector.post("/staff/issues/new", sent)
    assert stopped.status_code == 401
    back = collector.submit(
        stopped, "/staff/login", {"username": "collector", "password": PASSWORD}
    )
    form = form_on(back, "/staff/issues/new")
    assert {name: form.value(name) for name in fields} == fields
    assert ticket_on(collector.submit(back, "/staff/issues/new")) is not None


def test_somebody_elses_draft_opens_no_case(house: House) -> None:
    number = house.number("楼道灯不亮")
    draft = json.dumps({"path": f"/staff/issues/{number}/opine", "fields": [["a", "b"]]})
    for name in ("frank", "admin", "carol"):
        visitor = house.visitor()
        fields = {"username": name, "password": PASSWORD, "draft": draft}
        answer = visitor.post("/staff/login", fields | {"csrf_token": visitor.token()})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")


@pytest.mark.parametrize(
    "draft",
    ["{", "[]", "5", "null", '{"path": 1, "fields": []}', '{"path": "/staff/issues/260001/opine"}',
     '{"path": "/staff/issues/260001/opine", "fields": 7}', "[" * 5000,
     '{"path": "/staff/issues/260001/opine", "fields": [["initial_opinion", "\\ud800"]]}',
     '{"path": "//evil.example/staff/issues/260001/opine", "fields": []}',
     '{"path": "/staff/issues/260001/nonsense", "fields": []}'],
)  # fmt: skip
def test_a_tampered_draft_is_as_good_as_none(house: House, draft: str) -> None:
    visitor = house.visitor()
    fields = {"username": "worker", "password": PASSWORD, "draft": draft}
    answer = visitor.post("/staff/login", fields | {"csrf_token": visitor.token()})
    assert answer.status_code in (200, 303)
    assert visitor.get("/staff/").status_code == 200


def test_the_password_is_in_no_draft(house: House) -> None:
    worker = house.staff("worker")
    page = worker.get("/staff/password")
    sent = form_on(page, "/staff/password").filled(
        {"old_password": "geheim-1", "password": "geheim-2"}
    )
    casework.reset_password("worker", PASSWORD, at_least=1, now=NOW)
    stopped = worker.post("/staff/password", sent)
    assert stopped.status_code == 401
    assert "geheim" not in stopped.text
    assert "没有丢" not in stopped.text


def test_signing_in_lasts_for_a_working_day(house: House) -> None:
    worker = house.staff("worker")
    for _ in range(11):
        house.later(hours=1)
        assert worker.get("/staff/").status_code == 200
    house.later(hours=1)
    assert worker.get("/staff/").status_code == 303
