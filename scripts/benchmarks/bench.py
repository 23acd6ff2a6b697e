"""The server that is measured, filled with the sample circle and a board of reports."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from forms_app.community import load
from forms_app.demo import laying
from forms_app.settings import Settings
from forms_app.store.database import open_database
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from scripts.benchmarks.clients import Client, Unexpected
from scripts.bootstrap import FITTING

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "bench"  # noqa: S105 (of a sample that is thrown away)
BOARD_ROWS = 40
# Peewee imports psycopg where it is installed; a server on SQLite does not have it.
WITHOUT_PSYCOPG = "import sys; sys.modules['psycopg'] = None"

PLACES = ("东门", "西门", "三栋二单元", "地下车库", "花园亭子", "快递柜旁", "配电房", "篮球场")
TROUBLES = (
    "井盖松动，走过去咔嗒响。",
    "门禁刷卡没有反应。",
    "树枝压着电线，刮风冒火花。",
    "外墙瓷砖空鼓，敲着是空的。",
    "消防栓漏水，地面结冰。",
    "狗不拴绳，追着老人跑。",
)


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


def report_fields(bench: Bench, client: Client) -> dict[str, str]:
    """A report as the form sends it, but for a key of its own."""
    return client.hidden("/issues/new") | {
        "description": "楼道灯不亮，晚上看不清台阶。",
        "community_id": next(iter(load(bench.data / "community").communities)),
        "consent": "y",
    }


def issues_of(bench: Bench) -> int:
    """How many issues the server has by now."""
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
