"""An incident's main issue that the office handed in itself, taken back while nobody follows it."""

from forms_app import casework
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class WithdrawForm(MoveForm):
    reason = paragraph("为什么撤回", 300, "请写明为什么撤回", rows=2)


MOVE = StaffMove(
    casework.withdraw,
    WithdrawForm,
    title="撤回",
    hint="这是为突发事件自己登记的，还没有居民跟随，可以撤回。横幅要另外结束。",
    is_rare=True,
)
