"""Statements of the pages that are asked for most, whose text is made once.

Peewee takes ten times as long to write such a text as SQLite to answer it. A function that makes a
query is asked twice, each time with values of its own that stand nowhere else; where the two texts
hold them, every later call puts its values. What the query's shape hangs on, an actor or the number
of ids, makes a text of its own.
"""

import re
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import lru_cache
from itertools import count
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar, overload

from msgspec import Struct
from msgspec.structs import astuple
from peewee import (
    Alias,
    Field,
    ForeignKeyField,
    IntegerField,
    Model,
    ModelDelete,
    ModelInsert,
    ModelSelect,
    ModelUpdate,
    TextField,
)

from forms_app.store.database import proxy
from forms_app.store.row import InstantField, MaybeInstantField, instant_text

P = ParamSpec("P")
M = TypeVar("M", bound=Model)

# Nothing that ends a word in a statement, or that a driver takes for a mark.
_is_a_word = re.compile("[A-Za-z0-9_]*").fullmatch

# Fields whose values stand in the database as they are.
_PLAIN = (TextField, IntegerField, ForeignKeyField)

TEXTS = 1_000  # of some kilobytes; the least asked for is forgotten first


class NotPrepared(Exception):
    """A function derives what it asks for from a value, or asks by it whether to ask at all."""


class Prepared(Generic[P, M]):
    """A query whose text is kept. Its columns must be named one by one for `tuples`."""

    def __init__(self, query: Callable[P, Any]) -> None:
        self.query = query

    def tuples(self, *values: P.args, **_: P.kwargs) -> list[tuple[Any, ...]]:
        """The rows, each value as its column holds it."""
        return _fetched(*self._asked(values))

    def rows(self, *values: P.args, **_: P.kwargs) -> list[M]:
        """The rows of a query of one model."""
        return self._rows(values)

    def first(self, *values: P.args, **_: P.kwargs) -> M | None:
        """The first of them; None if there is none."""
        return next(iter(self._rows(values)), None)

    def done(self, *values: P.args, **_: P.kwargs) -> None:
        """Does what a query says that has no rows for an answer; only within a transaction."""
        made, parameters = self._asked(values)
        proxy.execute_sql(made.sql, parameters)

    def _rows(self, values: Sequence[object]) -> list[M]:
        made, parameters = self._asked(values)
        return [_row(made, row) for row in _fetched(made, parameters)]

    def _asked(self, values: Sequence[object]) -> tuple["_Text", list[object]]:
        shape: list[Hashable] = []
        given: list[object] = []
        for value in values:
            usual = _USUAL.get(type(value))
            if usual is None:
                shape.append(_shape(value))
                given += _given(value)
            else:
                shape.append(usual)
                given.append(instant_text(value) if isinstance(value, datetime) else value)
        made = _text(self.query, type(proxy.obj).__name__, tuple(shape))
        parameters = list(made.parameters)
        for place, source in made.places:
            parameters[place] = given[source]
        return made, parameters


@overload
def prepared(query: "Callable[P, ModelSelect[M]]") -> Prepared[P, M]: ...


@overload
def prepared(query: Callable[P, ModelInsert | ModelUpdate | ModelDelete]) -> Prepared[P, Any]: ...


def prepared(query: Callable[P, Any]) -> Prepared[P, Any]:
    """The query of a function, its text kept. Values are its arguments: whole numbers, texts,
    moments and sequences of whole numbers; any other argument belongs to its shape.

    A sequence is filled up to a power of two with its last one: few texts serve every length.
    """
    return Prepared(query)


R = TypeVar("R", bound=Model)


def add(row: R) -> R:
    """Inserts a new row and gives it its key.

    Its columns are those of its constructor, the others their defaults.
    """
    new: Any = row
    fields = new._meta.fields
    held = {name: value for name, value in new.__data__.items() if value is not None}
    sql = _insertion(type(row), tuple(held), proxy.obj.param)
    values = [fields[name].db_value(value) for name, value in held.items()]
    [(new.__data__["id"],)] = proxy.execute_sql(f"{sql} RETURNING id", values).fetchall()
    new._dirty.clear()
    return row


