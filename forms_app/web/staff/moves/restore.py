"""Taking back what was set aside."""

from forms_app import casework
from forms_app.web.staff.move import MoveForm, StaffMove


class RestoreForm(MoveForm):
    pass


MOVE = StaffMove(
    casework.restore,
    RestoreForm,
    title="取消暂放",
    hint="回到待办接着办，时限照旧：暂放的时间不扣。",
    is_for_several=True,
)
