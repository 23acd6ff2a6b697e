"""Receivers of notices on this machine, as a mail server or a robot's host would answer."""

import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


@dataclass
class WebReceiver:
    """Answers every POST in the way it is told to; keeps what came."""

    port: int = 0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    answer: object = field(default_factory=lambda: {"errcode": 0, "code": 0})
    delay_seconds: float = 0
    waits_no_more: threading.Event = field(default_factory=threading.Event)
    got: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/send?key=hush"


@contextmanager
def web_receiver() -> Iterator[WebReceiver]:
    """A web server on the loopback."""
    receiver = WebReceiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Request(self.path, headers, body))
            receiver.waits_no_more.wait(receiver.delay_seconds)
            try:
                self.send_response(receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(json.dumps(receiver.answer).encode())
            except BrokenPipeError:
                return  # whoever asked has given up

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield receiver
        server.shutdown()


@dataclass
class MailSink:
    """Takes mail; answers each command with 250 unless told otherwise (`RCPT` → 550)."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    silent_after_text: bool = False
    got: list[tuple[str, EmailMessage]] = field(default_factory=list)  # recipient, mail
    logins: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}/?from=office@example.org"


@contextmanager
def mail_sink() -> Iterator[MailSink]:
    """A mail server on the loopback, as much of RFC 5321 as a client asks for."""
    sink = MailSink()

    class Handler(socketserver.StreamRequestHandler):
        def say(self, line: str) -> None:
            self.wfile.write(line.encode() + b"\r\n")

        def handle(self) -> None:
            self.say("220 sink")
            to = ""
            while line := self.rfile.readline().decode().strip():
                word = line.split()[0].upper()
                if word == "QUIT":
                    self.say("221 bye")
                    return
                if word == "RCPT":
                    to = line.partition("<")[2].partition(">")[0]
                if word == "AUTH":
                    sink.logins.append(line)
                if word == "EHLO":
                    self.say("250-sink")
                    self.say("250 AUTH PLAIN")
                elif word in sink.answers:
                    self.say(sink.answers[word])
                elif word == "DATA":
                    self.say("354 go on")
                    text = b""
                    while (row := self.rfile.readline()) not in (b".\r\n", b""):
                        text += row.removeprefix(b".")
                    mail = message_from_bytes(text, policy=policy.default)
                    sink.got.append((to, mail))
                    if sink.silent_after_text:
                        return
                    self.say(sink.answers.get("TEXT", "250 taken"))
                else:
                    self.say("235 ok" if word == "AUTH" else "250 ok")

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        sink.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield sink
        server.shutdown()
