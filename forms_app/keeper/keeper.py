"""One process that holds the sockets and starts the servers that answer on them.

At SIGHUP a new server is started beside the old one, which leaves once the new one takes requests.
A new one that has to change the database first is alone before: what comes meanwhile waits in the
queue of the sockets. A new one that does not come up changes nothing: where nobody serves any
more, the version that served before is started again. Once one has served, another is started
whenever none is left, however often they die: what kills them may pass.
"""

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from enum import Enum, auto

from forms_app.keeper.line import HANDED, Word
from forms_app.keeper.programs import Program, programs

LEAVE_SECONDS = 90.0  # for the requests that a leaving server still answers
SOON_SECONDS = 20.0  # where another waits for it
END_SECONDS = 5.0
STAYED_SECONDS = 30.0  # whoever served so long and dies is followed by another at once
# Else after a pause, twice as long each time.
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 10.0
SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)


class At(Enum):
    COMING = auto()
    SERVING = auto()
    LEAVING = auto()


@dataclass
class Server:
    """A process that serves, and the keeper's end of its line."""

    process: "subprocess.Popen[bytes]"
    line: socket.socket
    at: At = At.COMING
    since: float = field(default_factory=time.monotonic)
    said: bytes = b""
    must_be_gone: float = float("inf")
    waits_to_be_alone: bool = False

    def say(self, word: Word) -> None:
        with suppress(OSError):  # it is gone, and its end is about to be told
            self.line.sendall(f"{word}\n".encode())

    def leave(self, *, is_soon: bool) -> None:
        seconds = SOON_SECONDS if is_soon else LEAVE_SECONDS
        self.must_be_gone = min(self.must_be_gone, time.monotonic() + seconds)
        self.at = At.LEAVING
        self.say(Word.LEAVE_SOON if is_soon else Word.LEAVE)


