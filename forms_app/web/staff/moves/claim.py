"""A worker takes an ordinary issue up without waiting for its being handed to somebody."""

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.web.staff.move import MoveForm, StaffMove


class ClaimForm(MoveForm):
    pass


def _is_own_task(circle: Circle, case: queries.Case) -> bool:
    return circle.is_own_task(case.issue.category)


MOVE = StaffMove(
    casework.claim,
    ClaimForm,
    title="我来办",
    hint="C类问题不等交办，自己接过来主办。",
    fits=_is_own_task,
)
