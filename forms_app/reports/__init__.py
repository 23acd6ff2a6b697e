"""Read-only questions to the database, one named function each."""

from forms_app.reports.cases import Case, Round, case, joined_to, ticket_opens
from forms_app.reports.imports import imported_by, imported_issues, remembered_columns
from forms_app.reports.papers import paper, paper_of, papers_out
from forms_app.reports.people import account_named, accounts, signed_in, workers_of
from forms_app.reports.queue import (
    Queue,
    QueueRow,
    RegisterPage,
    clock_of,
    queue,
    register,
)
from forms_app.reports.ratings import ratings
from forms_app.reports.references import lost_references
from forms_app.reports.retrace import broken_histories, retrace
from forms_app.reports.tallies import tallies

__all__ = [
    "Case",
    "Queue",
    "QueueRow",
    "RegisterPage",
    "Round",
    "account_named",
    "accounts",
    "broken_histories",
    "case",
    "clock_of",
    "imported_by",
    "imported_issues",
    "joined_to",
    "lost_references",
    "paper",
    "paper_of",
    "papers_out",
    "queue",
    "ratings",
    "register",
    "remembered_columns",
    "retrace",
    "signed_in",
    "tallies",
    "ticket_opens",
    "workers_of",
]
