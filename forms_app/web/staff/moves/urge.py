"""Asking whoever an issue waits for, or who works on it, to go on."""

from datetime import timedelta

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.issues.urged import may_be_urged
from forms_app.rules.clocks import DISTRICT
from forms_app.rules.said import said
from forms_app.rules.steps import PART_LABELS, Part
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.fields import moment, offered, paragraph, pick
from forms_app.web.request import this_moment
from forms_app.web.staff.move import NO_MOMENT, MoveForm, StaffMove

ANSWER_WITHIN = timedelta(days=1)


class UrgeForm(MoveForm):
    to = pick("催谁", required="请选择催谁")
    text = paragraph("催什么（反映人看不到）", 500, "请写一句催什么", rows=3)
    answer_by = moment("请在什么时候以前答复", NO_MOMENT)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:  # noqa: ARG003 (others ask it)
        return {"answer_by": (this_moment() + ANSWER_WITHIN).astimezone(CHINA)}

    def offer(self, circle: Circle, case: queries.Case) -> None:
        silent_first = sorted(case.parties, key=lambda party: party.answered_at is not None)
        urged = may_be_urged(
            case.step,
            case.issue.severity_class,
            called=[one.organization_id for one in silent_first],
            leads=[one.organization_id for one in case.leads],
            assists=[one.organization_id for one in case.assists],
            ruling_between=case.issue.ruling_between,
            is_referred=case.runs(DISTRICT),
            by=case.parts,
        )
        names = {}
        for one in urged:
            name = casework.urged_words(circle, case.issue.community_id, one)
            if one.unit and isinstance(one.who, Part):
                label = said(PART_LABELS[one.who])
                name = said("%(name)s（%(label)s）", name=name, label=label)
            names[one.key] = name
        self.to.choices = offered(names, "请选择")


MOVE = StaffMove(
    casework.urge,
    UrgeForm,
    title="催办",
    hint="被催的一方下一次办理就算答复；没有账号的单位，由号召人代它登记。催办只记次数，不排名。",
    is_independent=True,
    is_rare=True,
)
