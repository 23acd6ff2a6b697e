"""What a resident says of a project that was done, written down for them: it is still so."""

from forms_app import casework
from forms_app.web.staff.asked_after import AskedAfterMoveForm
from forms_app.web.staff.move import StaffMove

MOVE = StaffMove(
    casework.still,
    AskedAfterMoveForm,
    title="代记：反映人说还有",
    hint="记下以后，已经销号的重新办理，反映人用原来的查询码看得到。",
    too_late="现在不用再问了：反映人自己答过了，或者这件事已经重新在办。",
    is_rare=True,
)
