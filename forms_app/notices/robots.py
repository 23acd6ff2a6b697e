"""data/private/notify.yml: the robots and webhooks that chat groups are told by, with secrets.

It stays out of data/community, which is public. Every mistake is named with line and remedy, and
without the secret that stands there.
"""

import base64
import binascii
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from forms_app.community import Circle, DataRefused
from forms_app.community.rows import Row
from forms_app.community.sources import Folder
from forms_app.community.values import SLUG, TEXT, Kind, Unreadable, choice, known

FILE = "notify.yml"
KINDS: dict[str, str] = {
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "feishu": "飞书",
    "generic": "通用",
}
VENDOR_HOSTS: dict[str, tuple[str, ...]] = {
    "wecom": ("qyapi.weixin.qq.com",),
    "dingtalk": ("oapi.dingtalk.com",),
    "feishu": ("open.feishu.cn", "open.larksuite.com"),
}
ALL = "all"
# The name under which the one webhook for everything is kept in the outbox.
EVERYTHING = "CIRCLE_WEBHOOK_URL"


@dataclass(frozen=True)
class Robot:
    """One receiver. `secret` signs: WeCom has none, the others' may be empty."""

    name: str
    community_id: str  # or a sub-district's, or ALL
    kind: str
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Robots:
    """Every receiver by its name, and the hosts that may lie inside the office's own net."""

    by_name: Mapping[str, Robot] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    subdistrict_of: Mapping[str, str] = field(default_factory=dict)  # community → sub-district

    def of(self, community_id: str) -> list[str]:
        """The names of those that are told what a community's group is told."""
        told = (community_id, self.subdistrict_of.get(community_id, community_id), ALL)
        return [robot.name for robot in self.by_name.values() if robot.community_id in told]


def office_robots(private: Path, circle: Circle, *, needs_places: bool = True) -> Robots:
    """The receivers of an office: its communities', its sub-districts', also where only one is
    left, and those of all. Raises DataRefused.

    Whoever serves does not need the places: a community that was dissolved takes its own group's
    messages along, and nobody else's.
    """
    homes = {one.id: one.subdistrict for one in circle.communities.values()}
    places = {**circle.communities, **circle.subdistricts}
    return read_robots(private, places if needs_places else {}, homes)


def read_robots(
    private: Path,
    places: Mapping[str, object],
    subdistrict_of: Mapping[str, str] | None = None,
) -> Robots:
    """The receivers in notify.yml; none where there is no such file. Raises DataRefused.

    `places` are those that a receiver may name, any where there are none; `subdistrict_of` says
    community by community in which sub-district.
    """
    if not (private / FILE).exists():
        return Robots()
    subdistrict_of = subdistrict_of or {}
    folder = Folder(private)
    whole = folder.mapping(FILE, ("hooks",), ("inside",))
    inside = whole.each("inside", HOST)
    rows = whole.items("hooks", ("name", "community", "kind", "url"), ("secret",))
    robots: dict[str, Robot] = {}
    for row in rows:
        robot = _robot(row, {*places, *subdistrict_of.values()} if places else (), inside)
        if robot.name in robots:
            row.refuse("name", f"「{robot.name}」重复", "换一个没有用过的")
        robots[robot.name] = robot
    if folder.errors:
        raise DataRefused(folder.in_order())
    return Robots(robots, frozenset(inside), subdistrict_of)


def _robot(row: Row, places: Collection[str], inside: tuple[str, ...]) -> Robot:
    robot = Robot(
        row.get("name", SLUG),
        row.get("community", known((*places, ALL), "社区") if places else TEXT),
        row.get("kind", choice(KINDS)),
        row.get("url", URL),
        row.maybe("secret", SECRET, ""),
    )
    host = urlsplit(robot.url).hostname or ""
    vendors = VENDOR_HOSTS.get(robot.kind)
    if robot.url and vendors and host not in (*vendors, *inside):
        row.refuse(
            "url",
            f"{KINDS[robot.kind]}机器人的地址应当在 {vendors[0]}",
            "从群机器人的设置里复制整个地址；是自己单位部署的，把主机名写进 inside",
        )
    if robot.kind == "generic":
        _need_standard_secret(row, robot.secret)
    return robot


def _need_standard_secret(row: Row, secret: str) -> None:
    if signing_key(secret) is None:
        row.refuse(
            "secret",
            "通用 webhook 要有签名密钥",
            "写成「whsec_」加上至少 24 个字节的 Base64，例如用 openssl rand -base64 32 生成",
        )


def signing_key(secret: str) -> bytes | None:
    """The key behind a `whsec_…` secret, as Standard Webhooks writes it; None if it is none."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if secret.startswith("whsec_") and len(key) >= 24 else None


def _url(text: str) -> str:
    remedy = "写成 https:// 开头的完整地址"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise Unreadable("这个地址不完整", remedy) from None
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if parts.scheme not in ("https", "http") or not parts.hostname or not is_plain:
        raise Unreadable("这个地址不完整", remedy)
    if "@" in parts.netloc:
        raise Unreadable("地址里不能有用户名和密码", remedy)
    return text


def _secret(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise Unreadable("密钥里有不该有的字", "从群机器人的设置里整个复制")
    return text


def _host(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9.-]+|[0-9a-f:]+", text):
        raise Unreadable(f"「{text}」不是主机名", "只写小写的主机名，不带 https:// 和端口")
    return text


URL = Kind(_url, "")
SECRET = Kind(_secret, "")
HOST = Kind(_host, "")
