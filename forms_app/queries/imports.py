"""What was imported before: rows by their keys, and how a file's columns were read."""

import json
from collections.abc import Sequence

from forms_app.rules.keys import form_key_hash
from forms_app.store.models import ColumnChoice, ImportedRow, Issue

_IN_ONE_QUESTION = 500


def imported_issues(keys: Sequence[str]) -> dict[str, str]:
    """Key of a row → number of the issue that it became, for those imported before."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), _IN_ONE_QUESTION):
        asked = keys[start : start + _IN_ONE_QUESTION]
        rows = ImportedRow.select(ImportedRow, Issue).join(Issue).where(ImportedRow.key.in_(asked))
        found.update({row.key: row.issue.number for row in rows})
    return found


def imported_by(batch: str) -> int:
    """How many issues this press of the button has made."""
    rows = ImportedRow.select(ImportedRow.issue).where(ImportedRow.batch == form_key_hash(batch))
    count: int = rows.distinct().count()
    return count


def remembered_columns(headers_hash: str) -> dict[str, int] | None:
    """How a file with these headings was last read."""
    choice = ColumnChoice.get_or_none(ColumnChoice.headers_hash == headers_hash)
    return None if choice is None else json.loads(choice.columns)
