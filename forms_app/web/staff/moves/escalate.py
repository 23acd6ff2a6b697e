"""One class higher, where the plan did not solve it."""

from forms_app import casework, queries
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class EscalateForm(MoveForm):
    reason = paragraph("为什么没能按方案解决", 1000, "请写明升级的理由")


def _title(case: queries.Case) -> str:
    return "升级为B类" if case.issue.severity_class == "C" else "升级为A类"


MOVE = StaffMove(
    casework.escalate,
    EscalateForm,
    title=_title,
    hint="没能按方案解决才升级。办理时限照旧，不重新计算。",
)
