"""Carrying the plan out: progress, more time, done, or one class higher."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from forms_app.casework.errors import NotPossible
from forms_app.casework.photos import attach
from forms_app.casework.recording import (
    RECORDED_WORDS,
    Recorded,
    current_lead,
    leading_unit,
    recorded_for,
)
from forms_app.casework.relaying import hand_on, office, without_press
from forms_app.casework.sentences import ended, unended
from forms_app.casework.turn import Turn, turn, turn_among
from forms_app.community import Circle
from forms_app.files.photos import Taken
from forms_app.issues.access import CALLER_ROLE, Actor, is_above_in_use
from forms_app.rules.clocks import RESULT, end_of, is_past
from forms_app.rules.day_parts import date_of, part_of_date
from forms_app.rules.move import Who
from forms_app.rules.procedure import level_above
from forms_app.rules.said import said
from forms_app.rules.steps import RESULTS, RESULTS_TOLD, Part, Role, Step
from forms_app.rules.worktime import (
    deadline_words,
    end_of_day,
    local_day,
    longest_extension,
    relay_due,
)
from forms_app.store.database import writing
from forms_app.store.models import Entry, Measure


def progress(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    note: str,
    *,
    done: Sequence[int] = (),
    photos: Sequence[Taken] = (),
    for_unit: str = "",
    recorded: Recorded | None = None,
    now: datetime,
) -> Entry:
    """Tells how far it has got; `version` None, for two notes at once are no conflict.

    `done` are the ids of the plan's measures that it reports as done. A caller may write it down
    `for_unit` without an account.
    """
    with turn(circle, actor, number, version, "progress", now) as t:
        t.need(note=note)
        theirs = (Measure.issue == t.issue) & Measure.is_current & Measure.id.in_(list(done))
        measures = list(Measure.select().where(theirs).order_by(Measure.id))
        if len(measures) != len(set(done)):
            raise NotPossible("done", "方案里没有这条措施，请重新选择。")
        told = note
        if measures:
            told = f"{ended(note)}已完成：{ended('；'.join(unended(one.what) for one in measures))}"
        marks: dict[str, Any] = {}
        if for_unit:
            if Part.CALLER not in t.parts:
                raise NotPossible("for_unit", "只有号召人能代没有账号的单位登记。")
            marks = recorded_for(t, for_unit, recorded)
        entry = t.record(
            line={"note": ended(told) if marks else told},
            also=RECORDED_WORDS if marks else "",
            note=told,
            **marks,
        )
        # A colleague may have said so already: the first to say it stays.
        Measure.update(done_entry=entry).where(theirs, Measure.done_entry.is_null()).execute()
        attach(entry, photos, now)
        return entry


def extend(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    reason: str,
    new_due_on: date,
    now: datetime,
) -> Entry:
    """Moves the deadline to the close of duty of a later day; the resident sees both.

    Each level once in a round and class. What is longer than the circle's `extend_days` is the
    level above's, as a second one is.
    """
    with turn(circle, actor, number, version, "extend", now) as t:
        t.need(reason=reason)
        due_at = end_of_day(circle.clocks, new_due_on)
        if due_at <= now or (t.issue.due_at is not None and due_at <= t.issue.due_at):
            raise NotPossible("new_due_on", "新的时限要晚于原来的时限，也要晚于今天。")
        level = _level_extending(t, new_due_on)
        t.move = replace(t.move, who=frozenset({level}))
        return t.record(
            changes={"due_at": due_at, "extended_by": level.value},
            line={"due_at": part_of_date(due_at, now), "note": reason},
            note=reason,
        )


def _level_extending(t: Turn, new_due_on: date) -> Who:
    """The level in whose right the deadline is put off. Raises NotPossible."""
    own, above = CALLER_ROLE[t.issue.severity_class or "C"], level_above(t.issue.severity_class)
    if above is None or not is_above_in_use(t.issue.severity_class):
        return own
    longest = longest_extension(t.clocks, t.issue.due_at, t.now)
    if own in t.move.who and own in t.parts and new_due_on <= longest:
        return own
    if above not in t.parts:
        days, day = t.clocks.extend_days, date_of(longest, t.now)
        raise NotPossible(
            "new_due_on",
            said("一次最多延%(days)s天，到%(day)s；再长的由上一级来延。", days=days, day=day),
        )
    return above


def resolve(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    outcome: str,
    *,
    result: str = "done",
    recorded: Recorded | None = None,
    words: str = "",
    photos: Sequence[Taken] = (),
    now: datetime,
) -> Entry:
    """The lead says what was done, or why it could not be; `result` is of steps.RESULTS.

    In the community's own hands it is the resident's turn now. A unit's result goes to whoever
    called it first: unless they wrote it down themselves for a unit without an account, and their
    own `words` for the resident with it.
    """
    with writing():
        with turn_among(circle, actor, number, version, "resolve", now) as t:
            is_recorded = Part.LEAD not in t.parts
            t.is_told = not is_recorded
            entry = _resolve(circle, t, outcome, result, recorded if is_recorded else None)
            attach(entry, photos, now)
        if is_recorded:
            hand_on(circle, without_press(actor), number, None, words, now=now)
        return entry


def _resolve(
    circle: Circle, t: Turn, outcome: str, result: str, recorded: Recorded | None
) -> Entry:
    if result not in RESULTS:
        raise NotPossible("result", "请选已经办结还是没能办成。")
    t.need(outcome=outcome)
    changes: dict[str, object] = {"result": result}
    if t.move.to_step is Step.EVALUATING:
        changes["evaluating_since"] = t.now
    elif t.move.to_step is Step.REPORTED:
        changes["relay_due_at"] = relay_due(t.clocks, t.now)
    is_recorded = Part.LEAD not in t.parts
    marks = recorded_for(t, leading_unit(t), recorded) if is_recorded else {}
    return t.record(
        changes=changes,
        line={
            "result_label": RESULTS_TOLD[result],
            "note": ended(outcome),
            "office": office(circle, t.issue),
        },
        also=RECORDED_WORDS if is_recorded else "",
        note=outcome,
        result=result,
        **marks,
    )


def explain(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    explanation: str,
    review_on: date,
    now: datetime,
) -> Entry:
    """Tells the resident why it could not be solved and when it is looked at next."""
    with turn(circle, actor, number, version, "explain", now) as t:
        t.need(explanation=explanation)
        return t.record(
            changes={"evaluating_since": now, "result": "", **_review_on(t, review_on)},
            line={
                "note": ended(explanation),
                "explained_by": _level_of(t),
                "review_on": date_of(review_on, now),
            },
            note=explanation,
            **_review_kept(t, review_on),
        )


def review(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    findings: str,
    review_on: date | None,
    now: datetime,
) -> Entry:
    """What came of looking at it again, told to the resident; `review_on` None: no further date."""
    with turn(circle, actor, number, version, "review", now) as t:
        t.need(findings=findings)
        return t.record(
            changes=_review_on(t, review_on),
            line={"note": ended(findings), "reviewed_by": _level_of(t)},
            also=said("下次研究时间：%(day)s。", day=date_of(review_on, now)) if review_on else "",
            note=findings,
            **_review_kept(t, review_on),
        )


def _level_of(t: Turn) -> str:
    """As its resident calls the level that speaks, or for which it is spoken."""
    is_own = t.actor.role is Role.DISTRICT_OFFICE and t.stands_in_for is None
    return said("区里" if is_own else "街道")


def _review_on(t: Turn, day: date | None) -> dict[str, object]:
    """The issue's columns of when it is looked at next. Raises NotPossible."""
    if day is None:
        return {"review_on": "", "review_due_at": None}
    if day <= local_day(t.now):
        raise NotPossible("review_on", "下次研究的日期要晚于今天。")
    return {"review_on": day.isoformat(), "review_due_at": end_of_day(t.clocks, day)}


