"""The product behind nginx, both really serving: what people get, and what nginx keeps off."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from scripts.benchmarks.attack import family
from tests.conftest import missing
from tests.deployment.conftest import Scratch, nginx_at
from tests.front.test_siege import unnamed
from tests.support.pictures import phone_photo
from tests.support.running import PASSWORD, Running, running
from tests.support.told import copy_demo

pytestmark = pytest.mark.slow

FORM = "application/x-www-form-urlencoded"
TOLD = "水管破了，正在抢修"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """nginx in front of a running product."""

    port: int
    app: Running
    log: Path
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """One request as a browser makes it, that keeps its cookies."""
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, told | {"Host": "circle.test"})
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, **headers)

    def hidden(self, path: str) -> dict[str, str]:
        """What a form brings along unseen."""
        found = {}
        for tag in re.findall(r"<input[^>]*>", self.get(path).text):
            name = re.search(r'name="([^"]+)"', tag)
            value = re.search(r'value="([^"]*)"', tag)
            if name and 'type="hidden"' in tag:
                found[name[1]] = value[1] if value else ""
        return found

    def send(self, path: str, **fields: str) -> Answer:
        """A form filled in."""
        body = urlencode(self.hidden(path) | fields).encode()
        return self.ask("POST", path, body, Content_Type=FORM)

    def records(self) -> str:
        """What nginx has written down, once it has."""
        time.sleep(0.2)
        return self.log.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, small_source: Path) -> Iterator[Served]:
    if shutil.which("nginx") is None:
        missing("nginx")
    server = Scratch(tmp_path_factory.mktemp("machine") / "server")
    folder = copy_demo(tmp_path_factory.mktemp("product"))
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with running(folder) as app:
        options = ("--yes", "--address", "circle.test", "--port", str(app.port))
        assert server.deploy(*options, source=small_source) == 0, server.words
        build = server.root / "var/lib/circle/build"
        build.symlink_to(folder / "build")
        process = subprocess.Popen(nginx_at(server, port))
        try:
            _until_open(port)
            yield Served(port, app, server.root / "var/log/circle/access.log")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def _until_open(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


def test_a_page_comes_from_the_program_with_its_headers(served: Served) -> None:
    first = served.get("/services/")
    assert first.status == 200
    assert "default-src 'none'" in first.headers["content-security-policy"]
    assert served.get("/services/", If_None_Match=first.headers["etag"]).status == 304
    zipped = served.get("/services/", Accept_Encoding="gzip")
    assert zipped.headers["content-encoding"] == "gzip"
    assert len(zipped.body) < len(first.body)
    elder = Served(served.port, served.app, served.log, {"elder": "1"}).get("/services/")
    assert 'class="elder' in elder.text
    assert "nginx/" not in first.headers["server"]


def test_what_is_named_by_its_content_is_kept_by_nginx(served: Served) -> None:
    (address, *_) = re.findall(r'"\./(static/[^"]+\?v=[^"]+)"', served.get("/").text)
    first, second = served.get(f"/{address}"), served.get(f"/{address}")
    assert "immutable" in first.headers["cache-control"]
    # The number of the request that the program answered.
    assert first.headers["x-request-id"] == second.headers["x-request-id"]
    assert first.headers["x-content-type-options"] == "nosniff"
    assert served.get(f"/{address}", If_None_Match=first.headers["etag"]).status == 304
    path = address.partition("?")[0]
    plain = [served.get(f"/{path}").headers["x-request-id"] for _ in range(2)]
    assert plain[0] != plain[1]


def test_the_banner_of_an_emergency_stands_at_once_on_the_published_pages(served: Served) -> None:
    before = served.get("/services/")
    leader = Served(served.port, served.app, served.log)
    signed = leader.send("/staff/login", username="community_leader", password=PASSWORD)
    assert signed.status == 303
    opened = leader.send(
        "/staff/incidents/new", kind="water", title="桂园停水", told=TOLD, community_id="jingui"
    )
    assert opened.status == 303
    told = served.get("/services/", If_None_Match=before.headers["etag"])
    assert told.status == 200
    assert TOLD in told.text


def test_photos_pass_and_too_much_is_told_in_a_sentence(served: Served) -> None:
    photo = phone_photo()
    fields = served.hidden("/issues/new") | {
        "description": "桂园三栋楼道的灯坏了", "community_id": "jingui",
    }  # fmt: skip
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    head = b'name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts.append(head + photo)
    start = b"--b\r\nContent-Disposition: form-data; "
    body = b"".join(start + part + b"\r\n" for part in parts) + b"--b--\r\n"
    files = "multipart/form-data; boundary=b"
    sent = served.ask("POST", "/issues/new", body, Content_Type=files)
    assert sent.status == 303, sent.text
    # Elsewhere a form is a text, and nginx takes no more.
    refused = served.ask("POST", "/issues/", b"a=" + b"x" * 300_000, Content_Type=FORM)
    assert refused.status == 413
    assert "填的内容还在" in refused.text


def test_what_comes_slowly_with_files_lies_with_the_program_that_bounds_it(
    served: Served,
) -> None:
    head = (
        b"POST /issues/new HTTP/1.1\r\nHost: circle.test\r\nContent-Type: multipart/form-data; "
        b"boundary=x\r\nContent-Length: 9000000\r\n\r\n"
    )
    with_nginx, until = served.log.parents[3] / "nginx" / "client_body", time.monotonic() + 20
    found = set[Path]()
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as client:
        client.sendall(head + b"x" * 1_000_000)
        while not found and time.monotonic() < until:
            time.sleep(0.1)
            found = {place for pid in family(served.app.pid) for place in unnamed(pid)}
        assert found == {served.app.data / "private"}
        assert [one for one in with_nginx.rglob("*") if one.is_file()] == []


def test_nobody_is_known_by_what_they_write_into_the_head(served: Served) -> None:
    for number in range(3):
        served.get("/issues/", X_Forwarded_For=f"198.51.100.{number}")
    assert "198.51.100" not in served.app.log.read_text()


def test_slow_clients_wait_for_nginx_and_keep_nobody(served: Served) -> None:
    slow = []
    try:
        for _ in range(120):
            one = socket.create_connection(("127.0.0.1", served.port), timeout=10)
            one.sendall(
                b"POST /issues/ HTTP/1.1\r\nHost: circle.test\r\nContent-Type: "
                + FORM.encode() + b"\r\nContent-Length: 9000\r\n\r\na="
            )  # fmt: skip
            slow.append(one)
        silent = socket.create_connection(("127.0.0.1", served.port), timeout=10)
        slow.append(silent)
        # Of one address a hundred at most; the others read so, and whoever has none open is served.
        connection = http.client.HTTPConnection(
            "127.0.0.1", served.port, timeout=20, source_address=("127.0.0.2", 0)
        )
        connection.request("GET", "/services/", headers={"Host": "circle.test"})
        assert connection.getresponse().status == 200
        connection.close()
        refused = served.get("/services/")
        assert refused.status == 429
        assert "请过半分钟再试" in refused.text
        assert refused.headers["content-type"] == "text/html; charset=utf-8"
        sent = served.ask("POST", "/issues/", b"a=b", Content_Type=FORM)
        assert (sent.status, "按“返回”还在" in sent.text) == (429, True)
    finally:
        for one in slow:
            one.close()
    until = time.monotonic() + 20
    while served.get("/services/").status == 429 and time.monotonic() < until:
        time.sleep(0.1)


@contextmanager
def fronted(folder: Path, source: Path, *options: str) -> Iterator[int]:
    """nginx alone, behind another machine that tells whose a request is: its port."""
    if shutil.which("nginx") is None:
        missing("nginx")
    server = Scratch(folder / "server")
    more = ("--yes", "--address", "circle.test", "--front", "127.0.0.1", *options)
    assert server.deploy(*more, source=source) == 0, server.words
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(nginx_at(server, port))
    try:
        _until_open(port)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def asked(port: int, path: str, **headers: str) -> tuple[int, str]:
    """Status, and where it leads."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": "circle.test", **told})
    try:
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        connection.close()


