"""Whom a summons may call, likeliest first; what was tried before; whom its links were sent to."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from forms_app.community import Circle, Duty
from forms_app.issues.access import Actor, link_refusal
from forms_app.issues.duty_words import likeliest_duty
from forms_app.issues.taken_over import of_work
from forms_app.queries.facts import IssueFacts, PartyFacts, SummonsFacts, facts
from forms_app.rules.keys import CodeKey
from forms_app.rules.procedure import MOVES, PASSING_ON
from forms_app.rules.said import listed, said
from forms_app.rules.steps import Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import AnswerLink, Entry, Issue, Party, Summons

SUMMARY_LETTERS = 200

_RECAPS = {move.name: move.recap for move in MOVES if move.recap}


class PartyOffer(Struct, frozen=True):
    unit: str
    name: str
    reason: str  # what speaks for it; empty where nothing does
    is_suggested: bool
    duties: tuple[Duty, ...]
    likely_duty: str
    is_unreachable: bool  # no officer, no account, no phone
    backup: str  # who stands in, if that unit may be called too


class Tried(Struct, frozen=True):
    """What is known from before an escalation."""

    parties: tuple[str, ...]
    summary: str


class LinkFacts(Struct, frozen=True):
    """A one-time link, without its secret."""

    id: int
    organization_id: str
    expires_at: datetime
    used_at: datetime | None
    replaced_at: datetime | None


class AnswerPage(Struct, frozen=True):
    """What a summoned party without an account must know to answer: no word of any resident."""

    link: LinkFacts
    party: PartyFacts
    summons: SummonsFacts
    number: str
    community_id: str
    refusal: str | None  # why it opens nothing any more


def party_offers(
    circle: Circle, issue: IssueFacts, units: Mapping[str, str]
) -> tuple[PartyOffer, ...]:
    """The units that may be called, those first that are suggested.

    For an A issue the committee's part-time members are, for a B issue the kind's own department
    and of the community's zone officers those whose duties fit what was told; all where none does.
    """
    officers = {
        zone.department_id: said(
            "本社区包片：%(role)s，%(phone)s", role=zone.officer_role, phone=zone.phone
        )
        for zone in circle.zones_of(issue.community_id)
    }
    members = {
        unit: said("街道党工委兼职委员：%(post)s，%(phone)s", post=one.post, phone=one.phone)
        for unit, one in circle.committee_of(issue.community_id).items()
    }
    is_for_leaders = issue.severity_class == "A" and bool(members)
    called = members if is_for_leaders else officers
    category = circle.categories.get(issue.category)
    told = f"{issue.description}，{circle.category_name(issue.category)}"
    with_account = {
        row.organization_id
        for row in Account.select(Account.organization_id).where(
            Account.role == Role.RESPONDER.value, Account.disabled_at.is_null()
        )
    }
    leads = category.department if category is not None else ""
    fitting = {
        unit: likeliest_duty(circle.departments[unit].duties, told)
        for unit in units
        if unit in called or unit == leads
    }
    fits = {unit for unit in called if is_for_leaders or fitting.get(unit)} or set(called)
    offers = []
    for unit, name in units.items():
        reasons: list[str] = []
        if category is not None and unit == leads:
            reasons.append(said("“%(name)s”通常由它牵头", name=category.name))
        if unit in called:
            reasons.append(called[unit])
        department = circle.departments[unit]
        offers.append(
            PartyOffer(
                unit,
                name,
                listed(reasons, "%(before)s；%(one)s"),
                unit == leads or unit in fits,
                department.duties,
                fitting.get(unit, ""),
                not (unit in called or unit in with_account or department.phone),
                department.backup if department.backup in units else "",
            )
        )
    return tuple(
        sorted(
            offers,
            key=lambda offer: (offer.unit != leads, not offer.is_suggested, not offer.reason),
        )
    )


def callers_phone(circle: Circle, actor: Actor, community_id: str) -> str:
    """Under which telephone the actor summoned last; else their community's desk."""
    used = (
        Summons.select(Summons.phone)
        .join(Entry)
        .where(Entry.account == actor.account_id, Summons.phone != "")
        .order_by(Summons.id.desc())
    )
    last: Summons | None = used.first()
    if last is not None:
        return last.phone
    is_desk = actor.community_id == community_id and community_id in circle.communities
    return circle.communities[community_id].hotline if is_desk else ""


def tried_before(circle: Circle, issue: IssueFacts) -> Tried | None:
    """Whom an escalated issue's round called and what came of it; None if it was not escalated."""
    in_round = of_work(issue.id, issue.round_no)
    entries = list(Entry.select().where(in_round).order_by(Entry.id))
    if Step(issue.step) is not Step.CLASSIFIED or not any(e.move in PASSING_ON for e in entries):
        return None
    last = {entry.move: entry.note for entry in entries}
    of_round = (Party.issue == issue.id) & (Summons.round_no == issue.round_no)
    parties = list(Party.select().join(Summons).where(of_round).order_by(Party.id))
    recaps = {
        name: f"{label}：{_short(last[name])}" for name, label in _RECAPS.items() if name in last
    }
    told = [recap for name, recap in recaps.items() if name not in PASSING_ON]
    told += [
        f"{circle.unit_name(row.organization_id)}的意见：{_short(row.opinion)}"
        for row in parties
        if row.opinion
    ]
    told += [recap for name, recap in recaps.items() if name in PASSING_ON]
    units = tuple(dict.fromkeys(row.organization_id for row in parties))
    return Tried(units, "\n".join(told))


def _short(text: str) -> str:
    return text if len(text) <= SUMMARY_LETTERS else f"{text[: SUMMARY_LETTERS - 1]}…"


def links_of(issue_id: int) -> dict[int, LinkFacts]:
    """The newest one-time link of each party now called: party's id → link."""
    rows = (
        AnswerLink.select(AnswerLink, Party)
        .join(Party)
        .where(Party.issue == issue_id, Party.is_current)
        .order_by(AnswerLink.id)
    )
    return {
        row.party.id: facts(LinkFacts, row, organization_id=row.party.organization_id)
        for row in rows
    }


def link_opens(code_key: CodeKey, link_id: int, secret: str, *, is_hurried: bool) -> bool:
    """Whether the secret is that of the one-time link (`is_hurried`: keys.CodeKey.opens)."""
    link = AnswerLink.get_or_none(AnswerLink.id == link_id)
    kept = link.secret_hash if link is not None else ""
    return code_key.opens(kept, secret, is_hurried=is_hurried)


def answer_link(link_id: int, now: datetime) -> AnswerPage | None:
    """What a one-time link opens; None if there is none."""
    rows = (
        AnswerLink.select(AnswerLink, Party, Summons, Issue)
        .join(Party)
        .join(Summons)
        .switch(Party)
        .join(Issue)
        .where(AnswerLink.id == link_id)
    )
    link: AnswerLink | None = rows.first()
    if link is None:
        return None
    party, summons, issue = link.party, link.party.summons, link.party.issue
    return AnswerPage(
        facts(LinkFacts, link, organization_id=party.organization_id),
        facts(PartyFacts, party, reply_by=summons.reply_by),
        facts(SummonsFacts, summons),
        issue.number,
        issue.community_id,
        link_refusal(link, now),
    )
