"""One person with a laptop against the started product, at full size, and what others notice of it.

On this machine only; each attack is bounded in number and time and stops by itself. Waits are by
the clock, so a machine that does other things makes them longer. Figures are JSON lines.
"""

import io
import json
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode

from PIL import Image

from scripts.benchmarks import attack_inputs, attack_races, attack_walks
from tests.support.attack import FULL, HOST, Visits, ask, at_once, besieged, visit
from tests.support.running import copy_checkout, running
from tests.support.told import copy_demo

PAGES = ("/", "/issues/new", "/issues/", "/healthz")
VISITORS = 120
PHONES, PHOTOS_EACH = 10, 6
GUESSERS = 60
REPORTERS = 30
ASKERS, CROWDS_ADDRESS = 100, "127.0.0.66"
FEW = 4  # tries of one name that are free
BOUNDARY = "x"


def say(name: str, **figures: object) -> None:
    print(json.dumps({"name": name, **figures}, ensure_ascii=False), flush=True)


def main() -> int:
    """Every attack in turn on one server, after the visitors alone; or those that are named, on
    one whose limits are off.
    """
    named = sys.argv[1:]
    return max(PARTS[name]() for name in named) if named else floods()


def inputs() -> bool:
    with tempfile.TemporaryDirectory() as folder, running(copy_demo(Path(folder))) as server:
        return attack_inputs.attack(server, say) > 0


def races() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return attack_races.attack(Path(folder), say) > 0


def walks() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        return attack_walks.attack(Path(folder), say) > 0


PARTS: Mapping[str, Callable[[], bool]] = {"inputs": inputs, "races": races, "walks": walks}


def floods() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(copy_checkout(Path(folder) / "checkout"), limits="on") as server,
    ):
        tell("nobody attacks", visit(server.port, VISITORS, PAGES), server.pid)
        with besieged(server.port, FULL) as crowd:
            visits = visit(server.port, VISITORS, PAGES)
        tell(f"{sum(FULL.values())} slow and silent", visits, server.pid, closed=crowd.closed)
        too_much(server.port)
        askers(server.port, server.pid)
        phones(server.port, server.pid)
        names(server.port, server.pid)
        guessers(server.port, server.pid)
        reporters(server.port, server.pid)
    return 0


def tell(name: str, visits: Visits, pid: int, **more: object) -> None:
    say(
        name, served=len(visits.waits), failed=visits.failed, p99_s=round(visits.p99, 3),
        all_processes_mb=memory_mb(pid), **more,
    )  # fmt: skip


def memory_mb(pid: int) -> int:
    """What the process and all below it hold, shared pages counted once."""
    total = 0
    for one in family(pid):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue  # it ended meanwhile
        total += sum(int(kb) for kb in re.findall(r"^Pss: +(\d+)", text, re.MULTILINE))
    return total // 1024


def family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            found += family(int(child))
    return found


def form(port: int, path: str) -> tuple[str, dict[str, str]]:
    """The cookie and the hidden fields of a form's page."""
    _, answer = ask(port, request("GET", path))
    cookie = re.search(rb"Set-Cookie: (circle-[^;]+)", answer)
    fields = re.findall(r'name="(csrf_token|form_key)" value="([^"]*)"', answer.decode())
    return (cookie[1].decode() if cookie else ""), dict(fields)


def request(method: str, path: str, body: bytes = b"", kind: str = "", cookie: str = "") -> bytes:
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n"
    if body:
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Cookie: {cookie}\r\n\r\n".encode() + body


