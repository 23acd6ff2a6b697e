"""A whole tick against real receivers: down, slow, failing, busy, redirecting, refusing."""

import re
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from email.policy import SMTP

import peewee
import pytest

from forms_app.commands import tick
from forms_app.notices import http, mail
from forms_app.notices.delivery import Post
from forms_app.notices.mail import MailServer
from forms_app.notices.robots import Robot, Robots
from forms_app.rules.emails import is_email
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.commands.conftest import hook_notice
from tests.support.actors import (
    BOB,
    CIRCLE,
    DAN,
    FIRST,
    NOW,
    SECOND,
    STELLA,
    THIRD,
    bring,
    make,
    submit,
)
from tests.support.receivers import MailSink, WebReceiver, web_receiver

PUBLIC = "https://circle.example.cn"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def office(database: peewee.Database) -> peewee.Database:
    """Wendy has an address and so has Alice; Wendy was just given Alice's issue to lead."""
    Account.update(email="wendy@example.org").where(Account.username == "wendy").execute()
    Issue.update(opined_at=NOW).execute()
    Issue.update(reporter_email="alice@example.org", confirmed_email="alice@example.org").where(
        Issue.number == FIRST
    ).execute()
    bring(Step.CLASSIFIED, "C")
    Notice.delete().execute()
    make("assign", DAN)
    return database


def by_mail(sink: MailSink) -> Post:
    return Post(CIRCLE.name, Robots(), PUBLIC, MailServer.from_url(sink.url))


def by_robot(receiver: WebReceiver, kind: str = "wecom", secret: str = "") -> Post:
    robot = Robot("robot", "jingui", kind, receiver.url, secret)
    return Post(CIRCLE.name, Robots({"robot": robot}, frozenset({"127.0.0.1"})), PUBLIC)


def run(post: Post, now: datetime = LATER) -> tick.Done:
    post.mail_failure = None
    return tick.run(CIRCLE, post, lambda: now)


@pytest.mark.usefixtures("office")
def test_an_address_that_no_letter_takes_is_refused_and_keeps_nobody_elses(sink: MailSink) -> None:
    """As one that was left before it was looked at so closely."""
    Issue.update(reporter_email="a..b@example.org", confirmed_email="a..b@example.org").where(
        Issue.number == FIRST
    ).execute()
    done = run(by_mail(sink))
    assert (done.sent, done.refused) == (1, 1)
    assert [to for to, _ in sink.got] == ["wendy@example.org"]


@pytest.mark.parametrize(
    "name",
    [
        "金桂", "a <b@c.cn>, 'd\"", "=?utf-8?q?=0d=0aBcc:_x@y.cn?=", "=?utf-8?b?DQpCY2M6IHhAeQ==?=",
        "a\r\nBcc: x@y.cn", "a\u2028Bcc: x@y.cn", "a\x85\x00b",
    ],
)  # fmt: skip
def test_no_name_becomes_a_line_of_a_letters_head(name: str) -> None:
    server = MailServer("smtp.example.cn", 25, "office@example.cn")
    written = mail.letter(server, "b@b.cn", "k", name, "正文", name, NOW).as_bytes(policy=SMTP)
    heads = written.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b"").split(b"\r\n")
    assert [one.partition(b":")[0].decode() for one in heads] == [
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type",
        "Content-Transfer-Encoding", "MIME-Version",
    ]  # fmt: skip
    assert b"\x00" not in written


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("a.b-c_d+e@qq.com", True), ("A1%@mail.example.cn", True), ("a..b@qq.com", False),
        (".a@qq.com", False), ("a.@qq.com", False), ("a@qq", False), ("a@b@qq.com", False),
        ("a b@qq.com", False), ("a@qq..com", False), ("a@qq.com\n", False), ("", False),
    ],
)  # fmt: skip
def test_what_passes_for_an_address_can_be_written_to(address: str, is_one: bool) -> None:
    assert is_email(address) == is_one
    if is_one:
        server = MailServer("smtp.example.cn", 25, "office@example.cn")
        assert mail.letter(server, address, "k", "主题", "正文", "示例", NOW)["To"] == address


