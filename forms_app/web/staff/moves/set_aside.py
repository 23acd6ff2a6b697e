"""Setting aside what came in a flood, several at once."""

from forms_app import casework
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class SetAsideForm(MoveForm):
    reason = paragraph("理由（反映人会看到）", 500, "请写明为什么暂放")


MOVE = StaffMove(
    casework.set_aside,
    SetAsideForm,
    title="暂放",
    hint="一下子涌来的、看着不是真事的，先放在一边：什么都不删除，随时可以取消；反映人说是真的，马上回到待办。",
    is_rare=True,
    is_for_several=True,
)
