"""What 0076 gave an end of its grading is sealed as it stands since: the seals said that somebody
had changed it, and no backup of an older version could be put in again.

It calls the program's own sealing, as 0051 does. What is another than its seal says by anything
else stays so.
"""

from datetime import UTC, datetime
from typing import Any

from peewee import Database

from forms_app.store.models import Issue
from forms_app.store.sealing import seal_filled


def up(migrator: Any, db: Database) -> None:  # noqa: ARG001 (the runner passes both)
    seal_filled(db, datetime.now(UTC), Issue, "grade_due_at")
