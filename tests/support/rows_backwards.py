"""Rows that nobody asked for in an order come backwards from SQLite, as PostgreSQL may give them in
any: what counts on their order fails at once, and not in one run of a hundred.
"""

from typing import Any

from forms_app.store.sqlite_file import SqliteFile

_add_hooks = SqliteFile._add_conn_hooks  # type: ignore[attr-defined]  # not in Peewee's stubs


def _backwards(database: SqliteFile, connection: Any) -> None:
    _add_hooks(database, connection)
    connection.execute("PRAGMA reverse_unordered_selects = 1")


SqliteFile._add_conn_hooks = _backwards  # type: ignore[attr-defined]
