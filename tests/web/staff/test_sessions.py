"""Sessions of staff: signing out ends them on the server, and everybody sees and ends their own."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from itsdangerous import URLSafeSerializer
from werkzeug.test import TestResponse

from forms_app import casework
from forms_app.rules.keys import known_name
from forms_app.rules.sessions import browser_words
from forms_app.store.accounts import Account, Session
from tests.support.web import PASSWORD, House, Visitor, form_on, main_of

PHONE = "Mozilla/5.0 (Linux; Android 13; X) Chrome/120 Mobile MicroMessenger/8.0"


def copy_of(visitor: Visitor) -> Visitor:
    """Another browser with the same cookie, as a thief would have it."""
    name = visitor.house.app.config["SESSION_COOKIE_NAME"]
    thief = visitor.house.visitor()
    cookie = visitor.client.get_cookie(name)
    assert cookie is not None
    thief.client.set_cookie(name, cookie.value)
    return thief


def end(visitor: Visitor, session: str) -> TestResponse:
    fields = {"csrf_token": visitor.token(), "session": session}
    return visitor.post("/staff/sessions/end", fields)


def is_in(visitor: Visitor) -> bool:
    return visitor.get("/staff/").status_code == 200


def test_a_copy_of_the_cookie_opens_nothing_after_signing_out(house: House) -> None:
    worker = house.staff("worker")
    thief = copy_of(worker)
    assert is_in(thief)
    worker.submit(worker.get("/staff/"), "/staff/logout")
    assert not is_in(thief)
    assert Session.select().count() == 0


def test_no_cookie_holds_whose_session_it_is_nor_what_the_server_keeps(house: House) -> None:
    worker = house.staff("worker")
    with worker.client.session_transaction() as session:
        held = dict(session)
    row = Session.get()
    assert set(held) == {"desk"}
    assert row.key_hash not in str(held)


def test_a_session_ends_after_a_working_day(house: House) -> None:
    worker = house.staff("worker")
    for _ in range(11):
        house.later(hours=1)
        assert is_in(worker)
    house.later(minutes=59)
    assert is_in(worker)
    house.later(minutes=1)
    assert not is_in(worker)


def test_a_session_in_which_nobody_does_anything_ends_after_two_hours(house: House) -> None:
    worker, busy = house.staff("worker"), house.staff("worker")
    house.later(hours=1, minutes=59)
    assert is_in(busy)
    house.later(minutes=1)
    assert not is_in(worker)
    assert is_in(busy)
    page = busy.get("/staff/password")
    assert page.text.partition("在哪里登录着</h2>")[2].count("<li>") == 1


def test_what_a_page_asks_for_by_itself_keeps_no_session(house: House) -> None:
    worker = house.staff("worker")
    asks = (
        ("/staff/board", {}),
        ("/staff/wall", {}),
        ("/staff/issues/new", {"Sec-Fetch-Mode": "cors"}),
    )
    for _ in range(11):
        house.later(minutes=10)
        for address, headers in asks:
            assert worker.get(address, headers=headers).status_code == 200
    house.later(minutes=10)
    assert [worker.get(address, headers=headers).status_code for address, headers in asks] == [
        303
    ] * 3


def test_a_script_that_finds_nobody_signed_in_leaves_the_page_for_signing_in_as_it_is(
    house: House,
) -> None:
    visitor, behind = house.visitor(), {"Sec-Fetch-Mode": "cors"}
    # Asked for while the page for signing in is on its way: both without a cookie.
    led = visitor.get("/staff/issues/new", headers=behind)
    for answer in (led, visitor.get(led.location, headers=behind)):
        assert "Set-Cookie" not in answer.headers
    assert form_on(visitor.get("/staff/login"), "/staff/login").value("csrf_token")


def test_when_somebody_did_something_is_written_once_in_five_minutes(house: House) -> None:
    worker = house.staff("worker")
    began = Session.get().active_at
    house.later(minutes=4)
    assert is_in(worker)
    assert Session.get().active_at == began
    house.later(minutes=1)
    assert is_in(worker)
    assert Session.get().active_at == began + timedelta(minutes=5)


def test_what_was_typed_comes_back_after_a_session_that_nobody_used(house: House) -> None:
    number = house.number("路灯杆歪了")
    worker = house.staff("worker")
    action = f"/staff/issues/{number}/note"
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled({"note": "写了很久的话"})
    house.later(hours=3)
    stopped = worker.post(action, sent)
    assert stopped.status_code == 401
    assert "没有丢" in main_of(stopped)
    login = form_on(stopped, "/staff/login")
    again = worker.post("/staff/login", login.filled({"username": "worker", "password": "demo"}))
    assert again.status_code == 200
    assert "写了很久的话" in again.text
    assert worker.post(action, form_on(again, action).filled({})).status_code == 303


def test_a_wall_that_nobody_touches_stays(house: House) -> None:
    screen = house.staff("worker")
    screen.submit(screen.get("/staff/wall"), "/staff/wall/keep")
    house.later(days=29)
    assert screen.get("/staff/wall").status_code == 200


def test_everybody_sees_their_own_sessions_and_ends_one_of_them(house: House) -> None:
    here, phone = house.staff("worker"), house.visitor()
    phone.client.environ_base["HTTP_USER_AGENT"] = PHONE
    phone.fill("/staff/login", {"username": "worker", "password": "demo"})
    house.staff("community_leader")
    page = here.get("/staff/password")
    listed = page.text.partition("在哪里登录着</h2>")[2]
    assert listed.count("就是这里") == 1
    assert "安卓手机 微信" in main_of(page)
    assert listed.count("退出那里</button>") == 1
    there = re.search(r'name="session" value="([1-9][0-9]*)"', listed)
    assert there is not None
    end(here, there[1])
    assert is_in(here)
    assert not is_in(phone)
    again = end(here, there[1])
    assert "已经结束了" in main_of(here.get(again.headers["Location"]))


def test_all_others_are_ended_at_once_and_nobody_elses(house: House) -> None:
    here, there, leader = (house.staff(name) for name in ("worker", "worker", "community_leader"))
    end(here, "0")
    assert (is_in(here), is_in(there), is_in(leader)) == (True, False, True)


def test_nobody_ends_the_session_of_another(house: House) -> None:
    worker, leader = house.staff("worker"), house.staff("community_leader")
    others = Session.get(Session.account == Account.get(Account.username == "community_leader"))
    end(worker, str(others.id))
    assert is_in(leader)


def test_a_kept_wall_is_listed_and_ends_from_afar(house: House) -> None:
    screen, worker = house.staff("worker"), house.staff("worker")
    screen.submit(screen.get("/staff/wall"), "/staff/wall/keep")
    assert screen.get("/staff/wall").status_code == 200
    page = worker.get("/staff/password")
    assert "只看大屏" in main_of(page)
    end(worker, "0")
    assert screen.get("/staff/wall").status_code == 303


def test_a_disabled_account_stays_out_when_it_is_enabled_again(house: House) -> None:
    worker = house.staff("worker")
    casework.disable_account("worker", now=house.now)
    casework.enable_account("worker", now=house.now)
    assert not is_in(worker)


def test_an_account_has_a_bounded_number_of_sessions(house: House) -> None:
    first = house.staff("worker")
    for _ in range(50):
        house.staff("worker")
    assert Session.select().count() == 50
    assert not is_in(first)


@pytest.mark.parametrize("held", [[1, 1, 1_790_000_000], 7, None, {"a": 1}, "x" * 3000, "\ud800"])
def test_a_session_of_another_kind_is_nobodys(house: House, held: object) -> None:
    visitor = house.visitor()
    with visitor.client.session_transaction() as session:
        session["account"] = session["desk"] = held
    assert not is_in(visitor)
    assert visitor.get("/issues/").status_code == 200


def test_two_installations_on_one_server_have_cookies_of_their_own(house: House) -> None:
    other = House(replace(house.settings, secret_key="another key " * 4), house.circle)
    behind = House(replace(house.settings, public_url="https://circle.example"), house.circle)
    below = House(replace(house.settings, public_url="https://town.example/circle"), house.circle)
    names = [one.app.config["SESSION_COOKIE_NAME"] for one in (house, other, behind, below)]
    assert len(set(names)) == 4
    assert names[2].startswith("__Host-circle-")
    assert names[3].startswith("__Secure-circle-")


def test_what_a_browser_is_known_by_is_an_installation_s_own_too(house: House) -> None:
    visitor = house.visitor()
    fields = {"username": "worker", "password": PASSWORD}
    assert visitor.fill("/staff/login", fields).status_code == 303
    assert visitor.client.get_cookie(known(house)) is not None


def held_in(visitor: Visitor) -> tuple[str, list[str]]:
    """The code and the names that this browser is known by, as anybody reads them there."""
    cookie = visitor.client.get_cookie(known(visitor.house))
    assert cookie is not None
    payload = cookie.value.rpartition(".")[0].encode()
    code, names = URLSafeSerializer("no key").load_payload(payload)
    return code, names


def known(house: House) -> str:
    return f"{house.app.config['SESSION_COOKIE_NAME']}-known"


def known_after(house: House, *usernames: str) -> tuple[str, list[str]]:
    """What one browser is known by once all of these have signed in there."""
    visitor = house.visitor()
    for username in usernames:
        fields = {"username": username, "password": PASSWORD}
        assert visitor.fill("/staff/login", fields).status_code == 303
        visitor.client.delete_cookie(house.app.config["SESSION_COOKIE_NAME"])
    return held_in(visitor)


def test_no_name_can_be_tried_on_what_a_browser_is_known_by(house: House) -> None:
    """At a shared computer anybody can read the cookie, and knows how names are formed."""
    code, names = known_after(house, "worker", "admin")
    assert len(names) == 2
    for algorithm in ("md5", "sha1", "sha256", "sha512"):
        for told in ("worker", f"{code}worker", f"{code}:worker", f"known:{code}:worker"):
            tried = hashlib.new(algorithm, told.encode()).hexdigest()
            assert not [name for name in names if tried.startswith(name[:8])]
    # Nor do two computers show that the same person works at both.
    assert not set(names) & set(known_after(house, "worker")[1])


@pytest.mark.parametrize("names", [None, ["worker"], [hashlib.sha256(b"worker").hexdigest()[:16]]])
def test_an_older_cookie_is_forgotten_and_the_next_signing_in_writes_another(
    house: House, names: list[str] | None
) -> None:
    visitor = house.visitor()
    older = URLSafeSerializer(house.settings.secret_key, salt="known-browser")
    visitor.client.set_cookie(known(house), str(older.dumps(["code", names])))
    fields = {"username": "worker", "password": PASSWORD}
    assert visitor.fill("/staff/login", fields).status_code == 303
    code, kept = held_in(visitor)
    assert code != "code"
    assert kept == [known_name(house.settings.secret_key, code, "worker")]


def test_a_browser_is_called_by_what_it_says_of_itself() -> None:
    assert browser_words(PHONE) == "安卓手机 微信"
    assert browser_words("curl/8") == ""
    assert browser_words("Mozilla/5.0 (iPhone; CPU) Safari/604") == "iPhone Safari"
