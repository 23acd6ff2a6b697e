"""Giving an ordinary issue to one worker of the community."""

from collections.abc import Mapping
from typing import Any

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.web.forms.base import offered, paragraph, pick
from forms_app.web.staff.move import MoveForm, StaffMove


class AssignForm(MoveForm):
    lead = pick("交给谁办", required="请选择一位工作人员")
    reason = paragraph("为什么由社区来办", 500)

    def offer(self, circle: Circle, case: queries.Case) -> None:
        home = case.issue.community_id
        # Where nobody of it can sign in, the community itself leads.
        staff: Mapping[Any, str] = queries.workers_of(home) or {home: circle.unit_name(home)}
        self.lead.choices = offered(staff, "请选择")
        if circle.is_own_task(case.issue.category):
            del self.reason
        else:
            self.reason.flags.required = True

    def said(self, case: queries.Case) -> dict[str, Any]:
        reason = self.reason.data if "reason" in self else ""
        is_person = self.lead.data != case.issue.community_id
        return {"worker_id": int(self.lead.data) if is_person else None, "reason": reason}


MOVE = StaffMove(
    casework.assign,
    AssignForm,
    title="交办",
    hint="C类问题交给一位社区干部直接解决。",
    is_for_several=True,
)
