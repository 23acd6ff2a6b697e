"""A worker takes an ordinary issue up without waiting for its being handed to somebody."""

from forms_app import casework
from forms_app.web.staff.move import MoveForm, StaffMove


class ClaimForm(MoveForm):
    pass


MOVE = StaffMove(
    casework.claim,
    ClaimForm,
    title="我来办",
    hint="C类问题不等交办，自己接过来主办。",
)
