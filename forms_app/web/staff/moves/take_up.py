"""The district's office takes up what is late, unasked."""

from forms_app import casework
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class TakeUpForm(MoveForm):
    reason = paragraph("为什么提办", 1000, "请写明理由", rows=3)


MOVE = StaffMove(
    casework.take_up,
    TakeUpForm,
    title="提办",
    hint="过了时限的A类问题才能提办。提办以后和街道一起办：能号召、定方案、反馈，也一直看得到它。",
)
