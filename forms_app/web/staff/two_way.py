"""The two-way assessment (双向考核): a quarter's counts and records, one record, a workbook."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotPossible, StaleCase
from forms_app.issues.access import Actor
from forms_app.issues.assessments import TWO_WAY_ROLES, own_subdistricts, own_units
from forms_app.rules.months import (
    months_of,
    quarter_after,
    quarter_before,
    quarter_of,
)
from forms_app.rules.steps import Role
from forms_app.rules.two_way import (
    CHOICES,
    EVENT_LABELS,
    KINDS,
    LEVELS,
    quarter_words,
)
from forms_app.spreadsheets import month_export
from forms_app.spreadsheets.two_way_tables import two_way_tables
from forms_app.web.forms.assessments import (
    AnswerForm,
    FinishForm,
    SayForm,
    WithdrawAssessmentForm,
)
from forms_app.web.forms.base import SeenForm
from forms_app.web.request import (
    Page,
    current_circle,
    need_staff,
    say,
    settings,
    this_day,
    this_moment,
)
from forms_app.web.staff.refusing import refuse
from forms_app.web.staff.workbooks import workbook_answer

bp = Blueprint("two_way", __name__, url_prefix="/staff/two-way")

_QUARTER = re.compile(r"20[0-9]{2}-Q[1-4]", re.ASCII)


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    return redirect(url_for(".record", key=(request.view_args or {})["key"]), 303)


@bp.get("/")
def this_quarter() -> Response:
    need_staff(TWO_WAY_ROLES)
    return redirect(url_for(".quarter", name=_now()), 303)


@bp.get("/<name>")
def quarter(name: str) -> str:
    actor = need_staff(TWO_WAY_ROLES)
    _need_quarter(name)
    return render_template(
        "staff/two_way.html",
        name=name,
        previous=quarter_before(name),
        following=quarter_after(name) if quarter_after(name) <= _now() else "",
        waiting=queries.open_assessments(actor),
        begins=queries.kinds_said_by(actor.role),
        now=this_moment(),
        smallest_shared=queries.SMALLEST_SHARED,
        **_told(actor, name),
        **_WORDS,
    )


@bp.get("/<name>.xlsx")
def book(name: str) -> Response:
    """The quarter as a workbook, noted among the exports."""
    actor = need_staff(TWO_WAY_ROLES)
    _need_quarter(name)
    told = _told(actor, name)
    tables = two_way_tables(told["sides"], told["records"])
    title = f"{quarter_words(name)}双向考核"
    rows = sum(len(one.rows) for one in tables)
    return workbook_answer(
        lambda: month_export.made_as(settings(), title, tables, this_moment()),
        f"two-way-{name}.xlsx",
        instead=url_for(".quarter", name=name),
        note=lambda: casework.log_export(
            actor, title, rows, with_contacts=False, now=this_moment()
        ),
    )


@bp.get("/new/<kind>")
def new(kind: str) -> str:
    actor = _need_saying(kind)
    form = SayForm(formdata=None)
    form.quarter.data = request.args.get("quarter", "")
    return _new_page(actor, kind, form)


@bp.post("/new/<kind>")
def begin(kind: str) -> Page:
    actor, form = _need_saying(kind), SayForm()
    _offer(actor, kind, form)
    if form.validate():
        try:
            key = casework.say_of_office(
                current_circle(), replace(actor, press=form.key), _said(actor, kind, form),
                form_key=form.key, now=this_moment(),
            )  # fmt: skip
        except NotPossible as error:
            refuse(form, error)
        else:
            say("已经记下，对方能看到。")
            return redirect(url_for(".record", key=key), 303)
    return _new_page(actor, kind, form), 422


@bp.get("/records/<int:key>")
def record(key: int) -> Page:
    return _page(need_staff(TWO_WAY_ROLES), key)


@bp.post("/records/<int:key>/<any(change, answer, finish, withdraw):what>")
def act(key: int, what: str) -> Page:
    actor = need_staff(TWO_WAY_ROLES)
    found = _need(actor, key)
    _need_part(what, actor, found)
    form = _form(what, found, is_sent=True)
    if form.validate():
        pressing = replace(actor, press=form.key)
        try:
            _make(what, pressing, found, form)
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _page(actor, key, **{what: form}), error.status
        say("已经记下，双方都能看到。")
        return redirect(url_for(".record", key=key), 303)
    return _page(actor, key, **{what: form}), 422


@bp.get("/records/<int:key>/<any(change, answer, finish, withdraw):_what>")
def back(key: int, _what: str) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return redirect(url_for(".record", key=key), 303)


_WORDS = {
    "KINDS": KINDS,
    "LEVELS": LEVELS,
    "CHOICES": CHOICES,
    "EVENT_LABELS": EVENT_LABELS,
    "quarter_words": quarter_words,
}


def _make(what: str, actor: Actor, found: queries.AssessmentPage, form: Any) -> None:
    key, version, now = found.one.id, form.seen_version, this_moment()
    if what == "change":
        said = _said(actor, found.one.kind, form, found.one)
        casework.change_assessment(actor, key, version, said, now=now)
    elif what == "answer":
        given = form.answer.data if "answer" in form else ""
        casework.answer_assessment(actor, key, version, given, form.words.data, now=now)
    elif what == "finish":
        casework.finish_assessment(actor, key, version, form.done_on.data, form.found.data, now=now)
    else:
        casework.withdraw_assessment(actor, key, version, form.reason.data, now=now)


def _form(what: str, found: queries.AssessmentPage, *, is_sent: bool = False) -> Any:
    """The form of what is done with a record, as it was sent or with what stands there."""
    one = found.one
    given: dict[str, Any] = {} if is_sent else {"formdata": None}
    form: Any
    if what == "change":
        planned = date.fromisoformat(one.planned_on) if one.planned_on else None
        stands: dict[str, Any] = {
            "level": one.level, "subject": one.subject, "words": one.words, "planned_on": planned,
        }  # fmt: skip
        shown = {} if is_sent else stands
        form = SayForm(**given, **shown)
        # Between whom it is, and of which quarter, stays.
        form.offer(one.kind, {}, {})
    elif what == "answer":
        form = AnswerForm(**given)
        form.offer(KINDS[one.kind].answers)
    else:
        form = (FinishForm if what == "finish" else WithdrawAssessmentForm)(**given)
    return form


def _said(
    actor: Actor, kind: str, form: Any, known: queries.AssessmentFacts | None = None
) -> casework.Statement:
    def told(name: str) -> Any:
        return form[name].data if name in form else ""

    subdistricts = own_subdistricts(current_circle(), actor)
    units = own_units(current_circle(), actor)
    return casework.Statement(
        kind=kind,
        subdistrict_id=told("subdistrict_id") or next(iter(subdistricts), "?"),
        organization_id=told("organization_id") or next(iter(units), "?"),
        words=form.words.data,
        quarter=known.quarter if known else told("quarter"),
        level=told("level"),
        subject=told("subject"),
        planned_on=told("planned_on") or None,
    )


def _told(actor: Actor, name: str) -> dict[str, Any]:
    """The counts of each sub-district that the actor may see, and the quarter's records."""
    circle = current_circle()
    sides = []
    for subdistrict_id, called in own_subdistricts(circle, actor).items():
        units = queries.quarter_of_units(circle, subdistrict_id, name, this_moment())
        if actor.role is Role.RESPONDER:
            units = tuple(row for row in units if row.unit_id == actor.organization_id)
        own = queries.quarter_of_subdistrict(circle, subdistrict_id, name)
        sides.append((called, units, own))
    return {"sides": sides, "records": queries.assessments(actor, name)}


