"""Waitress with deadlines, limits for bodies by their page, and answers that reach whoever sent
too much.
"""

import re
import resource
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error

from forms_app.front.deadlines import MOST_BYTES, At, Stage, first_to_go, too_heavy
from forms_app.front.workers import workers

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 8
MOST_OF_ONE = 6  # that answer one address at once
MOST_CONNECTIONS = 2000
FILES_BESIDE = 256  # descriptors for the database, the pages, and bodies that lie on the disk
LARGEST_HEAD = 32 * 1024
IN_MEMORY = 64 * 1024  # of a body; the rest goes to the disk
ACCEPTED_AT_ONCE = 128
LOOK_SECONDS = 1
# A browser asks again on the connection it has: closed under its next request, that would fail.
LEAVE_SECONDS = 5.0
SOON_SECONDS = 1.0
_STRETCH = re.compile(r"bytes=(?:(\d+)-(\d*)|-\d+)", re.IGNORECASE)


class Front(Struct, frozen=True):
    """What the server is told: the bytes that a method, path and content type may carry, the
    name in the environment by which the app hears that there were more, the sentence to a
    status for whoever sent what is no request, and which asker an address is of.
    """

    largest_body: Callable[[str, str, str], int]
    too_large: str
    secure: bool
    said: Callable[[int], str] = lambda status: HTTPStatus(status).phrase
    proxy: str = ""  # the address whose X-Forwarded-For is believed
    asker: Callable[[str], str] = str


def listen(app: "WSGIApplication", front: Front, sockets: Sequence[socket.socket]) -> "Listening":
    """The server on these sockets, which listen already; `run()` serves."""
    adjustments = Adjustments(
        sockets=list(sockets),
        threads=THREADS,
        connection_limit=1_000_000,  # ours closes one instead of taking no more
        cleanup_interval=LOOK_SECONDS,
        asyncore_use_poll=True,  # select knows no more than 1024
        inbuf_overflow=IN_MEMORY,
        max_request_header_size=LARGEST_HEAD,
        clear_untrusted_proxy_headers=True,
        ident=None,
        url_scheme="https" if front.secure else "http",
        **({"trusted_proxy": front.proxy, "trusted_proxy_headers": "x-forwarded-for"}
           if front.proxy else {}),
    )  # fmt: skip
    most = _raise_limit()
    threads = workers(THREADS, Channel.asker, MOST_OF_ONE)
    connections: dict[int, Any] = {}
    servers = [
        Server(
            app, connections, _sock=one, bind_socket=False, dispatcher=threads, adj=adjustments,
            sockinfo=(one.family, one.type, one.proto, one.getsockname()),
        )
        for one in sockets
    ]  # fmt: skip
    for server in servers:
        server.front, server.most = front, most
    return Listening(servers, connections, adjustments, threads)


class Listening(MultiSocketServer):  # type: ignore[misc]
    """The servers of all sockets as one, until it is told to leave."""

    def __init__(
        self,
        servers: Sequence["Server"],
        connections: dict[int, Any],
        adjustments: Adjustments,
        threads: ThreadedTaskDispatcher,
    ) -> None:
        listening = [(one.effective_host, one.effective_port) for one in servers]
        super().__init__(connections, adjustments, listening, threads, servers[0].log_info)
        self.servers = servers

    def leave(self, is_soon: bool) -> None:
        """Takes no more connections, and ends `run()` when those there are have their answers.

        Any thread may call it. What nobody asks anything on is closed after a while, or `is_soon`.
        """
        idle_until = time.monotonic() + (SOON_SECONDS if is_soon else LEAVE_SECONDS)
        for server in self.servers:
            server.idle_until = idle_until
            server.pull_trigger()


