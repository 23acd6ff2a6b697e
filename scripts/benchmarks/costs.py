"""What a request costs, in processor time of the server, as so many times the plainest one.

Each figure is the median of pairs that take turns on one server (served.py), so that neither a
slow machine nor a busy one changes it much. A limit stands beside what was promised one.
"""

import http.client
import itertools
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from forms_app.community import load
from forms_app.demo import laying
from forms_app.limits import NEAR, REPORTS
from forms_app.settings import Settings
from forms_app.store.database import migrate, open_database
from forms_app.store.models import Issue
from scripts.bootstrap import FITTING

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "bench"  # noqa: S105 (of a sample that is thrown away)
PAIRS, QUICK_PAIRS = 15, 9
SPENT_IN_A_TURN = 0.04  # seconds of processor time; much more than the clock's grain
MOST_CALLS = 200
BOARD_ROWS = 40
CLIENTS, LOAD_SECONDS = 8, 60
# Peewee imports psycopg where it is installed; a server on SQLite does not have it.
WITHOUT_PSYCOPG = "import sys; sys.modules['psycopg'] = None"
AN_ADDRESS = int(REPORTS.burst * NEAR) - 1  # reports, before a form brings a task along

PLACES = ("东门", "西门", "三栋二单元", "地下车库", "花园亭子", "快递柜旁", "配电房", "篮球场")
TROUBLES = (
    "井盖松动，走过去咔嗒响。",
    "门禁刷卡没有反应。",
    "树枝压着电线，刮风冒火花。",
    "外墙瓷砖空鼓，敲着是空的。",
    "消防栓漏水，地面结冰。",
    "狗不拴绳，追着老人跑。",
)


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


@dataclass(frozen=True)
class Bench:
    """The server that is measured, filled, with what was reported to it."""

    root: Path
    data: Path
    process: int
    port: int
    fresh: str  # a ticket that was just given out
    judged: str  # the ticket of a handled issue that waits for its verdict
    in_hand: str  # number of an issue that is being handled

    def spent(self) -> float:
        """Processor seconds of the server so far, all its threads."""
        return time.clock_gettime((~self.process << 3) | 2)

    def client(self) -> Client:
        return Client(self.port)

    def staff(self) -> Client:
        """The leader of the sample community, signed in."""
        client = self.client()
        fields = {"username": "community_leader", "password": PASSWORD}
        client.send("/staff/login", client.hidden("/staff/login") | fields)
        client.ask("/staff/", keeps=True)  # a browser has the key of its forms from its first page
        return client

    def holder(self, ticket: str) -> Client:
        """A resident who has opened their ticket."""
        client = self.client()
        client.send("/issues/", client.hidden("/issues/") | {"ticket": ticket})
        return client

    def pss_mb(self) -> float:
        """The server's memory, what it shares with others divided among them."""
        rollup = Path(f"/proc/{self.process}/smaps_rollup").read_text()
        found = re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)
        return int(found[1]) / 1024 if found else 0.0


def measure_costs(folder: Path, say: Callable[..., None], *, quick: bool = False) -> None:
    """Says what every hot page costs, what a report does, and what the process takes."""
    with filled(folder) as bench:
        pairs = QUICK_PAIRS if quick else PAIRS
        idle = bench.pss_mb()
        bare = bench.client()
        plain = Act.of(bare, "/bare/")
        for name, limit, act in pages(bench):
            ratio, spent, base = against(bench, act, plain, pairs)
            say(
                name,
                times=round(ratio, 2), limit=limit,
                ms=round(spent * 1000, 2), its_ms=round(base * 1000, 2),
                of="a bare Flask reply",
            )  # fmt: skip
        _measure_report(bench, say, pairs)
        say("web process, idle", megabytes=round(idle), limit=80)
        say("web process, after these", megabytes=round(bench.pss_mb()), limit=80)
    ratio, spent, base = _imports("import forms_app.app", "import flask", QUICK_PAIRS)
    say(
        "import of the app",
        times=round(ratio, 2), limit=2,
        ms=round(spent * 1000), its_ms=round(base * 1000),
        of="import flask",
    )  # fmt: skip


def measure_load(folder: Path, say: Callable[..., None]) -> None:
    """Says how many reports a second eight clients bring in, and how long each waits for it:
    without limits, and with them, from ever other addresses. All of them must be there afterwards.
    """
    for has_limits in (False, True):
        _measure_load(folder / ("limited" if has_limits else "free"), say, has_limits=has_limits)


