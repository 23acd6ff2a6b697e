"""Whose issue it is: found by the reporter's telephone or name, for those who may see both.

No index holds either, on purpose: a search walks what the actor may see, and is asked for rarely.
"""

import re
from dataclasses import dataclass

from peewee import Expression, Field, Function, fn

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.queries.facts import ListedIssue, facts
from forms_app.rules.folding import fold
from forms_app.rules.steps import Step
from forms_app.rules.veils import veiled_name, veiled_phone
from forms_app.store.models import Issue

CALLERS_SHOWN = 50
FEWEST_DIGITS = 4  # the end of a number
_BETWEEN = re.compile(r"[\s().·\-]")
_WRITTEN_BETWEEN = (" ", "-", "(", ")", "（", "）")


@dataclass(frozen=True)
class CallersIssue:
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
    wanted = _has_phone(_digits(asked)) if is_phone(asked) else _has_name(asked.strip())
    rows = (
        Issue.select()
        .where(visible_to(actor), beside(wanted))
        .order_by(Issue.received_at.desc(), Issue.id.desc())
        .limit(CALLERS_SHOWN + 1)
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


def _has_phone(digits: str) -> Expression:
    written: Field[str] | Function = Issue.reporter_phone
    for mark in _WRITTEN_BETWEEN:
        written = fn.REPLACE(written, mark, "")
    condition: Expression = written.contains(digits)
    return condition


def _has_name(name: str) -> Expression:
    condition: Expression = Issue.reporter_name.contains(name)
    return condition
