"""Calling parties together: the form filled in advance, and a one-time link for each party.

What is known is written down, nothing is sent by itself.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Self

from flask import session, url_for
from werkzeug.datastructures import MultiDict

from forms_app import casework, queries
from forms_app.community import Circle, Duty
from forms_app.rules.said import said
from forms_app.rules.steps import REPLY_WITHIN, Step
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.fields import line, moment, offered, paragraph, pick, pick_many
from forms_app.web.forms.resident import PHONE_LETTERS, phone_only
from forms_app.web.request import code_key, need_staff, this_moment
from forms_app.web.staff.codes import GivenLinks, answer_secret
from forms_app.web.staff.move import NO_MOMENT, MoveForm, StaffMove

AT_ONCE = 1  # the urgency that waits for no morning
NIGHT, DAY, MORNING = time(22), time(8), time(9)


class SummonForm(MoveForm):
    """For a case it has two more fields for each unit: `duty-<unit>` and `words-<unit>`."""

    subject = line("什么事（一句话）", 100)
    parties = pick_many("号召哪些单位", "请至少选择一个单位")
    asked = paragraph("请他们做什么", 1000, "请写明要他们做什么", rows=5)
    meet_at = moment("什么时候碰面")
    place = line("在哪里碰面", 100)
    reply_by = moment("请在什么时候以前响应", NO_MOMENT)
    phone = line("您的电话", PHONE_LETTERS, type="tel", inputmode="tel", autocomplete="tel")
    validate_phone = staticmethod(phone_only)

    offers: tuple[queries.PartyOffer, ...] = ()

    @classmethod
    def for_case(
        cls,
        circle: Circle,
        case: queries.Case,
        typed: MultiDict[str, str] | None,
        _draft: Mapping[str, str],
    ) -> Self:
        issue = case.issue
        units = casework.callable_units(circle, issue.severity_class, issue.community_id)
        offers = queries.party_offers(circle, issue, units)
        made = cls._with_duties({offer.unit: offer.duties for offer in offers})
        likely = {f"duty-{offer.unit}": offer.likely_duty for offer in offers}
        phone = {"phone": queries.callers_phone(circle, need_staff(), issue.community_id)}
        known = _known(circle, case, units, this_moment())
        form = made(formdata=typed, **likely | phone | known)
        form.parties.choices = offered(units)
        form.offers = offers
        return form

    @classmethod
    def _with_duties(cls, duties: Mapping[str, Sequence[Duty]]) -> type[Self]:
        """The form for a summons that may call these units, each with its duties to choose from."""
        fields: dict[str, object] = {}
        for unit, known in duties.items():
            choices = {
                one.text: said("%(duty)s（依据%(basis)s）", duty=one.text, basis=one.basis)
                for one in known
            }
            fields[f"duty-{unit}"] = pick("依据哪条职责", choices, empty="不写依据")
            fields[f"words-{unit}"] = line("或者自己写请它做什么", 100)
        return type("SummonFormOfUnits", (cls,), fields)

    def duty_of(self, unit: str) -> str:
        """On which duty the unit is called: in the caller's own words, or as it was chosen."""
        return str(self[f"words-{unit}"].data or self[f"duty-{unit}"].data or "")

    def said(self, case: queries.Case) -> dict[str, Any]:
        called: Sequence[str] = self.parties.data
        return {
            "parties": called,
            "asked": self.asked.data,
            "reply_by": self.reply_by.data,
            "subject": self.subject.data,
            "place": self.place.data,
            "meet_at": self.meet_at.data,
            "phone": self.phone.data,
            "duties": {unit: self.duty_of(unit) for unit in called},
            "link_hashes": {
                unit: code_key().hashed(
                    answer_secret(case.issue.number, self.seen_version, self.key, unit)
                )
                for unit in self.parties.data
            },
        }


def _known(
    data: Circle, case: queries.Case, units: dict[str, str], at: datetime
) -> dict[str, object]:
    reply_by = _reply_by(at, case.issue.urgency or 3)
    if case.summons is not None and case.step is Step.RESPONDING:
        return _called_before(data, case, reply_by, at)
    issue = case.issue
    where = f"{data.estate_name(issue.estate_id)}{issue.location}"
    told = "：".join(part for part in (where, data.category_name(issue.category)) if part)
    known: dict[str, object] = {"subject": told[:100], "reply_by": reply_by.astimezone(CHINA)}
    tried = queries.tried_before(data, issue)
    if tried is not None:
        category = data.categories.get(issue.category)
        lead = [category.department] if category is not None else []
        known["parties"] = [unit for unit in (*tried.parties, *lead) if unit in units]
        known["asked"] = ("请到现场会商，定出新方案。\n" + tried.summary)[:1000]
    return known


def _reply_by(at: datetime, urgency: int) -> datetime:
    """By when to answer, as it is offered: by night only where it cannot wait."""
    by = (at + REPLY_WITHIN[urgency]).astimezone(CHINA)
    if urgency == AT_ONCE or DAY <= by.time() < NIGHT:
        return by
    day = by.date() + timedelta(days=by.time() >= NIGHT)
    return datetime.combine(day, MORNING, CHINA)


def _called_before(
    data: Circle, case: queries.Case, suggested: datetime, at: datetime
) -> dict[str, object]:
    """The summons that runs, to be made again for whoever has not answered."""
    summons = case.summons
    assert summons is not None  # noqa: S101 (asked only where there is one)
    reply_by = summons.reply_by if summons.reply_by > at else suggested
    known: dict[str, object] = {
        "subject": summons.subject,
        "asked": summons.asked,
        "place": summons.place,
        "reply_by": reply_by.astimezone(CHINA),
        "parties": [row.organization_id for row in case.parties if row.answered_at is None],
    }
    if summons.meet_at is not None and summons.meet_at > at:
        known["meet_at"] = summons.meet_at.astimezone(CHINA)
    for row in case.parties:
        unit = data.departments.get(row.organization_id)
        is_listed = unit is not None and row.duty in [duty.text for duty in unit.duties]
        known[f"{'duty' if is_listed else 'words'}-{row.organization_id}"] = row.duty
    return known


def _show_links(form: SummonForm, case: queries.Case) -> str:
    """Keeps by which press there are new links, for the one page that shows their codes."""
    newest = queries.links_of(case.issue.id)
    links = {link.organization_id: link.id for link in newest.values()}
    session["given_links"] = GivenLinks(
        number=case.issue.number,
        version=form.seen_version,
        press=form.key,
        links={unit: links[unit] for unit in form.parties.data if unit in links},
    )
    return url_for("summons.links", number=case.issue.number)


def _title(case: queries.Case) -> str:
    return "再次号召" if case.step is Step.RESPONDING else "发出号召"


def _hint(case: queries.Case) -> str:
    if case.step is Step.RESPONDING:
        return (
            "补请漏掉的单位，或改约时间、重发链接。已经响应的，答复都保留；"
            "勾选到的单位会得到新的一次性链接。"
        )
    return (
        "一家一句，写清请谁做什么、什么时候在哪里碰面。"
        "反映人能看到请了哪些单位，请不要写居民的姓名和电话。"
    )


MOVE = StaffMove(
    casework.summon,
    SummonForm,
    title=_title,
    hint=_hint,
    fields="staff/moves/summon.html",
    leads_to=_show_links,
)