def _review_kept(t: Turn, day: date | None) -> dict[str, str]:
    """The entry's columns, so that the date is known from the history alone."""
    new = day.isoformat() if day else ""
    return {"field": "review_on", "old_value": t.issue.review_on, "new_value": new}


def escalate(
    circle: Circle, actor: Actor, number: str, version: int, reason: str, *, now: datetime
) -> Entry:
    """A failed C becomes B, a failed B becomes A. The urgency's clock runs on.

    Where that is late, the reason says since when, and who led.
    """
    with turn(circle, actor, number, version, "escalate", now) as t:
        t.need(reason=reason)
        return t.record(
            changes={
                "caller": None,
                "reply_by": None,
                "answers_due_at": None,
                "result": "",
                "relay_due_at": None,
            },
            note=_with_lateness(circle, t, reason),
        )


def _with_lateness(circle: Circle, t: Turn, reason: str) -> str:
    """The reason, and where the result is late since when and in whose hands."""
    due_at = end_of(t.issue, RESULT)
    if due_at is None or not is_past(due_at, t.now):
        return reason
    since, lead = deadline_words(due_at, t.now), current_lead(t)
    if lead is None:
        return said(
            "已超过办理时限%(since)s，还没有定谁牵头。%(reason)s", since=since, reason=reason
        )
    account = lead.account
    name = account.display_name if account else circle.unit_name(lead.organization_id)
    return said(
        "已超过办理时限%(since)s，由%(name)s牵头。%(reason)s", since=since, name=name, reason=reason
    )
