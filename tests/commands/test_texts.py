"""Text messages through a tick against a real gateway: down, slow, refusing, full, at night."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import timedelta

import peewee
import pytest
from msgspec.structs import replace

from forms_app import queries
from forms_app.commands import tick
from forms_app.notices import http
from forms_app.notices.delivery import Post
from forms_app.notices.robots import Robots
from forms_app.notices.sms import Gateway
from forms_app.store.models import Issue
from forms_app.store.notices import Notice, PhoneDuty
from tests.support.actors import ALICE, CIRCLE, DAN, FIRST, NOW, SECOND, WENDY, issue, make
from tests.support.receivers import WebReceiver, web_receiver

PHONE = "138 0000 0000"
PUBLIC = "https://circle.example.cn"
QUIET = replace(CIRCLE, quiet_hours=None)
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def sms() -> Iterator[WebReceiver]:
    with web_receiver() as receiver:
        receiver.answer = {"code": "0"}
        yield receiver


@pytest.fixture(autouse=True)
def chose_texts(database: peewee.Database) -> None:
    assert database is not None
    for number in (FIRST, SECOND):
        Issue.update(reporter_phone=PHONE, tell_by="sms").where(Issue.number == number).execute()
    Notice.delete().execute()


def gateway(receiver: WebReceiver) -> Gateway:
    return Gateway(
        receiver.url, "街道", {"mobile": "{phone}", "content": "{text}", "once": "{nonce}"},
        field_path="code", field_value="0", night=None,
    )  # fmt: skip


def run(found: Gateway | None, at: timedelta = timedelta()) -> tick.Done:
    return tick.run(QUIET, Post("示例圈", Robots(), PUBLIC, gateway=found), lambda: LATER + at)


def text() -> Notice:
    return Notice.get(Notice.kind == "sms")


def rung() -> list[str]:
    return [row.number for row in queries.to_ring(WENDY).rows]


def test_an_answer_goes_out_once_and_says_nothing_of_the_matter(sms: WebReceiver) -> None:
    make("opine", WENDY, text="电工下午去换。")
    run(gateway(sms))
    run(gateway(sms))
    (got,) = sms.got
    sent = json.loads(got.body)
    assert sent["mobile"] == "13800000000"
    assert sent["content"] == f"【街道】您反映的问题{FIRST}：社区答复您了。{PUBLIC}/issues/"
    assert "电工" not in got.body.decode()
    assert (text().state, rung()) == ("sent", [])


def test_what_is_down_is_tried_over_hours_and_then_rung(sms: WebReceiver) -> None:
    make("opine", WENDY)
    down = dataclasses.replace(gateway(sms), url="http://127.0.0.1:1/")
    run(down)
    assert (text().state, rung()) == ("waiting", [])
    for minutes in range(0, 6 * 60, 20):
        run(down, timedelta(minutes=minutes))
    assert text().state == "failed"
    assert rung() == [FIRST]
    assert [row.kind for row in queries.failed_notices(DAN)] == ["sms"]
    assert PhoneDuty.get().event == "opinion"


def test_up_again_it_goes_out(sms: WebReceiver) -> None:
    make("opine", WENDY)
    sms.status = 503
    run(gateway(sms))
    sms.status = 200
    run(gateway(sms), timedelta(minutes=2))
    assert (text().state, len(sms.got), rung()) == ("sent", 2, [])


def test_slow_it_is_sent_again_as_the_same(
    sms: WebReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.2)
    make("opine", WENDY)
    sms.delay_seconds = 0.6
    run(gateway(sms))
    assert text().state == "waiting"
    # It may have arrived: the place that it took of the day's is its own.
    assert text().sent_at is not None
    sms.delay_seconds = 0
    run(gateway(sms), timedelta(minutes=2))
    first, second = (json.loads(got.body)["once"] for got in sms.got)
    assert first == second
    assert text().state == "sent"


@pytest.mark.parametrize(("status", "answer"), [(403, {"code": "0"}), (302, {"code": "0"})])
def test_refused_somebody_rings_at_once(sms: WebReceiver, status: int, answer: object) -> None:
    make("opine", WENDY)
    sms.status, sms.answer, sms.headers = status, answer, {"Location": sms.url}
    run(gateway(sms))
    assert (text().state, rung(), len(sms.got)) == ("failed", [FIRST], 1)


def test_an_error_in_a_good_answer_is_one(sms: WebReceiver) -> None:
    make("opine", WENDY)
    sms.answer = {"code": "NO_BALANCE", "message": "hush"}
    run(gateway(sms))
    assert (text().state, text().error) == ("waiting", "短信平台没有收（code：NO_BALANCE）")


def test_a_phone_gets_so_many_a_day_and_the_office_sends_so_many(sms: WebReceiver) -> None:
    make("opine", WENDY)
    run(gateway(sms))
    make("opine", WENDY, SECOND, now=NOW + timedelta(minutes=2))
    run(dataclasses.replace(gateway(sms), most_for_a_phone=1), timedelta(minutes=1))
    assert rung() == [SECOND]
    make("settle", WENDY, now=NOW + timedelta(minutes=5))
    run(dataclasses.replace(gateway(sms), most_for_the_office=1), timedelta(minutes=9))
    assert (sorted(rung()), len(sms.got)) == ([FIRST, SECOND], 1)


def test_two_that_go_at_once_do_not_share_the_last_place(sms: WebReceiver) -> None:
    for minutes, number in enumerate((FIRST, SECOND)):
        make("opine", WENDY, number, now=NOW + timedelta(minutes=minutes))
    Issue.update(reporter_phone="13900000000").where(Issue.number == SECOND).execute()
    sms.delay_seconds = 0.5
    run(dataclasses.replace(gateway(sms), most_for_the_office=1))
    states = sorted(row.state for row in Notice.select().where(Notice.kind == "sms"))
    assert (len(sms.got), states, len(rung())) == (1, ["failed", "sent"], 1)


def test_what_a_clock_sent_that_was_far_ahead_takes_nobodys_place(sms: WebReceiver) -> None:
    make("opine", WENDY)
    run(gateway(sms))
    Notice.update(sent_at=LATER + timedelta(days=365)).where(Notice.kind == "sms").execute()
    make("opine", WENDY, SECOND, now=NOW + timedelta(minutes=2))
    one = dataclasses.replace(gateway(sms), most_for_a_phone=1, most_for_the_office=1)
    run(one, timedelta(minutes=1))
    assert (len(sms.got), rung()) == (2, [])


def test_what_did_not_arrive_leaves_its_place_to_another(sms: WebReceiver) -> None:
    make("opine", WENDY)
    sms.status = 503
    run(dataclasses.replace(gateway(sms), most_for_the_office=1))
    make("opine", WENDY, SECOND, now=NOW + timedelta(minutes=2))
    Notice.update(not_before=LATER + timedelta(hours=1)).where(Notice.attempts > 0).execute()
    sms.status = 200
    run(dataclasses.replace(gateway(sms), most_for_the_office=1), timedelta(minutes=1))
    states = sorted(row.state for row in Notice.select().where(Notice.kind == "sms"))
    assert (len(sms.got), states) == (2, ["sent", "waiting"])


def test_at_night_it_waits_and_nothing_is_lost(sms: WebReceiver) -> None:
    make("opine", WENDY)
    night = dataclasses.replace(gateway(sms), night=(0, 23 * 60 + 59))
    for hours in range(6):
        run(night, timedelta(hours=hours))
    assert (text().state, sms.got, rung()) == ("waiting", [], [])
    run(gateway(sms), timedelta(hours=7))
    assert text().state == "sent"


def test_without_a_gateway_or_a_mobile_somebody_rings(sms: WebReceiver) -> None:
    make("opine", WENDY)
    run(None)
    assert (text().state, rung()) == ("no_channel", [FIRST])
    Issue.update(reporter_phone="0797-0000-177").where(Issue.number == SECOND).execute()
    make("opine", WENDY, SECOND)
    run(gateway(sms), timedelta(minutes=1))
    assert (sorted(rung()), sms.got) == ([FIRST, SECOND], [])


def test_who_follows_reads_of_the_result_too(sms: WebReceiver) -> None:
    make("merge", DAN, SECOND, into=FIRST)
    Notice.delete().execute()
    make("settle", WENDY)
    run(gateway(sms))
    told = Notice.select().where(Notice.kind == "sms", Notice.state == "sent")
    assert sorted(row.issue.number for row in told) == [FIRST, SECOND]
    assert len(sms.got) == 2


def test_what_is_over_or_was_chosen_otherwise_is_not_sent(sms: WebReceiver) -> None:
    make("opine", WENDY)
    make("withdraw", ALICE)
    make("opine", WENDY, SECOND)
    Issue.update(tell_by="self").where(Issue.number == SECOND).execute()
    run(gateway(sms))
    assert (sms.got, rung()) == ([], [])
    assert {row.state for row in Notice.select().where(Notice.kind == "sms")} == {"lapsed"}


def test_of_several_the_newest_says_it_all(sms: WebReceiver) -> None:
    make("opine", WENDY)
    make("settle", WENDY)
    assert issue().step == "evaluating"
    run(gateway(sms))
    (got,) = sms.got
    assert "有结果了" in json.loads(got.body)["content"]
