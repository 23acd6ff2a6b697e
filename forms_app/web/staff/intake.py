"""The page where staff write down what somebody told them, and the receipt that person gets.

A call begins with its number, which tells whoever may look for people what it reported before. It
knows no spreadsheet: what comes in by the file is elsewhere.
"""

from typing import NamedTuple

from flask import Blueprint, abort, redirect, render_template, request, url_for
from wtforms import Field

from forms_app import casework, queries
from forms_app.casework import Intake, NotPossible, Report
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.incidents import communities_hit
from forms_app.rules import keys
from forms_app.rules.procedure import find_move
from forms_app.rules.steps import INQUIRY, OPEN_STEPS, Role
from forms_app.web.forms.staff import CollectForm, NumberForm
from forms_app.web.incidents import asked_about, running
from forms_app.web.photos import let_photos_go, stage_photos, takes_photos
from forms_app.web.request import (
    Page,
    code_key,
    current_circle,
    form_key,
    need_staff,
    server_key,
    this_moment,
)
from forms_app.web.staff.answers import OfferedAnswer, offered_answers
from forms_app.web.staff.receipts import slip

bp = Blueprint("intake", __name__, url_prefix="/staff")


CALL = "phone"  # the channel whose form begins with the number
EARLIER_SHOWN = 3  # of what a number reported before; all of it is where people are looked for
INTAKE_ROLES = [r for r in Role if r is not Role.RESIDENT and r in find_move("submit", None).who]


@bp.get("/issues/new")
def collect() -> Page:
    actor = need_staff(INTAKE_ROLES)
    asked = {name: request.args.get(name, "")[:20] for name in ("paper", "channel")}
    form = CollectForm(**asked)
    if form.channel.data == CALL:
        _begin_at(form.reporter_phone)
    return collect_page(actor, form)


@bp.post("/issues/new")
@takes_photos
def collected() -> Page:
    actor = need_staff(INTAKE_ROLES)
    form = CollectForm()
    _offer(form, current_circle(), actor)
    stage_photos(form)
    if form.validate():
        key = form_key(form)
        secret = keys.ticket_secret(server_key(), key)
        report = Report(**{name: form[name].data for name in Report.__struct_fields__})
        try:
            received = casework.submit(
                current_circle(), actor, report, form_key=key,
                ticket_hash=code_key().hashed(secret),
                intake=_intake(form), photos=form.staged, now=this_moment(),
            )  # fmt: skip
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        else:
            let_photos_go(form)
            ticket = keys.format_ticket(received.number, secret)
            # Pressed again, it may have gone over to another community meanwhile.
            found = queries.case(actor, received.number)
            alike: tuple[queries.Alike, ...] = ()
            if found is not None and "join" in found.moves:
                asked = asked_about(found.issue.community_id, found.issue.estate_id)
                alike = queries.alike_to(actor, found.issue, asked)
            return render_template(
                "staff/receipt.html",
                received=received,
                form_key=form.key,
                channel=report.channel,
                case=found,
                alike=alike,
                pictures=queries.pictures_of([received.id, *(other.issue.id for other in alike)]),
                paper=queries.paper_of(received.id),
                **slip(ticket),
            )
    return collect_page(actor, form), 422


@bp.post("/issues/new/answers")
@takes_photos
def answers() -> Page:
    """The form again as it was typed, with prepared answers to what was asked, or with one of them.

    Nothing is registered yet.
    """
    actor = need_staff(INTAKE_ROLES)
    form = CollectForm()
    stage_photos(form)
    if not casework.may_opine(actor):
        abort(403)
    if not form.description.data:
        form.refuse("description", "先写一句反映人问什么，再找答复")
        return collect_page(actor, form), 422
    found = offered_answers(actor, form.description.data)
    chosen = next((one for one in found if one.key == request.form.get("answer")), None)
    if chosen is not None:
        form.initial_opinion.data = chosen.text
        form.nature.data = form.nature.data or INQUIRY
        form.settles.data = casework.may_settle(current_circle(), actor)
        found = ()
    return collect_page(actor, form, found)


@bp.post("/issues/new/caller")
@takes_photos
def caller() -> Page:
    """The form again as it was typed, with what its number reported before, or at the place of one
    of those. Nothing is registered yet; that somebody looked is noted, for whom is not.
    """
    actor = need_staff(INTAKE_ROLES)
    if not actor.finds_people:
        abort(403)
    form, number = CollectForm(), NumberForm()
    stage_photos(form)
    if not number.validate():
        for name, sentences in number.errors.items():
            form.refuse(name, *sentences)
        return collect_page(actor, form), 422
    found, is_cut = queries.issues_of_number(actor, number.reporter_phone.data)
    place = request.form.get("place")
    there = next((one.issue for one in found if one.issue.number == place), None)
    if there is None:
        casework.log_search(actor, len(found), by_phone=True, is_cut=is_cut, now=this_moment())
    else:
        for name in ("community_id", "estate_id", "location"):
            form[name].data = getattr(there, name)
    _begin_at(form.description)
    return collect_page(actor, form, earlier=Earlier(found, is_cut, there is not None))


@bp.get("/issues/new/answers")
@bp.get("/issues/new/caller")
def answers_again() -> Page:
    """What a reload of the address alone asks for: the form."""
    return redirect(url_for(".collect"), 303)


class Earlier(NamedTuple):
    """What a number reported before, the newest of what is open first."""

    found: list[queries.CallersIssue]
    is_cut: bool
    is_taken: bool  # the place of one of them stands in the form

    @property
    def shown(self) -> list[queries.CallersIssue]:
        return [] if self.is_taken else self.found[:EARLIER_SHOWN]

    @property
    def open_count(self) -> int:
        return sum(one.step in OPEN_STEPS for one in self.found)


def _begin_at(field: Field) -> None:
    field.render_kw = {**(field.render_kw or {}), "autofocus": True}


def collect_page(
    actor: Actor,
    form: CollectForm,
    found: tuple[OfferedAnswer, ...] | None = None,
    earlier: Earlier | None = None,
) -> str:
    """The form, with what was typed in it; `found` are prepared answers and `earlier` is what the
    number reported before, if they were asked for.
    """
    _offer(form, current_circle(), actor)
    form.fresh_key()
    if not form.is_submitted() and not form.community_id.data:
        form.community_id.data = actor.community_id
    here = casework.communities_of(current_circle(), actor)
    hit = [one for one in running() if not communities_hit(current_circle(), one).isdisjoint(here)]
    takes_calls = any(one.value == CALL for one in form.channel.choices)
    is_call = form.channel.data == CALL and takes_calls
    if is_call:
        form.reporter_phone.label.text = "来电号码"
    return render_template(
        "staff/collect.html",
        form=form,
        answers=found,
        earlier=earlier,
        is_call=is_call,
        takes_calls=takes_calls,
        emergencies=hit,
    )


def _offer(form: CollectForm, circle: Circle, actor: Actor) -> None:
    form.offer(circle, casework.communities_of(circle, actor))
    absent = [] if casework.may_opine(actor) else ["initial_opinion", "opined_at"]
    absent += [] if casework.may_settle(circle, actor) else ["settles", "verdict"]
    for name in absent:
        if name in form:
            del form[name]


def _intake(form: CollectForm) -> Intake:
    if "initial_opinion" not in form:
        return Intake(form.received_at.data, paper=form.paper.data)
    settles = "settles" in form and form.settles.data
    return Intake(
        form.received_at.data,
        form.initial_opinion.data,
        form.opined_at.data,
        form.paper.data,
        settles=settles,
        verdict=int(form.verdict.data) if settles and form.verdict.data else None,
    )
