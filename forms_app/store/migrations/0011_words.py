"""The register's search finds traditional, wide and invisible characters.

Every issue's terms are made anew as forms_app.issues.search_terms makes them since then: a frozen
copy, as a model would be.
"""

import re
from itertools import pairwise
from typing import Any

from peewee import SqliteDatabase

from forms_app.rules.folding import fold

PIECES = re.compile(r"[0-9a-z]{1,40}|[^\W_]")
RUNS = re.compile(r"[^\W_]+")
WORD = re.compile(r"[0-9a-z]+")
BATCH = 500


def up(migrator: Any, db: Any) -> None:  # noqa: ARG001 (the runner passes both)
    is_sqlite = isinstance(db, SqliteDatabase)
    # Contentless: what was indexed before is gone as a whole, then everything is told anew.
    db.execute_sql("DELETE FROM issue_search")
    mark = "?" if is_sqlite else "%s"
    insert = (
        "INSERT INTO issue_search (rowid, terms) VALUES (?, ?)"
        if is_sqlite
        else "INSERT INTO issue_search (id, terms) "
        "VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))"
    )
    last = 0
    while True:
        found = db.execute_sql(
            "SELECT id, estate_id, number, description, location, initial_opinion "  # noqa: S608
            f"FROM issue WHERE id > {mark} ORDER BY id LIMIT {BATCH}",
            (last,),
        ).fetchall()
        if not found:
            return
        for issue_id, estate_id, number, *texts in found:
            words = terms((number, number[2:], *texts), estate_id)
            db.execute_sql(insert, (issue_id, " ".join(words)))
        last = found[-1][0]


def terms(texts: tuple[str, ...], estate_id: str) -> list[str]:
    found = {f"§{estate_id}"} if estate_id else set()
    for text in texts:
        for run in RUNS.findall(fold(text)):
            pieces = PIECES.findall(run)
            found |= {first + second for first, second in pairwise(pieces)}
            found |= {piece for piece in pieces[:-1] if WORD.fullmatch(piece)}
            found.add(pieces[-1])
    return sorted(found)
