"""The form in which staff write down what somebody says of a project that was done."""

from typing import Any

from forms_app import queries
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.fields import moment, paragraph, pick_shown
from forms_app.web.request import this_moment
from forms_app.web.staff.move import NO_MOMENT, MoveForm

# How somebody was asked; each is kept as it reads.
ASKED = {"phone": "电话，本人", "visit": "当面，本人", "paper": "纸面，本人写的"}


class AskedAfterMoveForm(MoveForm):
    """When and how they were asked, and their words where they said more."""

    asked_by = pick_shown("怎么问的", ASKED, "请选择怎么问的")
    asked_at = moment("什么时候问的", NO_MOMENT)
    words = paragraph("反映人怎么说（可以不写）", 500, rows=2)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:  # noqa: ARG003 (others ask it)
        """Just now; how is nobody's to assume."""
        return {"asked_at": this_moment().astimezone(CHINA)}

    def said(self, case: queries.Case) -> dict[str, Any]:
        told = super().said(case)
        return told | {"asked_how": ASKED[told.pop("asked_by")]}
