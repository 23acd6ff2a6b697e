"""A question to the resident, answered on their own page."""

from forms_app import casework
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class AskForm(MoveForm):
    question = paragraph("想问什么（反映人会看到）", 500, "请写一句想问的话", rows=3)


MOVE = StaffMove(
    casework.ask,
    AskForm,
    title="询问反映人",
    hint="反映人凭查询码在网上补充；计时照走，不等答复。留了电话的，打电话更快。",
    is_independent=True,
    is_rare=True,
)
