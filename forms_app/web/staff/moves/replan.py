"""Another plan in the place of the one that is being carried out."""

from typing import Any

from forms_app import casework, queries
from forms_app.casework import StaleCase
from forms_app.rules.steps import Step
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import StaffMove
from forms_app.web.staff.moves.plan import MEASURES, PlanForm


class ReplanForm(PlanForm):
    """It starts from who leads and assists now, and from what is not done yet."""

    reason = paragraph("为什么要调整", 500, "请写明为什么要调整", rows=3)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        found: dict[str, object] = {
            "lead": next((one.organization_id for one in case.leads), ""),
            "assist": [one.organization_id for one in case.assists],
        }
        left = [row for row in case.measures if row.done_at is None]
        for place, row in enumerate(left[:MEASURES], 1):
            found |= {f"what_{place}": row.what, f"lead_{place}": row.lead}
            found[f"assist_{place}"] = row.assist
        return found

    def said(self, case: queries.Case) -> dict[str, Any]:
        return super().said(case) | {"reason": self.reason.data}


def _too_late(case: queries.Case) -> str:
    if case.step is Step.REPORTED:
        return (
            "主办单位刚刚报来办理结果，方案没有调整。您写的内容还在；没办到位的，请退回以后再调整。"
        )
    return StaleCase.sentence


MOVE = StaffMove(
    casework.replan,
    ReplanForm,
    title="调整方案",
    hint="换主办、换协办或者换办法；原来的方案留在经过里。办理时限照旧，不重新计算。",
    fields="staff/moves/plan.html",
    is_rare=True,
    too_late=_too_late,
)
