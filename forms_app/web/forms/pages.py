"""The form of one of the office's pages: its title, where it is found, and its words."""

from wtforms import BooleanField, HiddenField, StringField

from forms_app.community.pages import MOST_LETTERS, TITLE_LETTERS
from forms_app.community.shapes import PAGE_PLACES
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.fields import line, paragraph, pick, whole_number

ROWS = 22
_RANK = "请填0到99的数"


class ChapterForm(OnceForm):
    """`seen` is the digest of the file as it was when the form was shown."""

    seen = HiddenField()
    title = line("标题", TITLE_LETTERS, "请填写标题")
    text = paragraph("正文", MOST_LETTERS, "请填写正文", rows=ROWS)
    has_compared = BooleanField("系统的新文字看过了，该改的改了")


class OwnPageForm(OnceForm):
    """The same of a page of the office's own; `name` is asked of a new one only."""

    seen = HiddenField()
    title = line("标题", TITLE_LETTERS, "请填写标题")
    name: StringField = line("网址里的英文名", TITLE_LETTERS, autocapitalize="none")
    place = pick("放在哪里", PAGE_PLACES, "请选择放在哪里")
    rank = whole_number("排在第几", 0, 99, _RANK, _RANK, default=50)
    text = paragraph("正文", MOST_LETTERS, "请填写正文", rows=ROWS)


class RemovePageForm(OnceForm):
    """Takes a page away that is still as it was shown."""

    seen = HiddenField()
