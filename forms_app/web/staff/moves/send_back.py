"""A result that is none yet goes back to whoever leads."""

from forms_app import casework
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove
from forms_app.web.staff.moves.relay import passed_or_stale


class SendBackForm(MoveForm):
    missing = paragraph("还缺什么（主办单位会看到）", 1000, "请写明还缺什么")


MOVE = StaffMove(
    casework.send_back,
    SendBackForm,
    title="退回",
    hint="没办到位的退回主办单位接着办；办理时限照旧，不重新计算。",
    too_late=passed_or_stale,
)
