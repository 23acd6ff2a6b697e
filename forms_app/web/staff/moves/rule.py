"""Who leads, where a unit says that it is not theirs."""

from typing import Any

from forms_app import casework, queries
from forms_app.casework import StaleCase
from forms_app.community import Circle
from forms_app.rules.steps import Step
from forms_app.web.forms.fields import offered, paragraph, pick, pick_many
from forms_app.web.staff.move import MoveForm, StaffMove


class RuleForm(MoveForm):
    lead = pick("由谁主办", required="请选择由谁主办")
    assist = pick_many("提出异议的单位里，仍要协办的")
    reason = paragraph("为什么这样裁定（反映人看不到）", 500, "请写明为什么这样裁定", rows=3)

    def offer(self, circle: Circle, case: queries.Case) -> None:
        units = casework.ruling_units(circle, case.issue.severity_class, case.issue.community_id)
        near = [one.organization_id for one in case.leads]
        near += [one.organization_id for one in case.parties]
        near += [case.issue.community_id, *(one.whose for one in case.objections)]
        first = {unit: units[unit] for unit in near if unit in units}
        self.lead.choices = offered({**first, **units}, "请选择")
        if case.step is Step.HANDLING:
            declined = [one.organization_id for one in case.objections]
            self.assist.choices = offered({unit: circle.unit_name(unit) for unit in declined})
        else:
            del self.assist  # the plan says so

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {
            "lead": self.lead.data,
            "assist": self.assist.data if "assist" in self else [],
            "reason": self.reason.data,
        }


def _too_late(case: queries.Case) -> str:
    if not case.objections:
        return (
            "职责异议刚刚已经裁定，或者方案已经定下、调整。您写的内容还在，请看过最新进展再决定。"
        )
    return StaleCase.sentence


MOVE = StaffMove(
    casework.rule,
    RuleForm,
    title="裁定",
    hint="写明由谁主办和为什么；原来没有号召的，一并号召。反映人只看到由谁主办，不说谁推谁。",
    fields="staff/moves/rule.html",
    too_late=_too_late,
)
