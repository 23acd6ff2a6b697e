"""Every table, each behind those that it refers to.

Beside the tables of these models there is issue_search, which issues/search.py knows.
"""

from forms_app.store.accounts import (
    Account,
    AccountEvent,
    ExportLog,
    RecoveryCode,
    SavedView,
    Session,
    SignInTry,
)
from forms_app.store.assessments import Assessment, AssessmentEntry
from forms_app.store.counts import Counter, Installation, Sum
from forms_app.store.funds import FundEntry, FundTold
from forms_app.store.incidents import Incident, IncidentEntry
from forms_app.store.meetings import MEETING_TABLES
from forms_app.store.models import (
    AnswerLink,
    Assignment,
    Attachment,
    ContactAttempt,
    ContactLook,
    Entry,
    Erasure,
    Issue,
    KeptApart,
    Measure,
    Objection,
    OpenTicket,
    Party,
    Photo,
    Rating,
    Seal,
    Summons,
    TakenOver,
    Urge,
)
from forms_app.store.notices import Notice, PhoneDuty, PushSubscription, Reminder
from forms_app.store.projects import PROJECT_TABLES
from forms_app.store.public_notes import PublicNote
from forms_app.store.servers import Claim, Server
from forms_app.store.sheets import ColumnChoice, ImportedRow, PaperForm
from forms_app.store.unit_names import UnitName

TABLES = (
    Installation, Counter, Sum, Account, RecoveryCode, Session, AccountEvent, SavedView, SignInTry,
    Issue, OpenTicket, PushSubscription, Entry, Summons, Party, AnswerLink, Measure, Assignment,
    Urge, Objection, Photo, Attachment, PhoneDuty, ContactAttempt, Rating, Seal, ExportLog,
    ContactLook, Erasure, Notice, Reminder, PaperForm, ImportedRow, ColumnChoice, KeptApart,
    Incident, IncidentEntry, PublicNote, Assessment, AssessmentEntry, *PROJECT_TABLES,
    *MEETING_TABLES, FundEntry, FundTold, Server, Claim, UnitName,
    TakenOver,
)  # fmt: skip
