"""Whether notices can go by mail, to the administrator as well."""

from collections.abc import Sequence

from forms_app import queries
from forms_app.doctor.finding import Facts, Finding, green, yellow
from forms_app.notices.mail import MailServer
from forms_app.rules.said import said
from forms_app.rules.steps import Role


def look(facts: Facts) -> Sequence[Finding]:
    if facts.settings.smtp_url is None:
        return yellow(
            "没有设置邮件：提醒只在待办页上，这里变红了也没有人收到通知。",
            "用CIRCLE_SMTP_URL写上单位的邮件服务器。",
        )
    server = MailServer.from_url(facts.settings.smtp_url)
    found = green(said("邮件由 %(host)s 发出。", host=server.host))
    if not administrators():
        found += yellow(
            "管理员的账号没有邮箱，这里变红了没有人收到通知。",
            "在“账号”里给管理员写上邮箱。",
            "accounts",
        )
    return found


def administrators() -> list[str]:
    """The addresses of whoever is told when a line turns red; none without a database."""
    try:
        accounts = queries.accounts()
    except queries.DATABASE_ERRORS:
        return []
    return [
        one.email for one in accounts
        if one.role == Role.ADMIN.value and one.email and not one.disabled_at
    ]  # fmt: skip