def _measure_load(folder: Path, say: Callable[..., None], *, has_limits: bool) -> None:
    folder.mkdir(parents=True)
    sources = map(_own_address, itertools.count()) if has_limits else None
    with filled(folder, has_limits=has_limits) as bench:
        before, ends_at = _issues(bench), time.monotonic() + LOAD_SECONDS
        began, waits = bench.spent(), []
        with ThreadPoolExecutor(CLIENTS) as pool:
            for found in pool.map(lambda _: _report_until(bench, ends_at, sources), range(CLIENTS)):
                waits += found
        if _issues(bench) - before != len(waits):
            raise Unexpected(f"{len(waits)} reports were taken, not all of them are there")
        p50, p99 = (sorted(waits)[int(len(waits) * share)] for share in (0.5, 0.99))
        say(
            f"reports of {CLIENTS} clients for {LOAD_SECONDS} s{', limits on' * has_limits}",
            a_second=round(len(waits) / LOAD_SECONDS), at_least=150,
            p50_ms=round(p50 * 1000), p99_ms=round(p99 * 1000), p99_to_p50=round(p99 / p50, 1),
            limit=3, processor_ms=round((bench.spent() - began) / len(waits) * 1000, 1),
        )  # fmt: skip
        say("web process, under these", megabytes=round(bench.pss_mb()), limit=80)


def _own_address(index: int) -> str:
    return f"127.{1 + index // 65536}.{index // 256 % 256}.{index % 256}"


def _report_until(bench: Bench, ends_at: float, sources: Iterator[str] | None) -> list[float]:
    """One client's reports, one after another: how many seconds each of them took.

    Given `sources`, it comes from the next of them before its address comes near the limit.
    """
    client = bench.client()
    waits: list[float] = []
    fields = _fields(bench, client)
    while time.monotonic() < ends_at:
        if sources is not None and len(waits) % AN_ADDRESS == 0:
            client.connection.close()
            client.connect(next(sources))
        body = urlencode(fields | {"form_key": secrets.token_urlsafe(24)}).encode()
        began = time.monotonic()
        client.ask("/issues/new", 303, body, FORM)
        waits.append(time.monotonic() - began)
    return waits


def _fields(bench: Bench, client: Client) -> dict[str, str]:
    return client.hidden("/issues/new") | {
        "description": "楼道灯不亮，晚上看不清台阶。",
        "community_id": next(iter(load(bench.data / "community").communities)),
        "consent": "y",
    }


