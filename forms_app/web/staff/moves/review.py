"""What came of looking at an issue again, as was promised."""

from forms_app import casework
from forms_app.web.forms.fields import day, paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class ReviewForm(MoveForm):
    findings = paragraph("研究的结果（反映人会看到）", 1000, "请写明研究的结果")
    review_on = day("下次研究的日期（不再研究就空着）")


MOVE = StaffMove(
    casework.review,
    ReviewForm,
    title="再研究",
    hint="说好的日子到了，就再研究一次，把结果告诉反映人；还没解决的，写明下一次的日期。",
)
