"""Answered at the first desk: what words can finish is finished at once."""

from collections.abc import Mapping
from typing import Any, Self

from werkzeug.datastructures import MultiDict

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.rules.steps import INQUIRY, NATURES, TIP_OFF
from forms_app.web.forms.fields import paragraph, pick
from forms_app.web.request import need_staff
from forms_app.web.staff.answers import OfferedAnswer, offered_answers
from forms_app.web.staff.move import MoveForm, StaffMove
from forms_app.web.staff.moves.opine import chosen_opinion

ANSWER = "answer"  # of the links that ask for prepared answers, and for one of them


class SettleForm(MoveForm):
    nature = pick(
        "性质",
        {k: v for k, v in NATURES.items() if k != TIP_OFF},
        required="请选择性质",
    )
    outcome = paragraph("答复（反映人会看到）", 1000, "请写明怎么答复的")

    answers: tuple[OfferedAnswer, ...] | None = None  # None: nobody has asked for any

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        return {"nature": case.issue.nature, "outcome": case.issue.initial_opinion}

    @classmethod
    def for_case(
        cls,
        circle: Circle,
        case: queries.Case,
        typed: MultiDict[str, str] | None,
        draft: Mapping[str, str],
    ) -> Self:
        words = {name: text for name, text in draft.items() if name != ANSWER}
        asked = ANSWER in draft
        issue = case.issue
        answers = offered_answers(need_staff(), issue.description, issue.id) if asked else None
        chosen = [one for one in answers or () if one.key == draft.get(ANSWER)]
        for one in chosen:
            words |= {"outcome": one.text, "nature": issue.nature or INQUIRY}
        form = super().for_case(circle, case, typed, words)
        form.answers = answers
        return form

    @classmethod
    def draft(cls, circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        if ANSWER in asked:
            return {ANSWER: asked[ANSWER]}
        chosen = chosen_opinion(circle, asked)
        return {"outcome": chosen["initial_opinion"]} if chosen else {}

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {"outcome": self.outcome.data, "nature": self.nature.data}


MOVE = StaffMove(
    casework.settle,
    SettleForm,
    title="当场答复",
    hint="几句话就能答复清楚、不用派人的，写下答复就请反映人评价；书记过后可以收回重办。举报不能这样办。",
    fields="staff/moves/settle.html",
    is_rare=True,
)
