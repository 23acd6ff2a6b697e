"""The initial opinion: what the office tells the resident first."""

from collections.abc import Mapping
from typing import Any

from flask import g

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.community.shapes import OpinionTemplate
from forms_app.issues.suggestions import Suggestion, suggest
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class OpineForm(MoveForm):
    initial_opinion = paragraph("初步处理意见（反映人会看到）", 1000, "请写一句给反映人看的话")

    @classmethod
    def draft(cls, circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        return chosen_opinion(circle, asked)

    def offer(self, circle: Circle, case: queries.Case) -> None:
        self.templates = opinions_of(circle, case)

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {"text": self.initial_opinion.data}


def hint_of(circle: Circle, case: queries.Case) -> Suggestion | None:
    """The kind and the department that an issue's words suggest; asked once a request."""
    kept: dict[str, Suggestion | None] = g.setdefault("hints", {})
    number = case.issue.number
    if number not in kept:
        kept[number] = suggest(circle, case.issue.description, queries.grades(case.issue))
    return kept[number]


def opinions_of(circle: Circle, case: queries.Case) -> tuple[OpinionTemplate, ...]:
    """Prepared first answers for its kind; where nobody said one, for what its words suggest."""
    kind = case.issue.category
    hint = None if kind else hint_of(circle, case)
    return circle.opinions_for(hint.category if hint else kind)


def chosen_opinion(circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
    """The prepared opinion that a link asked for, for the field of that name."""
    chosen = circle.opinions.get(asked.get("template", ""))
    return {"initial_opinion": chosen.text} if chosen else {}


MOVE = StaffMove(
    casework.opine,
    OpineForm,
    title="给出初步意见",
    hint="告诉反映人已经看到、打算怎么办、大约什么时候有下文。没把握的不要承诺。",
    fields="staff/moves/opine.html",
)
