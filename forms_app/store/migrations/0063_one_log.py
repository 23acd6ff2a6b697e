"""Projects and the books of the earmarked funds are sealed in the log of the register, as issues
are; the digests that each kept beside it are gone. A book is a community's or a sub-district's.

What there is of both is sealed as from this day, by the program's own sealing: what is sealed must
be checked by the same words.
"""

from datetime import UTC, datetime
from typing import Any

from peewee import Database

from forms_app.store.funds import FundEntry
from forms_app.store.projects import Project
from forms_app.store.sealing import seal_all


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    for sql in (
        "ALTER TABLE project_entry DROP COLUMN digest",
        "ALTER TABLE fund_entry DROP COLUMN digest",
        "DROP INDEX fund_entry_community_id_place",
        "ALTER TABLE fund_entry RENAME COLUMN community_id TO book_id",
        "CREATE UNIQUE INDEX fund_entry_book_id_place ON fund_entry (book_id, place)",
        "ALTER TABLE seal ADD COLUMN project_id INTEGER",
        "ALTER TABLE seal ADD COLUMN fund_entry_id INTEGER",
        "CREATE INDEX seal_project ON seal (project_id) WHERE project_id IS NOT NULL",
        "CREATE INDEX seal_fund_entry ON seal (fund_entry_id) WHERE fund_entry_id IS NOT NULL",
    ):
        db.execute_sql(sql)  # type: ignore[no-untyped-call]
    seal_all(db, datetime.now(UTC), (Project, FundEntry))
