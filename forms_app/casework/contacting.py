"""The call log: each try to reach a resident, written down in one press, as it happens."""

from datetime import datetime

from forms_app.casework.errors import NotPossible
from forms_app.casework.phone_duties import count_try
from forms_app.casework.turn import turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.steps import Step
from forms_app.rules.worktime import local_day
from forms_app.store.models import ContactAttempt, Entry

REACHED, PHONE = "reached", "phone"
OUTCOMES = {REACHED: "联系上了", "no_answer": "没人接", "failed": "打不通", "wrong": "号码不对"}
WAYS = {PHONE: "电话", "wechat": "微信", "visit": "上门", "message": "短信"}


def contact(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    reached: str,
    how: str,
    words: str = "",
    now: datetime,
) -> Entry:
    """Notes a try that was made just now: whether they were reached, by which way, what they said.

    One in vain counts among those that 待联系 asks for, and among those of a call that is due; one
    that was not says when and how they were asked, should a verdict come of it. No resident reads
    it.
    """
    with turn(circle, actor, number, version, "contact", now) as t:
        if reached not in OUTCOMES:
            raise NotPossible("reached", "请选一项")
        if how not in WAYS:
            raise NotPossible("how", "请选一项")
        is_reached = reached == REACHED
        told = "，".join((WAYS[how], OUTCOMES[reached]))
        entry = t.record(
            note="：".join(part for part in (told, words.strip()) if part),
            asked_at=now if is_reached else None,
            asked_how=WAYS[how],
        )
        if not is_reached and how == PHONE:
            count_try(t.issue, now)
        if not is_reached and Step(t.issue.step) is Step.EVALUATING:
            day = local_day(now).isoformat()
            ContactAttempt.create(issue=t.issue, entry=entry, tried_on=day, how=WAYS[how])
        return entry
