"""Carrying one message of the outbox by the road that is set up for its recipient."""

import base64
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from forms_app.casework import (
    TOLD_AS_ONE,
    Attempt,
    Ending,
    Message,
    Room,
    burst_size,
    take_room,
    woken,
)
from forms_app.community import Circle
from forms_app.notices.calls import Call, call, judge, trial
from forms_app.notices.http import (
    AddressRefused,
    Answer,
    NoAnswer,
    NotConnected,
    post,
    post_to_stranger,
)
from forms_app.notices.mail import (
    MailNotSent,
    MailRefused,
    MailServer,
    MailUnsure,
    letter,
    send,
)
from forms_app.notices.push import PushKey, outcome, push_key
from forms_app.notices.robots import ALL, EVERYTHING, Robot, Robots, office_robots
from forms_app.notices.sms import FILE as SMS_FILE
from forms_app.notices.sms import Gateway, read_gateway
from forms_app.notices.texts import NoticeWords, body, subject
from forms_app.rules.keys import email_code
from forms_app.rules.notices import PUSH, RESIDENT, ROBOT, SMS
from forms_app.rules.phones import is_mobile
from forms_app.rules.told_by import News
from forms_app.rules.waking import Woken
from forms_app.rules.worktime import CHINA, is_night
from forms_app.settings import Settings


def webhook_secret(settings: Settings) -> str:
    """The secret that signs what CIRCLE_WEBHOOK_URL gets: `whsec_…`, from the server's own key."""
    key = hmac.digest(settings.secret_key.encode(), b"webhook", "sha256")
    return f"whsec_{base64.b64encode(key).decode()}"


_NO_ROOM = {
    Room.NONE_FOR_THE_PHONE: "这个号码今天的短信已经发满",
    Room.NONE_FOR_THE_OFFICE: "全单位今天的短信已经发满",
}


