"""A unit's result in the office's own words, for the resident; or words added after it passed."""

from forms_app import casework, queries
from forms_app.casework import ResultPassed, StaleCase
from forms_app.rules.steps import Step
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class RelayForm(MoveForm):
    words = paragraph(
        "我们自己对反映人说的话（反映人先看到这一段）", 1000, "请写一段给反映人看的话"
    )


def passed_or_stale(case: queries.Case) -> str:
    """Why a result can be neither handed on nor given back any more."""
    return ResultPassed.sentence if case.issue.passed_at is not None else StaleCase.sentence


def _title(case: queries.Case) -> str:
    return "反馈给反映人" if case.step is Step.REPORTED else "补充反馈"


def _hint(case: queries.Case) -> str:
    if case.step is Step.REPORTED:
        return "先看主办单位报来的结果，最好问过反映人；没办到位的就退回。反馈以后请反映人评价。"
    return "结果已经自动转给反映人；可以补一段自己的话，只补一次，反映人先看到这一段。"


MOVE = StaffMove(
    casework.relay, RelayForm, title=_title, hint=_hint, fields="staff/moves/relay.html",
    tells_of_case=True, too_late=passed_or_stale,
)  # fmt: skip
