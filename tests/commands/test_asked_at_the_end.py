"""One round through real receivers with a clock that moves: the end, then one, three and seven days
of silence are told by mail, by text message and in the browser, and the ticket's page asks for the
verdict each time and has none chosen."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from forms_app import casework
from forms_app.commands import tick
from forms_app.issues.access import resident
from forms_app.notices import sealing
from forms_app.notices.delivery import Post
from forms_app.notices.mail import MailServer
from forms_app.notices.push import PushKey
from forms_app.notices.robots import Robots
from forms_app.notices.sms import Gateway
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support.push_service import Browser, push_service
from tests.support.receivers import MailSink, WebReceiver, mail_sink, web_receiver
from tests.support.web import House, form_on, main_of

PUBLIC = "https://circle.example.cn"
PRIVATE = sealing.fresh_key()
KEY = PushKey(sealing.public_half(PRIVATE), PRIVATE, PUBLIC)
MAIL, PHONE = "alice@example.org", "13800001234"


def carried_to_its_end(house: House, number: str) -> None:
    """Graded and taken on by the staff, from their pages."""
    leader, worker = house.staff("community_leader"), house.staff("worker")
    graded = {"severity_class": "C", "urgency": "2", "initial_opinion": "去看。"}
    assert leader.move(number, "classify", graded).status_code == 303
    assert worker.move(number, "claim").status_code == 303
    Notice.delete().execute()  # what came before the end is not what is looked at


def left(number: str, **contacts: str) -> None:
    Issue.update(contacts).where(Issue.number == number).execute()


def mails(sink: MailSink) -> list[str]:
    return [
        mail.get_content() + str(mail["Subject"]) for to, mail in sink.got if to == MAIL
    ]  # fmt: skip


def texts(sms: WebReceiver) -> list[str]:
    return [json.loads(got.body)["content"] for got in sms.got]


def asks(house: House, number: str) -> bool:
    """Whether the ticket's page asks for the verdict, with no answer chosen."""
    page = house.holder(number).get(f"/issues/{number}")
    form = form_on(page, f"/issues/{number}/verdict")
    assert "satisfaction" not in form.sent
    return "办好了" in main_of(page) and "还没办好" in main_of(page)


@pytest.mark.slow
def test_a_round_is_asked_about_at_its_end_and_after_one_three_and_seven_days_until_it_is_judged(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_mail, by_text = house.visitor().report()[0], house.visitor().report()[0]
    browser = Browser(KEY.public)
    left(by_mail, reporter_email=MAIL, confirmed_email=MAIL, tell_by="email")
    left(by_text, reporter_phone=PHONE, tell_by="sms")
    casework.wake_here(resident(by_mail), by_mail, browser.woken, "key", now=house.now)
    for number in (by_mail, by_text):
        carried_to_its_end(house, number)
    for number in (by_mail, by_text):
        done = house.staff("worker").move(number, "resolve", {"outcome": "换好了。"})
        assert done.status_code == 303
    done_at = house.now
    with (
        mail_sink() as sink,
        web_receiver() as sms,
        push_service(tmp_path, monkeypatch) as service,
    ):
        sms.answer = {"code": "0"}
        post = Post(
            house.circle.name, Robots(), PUBLIC, MailServer.from_url(sink.url),
            Gateway(
                sms.url, "街道", {"mobile": "{phone}", "content": "{text}", "once": "{nonce}"},
                field_path="code", field_value="0",
            ),
            KEY,
        )  # fmt: skip

        def counts() -> tuple[int, int, int]:
            return len(mails(sink)), len(texts(sms)), len(service.got)

        told, hours_told = [counts()], []
        for hours in range(0, 24 * 10, 3):
            house.now = done_at + timedelta(hours=hours)
            tick.run(house.circle, post, lambda: house.now)
            if counts() != told[-1]:
                told.append(counts())
                hours_told.append(hours)
                assert asks(house, by_mail), hours
                assert asks(house, by_text), hours
        # The end itself and three reminders, on each way; nothing more in ten days of silence.
        assert told == [(count, count, count) for count in range(5)]
        assert hours_told == [0, 24, 72, 168]
        assert all(by_mail in one for one in mails(sink))
        assert all(by_text in one for one in texts(sms))
        assert all(browser.read(body) == b"news" for _, _, body in service.got)
        for number in (by_mail, by_text):
            assert house.issue(number).step == "evaluating"
            answer = house.holder(number).fill(
                f"/issues/{number}", {"satisfaction": "5"}, action=f"/issues/{number}/verdict"
            )
            assert answer.status_code == 303
            assert house.issue(number).step == "closed"
        before = counts()
        for days in (11, 14, 18):
            house.now = done_at + timedelta(days=days)
            tick.run(house.circle, post, lambda: house.now)
        assert counts() == before