@dataclass
class Post:
    """The roads that are set up, as they are during one tick."""

    circle_name: str
    robots: Robots
    public_url: str | None = None
    mail_server: MailServer | None = None
    gateway: Gateway | None = None
    push_key: PushKey | None = None
    server_key: str = field(default="", repr=False)
    # Of a mail server that does not answer, nobody else waits for it in the same tick.
    mail_failure: Attempt | None = field(default=None, init=False)

    @classmethod
    def of(cls, settings: Settings, circle: Circle) -> "Post":
        """What the environment and notify.yml set up. Raises DataRefused."""
        robots = office_robots(settings.private_dir, circle, needs_places=False)
        if settings.webhook_url is not None:
            robot = Robot(
                EVERYTHING, ALL, "generic", settings.webhook_url, webhook_secret(settings)
            )
            robots = replace(robots, by_name={**robots.by_name, EVERYTHING: robot})
        url = settings.smtp_url
        mail_server = None if url is None else MailServer.from_url(url)
        return cls(
            circle.name,
            robots,
            settings.public_url,
            mail_server,
            read_gateway(settings.private_dir),
            push_key(settings),
            settings.secret_key,
        )

    def deliver(self, message: Message, now: datetime) -> Attempt:
        """Sends the message and says what became of it; a failure is an answer, not an error."""
        if message.kind == SMS:
            return self._text(message, now)
        if message.kind == PUSH:
            return self._wake(woken(message.address), now)
        told = [
            NoticeWords(
                row.issue.number,
                row.event,
                row.step,
                row.due_at,
                message.kind == RESIDENT,
                in_burst=burst_size(row.issue) if row.event in TOLD_AS_ONE else 0,
            )
            for row in message.notices
        ]
        if message.kind == ROBOT:
            return self._call(self.robots.by_name[message.address], message.key, told, now)
        if self.mail_failure is None:
            return self._mail(message, told, now)
        return self.mail_failure

    def try_mail(self, to: str, subject: str, text: str, key: str, now: datetime) -> Attempt:
        """Sends words of our own to somebody of the office, at once."""
        if self.mail_server is None:
            return Attempt(Ending.RETRY, "没有设置邮件服务器")
        return self._send(self.mail_server, to, key, subject, text, now)

    def try_robot(self, name: str, text: str, key: str, now: datetime) -> Attempt:
        """Has one receiver say words of our own, at once. Raises KeyError."""
        robot = self.robots.by_name[name]
        return self._ask(robot, trial(robot, key, text, now))

    def _confirm_link(self, message: Message) -> str:
        """Where a resident says that the address is theirs; "" where nobody has to."""
        issue = message.notices[0].issue
        is_asked = message.kind == RESIDENT and issue.confirmed_email != message.address
        if not (is_asked and self.public_url):
            return ""
        code = email_code(self.server_key, issue.number, message.address)
        return f"{self.public_url}/confirm/{issue.number}/{code}"

    def _mail(self, message: Message, told: Sequence[NoticeWords], now: datetime) -> Attempt:
        if self.mail_server is None:
            return Attempt(Ending.RETRY, "没有设置邮件服务器")
        text = body(told, self.circle_name, self.public_url, self._confirm_link(message))
        return self._send(self.mail_server, message.address, message.key, subject(told), text, now)

    def _send(
        self, server: MailServer, to: str, key: str, subject: str, text: str, now: datetime
    ) -> Attempt:
        try:
            send(server, letter(server, to, key, subject, text, self.circle_name, now))
        except MailRefused as refused:
            return Attempt(Ending.REFUSED, str(refused))
        except MailUnsure as unsure:
            return Attempt(Ending.UNSURE, str(unsure))
        except MailNotSent as failure:
            attempt = Attempt(Ending.RETRY, str(failure))
            if failure.is_channel:
                self.mail_failure = attempt
            return attempt
        return Attempt(Ending.SENT)

    def _text(self, message: Message, now: datetime) -> Attempt:
        """One text message, by day, unless the phone or the office had enough of them today."""
        gateway, phone = self.gateway, message.address
        if gateway is None:
            return Attempt(Ending.REFUSED, "没有设置短信平台")
        if not is_mobile(phone):
            return Attempt(Ending.REFUSED, "不是手机号码，收不到短信")
        if is_night(gateway.night, now):
            return Attempt(Ending.LATER, "夜里不发短信，早上再发", timedelta(hours=1))
        midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0)
        room = take_room(
            message, midnight, now=now,
            for_a_phone=gateway.most_for_a_phone, for_the_office=gateway.most_for_the_office,
        )  # fmt: skip
        if room is not Room.LEFT:
            return Attempt(Ending.REFUSED, _NO_ROOM[room])
        notice = message.notices[-1]
        words = gateway.words(notice.issue.number, News(notice.event), self.public_url)
        request = gateway.call(phone, words, message.key, now)
        answer = _answer(
            lambda: post(
                request.url, request.body, request.headers, gateway.inside, SMS_FILE, gateway.method
            )
        )
        if isinstance(answer, Attempt):
            return answer
        error, is_final = gateway.refusal(answer)
        if not error:
            return Attempt(Ending.SENT)
        return Attempt(Ending.REFUSED if is_final else Ending.RETRY, error)

    def _wake(self, browser: Woken | None, now: datetime) -> Attempt:
        """Wakes one browser; for one that was promised another key there is nothing to be done."""
        key = self.push_key
        if key is None:
            return Attempt(Ending.RETRY, "没有唤醒浏览器的密钥")
        if browser is None or browser.made_for != key.public:
            return Attempt(Ending.REFUSED, "这个浏览器不再收消息")
        try:
            request = key.call(browser, now)
        except ValueError:
            return Attempt(Ending.REFUSED, "这个浏览器给的钥匙不对")
        answer = _answer(lambda: post_to_stranger(request.url, request.body, request.headers))
        return answer if isinstance(answer, Attempt) else outcome(answer)

    def _call(self, robot: Robot, key: str, told: Sequence[NoticeWords], now: datetime) -> Attempt:
        return self._ask(robot, call(robot, key, told, self.public_url, now))

    def _ask(self, robot: Robot, request: Call) -> Attempt:
        answer = _answer(
            lambda: post(request.url, request.body, request.headers, self.robots.inside)
        )
        if isinstance(answer, Attempt):
            return answer
        verdict = judge(robot.kind, answer)
        if not verdict.error:
            return Attempt(Ending.SENT)
        if verdict.is_final:
            return Attempt(Ending.REFUSED, verdict.error)
        ending = Ending.WRONG if verdict.is_wrong else Ending.RETRY
        return Attempt(ending, verdict.error, verdict.wait)


def _answer(ask: Callable[[], Answer]) -> Answer | Attempt:
    """What was answered; where nothing was, what has become of the attempt."""
    try:
        return ask()
    except AddressRefused as refused:
        return Attempt(Ending.REFUSED, str(refused))
    except NotConnected as failure:
        return Attempt(Ending.RETRY, str(failure))
    except NoAnswer as failure:
        return Attempt(Ending.UNSURE, str(failure))
