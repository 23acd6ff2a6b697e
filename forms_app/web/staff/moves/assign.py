"""Giving an ordinary issue to one worker of the community."""

from collections.abc import Mapping
from typing import Any

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.web.forms.fields import offered, paragraph, pick_shown
from forms_app.web.staff.move import MoveForm, StaffMove


def leads_for(circle: Circle, case: queries.Case) -> Mapping[Any, str]:
    """Who may be given it; where nobody of its community can sign in, the community itself."""
    home = case.issue.community_id
    return queries.workers_of(home) or {home: circle.unit_name(home)}


def account_of(lead: str, case: queries.Case) -> int | None:
    """The account that was chosen; None: the community itself."""
    return None if lead == case.issue.community_id else int(lead)


class AssignForm(MoveForm):
    lead = pick_shown("交给谁办", {}, "请选择一位工作人员")
    reason = paragraph("为什么由社区来办", 500)

    def offer(self, circle: Circle, case: queries.Case) -> None:
        self.lead.choices = offered(leads_for(circle, case))
        if circle.is_own_task(case.issue.category):
            del self.reason
        else:
            self.reason.flags.required = True

    def said(self, case: queries.Case) -> dict[str, Any]:
        reason = self.reason.data if "reason" in self else ""
        return {"worker_id": account_of(self.lead.data, case), "reason": reason}


MOVE = StaffMove(
    casework.assign,
    AssignForm,
    title="交办",
    hint="C类问题交给一位社区干部直接解决。",
    is_for_several=True,
)