class Keeper:
    """Starts servers by `command`, hands them the sockets, and has one take the other's place."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self._sockets: list[socket.socket] = []
        self._servers: list[Server] = []
        self._selector = selectors.DefaultSelector()
        self._code = 0
        self._has_served = False
        self._pause = 0.0  # before the next is started
        self._starts_at = float("inf")
        self._is_ending = False
        self._left: list[Program] = []  # to be tried where the one before does not come up
        told, tells = socket.socketpair()
        told.setblocking(False)
        tells.setblocking(False)
        self._told, self._tells = told, tells
        signal.set_wakeup_fd(tells.fileno(), warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, lambda _number, _frame: None)
        self._selector.register(told, selectors.EVENT_READ, None)

    def run(self, sockets: list[socket.socket]) -> int:
        """Keeps servers on these sockets until it is told to stop; the exit code. It ends with that
        of the first one, where that never takes a request. Raises OSError where none can start.
        """
        self._sockets = sockets
        self._start()
        while self._servers or self._starts_at != float("inf"):
            for key, _ in self._selector.select(self._patience()):
                if key.data is None:
                    for number in self._told.recv(256):
                        self._signalled(number)
                elif key.data in self._servers:  # the word before may have been of its end
                    self._hear(key.data)
            self._hurry()
        return self._code

    def _start(self) -> None:
        self._left = programs(os.environ)
        self._start_next()

    def _start_next(self) -> None:
        program = self._left.pop(0)
        ours, theirs = socket.socketpair()
        handed = [theirs.fileno(), *(one.fileno() for one in self._sockets)]
        with ExitStack() as unless_started, theirs:
            unless_started.callback(ours.close)
            process = subprocess.Popen(  # noqa: S603 - our own program, as it was started
                program.command(self._command),
                env={
                    **os.environ,
                    **program.environ,
                    HANDED: " ".join(map(str, handed)),
                },
                pass_fds=handed,
            )
            unless_started.pop_all()
        server = Server(process, ours)
        self._servers.append(server)
        self._selector.register(ours, selectors.EVENT_READ, server)

    def _signalled(self, number: int) -> None:
        if number == signal.SIGCHLD:
            for server in list(self._servers):
                code = server.process.poll()
                if code is not None:
                    self._gone(server, code)
        elif number == signal.SIGHUP:
            if not self._is_ending and not self._all(At.COMING):
                self._try(self._start)
        elif number in (signal.SIGTERM, signal.SIGINT):
            self._end()

    def _end(self) -> None:
        self._is_ending = True
        self._starts_at = float("inf")
        for server in self._servers:
            server.process.terminate()
            server.must_be_gone = time.monotonic() + END_SECONDS

    def _hear(self, server: Server) -> None:
        said = b""
        with suppress(ConnectionResetError):  # it died before it read what was said to it
            said = server.line.recv(256)
        if not said:  # its process has ended; its code comes by SIGCHLD
            self._selector.unregister(server.line)
            return
        *lines, server.said = (server.said + said).split(b"\n")
        for line in lines:
            if line.decode() == Word.SERVING:
                self._take_over(server)
            elif line.decode() == Word.ALONE:
                server.waits_to_be_alone = True
                for other in self._all(At.SERVING, At.LEAVING):
                    other.leave(is_soon=True)
                self._say_alone()

    def _take_over(self, server: Server) -> None:
        for other in self._all(At.SERVING):
            other.leave(is_soon=False)
        server.at, server.since = At.SERVING, time.monotonic()
        self._has_served = True
        self._left = []  # the one before would lose what this one takes

    def _gone(self, server: Server, code: int) -> None:
        self._servers.remove(server)
        if self._selector.get_map().get(server.line) is not None:
            self._selector.unregister(server.line)
        server.line.close()
        self._say_alone()
        if self._is_ending or server.at is At.LEAVING:
            return
        has_stayed = server.at is At.SERVING and time.monotonic() - server.since >= STAYED_SECONDS
        if self._all(At.COMING, At.SERVING):
            if server.at is At.COMING:
                print("新的服务没有起来，原来的继续服务。", file=sys.stderr, flush=True)
        elif self._left:
            print("这个版本没有起来，换回原来的版本……", file=sys.stderr, flush=True)
            self._try(self._start_next)
        elif self._has_served:
            print(f"服务意外停了（{code}），正在重新启动……", file=sys.stderr, flush=True)
            self._start_soon(has_stayed=has_stayed)
        else:
            self._code = code if code > 0 else 1

    def _start_soon(self, *, has_stayed: bool) -> None:
        """Has another started, the later the sooner the last ones died."""
        longer = min(max(2 * self._pause, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self._pause = 0.0 if has_stayed else longer
        self._starts_at = time.monotonic() + self._pause

    def _try(self, start: Callable[[], None]) -> None:
        """Starts one; where there is no room for a process just now, those there are go on."""
        self._starts_at = float("inf")
        try:
            start()
        except OSError as error:
            print(f"新的服务没有起来（{error.strerror}）。", file=sys.stderr, flush=True)
            if not self._all(At.COMING, At.SERVING):
                self._start_soon(has_stayed=False)

    def _say_alone(self) -> None:
        for server in self._all(At.COMING):
            if server.waits_to_be_alone and len(self._servers) == 1:
                server.waits_to_be_alone = False
                server.say(Word.ALONE)

    def _all(self, *at: At) -> list[Server]:
        return [server for server in self._servers if server.at in at]

    def _patience(self) -> float | None:
        first = min([self._starts_at, *(server.must_be_gone for server in self._servers)])
        return None if first == float("inf") else max(first - time.monotonic(), 0.0) + 0.01

    def _hurry(self) -> None:
        for server in self._servers:
            if time.monotonic() >= server.must_be_gone:
                server.process.kill()
                server.must_be_gone = float("inf")
        if time.monotonic() >= self._starts_at:
            self._try(self._start)
