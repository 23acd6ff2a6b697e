"""A resident's verdict, written down for them."""

from typing import Any

from forms_app import casework, queries
from forms_app.rules.steps import SATISFACTION
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.base import line, moment, paragraph, pick_shown
from forms_app.web.request import this_moment
from forms_app.web.staff.move import NO_MOMENT, MoveForm, StaffMove


class EvaluateForm(MoveForm):
    satisfaction = pick_shown("反映人的评价", SATISFACTION, "请选一项")
    comment = paragraph("反映人怎么说", 1000)
    asked_at = moment("什么时候问的", NO_MOMENT)
    asked_how = line("怎么问的，是不是本人答的", 100, "请写明怎么问的、谁答的，例如：电话，本人")

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        """When and how they were asked, as the call log says; without a call, just now."""
        asked = [(call.asked_at, call.asked_how) for call in case.calls if call.asked_at]
        at, how = asked[-1] if asked else (this_moment(), "")
        return {"asked_at": at.astimezone(CHINA), "asked_how": how}

    def said(self, case: queries.Case) -> dict[str, Any]:
        return super().said(case) | {"satisfaction": int(self.satisfaction.data)}


MOVE = StaffMove(
    casework.evaluate,
    EvaluateForm,
    title="代录评价",
    hint="只有反映人能决定满意不满意。代录要写明什么时候、怎么问的。",
)
