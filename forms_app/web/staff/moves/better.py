"""What a resident says of a project that was done, written down for them: it is better."""

from forms_app import casework
from forms_app.web.staff.asked_after import AskedAfterMoveForm
from forms_app.web.staff.move import StaffMove

MOVE = StaffMove(
    casework.better,
    AskedAfterMoveForm,
    title="代记：反映人说好了",
    hint="专项办完以后问过，反映人自己说好了，才能记。没有问到的，什么都不要记。",
    too_late="现在不用再问了：反映人自己答过了，或者这件事已经重新在办。",
    is_rare=True,
)
