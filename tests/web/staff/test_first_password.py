"""A password that an administrator gave opens the page that changes it, and nothing else."""

import pytest
from werkzeug.test import TestResponse

from forms_app import casework
from forms_app.rules.steps import ACCOUNT_ROLES
from forms_app.store.accounts import Account
from forms_app.web.blueprints import STAFF
from tests.support.every_page import addresses, posts
from tests.support.web import PASSWORD, House, Visitor, errors_on, form_on, main_of
from tests.web.test_every_case import MOVE_NAMES

GIVEN, OWN = "given by the office", "a sentence of my own"
STEP = "/staff/password/own"
PUBLIC = {"staff.sign_in_page", "offline.shell", "offline.worker"}


def given(house: House, username: str = "worker") -> Visitor:
    """Somebody who has signed in with a password that the administrator gave."""
    casework.reset_password(username, GIVEN, now=house.now)
    visitor = house.visitor()
    answer = sign_in(visitor, username)
    assert (answer.status_code, answer.headers["Location"]) == (303, STEP)
    return visitor


def sign_in(visitor: Visitor, username: str, password: str = GIVEN) -> TestResponse:
    return visitor.fill("/staff/login", {"username": username, "password": password})


def change(visitor: Visitor, new: str = OWN, again: str | None = None) -> TestResponse:
    return visitor.fill(STEP, {"password": new, "password_again": new if again is None else again})


@pytest.mark.slow
@pytest.mark.parametrize("role", [role.value for role in ACCOUNT_ROLES])
def test_no_page_of_the_staff_opens_before_it_is_changed(house: House, role: str) -> None:
    visitor = given(house, role)
    there = addresses(house)
    staff = [name for name in there if name.partition(".")[0] in STAFF]
    shut = [name for name in staff if name not in {*PUBLIC, "staff.own_password"}]
    assert len(shut) >= 30
    for path in [path for name in shut for path in there[name]]:
        answer = visitor.get(path, follow_redirects=True)
        assert (answer.status_code, answer.request.path) == (200, STEP), path
    assert visitor.get(STEP).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize("role", [role.value for role in ACCOUNT_ROLES])
def test_no_form_of_the_staff_is_taken_before_it_is_changed(house: House, role: str) -> None:
    visitor = given(house, role)
    number = house.number("楼上漏水")
    before = house.issue(number).version
    token = {"csrf_token": visitor.token()}
    taken = {"/staff/login", "/staff/logout", "/staff/login/code", STEP}
    paths = [path for path, _ in posts(house, number) if path.startswith("/staff/")]
    paths += [f"/staff/issues/{number}/{move}" for move in MOVE_NAMES]
    for path in [path for path in paths if path not in taken]:
        answer = visitor.post(path, {**token, "note": "写了很久的话"})
        assert answer.status_code == 401, path
        assert "设置自己的密码" in main_of(answer), path
        assert form_on(answer, form_action(answer)).value("draft"), path
    another = visitor.post("/staff/login/code", token)  # another step leads back to this one
    assert another.headers["Location"] == STEP
    assert house.issue(number).version == before


def form_action(page: TestResponse) -> str:
    """Where the form of the step goes; it names the page that was asked for."""
    return page.text.partition(f'action="{STEP}')[2].partition('"')[0].join((STEP, ""))


def test_after_it_was_changed_they_are_where_they_wanted_to_go(house: House) -> None:
    visitor = given(house)
    sent_to = visitor.get("/staff/register?step=handling").headers["Location"]
    page = visitor.get(sent_to)
    answer = visitor.submit(page, form_on(page, sent_to).action, {
        "password": OWN, "password_again": OWN,
    })  # fmt: skip
    assert answer.headers["Location"] == "/staff/register?step=handling"
    assert "以后用它登录" in main_of(visitor.get("/staff/register?step=handling"))
    assert not Account.get(Account.username == "worker").has_first_password
    other = house.visitor()
    assert sign_in(other, "worker").status_code == 422
    assert sign_in(other, "worker", OWN).headers["Location"] == "/staff/"


