"""What was imported before: rows by their keys, and how a file's columns were read."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import cast

from msgspec import Struct

from forms_app.rules.keys import form_key_hash
from forms_app.store.models import Issue
from forms_app.store.sheets import ColumnChoice, ImportedRow

_IN_ONE_QUESTION = 500


def imported_issues(keys: Sequence[str]) -> dict[str, str]:
    """Key of a row → number of the issue that it became, for those imported before."""
    found: dict[str, str] = {}
    for start in range(0, len(keys), _IN_ONE_QUESTION):
        asked = keys[start : start + _IN_ONE_QUESTION]
        rows = ImportedRow.select(ImportedRow.key, Issue.number).join(Issue)
        pairs = rows.where(ImportedRow.key.in_(asked)).tuples()
        found.update(cast("Iterable[tuple[str, str]]", pairs))
    return found


class OwnIssue(Struct, frozen=True):
    """What tells whether a row that has an issue's number is that issue."""

    description: str
    received_at: datetime


def own_issues(numbers: Sequence[str], communities: Iterable[str]) -> dict[str, OwnIssue]:
    """Number → issue, for the numbers that are issues of these communities."""
    found: dict[str, OwnIssue] = {}
    columns = (Issue.number, Issue.description, Issue.received_at)
    within = Issue.community_id.in_(list(communities))
    for start in range(0, len(numbers), _IN_ONE_QUESTION):
        asked = numbers[start : start + _IN_ONE_QUESTION]
        for issue in Issue.select(*columns).where(Issue.number.in_(asked), within):
            found[issue.number] = OwnIssue(issue.description, issue.received_at)
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
