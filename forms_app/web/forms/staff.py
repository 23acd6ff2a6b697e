"""The staff's forms: sign in, and one form for each move of the procedure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, HiddenField, IntegerField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from forms_app.community import Circle, Duty
from forms_app.rules.procedure import ANSWERS, NATURES, SATISFACTION, SEVERITY_CLASSES, URGENCIES
from forms_app.rules.said import said
from forms_app.web.forms.base import (
    Form,
    OnceForm,
    day,
    line,
    moment,
    offered,
    offered_communities,
    paragraph,
    pick,
    pick_many,
    pick_shown,
    secret,
)
from forms_app.web.forms.photos import WithPhotos
from forms_app.web.forms.resident import EMAIL_LETTERS, ReportForm, email_only, phone_only

MEASURES = 5  # lines of a plan's form
CLASSES = {
    code: said("%(code)s类：%(label)s", code=code, label=said(label))
    for code, label in SEVERITY_CLASSES.items()
}
SEEN = "请填写完整的日期和时间"
NO_DAY = "请填写日期"
LARGEST_ROW_KEY = 2**31 - 1


class SignInForm(Form):
    username = line("用户名", 40, "请填写用户名", autocomplete="username", autocapitalize="none")
    password = secret("密码", "请填写密码", "current-password")


class PasswordForm(Form):
    old_password = secret("现在的密码", "请填写现在的密码", "current-password")
    password = secret("新密码", "请填写新密码", "new-password")
    password_again = secret("再写一遍新密码", "请再写一遍新密码", "new-password")

    def validate_password_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError("两遍写得不一样")


class ReadNoticesForm(Form):
    """The notices up to the one that stood on top of the page."""

    up_to = IntegerField(validators=[NumberRange(1, LARGEST_ROW_KEY)])


RESIDENTS_OWN_CHANNEL = "web"


class CollectForm(ReportForm):
    """What somebody told by telephone, in a chat group or at the counter, written down for them."""

    channel = pick("怎么收集到的", required="请选择收集渠道")
    nature = pick("性质", NATURES, empty="不清楚")
    paper = line("纸质登记表的编号", 20, autocomplete="off")
    received_at = moment("什么时候收到的")
    initial_opinion = paragraph("已经当面答复的初步意见（反映人会看到）", 1000, rows=3)
    opined_at = moment("什么时候答复的")
    consent = BooleanField("反映人同意为办理这件事留下称呼和电话")

    def offer(self, circle: Circle, within: Mapping[str, str] | None = None) -> None:
        super().offer(circle, within)
        channels = {k: v for k, v in circle.channels.items() if k != RESIDENTS_OWN_CHANNEL}
        self.channel.choices = offered(channels, "请选择收集渠道")
        self.reporter_name.label.text = "反映人怎么称呼"
        self.reporter_phone.label.text = "反映人的电话"
        self.reporter_email.label.text = "反映人的邮箱"

    def validate_consent(self, field: Any) -> None:
        """Who leaves neither name, phone nor e-mail has nothing to consent to."""
        if (
            self.reporter_name.data or self.reporter_phone.data or self.reporter_email.data
        ) and not field.data:
            raise ValidationError("请问过反映人，同意了再打勾；不同意就不要填称呼、电话和邮箱")


class PrintForm(OnceForm):
    """How many numbered paper forms, and for which community."""

    community_id = pick("社区", required="请选择社区")
    count = IntegerField(
        "印几张",
        default=10,
        validators=[InputRequired("请填写张数"), NumberRange(1, 50, "一次印1到50张")],
        invalid_value_message="张数请写数字",
    )

    def offer(self, circle: Circle, communities: Mapping[str, str]) -> None:
        """Fills the choice of the community."""
        empty = "请选择社区" if len(communities) > 1 else ""
        self.community_id.choices = offered_communities(circle, communities, empty)


class MoveForm(OnceForm):
    """A move on the case as its maker last saw it."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version of the page it was sent from; 0, which is none, if that was tampered with."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


class OpineForm(MoveForm):
    initial_opinion = paragraph("初步处理意见（反映人会看到）", 1000, "请写一句给反映人看的话")


class ClassifyForm(MoveForm):
    severity_class = pick_shown("类（轻重）", CLASSES, "请选一类")
    urgency = pick_shown("级（缓急）", URGENCIES, "请选一级")
    nature = pick("性质", NATURES, empty="不清楚")
    initial_opinion = paragraph("初步处理意见（反映人会看到）", 1000)


class AssignForm(MoveForm):
    lead = pick("交给谁办", required="请选择一位工作人员")
    reason = paragraph("为什么由社区来办", 500)


class SummonForm(MoveForm):
    """`summon_form` adds two fields a unit: `duty-<unit>` and `words-<unit>`."""

    subject = line("什么事（一句话）", 100)
    parties = pick_many("号召哪些单位", "请至少选择一个单位")
    asked = paragraph("请他们做什么", 1000, "请写明要他们做什么", rows=5)
    meet_at = moment("什么时候碰面")
    place = line("在哪里碰面", 100)
    reply_by = moment("请在什么时候以前响应", SEEN)

    def duty_of(self, unit: str) -> str:
        """On which duty the unit is called: in the caller's own words, or as it was chosen."""
        return str(self[f"words-{unit}"].data or self[f"duty-{unit}"].data or "")


def summon_form(duties: Mapping[str, Sequence[Duty]]) -> type[SummonForm]:
    """The form for a summons that may call these units, each with its duties to choose from."""
    fields: dict[str, object] = {}
    for unit, known in duties.items():
        choices = {
            one.text: said("%(duty)s（依据%(basis)s）", duty=one.text, basis=one.basis)
            for one in known
        }
        fields[f"duty-{unit}"] = pick("依据哪条职责", choices, empty="不写依据")
        fields[f"words-{unit}"] = line("或者自己写请它做什么", 100)
    return type("SummonFormOfUnits", (SummonForm,), fields)


