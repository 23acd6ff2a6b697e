"""Who will do it: a worker assigned, or parties summoned, their answers and the joint plan."""

from collections.abc import Sequence
from datetime import datetime

from forms_app.access import Actor
from forms_app.casework.sentences import ended
from forms_app.casework.turn import NotPossible, turn
from forms_app.models import Account, Assignment, Entry, Issue, Party, Summons
from forms_app.procedure import ANSWERS, Part, Role
from forms_app.records import Circle
from forms_app.worktime import deadline_words

WORKER_ROLES = (Role.WORKER, Role.COMMUNITY_LEADER)


def assign(
    circle: Circle, actor: Actor, number: str, version: int, *, worker_id: int, now: datetime
) -> Entry:
    """Hands a C issue to one worker of its community, who leads from then on."""
    with turn(circle, actor, number, version, "assign", now) as t:
        worker = Account.get_or_none(
            (Account.id == worker_id)
            & (Account.community_id == t.issue.community_id)
            & Account.role.in_([role.value for role in WORKER_ROLES])
            & Account.disabled_at.is_null()
        )
        if worker is None:
            raise NotPossible("lead", "请选择本社区在岗的工作人员。")
        entry = t.record(changes={"caller": actor.account_id}, note=f"主办：{worker.display_name}")
        Assignment.create(issue=t.issue, entry=entry, part=Part.LEAD, account=worker)
        return entry


def callable_units(circle: Circle, severity_class: str | None) -> dict[str, str]:
    """Whom a summons may call, id → name: for A the district's departments, for B any unit."""
    return {
        unit.id: unit.name
        for unit in circle.departments.values()
        if severity_class != "A" or unit.kind == "department"
    }


def summon(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    parties: Sequence[str],
    asked: str,
    reply_by: datetime,
    now: datetime,
) -> Entry:
    """Calls the parties to answer by `reply_by`; the caller is whoever summons."""
    with turn(circle, actor, number, version, "summon", now) as t:
        t.need(asked=asked)
        units = callable_units(circle, t.issue.severity_class)
        called = list(dict.fromkeys(parties))
        if not called or any(unit not in units for unit in called):
            raise NotPossible("parties", "请至少选择一个可以号召的单位。")
        if reply_by <= now:
            raise NotPossible("reply_by", "响应期限已经过去，请填以后的时间。")
        names = "、".join(units[unit] for unit in called)
        entry = t.record(
            changes={"caller": actor.account_id, "reply_by": reply_by},
            line={"parties": names, "reply_by": deadline_words(reply_by)},
            note=f"号召：{names}。{asked}",
        )
        summons = Summons.create(
            issue=t.issue,
            entry=entry,
            round_no=t.issue.round_no,
            severity_class=t.issue.severity_class,
            asked=asked,
            reply_by=reply_by,
        )
        for unit in called:
            Party.create(summons=summons, issue=t.issue, organization_id=unit)
        return entry


def answer(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    answer: str,
    opinion: str,
    now: datetime,
) -> Entry:
    """One summoned party's answer, for itself; first acknowledged, later arrived.

    `version` None is usual: parties answer independently, another's answer is no conflict.
    """
    with turn(circle, actor, number, version, "answer", now) as t:
        if answer not in ANSWERS:
            raise NotPossible("answer", "请选择一种响应。")
        t.need(opinion=opinion)
        party = Party.get(
            Party.issue == t.issue,
            Party.is_current,
            Party.organization_id == actor.organization_id,
        )
        if party.answer == "arrived" and answer != "arrived":
            raise NotPossible("answer", "本单位已经登记到场，不用再改回“已收到”。")
        name = circle.unit_name(actor.organization_id)
        Party.update(answer=answer, opinion=opinion, answered_at=now).where(
            Party.id == party.id
        ).execute()
        return t.record(
            line={"organization": name},
            note=f"{ANSWERS[answer]}。{opinion}",
            organization_id=actor.organization_id,
        )


def plan_units(circle: Circle, issue: Issue) -> dict[str, str]:
    """Who may lead or assist a plan, id → name: the parties called, and the community itself."""
    called = Party.select().where(Party.issue == issue, Party.is_current).order_by(Party.id)
    units = {party.organization_id: circle.unit_name(party.organization_id) for party in called}
    units[issue.community_id] = circle.unit_name(issue.community_id)
    return units


def plan(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    text: str,
    lead: str,
    assist: Sequence[str],
    now: datetime,
) -> Entry:
    """The joint plan: what will be done, who leads, who assists."""
    with turn(circle, actor, number, version, "plan", now) as t:
        t.need(plan=text)
        units = plan_units(circle, t.issue)
        if lead not in units:
            raise NotPossible("lead", "主办请从被号召单位或本社区中选择。")
        if any(unit not in units for unit in assist):
            raise NotPossible("assist", "协办请从被号召单位或本社区中选择。")
        assisting = [unit for unit in dict.fromkeys(assist) if unit != lead]
        helpers = "、".join(units[unit] for unit in assisting)
        entry = t.record(
            changes={"reply_by": None},
            line={"note": ended(text), "lead": units[lead]},
            note=f"{ended(text)}主办：{units[lead]}{'；协办：' + helpers if helpers else ''}",
        )
        Assignment.create(issue=t.issue, entry=entry, part=Part.LEAD, organization_id=lead)
        for unit in assisting:
            Assignment.create(issue=t.issue, entry=entry, part=Part.ASSIST, organization_id=unit)
        return entry
