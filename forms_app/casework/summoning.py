"""Calling the parties together: whom, why, where and when, and the one-time links to answer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from forms_app.casework.errors import NotPossible
from forms_app.casework.sentences import ended
from forms_app.casework.turn import turn
from forms_app.community import Circle, still_open
from forms_app.issues.access import Actor
from forms_app.issues.silence import first_answer_due
from forms_app.rules.day_parts import part_of_date
from forms_app.rules.worktime import deadline_words
from forms_app.store.models import AnswerLink, Entry, Issue, Party, Summons

LINK_LASTS_AFTER_REPLY = timedelta(days=2)
LINK_LASTS_AT_MOST = timedelta(days=14)


def callable_units(circle: Circle, severity_class: str | None, community_id: str) -> dict[str, str]:
    """Whom a summons may call, id → name: for A the district's departments, for B any unit.

    Stations and partners that serve one sub-district alone are called by its communities only.
    """
    subdistrict = circle.subdistrict_of(community_id)
    units = {
        unit.id: unit.name
        for unit in circle.departments.values()
        if (severity_class != "A" or unit.kind == "department")
        and unit.subdistrict in ("", subdistrict.id if subdistrict else "")
    }
    return still_open(units)


def summon(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    parties: Sequence[str],
    asked: str,
    reply_by: datetime,
    subject: str = "",
    place: str = "",
    meet_at: datetime | None = None,
    phone: str = "",
    duties: Mapping[str, str] | None = None,
    link_hashes: Mapping[str, str] | None = None,
    now: datetime,
) -> Entry:
    """Calls the parties to answer by `reply_by`; the caller is whoever summons.

    `duties` says by unit on which duty the call rests, `link_hashes` gives units a one-time link:
    what is kept of its secret (keys.CodeKey). `phone` is the caller's own, for the called alone.
    While they respond it may be made again: who answered keeps the answer, links given out before
    to those called now open nothing any more.
    """
    called = list(dict.fromkeys(parties))
    hashes = link_hashes or {}
    with turn(circle, actor, number, version, "summon", now) as t:
        t.need(asked=asked)
        units = callable_units(circle, t.issue.severity_class, t.issue.community_id)
        if not called or any(unit not in units for unit in called):
            raise NotPossible("parties", "请至少选择一个可以号召的单位。")
        if reply_by <= now:
            raise NotPossible("reply_by", "响应期限已经过去，请填以后的时间。")
        if meet_at is not None and meet_at <= now:
            raise NotPossible("meet_at", "碰面时间已经过去，请填以后的时间。")
        names = "、".join(units[unit] for unit in called)
        about = ended(subject) if subject else ""
        told = f"{about}{ended(asked)}{_meeting(place, meet_at, now)}"
        links = "已给各家发一次性响应链接，以前发的作废。" if hashes else ""
        entry = t.record(
            changes={**t.as_caller, "reply_by": reply_by},
            line={"parties": names, "reply_by": part_of_date(reply_by, now)},
            note=f"号召：{_with_duties(units, called, duties or {})}。{told}{links}",
        )
        summons = Summons.create(
            issue=t.issue,
            entry=entry,
            round_no=t.issue.round_no,
            severity_class=t.issue.severity_class,
            asked=asked,
            reply_by=reply_by,
            subject=subject,
            place=place,
            meet_at=meet_at,
            phone=phone,
        )
        for unit in called:
            party = call_party(circle, summons, unit, (duties or {}).get(unit, ""))
            _replace_links(party, now)
            if unit in hashes:
                AnswerLink.create(
                    party=party,
                    entry=entry,
                    secret_hash=hashes[unit],
                    issued_at=now,
                    expires_at=min(reply_by + LINK_LASTS_AFTER_REPLY, now + LINK_LASTS_AT_MOST),
                )
        Issue.update(answers_due_at=first_answer_due(t.issue)).where(
            Issue.id == t.issue.id
        ).execute()
        return entry


def _with_duties(units: Mapping[str, str], called: Sequence[str], duties: Mapping[str, str]) -> str:
    return "、".join(
        f"{units[unit]}（{duties[unit]}）" if duties.get(unit) else units[unit] for unit in called
    )


def _meeting(place: str, meet_at: datetime | None, now: datetime) -> str:
    parts = [deadline_words(meet_at, now) if meet_at is not None else "", place]
    told = "，".join(part for part in parts if part)
    return "碰面：" + told + "。" if told else ""


def call_party(circle: Circle, summons: Summons, unit: str, duty: str) -> Party:
    """The unit's row under this summons; one that was called before keeps its answer."""
    known = circle.departments[unit].duties
    basis = next((one.basis for one in known if one.text == duty), "")
    party = Party.get_or_none(
        (Party.issue == summons.issue) & Party.is_current & (Party.organization_id == unit)
    )
    if party is None:
        return Party.create(
            summons=summons,
            issue=summons.issue,
            organization_id=unit,
            duty=duty,
            duty_basis=basis,
        )
    changes: dict[str, object] = {"summons": summons.id}
    if duty:
        changes |= {"duty": duty, "duty_basis": basis}
    Party.update(changes).where(Party.id == party.id).execute()
    return party


def _replace_links(party: Party, now: datetime) -> None:
    AnswerLink.update(replaced_at=now).where(
        AnswerLink.party == party, AnswerLink.used_at.is_null(), AnswerLink.replaced_at.is_null()
    ).execute()
