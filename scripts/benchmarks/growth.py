"""What every page costs of a register of one size and of another: it must not grow with it.

Each size is a made-up register (grown.py) with a process of its own; they take turns at every page,
so that a busy machine is as busy for one as for the other. Steps are of SQLite's machine: they are
the same on every machine.
"""

import logging
import multiprocessing
import re
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from forms_app import casework, community, queries
from forms_app.app import create_app
from forms_app.casework import Report
from forms_app.commands import tick
from forms_app.issues import sums
from forms_app.issues.access import actor_of, resident
from forms_app.notices.delivery import Post
from forms_app.notices.robots import Robots
from forms_app.queries.facts import ListedIssue, facts
from forms_app.rules.steps import Role, Step
from forms_app.settings import Settings
from forms_app.store import database
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from scripts.benchmarks.clients import Unexpected
from scripts.benchmarks.grown import grow
from scripts.benchmarks.visits import Reader, cost, visits
from tests.support.web import NOW, ROOT, sample_house

SIZES = (10_000, 100_000)
LIMIT = 1.3  # times, from the first size to the last
TURNS, CALLS = 5, 3
LONG = 200  # milliseconds; what takes longer is done once a turn
COMPARED = 20  # issues of which the similar ones are looked for


@dataclass(frozen=True)
class Told:
    """What a process answers when it is asked for a page."""

    milliseconds: float  # of its processor; 0 where it counted
    steps: int
    statements: int


def measure_growth(
    folder: Path,
    say: Callable[..., None],
    sizes: Sequence[int] = SIZES,
    kept: Path | None = None,
    only: str = "",
    waiting: int | None = None,
) -> None:
    """Says what each page costs at each size, and how many times the first the last one is.

    The registers are made in the folder, or in `kept`, where they stay and are used again; `only`
    is a pattern for the names of pages. `waiting` of the issues are open at every size, instead of
    one of fifty. Raises Unexpected where a page is none.
    """
    processes = [_Register(kept or folder, size, waiting) for size in sizes]
    try:
        for name in processes[0].names:
            if not re.search(only, name):
                continue
            known = [one.ask(name) for one in processes]
            turns = [[one.ask(name).milliseconds for one in processes] for _ in range(TURNS)]
            spent = [median(of_size) for of_size in zip(*turns, strict=True)]
            more: dict[str, float] = {}
            if len(sizes) > 1:
                more = {
                    "times": round(median(turn[-1] / turn[0] for turn in turns), 2),
                    "limit": LIMIT,
                    "steps_times": round(known[-1].steps / max(1, known[0].steps), 2),
                }
            say(
                name,
                **{f"ms_{size}": round(ms, 1) for size, ms in zip(sizes, spent, strict=True)},
                **more,
                steps=known[-1].steps,
                statements=known[-1].statements,
            )
    finally:
        for one in processes:
            one.end()


class _Register:
    """One size: a process that fetches what it is asked for."""

    def __init__(self, folder: Path, size: int, waiting: int | None) -> None:
        context = multiprocessing.get_context("spawn")
        self.ours, theirs = context.Pipe()
        name = str(size) if waiting is None else f"{size}-{waiting}"
        self.process = context.Process(
            target=_serve, args=(folder / name, size, waiting, theirs), daemon=True
        )
        self.process.start()
        theirs.close()
        self.names: list[str] = self._answer()

    def ask(self, name: str) -> Told:
        self.ours.send(name)
        told: Told = self._answer()
        return told

    def end(self) -> None:
        self.ours.close()
        self.process.join(10)
        self.process.terminate()

    def _answer(self) -> Any:
        try:
            answer = self.ours.recv()
        except EOFError as error:
            raise Unexpected("a register's process has ended") from error
        if isinstance(answer, Unexpected):
            raise answer
        return answer


def _serve(folder: Path, size: int, waiting: int | None, wanted: Connection) -> None:
    """Answers the names of all pages, then what each costs that is asked for."""
    logging.disable(logging.WARNING)
    acts = _acts(*_grown(folder, size, waiting))
    wanted.send(list(acts))
    known: set[str] = set()
    while True:
        try:
            name = wanted.recv()
        except EOFError:
            return
        try:
            wanted.send(_timed(acts[name]) if name in known else _counted(acts[name]))
        except RuntimeError as error:
            wanted.send(Unexpected(str(error)))
        known.add(name)


def _counted(act: Callable[[], object]) -> Told:
    spent = cost(act, times=0)
    return Told(0.0, spent.steps, len(spent.statements))


def _timed(act: Callable[[], object]) -> Told:
    spent: list[float] = []
    while len(spent) < CALLS and sum(spent) < LONG:
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return Told(median(spent), 0, 0)


def _grown(folder: Path, size: int, waiting: int | None) -> tuple[Settings, community.Circle]:
    """The register, made unless it is there, and opened."""
    circle = community.load(ROOT / "data" / "community")
    whole = folder / "whole"
    if not whole.exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(ROOT / "data" / "community", folder / "community")
        sample_house(folder, circle)
        settings = Settings.from_environment({"CIRCLE_DATA": str(folder)}, ROOT)
        with closing(database.open_database(settings.database_url)):
            grow(circle, size, NOW, waiting=waiting)
        whole.touch()
    settings = Settings.from_environment({"CIRCLE_DATA": str(folder), "CIRCLE_LIMITS": "off"}, ROOT)
    migrate(database.open_database(settings.database_url))
    sums.count_once()
    return settings, circle


def _acts(settings: Settings, circle: community.Circle) -> dict[str, Callable[[], object]]:
    """Everything that is measured, by name: pages, and what is no page."""
    readers: dict[str, Reader] = {}
    app = create_app(settings, circle, lambda: NOW)

    def fetch(who: str, path: str) -> None:
        if who not in readers:
            readers[who] = Reader(app, who, NOW.timestamp())
        readers[who].fetch(path)

    found: dict[str, Callable[[], object]] = {
        visit.name: lambda v=visit: fetch(v.who, v.path)  # type: ignore[misc]
        for visit in visits(circle)
    }
    return found | _others(circle)


def _others(circle: community.Circle) -> dict[str, Callable[[], object]]:
    account = Account.get(Account.username == Role.COMMUNITY_LEADER.value)
    leader = actor_of(account, circle)
    newest = Issue.select().where(Issue.step == Step.COLLECTED.value).order_by(Issue.id.desc())
    compared = [facts(ListedIssue, row) for row in newest.limit(COMPARED)]
    post, made = Post(circle.name, Robots()), Issue.select().count()

    def report() -> None:
        nonlocal made
        made += 1
        told = Report(description="楼道灯不亮，晚上看不清台阶。", community_id=account.community_id)
        key = f"growth {made}"
        casework.submit(circle, resident(), told, form_key=key, ticket_hash=key, now=NOW)

    return {
        "report": report,
        f"similar issues of {COMPARED}, staff": lambda: [
            queries.alike_to(leader, one) for one in compared
        ],
        f"similar issues of {COMPARED}, residents": lambda: [
            queries.offers(resident(), one, str) for one in compared
        ],
        "tick": lambda: tick.run(circle, post, lambda: NOW),
        "tallies": lambda: queries.tallies(circle, NOW),
    }
