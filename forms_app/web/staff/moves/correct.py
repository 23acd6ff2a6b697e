"""Putting right what was entered wrongly, one thing at a time."""

from typing import Any

from forms_app import casework, queries
from forms_app.casework import NotPossible
from forms_app.community import Circle, still_open
from forms_app.rules.steps import NATURES, URGENCIES
from forms_app.web.forms.fields import line, offered, offered_communities, paragraph, pick
from forms_app.web.forms.resident import (
    CONTACTS,
    EMAIL_LETTERS,
    PHONE_LETTERS,
    email_only,
    phone_only,
)
from forms_app.web.staff.move import MoveForm, StaffMove
from forms_app.web.staff.moves.classify import CLASSES


class CorrectForm(MoveForm):
    """One thing to put right at a time: whichever differs from what the issue says now."""

    community_id = pick("所属社区")
    estate_id = pick("所属小区")
    location = line("具体位置", 100)
    category = pick("问题类别")
    nature = pick("性质", NATURES, empty="不清楚")
    reporter_name = line("称呼", 30)
    reporter_phone = line("联系电话", PHONE_LETTERS, type="tel", inputmode="tel")
    reporter_email = line("邮箱", EMAIL_LETTERS, type="email", inputmode="email")
    cleared = pick(
        "不再留的联系方式",
        {name: casework.FIELD_LABELS[name] for name in CONTACTS},
        empty="都还留着",
    )
    severity_class = pick("类（轻重）", CLASSES)
    urgency = pick("级（缓急）", URGENCIES)
    reason = paragraph("更正理由", 500, "请写明更正理由")

    validate_reporter_phone = staticmethod(phone_only)
    validate_reporter_email = staticmethod(email_only)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        return {name: _now(case, name) for name in casework.CORRECTABLE if name not in CONTACTS}

    def offer(self, circle: Circle, case: queries.Case) -> None:
        issue = case.issue
        # What an issue is at now stands among them even where it is no more, or lies elsewhere by
        # now: the first of the others would be sent in its place.
        homes = casework.homes_for(circle, issue.community_id, case.parts)
        self.community_id.choices = offered_communities(circle, homes)
        if issue.community_id not in homes:
            name = circle.unit_name(issue.community_id)
            self.community_id.choices += offered({issue.community_id: name})
        estates = still_open({e.id: e.name for e in circle.estates_of(issue.community_id)})
        estates |= {issue.estate_id: circle.estate_name(issue.estate_id)} if issue.estate_id else {}
        self.estate_id.choices = offered(estates, "不在小区里，或不清楚")
        categories = still_open({c.code: c.name for c in circle.categories.values()})
        categories |= (
            {issue.category: circle.category_name(issue.category)} if issue.category else {}
        )
        self.category.choices = offered(categories, "不清楚")
        for name, (_, steps) in casework.CORRECTABLE.items():
            if steps is not None and case.step not in steps:
                del self[name]

    def said(self, case: queries.Case) -> dict[str, Any]:
        # What is folded on the case does not stand open here: an empty field changes nothing.
        changed = {name: self[name].data for name in CONTACTS if self[name].data}
        if self.cleared.data:
            changed[self.cleared.data] = ""
        changed |= {
            name: self[name].data
            for name in casework.CORRECTABLE
            if name in self and name not in CONTACTS and self[name].data != _now(case, name)
        }
        if len(changed) != 1:
            raise NotPossible("reason", "请改一项，一次只更正一项")
        ((field, new_value),) = changed.items()
        return {"field": field, "new_value": new_value, "reason": self.reason.data}


def _now(case: queries.Case, name: str) -> str:
    return str(getattr(case.issue, name) or "")


MOVE = StaffMove(
    casework.correct,
    CorrectForm,
    title="更正登记",
    hint="一次改一项，原来的内容和理由都留在经过里。称呼、电话和邮箱不显示现在的，空着就是不改。",
    is_rare=True,
)