@pytest.mark.usefixtures("office")
def test_a_mail_says_number_step_deadline_and_where(sink: MailSink) -> None:
    done = run(by_mail(sink))
    assert (done.sent, done.notices, done.refused, done.postponed) == (2, 2, 0, 0)
    mails = dict(sink.got)
    assert set(mails) == {"wendy@example.org", "alice@example.org"}
    text = mails["wendy@example.org"].get_content()
    assert "问题 260001（办理中）：交给您主办，请办理并登记进展，11月30日（周一）24:00前。" in text
    assert f"{PUBLIC}/staff/issues/260001" in text
    assert mails["wendy@example.org"]["From"] == "示例服务圈 <office@example.org>"
    assert mails["wendy@example.org"]["Subject"].startswith("问题 260001（办理中）")
    told = mails["alice@example.org"].get_content()
    assert "您反映的问题 260001 有新进展：正在办。" in told
    assert f"{PUBLIC}/issues/\n" in told
    assert mails["alice@example.org"]["Auto-Submitted"] == "auto-generated"
    assert run(by_mail(sink)).sent == 0


@pytest.mark.usefixtures("office")
def test_many_issues_are_one_mail(sink: MailSink) -> None:
    bring(Step.HANDLING, "C", SECOND)
    bring(Step.HANDLING, "C", THIRD)
    run(by_mail(sink))
    (mail_of_wendy,) = [m for to, m in sink.got if to == "wendy@example.org"]
    assert mail_of_wendy["Subject"] == "3 件事请您看一下"
    assert all(number in mail_of_wendy.get_content() for number in (FIRST, SECOND, THIRD))


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("answers", "state", "error"),
    [
        ({"RCPT": "550 unknown"}, "failed", "邮件服务器拒收（550）"),
        ({"RCPT": "450 later"}, "waiting", "邮件服务器暂时不收（450）"),
        ({"TEXT": "554 spam"}, "failed", "邮件服务器拒收（554）"),
        ({"DATA": "451 later"}, "waiting", "邮件服务器暂时不收（451）"),
    ],
)
def test_a_mail_that_is_not_taken_is_kept_or_given_up(
    sink: MailSink, answers: dict[str, str], state: str, error: str
) -> None:
    sink.answers = answers
    run(by_mail(sink))
    rows = Notice.select().where(Notice.kind == "account")
    assert [(row.state, row.error) for row in rows] == [(state, error)]
    sink.answers = {}
    run(by_mail(sink), LATER + timedelta(minutes=2))
    assert ("wendy@example.org" in dict(sink.got)) == (state == "waiting" or "TEXT" in answers)


@pytest.mark.usefixtures("office")
def test_a_mail_without_a_last_word_goes_again_under_its_own_name(sink: MailSink) -> None:
    sink.silent_after_text = True
    run(by_mail(sink))
    sink.silent_after_text = False
    run(by_mail(sink), LATER + timedelta(minutes=2))
    ids = [m["Message-ID"] for to, m in sink.got if to == "wendy@example.org"]
    assert len(ids) == 2
    assert len(set(ids)) == 1


@pytest.mark.usefixtures("office")
def test_a_mail_server_that_is_down_is_asked_once_a_tick(sink: MailSink) -> None:
    post = by_mail(sink)
    post.mail_server = MailServer("127.0.0.1", _closed_port(), "office@example.org")
    done = tick.run(CIRCLE, post, lambda: LATER)
    assert (done.sent, done.postponed) == (0, 2)
    assert post.mail_failure is not None
    assert run(by_mail(sink), LATER + timedelta(minutes=2)).sent == 2


def test_a_server_wants_a_name_and_a_password(sink: MailSink) -> None:
    server = MailServer.from_url(f"smtp://office%40x:h%3Aush@127.0.0.1:{sink.port}/?from=a@b.cn")
    assert (server.user, server.password) == ("office@x", "h:ush")
    assert "ush" not in repr(server)
    mail.send(server, mail.letter(server, "b@b.cn", "k", "s", "b", "示例", NOW))
    assert len(sink.logins) == 1
    sink.answers = {"AUTH": "535 no"}
    with pytest.raises(mail.MailNotSent, match="不认用户名") as failure:
        mail.send(server, mail.letter(server, "b@b.cn", "k", "s", "b", "示例", NOW))
    assert failure.value.is_channel


