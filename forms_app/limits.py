"""How often the same address may do the same thing; counted across processes, kept for a day.

A small SQLite file of its own, beside the database: a count that is lost in a power cut harms
nobody, and nobody's report waits for it. No address stands in it, only its HMAC under a key that
is drawn anew every day; the key of yesterday is gone, and with it every count.
"""

import hmac
import logging
import secrets
import sqlite3
import threading
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from pathlib import Path

from forms_app.rules.worktime import CHINA

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limit:
    """`burst` at once, then one every `seconds`."""

    name: str
    burst: int
    seconds: int


# A whole office behind one address, or a campaign day, stays far below.
REPORTS = Limit("reports", 20, 30)
PHOTOS = Limit("photos", 60, 10)
RATINGS = Limit("ratings", 30, 20)
TICKETS = Limit("tickets", 30, 10)
SIGN_INS = Limit("sign-ins", 20, 6)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS day (day TEXT PRIMARY KEY, key BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS taken (who BLOB PRIMARY KEY, free_at REAL NOT NULL) WITHOUT ROWID;
"""


class Limits:
    """The counts; `is_on` False lets everybody do everything, to measure the product itself."""

    def __init__(self, file: Path, *, is_on: bool = True) -> None:
        self.is_on = is_on
        self._file = file
        self._lock = threading.Lock()
        self._is_made = False

    def take(self, limit: Limit, who: str, now: datetime, count: int = 1) -> int:
        """Takes so many; 0, or the seconds to wait where that is too much and nothing is taken."""
        if not self.is_on:
            return 0
        moment, most = now.timestamp(), limit.burst * limit.seconds
        try:
            with self._lock, closing(self._open()) as counts, counts:
                counts.execute("BEGIN IMMEDIATE")
                code = self._code(counts, limit, who, now)
                row = counts.execute("SELECT free_at FROM taken WHERE who = ?", (code,)).fetchone()
                free_at = max(row[0] if row else 0.0, moment) + count * limit.seconds
                if free_at - moment > most:
                    return ceil(free_at - moment - most)
                counts.execute("REPLACE INTO taken VALUES (?, ?)", (code, free_at))
        except sqlite3.Error as error:
            # A full disk must not keep anybody from reporting.
            _log.warning("limits: %s", type(error).__name__)
        return 0

    def give_back(self, limit: Limit, who: str, now: datetime) -> None:
        """What was taken turned out to be none that counts: a ticket or password that was right."""
        if self.is_on:
            self.take(limit, who, now, -1)

    def _open(self) -> sqlite3.Connection:
        counts = sqlite3.connect(self._file, timeout=2, isolation_level=None)
        counts.execute("PRAGMA synchronous = OFF")
        if not self._is_made:
            counts.executescript(_SCHEMA)
            self._file.chmod(0o600)
            self._is_made = True
        return counts

    def _code(self, counts: sqlite3.Connection, limit: Limit, who: str, now: datetime) -> bytes:
        day = now.astimezone(CHINA).date().isoformat()
        found = counts.execute("SELECT key FROM day WHERE day = ?", (day,)).fetchone()
        key: bytes = found[0] if found else secrets.token_bytes(32)
        if not found:
            counts.execute("DELETE FROM day")
            counts.execute("DELETE FROM taken")
            counts.execute("INSERT INTO day VALUES (?, ?)", (day, key))
        return hmac.digest(key, f"{limit.name}:{who}".encode(), "sha256")[:16]
