"""Who will do it: a worker assigned, or the joint plan of the parties summoned."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec import Struct

from forms_app.casework.errors import NotPossible
from forms_app.casework.rounds import end_plan
from forms_app.casework.sentences import ended, unended
from forms_app.casework.turn import Turn, turn
from forms_app.community import Circle
from forms_app.issues.access import Actor, may_lead
from forms_app.rules.said import said
from forms_app.rules.steps import Part
from forms_app.rules.worktime import local_day
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Entry, Issue, Measure, Party


class PlannedMeasure(Struct, frozen=True):
    """One line of a joint plan; `due_on` None where no day was agreed."""

    what: str
    lead: str
    assist: str = ""
    due_on: date | None = None


def assign(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    worker_id: int | None,
    reason: str = "",
    now: datetime,
) -> Entry:
    """Hands a C issue to one worker of its community, who leads from then on.

    `worker_id` None is the community itself, where nobody of it has an account in use. A task
    outside the community's own list needs a reason.
    """
    with turn(circle, actor, number, version, "assign", now) as t:
        return give(circle, t, worker_id, reason)


def give(circle: Circle, t: Turn, worker_id: int | None, reason: str) -> Entry:
    """The same, in a turn that has begun."""
    home = t.issue.community_id
    worker = Account.get_or_none((Account.id == worker_id) & may_lead(home))
    if worker is None and (worker_id is not None or _has_staff(home)):
        raise NotPossible("lead", "请选择本社区在岗的工作人员。")
    note = f"主办：{worker.display_name if worker else circle.unit_name(home)}"
    if not circle.is_own_task(t.issue.category):
        if not reason.strip():
            raise NotPossible("reason", "这类事不在社区事项清单内，交给社区要写明理由。")
        note += f"。不在社区事项清单内，理由：{reason}"
    entry = t.record(changes={"caller": t.actor.account_id}, note=note)
    Assignment.create(
        issue=t.issue, entry=entry, part=Part.LEAD, account=worker,
        organization_id="" if worker else home,
    )  # fmt: skip
    return entry


def _has_staff(community_id: str) -> bool:
    """Whether anybody of the community could lead."""
    return bool(Account.select().where(may_lead(community_id)).exists())


def claim(circle: Circle, actor: Actor, number: str, version: int, *, now: datetime) -> Entry:
    """A worker of the community takes an ordinary issue up; no task that is not the community's."""
    with turn(circle, actor, number, version, "claim", now) as t:
        if not circle.is_own_task(t.issue.category):
            raise NotPossible("", "这类事不在社区事项清单内，请社区书记写明理由再交办。")
        entry = t.record(note=f"主办：{actor.name}")
        Assignment.create(issue=t.issue, entry=entry, part=Part.LEAD, account=actor.account_id)
        return entry


def plan_units(circle: Circle, called: Iterable[str], community_id: str) -> dict[str, str]:
    """Who may lead or assist a plan, id → name: the parties called, and the community itself."""
    return {unit: circle.unit_name(unit) for unit in (*called, community_id)}


def plan(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    text: str,
    lead: str,
    assist: Sequence[str],
    measures: Sequence[PlannedMeasure] = (),
    now: datetime,
) -> Entry:
    """The joint plan: what will be done, step by step if agreed, who leads, who assists.

    Whoever leads or assists one measure takes part in the whole plan.
    """
    with turn(circle, actor, number, version, "plan", now) as t:
        return _record_plan(circle, t, text, lead, assist, measures)


def replan(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    text: str,
    lead: str,
    assist: Sequence[str],
    measures: Sequence[PlannedMeasure] = (),
    reason: str,
    now: datetime,
) -> Entry:
    """Another plan in the place of the one that is being carried out; that stays in the history."""
    with turn(circle, actor, number, version, "replan", now) as t:
        t.need(reason=reason)
        return _record_plan(
            circle,
            t,
            text,
            lead,
            assist,
            measures,
            said("调整的原因：%(reason)s", reason=ended(reason)),
        )


def _record_plan(
    circle: Circle,
    t: Turn,
    text: str,
    lead: str,
    assist: Sequence[str],
    measures: Sequence[PlannedMeasure],
    why: str = "",
) -> Entry:
    t.need(plan=text)
    units = plan_units(circle, _called(t.issue), t.issue.community_id)
    if lead not in units:
        raise NotPossible("lead", "主办请从被号召单位或本社区中选择。")
    if any(unit not in units for unit in assist):
        raise NotPossible("assist", "协办请从被号召单位或本社区中选择。")
    _check_measures(measures, units, t.now)
    taking_part = [*assist, *(one.lead for one in measures), *(one.assist for one in measures)]
    assisting = [unit for unit in dict.fromkeys(taking_part) if unit not in ("", lead)]
    helpers = "、".join(units[unit] for unit in assisting)
    told = ended(text) + _measure_words(measures, units)
    end_plan(t.issue)  # a plan that was, or who leads by a ruling before there was one
    entry = t.record(
        changes={"reply_by": None, "answers_due_at": None},
        line={"note": told, "lead": units[lead]},
        note=f"{told}主办：{units[lead]}{'；协办：' + helpers if helpers else ''}"
        + (f"。{why}" if why else ""),
    )
    name_units(t, entry, lead, assisting)
    for one in measures:
        Measure.create(
            issue=t.issue,
            entry=entry,
            what=one.what,
            lead=one.lead,
            assist=one.assist,
            due_on=one.due_on.isoformat() if one.due_on else "",
        )
    return entry


def name_units(t: Turn, entry: Entry, lead: str, assisting: Iterable[str]) -> None:
    """From this entry on the unit leads, and those assist."""
    Assignment.create(issue=t.issue, entry=entry, part=Part.LEAD, organization_id=lead)
    for unit in assisting:
        Assignment.create(issue=t.issue, entry=entry, part=Part.ASSIST, organization_id=unit)


def _called(issue: Issue) -> list[str]:
    rows = Party.select().where(Party.issue == issue, Party.is_current).order_by(Party.id)
    return [party.organization_id for party in rows]


def _check_measures(
    measures: Sequence[PlannedMeasure], units: dict[str, str], now: datetime
) -> None:
    today = local_day(now)
    for place, one in enumerate(measures, 1):
        if not one.what.strip():
            raise NotPossible("measures", said("第%(place)s条措施要写明做什么。", place=place))
        if one.lead not in units:
            raise NotPossible(
                "measures", said("第%(place)s条措施要选一家负责的单位。", place=place)
            )
        if one.assist and one.assist not in units:
            raise NotPossible(
                "measures",
                said("第%(place)s条措施的协办单位不在被号召单位和本社区之中。", place=place),
            )
        if one.due_on is not None and one.due_on < today:
            raise NotPossible("measures", said("第%(place)s条措施的日期已经过去。", place=place))


def _measure_words(measures: Sequence[PlannedMeasure], units: dict[str, str]) -> str:
    """The measures as a resident reads them: `第1步：清淤（城管局，12月1日前）。`."""
    told = ""
    for place, one in enumerate(measures, 1):
        told += f"第{place}步：{unended(one.what)}（{units[one.lead]}"
        told += f"，{one.due_on.month}月{one.due_on.day}日前）。" if one.due_on else "）。"
    return told
