"""What every page of the tests is held to: no row reaches its template, which asks for nothing."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any

import peewee
from jinja2 import Template
from msgspec import Struct

DEEPEST = 12
# Looked into beside records and collections: forms, and what a request keeps for itself.
LOOKED_INTO = ("forms_app.", "wtforms.", "flask_wtf.", "flask.ctx")
ROWLESS = "forms_app.community"  # read from files, and large

_ROWS = (peewee.Model, peewee.BaseQuery)
_Parts = Callable[[Any], Iterable[tuple[object, object]]]

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


def rows_in(value: object, path: str = "") -> list[str]:
    """Where live rows and queries can be reached from the value, as `case.parties.0`."""
    found: list[str] = []
    _look_into(value, [path] if path else [], set(), found)
    return found


def _look_into(value: object, way: list[object], seen: set[int], found: list[str]) -> None:
    if id(value) in seen or len(way) > DEEPEST:
        return
    seen.add(id(value))
    parts = _parts_of(value.__class__)
    if parts is _row:
        found.append(f"{'.'.join(map(str, way))}: {type(value).__name__}")
    for name, part in parts(value):
        if _parts_of(part.__class__) is not _none:
            way.append(name)
            _look_into(part, way, seen, found)
            way.pop()


def _none(_value: object) -> Iterable[tuple[object, object]]:
    return ()


def _row(_value: object) -> Iterable[tuple[object, object]]:
    return ()


@cache  # a page is made of thousands of things, which are of few kinds
def _parts_of(kind: type) -> _Parts:
    """How to come from something of this kind to what it consists of."""
    room = f"{kind.__module__}."
    if issubclass(kind, _ROWS):
        return _row
    if issubclass(kind, type) or room.startswith(f"{ROWLESS}."):
        return _none
    if issubclass(kind, Mapping):
        return lambda value: value.items()
    if issubclass(kind, list | tuple | set | frozenset):
        return enumerate
    if issubclass(kind, partial):
        return lambda value: enumerate((*value.args, *value.keywords.values()))
    if issubclass(kind, Struct):
        names = kind.__struct_fields__
        return lambda value: ((name, getattr(value, name)) for name in names)
    if is_dataclass(kind):
        names = tuple(one.name for one in fields(kind))
        return lambda value: ((name, getattr(value, name)) for name in names)
    if room.startswith(LOOKED_INTO) and hasattr(kind, "__dict__"):
        return lambda value: getattr(value, "__dict__", {}).items()
    return _none
