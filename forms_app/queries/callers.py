"""Whose issue it is: found by the reporter's telephone or name, for those who may see both.

Both are sealed: a search walks what the actor may see, opening one after another, newest first,
until a page is full. It is asked for rarely. A whole number is found by its mark, along an index,
and nothing is opened but what is shown: that is asked at each call.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from peewee import SQL

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.queries.facts import ListedIssue, facts
from forms_app.rules.folding import fold
from forms_app.rules.phones import ways_to_write
from forms_app.rules.steps import OPEN_STEPS, Step
from forms_app.rules.veils import veiled_name, veiled_phone
from forms_app.store.contacts import ContactField, marked
from forms_app.store.models import Issue

CALLERS_SHOWN = 50
FEWEST_DIGITS = 4  # the end of a number
_BETWEEN = re.compile(r"[\s().·\-]")
_WRITTEN_BETWEEN = re.compile(r"[ \-()（）]")
_AT_ONCE = 1000  # issues of which the contact is opened


class CallersIssue(Struct, frozen=True):
    """An issue with whoever reported it, as far as that tells that it is they."""

    issue: ListedIssue
    step: Step
    name: str  # the surname
    phone: str  # the last two digits


def is_phone(asked: str) -> bool:
    """Whether a telephone is asked for, or the end of one; else it is a name."""
    return re.fullmatch(rf"\+?[0-9]{{{FEWEST_DIGITS},}}", _digits(asked)) is not None


def issues_of_caller(actor: Actor, asked: str) -> tuple[list[CallersIssue], bool]:
    """The newest issues of this telephone or name that the actor may see; whether there are more.

    None for those who may not look for people.
    """
    if not actor.finds_people or not asked.strip():
        return [], False
    fits = _has_phone(_digits(asked)) if is_phone(asked) else _has_name(asked.strip())
    return _shown(_walked(actor, *fits))


def issues_of_number(actor: Actor, number: str) -> tuple[list[CallersIssue], bool]:
    """The same of exactly this telephone, however it is written; what is still open comes first."""
    if not actor.finds_people or not is_phone(number):
        return [], False
    marks = map(Issue.reporter_phone.mark, ways_to_write(_digits(number)))
    same = marked(Issue.reporter_phone).in_(list(marks))
    left = Issue.reporter_phone != SQL("''")  # as the index of these marks says
    rows = Issue.select(Issue.id).where(left, same, beside(visible_to(actor)))
    newest_first = rows.order_by(Issue.received_at.desc(), Issue.id.desc())
    page: list[Any] = list(newest_first.limit(CALLERS_SHOWN + 1).tuples())
    found, is_cut = _shown([key for (key,) in page])
    return sorted(found, key=lambda one: one.step not in OPEN_STEPS), is_cut


def _shown(ids: list[int]) -> tuple[list[CallersIssue], bool]:
    """These issues, newest first, as many as are shown; whether there are more."""
    rows = (
        Issue.select().where(Issue.id.in_(ids)).order_by(Issue.received_at.desc(), Issue.id.desc())
    )
    found = [
        CallersIssue(
            facts(ListedIssue, row),
            Step(row.step),
            veiled_name(row.reporter_name),
            veiled_phone(row.reporter_phone),
        )
        for row in rows
    ]
    return found[:CALLERS_SHOWN], len(found) > CALLERS_SHOWN


def _digits(asked: str) -> str:
    return _BETWEEN.sub("", fold(asked))


def _walked(actor: Actor, column: ContactField, fits: Callable[[str], bool]) -> list[int]:
    """The ids of the newest issues whose contact in this column fits: one more than are shown."""
    found: list[int] = []
    last: tuple[datetime, int] | None = None
    while True:
        rows = Issue.select(Issue.id, Issue.received_at, column).where(
            visible_to(actor), beside(column != "")
        )
        if last is not None:
            older = (Issue.received_at == last[0]) & (Issue.id < last[1])
            rows = rows.where((Issue.received_at < last[0]) | older)
        newest_first = rows.order_by(Issue.received_at.desc(), Issue.id.desc())
        page: list[Any] = list(newest_first.limit(_AT_ONCE).tuples())
        found += [key for key, _, contact in page if fits(str(contact))]
        if len(found) > CALLERS_SHOWN or len(page) < _AT_ONCE:
            return found[: CALLERS_SHOWN + 1]
        last = page[-1][1], page[-1][0]


def _has_phone(digits: str) -> tuple[ContactField, Callable[[str], bool]]:
    return Issue.reporter_phone, lambda phone: digits in _WRITTEN_BETWEEN.sub("", phone)


def _has_name(name: str) -> tuple[ContactField, Callable[[str], bool]]:
    wanted = name.lower()
    return Issue.reporter_name, lambda called: wanted in called.lower()
