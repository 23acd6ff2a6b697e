"""Read-only questions to the database, one named function each."""

from forms_app.reports.cases import Case, Round, case, joined_to, ticket_opens
from forms_app.reports.notices import FailedNotice, InboxNotice, failed_notices, inbox
from forms_app.reports.people import accounts, signed_in, workers_of
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
from forms_app.reports.retrace import broken_histories, other_deadlines, retrace
from forms_app.reports.tallies import tallies

__all__ = [
    "Case",
    "FailedNotice",
    "InboxNotice",
    "Queue",
    "QueueRow",
    "RegisterPage",
    "Round",
    "accounts",
    "broken_histories",
    "case",
    "clock_of",
    "failed_notices",
    "inbox",
    "joined_to",
    "lost_references",
    "other_deadlines",
    "queue",
    "ratings",
    "register",
    "retrace",
    "signed_in",
    "tallies",
    "ticket_opens",
    "workers_of",
]
