"""People who use the product while it is restarted, killed or changed, and what they noticed."""

import http.client
import os
import re
import signal
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from tests.support.running import Running

REPORTED_IN = "jingui"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    said: str


class Visitors:
    """People who report and read without a pause; what went wrong for them."""

    def __init__(self, port: int, *, reporters: int = 2, pause: float = 0.02) -> None:
        self.port = port
        self.pause = pause  # seconds between what one of them does and the next
        self.longest = 0.0  # seconds that an answer took
        self.acknowledged: list[str] = []
        self.wrong: list[str] = []
        self.answers = 0
        self._over = threading.Event()
        ways = (*[self._report] * reporters, lambda: self._read("/"), self._keep_reading)
        self._threads = [threading.Thread(target=self._go, args=(way,)) for way in ways]
        for thread in self._threads:
            thread.start()

    def go(self) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(90)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.go()

    def _go(self, way: Callable[[], None]) -> None:
        while not self._over.is_set():
            try:
                way()
            except (OSError, http.client.HTTPException) as error:
                self.wrong.append(repr(error))
            time.sleep(self.pause)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def _read(self, path: str) -> None:
        with closing(self._connection()) as connection:
            self._got(connection, "GET", path, 200)

    def _keep_reading(self) -> None:
        """On one connection, as long as the server leaves it open."""
        with closing(self._connection()) as connection:
            for _ in range(50):
                answer = self._got(connection, "GET", "/figures/", 200)
                if answer.headers.get("Connection") == "close":
                    break
                time.sleep(0.02)

    def _report(self) -> None:
        with closing(self._connection()) as connection:
            page = self._got(connection, "GET", "/issues/new", 200)
            cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
            hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.said)
            told = {"description": "（示例）路灯不亮", "community_id": REPORTED_IN}
            body = urlencode({**dict(hidden), **told})
            head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
            answer = self._got(connection, "POST", "/issues/new", 303, body, head)
        if answer.status == 303:
            self.acknowledged.append(answer.headers["Location"].rsplit("/", 1)[-1])

    def _got(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        status: int,
        body: str | None = None,
        head: dict[str, str] | None = None,
    ) -> Answer:
        began = time.monotonic()
        connection.request(method, path, body, head or {})
        answer = connection.getresponse()
        got = Answer(answer.status, answer.headers, answer.read().decode(errors="replace"))
        self.answers += 1
        self.longest = max(self.longest, time.monotonic() - began)
        if got.status != status:
            self.wrong.append(f"{method} {path}: {got.status}")
        return got


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for it; fails when it does not come."""
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


def children_of(number: int) -> list[int]:
    """The processes that this one started and that have not ended."""
    found = Path(f"/proc/{number}/task/{number}/children").read_text()
    return [int(child) for child in found.split()]


def renewed(server: Running) -> None:
    """Has another process take the place of the one that serves."""
    before = children_of(server.pid)
    os.kill(server.pid, signal.SIGHUP)
    until(lambda: len(children_of(server.pid)) == 1 and children_of(server.pid) != before, 120)
