"""Done: what was done and what came of it, with photos."""

from typing import Any

from forms_app import casework, queries
from forms_app.web.forms.base import paragraph
from forms_app.web.forms.photos import WithPhotos
from forms_app.web.staff.move import MoveForm, StaffMove


class ResolveForm(MoveForm, WithPhotos):
    outcome = paragraph("办了什么、结果怎样（反映人会看到）", 1000, "请写明办了什么、结果怎样")

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {"outcome": self.outcome.data, "photos": self.staged}


MOVE = StaffMove(
    casework.resolve,
    ResolveForm,
    title="办结",
    hint="办结以后请反映人评价；不满意会开始新一轮。",
)
