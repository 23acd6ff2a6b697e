"""The joint plan: its text, who leads and assists, and its measures one by one."""

from datetime import date
from typing import Any

from forms_app import casework, queries
from forms_app.casework import PlannedMeasure
from forms_app.community import Circle
from forms_app.rules.said import said
from forms_app.web.forms.fields import day, line, offered, paragraph, pick, pick_many, pick_shown
from forms_app.web.staff.move import MoveForm, StaffMove

MEASURES = 5  # lines of the form


class PlanForm(MoveForm):
    """With `MEASURES` lines of what_1, lead_1, assist_1, due_on_1 …; an empty line is none."""

    folded = ("assist",)

    plan = paragraph("联合解决方案（反映人会看到）", 2000, "请写明解决方案")
    lead = pick_shown("主办单位", {}, "请选择主办单位")
    assist = pick_many("协办单位")

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        # Somebody may have ruled on who leads before there is a plan.
        return {"lead": next((one.organization_id for one in case.leads), "")}

    def offer(self, circle: Circle, case: queries.Case) -> None:
        called = [party.organization_id for party in case.parties]
        units = casework.plan_units(circle, called, case.issue.community_id)
        self.lead.choices = offered(units)
        self.assist.choices = offered(units)
        for place in range(1, MEASURES + 1):
            self[f"lead_{place}"].choices = offered(units, "请选择")
            self[f"assist_{place}"].choices = offered(units, "没有")

    @property
    def measures(self) -> list[tuple[str, str, str, date | None]]:
        """The lines in which anything was written: what, who leads, who assists, by when."""
        lines = [
            tuple(self[f"{name}_{place}"].data for name in ("what", "lead", "assist", "due_on"))
            for place in range(1, MEASURES + 1)
        ]
        return [(what, lead, assist, day) for what, lead, assist, day in lines if what or day]

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {
            "text": self.plan.data,
            "lead": self.lead.data,
            "assist": self.assist.data,
            "measures": [PlannedMeasure(*measure) for measure in self.measures],
        }


for _place in range(1, MEASURES + 1):
    setattr(
        PlanForm,
        f"what_{_place}",
        line(said("第%(place)s条做什么", place=_place), 100, placeholder=" "),
    )
    setattr(PlanForm, f"lead_{_place}", pick("谁负责"))
    setattr(PlanForm, f"assist_{_place}", pick("谁协办"))
    setattr(PlanForm, f"due_on_{_place}", day("哪天以前"))

MOVE = StaffMove(casework.plan, PlanForm, title="定下方案", fields="staff/moves/plan.html")
