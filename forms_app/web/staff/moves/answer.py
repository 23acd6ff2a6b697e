"""A summoned party's answer, for itself."""

from forms_app import casework, queries
from forms_app.casework import AnswersClosed, StaleCase
from forms_app.rules.steps import ANSWERS, Step
from forms_app.web.forms.base import paragraph, pick_shown
from forms_app.web.staff.move import MoveForm, StaffMove


class AnswerForm(MoveForm):
    answer = pick_shown("响应", ANSWERS, "请选一项")
    opinion = paragraph("本单位的意见", 1000, "请写一下本单位的意见")


def _too_late(case: queries.Case) -> str:
    is_planned = case.step is Step.HANDLING
    return AnswersClosed.sentence if is_planned else StaleCase.sentence


MOVE = StaffMove(
    casework.answer,
    AnswerForm,
    title="响应",
    hint="只代表本单位。先回“已收到”，到了现场可以再响应一次。",
    is_independent=True,
    too_late=_too_late,
)
