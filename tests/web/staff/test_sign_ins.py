"""The log of sign-ins as people read it: everybody their own, the administrator the circle's."""

from forms_app.store.accounts import AccountEvent
from tests.support.web import PASSWORD, House, Visitor, main_of

PHONE = "Mozilla/5.0 (Linux; Android 13; X) Chrome/120 Mobile MicroMessenger/8.0"


def sign_in(visitor: Visitor, username: str, password: str) -> int:
    fields = {"username": username, "password": password}
    return visitor.fill("/staff/login", fields).status_code


def test_everybody_reads_their_own_and_nobody_elses(house: House) -> None:
    phone = house.visitor()
    phone.client.environ_base["HTTP_USER_AGENT"] = PHONE
    assert sign_in(phone, "worker", "wrong") == 422
    assert sign_in(phone, "worker", "wrong again") == 422
    assert sign_in(phone, "worker", PASSWORD) == 303
    house.staff("community_leader")
    told = main_of(phone.get("/staff/sign-ins"))
    assert "密码不对" in told
    assert "2次" in told
    assert "安卓手机 微信" in told
    assert "就是这里" in told
    leader = main_of(house.staff("community_leader").get("/staff/sign-ins"))
    assert "密码不对" not in leader


def test_the_administrator_reads_the_circles(house: House) -> None:
    typed = "my secret password"
    sign_in(house.visitor(), typed, typed)
    sign_in(house.visitor(), "worker", "wrong")
    admin = house.staff("admin")
    page = admin.get("/staff/sign-ins/all")
    told = main_of(page)
    assert "用户名不存在" in told
    assert "没有这样的账号" in told
    assert "secret" not in page.text
    only = main_of(admin.get("/staff/sign-ins/all?account=worker"))
    assert "密码不对" in only
    assert "用户名不存在" not in only
    assert '<a href="/staff/sign-ins/all"' in page.text


def test_no_address_is_in_it(house: House) -> None:
    visitor = house.visitor()
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    sign_in(visitor, "worker", "wrong")
    sign_in(visitor, "worker", PASSWORD)
    assert "203.0.113" not in repr([row.__data__ for row in AccountEvent.select()])
