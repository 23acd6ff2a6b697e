"""How many reports several clients bring in at once, and how long each of them waits."""

import itertools
import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

from forms_app.limits import NEAR, REPORTS
from scripts.benchmarks.bench import Bench, filled, issues_of, report_fields
from scripts.benchmarks.clients import FORM, Unexpected

CLIENTS, LOAD_SECONDS = 8, 60
AN_ADDRESS = int(REPORTS.burst * NEAR) - 1  # reports, before a form brings a task along


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
        before, ends_at = issues_of(bench), time.monotonic() + LOAD_SECONDS
        began, waits = bench.spent(), []
        with ThreadPoolExecutor(CLIENTS) as pool:
            for found in pool.map(lambda _: _report_until(bench, ends_at, sources), range(CLIENTS)):
                waits += found
        if issues_of(bench) - before != len(waits):
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
    fields = report_fields(bench, client)
    while time.monotonic() < ends_at:
        if sources is not None and len(waits) % AN_ADDRESS == 0:
            client.connection.close()
            client.connect(next(sources))
        body = urlencode(fields | {"form_key": secrets.token_urlsafe(24)}).encode()
        began = time.monotonic()
        client.ask("/issues/new", 303, body, FORM)
        waits.append(time.monotonic() - began)
    return waits
