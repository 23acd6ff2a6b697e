"""One mail through the office's own mail server, as CIRCLE_SMTP_URL names it."""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from forms_app.notices.http import ended_after

TIMEOUT_SECONDS = 10.0  # without a byte
LONGEST_SECONDS = 60.0  # for whoever sends one now and then
_NO_LETTERS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class MailRefused(Exception):
    """The server will never take this mail."""


class MailNotSent(Exception):
    """The server could not be reached or did not take it now; `is_channel`: nobody's mail."""

    def __init__(self, reason: str, *, is_channel: bool) -> None:
        self.is_channel = is_channel
        super().__init__(reason)


class MailUnsure(Exception):
    """The text was sent and no answer came: it may be on its way."""


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False
    is_starttls: bool = False

    @classmethod
    def from_url(cls, url: str) -> "MailServer":
        """The server behind `smtp[s]://user:password@host:port/?starttls&from=address`.

        Without `from` the user is the sender, or circle@host where the user is no address.
        """
        parts = urlsplit(url)
        options = parse_qs(parts.query, keep_blank_values=True)
        user = unquote(parts.username or "")
        host = parts.hostname or ""
        sender = options.get("from", [user if "@" in user else f"circle@{host}"])[0]
        is_tls = parts.scheme == "smtps"
        is_starttls = "starttls" in options
        usual = 465 if is_tls else 587 if is_starttls else 25
        return cls(
            host, parts.port or usual, sender, user, unquote(parts.password or ""), is_tls,
            is_starttls,
        )  # fmt: skip


def letter(
    server: MailServer, to: str, key: str, subject: str, body: str, name: str, now: datetime
) -> EmailMessage:
    """The mail; its Message-ID is the same whenever it is sent again. Raises MailRefused."""
    message = EmailMessage()
    message["From"] = Address(display_name=_in_head(name), addr_spec=server.sender)
    try:
        message["To"] = Address(addr_spec=to)
    except ValueError as error:  # what is wrong with it has many names
        raise MailRefused("邮箱的写法不对") from error
    message["Subject"] = _in_head(subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{key}@{server.sender.rpartition('@')[2]}>"
    # Nobody's holiday notice shall answer it.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, cte="base64")  # not every server takes eight bits
    return message


def _in_head(words: str) -> str:
    """The words as one line that stays what it says: what looks like encoded ones would be decoded,
    and a line end within begins a line of the head that nobody wrote.
    """
    return _NO_LETTERS.sub(" ", words).replace("=?", "= ?")


def send(server: MailServer, message: EmailMessage) -> None:
    """Hands one mail over. Raises MailRefused, MailNotSent, MailUnsure."""
    smtp = _unconnected(server)
    with ended_after(LONGEST_SECONDS, lambda: smtp.sock):
        _send(smtp, server, message)


def _send(smtp: smtplib.SMTP, server: MailServer, message: EmailMessage) -> None:
    try:
        _connect(smtp, server)
    except smtplib.SMTPAuthenticationError as error:
        raise MailNotSent("邮件服务器不认用户名或密码", is_channel=True) from error
    except (OSError, smtplib.SMTPException) as error:
        reason = f"连不上邮件服务器（{type(error).__name__}）"
        raise MailNotSent(reason, is_channel=True) from error
    try:
        _hand_over(smtp, server, message)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _unconnected(server: MailServer) -> smtplib.SMTP:
    smtp = (
        smtplib.SMTP_SSL(timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
        if server.is_tls
        else smtplib.SMTP(timeout=TIMEOUT_SECONDS)
    )
    smtp._host = server.host  # type: ignore[attr-defined]  # whose certificate it is; else it is known to the constructor alone
    return smtp


def _connect(smtp: smtplib.SMTP, server: MailServer) -> None:
    try:
        code, _ = smtp.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, "")
        if server.is_starttls:
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise


def _hand_over(smtp: smtplib.SMTP, server: MailServer, message: EmailMessage) -> None:
    to = message["To"].addresses[0].addr_spec
    try:
        smtp.ehlo_or_helo_if_needed()
        _check(smtp.mail(server.sender)[0])
        _check(smtp.rcpt(to)[0])
    except (OSError, smtplib.SMTPException) as error:
        raise MailNotSent(f"邮件服务器中断（{type(error).__name__}）", is_channel=True) from error
    try:
        code, _ = smtp.data(message.as_bytes(policy=SMTP))
    except smtplib.SMTPDataError as error:
        code = int(error.smtp_code)
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnsure("信交出去以后没有等到回音") from error
    _check(code)


def _check(code: int) -> None:
    if code >= 500:
        raise MailRefused(f"邮件服务器拒收（{code}）")
    if code >= 400:
        raise MailNotSent(f"邮件服务器暂时不收（{code}）", is_channel=False)
