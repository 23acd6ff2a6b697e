"""What hits many at once, at the desk: opened in two presses, told of, ended, opened again."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, Announced, NotPossible, StaleCase
from forms_app.issues.access import CASE_ROLES, Actor
from forms_app.issues.incidents import RUNNERS, may_run
from forms_app.rules.steps import Role
from forms_app.web.forms.fields import NUMBER_LETTERS
from forms_app.web.forms.incidents import (
    EndForm,
    IncidentForm,
    OpenIncidentForm,
    TellForm,
)
from forms_app.web.request import Page, current_circle, form_key, need_staff, say, this_moment
from forms_app.web.staff.refusing import refuse

bp = Blueprint("incidents", __name__, url_prefix="/staff/incidents")


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: the incident as the first has left it."""
    return redirect(url_for(".incident", key=(request.view_args or {})["key"]), 303)


@bp.get("")
def listed() -> Page:
    actor = need_staff(CASE_ROLES)
    found = queries.incidents_of(current_circle(), actor)
    return render_template("staff/incidents.html", found=found, may_open=actor.role in RUNNERS)


@bp.get("/new")
def new() -> Page:
    actor = need_staff(RUNNERS)
    number = request.args.get("issue", "")[:NUMBER_LETTERS]
    return _new_page(actor, OpenIncidentForm(formdata=None, number=number))


@bp.post("/new")
def opened() -> Page:
    actor = need_staff(RUNNERS)
    form = OpenIncidentForm()
    _offer(form, actor)
    if form.validate():
        wanted = Announced(
            kind=form.kind.data,
            title=form.title.data,
            told=form.told.data,
            community_id=form.community_id.data,
            is_wide="is_wide" in form and form.is_wide.data,
            estate_ids=tuple(form.estate_ids.data),
            expected_at=form.expected_at.data,
        )
        try:
            key = casework.open_incident(
                current_circle(), actor, wanted,
                number=form.number.data, form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except NotPossible as error:
            refuse(form, error)
        except casework.IssueUnknown as error:
            form.refuse("number", error.sentence)
        else:
            say("已经开启，横幅马上出现在居民看到的每一页上。")
            return redirect(url_for(".incident", key=key), 303)
    return _new_page(actor, form), 422


@bp.get("/<int:key>")
def incident(key: int) -> Page:
    return _page(need_staff(CASE_ROLES), key)


@bp.post("/<int:key>/tell")
def tell(key: int) -> Page:
    actor, form = need_staff(RUNNERS), TellForm()
    if form.validate():
        try:
            casework.tell_all(
                replace(actor, press=form.key), key, form.seen_version, form.told.data,
                form.expected_at.data, now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            return _refused(actor, key, form, error)
        say("已经更新，横幅和每个跟随的居民的页面都换成了这一条。")
        return redirect(url_for(".incident", key=key), 303)
    return _page(actor, key, tell=form), 422


@bp.post("/<int:key>/end")
def end(key: int) -> Page:
    actor, form = need_staff(RUNNERS), EndForm()
    if form.validate():
        try:
            casework.end_incident(
                replace(actor, press=form.key), key, form.seen_version, form.last.data,
                now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            return _refused(actor, key, form, error)
        say("已经结束，横幅撤下了；问题照常办理，一件也没有因此办结。")
        return redirect(url_for(".incident", key=key), 303)
    return _page(actor, key, end=form), 422


@bp.post("/<int:key>/again")
def again(key: int) -> Page:
    actor, form = need_staff(RUNNERS), IncidentForm()
    if not form.validate():
        return _page(actor, key, again=form), 422
    try:
        casework.open_again(
            replace(actor, press=form.key), key, form.seen_version, now=this_moment()
        )
    except (NotPossible, StaleCase) as error:
        return _refused(actor, key, form, error)
    say("已经重新开启，横幅回来了，原来跟随的居民都还在。")
    return redirect(url_for(".incident", key=key), 303)


@bp.get("/<int:key>/<any(tell, end, again):_done>")
def back(key: int, _done: str) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return redirect(url_for(".incident", key=key), 303)


def _refused(actor: Actor, key: int, form: IncidentForm, error: NotPossible | StaleCase) -> Page:
    """The page as it is now, with what was typed still in its form."""
    refuse(form, error)
    shown = {TellForm: "tell", EndForm: "end"}.get(type(form), "again")
    return _page(actor, key, **{shown: form}), error.status


def _offer(form: OpenIncidentForm, actor: Actor) -> None:
    circle = current_circle()
    is_above = actor.role is Role.SUBDISTRICT_LEADER
    form.offer(circle, casework.communities_of(circle, actor), may_be_wide=is_above)


def _new_page(actor: Actor, form: OpenIncidentForm) -> str:
    _offer(form, actor)
    form.fresh_key()
    return render_template("staff/incident_new.html", form=form)


def _page(
    actor: Actor,
    key: int,
    tell: IncidentForm | None = None,
    end: IncidentForm | None = None,
    again: IncidentForm | None = None,
) -> str:
    found = queries.incident(current_circle(), actor, key)
    if found is None:
        abort(404)
    running = found.incident.ended_at is None
    tell = tell or TellForm(formdata=None, expected_at=found.incident.expected_at)
    forms = {"tell": tell, "end": end or EndForm(formdata=None)}
    if not running:
        forms = {"again": again or IncidentForm(formdata=None)}
    for form in forms.values():
        form.shown_at(found.incident.version)
    return render_template(
        "staff/incident.html", found=found, forms=forms, may_run=may_run(actor, found.incident)
    )
