"""The staff's forms beside those of the moves: signing in, notices, intake, paper forms."""

from collections.abc import Mapping

from wtforms import BooleanField, Field, HiddenField, RadioField, ValidationError
from wtforms.validators import Optional

from forms_app.casework.intake import ENTERED_WITHIN_DAYS
from forms_app.casework.papers import MOST_SHEETS
from forms_app.community import Circle, still_open
from forms_app.rules.keys import PASSWORD_LETTERS
from forms_app.rules.said import said
from forms_app.rules.steps import NATURES, SATISFACTION
from forms_app.web.addresses import LARGEST_KEY
from forms_app.web.forms.base import Form, OnceForm
from forms_app.web.forms.fields import (
    NO_SUCH_CHOICE,
    agreement,
    line,
    moment,
    offered,
    offered_communities,
    paragraph,
    pick,
    secret,
    whole_number,
)
from forms_app.web.forms.resident import PHONE_LETTERS, ReportForm, phone_only


class SignInForm(Form):
    username = line("用户名", 40, "请填写用户名", autocomplete="username", autocapitalize="none")
    password = secret("密码", "请填写密码", "current-password")


class PasswordForm(Form):
    shortest = said("至少%(letters)s个字符，可以用一句只有自己知道的话。", letters=PASSWORD_LETTERS)

    old_password = secret("现在的密码", "请填写现在的密码", "current-password")
    password = secret("新密码", "请填写新密码", "new-password")
    password_again = secret("再写一遍新密码", "请再写一遍新密码", "new-password")

    def validate_password_again(self, field: Field) -> None:
        if field.data != self.password.data:
            raise ValidationError("两遍写得不一样")


class OwnPasswordForm(PasswordForm):
    """In the place of one that an administrator gave, with which they have just signed in."""

    old_password = None


class CodeForm(Form):
    """The six digits of a telephone, or a code from paper."""

    code = line("验证码", 40, "请填写验证码", autocomplete="one-time-code", inputmode="numeric")


class FactorForm(OnceForm):
    """What setting up, renewing and removing a second factor ask for."""

    seed = HiddenField()
    code = line(
        "手机上的六位数", 20, "请填写手机上的六位数",
        autocomplete="one-time-code", inputmode="numeric",
    )  # fmt: skip
    password = secret("现在的密码", "请填写现在的密码", "current-password")


class EndSessionForm(Form):
    """One of the own sessions, or with 0 all but the one that asks."""

    session = whole_number("", 0, LARGEST_KEY, NO_SUCH_CHOICE)


class CallerForm(Form):
    """By what a resident is looked for."""

    asked = line("电话或姓名", 40, "请写电话或姓名", autocomplete="off")


class NumberForm(Form):
    """The number that somebody calls from, in a form whose other fields are not looked at yet."""

    reporter_phone = line("反映人的电话", PHONE_LETTERS, "请先写来电的号码")

    validate_reporter_phone = staticmethod(phone_only)


class ReadNoticesForm(Form):
    """The notices up to the one that stood on top of the page."""

    up_to = whole_number("", 1, LARGEST_KEY, NO_SUCH_CHOICE)


RESIDENTS_OWN_CHANNEL = "web"


class CollectForm(ReportForm):
    """What somebody told by telephone, in a chat group or at the counter, written down for them."""

    days_ago = ENTERED_WITHIN_DAYS  # at most
    channel = pick("怎么收集到的", required="请选择收集渠道")
    nature = pick("性质", NATURES, empty="不清楚")
    paper = line("纸质登记表的编号", 20, autocomplete="off")
    received_at = moment("什么时候收到的")
    initial_opinion = paragraph("已经当面答复的初步意见（反映人会看到）", 1000, rows=3)
    opined_at = moment("什么时候答复的")
    settles = BooleanField("答复完就办好了，不用再派人")
    verdict = RadioField(
        "反映人当时怎么说（只有咨询可以当场记）",
        choices=[],
        default="",
        validators=[Optional()],
        invalid_choice_message=NO_SUCH_CHOICE,
    )
    consent = agreement("反映人同意为办理这件事留下称呼、电话、邮箱")
    consent_missing = "请问过反映人，同意了再打勾；不同意就不要填称呼、电话和邮箱"

    def offer(self, circle: Circle, within: Mapping[str, str] | None = None) -> None:
        super().offer(circle, within)
        channels = {k: v for k, v in circle.channels.items() if k != RESIDENTS_OWN_CHANNEL}
        self.channel.choices = offered(still_open(channels), "请选择收集渠道")
        if "verdict" in self:  # not where nobody may settle anything
            satisfied = circle.satisfied_levels
            levels = {key: words for key, words in SATISFACTION.items() if key in satisfied}
            self.verdict.choices = offered(levels, "没有问，或者请反映人自己评")
        self.reporter_name.label.text = "反映人怎么称呼"
        self.reporter_phone.label.text = "反映人的电话"
        self.reporter_email.label.text = "反映人的邮箱"
        self.tell_by.label.text = "怎么告诉反映人"


class PrintForm(OnceForm):
    """How many numbered paper forms, and for which community."""

    most = MOST_SHEETS
    community_id = pick("社区", required="请选择社区")
    count = whole_number(
        "印几张", 1, MOST_SHEETS, said("一次印1到%(most)s张", most=MOST_SHEETS),
        required="请填写张数", default=10,
    )  # fmt: skip

    def offer(self, circle: Circle, communities: Mapping[str, str]) -> None:
        """Fills the choice of the community."""
        empty = "请选择社区" if len(communities) > 1 else ""
        self.community_id.choices = offered_communities(circle, still_open(communities), empty)
