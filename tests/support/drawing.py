"""What every page of the tests is held to: no row reaches its template, which asks for nothing."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import peewee
from jinja2 import Template

DEEPEST = 12
# Looked into beside dataclasses and collections: forms, and what a request keeps for itself.
LOOKED_INTO = ("forms_app.", "wtforms.", "flask_wtf.", "flask.ctx")
ROWLESS = "forms_app.community"  # read from files, and large

_is_drawing: ContextVar[bool] = ContextVar("is_drawing", default=False)
_execute_sql = peewee.Database.execute_sql


def _refusing(database: peewee.Database, sql: str, *rest: Any, **more: Any) -> Any:
    if _is_drawing.get():
        raise AssertionError(f"a template asked the database: {sql}")
    return _execute_sql(database, sql, *rest, **more)


peewee.Database.execute_sql = _refusing


class WatchedTemplate(Template):
    """A template that may neither be given a row nor ask the database for one."""

    def render(self, *args: Any, **context: Any) -> str:
        given = {name: value for some in args for name, value in dict(some).items()} | context
        if rows := rows_in(given):
            raise AssertionError(f"{self.name} is given rows: {rows}")
        with _drawing():
            return super().render(*args, **context)


@contextmanager
def _drawing() -> Iterator[None]:
    before = _is_drawing.set(True)
    try:
        yield
    finally:
        _is_drawing.reset(before)


def rows_in(
    value: object, path: str = "", deep: int = 0, seen: set[int] | None = None
) -> list[str]:
    """Where live rows and queries can be reached from the value, as `case.parties.0`."""
    seen = set() if seen is None else seen
    if id(value) in seen or deep > DEEPEST:
        return []
    seen.add(id(value))
    if isinstance(value, peewee.Model | peewee.BaseQuery):
        return [f"{path}: {type(value).__name__}"]
    return [
        found
        for name, part in _parts(value)
        for found in rows_in(part, f"{path}.{name}".lstrip("."), deep + 1, seen)
    ]


def _parts(value: object) -> Iterator[tuple[object, object]]:
    kind = f"{type(value).__module__}."
    if isinstance(value, type) or kind.startswith(f"{ROWLESS}."):
        return
    if isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list | tuple | set | frozenset):
        yield from enumerate(value)
    elif isinstance(value, partial):
        yield from enumerate((*value.args, *value.keywords.values()))
    elif is_dataclass(value):
        yield from ((one.name, getattr(value, one.name)) for one in fields(value))
    elif kind.startswith(LOOKED_INTO) and hasattr(value, "__dict__"):
        yield from vars(value).items()
