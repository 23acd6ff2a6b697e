"""Why a major issue could not be solved, and when it is looked at next."""

from forms_app import casework
from forms_app.web.forms.fields import day, paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class ExplainForm(MoveForm):
    explanation = paragraph("为什么没能解决（反映人会看到）", 1000, "请向反映人说明情况")
    review_on = day("下次研究的日期", "请填写下次研究的日期")


MOVE = StaffMove(
    casework.explain,
    ExplainForm,
    title="说明未能解决",
    hint="A类问题暂时解决不了，要向反映人说明，并写明下次研究的日期。",
)
