"""The residents' forms: report, ticket, verdict, withdraw, reopen, rating."""

from collections.abc import Collection, Mapping

from wtforms import BooleanField, Field, HiddenField, ValidationError

from forms_app.community import Circle, still_open
from forms_app.rules.bad_ratings import BAD_LEVELS
from forms_app.rules.emails import is_email
from forms_app.rules.lengths import LETTER_LETTERS
from forms_app.rules.phones import dialled, is_none, mistyped_mobile
from forms_app.rules.projects import Answer
from forms_app.rules.said import said
from forms_app.rules.steps import SATISFACTION, WAY_NATURES
from forms_app.rules.told_by import TellBy, ways_left
from forms_app.rules.waking import Woken
from forms_app.web.forms.base import PASTED_LETTERS, Form, OnceForm, cleaned
from forms_app.web.forms.fields import (
    agreement,
    line,
    offered,
    offered_communities,
    paragraph,
    pick,
    pick_shown,
)
from forms_app.web.forms.gate import WithGate
from forms_app.web.forms.photos import WithPhotos
from forms_app.web.request import settings
from forms_app.web.ways import ways_set_up

NONE_OF_THEM = "none"
NOT_DONE = "no"
EMAIL_LETTERS = 100
PHONE_LETTERS = 40
# Whoever leaves one of these is asked whether it may be kept; report.js asks by the same names.
CONSENT = "同意为办这件事留下称呼、电话、邮箱"
CONSENT_MISSING = "留了称呼、电话或邮箱，请在这里打勾；不想留，把它们空着就行"
CONTACTS = ("reporter_name", "reporter_phone", "reporter_email")


def email_only(_form: object, field: Field) -> None:
    if field.data and not is_email(field.data):
        raise ValidationError("邮箱请写成 name@example.cn 这样；不想留可以空着")


def phone_only(_form: object, field: Field) -> None:
    if field.data and is_none(field.data):
        field.data = ""
    if field.data and dialled(field.data) is None:
        raise ValidationError("电话只写数字，例如 13800000000；不想留可以空着")
    if digits := mistyped_mobile(field.data or ""):
        raise ValidationError(
            said("手机号是11位，您写了%(digits)s位，请看看是不是漏了或者多了", digits=digits)
        )


class ReportForm(OnceForm, WithPhotos):
    description = paragraph("发生了什么事", LETTER_LETTERS, "请写一下发生了什么事", rows=6)
    community_id = pick("在哪个社区", required="请选择小区，或者社区")
    estate_id = pick("在哪个小区")
    location = line("几栋几单元，或旁边有什么", 100)
    category = pick("是哪一类问题")
    service = HiddenField()  # from whose page it came, ticked; of one that is gone, nothing
    reporter_name = line("怎么称呼您", 30, autocomplete="name")
    reporter_phone = line(
        "联系电话", PHONE_LETTERS, type="tel", autocomplete="tel", inputmode="tel"
    )
    reporter_email = line(
        "邮箱", EMAIL_LETTERS, type="email", autocomplete="email", inputmode="email"
    )
    tell_by = pick("怎么告诉您")
    consent = agreement(CONSENT, **{"data-for": " ".join(CONTACTS)})
    consent_missing = CONSENT_MISSING

    def validate_consent(self, field: Field) -> None:
        """Who leaves neither name, phone nor e-mail has nothing to consent to."""
        if any(self[name].data for name in CONTACTS) and not field.data:
            raise ValidationError(self.consent_missing)

    def validate_tell_by(self, field: Field) -> None:
        """Whoever left nothing is told nothing; of whom left one contact, the way follows."""
        open_to_them = ways_left(self.reporter_phone.data, self.reporter_email.data)
        if not open_to_them:
            field.data = ""
        elif field.data not in open_to_them:
            if field.data != TellBy.PHONE:
                raise ValidationError("这样告诉要先留下电话或邮箱，请留一个，或者换一种")
            has_mail = TellBy.EMAIL in ways_set_up(settings())
            field.data = TellBy.EMAIL.value if has_mail else ""

    validate_reporter_phone = staticmethod(phone_only)
    validate_reporter_email = staticmethod(email_only)

    def offer(self, circle: Circle, within: Mapping[str, str] | None = None) -> None:
        """Fills the choices from the community's data; `within` are the communities offered."""
        communities = within
        if communities is None:
            communities = {c.id: c.name for c in circle.communities.values()}
        communities = still_open(communities)
        self.community_id.choices = offered_communities(
            circle, communities, "请选择社区" if len(communities) > 1 else ""
        )
        estates = offered({}, "不在小区里，或不清楚")
        for community_id in communities:
            own = {e.id: e.name for e in circle.estates.values() if e.community_id == community_id}
            estates += offered(still_open(own), group=circle.community_words(community_id))
        self.estate_id.choices = estates
        # Of the two, the estate is enough.
        self.community_id.flags.required = False
        self._follow_estate(circle, communities)
        if self.service.data and self.service.data not in circle.wanted_services:
            self.service.data = ""
        self.tell_by.choices = offered(ways_set_up(settings()))
        # What was written down without a line may be of before it was asked.
        self.tell_by.data = self.tell_by.data or TellBy.PHONE.value
        self.category.choices = offered(
            still_open({c.code: c.name for c in circle.categories.values()}), "不清楚，由社区判断"
        )

    @property
    def way(self) -> str:
        """By which way of a service's page it came (steps.SERVICE_WAYS); "" for none."""
        return str(self.service.data or "").partition(":")[0]

    @property
    def nature(self) -> str:
        """What is wanted, where the service's page has said it."""
        return WAY_NATURES.get(self.way, "")

    def _follow_estate(self, circle: Circle, communities: Mapping[str, str]) -> None:
        """Whoever chose the estate has said the community, too."""
        estate = circle.estates.get(self.estate_id.data or "")
        if estate is not None and estate.community_id in communities:
            field = self.community_id
            if not field.data:
                field.data, field.raw_data = estate.community_id, [estate.community_id]


