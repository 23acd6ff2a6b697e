"""Addresses that the environment gives: database, bucket, mail, the public one and the proxy's."""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from forms_app.files.objects import BucketPlace
from forms_app.rules.emails import is_email
from forms_app.settings.refused import SettingRefused

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_LABEL = re.compile(r"[a-z0-9_][a-z0-9_-]{0,62}")  # of a host's name, as it is looked up
_ON = ("", "1", "true", "yes", "on")


def database_url(given: str | None, default: Path) -> str:
    """CIRCLE_DATABASE_URL, or SQLite's file at `default`. Raises SettingRefused."""
    if given is None:
        return f"sqlite:///{default}"
    parts = _split("CIRCLE_DATABASE_URL", given)
    # A relative path would be another file wherever a command is typed.
    if parts.scheme == "sqlite" and given.startswith("sqlite:////") and parts.path.strip("/"):
        return given
    if parts.scheme == "postgresql" and parts.path.strip("/"):
        if find_spec("psycopg") is None:
            raise SettingRefused(
                "CIRCLE_DATABASE_URL 用的是 PostgreSQL，但还没有装它的驱动，请先运行 "
                "python3 scripts/bootstrap.py requirements.lock requirements-postgres.lock。"
            )
        return given
    raise SettingRefused(
        "CIRCLE_DATABASE_URL 无法使用，请写成 sqlite:////绝对路径/forms.db 或 "
        "postgresql://用户:密码@主机/库名。"
    )


def bucket(given: str | None) -> BucketPlace | None:
    """CIRCLE_S3_URL taken apart; None where it is not set. Raises SettingRefused."""
    if given is None:
        return None
    parts = _with_host("CIRCLE_S3_URL", given)
    name, _, prefix = unquote(parts.path).strip("/").partition("/")
    options = parse_qs(parts.query, keep_blank_values=True)
    is_whole = parts.hostname and parts.username and parts.password and _BUCKET.fullmatch(name)
    is_plain = all(_PREFIX.fullmatch(f"/{part}") for part in prefix.split("/") if part)
    if parts.scheme != "s3" or not (is_whole and is_plain) or set(options) - {"region", "http"}:
        raise SettingRefused(
            "CIRCLE_S3_URL 无法使用，请写成 s3://钥匙:密钥@主机:端口/桶名/前缀?region=地区；"
            "钥匙和密钥里的特殊字符写成 %2F 这样的；只在机关内网用 http 的，后面加 &http。"
        )
    if find_spec("obstore") is None:
        raise SettingRefused(
            "CIRCLE_S3_URL 写了对象存储，但还没有装它的程序库，请先运行 "
            "python3 scripts/bootstrap.py requirements.lock requirements-s3.lock。"
        )
    scheme = "http" if "http" in options else "https"
    return BucketPlace(
        endpoint=f"{scheme}://{parts.netloc.rpartition('@')[2]}",
        bucket=name,
        prefix=prefix,
        region=options.get("region", ["us-east-1"])[0],
        key=unquote(parts.username or ""),
        secret=unquote(parts.password or ""),
    )


def public_url(given: str | None) -> str | None:
    """CIRCLE_PUBLIC_URL without a slash at its end; None where not set. Raises SettingRefused."""
    if given is None:
        return None
    parts = _with_host("CIRCLE_PUBLIC_URL", given)
    path = parts.path.rstrip("/")
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or not _PREFIX.fullmatch(path)
        or any(part in (".", "..") for part in path.split("/"))
    ):
        raise SettingRefused(
            "CIRCLE_PUBLIC_URL 无法使用，请写成居民访问的完整网址，"
            "例如 https://www.example.cn 或 https://www.example.cn/circle。"
        )
    return f"{parts.scheme}://{parts.netloc}{path}"


def address(given: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    """An address of one of these schemes; None where not set. Raises SettingRefused."""
    value = given.get(name)
    if value is None:
        return None
    parts = _with_host(name, value)
    if parts.scheme not in schemes or not parts.hostname:
        raise SettingRefused(f"{name} 无法使用，请写成 {schemes[0]}:// 开头的完整地址，或不设它。")
    return value


def proxy(given: str | None) -> str | None:
    """CIRCLE_PROXY as an address is written; None where not set. Raises SettingRefused."""
    if given is None:
        return None
    try:
        return str(ip_address(given))
    except ValueError:
        raise SettingRefused(
            "CIRCLE_PROXY 无法使用，请写成前面那台网页服务器连过来的地址，"
            "例如 127.0.0.1，或不设它。"
        ) from None


def is_loopback(host: str) -> bool:
    """Whether only this machine itself is reached by that name or address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def smtp_url(given: Mapping[str, str]) -> str | None:
    """CIRCLE_SMTP_URL; None where not set. Raises SettingRefused, also for an unknown option."""
    url = address(given, "CIRCLE_SMTP_URL", ("smtp", "smtps"))
    if url is None:
        return None
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    unknown = set(options) - {"starttls", "from"}
    senders = options.get("from", ["office@example.cn"])
    is_known = all(value in _ON for value in options.get("starttls", ()))
    if parts.path not in ("", "/") or unknown or not is_known or not all(map(is_email, senders)):
        raise SettingRefused(
            "CIRCLE_SMTP_URL 的 ? 后面只能写 starttls 和 from=发件邮箱，"
            "例如 smtp://用户:密码@主机:587/?starttls&from=office@example.cn。"
        )
    if parts.scheme == "smtps" and "starttls" in options:
        raise SettingRefused(
            "CIRCLE_SMTP_URL 的 smtps:// 一连上就加密，后面不能再写 starttls；两样请只写一样。"
        )
    return url


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port  # out of range: ValueError
    except ValueError:
        raise _not_whole(name) from None
    return parts


def _with_host(name: str, value: str) -> SplitResult:
    """As `_split`; a host that stands in it is one that can be looked up."""
    parts = _split(name, value)
    if parts.port == 0 or (parts.hostname and not _is_host(parts.hostname)):
        raise _not_whole(name)
    return parts


def _not_whole(name: str) -> SettingRefused:
    return SettingRefused(f"{name} 不是完整的地址，请检查主机名和端口，或不设它。")


def _is_host(host: str) -> bool:
    """Whether it is an address, or a name that can be looked up: in Chinese, too."""
    try:
        labels = host.encode("idna").decode("ascii").lower().removesuffix(".").split(".")
    except UnicodeError:
        return False
    # What ends in digits is meant for an address (RFC 3696, 2).
    if ":" in host or labels[-1].isdigit():
        try:
            ip_address(host)
        except ValueError:
            return False
        return True
    return all(map(_LABEL.fullmatch, labels))
