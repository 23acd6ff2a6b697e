"""Accounts in the administrator's browser: made with a letter, changed, shut, never the last."""

import re

import pytest

from forms_app import casework
from forms_app.store.accounts import Account, AccountEvent, Session
from tests.support.page_audit import flaws
from tests.support.web import PASSWORD, House, Visitor, errors_on, form_on, main_of

pytestmark = pytest.mark.slow

NEW = "/staff/accounts/new"
WANG = {
    "display_name": "王干事（示例）", "username": "wang", "role": "worker",
    "community_id": "jingui", "email": "wang@example.cn",
}  # fmt: skip


@pytest.fixture
def admin(house: House) -> Visitor:
    return house.staff("admin")


def account(username: str) -> Account:
    found: Account = Account.get(Account.username == username)
    return found


def path(username: str) -> str:
    return f"/staff/accounts/{account(username).id}"


def press(admin: Visitor, username: str, what: str) -> str:
    answer = admin.fill(path(username), {}, f"{path(username)}/{what}")
    return answer.text if answer.status_code == 200 else main_of(admin.get("/staff/accounts"))


def last_event(username: str) -> tuple[str, str]:
    row = AccountEvent.select().where(AccountEvent.account == account(username).id)
    found = row.order_by(AccountEvent.id.desc()).first()
    return found.event, found.by.username if found.by else ""


def test_a_new_account_comes_with_a_letter_that_is_shown_once(house: House, admin: Visitor) -> None:
    letter = admin.fill(NEW, WANG)
    assert letter.status_code == 200
    assert flaws(letter.text) == []
    found = re.search(r'class="ticket"[^>]*>([^<]+)<', letter.text)
    assert found
    password = found[1]
    for word in ("王干事（示例）", "wang", password):
        assert word in main_of(letter)
    assert letter.headers["Cache-Control"].startswith("no-store")
    assert password not in admin.get("/staff/accounts").text
    assert account("wang").has_first_password
    assert last_event("wang") == ("made", "admin")
    assert "没登录过" in main_of(admin.get("/staff/accounts"))
    # Sent once more, it makes no second one, and shows no password of the first.
    again = admin.fill(NEW, WANG)
    assert "已经有人用了" in errors_on(again)["username"]
    assert casework.sign_in("wang", password, now=house.now).account_id == account("wang").id


def test_what_a_role_needs_is_told_beside_its_field(admin: Visitor) -> None:
    for role, name in (("worker", "community_id"), ("responder", "organization_id")):
        answer = admin.fill(NEW, {**WANG, "role": role, "community_id": ""})
        assert answer.status_code == 422
        assert "要选" in errors_on(answer)[name]
    answer = admin.fill(NEW, {**WANG, "email": "wang"})
    assert "邮箱" in errors_on(answer)["email"]


def test_role_and_place_are_changed_and_sessions_end(house: House, admin: Visitor) -> None:
    admin.fill(NEW, WANG)
    casework.begin_session(account("wang").id, now=house.now)
    unit = next(iter(house.circle.departments))
    changes = {"role": "responder", "organization_id": unit, "email": ""}
    assert admin.fill(path("wang"), changes).status_code == 303
    wang = account("wang")
    assert (wang.role, wang.community_id, wang.organization_id) == ("responder", "", unit)
    assert wang.email == ""
    assert not Session.select().where(Session.account == wang).exists()
    assert last_event("wang") == ("email", "admin")


def test_whoever_has_issues_in_hand_keeps_their_place(admin: Visitor) -> None:
    answer = admin.fill(path("community_leader"), {"community_id": "yinxing"})
    assert answer.status_code == 422
    assert "交接" in errors_on(answer)["role"]
    assert account("community_leader").community_id == "jingui"


def test_an_account_is_shut_opened_unlocked_and_reset(house: House, admin: Visitor) -> None:
    assert "停用了" in press(admin, "frank", "disable")
    assert account("frank").disabled_at
    assert last_event("frank") == ("disabled", "admin")
    press(admin, "frank", "enable")
    assert account("frank").disabled_at is None
    for _ in range(5):
        with pytest.raises(casework.SignInRefused):
            casework.sign_in("frank", "wrong", now=house.now)
    assert "密码输错锁住" in main_of(admin.get("/staff/"))
    press(admin, "frank", "unlock")
    assert last_event("frank") == ("unlocked", "admin")
    assert "密码输错锁住" not in main_of(admin.get("/staff/accounts"))
    assert "首次密码" in press(admin, "frank", "reset")
    assert last_event("frank") == ("reset", "admin")
    assert account("frank").has_first_password
    log = main_of(admin.get("/staff/sign-ins/all?account=frank"))
    assert "办的" in log


def test_what_shuts_somebody_out_is_folded_and_names_them_on_its_button(admin: Visitor) -> None:
    page = admin.get(path("worker")).text
    folds = re.findall(r"<details><summary>([^<]+)</summary>(.*?)</details>", page, re.DOTALL)
    within = {words: re.findall(r'action="[^"]*/(\w[\w-]*)"', inner) for words, inner in folds}
    assert within == {"重设密码": ["reset"], "停用": ["disable"]}
    assert f"停用{account('worker').display_name}" in page
    outside = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert "/disable" not in outside
    assert "/reset" not in outside


def test_the_last_administrator_stays_one(admin: Visitor) -> None:
    admin.fill(path("admin"), {}, f"{path('admin')}/disable")
    assert "最后一个" in admin.get(path("admin")).text
    assert account("admin").disabled_at is None
    answer = admin.fill(path("admin"), {"role": "supervisor"})
    assert "最后一个" in answer.text
    assert account("admin").role == "admin"
    admin.fill(NEW, {**WANG, "username": "second", "role": "admin"})
    assert admin.fill(path("admin"), {"role": "supervisor"}).status_code == 303


@pytest.mark.parametrize("name", ["editor", "street_leader", "worker"])
def test_nobody_else_sees_or_changes_accounts(house: House, name: str) -> None:
    visitor = house.staff(name)
    for page in ("/staff/accounts", NEW, path("frank"), "/staff/first-steps"):
        assert visitor.get(page).status_code == 403
    for what in ("reset", "disable", "enable", "unlock", "lost-phone"):
        sent = visitor.post(f"{path('frank')}/{what}", {"csrf_token": visitor.token()})
        assert sent.status_code == 403
    assert account("frank").disabled_at is None


def test_without_a_token_nothing_happens(admin: Visitor) -> None:
    assert admin.post(f"{path('frank')}/disable").status_code == 400
    assert account("frank").disabled_at is None


@pytest.mark.parametrize("which", ["new", "worker"])
def test_what_an_expired_session_stopped_comes_back(
    house: House, admin: Visitor, which: str
) -> None:
    at = "/staff/accounts/new" if which == "new" else path(which)
    typed = {"display_name": "写了一半（示例）", "role": "worker", "community_id": "jingui"}
    typed |= {"username": "halfway"} if which == "new" else {}
    nobody = house.visitor()
    stopped = nobody.post(at, form_on(admin.get(at), at).filled(typed))
    assert stopped.status_code == 401
    back = nobody.submit(stopped, "/staff/login", {"username": "admin", "password": PASSWORD})
    form = form_on(back, at)
    assert {name: form.value(name) for name in typed} == typed
    assert nobody.submit(back, at).status_code in (200, 303)
    assert account("halfway" if which == "new" else which).display_name == typed["display_name"]