def test_what_was_typed_elsewhere_is_there_again_afterwards(house: House) -> None:
    number = house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/opine"
    worker = house.staff("worker")
    words = "写了二十分钟的“意见”"
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled({"initial_opinion": words})
    casework.reset_password("worker", GIVEN, now=house.now)
    stopped = worker.post(action, sent)
    step = worker.submit(stopped, "/staff/login", {"username": "worker", "password": GIVEN})
    assert "没有丢" in main_of(step)
    short = worker.submit(step, STEP, {"password": "short", "password_again": "short"})
    assert short.status_code == 422
    back = worker.submit(short, STEP, {"password": OWN, "password_again": OWN})
    assert form_on(back, action).value("initial_opinion") == words
    assert worker.submit(back, action).status_code == 303
    assert house.entries(number)[-1].note == words


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        (GIVEN, None, "管理员给的一样"),
        ("q7-Wd!kz2", None, "至少要10个字符"),  # nine
        ("password123", None, "太常见"),
        (OWN, "another sentence", "两遍写得不一样"),
        ("", None, "请填写新密码"),
    ],
)
def test_a_password_that_is_none_of_their_own_is_refused(
    house: House, new: str, again: str | None, said: str
) -> None:
    visitor = given(house)
    answer = change(visitor, new, again)
    assert answer.status_code == 422
    assert said in " ".join(errors_on(answer).values())
    assert GIVEN not in answer.text
    assert visitor.get("/staff/").status_code == 303
    assert Account.get(Account.username == "worker").has_first_password


def test_who_signed_in_with_it_elsewhere_is_out_and_the_second_to_change_it_too(
    house: House,
) -> None:
    mine, theirs = given(house), house.visitor()
    sign_in(theirs, "worker")
    page = theirs.get(STEP)
    assert change(mine).status_code == 303
    late = theirs.submit(page, STEP, {"password": "I was there too", "password_again": "x" * 10})
    assert late.status_code == 401
    assert mine.get("/staff/").status_code == 200
    assert sign_in(house.visitor(), "worker", OWN).status_code == 303


def test_two_who_change_it_at_once_do_not_both_succeed(house: House) -> None:
    given(house)
    account = Account.get(Account.username == "worker")
    casework.set_own_password(account.id, OWN, key="", now=house.now)
    with pytest.raises(casework.NotPossible, match="已经改过"):
        casework.set_own_password(account.id, "too late by a moment", key="", now=house.now)


def test_the_button_pressed_twice_does_no_harm(house: House) -> None:
    visitor = given(house)
    page = visitor.get(STEP)
    fields = {"password": OWN, "password_again": OWN}
    assert [visitor.submit(page, STEP, fields).status_code for _ in range(2)] == [303, 303]
    assert visitor.get("/staff/").status_code == 200
    assert visitor.get(STEP).headers["Location"] == "/staff/"


def test_they_can_leave_without_changing_it(house: House) -> None:
    visitor = given(house)
    visitor.submit(visitor.get(STEP), "/staff/logout")
    assert visitor.get(STEP).headers["Location"].startswith("/staff/login")


def test_accounts_of_before_and_samples_are_left_alone(house: House) -> None:
    assert not Account.select().where(Account.has_first_password).exists()
    visitor = house.visitor()
    assert sign_in(visitor, "worker", PASSWORD).headers["Location"] == "/staff/"


def test_an_own_password_that_is_changed_again_is_no_first_one(house: House) -> None:
    visitor = given(house)
    change(visitor)
    fields = {"old_password": OWN, "password": OWN + "!", "password_again": OWN + "!"}
    assert visitor.fill("/staff/password", fields).status_code == 303
    assert visitor.get("/staff/").status_code == 200
