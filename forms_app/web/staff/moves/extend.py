"""More time, with a reason that the resident reads."""

from forms_app import casework, queries
from forms_app.rules.day_parts import date_of
from forms_app.rules.procedure import level_above
from forms_app.rules.said import said
from forms_app.rules.worktime import longest_extension
from forms_app.web.forms.fields import day, paragraph
from forms_app.web.request import current_circle, this_moment
from forms_app.web.staff.move import MoveForm, StaffMove


class ExtendForm(MoveForm):
    new_due_on = day("延到哪一天", "请填写新的日期")
    reason = paragraph("延期理由（反映人会看到）", 500, "请写明延期理由")


def _bounds(case: queries.Case) -> str:
    """How far whoever opens the form may put it off."""
    above = level_above(case.issue.severity_class)
    if above is None or not case.is_above_in_use or case.issue.extended_by:
        return "这是最后一次延期；反映人看得到新的时限和理由。"
    now = this_moment()
    longest = date_of(longest_extension(current_circle().clocks, case.issue.due_at, now), now)
    if above in case.parts:
        return said("下一级只能延到%(day)s，再长的由您来延；您只能延一次。", day=longest)
    return said("只能延一次，最多延到%(day)s；再长、再延的由上一级来延。", day=longest)


MOVE = StaffMove(casework.extend, ExtendForm, title="延期", hint=_bounds)
