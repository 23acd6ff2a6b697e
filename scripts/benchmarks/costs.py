"""What a request costs, in processor time of the server, as so many times the plainest one.

Each figure is the median of pairs that take turns on one server (served.py), so that neither a
slow machine nor a busy one changes it much. A limit stands beside what was promised one.
"""

import os
import secrets
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from scripts.benchmarks.bench import ROOT, WITHOUT_PSYCOPG, Bench, filled, issues_of, report_fields
from scripts.benchmarks.clients import FORM, Client, Unexpected

PAIRS, QUICK_PAIRS = 15, 9
SPENT_IN_A_TURN = 0.04  # seconds of processor time; much more than the clock's grain
MOST_CALLS = 200


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
    fields = report_fields(bench, public)
    made = 0

    def report() -> None:
        nonlocal made
        made += 1
        body = urlencode(fields | {"form_key": secrets.token_urlsafe(24)}).encode()
        public.ask("/issues/new", 303, body, FORM)

    plain = urlencode(fields).encode()
    before = issues_of(bench)
    ratio, spent, base = against(
        bench, Act(report), Act.of(bare, "/bare/rows", 200, plain, FORM), pairs
    )
    added = issues_of(bench) - before
    if added != made:
        raise Unexpected(f"{made} reports were taken and {added} are there")
    say(
        "durable report",
        times=round(ratio, 2), limit=6,
        ms=round(spent * 1000, 2), its_ms=round(base * 1000, 2),
        of="a raw Flask insert",
    )  # fmt: skip


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
