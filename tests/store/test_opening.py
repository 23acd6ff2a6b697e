"""How SQLite is opened: nothing acknowledged is lost, and none that can corrupt the data."""

from contextlib import closing
from pathlib import Path

import peewee
import pytest

from forms_app.store.database import SQLITE_NEEDED, DatabaseRefused, open_database


def test_sqlite_is_opened_so_that_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    with closing(open_database(f"sqlite:///{tmp_path / 'forms.db'}")) as opened:
        told = {
            name: opened.execute_sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
    assert told == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0}


def test_an_sqlite_that_can_corrupt_the_data_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peewee.SqliteDatabase, "server_version", (3, 51, 2))
    assert SQLITE_NEEDED == (3, 51, 3)
    with pytest.raises(DatabaseRefused, match=r"3\.51\.2"):
        open_database(f"sqlite:///{tmp_path / 'forms.db'}")
