"""The names of columns in statements, written as Peewee writes them in a fifth of its steps.

They are most of what a statement consists of, and Peewee takes longer to write one than the
database to answer it. What is no column of a table itself, Peewee writes as before.
"""

from typing import Any

import peewee

# What is replaced, and by which it is held to be the same.
THEIRS = {kind: kind.__sql__ for kind in (peewee.Entity, peewee.Column, peewee.Field)}


def _entity(entity: Any, ctx: Any) -> Any:
    path = entity._path
    if len(path) != 1 or '"' in path[0] or not _is_usual(ctx):
        return THEIRS[peewee.Entity](entity, ctx)
    return ctx.literal(f'"{path[0]}"')


def _column(column: Any, ctx: Any) -> Any:
    name = column.name
    written = _written(column.source, name, ctx)
    return THEIRS[peewee.Column](column, ctx) if written is None else ctx.literal(written)


def _field(field: Any, ctx: Any) -> Any:
    written = _written(field.model._meta.table, field.column_name, ctx)
    return THEIRS[peewee.Field](field, ctx) if written is None else ctx.literal(written)


def _written(table: Any, name: str, ctx: Any) -> str | None:
    """The column's name with its table's alias; None where more than these two has its say."""
    is_a_table = type(table) is peewee.Table and not table.__dict__["_alias"]
    if not is_a_table or '"' in name or not _is_usual(ctx):
        return None
    if ctx.state.scope == peewee.SCOPE_VALUES:
        return f'"{name}"'
    aliases = ctx.alias_manager
    return f'"{aliases.mapping.get(table) or aliases.add(table)}"."{name}"'


def _is_usual(ctx: Any) -> bool:
    """Whether names stand in the quotes of SQLite and PostgreSQL."""
    return ctx.state.settings.get("quote") in ('""', None)


def write_quickly() -> None:
    """Has Peewee write names so from now on, in the whole process."""
    peewee.Entity.__sql__ = _entity  # type: ignore[method-assign]
    peewee.Column.__sql__ = _column  # type: ignore[method-assign]
    peewee.Field.__sql__ = _field  # type: ignore[method-assign]
