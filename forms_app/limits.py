"""How often the same address may do the same thing; counted across processes, kept for a day.

A small SQLite file of its own, beside the database: a count that is lost in a power cut harms
nobody, and nobody's report waits for it. No address stands in it, only its HMAC under a key that
is drawn anew every day; the key of yesterday is gone, and with it every count.
"""

import hashlib
import hmac
import logging
import secrets
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from math import ceil
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from forms_app.rules.worktime import local_day

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Limit(Struct, frozen=True):
    """`burst` at once, then one every `seconds`; of those whose task is done `proved` as one.
    What turns out to be more than was taken is owed, until all comes to `owed` of this limit.

    An estate, a hall or a whole carrier may share one address: three hundred people who each did
    their task are no stranger who sends three hundred.
    """

    name: str
    burst: int
    seconds: int
    proved: int = 1
    owed: int = 1

    @property
    def most(self) -> int:
        """Seconds, as a burst takes."""
        return self.burst * self.seconds

    @property
    def latest(self) -> int:
        """Seconds: nothing is taken for longer."""
        return self.owed * self.most


# So that three hundred of one address get through within ten minutes.
REPORTS = Limit("reports", 20, 30, proved=10)
RATINGS = Limit("ratings", 30, 20, proved=10)
# A photo is a third of a second of one core; one that takes longer counts as several.
PHOTOS = Limit("photos", 180, 4, owed=2)
PHOTOS_A_SECOND = 3
TICKETS = Limit("tickets", 30, 10)
SIGN_INS = Limit("sign-ins", 20, 6)
# By ticket, of one address: three hundred of an estate say within ten minutes what they think.
WRITES = Limit("writes", 200, 3)
# To one issue, from wherever its ticket is held: a long talk on one evening, and no book.
ISSUE_WRITES = Limit("writes to an issue", 30, 900)

# From so much of a limit on, a form brings a small task along that is done.
NEAR = 0.5

_SCHEMA = """
CREATE TABLE IF NOT EXISTS day (day TEXT PRIMARY KEY, key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS taken (who BLOB PRIMARY KEY, free_at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS used (
    what BLOB PRIMARY KEY, whose BLOB NOT NULL, until REAL NOT NULL
) WITHOUT ROWID;
"""
# Adds what it costs to what is taken, where that is not too much; whether it did is a row.
_TAKE = """
INSERT INTO taken VALUES (?1, ?2 + ?3)
ON CONFLICT (who) DO UPDATE SET free_at = min(max(free_at, ?2), ?2 + ?5) + ?3
WHERE min(max(free_at, ?2), ?2 + ?5) + ?3 - ?2 <= ?4
RETURNING 1
"""
# Adds what it has cost, also where that is too much.
_OWE = """
INSERT INTO taken VALUES (?1, ?2 + min(?3, ?4))
ON CONFLICT (who) DO UPDATE SET free_at = min(max(free_at, ?2) + ?3, ?2 + ?4)
"""
USED_KEPT = timedelta(hours=2)


