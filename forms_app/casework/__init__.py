"""The only writer: one function a move, one transaction each, the time an argument."""

from forms_app.casework.accounts import (
    SignInRefused,
    add_account,
    change_own_password,
    disable_account,
    enable_account,
    reset_password,
    sign_in,
)
from forms_app.casework.answering import AnswersClosed, LinkRefused, answer, answer_by_link
from forms_app.casework.cooperation import PlannedMeasure, assign, plan, plan_units
from forms_app.casework.endings import merge, reopen, transfer, withdraw
from forms_app.casework.grading import CORRECTABLE, classify, correct, opine
from forms_app.casework.handling import escalate, explain, extend, progress, resolve
from forms_app.casework.intake import Report, rate, submit
from forms_app.casework.retention import erase_contacts
from forms_app.casework.summoning import callable_units, summon
from forms_app.casework.turn import (
    AlreadyMade,
    CaseError,
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
    is_made,
)
from forms_app.casework.verdicts import evaluate, shelve

__all__ = [
    "CORRECTABLE",
    "AlreadyMade",
    "AnswersClosed",
    "CaseError",
    "IssueUnknown",
    "LinkRefused",
    "NotAllowed",
    "NotPossible",
    "PlannedMeasure",
    "Report",
    "SignInRefused",
    "StaleCase",
    "add_account",
    "answer",
    "answer_by_link",
    "assign",
    "callable_units",
    "change_own_password",
    "classify",
    "correct",
    "disable_account",
    "enable_account",
    "erase_contacts",
    "escalate",
    "evaluate",
    "explain",
    "extend",
    "is_made",
    "merge",
    "opine",
    "plan",
    "plan_units",
    "progress",
    "rate",
    "reopen",
    "reset_password",
    "resolve",
    "shelve",
    "sign_in",
    "submit",
    "summon",
    "transfer",
    "withdraw",
]