def multipart(fields: dict[str, str], files: list[bytes]) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
    )
    parts += [head.encode() + content + b"\r\n" for content in files]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def too_much(port: int) -> None:
    """Answers to what no page takes, in milliseconds."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    head = b"POST /issues/new HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999\r\n\r\n"
    for name, sent in {
        "900 parts": request("POST", "/issues/new", multipart({}, [b"x"] * 900), kind),
        "a body of 1 GB announced": head,
    }.items():
        began = time.perf_counter()
        status, _ = ask(port, sent)
        say(name, status=status, ms=round((time.perf_counter() - began) * 1000))


def askers(port: int, pid: int) -> None:
    """A hundred connections of another address that ask for the search, each again and again."""
    until = time.monotonic() + 15
    asked = [0]

    def search(number: int) -> None:
        while time.monotonic() < until:
            words = quote(f"楼道灯坏了找谁{number}" * 8)
            sent = request("GET", f"/search?q={words}")
            with (
                suppress(OSError),
                socket.create_connection(
                    (HOST, port), 30, source_address=(CROWDS_ADDRESS, 0)
                ) as client,
            ):
                client.sendall(sent)
                while client.recv(65536):
                    continue
                asked[0] += 1

    threads = at_once(ASKERS, search)
    visits = visit(port, VISITORS, PAGES)
    for one in threads:
        one.join()
    tell("a hundred search from one address", visits, pid, asked=asked[0])


def phones(port: int, pid: int) -> None:
    """Ten phones with six photos each at once."""
    photo = io.BytesIO()
    Image.effect_noise((4000, 3000), 40).convert("RGB").save(photo, "JPEG", quality=85)
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    statuses: list[int] = []

    def send(number: int) -> None:
        cookie, fields = form(port, "/issues/new")
        files = [photo.getvalue() + bytes([number, n]) for n in range(PHOTOS_EACH)]
        body = multipart({**fields, "description": "x"}, files)
        statuses.append(ask(port, request("POST", "/issues/new", body, kind, cookie), 60)[0])

    most_mb, senders = 0, at_once(PHONES, send)
    visits = Visits()
    while any(one.is_alive() for one in senders):
        few = visit(port, 5, PAGES, 0.02)
        visits.waits += few.waits
        visits.failed += few.failed
        most_mb = max(most_mb, memory_mb(pid))
    tell("ten phones with six photos each", visits, pid, most_mb=most_mb, statuses=sorted(statuses))


def guessers(port: int, pid: int) -> None:
    """Sixty clients that guess a password as fast as they are answered."""
    cookie, fields = form(port, "/staff/login")
    until = time.monotonic() + 10
    counts: dict[int, int] = {}

    def guess(number: int) -> None:
        kind = "application/x-www-form-urlencoded"
        while time.monotonic() < until:
            body = urlencode({**fields, "username": f"worker{number}", "password": "guess"})
            status, _ = ask(port, request("POST", "/staff/login", body.encode(), kind, cookie))
            counts[status] = counts.get(status, 0) + 1

    guessing: Callable[[int], object] = guess
    threads = at_once(GUESSERS, guessing)
    visits = visit(port, VISITORS, PAGES, 0.02)
    for one in threads:
        one.join()
    tell("sixty guess passwords", visits, pid, answers={str(k): v for k, v in counts.items()})


def names(port: int, pid: int) -> None:
    """What the server works on a wrong password, of a name that there is and of one that is not.

    Few of each, below the limit of this address; in turn, so that neither is the warm one.
    """
    cookie, fields = form(port, "/staff/login")
    kind = "application/x-www-form-urlencoded"
    spent: dict[str, list[float]] = {"worker": [], "nobody": []}
    for _ in range(FEW):
        for name, seconds in spent.items():
            began = worked(pid)
            body = urlencode({**fields, "username": name, "password": "guess"})
            ask(port, request("POST", "/staff/login", body.encode(), kind, cookie))
            seconds.append(worked(pid) - began)
    milliseconds = {name: round(sum(s) / len(s) * 1000) for name, s in spent.items()}
    say("a wrong password, processor time", **{f"{k}_ms": v for k, v in milliseconds.items()})


def worked(pid: int) -> float:
    """Processor time of the process and all below it so far, in seconds: the keeper of the port
    waits while its server works.
    """
    ticks = 0
    for one in family(pid):
        words = Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def reporters(port: int, pid: int) -> None:
    """One address that sends reports and ratings as fast as it is answered, from many browsers."""
    until = time.monotonic() + 10
    counts: dict[str, dict[int, int]] = {"reports": {}, "ratings": {}}
    rated = "/ratings/new?about=service:streetlight_repair"

    def send(number: int) -> None:
        what = "ratings" if number % 2 else "reports"
        kind, told = "application/x-www-form-urlencoded", counts[what]
        while time.monotonic() < until:
            cookie, fields = form(port, rated if what == "ratings" else "/issues/new")
            typed = {"description": "x", "community_id": "jingui", "satisfaction": "1"}
            typed["about"] = "service:streetlight_repair"
            body = urlencode({**fields, **typed}).encode()
            path = "/ratings/new" if what == "ratings" else "/issues/new"
            status, _ = ask(port, request("POST", path, body, kind, cookie))
            told[status] = told.get(status, 0) + 1

    senders = at_once(REPORTERS, send)
    visits = visit(port, VISITORS, PAGES, 0.02)
    for one in senders:
        one.join()
    answers = {
        what: {str(status): n for status, n in told.items()} for what, told in counts.items()
    }
    tell("thirty send reports and ratings", visits, pid, **answers)


if __name__ == "__main__":
    os.nice(5)
    sys.exit(main())
