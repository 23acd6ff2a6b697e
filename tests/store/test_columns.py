"""A statement reads as Peewee writes it, however its columns come into it."""

from collections.abc import Callable
from typing import Any

import peewee
import pytest
from peewee import Case, fn

from forms_app.store import columns
from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import Notice
from forms_app.store.tables import TABLES

Handler = Account.alias()


def _statements() -> dict[str, Any]:
    """Every column in every kind of statement, and columns that are not a table's own."""
    parties = Notice.select(Notice.recipient.alias("who"), Notice.issue).alias("parties")
    latest = (
        Entry.select(Entry.issue, fn.MAX(Entry.id).alias("last"))
        .group_by(Entry.issue)
        .cte("latest")
    )
    found: dict[str, Any] = {
        "of two tables": Entry.select(Entry, Issue).join(Issue).where(Issue.number == "260001"),
        "by an alias": Issue.select(Issue.number, Handler.display_name)
        .join(Handler, on=Handler.id == Issue.caller)
        .order_by(Handler.username.desc()),
        "of a subquery": Issue.select(Issue.number, parties.c.who).join(
            parties, on=parties.c.issue_id == Issue.id
        ),
        "of a common table": Issue.select(latest.c.last)
        .join(latest, on=latest.c.issue_id == Issue.id)
        .with_cte(latest),
        "correlated": Issue.select(Issue.id).where(
            fn.EXISTS(Entry.select(Entry.id).where(Entry.issue == Issue.id))
        ),
        "within itself": Issue.select(Issue.id).where(
            Issue.id.in_(Issue.alias().select(Issue.alias().merged_into))
        ),
        "two of one": Issue.select(Issue.id).union(Issue.select(Issue.merged_into)),
        "in a function": Issue.select(
            fn.COUNT(Case(None, ((Issue.step == "closed", 1),), 0)).filter(Issue.id > 1)
        ).group_by(Issue.step),
        "of a named table": peewee.Table("issue", alias="named")
        .select(peewee.SQL("1"))
        .where(peewee.Table("issue", alias="named").c.id == 1),
        "with a quote": peewee.Table('"').select(peewee.Column(peewee.Table('"'), 'a"b')),
        "from a select": Issue.update(step="closed").where(
            Issue.id.in_(Notice.select(Notice.issue))
        ),
        "where it stands": Issue.update(version=Issue.version + 1).where(Issue.version == 2),
        "unless it is there": Notice.insert(key="1").on_conflict(
            conflict_target=(Notice.key,), update={Notice.state: "sent"}
        ),
        "gone": Entry.delete().where(Entry.issue == 1, Entry.note != ""),
    }
    for table in TABLES:
        fields = table._meta.sorted_fields
        found[f"all of {table.__name__}"] = (
            table.select().where(*(field.is_null() for field in fields)).order_by(*fields)
        )
        found[f"a new {table.__name__}"] = table.insert(dict.fromkeys(fields[1:]))
        found[f"a changed {table.__name__}"] = table.update(dict.fromkeys(fields[1:]))
    return found


@pytest.fixture(params=[peewee.SqliteDatabase, peewee.PostgresqlDatabase])
def written(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    """How a database of this kind has a statement written."""
    database = request.param(None)
    return lambda statement: database.get_sql_context().sql(statement).query()


def test_every_statement_is_peewees_own(
    written: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = {name: written(statement) for name, statement in _statements().items()}
    assert '"t2"."number" =' in ours["of two tables"][0]
    with monkeypatch.context() as patched:
        for kind, as_before in columns.THEIRS.items():
            assert kind.__sql__ is not as_before
            patched.setattr(kind, "__sql__", as_before)
        theirs = {name: written(statement) for name, statement in _statements().items()}
    assert {name: (text, theirs[name]) for name, text in ours.items() if text != theirs[name]} == {}