def test_who_leaves_out_the_slash_stays_with_the_machine_in_front(
    tmp_path: Path, small_source: Path
) -> None:
    with fronted(tmp_path, small_source, "--https", "--prefix", "/circle") as port:
        assert asked(port, "/circle") == (301, "/circle/")


@pytest.mark.parametrize("prefix", ["", "/circle"])
def test_without_the_program_a_page_without_its_last_slash_leads_on(
    tmp_path: Path, small_source: Path, prefix: str
) -> None:
    options = ("--prefix", prefix) if prefix else ()
    with fronted(tmp_path, small_source, *options) as port:
        page = tmp_path / "server/var/lib/circle/build/site/services/index.html"
        page.parent.mkdir(parents=True)
        page.write_text("<main>有什么服务</main>", encoding="utf-8")
        assert asked(port, f"{prefix}/services") == (302, f"{prefix}/services/")
        assert asked(port, f"{prefix}/services?a=b") == (302, f"{prefix}/services/?a=b")
        assert asked(port, f"{prefix}/services/") == (200, "")
        # What is no page leads nowhere.
        assert asked(port, f"{prefix}/nothing") == (503, "")
        assert asked(port, f"{prefix}/%0d%0aX:y") == (503, "")


def test_of_ipv6_a_whole_net_counts_as_one(tmp_path: Path, small_source: Path) -> None:
    """Whoever has one address has 2^64 of them."""
    slow = []
    with fronted(tmp_path, small_source) as port:
        try:
            for net in ("2001:db8:1:2", "2001:db8:7:0"):
                for number in range(120):
                    one = socket.create_connection(("127.0.0.1", port), timeout=10)
                    head = f"Host: circle.test\r\nX-Forwarded-For: {net}:{number:x}:a:b:c\r\n"
                    length = "Content-Length: 9\r\n\r\na"
                    one.sendall(f"POST / HTTP/1.1\r\n{head}{length}".encode())
                    slow.append(one)
                time.sleep(0.3)
                assert asked(port, "/", X_Forwarded_For=f"{net}:ffff:a:b:d")[0] == 429
            assert asked(port, "/", X_Forwarded_For="2001:db8:1:2::5")[0] == 429
            for other in ("2001:db8:1:3:1:a:b:c", "2001:db8:1:3::5", "2001:db8::1", "192.0.2.1"):
                # There is no program behind it.
                assert asked(port, "/", X_Forwarded_For=other)[0] == 503
        finally:
            for one in slow:
                one.close()


