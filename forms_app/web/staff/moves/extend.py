"""More time, with a reason that the resident reads."""

from forms_app import casework
from forms_app.web.forms.base import day, paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class ExtendForm(MoveForm):
    new_due_on = day("延到哪一天", "请填写新的日期")
    reason = paragraph("延期理由（反映人会看到）", 500, "请写明延期理由")


MOVE = StaffMove(casework.extend, ExtendForm, title="延期")
