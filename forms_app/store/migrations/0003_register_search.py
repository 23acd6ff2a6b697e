"""What the register needs: the index of its search, the order of its lists, the log of exports.

The terms are made as forms_app.issues.search_terms made them then: a frozen copy, as a model
would be.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Any

from peewee import (
    AutoField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

PIECES = re.compile(r"[0-9a-z]{1,40}|[^\W_]")
RUNS = re.compile(r"[^\W_]+")
WORD = re.compile(r"[0-9a-z]+")
BATCH = 500

# Which clock runs, and since when an open issue waits; what has neither comes last.
DUE = """COALESCE(CASE step
    WHEN 'collected' THEN CASE WHEN opined_at IS NULL THEN opinion_due_at END
    WHEN 'responding' THEN reply_by
    WHEN 'classified' THEN due_at WHEN 'handling' THEN due_at END, '9999')"""
WAITING = """CASE WHEN step IN ('collected', 'classified', 'responding', 'handling',
    'evaluating', 'shelved') THEN received_at ELSE '9' || received_at END"""


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    is_sqlite = isinstance(db, SqliteDatabase)
    for statement in SQLITE_SEARCH if is_sqlite else POSTGRES_SEARCH:
        db.execute_sql(statement)
    index_what_is_there(db, is_sqlite)
    for statement in (
        "CREATE INDEX issue_received ON issue (received_at, id)",
        "CREATE INDEX issue_community_received ON issue (community_id, received_at, id)",
        "CREATE INDEX issue_step_received ON issue (step, received_at, id)",
        f"CREATE INDEX issue_due ON issue (({DUE}), id)",
        f"CREATE INDEX issue_community_due ON issue (community_id, ({DUE}), id)",
        f"CREATE INDEX issue_waiting ON issue (({WAITING}), id)",
    ):
        db.execute_sql(statement)

    class Row(Model):
        id = AutoField()

        class Meta:
            database = db
            legacy_table_names = False

    class Account(Row):
        pass

    class ExportLog(Row):
        made_at = TextField()
        account = ForeignKeyField(Account, null=True, backref="+")
        actor_name = TextField()
        actor_role = TextField()
        community_id = TextField(default="")
        filters = TextField()
        row_count = IntegerField()
        with_contacts = BooleanField()

    db.create_tables([ExportLog])


SQLITE_SEARCH = (
    """CREATE VIRTUAL TABLE issue_search USING fts5(
        terms, content='', contentless_delete=1, detail=none,
        tokenize="ascii tokenchars '-_'"
    )""",
    "INSERT INTO issue_search (issue_search, rank) VALUES ('automerge', 16)",
    "INSERT INTO issue_search (issue_search, rank) VALUES ('crisismerge', 64)",
)
POSTGRES_SEARCH = (
    "CREATE TABLE issue_search (id INTEGER PRIMARY KEY, terms TSVECTOR NOT NULL)",
    "CREATE INDEX issue_search_terms ON issue_search USING gin (terms)",
)


def index_what_is_there(db: Any, is_sqlite: bool) -> None:
    """Every issue's terms, in batches: the register may be large."""
    if is_sqlite:
        insert = "INSERT INTO issue_search (rowid, terms) VALUES (?, ?)"
        mark = "?"
    else:
        insert = (
            "INSERT INTO issue_search (id, terms) "
            "VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))"
        )
        mark = "%s"
    last = 0
    while True:
        found = db.execute_sql(
            "SELECT id, number, description, location, initial_opinion, estate_id FROM issue "  # noqa: S608
            f"WHERE id > {mark} ORDER BY id LIMIT {BATCH}",
            (last,),
        ).fetchall()
        if not found:
            return
        for issue_id, number, description, location, opinion, estate_id in found:
            words = terms((number, number[2:], description, location, opinion), estate_id)
            db.execute_sql(insert, (issue_id, " ".join(words)))
        last = found[-1][0]


def terms(texts: tuple[str, ...], estate_id: str) -> list[str]:
    found = {f"§{estate_id}"} if estate_id else set()
    for text in texts:
        for run in RUNS.findall(unicodedata.normalize("NFKC", text).casefold()):
            pieces = PIECES.findall(run)
            found |= {first + second for first, second in pairwise(pieces)}
            found |= {piece for piece in pieces[:-1] if WORD.fullmatch(piece)}
            found.add(pieces[-1])
    return sorted(found)
