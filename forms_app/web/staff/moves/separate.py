"""Not the same thing as another issue."""

from collections.abc import Mapping

from forms_app import casework
from forms_app.community import Circle
from forms_app.web.forms.fields import NUMBER_LETTERS, line
from forms_app.web.staff.move import MoveForm, StaffMove


class SeparateForm(MoveForm):
    other = line(
        "和哪个问题不是同一件事（编号）", NUMBER_LETTERS, "请填写问题编号", inputmode="numeric"
    )

    @classmethod
    def draft(cls, _circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        other = asked.get("like", "")[:NUMBER_LETTERS]
        return {"other": other} if other else {}


MOVE = StaffMove(
    casework.separate,
    SeparateForm,
    title="不是同一件事，分开办理",
    hint="比对过两边的内容，不是一回事。两件的经过里都留下记录，以后不再提示。",
    compares=True,
)
