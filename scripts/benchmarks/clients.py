"""A browser on a kept connection, as far as a measure needs one."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


class Unexpected(Exception):
    """An answer that is not the one that is measured: no figure of this run counts."""


@dataclass
class Client:
    """A browser on a kept connection; what it was given first stays, whatever comes later."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connect()

    def connect(self, source: str = "127.0.0.1") -> None:
        """Begins a connection from this address of the machine's own, of which it has millions."""
        self.connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(source, 0)
        )

    def ask(
        self,
        path: str,
        status: int = 200,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        keeps: bool = False,
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer with its body. Raises Unexpected when its status is another one."""
        answer, content = self.fetch(path, body, headers)
        if answer.status != status:
            raise Unexpected(f"{path}: {answer.status} instead of {status}")
        if keeps:
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
        return answer, content

    def fetch(
        self, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """The answer with its body, whatever its status is."""
        sent = {"Accept-Encoding": "gzip", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request("POST" if body is not None else "GET", path, body, sent)
        answer = self.connection.getresponse()
        return answer, answer.read()

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields of a page."""
        _, page = self.ask(path, headers={"Accept-Encoding": "identity"}, keeps=True)
        return hidden_in(page.decode())

    def send(self, path: str, fields: Mapping[str, str], status: int = 303) -> str:
        """Where a sent form leads; "" where it leads nowhere."""
        answer, _ = self.ask(path, status, urlencode(fields).encode(), FORM, keeps=True)
        return answer.headers.get("Location") or ""


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def hidden_in(page: str) -> dict[str, str]:
    """The hidden fields of a page's forms."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
