"""A resident's verdict, written down for them."""

from typing import Any

from wtforms import StringField, ValidationError

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.rules.steps import SATISFACTION
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.fields import line, moment, paragraph, pick, pick_shown
from forms_app.web.request import this_moment
from forms_app.web.staff.move import NO_MOMENT, MoveForm, Press, StaffMove

# How nearly every one of them is asked: a button each.
ASKED = {"phone": "电话，本人", "visit": "当面，本人"}
NOT_SAID = "请写明怎么问的、谁答的，例如：电话，本人"


class EvaluateForm(MoveForm):
    folded: tuple[str, ...] = ("asked_how", "comment", "asked_at")
    presses: tuple[Press, ...] = (
        Press("asked_by", "phone", "电话问了本人，代录", is_main=True),
        Press("asked_by", "visit", "当面问了本人，代录"),
    )

    satisfaction = pick_shown("反映人的评价", SATISFACTION, "请选一项")
    asked_by = pick("怎么问的", ASKED, empty="没有写")
    asked_how = line("别的问法，谁答的（写了就以这里为准）", 100)
    comment = paragraph("反映人怎么说", 1000, rows=2)
    asked_at = moment("什么时候问的", NO_MOMENT)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        """When and how they were asked, as the call log says; without a call, just now."""
        asked = [(call.asked_at, call.asked_how) for call in case.calls if call.asked_at]
        at, how = asked[-1] if asked else (this_moment(), "")
        return {"asked_at": at.astimezone(CHINA), "asked_how": how}

    def offer(self, _circle: Circle, _case: queries.Case) -> None:
        if self.asked_how.data:
            self.folded, self.presses = ("comment", "asked_at"), ()  # the call log has said it
            self.asked_how.label.text = "怎么问的，是不是本人答的"

    def validate_asked_how(self, field: StringField) -> None:
        if not (field.data or self.asked_by.data):
            raise ValidationError(NOT_SAID)

    def said(self, case: queries.Case) -> dict[str, Any]:
        told = super().said(case)
        by = told.pop("asked_by")
        told["asked_how"] = told["asked_how"] or ASKED[by]
        return told | {"satisfaction": int(self.satisfaction.data)}


MOVE = StaffMove(
    casework.evaluate,
    EvaluateForm,
    title="代录评价",
    hint="只有反映人能决定满意不满意。代录要写明什么时候、怎么问的。",
    fields="staff/moves/evaluate.html",
)
