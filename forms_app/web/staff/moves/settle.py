"""Answered at the first desk: what words can finish is finished at once."""

from collections.abc import Mapping
from typing import Any

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.rules.steps import NATURES, TIP_OFF
from forms_app.web.forms.base import paragraph, pick
from forms_app.web.staff.move import MoveForm, StaffMove
from forms_app.web.staff.moves.opine import chosen_opinion


class SettleForm(MoveForm):
    nature = pick(
        "性质",
        {k: v for k, v in NATURES.items() if k != TIP_OFF},
        required="请选择性质",
    )
    outcome = paragraph("答复（反映人会看到）", 1000, "请写明怎么答复的")

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        return {"nature": case.issue.nature, "outcome": case.issue.initial_opinion}

    @classmethod
    def draft(cls, circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        chosen = chosen_opinion(circle, asked)
        return {"outcome": chosen["initial_opinion"]} if chosen else {}

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {"outcome": self.outcome.data, "nature": self.nature.data}


MOVE = StaffMove(
    casework.settle,
    SettleForm,
    title="当场答复",
    hint="几句话就能答复清楚、不用派人的，写下答复就请反映人评价；三天内书记可以收回重办。举报不能这样办。",
    is_rare=True,
)
