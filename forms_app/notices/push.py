"""Waking browsers: the office's own key, made when a tick first misses it, and one message.

What is sent says that there is news and nothing else: the page itself asks for it, with what its
browser holds. The server of the pages reads the public key from its file and never the private one.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from types import ModuleType

from forms_app.casework import Attempt, Ending
from forms_app.files.durable import make_once, replace_files
from forms_app.notices.calls import Call, judge
from forms_app.notices.http import Answer
from forms_app.rules.waking import POINT_BYTES, PRIVATE_BYTES, Woken, unpacked
from forms_app.settings import Settings

MESSAGE = b"news"
KEPT_FOR = timedelta(days=2)  # by the push service, for a browser that is not on
# The browser is gone, or its resident wants no more (RFC 8030).
ENDED = (404, 410)


@dataclass(frozen=True)
class PushKey:
    """Ours; `about` is where a push service's people reach us."""

    public: str
    private: str = field(repr=False)
    about: str = ""

    def call(self, woken: Woken, now: datetime) -> Call:
        """The request that wakes a browser. Raises ValueError where it could not read it."""
        body = _sealing().sealed(MESSAGE, woken)
        headers = {
            "Authorization": _sealing().authorization(
                self.private, woken.endpoint, self.about, now
            ),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(int(KEPT_FOR.total_seconds())),
            # Of several that wait for a browser the last is enough.
            "Topic": "news",
            "Urgency": "normal",
            "User-Agent": "ten-minute-circle",
        }
        return Call(woken.endpoint, headers, body)


def outcome(answer: Answer) -> Attempt:
    """What the push service's answer means."""
    if answer.status in ENDED:
        return Attempt(Ending.REFUSED, "这个浏览器不再收消息")
    verdict = judge("generic", answer)
    if not verdict.error:
        return Attempt(Ending.SENT)
    return Attempt(Ending.WRONG if verdict.is_wrong else Ending.RETRY, verdict.error, verdict.wait)


def is_key_missing(settings: Settings) -> bool:
    """Whether browsers could be woken, and there is no key for it yet."""
    files = (settings.push_key_file, settings.push_public_file)
    return settings.may_wake and not all(file.exists() for file in files)


def push_key(settings: Settings) -> PushKey | None:
    """The office's key, made where there is none; None where no browser may be woken.

    One that cannot be read or kept is none: the other ways go on.
    """
    if not settings.may_wake:
        return None
    try:
        if is_key_missing(settings):
            _make(settings)
        private = settings.push_key_file.read_text(encoding="ascii").strip()
        public = settings.push_public_file.read_text(encoding="ascii").strip()
    except (OSError, ValueError):  # another's bytes are no text
        return None
    about = settings.public_url or ""
    is_whole = len(unpacked(private)) == PRIVATE_BYTES and len(unpacked(public)) == POINT_BYTES
    is_secure = about.startswith("https://")
    return PushKey(public, private, about if is_secure else "") if is_whole else None


def _make(settings: Settings) -> None:
    """Both halves, each in a file that its owner alone reads. A public one without its private is
    another's: it is made anew.
    """
    file = settings.push_key_file
    if not file.exists():
        make_once(file, f"{_sealing().fresh_key()}\n".encode())
    public = _sealing().public_half(file.read_text(encoding="ascii").strip())
    replace_files({settings.push_public_file: f"{public}\n".encode()}, mode=0o600)


def _sealing() -> ModuleType:
    return import_module("forms_app.notices.sealing")
