"""Grading: how grave and how soon, and the initial opinion if none was given yet."""

from collections.abc import Mapping
from typing import Any

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.issues.suggestions import suggest
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES, SEVERITY_CLASSES, URGENCIES
from forms_app.web.forms.base import paragraph, pick, pick_shown
from forms_app.web.staff.move import MoveForm, StaffMove
from forms_app.web.staff.moves.opine import chosen_opinion

CLASSES = {
    code: said("%(code)s类：%(label)s", code=code, label=said(label))
    for code, label in SEVERITY_CLASSES.items()
}


class ClassifyForm(MoveForm):
    severity_class = pick_shown("类（轻重）", CLASSES, "请选一类")
    urgency = pick_shown("级（缓急）", URGENCIES, "请选一级")
    nature = pick("性质", NATURES, empty="不清楚")
    initial_opinion = paragraph("初步处理意见（反映人会看到）", 1000)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        return {"urgency": "", "nature": case.issue.nature}

    @classmethod
    def draft(cls, circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        return chosen_opinion(circle, asked)

    def offer(self, circle: Circle, case: queries.Case) -> None:
        self.templates = circle.opinions_for(case.issue.category)
        self.hint = suggest(circle, case.issue.description, queries.grades(case.issue))
        if case.issue.opined_at is None:
            self.initial_opinion.flags.required = True

    def said(self, case: queries.Case) -> dict[str, Any]:
        return super().said(case) | {"urgency": int(self.urgency.data)}


MOVE = StaffMove(
    casework.classify,
    ClassifyForm,
    title="分类定级",
    hint="类看轻重，级看缓急，两样分开定。",
    fields="staff/moves/classify.html",
    is_for_several=True,
)