def household(address: str) -> str:
    """Who asks: of IPv6 the net of a household, which changes its addresses as it likes."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        # Where a server listens for both at once, an IPv4 address comes as one of IPv6.
        return str(known.ipv4_mapped or int(known) >> 64)
    return str(known)


class Limits:
    """The counts; `is_on` False lets everybody do everything, to measure the product itself.

    One connection is kept, and a count is one statement: each call of SQLite lets go of the
    interpreter, and whoever then waits for it holds up all that wait for the lock.
    """

    def __init__(self, file: Path, *, is_on: bool = True) -> None:
        self.is_on = is_on
        self._file = file
        self._lock = threading.Lock()
        self._counts: sqlite3.Connection | None = None
        self._day, self._key = "", b""

    def take(
        self, limit: Limit, who: str, now: datetime, count: int = 1, *, is_proved: bool = False
    ) -> int:
        """Takes so many; 0, or the seconds to wait where that is too much and nothing is taken.

        `is_proved` counts them as those whose task is done.
        """
        moment, most = now.timestamp(), limit.most
        cost = count * limit.seconds / (limit.proved if is_proved else 1)

        def taken(counts: sqlite3.Connection) -> int:
            code = self._code(counts, limit, who, now)
            # Looked at first: of whoever is refused again and again nothing is written.
            free_at = _free_at(counts, code, moment + limit.latest)
            wait = max(free_at, moment) + cost - moment - most
            asked = (code, moment, cost, most, limit.latest)
            if wait <= 0 and counts.execute(_TAKE, asked).fetchall():
                return 0
            return max(1, ceil(wait))

        return self._ask(taken, 0)

    def owe(self, limit: Limit, who: str, now: datetime, count: int) -> None:
        """What was done for so many more than were taken, whether or not there is room for them."""

        def add(counts: sqlite3.Connection) -> bool:
            code = self._code(counts, limit, who, now)
            owed = (code, now.timestamp(), count * limit.seconds, limit.latest)
            counts.execute(_OWE, owed)
            return True

        self._ask(add, False)

    def is_near(self, limit: Limit, who: str, now: datetime) -> bool:
        """Whether so much was taken already that the limit is near; takes nothing."""

        def near(counts: sqlite3.Connection) -> bool:
            moment = now.timestamp()
            code = self._code(counts, limit, who, now)
            free_at = _free_at(counts, code, moment + limit.latest)
            return free_at - moment >= limit.most * NEAR

        return self._ask(near, False)

    def use_once(self, what: str, whose: str, now: datetime) -> bool:
        """Whether this was used by nobody before, or by the very same; from now on it is theirs.

        It is forgotten after two hours; until then it holds in every process.
        """
        code, own = (hashlib.sha256(text.encode()).digest() for text in (what, whose))
        moment = now.timestamp()

        def used(counts: sqlite3.Connection) -> bool:
            counts.execute("DELETE FROM used WHERE until < ?", (moment,))
            until = moment + USED_KEPT.total_seconds()
            counts.execute("INSERT OR IGNORE INTO used VALUES (?, ?, ?)", (code, own, until))
            ((kept,),) = counts.execute("SELECT whose FROM used WHERE what = ?", (code,)).fetchall()
            return bytes(kept) == own

        return self._ask(used, True)

    def give_back(self, limit: Limit, who: str, now: datetime) -> None:
        """What was taken turned out to be none that counts: a ticket or password that was right."""
        self.take(limit, who, now, -1)

    def _ask(self, ask: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """What the counts say; `otherwise` where they are off, or cannot be asked."""
        if not self.is_on:
            return otherwise
        with self._lock:
            try:
                if self._counts is None:
                    self._counts = _opened(self._file)
                return ask(self._counts)
            except sqlite3.Error as error:
                # A full disk must not keep anybody from reporting.
                _log.warning("limits: %s", type(error).__name__)
                if self._counts is not None:
                    self._counts.close()
                    self._counts = None
                return otherwise

    def _code(self, counts: sqlite3.Connection, limit: Limit, who: str, now: datetime) -> bytes:
        day = local_day(now).isoformat()
        if day != self._day:
            self._day, self._key = day, _key_of(counts, day)
        return hmac.digest(self._key, f"{limit.name}:{who}".encode(), "sha256")[:16]


def _opened(file: Path) -> sqlite3.Connection:
    counts = sqlite3.connect(file, timeout=2, isolation_level=None, check_same_thread=False)
    counts.execute("PRAGMA synchronous = OFF")
    counts.executescript(_SCHEMA)
    file.chmod(0o600)
    return counts


def _key_of(counts: sqlite3.Connection, day: str) -> bytes:
    """The day's key, the same in every process; a new one takes all counts of before away."""
    with counts:
        counts.execute("BEGIN IMMEDIATE")
        found = counts.execute("SELECT key FROM day WHERE day = ?", (day,)).fetchone()
        key: bytes = found[0] if found else secrets.token_bytes(32)
        if not found:
            counts.execute("DELETE FROM day")
            counts.execute("DELETE FROM taken")
            counts.execute("INSERT INTO day VALUES (?, ?)", (day, key))
    return key


def _free_at(counts: sqlite3.Connection, code: bytes, latest: float) -> float:
    """Until when all is taken; never later than it can be: then the clock was set back since."""
    rows = counts.execute("SELECT free_at FROM taken WHERE who = ?", (code,)).fetchall()
    return min(float(rows[0][0]), latest) if rows else 0.0
