"""Grading: how grave and how soon, and the initial opinion if none was given yet."""

from collections.abc import Mapping
from typing import Any

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES, SEVERITY_CLASSES, URGENCIES
from forms_app.web.forms.fields import offered, paragraph, pick, pick_shown
from forms_app.web.request import current_circle
from forms_app.web.staff.move import MoveForm, StaffMove
from forms_app.web.staff.moves.assign import account_of, leads_for
from forms_app.web.staff.moves.opine import chosen_opinion, hint_of, opinions_of

CLASSES = {
    code: said("%(code)s类：%(label)s", code=code, label=said(label))
    for code, label in SEVERITY_CLASSES.items()
}


class ClassifyForm(MoveForm):
    folded: tuple[str, ...] = ("nature",)
    of_one = ("lead",)

    severity_class = pick_shown("类（轻重）", CLASSES, "请选一类")
    urgency = pick_shown("级（缓急）", URGENCIES, "请选一级")
    lead = pick_shown("交给谁办（只有C类）", {})
    nature = pick("性质", NATURES, empty="不清楚")
    initial_opinion = paragraph("初步处理意见（反映人会看到）", 1000)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        """Of a bad rating with its grade by rule, which whoever grades may change."""
        by_rule = current_circle().graded_by_rule(case.issue.rated)
        return {"urgency": "", "nature": case.issue.nature, "lead": "", **by_rule}

    @classmethod
    def draft(cls, circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        return chosen_opinion(circle, asked)

    def offer(self, circle: Circle, case: queries.Case) -> None:
        self.templates = opinions_of(circle, case)
        self.hint = hint_of(circle, case)
        if case.issue.opined_at is None:
            self.initial_opinion.flags.required = True
        else:
            self.folded = ("nature", "initial_opinion")
        # A task that is not the community's own is given to it with a reason: by its own form.
        if circle.is_own_task(case.issue.category):
            self.lead.choices = [*offered(leads_for(circle, case)), *offered({"": "以后再定"})]
        else:
            del self["lead"]

    def said(self, case: queries.Case) -> dict[str, Any]:
        told = super().said(case)
        lead = told.pop("lead", "")
        if lead and told["severity_class"] == "C":
            told["given"] = casework.Given(account_of(lead, case))
        return told | {"urgency": int(self.urgency.data)}


MOVE = StaffMove(
    casework.classify,
    ClassifyForm,
    title="分类定级",
    fields="staff/moves/classify.html",
    is_for_several=True,
)
