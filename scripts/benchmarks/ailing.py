"""A disk that is full or broken, and a clock that jumps, below the started product: on SQLite, and
on PostgreSQL of which the same is so (scripts/benchmarks/ailing.c).

A report may be refused meanwhile. None that was taken is missing, halved or there twice, nobody is
told of the same deadline again, and once it is over everything goes on without anybody's doing.
"""

import errno
import mmap
import random
import shutil
import struct
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forms_app.files.photos import Photos
from forms_app.store.database import proxy
from forms_app.store.models import Issue
from scripts.benchmarks.late import overdue_at, watching
from scripts.benchmarks.postgres import Server, own_server
from scripts.benchmarks.power_cuts import photo_keys, reported
from scripts.benchmarks.preloads import compiled
from scripts.benchmarks.promised import (
    LONGEST_SECONDS,
    Lost,
    compare,
    need_log,
    opened_at,
    until_taken,
)
from tests.support.pictures import phone_photo
from tests.support.receivers import web_receiver
from tests.support.running import Running, for_postgres, running
from tests.support.visitors import Visitors, until

SOURCE = Path(__file__).with_name("ailing.c")
SEED = 26
_ORDER = struct.Struct("=qqqqq")  # struct order, as C has it
ONE_IN = (2, 5, 20)  # of so many calls one fails
HOUR, DAY = 3600, 86_400
PATIENCE = timedelta(seconds=60)


class Orders:
    """What disk and clock are like at present, for every program that has the library."""

    def __init__(self, folder: Path, library: Path) -> None:
        self._path, self._library = folder / "orders", library
        self._path.write_bytes(bytes(_ORDER.size))
        self._path.chmod(0o666)  # PostgreSQL's owner counts there, too
        with self._path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _ORDER.size)

    def environment(self, below: Path) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(self._library), "AILING_IN": str(self._path),
            "AILING_BELOW": str(below),
        }  # fmt: skip

    def well(self) -> None:
        self._write("=qqq", 0, 0, 1)

    def full(self) -> None:
        self._write("=qqq", 0, errno.ENOSPC, 1)

    def broken(self, one_in: int) -> None:
        self._write("=qqq", 0, errno.EIO, one_in)

    def ahead(self, seconds: int) -> None:
        self._write("=qqq", seconds, 0, 1)

    @property
    def refused(self) -> int:
        """How many calls failed until now."""
        found: int = _ORDER.unpack(self._map[:])[4]
        return found

    def _write(self, form: str, *values: int) -> None:
        struct.pack_into(form, self._map, 0, *values)


@dataclass
class Office:
    """What is served, and where its rows are."""

    folder: Path
    orders: Orders
    url: str
    more: Mapping[str, str]
    postgres: Server | None = None

    @contextmanager
    def served(self, **more: str) -> Iterator[Running]:
        is_demo = self.postgres is None  # the demo's database is SQLite's
        with running(self.folder, demo=is_demo, more={**self.more, **more}) as server:
            yield server

    def well(self) -> None:
        """As if whoever looks after it had made room, or given it another disk."""
        self.orders.well()
        if self.postgres is not None and not self.postgres.is_running():
            self.postgres.start()

    @property
    def name(self) -> str:
        return "SQLite" if self.postgres is None else "PostgreSQL"


class Photographers(Visitors):  # type: ignore[misc]  # where the tests are not checked
    """Some report with photos."""

    def __init__(self, port: int) -> None:
        self.photos: dict[str, int] = {}
        self._turn = 0
        super().__init__(port, reporters=4, pause=0.05)

    def _report(self) -> None:
        self._turn += 1
        count = self._turn % 3
        number = reported(self.port, [phone_photo(320, 240, seed=n) for n in range(count)])
        self.photos[number] = count
        self.acknowledged.append(number)


def bad_disks(folder: Path, is_small: bool) -> None:
    """Full and broken in turn, while people report with photos."""
    for office in _offices(folder, is_small):
        _ail(office, is_small)


def bad_clocks(folder: Path, is_small: bool) -> None:
    """An hour and days wrong, both ways: all is taken, and every deadline is told once."""
    for office in _offices(folder, is_small):
        _jump(office, is_small)