class AnswerForm(MoveForm):
    answer = pick_shown("响应", ANSWERS, "请选一项")
    opinion = paragraph("本单位的意见", 1000, "请写一下本单位的意见")


class PlanForm(MoveForm):
    """With `MEASURES` lines of what_1, lead_1, assist_1, due_on_1 …; an empty line is none."""

    plan = paragraph("联合解决方案（反映人会看到）", 2000, "请写明解决方案")
    lead = pick("主办单位", required="请选择主办单位")
    assist = pick_many("协办单位")

    @property
    def measures(self) -> list[tuple[str, str, str, date | None]]:
        """The lines in which anything was written: what, who leads, who assists, by when."""
        lines = [
            tuple(self[f"{name}_{place}"].data for name in ("what", "lead", "assist", "due_on"))
            for place in range(1, MEASURES + 1)
        ]
        return [(what, lead, assist, day) for what, lead, assist, day in lines if what or day]


for _place in range(1, MEASURES + 1):
    setattr(
        PlanForm,
        f"what_{_place}",
        line(said("第%(place)s条做什么", place=_place), 100, placeholder=" "),
    )
    setattr(PlanForm, f"lead_{_place}", pick("谁负责"))
    setattr(PlanForm, f"assist_{_place}", pick("谁协办"))
    setattr(PlanForm, f"due_on_{_place}", day("哪天以前"))


class ProgressForm(MoveForm, WithPhotos):
    note = paragraph("办理进展（反映人会看到）", 1000, "请写一下办到哪里了")
    done = pick_many("方案里已经做完的措施")


class ExtendForm(MoveForm):
    new_due_on = day("延到哪一天", "请填写新的日期")
    reason = paragraph("延期理由（反映人会看到）", 500, "请写明延期理由")


class ResolveForm(MoveForm, WithPhotos):
    outcome = paragraph("办了什么、结果怎样（反映人会看到）", 1000, "请写明办了什么、结果怎样")


class EscalateForm(MoveForm):
    reason = paragraph("为什么没能按方案解决", 1000, "请写明升级的理由")


class ExplainForm(MoveForm):
    explanation = paragraph("为什么没能解决（反映人会看到）", 1000, "请向反映人说明情况")
    review_on = day("下次研究的日期", "请填写下次研究的日期")


class EvaluateForm(MoveForm):
    satisfaction = pick_shown("反映人的评价", SATISFACTION, "请选一项")
    comment = paragraph("反映人怎么说", 1000)
    asked_at = moment("什么时候问的", SEEN)
    asked_how = line("怎么问的", 100, "请写明怎么问的，例如：电话、上门")


class ShelveForm(MoveForm):
    tried_on_1 = day("第一次联系日期", "请填写日期")
    how_1 = line("第一次怎么联系的", 100, "请写明怎么联系的")
    tried_on_2 = day("第二次联系日期", "请填写日期")
    how_2 = line("第二次怎么联系的", 100, "请写明怎么联系的")
    tried_on_3 = day("第三次联系日期", "请填写日期")
    how_3 = line("第三次怎么联系的", 100, "请写明怎么联系的")


class TransferForm(MoveForm):
    authority = line("哪个部门有权处理", 60, "请写明有权处理的部门")
    reason = paragraph("理由和办理渠道（反映人会看到）", 1000, "请写明理由")


class MergeForm(MoveForm):
    merged_into = line("并入哪个问题（编号）", 12, "请填写问题编号", inputmode="numeric")


class JoinForm(MoveForm):
    merged_into = line(
        "反映人说和哪个问题是同一件事（编号）", 12, "请填写问题编号", inputmode="numeric"
    )


class SeparateForm(MoveForm):
    other = line("和哪个问题不是同一件事（编号）", 12, "请填写问题编号", inputmode="numeric")


class ReopenForm(MoveForm):
    reason = paragraph("重启理由", 500, "请写明重启理由")


class CorrectForm(MoveForm):
    """One thing to put right at a time: whichever differs from what the issue says now."""

    community_id = pick("所属社区")
    estate_id = pick("所属小区")
    location = line("具体位置", 100)
    category = pick("问题类别")
    nature = pick("性质", NATURES, empty="不清楚")
    reporter_name = line("称呼", 30)
    reporter_phone = line("联系电话", 20, type="tel", inputmode="tel")
    reporter_email = line("邮箱", EMAIL_LETTERS, type="email", inputmode="email")
    severity_class = pick("类（轻重）", CLASSES)
    urgency = pick("级（缓急）", URGENCIES)
    reason = paragraph("更正理由", 500, "请写明更正理由")

    validate_reporter_phone = staticmethod(phone_only)
    validate_reporter_email = staticmethod(email_only)


MOVE_FORMS: dict[str, type[MoveForm]] = {
    "join": JoinForm,
    "opine": OpineForm,
    "classify": ClassifyForm,
    "assign": AssignForm,
    "summon": SummonForm,
    "answer": AnswerForm,
    "plan": PlanForm,
    "progress": ProgressForm,
    "extend": ExtendForm,
    "resolve": ResolveForm,
    "escalate": EscalateForm,
    "explain": ExplainForm,
    "evaluate": EvaluateForm,
    "shelve": ShelveForm,
    "transfer": TransferForm,
    "merge": MergeForm,
    "separate": SeparateForm,
    "reopen": ReopenForm,
    "correct": CorrectForm,
}
