"""Each move's form filled with the choices of one case, and the casework function that takes it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from forms_app import casework, queries
from forms_app.casework import NotPossible, PlannedMeasure
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.elsewhere import CHANNELS
from forms_app.rules.worktime import CalendarUnknown
from forms_app.web.forms.base import offered, offered_communities
from forms_app.web.forms.staff import MEASURES, MOVE_FORMS, CorrectForm, MoveForm
from forms_app.web.staff.summons import form_for_summons, said_in_summons


def form_for(
    move: str,
    circle: Circle,
    case: queries.Case,
    now: datetime,
    typed: MultiDict[str, str] | None = None,
    draft: Mapping[str, str] | None = None,
) -> MoveForm:
    """The move's form for this case: empty with its suggestions, or with what was typed.

    `draft` is prepared text to start from, by field.
    """
    issue = case.issue
    suggested: dict[str, object] = {}
    if move == "classify":
        suggested |= {"urgency": "", "nature": issue.nature}
    elif move == "correct":
        suggested = {name: str(getattr(issue, name) or "") for name in casework.CORRECTABLE}
    form = (
        form_for_summons(circle, case, now, typed)
        if move == "summon"
        else MOVE_FORMS[move](formdata=typed, **suggested | dict(draft or {}))
    )
    if move == "assign":
        form.lead.choices = offered(queries.workers_of(issue.community_id), "请选择")
        if circle.is_own_task(issue.category):
            del form.reason
        else:
            form.reason.flags.required = True
    elif move == "plan":
        called = [party.organization_id for party in case.parties]
        _offer_plan_units(form, casework.plan_units(circle, called, issue.community_id))
    elif move == "progress":
        _offer_measures(form, case)
    elif move == "classify" and issue.opined_at is None:
        form.initial_opinion.flags.required = True
    elif isinstance(form, CorrectForm):
        _offer_corrections(form, circle, case)
    form.version.data = str(issue.version)
    form.fresh_key()
    for field in form:
        field.id = f"{move}-{field.id}"  # a page holds several forms, each with a reason
    return form


def prepared(
    circle: Circle, template: str, channel: str, like: str = ""
) -> dict[str, dict[str, str]]:
    """Texts to start from that a link on the case page asked for: move → field → text."""
    drafts: dict[str, dict[str, str]] = {}
    if template in circle.opinions:
        text = {"initial_opinion": circle.opinions[template].text}
        drafts |= {"opine": text, "classify": text}
    if channel in CHANNELS:
        found = CHANNELS[channel]
        drafts["transfer"] = {"authority": found.authority, "reason": found.words}
    if like:
        other = like[:12]
        drafts |= {move: {"merged_into": other} for move in ("merge", "join")}
        drafts["separate"] = {"other": other}
    return drafts


def _offer_plan_units(form: MoveForm, units: dict[str, str]) -> None:
    form.lead.choices = offered(units, "请选择")
    form.assist.choices = offered(units)
    for place in range(1, MEASURES + 1):
        form[f"lead_{place}"].choices = offered(units, "请选择")
        form[f"assist_{place}"].choices = offered(units, "没有")


def _offer_measures(form: MoveForm, case: queries.Case) -> None:
    left = {row.id: row.what for row in case.measures if row.done_at is None}
    if left:
        form.done.choices = offered(left)
    else:
        del form.done


def _offer_corrections(form: CorrectForm, circle: Circle, case: queries.Case) -> None:
    issue = case.issue
    homes = casework.homes_for(circle, issue.community_id, case.parts)
    form.community_id.choices = offered_communities(circle, homes)
    estates = {
        e.id: e.name for e in circle.estates.values() if e.community_id == issue.community_id
    }
    form.estate_id.choices = offered(estates, "不在小区里，或不清楚")
    form.category.choices = offered({c.code: c.name for c in circle.categories.values()}, "不清楚")
    for name, (_, steps) in casework.CORRECTABLE.items():
        if steps is not None and case.step not in steps:
            del form[name]


def take(
    move: str, form: MoveForm, circle: Circle, actor: Actor, case: queries.Case, now: datetime
) -> None:
    """Makes the move with what a valid form says. Raises casework's errors."""
    make, said = _MOVES[move]
    version = None if move in INDEPENDENT else form.seen_version
    try:
        make(circle, actor, case.issue.number, version, now=now, **said(form, case))
    except CalendarUnknown as error:
        # Beside the form rather than instead of it: what was typed must stay.
        raise NotPossible("", str(error)) from error


