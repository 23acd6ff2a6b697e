"""The only writer: one function a move, one transaction each, the time an argument.

What must not be done raises a CaseError (errors.py), and nothing of it is written.
"""

from forms_app.casework.account_log import erase_account_events, log_throttled
from forms_app.casework.accounts import (
    add_account,
    change_email,
    change_name,
    change_part,
    change_subdistrict,
    disable_account,
    enable_account,
    unlock_account,
)
from forms_app.casework.addresses import confirm_email
from forms_app.casework.answering import AnswersClosed, LinkRefused, answer, answer_by_link
from forms_app.casework.asking_after import better, still
from forms_app.casework.asking_to_be_woken import wake_here
from forms_app.casework.assessments import (
    Statement,
    answer_assessment,
    finish_assessment,
    withdraw_assessment,
)
from forms_app.casework.assessments import change as change_assessment
from forms_app.casework.assessments import say as say_of_office
from forms_app.casework.attempts import Attempt, Ending, settle_message
from forms_app.casework.bursts import size_of as burst_size
from forms_app.casework.contact_keys import forget_contacts, keys_fit, keys_open
from forms_app.casework.contacting import OUTCOMES, WAYS, contact
from forms_app.casework.conversation import ask, note, reply
from forms_app.casework.cooperation import PlannedMeasure, assign, claim, plan, plan_units, replan
from forms_app.casework.declining import UNKNOWN, decline, rule, ruling_units, whose_choices
from forms_app.casework.desk import may_settle, settle, take_back
from forms_app.casework.district import refer_up, take_up
from forms_app.casework.endings import merge, reopen, transfer, unmerge, withdraw
from forms_app.casework.entries import is_made
from forms_app.casework.erasing import (
    carried_out,
    erase_again,
    erase_asked_for,
    erase_here,
    erase_own,
    is_owed,
    owed,
    put_right,
)
from forms_app.casework.errors import (
    AlreadyMade,
    CaseError,
    GoesOnElsewhere,
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.casework.exports import log_export, log_report, log_search
from forms_app.casework.found_topics import TopicUnknown, find_topics
from forms_app.casework.funds import (
    FundUnknown,
    Spending,
    add_fund_entry,
    correct_fund_entry,
    tell_of_funds,
)
from forms_app.casework.grading import CORRECTABLE, Given, classify, correct, homes_for, opine
from forms_app.casework.handling import escalate, explain, extend, progress, resolve, review
from forms_app.casework.handover import FIELD_LABELS, hand_over, taker_refusals
from forms_app.casework.holding import Browser, erase_open_tickets, leave_tickets, let_in
from forms_app.casework.imports import (
    IMPORTERS,
    Imported,
    Incoming,
    import_reports,
    remember_columns,
)
from forms_app.casework.incidents import (
    Announced,
    IncidentUnknown,
    end_incident,
    open_again,
    open_incident,
    tell_all,
)
from forms_app.casework.intake import Intake, Received, Report, may_opine, submit
from forms_app.casework.joining import join, separate
from forms_app.casework.looks import look_at_contacts
from forms_app.casework.meetings import (
    AgendaItem,
    MeetingUnknown,
    Minutes,
    change_meeting,
    record_meeting,
    take_down_meeting,
    tell_of_meeting,
)
from forms_app.casework.messages import Message
from forms_app.casework.outbox import (
    claim_message,
    has_work,
    lapse_notices,
    let_notices_lapse,
    mark_read,
    recipients_due,
    resend_failed,
)
from forms_app.casework.papers import print_papers
from forms_app.casework.passwords import change_own_password, reset_password, set_own_password
from forms_app.casework.phone_duties import looked_at
from forms_app.casework.projects import (
    Intended,
    ProjectUnknown,
    change_project,
    finish_project,
    open_project,
)
from forms_app.casework.public_notes import Drafted, draft_note, take_down_note, take_note_back
from forms_app.casework.rating import Complaint, Holder, Opened, ThingUnknown, rate
from forms_app.casework.rating import Given as GivenRating
from forms_app.casework.rating_sheet import RowsRefused, enter_ratings
from forms_app.casework.reach import communities_of
from forms_app.casework.recording import NEEDED as RECORDING_NEEDED
from forms_app.casework.recording import Recorded
from forms_app.casework.relaying import ResultPassed, pass_results, relay, send_back
from forms_app.casework.reminders import TOLD_AS_ONE, Reminded, remind
from forms_app.casework.retention import (
    erase_attachments,
    erase_contacts,
    erase_notices,
    erase_photos,
    erase_woken,
)
from forms_app.casework.ringing import choose_telling, ring
from forms_app.casework.saved_views import MOST_VIEWS, drop_view, rename_view, save_view
from forms_app.casework.second_factor import (
    Prover,
    prove_factor,
    remove_factor,
    renew_recovery_codes,
    set_up_factor,
    take_factor_away,
)
from forms_app.casework.sessions import (
    begin_session,
    drop_every_session,
    end_every_session,
    end_own_session,
    end_session,
    end_sessions,
    make_whole,
    still_active,
)
from forms_app.casework.setting_aside import insist, restore, set_aside
from forms_app.casework.sharing_out import share_out
from forms_app.casework.signing_in import SignInRefused, sign_in
from forms_app.casework.summoning import callable_units, summon
from forms_app.casework.text_messages import Room, take_room
from forms_app.casework.tickets import (
    fits_code_key,
    forget_codes,
    hold_ticket,
    is_code_key,
    open_ticket,
    reissue,
)
from forms_app.casework.topics import join_topics, put_in, split_topic, take_out, undo_topic_change
from forms_app.casework.unit_names import note_unit_names
from forms_app.casework.urging import urge, urged_words
from forms_app.casework.verdicts import WHY_NEEDED, dispute, evaluate, shelve, undo
from forms_app.casework.waking import woken