def _raise_limit() -> int:
    """Lets this process open as many files as it may; how many connections that allows."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS + FILES_BESIDE
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    # A body on the disk is a file beside its connection.
    return max((most - FILES_BESIDE) // 2, 1)


class NoRoom(Error):  # type: ignore[misc]
    """A body could not be kept until it was whole."""

    code = int(HTTPStatus.SERVICE_UNAVAILABLE)
    reason = HTTPStatus.SERVICE_UNAVAILABLE.phrase


class Request(HTTPRequestParser):  # type: ignore[misc]  # Waitress has no types
    """A request; of a body that is too large for its page nothing is kept."""

    largest = 0
    is_too_large = False
    error: Any = None

    def __init__(self, adj: Any, front: Front) -> None:
        super().__init__(adj)
        self.front = front

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        # Two of them come as one, with a comma between.
        if self.version == "1.1" and "," in self.headers.get("HOST", ","):
            raise ParsingError("not one Host")
        # A proxy in front might find another end of it, and the rest would be a request that
        # nobody there has seen (RFC 9112, 6.1).
        if "TRANSFER_ENCODING" in self.headers or (
            self.chunked and "CONTENT_LENGTH" in self.headers
        ):
            raise ParsingError("two lengths")
        if self.body_rcv is not None:
            kind = self.headers.get("CONTENT_TYPE", "")
            self.largest = self.front.largest_body(self.command, self.path, kind)
            if self.content_length > self.largest:
                self._throw_away()

    def received(self, data: bytes) -> int:
        try:
            consumed: int = super().received(data)
        except OSError:  # the disk takes no more of it
            self._throw_away()
            self.error = NoRoom("")
            return len(data)
        if self.chunked and self.body_bytes_received > self.largest and not self.is_too_large:
            self._throw_away()
        # What follows belongs to the body that was thrown away, and is no request.
        return len(data) if self.is_too_large else consumed

    def _throw_away(self) -> None:
        with suppress(OSError):  # it writes what it has not written yet, and is closed all the same
            self.close()
        self.body_rcv, self.content_length, self.error = None, 0, None
        self.headers["CONTENT_LENGTH"] = "0"
        self.headers["CONNECTION"] = "close"
        self.expect_continue = False
        self.is_too_large = self.completed = True


class Task(WSGITask):  # type: ignore[misc]
    """A request answered by the app."""

    def get_environment(self) -> dict[str, Any]:
        is_new = self.environ is None
        environ: dict[str, Any] = super().get_environment()
        if is_new and self.request.is_too_large:
            environ[self.channel.server.front.too_large] = True
        if is_new and not _is_one_stretch(environ.get("HTTP_RANGE", "")):
            environ.pop("HTTP_RANGE", None)  # what one does not understand gets the whole
        return environ

    def set_close_on_finish(self) -> None:
        # Waitress closes where no length is given. A 304 ends with its head, and the next
        # request may come on the same connection.
        is_asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        is_last = self.channel.server.idle_until is not None
        if self.has_body or is_asked or is_last or self.version == "1.0":
            super().set_close_on_finish()

    def build_response_header(self) -> bytes:
        if self.channel.server.idle_until is not None:
            self.set_close_on_finish()  # the next request is another server's
        return bytes(super().build_response_header())


def _is_one_stretch(said: str) -> bool:
    """Whether a Range is one that can be asked for: from here to there, or so many at the end."""
    found = _STRETCH.fullmatch(said)
    return found is not None and (not found[2] or int(found[1]) <= int(found[2]))


class Refusal(ErrorTask):  # type: ignore[misc]
    """An answer to what is no request, in words that whoever sent it may read."""

    def execute(self) -> None:
        error = self.request.error
        said = self.channel.server.front.said(error.code).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "text/plain; charset=utf-8"))
        self.set_close_on_finish()
        self.content_length = len(said)
        self.write(said)


class Channel(HTTPChannel):  # type: ignore[misc]
    """One connection."""

    task_class = Task
    error_task_class = Refusal
    close_when_flushed = False

    def __init__(
        self, server: "Server", sock: socket.socket, addr: Any, adj: Any, map: Any
    ) -> None:
        now = time.monotonic()
        self.stage = Stage(At.IDLE, now, now)
        self.parser_class = lambda adj: Request(adj, server.front)
        super().__init__(server, sock, addr, adj, map=map)

    def received(self, data: bytes) -> bool:
        now = time.monotonic()
        if self.stage.at is At.GOING:
            return True
        taken: bool = super().received(data)
        self.stage.move_on(self._at(), now)
        self.stage.move(len(data), now)
        return taken

    def asker(self) -> str:
        """Who asks; of several askers who come by one connection, who is to be answered next."""
        front: Front = self.server.front
        address = str(self.addr[0])
        request = self.requests[0] if self.requests else self.request
        if address == front.proxy and request is not None:
            told = request.headers.get("X_FORWARDED_FOR", "")
            address = told.rpartition(",")[2].strip() or address
        return front.asker(address)

    def _at(self) -> At:
        if self.requests or self.total_outbufs_len or self.close_when_flushed:
            return At.ANSWER
        if self.request is None:
            return At.IDLE
        return At.BODY if self.request.headers_finished else At.HEAD

    def readable(self) -> bool:
        if self.stage.at is At.GOING:
            return not self.will_close
        return bool(super().readable())

    def writable(self) -> bool:
        # A thread that sends holds the lock, and wakes the loop if anything is left. Asked all
        # the same, the loop turned 12,000 times a second and kept the interpreter from it.
        if self.requests and not self.will_close:
            if not self.outbuf_lock.acquire(blocking=False):
                return False
            self.outbuf_lock.release()
        return bool(super().writable())

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close=do_close)
        self.stage.move(sent, time.monotonic())
        return sent

    def handle_write(self) -> None:
        if not (self.close_when_flushed and self.connected):
            super().handle_write()
            return
        self._flush_exception(self._flush_some)
        if not self.total_outbufs_len and not self.will_close:
            # Closed at once, what still comes would be answered by a reset, and that would take
            # the answer away from whoever has not read it yet.
            self.close_when_flushed = False
            self.socket.shutdown(socket.SHUT_WR)
            self.stage.move_on(At.GOING, time.monotonic())
        if self.will_close:
            self.handle_close()

    def del_channel(self, channels: Any = None) -> None:
        """However it ends: closed by itself, or with all others as the server ends."""
        super().del_channel(channels)
        if self.request is not None:
            self.request.close()  # what came of a body that was never whole

    def look(self, now: float) -> None:
        """Ends the connection if its time is up."""
        if self.stage.at is not At.GOING:
            self.stage.move_on(self._at(), now)
        idle_until = self.server.idle_until
        is_last = idle_until is not None and self.stage.at is At.IDLE and now >= idle_until
        if is_last or self.stage.is_over(now, waits_for_client=bool(self.total_outbufs_len)):
            self.will_close = True


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Takes connections in, and closes those that keep others out."""

    channel_class = Channel
    front: Front
    most: int
    # Once it leaves: until when a connection may lie idle.
    idle_until: float | None = None

    def readable(self) -> bool:
        if self.idle_until is not None:
            self.accepting = False
            self.socket.close()  # the keeper has it, too: it goes on to listen
            if not any(isinstance(one, Channel) for one in self._map.values()):
                raise SystemExit
        return bool(super().readable())

    def handle_accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            before = len(self._map)
            super().handle_accept()
            if len(self._map) == before:
                break
        if len(self._map) > self.most:
            self._make_room(len(self._map) - self.most)

    def maintenance(self, _now: float) -> None:
        now = time.monotonic()
        for channel in self.active_channels.values():
            channel.look(now)
        channels = [one for one in self._channels() if not one.will_close]
        for place in too_heavy([(one.asker(), one.stage) for one in channels], MOST_BYTES):
            channels[place].will_close = True

    def _make_room(self, count: int) -> None:
        channels = self._channels()
        for place in first_to_go([(str(one.addr[0]), one.stage) for one in channels], count):
            channels[place].will_close = True

    def _channels(self) -> list[Channel]:
        return [one for one in self._map.values() if isinstance(one, Channel)]
