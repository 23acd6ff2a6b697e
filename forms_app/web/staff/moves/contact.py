"""A call that was just made, or a visit: its outcome is the button, nothing else need be typed."""

from forms_app import casework
from forms_app.rules.said import said
from forms_app.rules.told_by import TRIED_DAYS
from forms_app.web.forms.fields import paragraph, pick_shown
from forms_app.web.staff.move import MoveForm, Press, StaffMove


class ContactForm(MoveForm):
    presses = tuple(Press("reached", key, words) for key, words in casework.OUTCOMES.items())

    reached = pick_shown("联系上没有", casework.OUTCOMES, "请选一项")
    how = pick_shown("怎么联系的", casework.WAYS, "请选一项", usual="phone")
    words = paragraph("对方说了什么（只有工作人员看到）", 1000, rows=2)


MOVE = StaffMove(
    casework.contact,
    ContactForm,
    title="联系记录",
    hint=said(
        "刚打完电话、刚上门，按结果就记下，时间就是现在。"
        "待评价时没联系上的，在%(days)s个日子试过就可以转为待联系。",
        days=TRIED_DAYS,
    ),
    fields="staff/moves/contact.html",
    is_independent=True,
    is_handy=True,
)