def add_unless_there(model: type[Model], rows: Sequence[dict[str, object]]) -> None:
    """Inserts rows by one statement, but for those like which there is one; none may be given.

    Each row is the same fields by their names; the others have their defaults.
    """
    if not rows:
        return
    meta: Any = model._meta
    usual: dict[str, object] = meta.get_default_dict()
    whole = [usual | row for row in rows]
    names = tuple(whole[0])
    sql = _insertion(model, names, proxy.obj.param, len(rows))
    values = [meta.fields[name].db_value(row[name]) for row in whole for name in names]
    proxy.execute_sql(f"{sql} ON CONFLICT DO NOTHING", values)


@lru_cache(TEXTS)
def _insertion(model: Any, names: Sequence[str], mark: str, count: int = 1) -> str:
    columns = ", ".join(f'"{model._meta.fields[name].column_name}"' for name in names)
    one = ", ".join([mark] * len(names))
    marks = ", ".join([f"({one})"] * count)
    return f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES {marks}'  # noqa: S608


class Spelled(Struct, frozen=True):
    """A whole number that belongs to the shape of a query and stands in its text, as limits do."""

    number: int


class _Text(Struct, frozen=True):
    sql: str
    parameters: tuple[object, ...]
    places: tuple[tuple[int, int], ...]  # of a parameter, of the value that it takes
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]  # of a column, where it is not plain
    model: type[Any]
    names: tuple[str, ...]  # of the columns of a row
    foreign: tuple[str, ...]  # those of them that are not the model's own


class _Value(NamedTuple):
    """A value in a shape: of which kind it is, and of how many."""

    kind: type[object]
    length: int = 1