def _ail(office: Office, is_small: bool) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to be the same again
    turns, seconds = (3, 0.7) if is_small else (60, 2.0)
    with office.served() as server, Photographers(server.port) as people:
        ends = time.monotonic() + LONGEST_SECONDS / 2  # of each database's
        done = 0
        while done < turns and time.monotonic() < ends:
            until_taken(people, chance.uniform(seconds / 2, seconds))
            if done % 3 == 0:
                office.orders.full()
            else:
                office.orders.broken(chance.choice(ONE_IN))
            time.sleep(chance.uniform(seconds / 2, seconds))
            office.well()
            done += 1
        until_taken(people, 0)
    with opened_at(office.url):
        _need_photos(office.folder / "data" / "private", people.photos)
        if office.postgres is None:
            _need_whole()
        compare(
            "disks", people.acknowledged, database=office.name, times=done, cut_short=done < turns,
            refused_calls=office.orders.refused, refused_reports=len(people.wrong),
        )  # fmt: skip
    need_log(office.folder, office.more)


def _jump(office: Office, is_small: bool) -> None:
    jumps = (HOUR, -HOUR) if is_small else (HOUR, -HOUR, DAY, -DAY, 9 * DAY, -HOUR, 90)
    seconds = 1.0 if is_small else 8.0
    with ExitStack() as held:
        receiver = held.enter_context(web_receiver())
        arrived: dict[str, datetime] = {}
        held.callback(watching(receiver, arrived))
        server = held.enter_context(office.served(CIRCLE_WEBHOOK_URL=receiver.url))
        first = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
        step = timedelta(seconds=seconds * len(jumps) / 10)
        due = overdue_at(office.url, server.data, [first + n * step for n in range(20)])
        people = held.enter_context(Visitors(server.port, reporters=2, pause=0.2))
        for jump in jumps:
            office.orders.ahead(jump)
            until_taken(people, seconds)
            office.orders.well()
            until_taken(people, seconds)
        last = max(due.values()) + PATIENCE
        until(lambda: set(due) <= set(arrived) or datetime.now(UTC) > last, 300)
        people.go()
    told = {request.headers["webhook-id"]: request for request in receiver.got}
    heard = [
        notice["number"]
        for request in told.values()
        for notice in request.content["data"]["notices"]
        if notice["event"] == "overdue_opinion" and notice["number"] in due
    ]
    with opened_at(office.url):
        compare(
            "clocks", people.acknowledged, database=office.name, jumps=2 * len(jumps),
            alerts=len(due), told=len(set(heard)), told_again=len(heard) - len(set(heard)),
            refused_reports=len(people.wrong),
        )  # fmt: skip
    if len(heard) != len(due):
        raise Lost(f"of {len(due)} deadlines {len(heard)} alerts came")
    need_log(office.folder, office.more)


def _offices(folder: Path, is_small: bool) -> Iterator[Office]:
    """The demo, and a new office on a PostgreSQL with the same faults. Raises NotTried."""
    library = compiled(SOURCE, folder)
    orders = Orders(folder, library)
    data = folder / "data"
    yield Office(
        folder, orders, f"sqlite:///{data / 'private' / 'forms.db'}", orders.environment(data)
    )
    if is_small:  # a PostgreSQL of one's own takes most of the seconds that there are
        return
    shutil.rmtree(data / "private")
    shutil.rmtree(data / "published")
    for_postgres(folder)
    made: list[Orders] = []

    def prepare(beside: Path) -> Mapping[str, str]:
        made.append(Orders(beside, compiled(SOURCE, beside)))
        return made[0].environment(beside / "data")

    with own_server(prepare) as postgres:
        (both,) = made
        more = both.environment(data) | {"CIRCLE_DATABASE_URL": postgres.url}
        yield Office(folder, both, postgres.url, more, postgres)


def _need_photos(private: Path, taken: Mapping[str, int]) -> None:
    """Each report has as many as were taken with it, whole."""
    photos, keys = Photos(private / "photos"), photo_keys()
    there = {issue.number: issue.id for issue in Issue.select(Issue.number, Issue.id)}
    for number, count in taken.items():
        found = [photos.picture(key) for key in keys.get(there.get(number, 0), [])]
        if len([picture for picture in found if picture]) != count:
            raise Lost(f"{number} has not its {count} photos")


def _need_whole() -> None:
    [(whole,)] = proxy.execute_sql("PRAGMA integrity_check").fetchall()
    if whole != "ok":
        raise Lost(f"the database is not whole: {whole}")