class VisitorsReportForm(ReportForm, WithGate):
    """The report as anybody sends it who is not signed in."""


class TicketForm(Form):
    ticket = line(
        "查询码", PASTED_LETTERS, "请填写查询码", autocomplete="off", autocapitalize="characters"
    )
    # What was written of which issue, before its ticket was asked for again.
    written = HiddenField(filters=[cleaned])
    about = HiddenField()


class VerdictForm(OnceForm, WithPhotos):
    """One of two on a page: that it is done, or that it is not yet."""

    is_done = HiddenField()
    satisfaction = pick_shown("您满意吗", SATISFACTION, "请选一项")
    comment = paragraph("想说的话", 1000)
    may_tell = BooleanField("可以把这件事写给大家看")

    def says_not_done(self, circle: Circle) -> bool:
        """Which of the two it was, by the level that was chosen, else by the form itself."""
        level = str(self.satisfaction.data or "")
        if level in map(str, SATISFACTION):
            return int(level) not in circle.satisfied_levels
        return bool(self.is_done.data == NOT_DONE)


class WithdrawForm(OnceForm):
    reason = paragraph("为什么撤回", 500)


class JoinForm(OnceForm):
    """Which of the offered issues is the same; pressed where the ticket is shown, it goes along."""

    same = HiddenField()  # the code of an offer, or NONE_OF_THEM
    ticket = HiddenField()


class ReopenForm(OnceForm):
    reason = paragraph("为什么要重新办理", 500, "请写一下为什么要重新办理")


class ReplyForm(OnceForm, WithPhotos):
    text = paragraph("想补充什么", LETTER_LETTERS, rows=4)

    def as_answer(self) -> None:
        """The community has asked, and what is written here answers it."""
        self.text.label.text = "您的回答"


class UndoForm(OnceForm):
    pass


class AskedAfterForm(OnceForm):
    """Whether a project made it better: each of two buttons is the whole answer."""

    answer = HiddenField()

    def validate_answer(self, field: Field) -> None:
        """Refuses what is none of the two: nobody's answer is assumed."""
        if field.data not in set(Answer):
            raise ValidationError("请按“好了”或“还有”")


class UntellForm(OnceForm):
    """What is told in public of the issue is taken back."""


class TellByForm(OnceForm):
    """How to be told from now on, of the ways that are open to this resident."""

    tell_by = pick_shown("怎么告诉您", {}, "请选一项")

    def offer(self, open_to_them: Collection[TellBy]) -> None:
        ways = ways_set_up(settings())
        self.tell_by.choices = offered({way: ways[way] for way in ways if way in open_to_them})


class WakeForm(Form):
    """What a script puts in: how this browser is woken. Without one there is nothing."""

    endpoint = HiddenField()
    p256dh = HiddenField()
    auth = HiddenField()
    made_for = HiddenField()

    @property
    def woken(self) -> Woken:
        return Woken(*(str(self[one].data or "") for one in _WOKEN))


_WOKEN = ("endpoint", "p256dh", "auth", "made_for")


class DisputeForm(OnceForm):
    meant = paragraph("您的意思是", 1000, rows=3)


class InsistForm(OnceForm):
    words = paragraph("想说的话", 1000, rows=3)


class RatingForm(OnceForm, WithPhotos, WithGate):
    """How satisfied somebody is; and of who is not, why, and whom to tell what came of it."""

    about = HiddenField()
    satisfaction = pick_shown("您满意吗", SATISFACTION, "请选一项")
    reason = pick_shown("哪里不满意", {})
    community_id = pick("在哪个社区")
    reporter_phone = line(
        "联系电话", PHONE_LETTERS, type="tel", autocomplete="tel", inputmode="tel"
    )
    consent = agreement("同意为办这件事留下电话", **{"data-for": "reporter_phone"})
    comment = paragraph("想说的话", 1000)

    validate_reporter_phone = staticmethod(phone_only)

    def validate_consent(self, field: Field) -> None:
        if self.is_bad and self.reporter_phone.data and not field.data:
            raise ValidationError("留了电话，请在这里打勾；不想留，把它空着就行")

    def offer(self, circle: Circle) -> None:
        """Fills in what may be wrong with the thing, and where it is to be had."""
        about = self.about.data or ""
        self.reason.choices = offered(circle.reasons_for(about) | {"": "只评价，不用人来办"})
        here = {one: circle.communities[one].name for one in circle.rated_communities(about)}
        several = "请选择社区" if len(here) > 1 else ""
        self.community_id.choices = offered_communities(circle, here, several)
        # A radio of none is none, not something that there is no choice of.
        self.reason.data = self.reason.data or ""

    @property
    def is_bad(self) -> bool:
        """Whether the level that was chosen is one of those that lead to work."""
        return str(self.satisfaction.data) in map(str, BAD_LEVELS)

    @property
    def leads_to_work(self) -> bool:
        """Whether somebody has to see to it once it is sent."""
        return self.is_bad and bool(self.reason.data or self.reporter_phone.data)
