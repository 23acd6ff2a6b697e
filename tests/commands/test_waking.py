"""Browsers are woken by a tick through a real push service: down, slow, refusing, gone."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import peewee
import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.commands import tick
from forms_app.notices import http, sealing
from forms_app.notices.delivery import Post
from forms_app.notices.push import PushKey
from forms_app.notices.robots import Robots
from forms_app.store.notices import Notice, PushSubscription
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    SECOND,
    WENDY,
    issue,
    make,
)
from tests.support.push_service import Browser, PushService, claims, lead_to, push_service

QUIET = replace(CIRCLE, quiet_hours=None)
LATER = NOW + timedelta(minutes=30)
PRIVATE = sealing.fresh_key()
KEY = PushKey(sealing.public_half(PRIVATE), PRIVATE, "https://circle.example.cn")


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    with push_service(tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
def browser(database: peewee.Database) -> Browser:
    assert database is not None
    asked = Browser(KEY.public)
    casework.wake_here(ALICE, FIRST, asked.woken, "key of alice", now=NOW)
    Notice.delete().execute()
    return asked


def run(at: timedelta = timedelta(), key: PushKey | None = KEY) -> tick.Done:
    return tick.run(QUIET, Post("示例圈", Robots(), push_key=key), lambda: LATER + at)


def state() -> list[str]:
    rows = Notice.select().where(Notice.kind == "push").order_by(Notice.id)
    return [row.state for row in rows]


def subscriptions() -> int:
    return PushSubscription.select().count()


def test_news_wakes_the_browser_once_and_says_nothing_of_the_matter(
    service: PushService, browser: Browser
) -> None:
    make("opine", WENDY, text="电工下午去换。")
    run()
    run()
    ((path, headers, body),) = service.got
    assert (path, browser.read(body)) == ("/a", b"news")
    told = claims(headers["authorization"])
    assert (told["aud"], told["k"]) == ("https://push.example.com", KEY.public)
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", str(2 * 86400))
    assert not any(FIRST in value for value in headers.values())
    assert state() == ["sent"]


def test_what_the_resident_does_themselves_wakes_nobody(
    service: PushService, browser: Browser
) -> None:
    make("withdraw", ALICE)
    run()
    assert (service.got, state(), browser.name) == ([], [], "a")


def test_another_issue_s_news_are_not_theirs(service: PushService, browser: Browser) -> None:
    make("opine", WENDY, SECOND)
    run()
    assert (service.got, browser.name) == ([], "a")


def test_several_browsers_are_woken_and_of_much_news_once(
    service: PushService, browser: Browser
) -> None:
    phone = Browser(KEY.public, "phone")
    casework.wake_here(ALICE, FIRST, phone.woken, "key of the phone", now=NOW)
    make("opine", WENDY)
    make("settle", WENDY)
    run()
    assert sorted(path for path, *_ in service.got) == ["/a", "/phone"]
    assert [one.read(body) for one, (_, _, body) in zip(
        (browser, phone), sorted(service.got, key=lambda got: got[0]), strict=True
    )] == [b"news", b"news"]  # fmt: skip
    assert set(state()) == {"sent"}


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_asked_no_more(
    service: PushService, browser: Browser, status: int
) -> None:
    service.status = status
    make("opine", WENDY)
    run()
    assert (state(), subscriptions(), len(service.got)) == (["lapsed"], 0, 1)
    make("settle", WENDY)
    run(timedelta(hours=1))
    assert (len(service.got), browser.name) == (1, "a")


@pytest.mark.parametrize("status", [429, 500, 403])
def test_what_may_pass_is_tried_again(service: PushService, browser: Browser, status: int) -> None:
    service.status = status
    make("opine", WENDY)
    run()
    assert (state(), subscriptions()) == (["waiting"], 1)
    service.status = 201
    run(timedelta(minutes=2))
    assert (state(), len(service.got)) == (["sent"], 2)
    assert browser.read(service.got[1][2]) == b"news"


def test_what_never_passes_is_given_up_and_no_matter_of_the_staff_s(
    service: PushService, browser: Browser
) -> None:
    service.status = 500
    make("opine", WENDY)
    for hours in range(50):
        run(timedelta(hours=hours))
    assert (state(), subscriptions(), browser.name) == (["lapsed"], 1, "a")
    assert casework.resend_failed(DAN, now=NOW) == 0


def test_a_redirect_is_not_followed(service: PushService, browser: Browser) -> None:
    service.status, service.headers = 307, {"Location": "https://push.example.com/inner"}
    make("opine", WENDY)
    run()
    assert [path for path, *_ in service.got] == [f"/{browser.name}"]
    assert state() == ["waiting"]


def test_one_that_hangs_or_says_too_much_is_left(
    service: PushService, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.2)
    service.delay_seconds = 0.6
    make("opine", WENDY)
    run()
    assert state() == ["waiting"]
    service.delay_seconds, service.answer = 0, b"x" * 1_000_000
    run(timedelta(minutes=2))
    assert (state(), browser.name) == (["sent"], "a")


def test_a_name_that_leads_inside_now_ends_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead_to(monkeypatch, "169.254.169.254")
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("called"))
    make("opine", WENDY)
    run()
    assert (state(), subscriptions(), browser.name) == (["lapsed"], 0, "a")


def test_what_was_promised_another_key_ends(service: PushService, browser: Browser) -> None:
    make("opine", WENDY)
    private = sealing.fresh_key()
    run(key=PushKey(sealing.public_half(private), private))
    assert (state(), subscriptions(), service.got) == (["lapsed"], 0, [])
    assert browser.made_for == KEY.public


def test_where_no_browser_may_be_woken_nothing_waits(
    service: PushService, browser: Browser
) -> None:
    make("opine", WENDY)
    run(key=None)
    assert (state(), service.got, browser.name) == (["no_channel"], [], "a")


def test_switched_off_nothing_that_waits_is_sent(service: PushService, browser: Browser) -> None:
    make("opine", WENDY)
    casework.erase_here(ALICE, FIRST, "key of alice", now=NOW)
    run()
    assert (state(), service.got, browser.name) == (["lapsed"], [], "a")


def test_asked_twice_it_is_one_and_of_many_the_newest_stay(browser: Browser) -> None:
    casework.wake_here(ALICE, FIRST, browser.woken, "key of alice", now=NOW)
    assert subscriptions() == 1
    for place in range(12):
        other = Browser(KEY.public, str(place))
        casework.wake_here(ALICE, FIRST, other.woken, f"key {place}", now=NOW)
    kept = PushSubscription.select().order_by(PushSubscription.id)
    assert [row.endpoint.rpartition("/")[2] for row in kept] == [
        str(place) for place in range(2, 12)
    ]


def test_with_its_end_it_ends_after_the_time_in_which_it_may_be_opened_again(
    browser: Browser,
) -> None:
    make("withdraw", ALICE)
    days = timedelta(days=CIRCLE.clocks.reopen_days)
    assert casework.erase_woken(CIRCLE, now=NOW + days - timedelta(hours=1)) == 0
    assert casework.erase_woken(CIRCLE, now=NOW + days + timedelta(days=1)) == 1
    assert (issue().step, subscriptions(), browser.name) == ("withdrawn", 0, "a")


def test_an_open_issue_keeps_it(browser: Browser) -> None:
    assert casework.erase_woken(CIRCLE, now=NOW + timedelta(days=400)) == 0
    assert (subscriptions(), browser.name) == (1, "a")


def test_put_in_again_a_backup_wakes_nobody(browser: Browser) -> None:
    casework.end_every_session()
    assert (subscriptions(), browser.name) == (0, "a")


def test_asked_for_at_the_office_it_is_erased(browser: Browser) -> None:
    assert casework.erase_asked_for(FIRST, now=NOW)[0] == 1
    assert (subscriptions(), browser.name) == (0, "a")
    assert "push" in casework.owed()[0].what.split()
