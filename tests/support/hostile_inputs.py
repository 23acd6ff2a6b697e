"""Requests that no page of ours would send: generated from a seed, over every address, every form
that somebody is shown, and every role. The same seed makes the same ones from the same pages.
"""

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.support.web import PageForm, forms_in

Answer = tuple[int, list[tuple[str, str]], str]  # status, headers, text
Send = Callable[["Input"], Answer]

_MANY = "9" * 400
TEXTS: Sequence[str] = (
    "", " ", "\u3000", "\x00", "\x00\x01\x02\x07\x1b[31m", "\u202e倒\u2066过来", "\ufeff",
    "\u200b\u200d",
    "\ud800", "\udfff\ud800", "a\ud83d", "😀" * 300, "长" * 10_001, "x" * 40_000, "\r\n" * 500,
    "\n",
    "x" * 300_000,
    _MANY, "-" + _MANY, _MANY + "." + _MANY, "9" * 5000, "1e400", "-1", "0", "１２３", "NaN", "inf",
    "0x10", "1_000", "٣", "²", "true", "null", "None", "[]", "{}", '{"a":' * 500,
    "9223372036854775808",
    "-9223372036854775809", "2147483648", "0000-00-00", "2026-02-30", "2026-11-23T25:61",
    "9999-12-31",
    "9999-12-31T23:59", "0001-01-01", "10000-01-01", "2026-13", "24:00", "-0", "1,5",
    "<script>alert(1)</script>", "'; DROP TABLE issue; --", "{{ 7 * 7 }}", "%s%n%(x)s{0}",
    "../" * 20,
    "/etc/passwd", "javascript:alert(1)", "//evil.example", "\\\\evil", "http://127.0.0.1:1/",
    "%00%ff",
    "=1+1", "@x@y", "a@b.c\r\nBcc: x@y.z", "é" * 200, "ﬀ①", "ا" * 100, '"' * 90, "(" * 300,
    "*" * 300,
    "NEAR(x y)", '"未完', "AND OR NOT", "-" * 50, "service:", "service:meals:x",
    "venue:" + _MANY, "P26-000123-4",
)  # fmt: skip
_PIECES: Sequence[str] = (
    "1", "0", "-1", "x", _MANY, "9" * 5000, "2147483647", "9223372036854775807",
    "9223372036854775808",
    "1.0", "１", "²", "%00", "%FF", "%ED%A0%80", "%F0%9F%98%80", "%20", "..%2f..%2fx", "%2e%2e",
    "~", "'",
    "2026-11", "9999-12", "0000-00", "2026-11.xlsx", "worker", "nobody", "evaluate", "classify",
    "kinds",
    "a" * 3000, "%0d%0aX:%20y", "%252e", "null", "01234567-89ab-cdef-0123-456789abcdef",
)  # fmt: skip
_QUERIES = (
    "q", "page", "next", "back", "to", "on", "from", "until", "step", "class", "urgency",
    "community",
    "waits", "overdue", "sort", "before", "after", "show", "about", "channel", "number",
    "issue", "mine",
    "account", "paper", "community_id", "sheet", "limit", "offset", "small", "start_date",
    "end_date",
    "service_code", "status", "service_request_id", "jurisdiction_id", "lat", "long",
)  # fmt: skip
_HEADERS: Mapping[str, Sequence[str]] = {
    "Range": ("bytes=0-" + _MANY, f"bytes={_MANY}-", "bytes=-1", "x", "bytes=0-0,1-1," * 300),
    "If-None-Match": ('"' + _MANY + '"', "*", "W/" * 500, '"x', "é", ","),
    "If-Modified-Since": ("x", "Thu, 01 Jan 0000 00:00:00 GMT", _MANY, "31 Dec 99999"),
    "If-Range": ("x", _MANY), "If-Match": ("*", "é"),
    "Accept-Language": ("en;q=" + _MANY, "zh" * 2000, ";;;;", "x-" * 900, "en;q=nan", "*;q=-1"),
    "Accept-Encoding": ("gzip;q=" + _MANY, "br;q=x", "*;q=0", "zstd" * 500),
    "Accept": ("application/json", "*/*;q=" + _MANY, ";"),
    "Cookie": (
        "=" * 3000, "elder=" + _MANY, "language=\xff", "elder=1; " * 300, 'circle-x="', "a=\\000",
    ),
    "Host": ("", "evil.example", "x:" + _MANY, "[::1", "a b", "é.example", "x" * 300),
    "Origin": ("null", "https://evil.example", "x" * 3000),
    "Referer": ("javascript:x", "\xff", "http://[::1"),
    "X-Forwarded-For": (_MANY, "1.2.3.4, " * 400, "::1%eth0", "x"),
    "X-Forwarded-Proto": ("https", "x"),
    "X-Forwarded-Host": ("evil.example",), "X-CSRFToken": ("x", _MANY, "\xff"),
    "Content-Encoding": ("gzip",), "Expect": ("x",), "User-Agent": ("", "x" * 4000, "\xff"),
    "Authorization": ("Basic eA==", "Bearer x", "Digest " + "a=" * 300), "Date": (_MANY,),
    "Sec-Fetch-Site": ("cross-site",), "X-Requested-With": ("XMLHttpRequest",),
    "Last-Event-ID": (_MANY,),
}  # fmt: skip
_KINDS = (
    "", "nonsense", "text/plain", "application/json", "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nothing", "text/html; charset=\xff",
    "multipart/mixed; boundary=x",
)  # fmt: skip
_NAMES_OF_FILES = (
    "a.jpg", "", "../../x.php", "a\x00.jpg", "长" * 300 + ".png", "con", ".htaccess", 'a".jpg',
    "a.xlsx", "a.csv",
)  # fmt: skip
_FILES = (
    b"", b"x", b"\xff\xd8\xff\xe0" + b"\0" * 40, b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    b"GIF89a" + b"\0" * 20,
    b"PK\x03\x04" + b"\0" * 60, b"PK\x05\x06" + b"\0" * 18, b"<html><script>alert(1)</script>",
    b"MZ" + b"\0" * 60,
    b"a,b\n1," + b"9" * 400 + b"\n", b"\xff\xfe" + "甲,乙\n".encode("utf-16-le"), b"%PDF-1.4",
    b"\0" * 5000,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 600,
)  # fmt: skip
_METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
BOUNDARY = "generated"
_ARGUMENT = re.compile(r"<(?:[^:>]+:)?([^>]+)>")


