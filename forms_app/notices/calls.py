"""How each kind of receiver is spoken to, and what its answers mean.

The robots answer 200 with an error code in the body: WeCom and DingTalk `errcode`, Feishu `code`.
The generic one follows Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature).
"""

import base64
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

from msgspec import Struct

from forms_app.notices.http import Answer
from forms_app.notices.robots import Robot, signing_key
from forms_app.notices.texts import NoticeWords, group_text

# Would be refused again: wrong robot, wrong signature, missing keyword, unknown shape.
HOPELESS: dict[str, frozenset[int]] = {
    "wecom": frozenset({40008, 40035, 40058, 45002, 93000, 93004}),
    "dingtalk": frozenset({40035, 300001, 300005, 310000, 400013, 400101, 400102, 400105, 400106}),
    "feishu": frozenset({9499, 19001, 19002, 19021, 19022, 19024}),
}
# Not the receiver's last word: too early, too often, too slow.
TEMPORARY = (408, 425, 429)
GONE = 410  # Standard Webhooks: it wants no more


class Call(Struct, frozen=True):
    url: str
    headers: dict[str, str]
    body: bytes


class Verdict(Struct, frozen=True):
    """What an answer means; `error` is "" where the message was taken."""

    error: str = ""
    is_final: bool = False
    is_wrong: bool = False  # no receiver answers so: it moved, or its address is another's
    wait: timedelta = timedelta()


def call(
    robot: Robot, key: str, told: Sequence[NoticeWords], public_url: str | None, now: datetime
) -> Call:
    """The request that tells one receiver; `key` is the same whenever the message is sent again."""
    event = {"type": "notices", "timestamp": _iso(now), "data": _event(told, public_url)}
    return _request(robot, key, event, group_text(told, public_url), now)


def trial(robot: Robot, key: str, text: str, now: datetime) -> Call:
    """The request that only shows one receiver that it is reached."""
    event = {"type": "test", "timestamp": _iso(now), "data": {"text": text}}
    return _request(robot, key, event, text, now)


def _request(robot: Robot, key: str, event: object, text: str, now: datetime) -> Call:
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "ten-minute-circle"}
    url = robot.url
    seconds = int(now.timestamp())
    content: dict[str, object]
    if robot.kind == "generic":
        body = _json(event)
        headers |= {
            "webhook-id": key,
            "webhook-timestamp": str(seconds),
            "webhook-signature": signature(robot.secret, key, seconds, body),
        }
        return Call(url, headers, body)
    if robot.kind == "feishu":
        content = {"msg_type": "text", "content": {"text": text}}
        if robot.secret:
            # Feishu's key is time and secret, and its message is empty.
            stamp = f"{seconds}\n{robot.secret}".encode()
            content |= {
                "timestamp": str(seconds),
                "sign": _base64(hmac.digest(stamp, b"", "sha256")),
            }
    else:
        content = {"msgtype": "text", "text": {"content": text}}
    if robot.kind == "dingtalk" and robot.secret:
        # DingTalk's time is in milliseconds, its key the secret, its message time and secret.
        millis = seconds * 1000
        stamp = f"{millis}\n{robot.secret}".encode()
        sign = quote_plus(_base64(hmac.digest(robot.secret.encode(), stamp, "sha256")))
        url += f"{'&' if '?' in url else '?'}timestamp={millis}&sign={sign}"
    return Call(url, headers, _json(content))


def signature(secret: str, key: str, seconds: int, body: bytes) -> str:
    """Standard Webhooks' `v1,…` over `id.timestamp.body`."""
    signed = b".".join([key.encode(), str(seconds).encode(), body])
    return f"v1,{_base64(hmac.digest(signing_key(secret) or b'', signed, 'sha256'))}"


def judge(kind: str, answer: Answer) -> Verdict:
    """Whether the receiver has taken the message; if not, why, and whether it ever will."""
    if answer.status in TEMPORARY or answer.status >= 500:
        wait = answer.headers.get("retry-after", "")
        seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else 0
        return Verdict(f"对方暂时不收（HTTP {answer.status}）", wait=timedelta(seconds=seconds))
    if 300 <= answer.status < 400:
        return Verdict("对方要转到别的地址，为了安全没有跟过去", is_wrong=True)
    is_taken = 200 <= answer.status < 300
    if kind == "generic":
        refusal = f"对方拒收（HTTP {answer.status}）"
        is_gone = answer.status == GONE
        return Verdict() if is_taken else Verdict(refusal, is_final=is_gone, is_wrong=not is_gone)
    code = _code(answer.body, "code" if kind == "feishu" else "errcode")
    if not is_taken and code not in HOPELESS[kind]:
        return Verdict(f"对方拒收（HTTP {answer.status}）", is_wrong=True)
    if code == 0:
        return Verdict()
    if code is None:
        return Verdict("对方的回答看不懂，请核对地址", is_wrong=True)
    return Verdict(f"对方拒收（错误码 {code}）", is_final=code in HOPELESS[kind])


def _code(body: bytes, name: str) -> int | None:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return None
    code = answer.get(name) if isinstance(answer, dict) else None
    return code if isinstance(code, int) else None


def _event(told: Sequence[NoticeWords], public_url: str | None) -> dict[str, object]:
    return {
        "notices": [
            {
                "number": one.number,
                "event": one.event,
                "step": one.step,
                "due_at": None if one.due_at is None else _iso(one.due_at),
                "text": one.sentence,
                "url": one.link(public_url) or None,
            }
            for one in told
        ]
    }


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
