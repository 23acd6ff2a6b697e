"""Taking a merge back that was a mistake, in its first minutes."""

from forms_app import casework
from forms_app.web.staff.move import MoveForm, StaffMove


class UnmergeForm(MoveForm):
    pass


MOVE = StaffMove(
    casework.unmerge,
    UnmergeForm,
    title="撤销并入",
    hint="刚才并错了，可以撤销：回到原来的步骤，轮次和时限都照旧。",
)