# Two parties' answers and two notes do not contradict each other, whichever page they came from.
INDEPENDENT = ("answer", "progress")
# What was done can be shown.
PHOTO_MOVES = ("progress", "resolve")

Said = Callable[[MoveForm, queries.Case], dict[str, Any]]


def _same(**names: str) -> Said:
    """What the form says, under casework's names: argument = field."""
    return lambda form, _case: {name: form[field].data for name, field in names.items()}


def _grade(form: MoveForm, _case: queries.Case) -> dict[str, Any]:
    return {
        "severity_class": form.severity_class.data,
        "urgency": int(form.urgency.data),
        "nature": form.nature.data,
        "initial_opinion": form.initial_opinion.data,
    }


def _assignment(form: MoveForm, _case: queries.Case) -> dict[str, Any]:
    reason = form.reason.data if "reason" in form else ""
    return {"worker_id": int(form.lead.data), "reason": reason}


def _plan(form: MoveForm, _case: queries.Case) -> dict[str, Any]:
    return {
        "text": form.plan.data,
        "lead": form.lead.data,
        "assist": form.assist.data,
        "measures": [PlannedMeasure(*said) for said in form.measures],
    }


def _progress(form: MoveForm, _case: queries.Case) -> dict[str, Any]:
    done = [int(measure) for measure in form.done.data] if "done" in form else []
    return {"note": form.note.data, "done": done, "photos": form.kept}


def _outcome(form: MoveForm, _case: queries.Case) -> dict[str, Any]:
    return {"outcome": form.outcome.data, "photos": form.kept}


def _verdict(form: MoveForm, _case: queries.Case) -> dict[str, Any]:
    return {
        "satisfaction": int(form.satisfaction.data),
        "comment": form.comment.data,
        "asked_at": form.asked_at.data,
        "asked_how": form.asked_how.data,
    }


def _attempts(form: MoveForm, _case: queries.Case) -> dict[str, Any]:
    return {
        "attempts": [
            (form.tried_on_1.data, form.how_1.data),
            (form.tried_on_2.data, form.how_2.data),
            (form.tried_on_3.data, form.how_3.data),
        ]
    }


def _correction(form: MoveForm, case: queries.Case) -> dict[str, Any]:
    changed = {
        name: form[name].data
        for name in casework.CORRECTABLE
        if name in form and form[name].data != str(getattr(case.issue, name) or "")
    }
    if len(changed) != 1:
        raise NotPossible("reason", "请改一项，一次只更正一项")
    ((field, new_value),) = changed.items()
    return {"field": field, "new_value": new_value, "reason": form.reason.data}


_MOVES: dict[str, tuple[Callable[..., object], Said]] = {
    "opine": (casework.opine, _same(text="initial_opinion")),
    "classify": (casework.classify, _grade),
    "assign": (casework.assign, _assignment),
    "summon": (casework.summon, said_in_summons),
    "answer": (casework.answer, _same(answer="answer", opinion="opinion")),
    "plan": (casework.plan, _plan),
    "progress": (casework.progress, _progress),
    "extend": (casework.extend, _same(reason="reason", new_due_on="new_due_on")),
    "resolve": (casework.resolve, _outcome),
    "escalate": (casework.escalate, _same(reason="reason")),
    "explain": (casework.explain, _same(explanation="explanation", review_on="review_on")),
    "evaluate": (casework.evaluate, _verdict),
    "shelve": (casework.shelve, _attempts),
    "transfer": (casework.transfer, _same(authority="authority", reason="reason")),
    "join": (casework.join, _same(into="merged_into")),
    "merge": (casework.merge, _same(into="merged_into")),
    "separate": (casework.separate, _same(other="other")),
    "reopen": (casework.reopen, _same(reason="reason")),
    "correct": (casework.correct, _correction),
}