@pytest.mark.parametrize(
    ("url", "port", "sender"),
    [
        ("smtp://mail.example.cn", 25, "circle@mail.example.cn"),
        ("smtp://office%40example.cn:x@mail.example.cn?starttls", 587, "office@example.cn"),
        ("smtps://mail.example.cn/?from=a@example.cn", 465, "a@example.cn"),
        ("smtps://mail.example.cn:1465", 1465, "circle@mail.example.cn"),
    ],
)
def test_the_usual_port_and_sender_follow_from_the_address(
    url: str, port: int, sender: str
) -> None:
    server = MailServer.from_url(url)
    assert (server.port, server.sender) == (port, sender)


def test_a_password_never_goes_over_a_line_that_should_have_been_closed(sink: MailSink) -> None:
    server = MailServer.from_url(f"smtp://office:hush@127.0.0.1:{sink.port}/?starttls&from=a@b.cn")
    with pytest.raises(mail.MailNotSent):
        mail.send(server, mail.letter(server, "b@b.cn", "k", "s", "b", "示例", NOW))
    assert sink.logins == []


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_group_is_told_by_its_robot(robot: WebReceiver, kind: str) -> None:
    assert run(by_robot(robot, kind)).sent == 1
    (request,) = robot.got
    text = (request.content["content"] if kind == "feishu" else request.content)["text"]
    words = text if isinstance(text, str) else text["content"]
    assert words.startswith("问题 260001（办理中）：交给您主办")
    assert words.endswith(f"{PUBLIC}/staff/issues/260001")
    assert hook_notice().state == "sent"


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("status", "headers", "answer", "state", "minutes"),
    [
        (500, {}, {}, "waiting", 1),
        (429, {"Retry-After": "1200"}, {}, "waiting", 20),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, {}, "waiting", 1),
        (404, {}, {}, "waiting", 1),
        (302, {"Location": "http://127.0.0.1:1/"}, {}, "waiting", 1),
        (200, {}, {"errcode": 93000, "errmsg": "invalid webhook url"}, "failed", 0),
        (200, {}, {"errcode": 45009, "errmsg": "api freq out of limit"}, "waiting", 1),
        (200, {}, "not what was expected", "waiting", 1),
    ],
)
def test_what_a_robot_answers_decides_what_follows(
    robot: WebReceiver, status: int, headers: dict[str, str], answer: object, state: str,
    minutes: int,
) -> None:  # fmt: skip
    robot.status, robot.headers, robot.answer = status, headers, answer
    run(by_robot(robot))
    notice = hook_notice()
    assert notice.state == state
    assert notice.error
    assert "hush" not in notice.error
    assert len(robot.got) == 1
    if state == "waiting":
        assert notice.not_before == LATER + timedelta(minutes=minutes)


@pytest.mark.usefixtures("office")
def test_a_robot_that_answers_wrongly_for_hours_has_failed(robot: WebReceiver) -> None:
    robot.status, now = 302, LATER
    while hook_notice_is_waiting(now):
        now += timedelta(minutes=30)
        run(by_robot(robot), now)
    assert timedelta(hours=6) <= now - LATER < timedelta(hours=8)
    assert hook_notice().error == "对方要转到别的地址，为了安全没有跟过去"


def hook_notice_is_waiting(now: datetime) -> bool:
    return now < LATER + timedelta(days=3) and (
        not Notice.select().where(Notice.kind == "hook").exists()
        or hook_notice().state == "waiting"
    )


