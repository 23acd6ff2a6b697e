"""The second factor as people meet it: set up, asked for at sign-in, lost, and needed by role."""

import re
from datetime import timedelta

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from forms_app import casework
from forms_app.community.current_circle import CurrentCircle
from forms_app.rules.totp import code_of, step_of
from forms_app.store.accounts import Account, Session
from forms_app.web.blueprints import STAFF
from tests.support.every_page import addresses, posts
from tests.support.qr_reader import drawn, read_dots
from tests.support.web import PASSWORD, House, Visitor, errors_on, form_on, main_of
from tests.web.test_every_case import MOVE_NAMES

PAGE, CODE, OWN = "/staff/second-factor", "/staff/login/code", "/staff/password/own"
PUBLIC = {"staff.sign_in_page", "offline.shell", "offline.worker"}


@pytest.fixture
def strict(house: House) -> House:
    """The same house where leaders and administrators must have one."""
    circle = replace(house.circle, needs_second_factor=True)
    house.app.extensions["circle"] = CurrentCircle(house.settings.community_dir, circle)
    return house


def shown(house: House, username: str = "worker", seed: str = "") -> str:
    """What the telephone shows now."""
    account = Account.get(Account.username == username)
    key = house.settings.code_key.factor_secret(account.id, seed or account.factor_seed)
    return code_of(key, step_of(house.now))


def set_up(visitor: Visitor, username: str = "worker") -> TestResponse:
    page = visitor.get(PAGE)
    seed = form_on(page, PAGE).value("seed")
    code = shown(visitor.house, username, seed)
    return visitor.submit(page, PAGE, {"code": code, "password": PASSWORD})


def sign_in(visitor: Visitor, username: str = "worker", password: str = PASSWORD) -> TestResponse:
    return visitor.fill("/staff/login", {"username": username, "password": password})


def codes_on(page: TestResponse) -> list[str]:
    return re.findall(r"<strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</strong>", page.text)


def with_factor(house: House) -> list[str]:
    """The worker's recovery codes; their telephone has moved on to another code since."""
    codes = codes_on(set_up(house.staff("worker")))
    house.later(minutes=1)
    return codes


def test_it_is_set_up_by_the_telephones_camera_or_by_hand(house: House) -> None:
    visitor = house.staff("worker")
    page = visitor.get(PAGE)
    assert visitor.get(PAGE).text.count("<svg") == 1
    seed = form_on(page, PAGE).value("seed")
    assert form_on(visitor.get(PAGE), PAGE).value("seed") == seed  # the square stays
    square = re.search(r"<svg.*?</svg>", page.text, re.DOTALL)
    assert square is not None
    typed = re.search(r'class="ticket">([A-Z2-7 ]+)<', page.text)
    assert typed is not None
    [told] = read_dots(drawn(square[0]))
    assert f"secret={typed[1].replace(' ', '')}&" in told
    done = set_up(visitor)
    assert done.status_code == 200
    assert len(set(codes_on(done))) == 10
    assert "只显示这一次" in main_of(done)
    on = visitor.submit(done, "/staff/second-factor/done")
    assert on.headers["Location"] == "/staff/"
    assert "恢复码还剩10个" in main_of(visitor.get(PAGE))
    assert codes_on(visitor.get(PAGE)) == []


def test_the_button_pressed_twice_shows_the_same_codes(house: House) -> None:
    visitor = house.staff("worker")
    page = visitor.get(PAGE)
    code = shown(house, seed=form_on(page, PAGE).value("seed"))
    fields = {"code": code, "password": PASSWORD}
    first, second = (visitor.submit(page, PAGE, fields) for _ in range(2))
    assert codes_on(first) == codes_on(second) != []


def test_a_password_alone_opens_nothing_any_more(house: House) -> None:
    with_factor(house)
    visitor = house.visitor()
    assert sign_in(visitor).headers["Location"] == CODE
    for path in ("/staff/", "/staff/register", PAGE, "/staff/password", "/staff/password/own"):
        assert visitor.get(path).headers["Location"].partition("?")[0] == CODE, path
    token = {"csrf_token": visitor.token()}
    for path, _ in posts(house, "260001"):
        if path == OWN:  # another step leads back to this one
            assert visitor.post(path, token).headers["Location"] == CODE
        elif path.startswith("/staff/") and path not in ("/staff/login", "/staff/logout", CODE):
            assert visitor.post(path, token).status_code == 401, path
    house.later(minutes=16)
    assert visitor.get("/staff/").headers["Location"].startswith("/staff/login?next=")