@dataclass(frozen=True)
class Input:
    """One request; `who` sends it."""

    who: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def told(self) -> str:
        """What it was, short enough to be read."""
        heads = {name: value[:40] for name, value in self.headers}
        return f"{self.who}: {self.method} {self.path[:120]} {heads} {self.body[:300]!r}"


@dataclass
class Browser:
    """Somebody with cookies: what answers set goes along with the next request."""

    who: str
    send: Send
    cookies: dict[str, str] = field(default_factory=dict)
    forms: list[PageForm] = field(default_factory=list)

    def ask(self, one: Input) -> Answer:
        if self.cookies and not any(name == "Cookie" for name, _ in one.headers):
            line = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            one = Input(one.who, one.method, one.path, (*one.headers, ("Cookie", line)), one.body)
        answer = self.send(one)
        for name, value in answer[1]:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer

    def get(self, path: str) -> Answer:
        return self.ask(Input(self.who, "GET", path))

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self.ask(Input(self.who, "POST", path, *_urlencoded(fields.items())))

    def press(self, path: str, changes: Mapping[str, str]) -> Answer:
        """Fills in the form on this page that goes to it, and presses its button."""
        (form,) = [
            one for one in forms_in(self.get(path)[2])
            if one.method == "post" and one.action in (path, "")
        ]  # fmt: skip
        return self.post(path, form.sent.to_dict() | changes)

    def report(self) -> str:
        """The page of an issue that they have reported; they hold its ticket."""
        fields = {"description": "楼道灯不亮", "community_id": "jingui", "consent": "y"}
        return dict(self.press("/issues/new", fields)[1])["Location"]

    def sign_in(self, password: str) -> bool:
        answer = self.press("/staff/login", {"username": self.who, "password": password})
        return answer[0] == 303

    def look_around(self, paths: Iterable[str]) -> None:
        """Keeps the forms of all these pages."""
        for path in paths:
            status, _, text = self.get(path)
            if status == 200 and "<form" in text:
                here = path.partition("?")[0]
                for form in forms_in(text):
                    form.action = form.action or here
                    self.forms.append(form)


def inputs(
    seed: int, browsers: Sequence[Browser], rules: Sequence[str], numbers: Sequence[str]
) -> Iterator[tuple[Browser, Input]]:
    """Without end: a browser and what it sends. `rules` are addresses as Flask writes them,
    `numbers` those of issues that there are.
    """
    dice = random.Random(seed)  # noqa: S311 (no secret)
    while True:
        browser = dice.choice(browsers)
        if browser.forms and dice.random() < 0.6:
            yield browser, _of_form(dice, browser)
        else:
            yield browser, _of_address(dice, browser.who, dice.choice(rules), numbers)


def path_of(rule: str, fill: Callable[[str], str]) -> str:
    """The rule with something in each of its places."""
    return _ARGUMENT.sub(lambda found: fill(found[1]), rule)


