"""Residents' meetings (居民议事): recorded, corrected, printed; what of them is published."""

from dataclasses import replace

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotPossible, StaleCase
from forms_app.issues.access import COMMUNITY_ROLES, Actor
from forms_app.issues.meetings import MEETING_ROLES, may_tell_of_meetings, may_write_meetings
from forms_app.rules.meetings import ATTENDED, EVENT_LABELS, OUTCOMES
from forms_app.rules.steps import Role
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.meetings import (
    ATTENDED_FIELDS,
    PLACES,
    RATED_FIELDS,
    MeetingForm,
    UntellForm,
    told_form,
)
from forms_app.web.publishing import press
from forms_app.web.request import Page, current_circle, form_key, need_staff, say, this_moment
from forms_app.web.staff.refusing import refuse

bp = Blueprint("meetings", __name__, url_prefix="/staff/meetings")
TELLERS = (Role.COMMUNITY_LEADER,)


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: what the first has left."""
    return redirect(url_for(".meeting", key=(request.view_args or {})["key"]), 303)


@bp.get("")
def listed() -> Page:
    actor = need_staff(MEETING_ROLES)
    return render_template(
        "staff/meetings.html",
        found=queries.meetings_of(actor),
        writes=may_write_meetings(actor, actor.community_id),
    )


@bp.get("/new")
def new() -> Page:
    return _form_page(need_staff(COMMUNITY_ROLES), MeetingForm(formdata=None))


@bp.post("/new")
def record() -> Page:
    actor, form = need_staff(COMMUNITY_ROLES), MeetingForm()
    form.offer(_projects(actor, actor.community_id))
    if form.validate():
        try:
            key = casework.record_meeting(
                current_circle(), actor, actor.community_id, form.minutes,
                is_another=form.is_another.data, form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except NotPossible as error:
            refuse(form, error)
        else:
            say("已经记下。")
            return redirect(url_for(".meeting", key=key), 303)
    return _form_page(actor, form), 422


@bp.get("/paper")
def paper() -> Page:
    """The empty sheet."""
    actor = need_staff(COMMUNITY_ROLES)
    return _paper(MeetingForm(formdata=None), actor.community_id, {})


@bp.get("/<int:key>")
def meeting(key: int) -> Page:
    return _page(need_staff(MEETING_ROLES), key)


@bp.get("/<int:key>/print")
def printed(key: int) -> Page:
    """The sheet with what the record says."""
    actor = need_staff(MEETING_ROLES)
    found = _meeting(actor, key)
    form = MeetingForm(formdata=None)
    form.fill(found)
    return _paper(form, found.meeting.community_id, _projects(actor, found.meeting.community_id))


@bp.get("/<int:key>/edit")
def edit(key: int) -> Page:
    actor = need_staff(COMMUNITY_ROLES)
    found = _meeting(actor, key)
    form = MeetingForm(formdata=None)
    form.fill(found)
    return _form_page(actor, form, found)


@bp.post("/<int:key>/edit")
def change(key: int) -> Page:
    actor, form = need_staff(COMMUNITY_ROLES), MeetingForm()
    found = _meeting(actor, key)
    form.offer(_projects(actor, found.meeting.community_id))
    if form.validate():
        try:
            casework.change_meeting(
                replace(actor, press=form.key), key, form.seen_version, form.minutes,
                form.reason.data, now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            is_late = isinstance(error, StaleCase)
            return _form_page(actor, form, _meeting(actor, key), is_late=is_late), error.status
        say("已经记下，原来的写法留在经过里。")
        return redirect(url_for(".meeting", key=key), 303)
    return _form_page(actor, form, found), 422


@bp.get("/<int:key>/public")
def public(key: int) -> Page:
    """What the site is to say of each item."""
    actor = need_staff(TELLERS)
    found = _meeting(actor, key)
    form = told_form(found.items)(formdata=None)
    for one in found.items:
        form[f"told_{one.place}"].data = found.told.get(one.place, "")
    return _public(found, form)


@bp.post("/<int:key>/public")
def publish(key: int) -> Page:
    actor = need_staff(TELLERS)
    found = _meeting(actor, key)
    form = told_form(found.items)()
    if form.validate():
        told = {one.place: form[f"told_{one.place}"].data for one in found.items}
        try:
            casework.tell_of_meeting(
                current_circle(), replace(actor, press=form.key), key, form.seen_version, told,
                now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _public(_meeting(actor, key), form), error.status
        press().start()
        say("已经公示，网站正在更新，一会儿就能看到。")
        return redirect(url_for(".meeting", key=key), 303)
    return _public(found, form), 422


@bp.post("/<int:key>/untell")
def take_down(key: int) -> Page:
    actor, form = need_staff(TELLERS), UntellForm()
    found = _meeting(actor, key)
    if form.validate():
        try:
            casework.take_down_meeting(
                replace(actor, press=form.key), key, form.seen_version, form.reason.data,
                now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _page(actor, key, form), error.status
        press().start()
        say("已经撤下，网站正在更新，一会儿就没有了。")
        return redirect(url_for(".meeting", key=key), 303)
    return _page(actor, found.meeting.id, form), 422


@bp.get("/<int:key>/untell")
def back(key: int) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return redirect(url_for(".meeting", key=key), 303)


def _meeting(actor: Actor, key: int) -> queries.MeetingPage:
    found = queries.meeting_page(actor, key)
    if found is None:
        abort(404)
    return found


def _projects(actor: Actor, community_id: str) -> dict[str, str]:
    """The community's projects, by "project:3", of those that are the actor's to see."""
    return {
        f"project:{one.id}": one.title
        for one in queries.projects_of(actor)
        if one.community_id == community_id
    }


def _page(actor: Actor, key: int, untell: UntellForm | None = None) -> str:
    found = _meeting(actor, key)
    form = untell or UntellForm(formdata=None)
    _fresh(form, found)
    home = found.meeting.community_id
    return render_template(
        "staff/meeting.html", found=found, untell=form, ATTENDED=ATTENDED, OUTCOMES=OUTCOMES,
        MEETING_EVENTS=EVENT_LABELS, writes=may_write_meetings(actor, home),
        tells=may_tell_of_meetings(actor, home), projects=_projects(actor, home),
    )  # fmt: skip


def _public(found: queries.MeetingPage, form: SeenForm) -> str:
    _fresh(form, found)
    return render_template(
        "staff/meeting_public.html", found=found, form=form, OUTCOMES=OUTCOMES
    )  # fmt: skip


def _form_page(
    actor: Actor,
    form: MeetingForm,
    found: queries.MeetingPage | None = None,
    *,
    is_late: bool = False,
) -> str:
    home = found.meeting.community_id if found else actor.community_id
    if not may_write_meetings(actor, home):
        abort(403)
    form.offer(_projects(actor, home))
    _fresh(form, found)
    return render_template(
        "staff/meeting_form.html", form=form, found=found, is_late=is_late, home=home,
        PLACES=PLACES, ATTENDED_FIELDS=ATTENDED_FIELDS, RATED_FIELDS=RATED_FIELDS,
        ATTENDED=ATTENDED, OUTCOMES=OUTCOMES, MEETING_EVENTS=EVENT_LABELS,
    )  # fmt: skip


def _fresh(form: SeenForm, found: queries.MeetingPage | None) -> None:
    form.shown_at(found.meeting.version if found else "")


def _paper(form: MeetingForm, community_id: str, projects: dict[str, str]) -> str:
    return render_template(
        "staff/meeting_paper.html", form=form, home=community_id, projects=projects,
        PLACES=PLACES, ATTENDED_FIELDS=ATTENDED_FIELDS, RATED_FIELDS=RATED_FIELDS,
        OUTCOMES=OUTCOMES,
    )  # fmt: skip
