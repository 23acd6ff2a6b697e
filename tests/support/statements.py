"""How often the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from forms_app.store.database import proxy


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent inside."""
    sent: list[str] = []
    execute = proxy.obj.execute_sql

    def counted(sql: str, *rest: Any, **more: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest, **more)

    proxy.obj.execute_sql = counted
    try:
        yield sent
    finally:
        proxy.obj.execute_sql = execute
