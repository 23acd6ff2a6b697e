"""The forms of somebody who answers a summons with a one-time link."""

from collections.abc import Mapping

from forms_app.rules.steps import ANSWERS, DECLINED
from forms_app.web.forms.base import PASTED_LETTERS, Form, OnceForm
from forms_app.web.forms.fields import line, offered, paragraph, pick, pick_shown


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
    answer = pick_shown("响应", {**ANSWERS, DECLINED: "不归本单位管"}, "请选一项")
    opinion = paragraph("本单位的意见", 1000, "请写一下本单位的意见")
    whose = pick("不归本单位管的，归谁管")

    def offer(self, units: Mapping[str, str]) -> None:
        """Whose it may be said to be."""
        self.whose.choices = offered(units, "说不清，写在上面")
