"""The forms of somebody who answers a summons with a one-time link."""

from forms_app.rules.steps import ANSWERS
from forms_app.web.forms.base import PASTED_LETTERS, Form, OnceForm, line, paragraph, pick_shown


class CodeForm(Form):
    code = line(
        "一次性响应码",
        PASTED_LETTERS,
        "请填写响应码",
        autocomplete="off",
        autocapitalize="characters",
        spellcheck="false",
    )


class LinkAnswerForm(OnceForm):
    answer = pick_shown("响应", ANSWERS, "请选一项")
    opinion = paragraph("本单位的意见", 1000, "请写一下本单位的意见")
