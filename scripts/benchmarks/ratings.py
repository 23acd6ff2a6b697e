"""Ten thousand ratings in a minute, limits on, from ever other addresses: none is lost, pages go on
answering, and whoever sends too many alone is told so and keeps what they typed.
"""

import hashlib
import http.client
import itertools
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from forms_app.community import load
from forms_app.limits import NEAR, RATINGS
from scripts.benchmarks.bench import Bench, filled
from scripts.benchmarks.clients import FORM, Client, Unexpected, hidden_in

COUNT, SECONDS = 10_000, 60
RATERS = 8
AN_ADDRESS = int(RATINGS.burst * NEAR) - 1  # ratings, before a form brings a task along
WORDS = "师傅来得很快，修得也好。"
PATH = "/ratings/new"


def measure_ratings(folder: Path, say: Callable[..., None]) -> None:
    """Says how long they took, how long a page took meanwhile, and what one address is told.

    Raises Unexpected where one is not there afterwards, or a page is none.
    """
    with filled(folder, has_limits=True) as bench:
        about = f"service:{next(iter(load(bench.data / 'community').services))}"
        before, waits, is_over = _ratings(bench), [0.0], threading.Event()
        looking = threading.Thread(target=_look, args=(bench, is_over, waits), daemon=True)
        looking.start()
        sources = map(_address, itertools.count())
        spent, began = bench.spent(), time.monotonic()
        with ThreadPoolExecutor(RATERS) as pool:
            share = COUNT // RATERS
            for _ in pool.map(lambda _: _rate(bench, about, share, sources), range(RATERS)):
                pass
        taken, spent = time.monotonic() - began, bench.spent() - spent
        is_over.set()
        looking.join()
        lost = COUNT // RATERS * RATERS - (_ratings(bench) - before)
        if lost:
            raise Unexpected(f"{lost} ratings were acknowledged and are not there")
        waits.sort()
        say(
            f"{COUNT} ratings, limits on", seconds=round(taken, 1), limit=SECONDS, lost=lost,
            processor_ms=round(spent / COUNT * 1000, 1),
            pages_meanwhile=len(waits), page_p50_ms=round(waits[len(waits) // 2] * 1000),
            page_p99_ms=round(waits[int(len(waits) * 0.99)] * 1000),
        )  # fmt: skip
        say("one address, ratings", **_alone(bench, about))


def _rate(bench: Bench, about: str, count: int, sources: Iterator[str]) -> None:
    """So many, each of a browser of its own: what the first page gave is sent again and again."""
    client = bench.client()
    fields = client.hidden(f"{PATH}?about={about}") | {"about": about, "satisfaction": "5"}
    for place in range(count):
        if place % AN_ADDRESS == 0:
            client.connection.close()
            client.connect(next(sources))
        body = urlencode(fields | {"form_key": secrets.token_urlsafe(24)}).encode()
        client.ask(PATH, 303, body, FORM)


def _look(bench: Bench, is_over: threading.Event, waits: list[float]) -> None:
    """What others meanwhile ask for, again and again."""
    client = bench.client()
    client.connect("127.200.0.1")
    for path in itertools.cycle(("/issues/new", "/issues/", f"{PATH}?about=")):
        if is_over.wait(0.05):
            return
        began = time.monotonic()
        client.ask(path, 404 if path.startswith(PATH) else 200)
        waits.append(time.monotonic() - began)


def _alone(bench: Bench, about: str) -> dict[str, int]:
    """One address goes on, doing each task, until it is told to wait: how many were taken, with how
    many tasks, and how many seconds it is told to wait.
    """
    client = bench.client()
    client.connect("127.201.0.1")
    fields = client.hidden(f"{PATH}?about={about}") | {
        "about": about, "satisfaction": "5", "comment": WORDS,
    }  # fmt: skip
    taken = tasks = 0
    while taken <= RATINGS.burst * RATINGS.proved:
        sent = fields | {"form_key": secrets.token_urlsafe(24)}
        answer, page = _sent(client, sent)
        if answer.status == 422 and (task := _task(page)):
            tasks += 1
            answer, page = _sent(client, {**sent, **task})
        if answer.status == 429:
            wait = int(answer.headers.get("Retry-After") or 0)
            if WORDS not in page or "分钟再试" not in page or not wait:
                raise Unexpected("who is told to wait is not told how long, or loses their words")
            return {"taken": taken, "tasks": tasks, "told_to_wait_s": wait}
        if answer.status != 303:
            raise Unexpected(f"{PATH}: {answer.status} of one address")
        taken += 1
    raise Unexpected("one address was never told to wait")


def _sent(client: Client, fields: dict[str, str]) -> tuple[http.client.HTTPResponse, str]:
    plain = {**FORM, "Accept-Encoding": "identity"}
    answer, page = client.fetch(PATH, urlencode(fields).encode(), plain)
    return answer, page.decode()


def _task(page: str) -> dict[str, str]:
    """The task of the form done as its script does it; {} where it has none."""
    salt, target = re.search(r'data-salt="(\w+)"', page), re.search(r'data-target="(\w+)"', page)
    if salt is None or target is None:
        return {}
    number = next(
        number
        for number in itertools.count()
        if hashlib.sha256(f"{salt[1]}{number}".encode()).hexdigest() == target[1]
    )
    given = hidden_in(page)
    return {name: given[name] for name in ("gate", "form_key")} | {"gate_proof": str(number)}


def _address(index: int) -> str:
    return f"127.{1 + index // 65536}.{index // 256 % 256}.{index % 256}"


def _ratings(bench: Bench) -> int:
    with closing(sqlite3.connect(f"file:{bench.data}/private/forms.db?mode=ro", uri=True)) as file:
        ((count,),) = file.execute("SELECT COUNT(*) FROM rating").fetchall()
    return int(count)
