"""A unit says that it is not theirs, and whose it is."""

from typing import Any

from forms_app import casework, queries
from forms_app.casework import StaleCase
from forms_app.community import Circle
from forms_app.rules.steps import Part, Step
from forms_app.web.forms.fields import offered, paragraph, pick
from forms_app.web.forms.recording import WithRecording
from forms_app.web.staff.move import MoveForm, StaffMove


class DeclineForm(MoveForm, WithRecording):
    whose = pick("应由谁办", required="请选择应由谁办")
    reason = paragraph("为什么不是本单位的职责（反映人看不到）", 1000, "请写明为什么", rows=3)

    def offer(self, circle: Circle, case: queries.Case) -> None:
        whose = casework.whose_choices(circle, case.issue.community_id)
        choices = {**whose, casework.UNKNOWN: "说不清（请在理由里写明）"}
        self.whose.choices = offered(choices, "请选择")
        if _is_own(case):
            self.without_recording()
        else:
            units = [one for one in _acting(case) if one in case.units_without_account]
            self.offer_units({unit: circle.unit_name(unit) for unit in units})

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {
            "whose": self.whose.data,
            "reason": self.reason.data,
            "for_unit": self.unit,
            "recorded": self.recorded,
        }


def _is_own(case: queries.Case) -> bool:
    return not {Part.PARTY, Part.TASKED}.isdisjoint(case.parts)


def _acting(case: queries.Case) -> list[str]:
    acting = case.parties if case.step is Step.RESPONDING else (*case.leads, *case.assists)
    return [one.organization_id for one in acting]


def _title(case: queries.Case) -> str:
    return "职责异议" if _is_own(case) else "代记职责异议"


def _too_late(case: queries.Case) -> str:
    if case.step is Step.HANDLING:
        return "解决方案已经定下，没有您单位的任务，不用再提职责异议。您写的内容还在，可以复制。"
    return StaleCase.sentence


MOVE = StaffMove(
    casework.decline,
    DeclineForm,
    title=_title,
    hint="先办后议：裁定以前请照常办理。写明为什么、应由谁办；提了就算已经响应，不记谁的不是。",
    is_independent=True,
    is_rare=True,
    too_late=_too_late,
)