def _need_saying(kind: str) -> Actor:
    actor = need_staff(TWO_WAY_ROLES)
    if kind not in KINDS:
        abort(404)
    if kind not in queries.kinds_said_by(actor.role):
        abort(403)
    return actor


def _need(actor: Actor, key: int) -> queries.AssessmentPage:
    found = queries.assessment(actor, key)
    if found is None:
        abort(404)
    return found


def _need_part(what: str, actor: Actor, found: queries.AssessmentPage) -> None:
    """Whether it can be theirs to do at all; whether it is just now, casework says."""
    kind = KINDS[found.one.kind]
    if what == "finish" and not kind.is_planned:
        abort(404)
    if actor.role is not (kind.answered_by if what == "answer" else kind.said_by):
        abort(403)


def _now() -> str:
    return quarter_of(this_day())


def _need_quarter(name: str) -> None:
    if not _QUARTER.fullmatch(name) or months_of(name)[0] > this_day():
        abort(404)


def _offer(actor: Actor, kind: str, form: SayForm) -> None:
    circle, now = current_circle(), _now()
    quarters = (now, quarter_before(now), quarter_before(quarter_before(now)))
    form.offer(kind, own_subdistricts(circle, actor), own_units(circle, actor), quarters)


def _new_page(actor: Actor, kind: str, form: SayForm) -> str:
    if request.method != "POST":
        _offer(actor, kind, form)
    form.fresh_key()
    return render_template(
        "staff/two_way_new.html", form=form, kind=KINDS[kind], name=kind,
        may=bool(own_units(current_circle(), actor)),
    )  # fmt: skip


def _page(actor: Actor, key: int, **refused: SeenForm) -> str:
    found = _need(actor, key)
    forms: dict[str, SeenForm] = {}

    def offer(what: str, *, is_theirs: bool) -> None:
        if is_theirs:
            forms[what] = refused.get(what) or _form(what, found)

    offer("answer", is_theirs=found.turns.answers)
    offer("finish", is_theirs=found.turns.finishes)
    offer("change", is_theirs=found.turns.changes)
    offer("withdraw", is_theirs=found.turns.changes)
    for form in forms.values():
        form.shown_at(found.one.version)
    return render_template(
        "staff/two_way_record.html", found=found, forms=forms, opens=next(iter(refused), ""),
        **_WORDS,
    )  # fmt: skip
