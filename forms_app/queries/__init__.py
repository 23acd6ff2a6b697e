"""Read-only questions to the database, one named function each.

What one of its errors means is asked here, too, by pages that know neither it nor its driver.
"""

from forms_app.queries.account_log import all_events, own_events, was_factor_taken
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
from forms_app.queries.assessments import (
    AssessmentFacts,
    AssessmentPage,
    SubdistrictQuarter,
    UnitQuarter,
    assessment,
    assessments,
    kinds_said_by,
    open_assessments,
    quarter_of_subdistrict,
    quarter_of_units,
)
from forms_app.queries.board import WATCHING, Board, Counts, board, newest_entry
from forms_app.queries.bursts import set_aside_with
from forms_app.queries.callers import (
    CallersIssue,
    is_phone,
    issues_of_caller,
    issues_of_number,
)
from forms_app.queries.case_facts import Case
from forms_app.queries.cases import case
from forms_app.queries.chain import Broken, broken_chains, month_roots, seals_of_month
from forms_app.queries.chain_words import broken_words
from forms_app.queries.contacts import LOOK_READERS, Contacts, LookFacts, contacts_of, looks
from forms_app.queries.erasures import are_imported, installation_code, newest_erasure
from forms_app.queries.exports import export_number, exports, is_own_export, without_contacts
from forms_app.queries.facts import EntryFacts, HandlerFacts
from forms_app.queries.followed_up import followed_up
from forms_app.queries.funds import FundBook, FundFacts, book_sums, fund_book, published_money
from forms_app.queries.grades import grades
from forms_app.queries.health import (
    Schema,
    Unheard,
    ask,
    ask_to_write,
    count_issues,
    database_clock,
    database_version,
    has_issues,
    last_entry_at,
    oldest_unsent,
    schema,
    unheard,
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
    incident,
    incidents_of,
    incidents_with,
    running_incidents,
)
from forms_app.queries.meetings import (
    MeetingItemFacts,
    MeetingPage,
    items_to_pay_for,
    meeting_page,
    meetings_of,
    published_meetings,
)
from forms_app.queries.months import (
    OFFICERS,
    SMALLEST_SHARED,
    Month,
    month_by,
    month_of,
)
from forms_app.queries.nearest import nearest
from forms_app.queries.needed import ACCOUNTS, INCIDENTS, ISSUES, RATINGS, needed_by
from forms_app.queries.news import news, ticket_state
from forms_app.queries.notices import failed_notices, inbox
from forms_app.queries.offered import Moment
from forms_app.queries.own import Own, is_woken, own
from forms_app.queries.papers import paper, paper_of, papers_out
from forms_app.queries.parties import (
    AnswerPage,
    PartyOffer,
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
from forms_app.queries.photos import kept_keys, may_see_photo, photo_keys, pictures_of
from forms_app.queries.project_answers import answers_of
from forms_app.queries.projects import (
    ProjectPage,
    TopicFacts,
    TopicPage,
    project_page,
    projects_of,
    questions_open,
    topic_page,
    topics_offered,
)
from forms_app.queries.public_notes import (
    NotePage,
    OwnNote,
    is_told,
    note_page,
    notes_of,
    notes_waiting,
    own_note,
    published_notes,
    was_note,
)
from forms_app.queries.queue import QueueRow
from forms_app.queries.ratings import ratings
from forms_app.queries.references import LostReference, lost_references
from forms_app.queries.register import count_up_to, register
from forms_app.queries.register_cells import COLUMNS, CONTACTS, SIGNED_COLUMNS, Letter, Value
from forms_app.queries.register_rows import register_rows
from forms_app.queries.retrace import (
    broken_histories,
    other_deadlines,
    retrace,
    sums_hold,
)
from forms_app.queries.rings import to_ring
from forms_app.queries.saved_views import saved_views
from forms_app.queries.spoken import spoken
from forms_app.queries.tallies import tallies, tallies_json
from forms_app.queries.topics import NamedTopic, likely_letters, topic_by_hand, topic_halves
from forms_app.queries.unit_names import with_names
from forms_app.queries.unit_results import UnitMonth
from forms_app.queries.waited_for import whom_it_waits_for
from forms_app.queries.wall import wall
from forms_app.queries.whole_case import additions_to, attached_file, case_file, joined_to
from forms_app.queries.whose_move import own_moves
from forms_app.store.faults import DATABASE_ERRORS, MAY_BE_FAULTS, Fault, fault_of, told