def test_code_and_password_open_the_desk_and_the_key_is_another_one(house: House) -> None:
    with_factor(house)
    visitor = house.visitor()
    sign_in(visitor)
    before = Session.get(Session.kind == "half").key_hash
    sent_to = visitor.get("/staff/register").headers["Location"]
    form = form_on(visitor.get(sent_to), sent_to)
    answer = visitor.post(form.action, form.filled({"code": shown(house)}))
    assert answer.headers["Location"] == "/staff/register"
    assert visitor.get("/staff/register").status_code == 200
    assert not Session.select().where(Session.key_hash == before).exists()
    again = house.visitor()
    sign_in(again)
    refused = again.fill(CODE, {"code": shown(house)})
    assert "已经用过" in errors_on(refused)["code"]


def test_the_code_sent_twice_by_one_press_too_many_does_no_harm(house: House) -> None:
    with_factor(house)
    visitor = house.visitor()
    sign_in(visitor)
    form = form_on(visitor.get(CODE), CODE)
    name = house.app.config["SESSION_COOKIE_NAME"]
    cookie = visitor.client.get_cookie(name)
    assert cookie is not None
    first = visitor.post(CODE, form.filled({"code": shown(house)}))
    visitor.client.set_cookie(name, cookie.value)  # its answer was never read
    second = visitor.post(CODE, form.filled({"code": shown(house)}))
    assert (first.status_code, second.status_code) == (303, 303)
    assert visitor.get("/staff/").status_code == 200
    late = house.visitor()
    late.client.set_cookie(name, cookie.value)
    house.later(minutes=1)
    assert late.get("/staff/").status_code == 303


def test_without_the_telephone_one_of_the_ten_gets_in_once(house: House) -> None:
    codes = with_factor(house)
    visitor = house.visitor()
    sign_in(visitor)
    assert visitor.fill(CODE, {"code": codes[7].lower().replace("-", " ")}).status_code == 303
    assert "还剩9个" in main_of(visitor.get("/staff/"))
    other = house.visitor()
    sign_in(other)
    assert "只能用一次" in errors_on(other.fill(CODE, {"code": codes[7]}))["code"]


def test_a_code_that_does_not_fit_is_answered_with_what_helps(house: House) -> None:
    with_factor(house)
    visitor = house.visitor()
    sign_in(visitor)
    for typed in ("000000", "1", "<b>", "9" * 400):
        page = visitor.fill(CODE, {"code": typed})
        assert page.status_code == 422
        assert errors_on(page)["code"]
        assert "手机的时间不准" in main_of(page)


def test_whoever_knows_the_password_alone_is_no_browser_of_before(house: House) -> None:
    with_factor(house)
    for _ in range(2):  # in browsers of their own, as one who guesses would
        stranger = house.visitor()
        sign_in(stranger)
        for _ in range(3):
            stranger.fill(CODE, {"code": "000000"})
    assert "分钟再试" in errors_on(stranger.fill(CODE, {"code": shown(house)}))["code"]


def test_what_was_typed_is_there_again_after_both_steps(house: House) -> None:
    number = house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/opine"
    worker = house.staff("worker")
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled(
        {"initial_opinion": "写了很久"}
    )
    with_factor(house)  # which ended this session
    stopped = worker.post(action, sent)
    step = worker.submit(stopped, "/staff/login", {"username": "worker", "password": PASSWORD})
    assert "没有丢" in main_of(step)
    wrong = worker.submit(step, CODE, {"code": "000000"})
    back = worker.submit(wrong, CODE, {"code": shown(house)})
    assert form_on(back, action).value("initial_opinion") == "写了很久"


def test_a_first_password_comes_after_the_code(house: House) -> None:
    with_factor(house)
    casework.reset_password("worker", "given by the office", now=house.now)
    visitor = house.visitor()
    sign_in(visitor, password="given by the office")
    assert visitor.fill(CODE, {"code": shown(house)}).headers["Location"] == "/staff/password/own"


