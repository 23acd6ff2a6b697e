"""The same thing as another issue, as the community's leader sees it."""

from collections.abc import Mapping
from typing import Any

from wtforms import HiddenField

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.web.forms.base import cleaned
from forms_app.web.forms.fields import NUMBER_LETTERS, line
from forms_app.web.staff.move import MoveForm, StaffMove


class MergeForm(MoveForm):
    merged_into = line(
        "并入哪个问题（编号）", NUMBER_LETTERS, "请填写问题编号", inputmode="numeric"
    )

    compared = HiddenField(filters=[cleaned])  # the number that was shown beside this one

    @classmethod
    def draft(cls, _circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        other = asked.get("like", "")[:NUMBER_LETTERS]
        return {"merged_into": other, "compared": other} if other else {}

    def to_compare(self) -> str:
        """The number that is to be looked at first; "" where it was."""
        return self.merged_into.data if self.merged_into.data != self.compared.data else ""

    def shown_beside(self, number: str) -> None:
        """It is on the page now: pressed again, it is meant."""
        self.compared.data = number

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {"into": self.merged_into.data}


MOVE = StaffMove(
    casework.merge,
    MergeForm,
    title="并入另一个问题",
    hint="只并同一件事。被并入的反映人会继续看到进展，并自己评价。",
    compares=True,
)
