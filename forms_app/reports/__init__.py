"""Read-only questions to the database, one named function each."""

from forms_app.reports.cases import Case, CaseFile, Round, case, case_file, joined_to, ticket_opens
from forms_app.reports.exports import exports, is_own_export
from forms_app.reports.imports import imported_by, imported_issues, remembered_columns
from forms_app.reports.months import SMALLEST_SHARED, Month, UnitMonth, month_of, next_month
from forms_app.reports.notices import FailedNotice, InboxNotice, failed_notices, inbox
from forms_app.reports.papers import paper, paper_of, papers_out
from forms_app.reports.parties import (
    PartyOffer,
    Tried,
    answer_link,
    link_opens,
    links_of,
    party_offers,
    tried_before,
)
from forms_app.reports.people import account_named, accounts, signed_in, workers_of
from forms_app.reports.photos import may_see_photo, photo_keys, photos_of
from forms_app.reports.queue import (
    Queue,
    QueueRow,
    clock_of,
    queue,
)
from forms_app.reports.ratings import ratings
from forms_app.reports.references import lost_references
from forms_app.reports.register import RegisterPage, count_up_to, register
from forms_app.reports.register_rows import COLUMNS, Value, register_rows
from forms_app.reports.retrace import broken_histories, other_deadlines, retrace
from forms_app.reports.tallies import tallies

__all__ = [
    "COLUMNS",
    "SMALLEST_SHARED",
    "Case",
    "CaseFile",
    "FailedNotice",
    "InboxNotice",
    "Month",
    "PartyOffer",
    "Queue",
    "QueueRow",
    "RegisterPage",
    "Round",
    "Tried",
    "UnitMonth",
    "Value",
    "account_named",
    "accounts",
    "answer_link",
    "broken_histories",
    "case",
    "case_file",
    "clock_of",
    "count_up_to",
    "exports",
    "failed_notices",
    "imported_by",
    "imported_issues",
    "inbox",
    "is_own_export",
    "joined_to",
    "link_opens",
    "links_of",
    "lost_references",
    "may_see_photo",
    "month_of",
    "next_month",
    "other_deadlines",
    "paper",
    "paper_of",
    "papers_out",
    "party_offers",
    "photo_keys",
    "photos_of",
    "queue",
    "ratings",
    "register",
    "register_rows",
    "remembered_columns",
    "retrace",
    "signed_in",
    "tallies",
    "ticket_opens",
    "tried_before",
    "workers_of",
]
