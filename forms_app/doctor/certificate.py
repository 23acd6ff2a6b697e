"""How many days the certificate of the public address still has, as a browser would see it."""

import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from forms_app.doctor.finding import Facts, Finding, green, red, yellow
from forms_app.rules.said import said

TIMEOUT_SECONDS = 3.0
SOON_DAYS, RED_DAYS = 21, 7
REMEDY = "续期证书并让前面的网页服务器重新加载；自动续期的，看看它为什么停了。"


def look(facts: Facts) -> Sequence[Finding]:
    parts = urlsplit(facts.settings.public_url or "")
    if parts.scheme != "https" or parts.hostname is None:
        return green("没有用https的网址，没有证书要看。")
    host, port = parts.hostname, parts.port or 443
    try:
        ends = expires(host, port)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message
        return red(said("%(host)s 的证书不被信任：%(why)s。", host=host, why=why), REMEDY)
    except OSError as error:
        return yellow(
            said("从这台机器连不上 %(host)s（%(why)s），看不到证书。",
                 host=host, why=type(error).__name__),
            "用手机打开网址看看；打不开就检查前面的网页服务器。",
        )  # fmt: skip
    days = (ends - facts.now).days
    left = said("证书还有%(days)s天到期。", days=days)
    if days < RED_DAYS:
        return red(left, REMEDY)
    return green(left) if days >= SOON_DAYS else yellow(left, REMEDY)


def expires(host: str, port: int) -> datetime:
    """Until when the certificate there is good. Raises OSError, ssl.SSLError among them."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), TIMEOUT_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        told = secure.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), UTC)
