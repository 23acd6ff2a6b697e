"""The forms of the two-way assessment: to say something, to answer, to tell what came of it."""

from collections.abc import Mapping

from forms_app.rules.two_way import KINDS, LEVELS, SUBJECT_LETTERS, WORDS_LETTERS, quarter_words
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.fields import day, line, offered, paragraph, pick, pick_shown


class SayForm(SeenForm):
    """One form for every kind; what a kind does not ask for is taken away."""

    quarter = pick("哪个季度", required="请选择季度")
    subdistrict_id = pick("街道")
    organization_id = pick("部门", required="请选择部门")
    level = pick_shown("这一季度", LEVELS, "请选一档")
    subject = line("关于什么", SUBJECT_LETTERS, "请用一句话写明")
    words = paragraph("具体情况", WORDS_LETTERS, "请写明具体情况", rows=5)
    planned_on = day("打算哪天", "请写明打算哪天")

    def offer(
        self,
        kind: str,
        subdistricts: Mapping[str, str],
        units: Mapping[str, str],
        quarters: tuple[str, ...] = (),
    ) -> None:
        """What this kind asks, between these offices; nothing where there is no choice."""
        known = KINDS[kind]
        self.words.label.text = known.words
        if not (known.has_level and quarters):
            del self.quarter
        else:
            self.quarter.choices = offered({one: quarter_words(one) for one in quarters})
        if not known.has_level:
            del self.level
        if known.subject:
            self.subject.label.text = known.subject
        else:
            del self.subject
        if not known.is_planned:
            del self.planned_on
        self._offer_offices(subdistricts, units)

    def _offer_offices(self, subdistricts: Mapping[str, str], units: Mapping[str, str]) -> None:
        if len(subdistricts) < 2:
            del self.subdistrict_id
        else:
            self.subdistrict_id.choices = offered(subdistricts, "请选择街道")
        if len(units) < 2:
            del self.organization_id
        else:
            self.organization_id.choices = offered(units, "请选择部门")


class AnswerForm(SeenForm):
    answer = pick_shown("意见", {}, "请选一项")
    words = paragraph("理由或说明", WORDS_LETTERS, "请写明理由或说明", rows=4)

    def offer(self, answers: Mapping[str, str]) -> None:
        """The choices of this kind; words alone where it has none."""
        if answers:
            self.answer.choices = offered(answers)
        else:
            del self.answer


class FinishForm(SeenForm):
    done_on = day("哪天查的", "请写明哪天查的")
    found = paragraph("查出了什么", WORDS_LETTERS, "请写明查出了什么；没有问题也写一句", rows=4)


class WithdrawAssessmentForm(SeenForm):
    reason = line("为什么撤回", 200, "请写明为什么撤回")
