"""Taking up again what was transferred, merged or withdrawn."""

from forms_app import casework, queries
from forms_app.rules.steps import Step
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class ReopenForm(MoveForm):
    reason = paragraph("重启理由", 500, "请写明重启理由")


def _title(case: queries.Case) -> str:
    if case.step is Step.CLOSED:
        return "又出现了，重新办理"
    return "分开，单独重新办理" if case.step is Step.MERGED else "重启"


MOVE = StaffMove(casework.reopen, ReopenForm, title=_title)