def _of_address(dice: random.Random, who: str, rule: str, numbers: Sequence[str]) -> Input:
    path = path_of(rule, lambda _: dice.choice((*_PIECES, *numbers, *numbers)))
    if dice.random() < 0.6:
        pairs = ((dice.choice(_QUERIES), dice.choice(TEXTS)) for _ in range(dice.randint(1, 4)))
        path += "?" + "&".join(f"{name}={_quoted(value[:6000])}" for name, value in pairs)
    method = dice.choice(_METHODS)
    if method != "POST" or dice.random() < 0.5:
        return Input(who, method, path, _heads(dice))
    fields = [(dice.choice(_QUERIES), dice.choice(TEXTS)) for _ in range(dice.randint(0, 6))]
    headers, body = _packed(dice, fields)
    return Input(who, method, path, (*headers, *_heads(dice)), body)


def _of_form(dice: random.Random, browser: Browser) -> Input:
    form = dice.choice(browser.forms)
    fields = [(name, value) for name, value, is_sent in form.controls if is_sent]
    names = [name for name, _, _ in form.controls] or ["x"]
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        name, text = dice.choice(names), dice.choice(TEXTS)
        # A form without its token goes no further: it is spoilt more seldom than it is there.
        if name == "csrf_token" and dice.random() < 0.8:
            continue
        known = [value for other, value, _ in form.controls if other == name]
        change = dice.random()
        if change < 0.55:
            fields = [(n, v) for n, v in fields if n != name] + [(name, text)]
        elif change < 0.7:
            fields = [(n, v) for n, v in fields if n != name] + [(name, dice.choice(known or [""]))]
        elif change < 0.8:
            fields = [(n, v) for n, v in fields if n != name]
        elif change < 0.9:
            fields += [(name, text), (name, dice.choice(TEXTS))]
        else:
            fields.append((dice.choice((name + "[]", name + "-0", text[:200], *_QUERIES)), text))
    if form.method != "post":
        query = "&".join(f"{_quoted(n)}={_quoted(v[:6000])}" for n, v in fields)
        return Input(browser.who, "GET", f"{form.action.partition('?')[0]}?{query}", _heads(dice))
    headers, body = _packed(dice, fields)
    return Input(browser.who, "POST", form.action, (*headers, *_heads(dice)), body)


def _heads(dice: random.Random) -> tuple[tuple[str, str], ...]:
    if dice.random() < 0.6:
        return ()
    names = dice.sample(sorted(_HEADERS), dice.choice((1, 1, 2)))
    return tuple((name, dice.choice(_HEADERS[name])) for name in names)


_Packed = tuple[tuple[tuple[str, str], ...], bytes]


def _packed(dice: random.Random, fields: list[tuple[str, str]]) -> _Packed:
    """As a browser would, with files among the fields, or in a way that none does."""
    way = dice.random()
    if way < 0.55:
        return _urlencoded(fields)
    if way < 0.9:
        headers, body = _multipart(dice, fields)
    else:
        headers, body = _urlencoded(fields)
        headers = (("Content-Type", dice.choice(_KINDS)),)
    if dice.random() < 0.15:
        body = body[: dice.randrange(len(body) + 1)]
    if dice.random() < 0.05:
        body += bytes(dice.randrange(256) for _ in range(200))
    return headers, body


def _urlencoded(fields: Iterable[tuple[str, str]]) -> _Packed:
    body = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in fields)
    return (("Content-Type", "application/x-www-form-urlencoded"),), body.encode()


def _multipart(dice: random.Random, fields: list[tuple[str, str]]) -> _Packed:
    parts = [(f'form-data; name="{_plain(name)}"', "", _bytes(value)) for name, value in fields]
    names = ("photos", "file", "files", *(name for name, _ in fields))
    for _ in range(dice.choice((0, 1, 1, 2, 9))):
        name, file = _plain(dice.choice(names)), dice.choice(_NAMES_OF_FILES)
        about = f'form-data; name="{name}"; filename="{file}"'
        kind = dice.choice(("", "image/jpeg", "text/html", "multipart/mixed; boundary=x", "\xff"))
        content = dice.choice(_FILES)
        if kind.startswith("multipart"):
            content = (
                b'--x\r\nContent-Disposition: attachment; filename="a"\r\n\r\n'
                + content
                + b"\r\n--x--"
            )
        parts.append((about, kind, content))
    dice.shuffle(parts)
    body = b"".join(
        f"--{BOUNDARY}\r\nContent-Disposition: {about}\r\n".encode("utf-8", "surrogatepass")
        + (f"Content-Type: {kind}\r\n".encode("latin-1") if kind else b"")
        + b"\r\n" + content + b"\r\n"
        for about, kind, content in parts
    )  # fmt: skip
    return (
        ("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),
    ), body + f"--{BOUNDARY}--\r\n".encode()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _quoted(text: str) -> str:
    return quote(_bytes(text), safe="")


def _plain(name: str) -> str:
    return re.sub(r'[\r\n"]', "", name)
