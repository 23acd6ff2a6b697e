"""Taking back what was settled at the first desk too soon."""

from forms_app import casework
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class TakeBackForm(MoveForm):
    reason = paragraph("为什么收回", 500, "请写明为什么收回")


MOVE = StaffMove(
    casework.take_back,
    TakeBackForm,
    title="收回当场答复，重新办理",
    hint="刚当场答复的可以收回；反映人会看到，十分钟重新算起。",
    is_rare=True,
)
