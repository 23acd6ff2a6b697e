"""A summoned party's answer, for itself."""

from typing import Any

from forms_app import casework, queries
from forms_app.casework import AnswersClosed, StaleCase
from forms_app.community import Circle
from forms_app.rules.steps import ANSWERS, Part, Step
from forms_app.web.forms.fields import paragraph, pick_shown
from forms_app.web.forms.recording import WithRecording
from forms_app.web.staff.move import MoveForm, StaffMove


class AnswerForm(MoveForm, WithRecording):
    answer = pick_shown("响应", ANSWERS, "请选一项")
    opinion = paragraph("本单位的意见", 1000, "请写一下本单位的意见")

    def offer(self, circle: Circle, case: queries.Case) -> None:
        called = [party.organization_id for party in case.parties]
        units = [unit for unit in called if unit in case.units_without_account]
        is_own = Part.PARTY in case.parts
        self.offer_units({} if is_own else {unit: circle.unit_name(unit) for unit in units})

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {
            "answer": self.answer.data,
            "opinion": self.opinion.data,
            "for_unit": self.unit,
            "recorded": self.recorded,
        }


def _too_late(case: queries.Case) -> str:
    is_planned = case.step is Step.HANDLING
    return AnswersClosed.sentence if is_planned else StaleCase.sentence


def _title(case: queries.Case) -> str:
    return "响应" if Part.PARTY in case.parts else "代记响应"


def _hint(case: queries.Case) -> str:
    if Part.PARTY in case.parts:
        return "只代表本单位。先回“已收到”，到了现场可以再响应一次。"
    return "没有账号的单位打电话或当面说了，由号召人代记，写明谁、怎么、什么时候说的。"


MOVE = StaffMove(
    casework.answer,
    AnswerForm,
    title=_title,
    hint=_hint,
    is_independent=True,
    too_late=_too_late,
)