def test_codes_are_renewed_and_it_is_taken_off(house: House) -> None:
    visitor = house.staff("worker")
    old = codes_on(set_up(visitor))
    house.later(minutes=1)
    fields = {"code": shown(house), "password": PASSWORD}
    fresh = codes_on(visitor.fill(PAGE, fields, "/staff/second-factor/codes"))
    assert len(fresh) == 10
    assert not set(fresh) & set(old)
    page = visitor.get(PAGE)
    form = form_on(page, "/staff/second-factor/codes")
    again = visitor.post("/staff/second-factor/off", form.filled(fields))
    assert "已经用过" in errors_on(again)["code"]
    house.now += timedelta(minutes=1)
    done = visitor.post("/staff/second-factor/off", form.filled({**fields, "code": shown(house)}))
    assert done.status_code == 303
    assert sign_in(house.visitor()).headers["Location"] == "/staff/"


def test_who_lost_their_telephone_gets_in_after_the_administrator_took_it_away(
    house: House,
) -> None:
    with_factor(house)
    half = house.visitor()
    sign_in(half)
    casework.take_factor_away("worker", now=house.now)
    assert half.get("/staff/").headers["Location"].startswith("/staff/login?next=")
    visitor = house.visitor()
    assert sign_in(visitor).headers["Location"] == "/staff/"
    assert "管理员取下了您的两步验证" in main_of(visitor.get("/staff/"))
    assert "管理员取下了两步验证" in main_of(visitor.get("/staff/sign-ins"))


def leads_to(visitor: Visitor, path: str) -> str:
    """Where somebody who follows all that leads elsewhere comes to, but for what stands there."""
    while path != PAGE and (answer := visitor.get(path)).status_code in (302, 303):
        path = answer.headers["Location"].partition("?")[0]
    return path


@pytest.mark.slow
@pytest.mark.parametrize("role", ["community_leader", "street_leader", "admin"])
def test_where_it_is_needed_leaders_reach_nothing_but_its_page(strict: House, role: str) -> None:
    visitor = strict.staff(role)
    there = addresses(strict)
    shut = [name for name in there if name.partition(".")[0] in STAFF]
    for name in shut:
        for path in there[name] if name not in {*PUBLIC, "staff.second_factor"} else ():
            assert leads_to(visitor, path) == PAGE, path
    assert visitor.get(PAGE).status_code == 200  # which is drawn anew each time, with its code
    number = strict.number("楼上漏水")
    paths = [path for path, _ in posts(strict, number) if path.startswith("/staff/")]
    paths += [f"/staff/issues/{number}/{move}" for move in MOVE_NAMES]
    token = {"csrf_token": visitor.token(), "note": "写了很久的话"}
    for path in paths:
        if path in (OWN, CODE):  # another step leads back to this one
            assert visitor.post(path, token).headers["Location"] == PAGE
        elif path not in ("/staff/login", "/staff/logout", PAGE):
            answer = visitor.post(path, token)
            assert answer.status_code == 401, path
            assert "设置两步验证" in main_of(answer), path
    done = set_up(visitor, role)
    assert len(codes_on(done)) == 10
    assert visitor.get("/staff/").status_code == 200


def test_where_it_is_needed_the_others_are_asked_for_nothing(strict: House) -> None:
    for role in ("worker", "collector", "responder", "supervisor"):
        assert strict.staff(role).get("/staff/").status_code == 200


def test_what_a_leader_had_typed_is_there_again_after_setting_up(strict: House) -> None:
    number = strict.number("楼道灯不亮")
    action = f"/staff/issues/{number}/opine"
    leader = strict.staff("community_leader")
    stopped = leader.post(action, {"csrf_token": leader.token(), "initial_opinion": "写了很久"})
    seed = form_on(stopped, PAGE).value("seed")
    code = shown(strict, "community_leader", seed)
    done = leader.submit(stopped, PAGE, {"code": code, "password": PASSWORD})
    back = leader.submit(done, "/staff/second-factor/done")
    assert form_on(back, action).value("initial_opinion") == "写了很久"