@dataclass
class Act:
    """One request, and how often it is made in a turn."""

    ask: Callable[[], object]
    calls: int = 0

    @classmethod
    def of(
        cls,
        client: Client,
        path: str,
        status: int = 200,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> "Act":
        """What this client asks, and the status that the answer must have."""
        return cls(lambda: client.ask(path, status, body, headers))

    def turn(self, bench: Bench) -> float:
        """Processor seconds of one of them."""
        if not self.calls:
            self.calls = 3
            self.calls = max(3, min(MOST_CALLS, int(SPENT_IN_A_TURN / self.turn(bench))))
        began = bench.spent()
        for _ in range(self.calls):
            self.ask()
        return (bench.spent() - began) / self.calls


def against(bench: Bench, one: Act, other: Act, pairs: int) -> tuple[float, float, float]:
    """The median ratio of turns about, and the median seconds of each."""
    one.turn(bench)
    other.turn(bench)
    turns = [(one.turn(bench), other.turn(bench)) for _ in range(pairs)]
    ratio = statistics.median(mine / theirs for mine, theirs in turns)
    mine, theirs = (statistics.median(side) for side in zip(*turns, strict=True))
    return ratio, mine, theirs


def pages(bench: Bench) -> Iterator[tuple[str, float | None, Act]]:
    """Every page with its limit and the request for it."""
    for name, ticket in (("just reported", bench.fresh), ("to be judged", bench.judged)):
        holder, path = bench.holder(ticket), f"/issues/{ticket.partition('-')[0]}"
        holder.ask(path, keeps=True)  # what is shown once is gone
        yield f"ticket page, {name}", 4, Act.of(holder, path)
        etag = holder.ask(path)[0].headers.get("ETag")
        if etag:
            known = {"If-None-Match": etag}
            yield f"ticket page, {name}, known", 1.6, Act.of(holder, path, 304, headers=known)
    public = bench.client()
    token = public.hidden("/issues/")
    yield "report form", 2.5, Act.of(public, "/issues/new")
    yield "report form, first visit", 2.5, Act.of(bench.client(), "/issues/new")
    number, _, secret = bench.fresh.partition("-")
    for name, ticket, status, limit in (
        ("look-up", bench.fresh, 303, 3),
        ("look-up with a wrong code", f"{number}-{secret[::-1]}", 422, None),
        ("look-up of no issue", f"999999-{secret}", 422, None),
    ):
        body = urlencode(token | {"ticket": ticket}).encode()
        yield name, limit, Act.of(public, "/issues/", status, body, FORM)
    staff = bench.staff()
    yield "board of 40 rows", 12, Act.of(staff, "/staff/")
    yield "register page", 10, Act.of(staff, "/staff/register")
    yield "case page", 10, Act.of(staff, f"/staff/issues/{bench.in_hand}")
    yield "case page, just reported", 10, Act.of(staff, f"/staff/issues/{number}")
    yield "wall", None, Act.of(staff, "/staff/wall")


def _measure_report(bench: Bench, say: Callable[..., None], pairs: int) -> None:
    public, bare = bench.client(), bench.client()
    fields = _fields(bench, public)
    made = 0

    def report() -> None:
        nonlocal made
        made += 1
        body = urlencode(fields | {"form_key": secrets.token_urlsafe(24)}).encode()
        public.ask("/issues/new", 303, body, FORM)

    plain = urlencode(fields).encode()
    before = _issues(bench)
    ratio, spent, base = against(
        bench, Act(report), Act.of(bare, "/bare/rows", 200, plain, FORM), pairs
    )
    added = _issues(bench) - before
    if added != made:
        raise Unexpected(f"{made} reports were taken and {added} are there")
    say(
        "durable report",
        times=round(ratio, 2), limit=6,
        ms=round(spent * 1000, 2), its_ms=round(base * 1000, 2),
        of="a raw Flask insert",
    )  # fmt: skip


def _issues(bench: Bench) -> int:
    database = open_database(f"sqlite:///{bench.data / 'private' / 'forms.db'}")
    try:
        return int(Issue.select().count())
    finally:
        database.close()


@contextmanager
def filled(folder: Path, *, has_limits: bool = False) -> Iterator[Bench]:
    """A server with the sample circle, and enough reports for a board of BOARD_ROWS."""
    data = folder / "data"
    shutil.copytree(ROOT / "data" / "community", data / "community")
    for part in ("site", "forms_app", "mkdocs.yml", "requirements.lock"):
        (folder / part).symlink_to(ROOT / part)
    settings = Settings.from_environment({"CIRCLE_DATA": str(data)}, folder)
    circle = load(settings.community_dir)
    database = open_database(settings.database_url)
    migrate(database)
    now = datetime.now(UTC).replace(microsecond=0)
    _, judged = laying.fill(circle, PASSWORD, settings.code_key, now)
    in_hand = Issue.select(Issue.number).where(Issue.step == "handling").order_by(Issue.id).first()
    database.close()
    served = f"{WITHOUT_PSYCOPG}; from scripts.benchmarks.served import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", served, str(folder)],
        cwd=ROOT,
        env={
            **FITTING,
            **os.environ,
            "CIRCLE_DATA": str(data),
            **({} if has_limits else {"CIRCLE_LIMITS": "off"}),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'site'}",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None  # noqa: S101 (it was asked for)
        port = int(process.stdout.readline())
        fresh = _reported(Bench(folder, data, process.pid, port, "", judged, ""))
        yield Bench(folder, data, process.pid, port, fresh, judged, in_hand.number)
    finally:
        process.terminate()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _reported(bench: Bench) -> str:
    """Reports until the board has its rows; the ticket of the last one."""
    staff = bench.staff()
    estate = next(iter(load(bench.data / "community").estates.values()))
    ticket = ""
    for place in range(len(PLACES) * len(TROUBLES)):
        _, page = staff.ask("/staff/", headers={"Accept-Encoding": "identity"})
        if page.count(b"<tr>") - page.count(b"<thead><tr>") >= BOARD_ROWS:
            break
        client = bench.client()
        client.connect(f"127.0.1.{place}")  # below every limit
        words = f"{PLACES[place % len(PLACES)]}{TROUBLES[place // len(PLACES)]}"
        fields = client.hidden("/issues/new") | {
            "description": words, "estate_id": estate.id,
            "community_id": estate.community_id, "consent": "y",
        }  # fmt: skip
        path = client.send("/issues/new", fields)
        _, shown = client.ask(path, headers={"Accept-Encoding": "identity"})
        found = re.search(rb'data-ticket="([^"]+)"', shown)
        if found is None:
            raise Unexpected(f"{path} shows no ticket")
        ticket = found[1].decode()
    return ticket


def _imports(one: str, other: str, pairs: int) -> tuple[float, float, float]:
    """The median ratio of what two fresh Pythons cost, and the median seconds of each.

    Both find their files compiled, as an office does that has started before.
    """
    with tempfile.TemporaryDirectory() as compiled:
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": compiled}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for code in (one, other):
            _python(code, environ)
        turns = [(_python(one, environ), _python(other, environ)) for _ in range(pairs)]
    mine, theirs = (statistics.median(side) for side in zip(*turns, strict=True))
    return statistics.median(a / b for a, b in turns), mine, theirs


def _python(code: str, environ: dict[str, str]) -> float:
    code = f"{WITHOUT_PSYCOPG}; {code}"
    process = os.posix_spawn(sys.executable, [sys.executable, "-P", "-c", code], environ)
    _, status, used = os.wait4(process, 0)
    if status:
        raise Unexpected(f"{code} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime
