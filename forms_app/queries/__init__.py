"""Read-only questions to the database, one named function each.

What one of its errors means is asked here, too, by pages that know neither it nor its driver.
"""

from forms_app.queries.account_log import (
    EventFacts,
    all_events,
    own_events,
    was_factor_taken,
)
from forms_app.queries.alike import (
    Alike,
    Offer,
    alike_followed,
    alike_numbered,
    alike_to,
    offered_number,
    offers,
    readable,
)
from forms_app.queries.answered import answered_before
from forms_app.queries.board import WATCHING, Board, Counts, Section, board, newest_entry
from forms_app.queries.bursts import set_aside_with
from forms_app.queries.callers import CallersIssue, is_phone, issues_of_caller
from forms_app.queries.cases import (
    Case,
    CaseFile,
    Round,
    additions_to,
    attached_file,
    case,
    case_file,
    joined_to,
)
from forms_app.queries.chain import Broken, broken_chains, month_roots, seals_of_month
from forms_app.queries.chain_words import broken_words
from forms_app.queries.contacts import LOOK_READERS, Contacts, LookFacts, contacts_of, looks
from forms_app.queries.erasures import are_imported, installation_code, newest_erasure
from forms_app.queries.exports import (
    export_number,
    exports,
    is_own_export,
    without_contacts,
)
from forms_app.queries.facts import HandlerFacts, IssueFacts, ListedIssue
from forms_app.queries.followed_up import followed_up
from forms_app.queries.grades import grades
from forms_app.queries.health import (
    Schema,
    ask,
    database_version,
    has_issues,
    oldest_unsent,
    schema,
)
from forms_app.queries.imports import (
    OwnIssue,
    imported_by,
    imported_issues,
    own_issues,
    remembered_columns,
)
from forms_app.queries.in_hand import (
    Handover,
    HeldIssue,
    InOneHand,
    colleagues_of,
    handover,
    in_hand_counts,
    in_hand_of,
    in_one_hand,
)
from forms_app.queries.incidents import (
    IncidentFacts,
    IncidentPage,
    incident,
    incidents_of,
    incidents_with,
    running_incidents,
)
from forms_app.queries.months import (
    BY,
    OFFICERS,
    SMALLEST_SHARED,
    Month,
    UnitMonth,
    month_by,
    month_of,
    next_month,
)
from forms_app.queries.news import news, ticket_state
from forms_app.queries.notices import FailedNotice, InboxNotice, failed_notices, inbox
from forms_app.queries.offered import Moment
from forms_app.queries.own import Own, is_woken, own
from forms_app.queries.papers import paper, paper_of, papers_out
from forms_app.queries.parties import (
    PartyOffer,
    Tried,
    answer_link,
    callers_phone,
    link_opens,
    links_of,
    party_offers,
    tried_before,
)
from forms_app.queries.people import (
    AccountState,
    SignedIn,
    account_named,
    account_states,
    accounts,
    has_factor,
    held_numbers,
    known_as,
    lost_subdistrict,
    recovery_codes_left,
    sessions_of,
    signed_in,
    username_of,
    vacancies,
    workers_of,
)
from forms_app.queries.photos import kept_keys, may_see_photo, photo_keys, photos_of, pictures_of
from forms_app.queries.queue import Awaited, QueueRow
from forms_app.queries.ratings import ratings
from forms_app.queries.references import lost_references
from forms_app.queries.register import RegisterPage, count_up_to, register
from forms_app.queries.register_rows import COLUMNS, CONTACTS, SIGNED_COLUMNS, Value, register_rows
from forms_app.queries.retrace import (
    broken_histories,
    count_issues,
    last_entry_at,
    other_deadlines,
    retrace,
    sums_hold,
)
from forms_app.queries.rings import to_ring
from forms_app.queries.saved_views import SavedViewFacts, saved_views
from forms_app.queries.spoken import Spoken, spoken
from forms_app.queries.tallies import tallies
from forms_app.queries.wall import Wall, wall
from forms_app.store.faults import DATABASE_ERRORS, MAY_BE_FAULTS, Fault, fault_of, told

__all__ = [
    "BY",
    "COLUMNS",
    "CONTACTS",
    "DATABASE_ERRORS",
    "LOOK_READERS",
    "MAY_BE_FAULTS",
    "OFFICERS",
    "SIGNED_COLUMNS",
    "SMALLEST_SHARED",
    "WATCHING",
    "AccountState",
    "Alike",
    "Awaited",
    "Board",
    "Broken",
    "CallersIssue",
    "Case",
    "CaseFile",
    "Contacts",
    "Counts",
    "EventFacts",
    "FailedNotice",
    "Fault",
    "HandlerFacts",
    "Handover",
    "HeldIssue",
    "InOneHand",
    "InboxNotice",
    "IncidentFacts",
    "IncidentPage",
    "IssueFacts",
    "ListedIssue",
    "LookFacts",
    "Moment",
    "Month",
    "Offer",
    "Own",
    "OwnIssue",
    "PartyOffer",
    "QueueRow",
    "RegisterPage",
    "Round",
    "SavedViewFacts",
    "Schema",
    "Section",
    "SignedIn",
    "Spoken",
    "Tried",
    "UnitMonth",
    "Value",
    "Wall",
    "account_named",
    "account_states",
    "accounts",
    "additions_to",
    "alike_followed",
    "alike_numbered",
    "alike_to",
    "all_events",
    "answer_link",
    "answered_before",
    "are_imported",
    "ask",
    "attached_file",
    "board",
    "broken_chains",
    "broken_histories",
    "broken_words",
    "callers_phone",
    "case",
    "case_file",
    "colleagues_of",
    "contacts_of",
    "count_issues",
    "count_up_to",
    "database_version",
    "export_number",
    "exports",
    "failed_notices",
    "fault_of",
    "followed_up",
    "grades",
    "handover",
    "has_factor",
    "has_issues",
    "held_numbers",
    "imported_by",
    "imported_issues",
    "in_hand_counts",
    "in_hand_of",
    "in_one_hand",
    "inbox",
    "incident",
    "incidents_of",
    "incidents_with",
    "installation_code",
    "is_own_export",
    "is_phone",
    "is_woken",
    "issues_of_caller",
    "joined_to",
    "kept_keys",
    "known_as",
    "last_entry_at",
    "link_opens",
    "links_of",
    "looks",
    "lost_references",
    "lost_subdistrict",
    "may_see_photo",
    "month_by",
    "month_of",
    "month_roots",
    "newest_entry",
    "newest_erasure",
    "news",
    "next_month",
    "offered_number",
    "offers",
    "oldest_unsent",
    "other_deadlines",
    "own",
    "own_events",
    "own_issues",
    "paper",
    "paper_of",
    "papers_out",
    "party_offers",
    "photo_keys",
    "photos_of",
    "pictures_of",
    "ratings",
    "readable",
    "recovery_codes_left",
    "register",
    "register_rows",
    "remembered_columns",
    "retrace",
    "running_incidents",
    "saved_views",
    "schema",
    "seals_of_month",
    "sessions_of",
    "set_aside_with",
    "signed_in",
    "spoken",
    "sums_hold",
    "tallies",
    "ticket_state",
    "to_ring",
    "told",
    "tried_before",
    "username_of",
    "vacancies",
    "wall",
    "was_factor_taken",
    "without_contacts",
    "workers_of",
]
