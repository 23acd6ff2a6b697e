"""In this browser: asked for by a press on the issue's page, and switched off by another."""

import io
import json
import re
import zipfile
from contextlib import suppress

import pytest

from forms_app.notices import sealing
from forms_app.notices.push import push_key
from forms_app.store.models import Erasure
from forms_app.store.notices import Notice, PushSubscription
from tests.support.page_audit import flaws
from tests.support.push_service import Browser
from tests.support.web import House, Visitor, main_of


@pytest.fixture
def key(house: House) -> str:
    found = push_key(house.settings)
    assert found is not None
    return found.public


@pytest.fixture
def number(alice: Visitor) -> str:
    return alice.report()[0]


def ask(visitor: Visitor, number: str, browser: Browser, **changed: str) -> int:
    woken = browser.woken
    fields = {
        "csrf_token": visitor.token(), "endpoint": woken.endpoint, "p256dh": woken.p256dh,
        "auth": woken.auth, "made_for": woken.made_for,
    }  # fmt: skip
    return visitor.post(f"/issues/{number}/wake", {**fields, **changed}).status_code


def test_without_a_key_nothing_is_offered(alice: Visitor, number: str) -> None:
    assert "data-wake" not in alice.get(f"/issues/{number}").text


def test_pressed_it_is_on_and_pressed_again_off(
    house: House, alice: Visitor, number: str, key: str
) -> None:
    page = alice.get(f"/issues/{number}")
    assert f'data-wake="{key}"' in page.text
    assert flaws(page.text) == []
    assert ask(alice, number, Browser(key)) == 303
    page = alice.get(f"/issues/{number}")
    assert "这个浏览器会告诉您" in main_of(page)
    assert flaws(page.text) == []
    house.staff("worker").move(number, "opine", {"initial_opinion": "下午去换。"})
    assert Notice.select().where(Notice.kind == "push").count() == 1
    fields = {"csrf_token": alice.token(), "off": "y"}
    assert [alice.post(f"/issues/{number}/wake", fields).status_code for _ in "ab"] == [303, 303]
    assert PushSubscription.select().count() == 0
    assert "在这个浏览器里告诉我" in main_of(alice.get(f"/issues/{number}"))
    assert [(row.what, row.is_owed) for row in Erasure.select()] == [("push", False)]


def test_a_page_of_before_is_not_shown_again(house: House, key: str) -> None:
    number = house.number("楼上漏水")
    holder = house.holder(number)
    for _ in range(2):  # the first one of a session gives it the token of its forms
        page = holder.get(f"/issues/{number}")
    tag = {"If-None-Match": page.headers["ETag"]}
    assert holder.get(f"/issues/{number}", headers=tag).status_code == 304
    ask(holder, number, Browser(key))
    holder.get(f"/issues/{number}")  # which says once that it is so
    assert holder.get(f"/issues/{number}", headers=tag).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": ""},  # without a script
        {"endpoint": "http://push.example.com/1"},
        {"endpoint": "https://10.0.0.1/1"},
        {"endpoint": "https://push.example.com/" + "长" * 5},
        {"p256dh": "abc"},
        {"auth": "!"},
        {"made_for": "another's"},
    ],
)
def test_what_could_not_wake_it_is_said_in_a_sentence(
    alice: Visitor, number: str, key: str, changed: dict[str, str]
) -> None:
    assert ask(alice, number, Browser(key), **changed) == 303
    assert "收不到这样的消息。别的办法照旧" in main_of(alice.get(f"/issues/{number}"))
    assert PushSubscription.select().count() == 0


def test_a_stranger_is_not_told(house: House, number: str, key: str) -> None:
    assert ask(house.visitor(), number, Browser(key)) == 403
    assert ask(house.holder(house.number("路灯杆歪了")), number, Browser(key)) == 403
    assert PushSubscription.select().count() == 0


def test_it_ends_when_its_resident_leaves(
    house: House, alice: Visitor, number: str, key: str
) -> None:
    ask(alice, number, Browser(key))
    ask(house.holder(number), number, Browser(key, "other"))
    alice.post("/issues/leave", {"csrf_token": alice.token()})
    assert [row.endpoint[-5:] for row in PushSubscription.select()] == ["other"]


def test_it_ends_with_the_ticket(house: House, alice: Visitor, number: str, key: str) -> None:
    ask(alice, number, Browser(key))
    house.staff("community_leader").move(number, "reissue", {"identity": "本人到窗口"})
    assert PushSubscription.select().count() == 0


def test_it_stays_when_the_browser_opens_another_ticket(
    house: House, alice: Visitor, number: str, key: str
) -> None:
    ask(alice, number, Browser(key))
    _, ticket = house.visitor().report()
    assert alice.fill("/issues/", {"ticket": ticket}).status_code == 303
    assert "这个浏览器会告诉您" in main_of(alice.get(f"/issues/{number}"))


def test_it_is_a_datum_of_theirs_seen_taken_along_and_erased(
    house: House, alice: Visitor, number: str, key: str
) -> None:
    browser = Browser(key)
    ask(alice, number, browser)
    page = alice.get(f"/issues/{number}/own")
    assert browser.woken.endpoint in page.text
    assert flaws(page.text) == []
    told = json.loads(alice.get(f"/issues/{number}/own/file").text)
    assert [one["地址"] for one in told["收消息的浏览器"]] == [browser.woken.endpoint]
    path = f"/issues/{number}/own/erase"
    fields = {"csrf_token": alice.token(), "form_key": "k" * 32, "what": ["push"]}
    assert alice.post(path, fields).status_code == 303
    assert PushSubscription.select().count() == 0
    files = [path for path in house.settings.private_dir.rglob("*") if path.is_file()]
    assert not any(browser.woken.endpoint.encode() in path.read_bytes() for path in files)


@pytest.mark.slow
def test_no_member_of_staff_reads_the_address(
    house: House, alice: Visitor, number: str, key: str
) -> None:
    browser = Browser(key)
    ask(alice, number, browser)
    secrets = (browser.woken.p256dh.encode(), b"push.example.com")
    told = {}
    for role in ("worker", "community_leader", "street_leader", "supervisor"):
        staff = house.staff(role)
        for path in (f"/staff/issues/{number}", "/staff/"):
            told[role, path] = staff.get(path).data
        with zipfile.ZipFile(io.BytesIO(staff.get("/staff/register.xlsx").data)) as sheet:
            told[role, "register"] = b"".join(map(sheet.read, sheet.namelist()))
    assert all(number.encode() in data for data in told.values())
    assert [at for at, data in told.items() if any(one in data for one in secrets)] == []


def test_the_worker_says_in_the_reader_s_language_that_there_is_news(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.get("/issues/sw.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "您反映的事有新进展" in _body(answer.text)
    visitor.get("/language?to=en&back=")
    assert "There is news" in _body(visitor.get("/issues/sw.js").text)
    assert 'const SCOPE = "/issues/"' in answer.text
    assert "fetch" not in answer.text


def _body(script: str) -> str:
    found = re.search(r'body: ("[^"]*")', script)
    assert found is not None
    return str(json.loads(found[1]))


def test_the_server_of_the_pages_never_reads_the_private_key(
    house: House, alice: Visitor, number: str, key: str
) -> None:
    private = house.settings.push_key_file
    assert sealing.public_half(private.read_text(encoding="ascii").strip()) == key
    private.unlink()
    assert ask(alice, number, Browser(key)) == 303
    assert PushSubscription.select().count() == 1
    with suppress(FileNotFoundError):
        pytest.fail(private.read_text(encoding="ascii"))
