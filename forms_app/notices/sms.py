"""data/private/sms.yml: the office's SMS gateway, spoken to as its provider asks for it.

Address, headers and body are templates in which `{phone}`, `{text}`, `{time}`, `{nonce}` and
`{signature}` stand for what is sent. A text holds number, standing and link, never a word that
anybody wrote. Mistakes are named with line and remedy, and without the secrets that stand there.
"""

import base64
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

from forms_app.community import DataRefused
from forms_app.community.sources import Folder
from forms_app.community.values import NIGHT, TEXT, Kind, Unreadable, choice, whole
from forms_app.notices.calls import TEMPORARY, Call
from forms_app.notices.http import Answer
from forms_app.notices.robots import HOST, SECRET, URL
from forms_app.rules.told_by import News

FILE = "sms.yml"
LARGEST_TEXT = 300  # letters; longer ones cost several messages each
STANDING: Mapping[News, str] = {
    News.OPINION: "社区答复您了",
    News.OUTCOME: "有结果了，请您看看行不行",
    News.TRANSFERRED: "已经转给负责的部门",
    News.HERE_AGAIN: "一起转走的那件又在这里办了，您这件还要办吗",
    News.VERDICT: "有结果了，还等您说一句行不行",
    News.PROJECT: "这一类事社区集中办过了，请您说一句好了没有",
}
_PLACE = re.compile(r"\{(\w+)\}")
_SENT = ("phone", "text", "time", "nonce", "signature")
_SAID = ("number", "standing", "link")


@dataclass(frozen=True)
class Gateway:
    """As sms.yml describes it; `headers` and `body` as they are sent, with places in them."""

    url: str = field(repr=False)
    prefix: str
    body: Mapping[str, object] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    method: str = "POST"
    form: str = "json"
    text: str = "您反映的问题{number}：{standing}。{link}"
    secret: str = field(default="", repr=False)
    signed: str = ""
    signature: str = "hex"
    statuses: tuple[int, ...] = (200,)
    field_path: str = ""
    field_value: str = ""
    most_for_a_phone: int = 5  # a day
    most_for_the_office: int = 500
    night: tuple[int, int] | None = (21 * 60, 8 * 60)  # minutes of the day
    inside: frozenset[str] = frozenset()

    def words(self, number: str, news: News, public_url: str | None) -> str:
        """The whole text: 【sign】 number, standing, and where to look."""
        link = f"{public_url}/issues/" if public_url else ""
        said = {"number": number, "standing": STANDING[news], "link": link}
        return f"【{self.prefix}】{_filled(self.text, said)}".strip()

    def call(self, phone: str, text: str, nonce: str, now: datetime) -> Call:
        """The request that sends one; `nonce` is the same whenever it is sent again."""
        given = {"phone": phone, "text": text, "time": str(int(now.timestamp())), "nonce": nonce}
        given["signature"] = self._signature(_filled(self.signed, given))
        url = _filled(self.url, {name: quote(value, safe="") for name, value in given.items()})
        headers = {"User-Agent": "ten-minute-circle"}
        headers |= {name: _filled(value, given) for name, value in self.headers.items()}
        body = _within(self.body, given)
        if self.method == "GET":
            query = urlencode(_flat(body))
            return Call(f"{url}{'&' if '?' in url else '?'}{query}" if query else url, headers, b"")
        if self.form == "form":
            kind = "application/x-www-form-urlencoded; charset=utf-8"
            return Call(url, {"Content-Type": kind} | headers, urlencode(_flat(body)).encode())
        kind = "application/json; charset=utf-8"
        return Call(
            url, {"Content-Type": kind} | headers, json.dumps(body, ensure_ascii=False).encode()
        )

    def refusal(self, answer: Answer) -> tuple[str, bool]:
        """Why the gateway has not taken it, and whether it never will; "" where it has."""
        if answer.status not in self.statuses:
            is_final = answer.status not in TEMPORARY and answer.status < 500
            return f"短信平台没有收（HTTP {answer.status}）", is_final
        if not self.field_path:
            return "", False
        found = _found(answer.body, self.field_path)
        if found == self.field_value:
            return "", False
        # Its own words may name the phone: only what is short enough for a code is told.
        code = found if found is not None and re.fullmatch(r"[\w.-]{1,20}", found) else "看不懂"
        return f"短信平台没有收（{self.field_path}：{code}）", False

    def _signature(self, signed: str) -> str:
        if not self.secret:
            return ""
        digest = hmac.digest(self.secret.encode(), signed.encode(), "sha256")
        return base64.b64encode(digest).decode() if self.signature == "base64" else digest.hex()


