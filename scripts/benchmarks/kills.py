"""The product killed in the midst of reports, of what staff write, of verdicts and of imports.

Mostly its server, which the keeper starts again on the same port; each fourth time all of it.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from forms_app.store.models import Entry
from scripts.benchmarks.attack_inputs import sender
from scripts.benchmarks.importing import Imports
from scripts.benchmarks.promised import (
    LONGEST_SECONDS,
    Lost,
    compare,
    need_log,
    opened,
    until_taken,
)
from tests.support.hostile_inputs import Browser
from tests.support.running import PASSWORD, Running, running
from tests.support.visitors import Visitors, children_of
from tests.support.web import forms_in

SEED = 26
OF_THE_SERVER = 3  # kills, before everything is killed


class Desk(Visitors):  # type: ignore[misc]  # where the tests are not checked
    """Answers what comes in at once, and has its resident judge it: each by its own button."""

    def __init__(self, server: Running) -> None:
        self.moves: list[tuple[str, str]] = []  # number and name of what was acknowledged
        self._send = sender(server)
        self._staff = Browser("community_leader", self._send)
        self._is_in = False
        super().__init__(server.port, reporters=1)

    def _report(self) -> None:
        if not self._is_in:
            who, path = self._staff.who, "/staff/login"
            self._is_in = bool(self._press(self._staff, path, username=who, password=PASSWORD))
            return
        resident = Browser("resident", self._send)
        told = {"description": "（示例）路灯不亮", "community_id": "jingui", "consent": "y"}
        place = self._press(resident, "/issues/new", **told)
        if not place:
            return
        number = place.rsplit("/", 1)[-1]
        self.acknowledged.append(number)
        case, own = f"/staff/issues/{number}", f"/issues/{number}"
        said = {"nature": "inquiry", "outcome": "（示例）已经看过"}
        if not self._press(self._staff, f"{case}/settle", case, **said):
            return
        self.moves.append((number, "settle"))
        if self._press(resident, f"{own}/verdict", own, satisfaction="5"):
            self.moves.append((number, "evaluate"))

    def _press(self, browser: Browser, path: str, page: str = "", **fields: str) -> str:
        """Where the answer leads; "" where it is not taken."""
        status, _, text = browser.get(page or path)
        found = [form for form in forms_in(text) if (form.action or page or path) == path]
        if status == 200 and found:
            status, heads, _ = browser.post(path, found[0].sent.to_dict() | fields)
            place = str(dict(heads).get("Location", ""))
            if status == 303 and "/login" not in place:
                return place
        self.wrong.append(f"{path}: {status}")
        return ""


def kills(folder: Path, is_small: bool) -> None:
    """Raises Lost."""
    chance = random.Random(SEED)  # noqa: S311 - to be the same again
    times, enough = (3, 0) if is_small else (100, 10_000)
    longest = 1.0 if is_small else 4.0
    acknowledged: list[str] = []
    moves: list[tuple[str, str]] = []
    killed: Counter[str] = Counter()
    answers = 0
    ends = time.monotonic() + LONGEST_SECONDS
    imports = Imports(folder, chance)

    def is_short() -> bool:
        return killed.total() < times or len(acknowledged) < enough

    while is_short() and time.monotonic() < ends:
        with (
            running(folder) as server,
            Visitors(server.port, reporters=8) as people,
            Desk(server) as desk,
            nullcontext() if is_small else imports,
        ):
            for _ in range(OF_THE_SERVER - is_small):
                until_taken(people, chance.uniform(longest / 4, longest))
                _kill(children_of(server.pid))
                killed["server"] += 1
            until_taken(people, chance.uniform(longest / 4, longest))
            _kill([server.pid])  # whose server has to end by itself
            killed["all"] += 1
        acknowledged += people.acknowledged + desk.acknowledged
        moves += desk.moves
        answers += people.answers
    with opened(folder):
        _need_moves(moves)
        imports.need_whole()
        told = Counter(move for _, move in moves)
        compare(
            "kills", acknowledged, server_kills=killed["server"], kills_of_all=killed["all"],
            cut_short=is_short(), answers=answers, answered_at_once=told["settle"],
            verdicts=told["evaluate"], imports=len(imports.taken), imports_cut=len(imports.killed),
        )  # fmt: skip
    need_log(folder, {})


def _kill(numbers: list[int]) -> None:
    for number in numbers:
        os.kill(number, signal.SIGKILL)
    time.sleep(0.05)


def _need_moves(moves: list[tuple[str, str]]) -> None:
    """Each stands once in its issue's history. Raises Lost."""
    rows = Entry.select(Entry.issue, Entry.move).where(Entry.move.in_({move for _, move in moves}))
    there = Counter((entry.issue.number, entry.move) for entry in rows)
    wrong = [one for one in moves if there[one] != 1]
    if wrong:
        raise Lost(f"{len(wrong)} of {len(moves)} moves are not there once, {wrong[0]} first")