@pytest.mark.usefixtures("office")
def test_a_slow_robot_does_not_hold_the_others_up(
    robot: WebReceiver, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT_SECONDS", 0.3)
    robot.delay_seconds = 1.5
    post = by_robot(robot)
    post.mail_server = MailServer.from_url(sink.url)
    done = run(post)
    assert (done.sent, done.postponed) == (2, 1)
    assert hook_notice().error == "等了太久没有回应"
    key = hook_notice().message_key
    assert key  # it may have arrived


@pytest.mark.usefixtures("office")
def test_a_robot_that_is_down_is_tried_again(robot: WebReceiver) -> None:
    good, robot.port = robot.port, _closed_port()
    run(by_robot(robot))
    assert (hook_notice().state, hook_notice().error) == ("waiting", "对方没有在接收")
    robot.port = good
    assert run(by_robot(robot), LATER + timedelta(minutes=1)).sent == 1


def test_a_name_inside_the_net_is_called_only_where_it_was_allowed(
    robot: WebReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = http.socket.getaddrinfo

    def lookup(host: str, *more: int, **named: int) -> object:
        return real("127.0.0.1" if host == "hook.example.cn" else host, *more, **named)

    monkeypatch.setattr(http.socket, "getaddrinfo", lookup)
    url = f"http://hook.example.cn:{robot.port}/"
    with pytest.raises(http.AddressRefused, match="内网"):
        http.post(url, b"{}", {}, ())
    assert robot.got == []
    assert http.post(url, b"{}", {}, ("hook.example.cn",)).status == 200
    assert robot.got[0].headers["host"] == f"hook.example.cn:{robot.port}"


def test_no_message_holds_a_word_that_anybody_wrote(
    database: peewee.Database, robot: WebReceiver, sink: MailSink
) -> None:
    assert database is not None
    Account.update(email="staff@example.org").execute()
    words = {
        name: f"CANARY{name}"
        for name in ("description", "location", "reporter_name", "reporter_phone")
    }
    number = submit("canary", reporter_email="alice@example.org", **words).number
    make("classify", DAN, number, severity_class="B", initial_opinion="CANARYopinion")
    make("summon", DAN, number, asked="CANARYasked", parties=["city"])
    make("answer", BOB, number, opinion="CANARYanswer")
    make("plan", DAN, number, text="CANARYplan", assist=[])
    make("progress", BOB, number, note="CANARYnote")
    make("escalate", DAN, number, reason="CANARYreason")
    make("summon", STELLA, number, asked="CANARYasked", parties=["city"])
    make("answer", BOB, number, opinion="CANARYanswer")
    make("plan", STELLA, number, text="CANARYplan", assist=[])
    make("resolve", BOB, number, outcome="CANARYoutcome")
    robots = {
        kind: Robot(kind, "all", kind, robot.url, SECRET)
        for kind in ("wecom", "dingtalk", "feishu", "generic")
    }
    post = Post(CIRCLE.name, Robots(robots, frozenset({"127.0.0.1"})), PUBLIC)
    post.mail_server = MailServer.from_url(sink.url)
    now = NOW + timedelta(hours=1)
    for _ in range(40):
        run(post, now)
        now += timedelta(hours=7)
    said = [request.body.decode() + str(request.headers) for request in robot.got]
    said += [str(m) + m.get_content() for _, m in sink.got]
    assert len(said) > 20
    assert not [text for text in said if re.search("CANARY|canary", text)]


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr"


def _closed_port() -> int:
    with web_receiver() as receiver:
        return receiver.port


@pytest.mark.parametrize(
    "head",
    [
        b"",  # it never comes to the end of its first line
        b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n",
        # Until the line ends: the answer has the line then, and the connection no more.
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n",
    ],
)
def test_a_receiver_that_sends_a_byte_now_and_then_is_cut_off(
    monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(http, "LONGEST_SECONDS", 0.5)
    with dripping(head) as port:
        began = time.monotonic()
        with suppress(http.NoAnswer):  # what came until then may do
            answer = http.post(f"http://127.0.0.1:{port}/", b"{}", {}, ())
            assert (answer.status, set(answer.body)) == (200, {ord("x")})
        assert time.monotonic() - began < 3


def test_a_mail_server_that_sends_a_byte_now_and_then_is_cut_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "LONGEST_SECONDS", 0.5)
    with dripping() as port:
        began = time.monotonic()
        server = MailServer("127.0.0.1", port, "office@example.org")
        with pytest.raises(mail.MailNotSent):
            mail.send(server, mail.letter(server, "b@b.cn", "k", "s", "b", "示例", NOW))
        assert time.monotonic() - began < 3


@contextmanager
def dripping(head: bytes = b"") -> Iterator[int]:
    """A server that never comes to the end of what follows these words; its port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request.send(head)
                for _ in range(200):
                    self.request.send(b"x")
                    time.sleep(0.1)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
