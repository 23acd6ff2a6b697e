"""What the resident added by telephone or at the counter, written down for them."""

from typing import Any

from forms_app import casework, queries
from forms_app.web.forms.fields import paragraph
from forms_app.web.forms.photos import WithPhotos
from forms_app.web.staff.move import MoveForm, StaffMove


class ReplyForm(MoveForm, WithPhotos):
    addition = paragraph("反映人补充了什么", 10_000, rows=4)

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {"addition": self.addition.data, "photos": self.staged}


MOVE = StaffMove(
    casework.reply,
    ReplyForm,
    title="代录补充",
    hint="反映人打电话、到窗口补充的，写在这里；请尽量用反映人自己的话。",
    is_independent=True,
    is_rare=True,
)