def read_gateway(private: Path) -> Gateway | None:
    """The gateway in sms.yml; None where there is no such file. Raises DataRefused."""
    if not (private / FILE).exists():
        return None
    folder = Folder(private)
    usual = Gateway("", "", {})
    row = folder.mapping(
        FILE,
        ("url", "prefix", "body"),
        (
            *("method", "format", "headers", "text", "secret", "signed", "signature", "status"),
            *("field", "value", "daily_phone", "daily_office", "night", "inside"),
        ),
    )
    gateway = Gateway(
        url=row.get("url", _ADDRESS),
        prefix=row.get("prefix", _SIGN),
        body=row.get("body", _BODY),
        headers=row.maybe("headers", _HEADERS, usual.headers),
        method=row.maybe("method", choice({"POST": "", "GET": ""}), usual.method),
        form=row.maybe("format", choice({"json": "JSON", "form": "表单"}), usual.form),
        text=row.maybe("text", _WORDS, usual.text),
        secret=row.maybe("secret", SECRET, ""),
        signed=row.maybe("signed", _SIGNED, ""),
        signature=row.maybe("signature", choice({"hex": "", "base64": ""}), usual.signature),
        statuses=row.each("status", whole(100, 599)) or usual.statuses,
        field_path=row.maybe("field", TEXT, ""),
        field_value=row.maybe("value", TEXT, ""),
        most_for_a_phone=row.maybe("daily_phone", whole(1, 100), usual.most_for_a_phone),
        most_for_the_office=row.maybe("daily_office", whole(1, 100_000), usual.most_for_the_office),
        night=row.maybe("night", NIGHT, usual.night),
        inside=frozenset(row.each("inside", HOST)),
    )
    if row.is_filled("field") != row.is_filled("value"):
        row.refuse("field", "field 和 value 要一起写", "例如 field: code 和 value: '0'，或都不写")
    if row.is_filled("secret") != row.is_filled("signed"):
        row.refuse("signed", "secret 和 signed 要一起写", "写明签名算的是哪些字，或都不写")
    if folder.errors:
        raise DataRefused(folder.in_order())
    return gateway


def _filled(template: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), template)


def _within(part: object, values: Mapping[str, str]) -> object:
    """The same shape with its places filled in."""
    if isinstance(part, str):
        return _filled(part, values)
    if isinstance(part, Mapping):
        return {name: _within(one, values) for name, one in part.items()}
    if isinstance(part, list):
        return [_within(one, values) for one in part]
    return part


def _flat(body: object) -> list[tuple[str, str]]:
    return [(name, str(one)) for name, one in body.items()] if isinstance(body, dict) else []


def _found(body: bytes, path: str) -> str | None:
    """What stands in a JSON answer at `data.code`, as text; None where nothing does."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return None if found is None or isinstance(found, dict | list) else str(found)


def _need_places(text: str, known: Sequence[str]) -> str:
    for place in _PLACE.findall(text):
        if place not in known:
            raise Unreadable(
                f"不认识「{{{place}}}」", "可用的有" + "、".join(f"{{{one}}}" for one in known)
            )
    return text


def _address(text: str) -> str:
    URL.read(_PLACE.sub("0", _need_places(text, _SENT)))
    return text


def _object(text: str, known: Sequence[str]) -> dict[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise Unreadable("不是一个 JSON 对象", '写成 {"mobile": "{phone}"} 这样，外面加单引号')
    _need_places(json.dumps(found, ensure_ascii=False), known)
    return found


def _read_body(text: str) -> Mapping[str, object]:
    return _object(text, _SENT)


def _read_headers(text: str) -> Mapping[str, str]:
    found = _object(text, tuple(one for one in _SENT if one != "text"))
    for name, value in found.items():
        is_plain = isinstance(value, str) and value.isascii() and value.isprintable()
        if not re.fullmatch(r"[A-Za-z0-9-]+", name) or not is_plain:
            raise Unreadable("请求头的名字和内容只能是英文字母、数字和符号", "从平台的说明里复制")
    return {name: str(value) for name, value in found.items()}


def _read_words(text: str) -> str:
    if "{link}" not in text or len(text) > LARGEST_TEXT:
        raise Unreadable("短信里要有 {link}，也不能太长", f"最多{LARGEST_TEXT}字")
    return _need_places(text, _SAID)


def _read_signed(text: str) -> str:
    return _need_places(text, tuple(one for one in _SENT if one != "signature"))


def _read_sign(text: str) -> str:
    if not 2 <= len(text) <= 20 or any(mark in text for mark in "【】{}"):
        raise Unreadable("短信签名是2到20个字，不带【】", "写平台批准的签名，例如 黄金岭街道")
    return text


_ADDRESS: Kind[str] = Kind(_address, "")
_BODY: Kind[Mapping[str, object]] = Kind(_read_body, {})
_HEADERS: Kind[Mapping[str, str]] = Kind(_read_headers, {})
_WORDS: Kind[str] = Kind(_read_words, "")
_SIGNED: Kind[str] = Kind(_read_signed, "")
_SIGN: Kind[str] = Kind(_read_sign, "")
