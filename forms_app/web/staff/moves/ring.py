"""The resident was rung and told: one press beside the words and the number."""

from forms_app import casework
from forms_app.web.staff.move import MoveForm, StaffMove


class RingForm(MoveForm):
    pass


MOVE = StaffMove(
    casework.ring,
    RingForm,
    title="打通了，告诉了",
    too_late="这个电话不用再打了：刚刚有同事打过，或者反映人自己看到了。",
    is_independent=True,
    is_apart=True,
)
