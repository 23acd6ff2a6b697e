"""Read-only questions to the database, one named function each."""

from forms_app.reports.cases import Case, Round, case, joined_to, ticket_opens
from forms_app.reports.parties import (
    PartyOffer,
    Tried,
    answer_link,
    link_opens,
    links_of,
    party_offers,
    tried_before,
)
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
from forms_app.reports.retrace import broken_histories, retrace
from forms_app.reports.tallies import tallies

__all__ = [
    "Case",
    "PartyOffer",
    "Queue",
    "QueueRow",
    "RegisterPage",
    "Round",
    "Tried",
    "accounts",
    "answer_link",
    "broken_histories",
    "case",
    "clock_of",
    "joined_to",
    "link_opens",
    "links_of",
    "lost_references",
    "party_offers",
    "queue",
    "ratings",
    "register",
    "retrace",
    "signed_in",
    "tallies",
    "ticket_opens",
    "tried_before",
    "workers_of",
]
