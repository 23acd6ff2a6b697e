"""The sub-district asks the level above it for what is beyond it."""

from datetime import timedelta

from forms_app import casework, queries
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.fields import moment, paragraph
from forms_app.web.request import this_moment
from forms_app.web.staff.move import NO_MOMENT, MoveForm, StaffMove

ANSWER_WITHIN = timedelta(days=2)


class ReferUpForm(MoveForm):
    reason = paragraph("为什么街道解决不了", 1000, "请写明理由", rows=3)
    request = paragraph("请区里做什么", 500, "请写明请区里做什么", rows=3)
    answer_by = moment("请在什么时候以前答复", NO_MOMENT)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:  # noqa: ARG003 (others ask it)
        return {"answer_by": (this_moment() + ANSWER_WITHIN).astimezone(CHINA)}


MOVE = StaffMove(
    casework.refer_up,
    ReferUpForm,
    title="提级协调",
    hint="请改革领导小组办公室一起协调：这一轮里它也能号召、定方案、反馈；街道照常办，办理时限不变。",
    is_rare=True,
)
