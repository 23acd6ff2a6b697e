"""Whose it is: a unit says that it is not theirs (职责异议), and somebody rules on it (裁定).

Until then it goes on acting (先办后议); nobody is blamed for having asked.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from forms_app.casework.cooperation import name_units, plan_units
from forms_app.casework.errors import NotPossible
from forms_app.casework.recording import NEEDED, RECORDED_WORDS, Recorded, recorded_for
from forms_app.casework.sentences import ended
from forms_app.casework.summoning import call_party, callable_units
from forms_app.casework.turn import Turn, turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.silence import first_answer_due
from forms_app.rules.move import Between
from forms_app.rules.steps import DECLINED, REPLY_WITHIN, Part, Step
from forms_app.rules.worktime import ruling_due
from forms_app.store.models import Assignment, Entry, Issue, Objection, Party, Summons

UNKNOWN = "unknown"  # whose it is: they cannot say
UNKNOWN_WORDS = "说不清是谁的"


def whose_choices(circle: Circle, issue_community: str) -> dict[str, str]:
    """Whose it may be said to be: any unit that serves this sub-district, or the community."""
    units = callable_units(circle, None, issue_community)
    return {issue_community: circle.unit_name(issue_community), **units}


def decline(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    reason: str,
    whose: str,
    for_unit: str = "",
    recorded: Recorded | None = None,
    now: datetime,
) -> Entry:
    """A unit says for itself why it is not theirs, and `whose` it is: a unit, the community.

    `version` None, for units say so independently. A caller writes it down `for_unit` without an
    account.
    """
    with turn(circle, actor, number, version, "decline", now) as t:
        t.need(reason=reason)
        marks: dict[str, Any] = {"organization_id": actor.organization_id}
        if not {Part.PARTY, Part.TASKED} & t.parts:
            marks = recorded_for(t, for_unit, recorded)
        if marks["organization_id"] not in acting_units(t.issue):
            raise NotPossible("for_unit", NEEDED["for_unit"])
        return declined(t, circle, marks, whose=whose, reason=reason)


def declined(
    t: Turn, circle: Circle, marks: Mapping[str, Any], *, whose: str, reason: str, how: str = ""
) -> Entry:
    """The entry of what the unit of these marks says; `how` it came, where that must be told."""
    now = t.now
    unit = str(marks["organization_id"])
    if whose != UNKNOWN and whose not in whose_choices(circle, t.issue.community_id):
        raise NotPossible("whose", "请选择应由谁办；不在里面的选“说不清”，在理由里写明。")
    if whose == unit:
        raise NotPossible("whose", "要说明应由别的哪家办，不能选自己。")
    silent = (Party.issue == t.issue) & Party.is_current & Party.answered_at.is_null()
    # Whoever says so once more says it better; the clock is that of the first time.
    Objection.update(ended_at=now).where(
        Objection.issue == t.issue,
        Objection.organization_id == unit,
        Objection.ended_at.is_null(),
    ).execute()
    Party.update(answer=DECLINED, opinion=reason, answered_at=now).where(
        silent, Party.organization_id == unit
    ).execute()
    changes: dict[str, object] = {"ruling_between": _between(t.issue, unit, whose)}
    if t.issue.ruling_due_at is None:
        changes["ruling_due_at"] = ruling_due(t.clocks, now)
    if Step(t.issue.step) is Step.RESPONDING:
        changes["answers_due_at"] = first_answer_due(t.issue)
    told = UNKNOWN_WORDS if whose == UNKNOWN else f"应由{circle.unit_name(whose)}办"
    is_recorded = "told_by" in marks
    entry = t.record(
        changes=changes,
        also=RECORDED_WORDS if is_recorded else "",
        note=f"{how}{circle.unit_name(unit)}提出职责异议，{told}：{reason}",
        **marks,
    )
    Objection.create(
        issue=t.issue, entry=entry, organization_id=unit,
        whose="" if whose == UNKNOWN else whose,
    )  # fmt: skip
    return entry


def ruling_units(circle: Circle, severity_class: str | None, community_id: str) -> dict[str, str]:
    """Who may lead by a ruling, id → name: whom a summons may call, and the community itself."""
    return plan_units(circle, callable_units(circle, severity_class, community_id), community_id)


def rule(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    lead: str,
    reason: str,
    assist: Sequence[str] = (),
    now: datetime,
) -> Entry:
    """Says who leads, which ends every objection; called by it, if it was not.

    While it is being handled the former lead assists, and whoever declined has no part in it any
    more, unless they lead now or are told to `assist`.
    """
    with turn(circle, actor, number, version, "rule", now) as t:
        t.need(reason=reason)
        units = ruling_units(circle, t.issue.severity_class, t.issue.community_id)
        if lead not in units:
            raise NotPossible("lead", "主办请从可以号召的单位或本社区中选择。")
        declined = [one.organization_id for one in _open(t.issue)]
        if not set(assist) <= set(declined):
            raise NotPossible("assist", "仍要协办的请从提出异议的单位中选择。")
        assisting = _assisting(t, lead, declined, assist)
        calls = lead != t.issue.community_id and not _is_called(t.issue, lead)
        reply_by = now + REPLY_WITHIN[t.issue.urgency or 1]
        is_responding = Step(t.issue.step) is Step.RESPONDING
        Assignment.update(is_current=False).where(Assignment.issue == t.issue).execute()
        helpers = "、".join(circle.unit_name(unit) for unit in assisting)
        entry = t.record(
            changes={"reply_by": reply_by} if calls and is_responding else {},
            line={"lead": units[lead]},
            note=f"裁定由{units[lead]}主办{'；协办：' + helpers if helpers else ''}。"
            + f"理由：{ended(reason)}"
            + ("原来没有号召，一并号召。" if calls else ""),
        )
        name_units(t, entry, lead, assisting)
        if calls:
            _call(circle, t, entry, lead, reply_by)
            if is_responding:
                t.issue.answers_due_at = first_answer_due(t.issue)
                Issue.update(answers_due_at=t.issue.answers_due_at).where(
                    Issue.id == t.issue.id
                ).execute()
        return entry


def acting_units(issue: Issue) -> list[str]:
    """The units that may say it is not theirs: those called, then those with a part in the plan."""
    table = Party if Step(issue.step) is Step.RESPONDING else Assignment
    rows = table.select(table.organization_id).where(table.issue == issue, table.is_current)
    found = [row.organization_id for row in rows.order_by(table.id)]
    return [unit for unit in found if unit not in ("", issue.community_id)]


def _open(issue: Issue) -> list[Objection]:
    return list(Objection.select().where(Objection.issue == issue, Objection.ended_at.is_null()))


def _between(issue: Issue, unit: str, whose: str) -> str:
    """Between whom it is now, with what this unit says."""
    said = {(one.organization_id, one.whose) for one in _open(issue)} | {(unit, whose)}
    is_home = said == {(unit, issue.community_id)}
    return (Between.HOME if is_home else Between.UNITS).value


def _assisting(t: Turn, lead: str, declined: Sequence[str], assist: Sequence[str]) -> list[str]:
    """Who assists from then on; before there is a plan nobody does."""
    if Step(t.issue.step) is Step.RESPONDING:
        return []
    rows = Assignment.select().where(Assignment.issue == t.issue, Assignment.is_current)
    had = [row.organization_id for row in rows.order_by(Assignment.id)]
    staying = [unit for unit in had if unit not in declined or unit in assist]
    return [unit for unit in dict.fromkeys(staying) if unit not in ("", lead)]


def _is_called(issue: Issue, unit: str) -> bool:
    called = (Party.issue == issue) & Party.is_current & (Party.organization_id == unit)
    return bool(Party.select().where(called).exists())


def _call(circle: Circle, t: Turn, entry: Entry, unit: str, reply_by: datetime) -> None:
    """Calls one more unit to what the others were called to."""
    before = Summons.select().where(Summons.issue == t.issue).order_by(Summons.id.desc()).first()
    summons = Summons.create(
        issue=t.issue,
        entry=entry,
        round_no=t.issue.round_no,
        severity_class=t.issue.severity_class,
        asked=before.asked,
        reply_by=reply_by,
        subject=before.subject,
        place=before.place,
        meet_at=before.meet_at,
        phone=before.phone,
    )
    call_party(circle, summons, unit, "")