class _Same:
    """Something without a hash, the same as itself alone: the community's data."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


_USUAL: dict[type[object], _Value] = {kind: _Value(kind) for kind in (int, str, datetime)}


def _shape(value: object) -> Hashable:
    match value:
        case bool() | Enum() | None:
            return value
        case int() | str() | datetime():
            return _Value(type(value))
        case list() | tuple():
            return _Value(tuple, len(_filled(value)))
    try:
        hash(value)
    except TypeError:
        return _Same(value)
    return value


def _given(value: object) -> Sequence[object]:
    """What the parameters take of one argument."""
    match value:
        case bool() | Enum():
            return ()
        case datetime():
            return (instant_text(value),)
        case int() | str():
            return (value,)
        case list() | tuple():
            return _filled(value)
    return ()


def _filled(values: Sequence[object]) -> Sequence[object]:
    if not values:
        return values
    missing = (1 << (len(values) - 1).bit_length()) - len(values)
    return [*values, *([values[-1]] * missing)]


@lru_cache(TEXTS)
def _text(query: Callable[..., Any], _database: str, shape: Sequence[Hashable]) -> _Text:
    numbers = count(1)
    (one, first), (other, second) = (_stood_in(shape, numbers) for _ in range(2))
    asked = query(*one)
    (sql, parameters), (again, others) = asked.sql(), query(*other).sql()
    if sql != again or len(parameters) != len(others):
        raise NotPrepared(f"{query.__qualname__} has another text for another value")
    places = []
    for place, (here, there) in enumerate(zip(parameters, others, strict=True)):
        if here != there:
            source = next((n for n, pair in enumerate(zip(first, second, strict=True))
                           if pair == (here, there)), None)  # fmt: skip
            if source is None:
                raise NotPrepared(f"{query.__qualname__} derives {here!r} from a value")
            places.append((place, source))
    selected = asked._returning or ()  # of a select its columns
    readers = tuple(
        (place, _reader(field))
        for place, field in enumerate(
            column.node if isinstance(column, Alias) else column for column in selected
        )
        if isinstance(field, Field) and not isinstance(field, _PLAIN)
    )
    names = tuple(getattr(column, "name", "") for column in selected)
    foreign = tuple(name for name in names if name and name not in asked.model._meta.fields)
    own = {part for argument in shape if not isinstance(argument, _Same) for part in _own(argument)}
    text, kept, moved = _spelled(sql, parameters, places, own)
    return _Text(text, tuple(kept), tuple(moved), readers, asked.model, names, foreign)


def _spelled(
    sql: str,
    parameters: Sequence[object],
    places: Sequence[tuple[int, int]],
    own: Collection[object],
) -> tuple[str, Sequence[object], Sequence[tuple[int, int]]]:
    """The statement, its parameters and their places, with what is the same for all spelled out.

    SQLite plans a statement anew whenever a parameter is set that its plan may hang on (an index of
    some rows alone, and whose): of a long one that takes ten times as long as to answer it. What is
    an actor's or a filter's `own` stays a parameter: a connection keeps the plans of some hundred
    texts. A limit is such a parameter, too: it is given `Spelled`.
    """
    mark = proxy.obj.param
    pieces = sql.split(mark)
    if len(pieces) != len(parameters) + 1:  # the mark stands in a word, too
        return sql, parameters, places
    sources = dict(places)
    kept: list[object] = []
    spelled, moved = [pieces[0]], []
    for place, (value, piece) in enumerate(zip(parameters, pieces[1:], strict=True)):
        word = None if place in sources or value in own else _word(value)
        if place in sources:
            moved.append((len(kept), sources[place]))
        if word is None:
            kept.append(value)
        spelled += [mark if word is None else word, piece]
    return "".join(spelled), kept, moved


def _own(value: object) -> Iterator[object]:
    """What a value of a shape consists of, but for what is to be spelled out."""
    if isinstance(value, Spelled):
        return
    if isinstance(value, list | tuple | frozenset):
        for one in value:
            yield from _own(one)
    elif isinstance(value, Struct):
        yield from _own(astuple(value))
    elif is_dataclass(value):
        yield from _own(tuple(vars(value).values()))
    elif not isinstance(value, bool):  # they are numbers, too
        yield value


def _word(value: object) -> str | None:
    """A value as it may stand in a statement; None where it had better not."""
    if type(value) is int:
        return str(value)
    return f"'{value}'" if isinstance(value, str) and _is_a_word(value) else None


def _stood_in(shape: Sequence[Hashable], numbers: Any) -> tuple[list[Any], list[object]]:
    """Arguments of this shape that stand nowhere else, and what the parameters take of them."""
    arguments: list[Any] = []
    for one in shape:
        match one:
            case _Value(kind, _) if kind is datetime:
                arguments.append(datetime(9000, 1, 1, tzinfo=UTC) + timedelta(hours=next(numbers)))
            case _Value(kind, _) if issubclass(kind, int):
                arguments.append(2**61 + next(numbers))
            case _Value(kind, _) if issubclass(kind, str):
                arguments.append(f"value {next(numbers)}")
            case _Value(_, length):
                arguments.append([2**61 + next(numbers) for _ in range(length)])
            case _Same():
                arguments.append(one.value)
            case _:
                arguments.append(one)
    return arguments, [taken for argument in arguments for taken in _given(argument)]


def _fetched(made: _Text, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    rows = proxy.execute_sql(made.sql, parameters).fetchall()
    return [_read(row, made.readers) for row in rows] if made.readers else list(rows)


def _row(made: _Text, values: tuple[Any, ...]) -> Any:
    """A row as Peewee makes one of what stands in the database, but not value by value."""
    row: Any = object.__new__(made.model)
    row.__data__ = dict(zip(made.names, values, strict=True))
    row._dirty, row.__rel__ = set(), {}
    for name in made.foreign:
        setattr(row, name, row.__data__.pop(name))
    return row


def _read(
    row: tuple[Any, ...], readers: Sequence[tuple[int, Callable[[Any], Any]]]
) -> tuple[Any, ...]:
    read = list(row)
    for place, reader in readers:
        value = read[place]
        if value is not None:
            read[place] = reader(value)
    return tuple(read)


def _reader(field: Any) -> Callable[[Any], Any]:
    """What makes of a value what its column means; no column makes anything of none."""
    is_instant = isinstance(field, InstantField | MaybeInstantField)
    read: Callable[[Any], Any] = datetime.fromisoformat if is_instant else field.python_value
    return read
