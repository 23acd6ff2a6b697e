"""Each move's form filled with the choices of one case, and the casework function that takes it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from forms_app import casework, reports
from forms_app.access import Actor
from forms_app.casework import NotPossible
from forms_app.forms.base import offered
from forms_app.forms.staff import MOVE_FORMS, CorrectForm, MoveForm
from forms_app.records import Circle
from forms_app.worktime import CHINA, CalendarUnknown

# What a summons suggests as its time limit, by urgency.
REPLY_WITHIN = {1: timedelta(minutes=30), 2: timedelta(hours=4), 3: timedelta(days=1)}


def form_for(
    move: str,
    circle: Circle,
    case: reports.Case,
    now: datetime,
    typed: MultiDict[str, str] | None = None,
) -> MoveForm:
    """The move's form for this case: empty with its suggestions, or with what was typed."""
    issue = case.issue
    suggested: dict[str, object] = {}
    if move == "summon":
        reply_by = now + REPLY_WITHIN.get(issue.urgency or 3, timedelta(days=1))
        suggested["reply_by"] = reply_by.astimezone(CHINA)
    elif move == "classify":
        suggested["urgency"] = ""
    elif move == "correct":
        suggested = {name: str(getattr(issue, name) or "") for name in casework.CORRECTABLE}
    form = MOVE_FORMS[move](formdata=typed, **suggested)
    if move == "assign":
        form.lead.choices = offered(reports.workers_of(issue.community_id), "请选择")
    elif move == "summon":
        form.parties.choices = offered(casework.callable_units(circle, issue.severity_class))
    elif move == "plan":
        units = casework.plan_units(circle, issue)
        form.lead.choices = offered(units, "请选择")
        form.assist.choices = offered(units)
    elif move == "classify" and issue.opined_at is None:
        form.initial_opinion.flags.required = True
    elif isinstance(form, CorrectForm):
        _offer_corrections(form, circle, case)
    form.version.data = str(issue.version)
    form.fresh_key()
    for field in form:
        field.id = f"{move}-{field.id}"  # a page holds several forms, each with a reason
    return form


def _offer_corrections(form: CorrectForm, circle: Circle, case: reports.Case) -> None:
    issue = case.issue
    form.community_id.choices = offered({c.id: c.name for c in circle.communities.values()})
    estates = {
        e.id: e.name for e in circle.estates.values() if e.community_id == issue.community_id
    }
    form.estate_id.choices = offered(estates, "不在小区里，或不清楚")
    form.category.choices = offered({c.code: c.name for c in circle.categories.values()}, "不清楚")
    for name, (_, steps) in casework.CORRECTABLE.items():
        if steps is not None and case.step not in steps:
            del form[name]


def take(
    move: str, form: MoveForm, circle: Circle, actor: Actor, case: reports.Case, now: datetime
) -> None:
    """Makes the move with what a valid form says. Raises casework's errors."""
    try:
        if move == "correct":
            _correct(form, circle, actor, case, now)
        else:
            _TAKERS[move](form, circle, actor, case.issue.number, now)
    except CalendarUnknown as error:
        # Beside the form rather than instead of it: what was typed must stay.
        raise NotPossible("", str(error)) from error


Taker = Callable[[MoveForm, Circle, Actor, str, datetime], object]


def _shelve(form: MoveForm, circle: Circle, actor: Actor, number: str, now: datetime) -> None:
    attempts = [
        (form.tried_on_1.data, form.how_1.data),
        (form.tried_on_2.data, form.how_2.data),
        (form.tried_on_3.data, form.how_3.data),
    ]
    casework.shelve(circle, actor, number, form.seen_version, attempts, now=now)


def _correct(
    form: MoveForm, circle: Circle, actor: Actor, case: reports.Case, now: datetime
) -> None:
    changed = {
        name: form[name].data
        for name in casework.CORRECTABLE
        if name in form and form[name].data != str(getattr(case.issue, name) or "")
    }
    if len(changed) != 1:
        raise NotPossible("reason", "请改一项，一次只更正一项")
    ((field, new_value),) = changed.items()
    casework.correct(
        circle, actor, case.issue.number, form.seen_version,
        field=field, new_value=new_value, reason=form.reason.data, now=now,
    )  # fmt: skip


_TAKERS: dict[str, Taker] = {
    "opine": lambda f, c, a, n, now: casework.opine(
        c, a, n, f.seen_version, f.initial_opinion.data, now=now
    ),
    "classify": lambda f, c, a, n, now: casework.classify(
        c, a, n, f.seen_version,
        severity_class=f.severity_class.data,
        urgency=int(f.urgency.data),
        initial_opinion=f.initial_opinion.data,
        now=now,
    ),
    "assign": lambda f, c, a, n, now: casework.assign(
        c, a, n, f.seen_version, worker_id=int(f.lead.data), now=now
    ),
    "summon": lambda f, c, a, n, now: casework.summon(
        c, a, n, f.seen_version,
        parties=f.parties.data, asked=f.asked.data, reply_by=f.reply_by.data, now=now,
    ),
    "answer": lambda f, c, a, n, now: casework.answer(
        c, a, n, None, answer=f.answer.data, opinion=f.opinion.data, now=now
    ),
    "plan": lambda f, c, a, n, now: casework.plan(
        c, a, n, f.seen_version,
        text=f.plan.data, lead=f.lead.data, assist=f.assist.data, now=now,
    ),
    "progress": lambda f, c, a, n, now: casework.progress(c, a, n, None, f.note.data, now=now),
    "extend": lambda f, c, a, n, now: casework.extend(
        c, a, n, f.seen_version, reason=f.reason.data, new_due_on=f.new_due_on.data, now=now
    ),
    "resolve": lambda f, c, a, n, now: casework.resolve(
        c, a, n, f.seen_version, f.outcome.data, now=now
    ),
    "escalate": lambda f, c, a, n, now: casework.escalate(
        c, a, n, f.seen_version, f.reason.data, now=now
    ),
    "explain": lambda f, c, a, n, now: casework.explain(
        c, a, n, f.seen_version,
        explanation=f.explanation.data, review_on=f.review_on.data, now=now,
    ),
    "evaluate": lambda f, c, a, n, now: casework.evaluate(
        c, a, n, f.seen_version,
        satisfaction=int(f.satisfaction.data), comment=f.comment.data,
        asked_at=f.asked_at.data, asked_how=f.asked_how.data, now=now,
    ),
    "shelve": _shelve,
    "transfer": lambda f, c, a, n, now: casework.transfer(
        c, a, n, f.seen_version, authority=f.authority.data, reason=f.reason.data, now=now
    ),
    "merge": lambda f, c, a, n, now: casework.merge(
        c, a, n, f.seen_version, into=f.merged_into.data, now=now
    ),
    "reopen": lambda f, c, a, n, now: casework.reopen(
        c, a, n, f.seen_version, f.reason.data, now=now
    ),
}  # fmt: skip
