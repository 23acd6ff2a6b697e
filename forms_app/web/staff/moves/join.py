"""The same thing as another issue, as its reporter says."""

from forms_app import casework
from forms_app.web.forms.fields import NUMBER_LETTERS, line
from forms_app.web.staff.move import StaffMove
from forms_app.web.staff.moves.merge import MergeForm


class JoinForm(MergeForm):
    merged_into = line(
        "反映人说和哪个问题是同一件事（编号）",
        NUMBER_LETTERS,
        "请填写问题编号",
        inputmode="numeric",
    )


MOVE = StaffMove(
    casework.join,
    JoinForm,
    title="反映人说是同一件事",
    hint="反映人亲口说是同一件事，才替他合过去；以后他仍凭自己的查询码看进度、自己评价。",
    compares=True,
)
