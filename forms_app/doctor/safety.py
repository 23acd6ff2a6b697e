"""Settings that work and should not stay so."""

import os
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from forms_app.doctor.finding import Facts, Finding, green, red, yellow
from forms_app.notices.mail import MailServer
from forms_app.rules.said import said
from forms_app.settings import Settings


def look(facts: Facts) -> Sequence[Finding]:
    return list(_unsafe(facts.settings)) or green("没有不安全的设置。")


def _unsafe(settings: Settings) -> Iterator[Finding]:
    if not settings.has_limits:
        yield from red("防刷的限制关掉了。", "去掉CIRCLE_LIMITS这个设置，重新启动。")
    if settings.demo_password and settings.public_url:
        yield from red("公开的网址上设着示例账号的密码。", "去掉CIRCLE_DEMO_PASSWORD，重新启动。")
    if settings.public_url is None:
        yield from yellow(
            "没有写网站的网址，海报上的二维码和邮件里的链接用不了。",
            "用CIRCLE_PUBLIC_URL写上居民访问的网址。",
        )
    elif not settings.public_url.startswith("https://"):
        yield from yellow(
            "网址不是https，密码和电话在路上可能被人看到。", "请装证书，把网址改成https。"
        )
    if settings.data.is_relative_to(settings.root):
        yield from yellow(
            "数据在程序文件夹里，更新程序时可能出错。",
            "停下服务，不设CIRCLE_DATA再启动一次，数据会搬出去。",
        )
    private = settings.private_dir
    if private.exists() and private.stat().st_mode & 0o077:
        yield from red(
            said("这台机器上别的用户也能打开 %(path)s。", path=private),
            said("运行chmod 700 %(path)s。", path=private),
        )
    if os.geteuid() == 0:
        yield from yellow("服务用root运行，出了差错会伤到整台机器。", "换一个普通用户来运行。")
    if settings.smtp_url is not None and _is_in_the_open(MailServer.from_url(settings.smtp_url)):
        yield from yellow(
            "邮件不加密就离开这台机器。", "CIRCLE_SMTP_URL改用smtps://，或者在后面加?starttls。"
        )


def _is_in_the_open(server: MailServer) -> bool:
    if server.is_tls or server.is_starttls or server.host == "localhost":
        return False
    try:
        return not ip_address(server.host).is_private
    except ValueError:  # a name
        return True
