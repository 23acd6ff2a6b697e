"""The form for a year's days off and make-up workdays."""

from wtforms import HiddenField

from forms_app.content.workdays import MOST_LETTERS
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.fields import paragraph


class WorkdaysForm(OnceForm):
    """`seen` is what the year's file was when the form was shown."""

    seen = HiddenField()
    notice = paragraph("放假和补班", MOST_LETTERS, "请填写放假和补班的日子")