def test_what_is_written_down_names_nobody(served: Served) -> None:
    secret = "260001-7K2M-9QXD-4TBN"
    served.get(f"/issues/260001?ticket={secret}", Referer=f"http://a.test/{secret}")
    served.get("/confirm/260001/abcdefgh")
    served.get("/search?q=%E5%BC%A0%E4%B8%89")
    records = served.records()
    for told in ("127.0.0.1", "?", secret, "260001", "abcdefgh", "a.test", "%E5", "Python"):
        assert told not in records
    line = r"\S+ GET /search 200 \d+ [\d.]+ [0-9A-Z]{4}-[0-9A-Z]{4}"
    assert re.fullmatch(line, records.splitlines()[-1])


def test_without_the_program_the_last_site_is_read_and_no_form_is_lost(served: Served) -> None:
    """The last test of the file: it stops the program."""
    os.kill(served.app.pid, signal.SIGTERM)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", served.app.port)) != 0:
                break
        time.sleep(0.1)
    kept = served.app.folder / "build/site/services/index.html"
    since = formatdate(kept.stat().st_mtime, usegmt=True)
    for headers in ({}, {"If_Modified_Since": since}, {"If_None_Match": '"kept"'}):
        page = served.get("/services/", **headers)
        assert page.status == 200
        assert "这是上次发布的内容" in page.text
    assert page.headers["cache-control"] == "no-store"
    form = served.get("/issues/new")
    assert form.status == 503
    assert "请打社区值班电话" in form.text
    sent = served.ask("POST", "/issues/new", b"description=x", Content_Type=FORM)
    assert sent.status == 503
    assert "按“返回”还在" in sent.text
    assert sent.headers["content-type"].startswith("text/html")
