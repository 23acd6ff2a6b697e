"""What came of it, with photos: done, or why it could not be."""

from typing import Any

from forms_app import casework, queries
from forms_app.casework import StaleCase
from forms_app.community import Circle
from forms_app.rules.steps import RESULTS, Part, Step
from forms_app.web.forms.fields import need, paragraph, pick_shown
from forms_app.web.forms.photos import WithPhotos
from forms_app.web.forms.recording import WithRecording
from forms_app.web.staff.move import MoveForm, StaffMove


class ResolveForm(MoveForm, WithPhotos, WithRecording):
    result = pick_shown("办理结果", RESULTS, "请选一项")
    outcome = paragraph(
        "办了什么、结果怎样；没能办成的，为什么（反映人会看到）", 1000, "请写明办了什么、结果怎样"
    )
    words = paragraph("我们自己对反映人说的话（反映人先看到这一段）", 1000)

    @classmethod
    def suggested(cls, case: queries.Case) -> dict[str, object]:
        told = case.result
        if told is None:
            return {"result": "done"}
        return {"result": told.result, "outcome": told.note}

    def offer(self, _circle: Circle, case: queries.Case) -> None:
        del self["for_unit"]  # it is the one that leads
        if _is_recorded(case):
            self.need_recording()
            need(self.words, "请写明你们自己对反映人说的话")
        else:
            self.without_recording()
            del self["words"]

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {
            "outcome": self.outcome.data,
            "result": self.result.data,
            "recorded": self.recorded,
            "words": self.words.data if "words" in self else "",
            "photos": self.staged,
        }


def _is_recorded(case: queries.Case) -> bool:
    """Whether the caller writes down the result of a unit that leads without an account."""
    return Part.LEAD not in case.parts and Part.LEAD_RECORDER in case.parts


def _title(case: queries.Case) -> str:
    if case.step is Step.REPORTED:
        return "更正结果"
    return "代记办结" if _is_recorded(case) else "办结"


_ON_ITS_WAY = (
    "结果先到号召人那里，看过以后反馈给反映人；已经办结的到时限没有反馈会自动转出，没能办成的不会。"
)
_BEFORE_IT_GOES = (
    "结果先到号召人那里，看过以后反馈给反映人；已经办结的到时限没有反馈会自动转出，"
    "没能办成的不会。来不及的，到期以前请号召人延期，单位自己不能延。"
)


def _hint(case: queries.Case) -> str:
    if _is_recorded(case):
        return "主办单位没有账号，由号召人代记，连同自己的话一起告诉反映人。"
    is_units = any(one.organization_id not in ("", case.issue.community_id) for one in case.leads)
    if is_units or case.issue.severity_class == "A":
        return _ON_ITS_WAY if case.step is Step.REPORTED else _BEFORE_IT_GOES
    return "办结以后请反映人评价；不满意会开始新一轮。"


def _too_late(case: queries.Case) -> str:
    if case.step is Step.HANDLING:
        return "方案刚刚有调整，主办换了。您写的内容还在，可以复制给号召人。"
    return StaleCase.sentence


MOVE = StaffMove(casework.resolve, ResolveForm, title=_title, hint=_hint, too_late=_too_late)
