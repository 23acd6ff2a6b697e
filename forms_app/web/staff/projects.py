"""What recurs, once a month (每月一题): looked at, made a project or a question, changed, done."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, Intended, NotPossible, StaleCase
from forms_app.issues.access import Actor
from forms_app.issues.projects import LEADERS
from forms_app.issues.register_filters import Filters
from forms_app.rules.projects import yuan
from forms_app.web.forms.projects import ChangeProjectForm, FinishProjectForm, OpenProjectForm
from forms_app.web.forms.topics import JoinForm, LettersForm, UndoForm
from forms_app.web.request import (
    Page,
    current_circle,
    form_key,
    need_staff,
    page_number,
    say,
    this_moment,
)
from forms_app.web.staff.refusing import refuse

bp = Blueprint("projects", __name__, url_prefix="/staff/projects")


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: what the first has left."""
    return redirect(url_for(".listed"), 303)


@bp.get("")
def listed() -> Page:
    actor = need_staff(LEADERS)
    return render_template(
        "staff/projects.html",
        topics=queries.topics_offered(actor),
        found=queries.projects_of(actor),
    )


@bp.get("/topics/<int:key>")
def topic(key: int) -> Page:
    return topic_page(need_staff(LEADERS), key)


@bp.post("/topics/<int:key>")
def opened(key: int) -> Page:
    actor, form = need_staff(LEADERS), OpenProjectForm()
    found = seen_topic(actor, key)
    form.offer(current_circle(), found.topic.community_id)
    if form.validate():
        try:
            project = casework.open_project(
                current_circle(), actor, key, _intended(form, form.kind.data),
                form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except NotPossible as error:
            refuse(form, error)
        else:
            say("已经记下。")
            return redirect(url_for(".project", key=project), 303)
    return topic_page(actor, key, form), 422


@bp.get("/<int:key>")
def project(key: int) -> Page:
    return _page(need_staff(LEADERS), key)


@bp.post("/<int:key>/change")
def change(key: int) -> Page:
    actor, form = need_staff(LEADERS), ChangeProjectForm()
    found = _project(actor, key)
    form.offer(current_circle(), found.project.community_id)
    if form.validate():
        try:
            casework.change_project(
                current_circle(), replace(actor, press=form.key), key, form.seen_version,
                _intended(form, found.project.kind), now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _page(actor, key, change=form), error.status
        say("已经改好，原来的写法留在经过里。")
        return redirect(url_for(".project", key=key), 303)
    return _page(actor, key, change=form), 422


@bp.post("/<int:key>/finish")
def finish(key: int) -> Page:
    actor, form = need_staff(LEADERS), FinishProjectForm()
    if form.validate():
        try:
            casework.finish_project(
                replace(actor, press=form.key), key, form.seen_version, form.result.data,
                now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _page(actor, key, finish=form), error.status
        say("已经办完。反映过的居民各问一次：现在好了没有。谁答了、怎么答的，都在这一页。")
        return redirect(url_for(".project", key=key), 303)
    return _page(actor, key, finish=form), 422


@bp.get("/<int:key>/<any(change, finish):_done>")
def back(key: int, _done: str) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return redirect(url_for(".project", key=key), 303)


def _intended(form: OpenProjectForm | ChangeProjectForm, kind: str) -> Intended:
    return Intended(
        kind=kind,
        title=form.title.data or "",
        lead=form.lead.data or "",
        measures=form.measures.data or "",
        budget_fen=form.budget_fen,
        due_on=form.due_on.data,
    )


def seen_topic(actor: Actor, key: int) -> queries.TopicPage:
    """The topic, if it is the actor's; else 404."""
    found = queries.topic_page(actor, key)
    if found is None:
        abort(404)
    return found


def _project(actor: Actor, key: int) -> queries.ProjectPage:
    found = queries.project_page(actor, key, now=this_moment())
    if found is None:
        abort(404)
    return found


def topic_page(
    actor: Actor,
    key: int,
    form: OpenProjectForm | None = None,
    letters: LettersForm | None = None,
    join: JoinForm | None = None,
    undo: UndoForm | None = None,
) -> str:
    """A topic as it is now, with what was typed or ticked in the form that was refused."""
    found = seen_topic(actor, key)
    form = form or OpenProjectForm(formdata=None)
    form.offer(current_circle(), found.topic.community_id)
    form.fresh_key()
    page = page_number()
    g.query_is_known = list(request.args.items()) in ([("page", str(page))], [("half", "1")])
    by_hand = queries.topic_by_hand(actor, found.topic, page or 1)
    asks_halves = request.args.get("half") == "1" and by_hand.is_open
    halves = queries.topic_halves(actor, found.topic) if asks_halves else None
    if letters is None:
        letters = LettersForm(formdata=None)
        letters.numbers.data = [one.number for one in halves.letters] if halves else []
    join = join or JoinForm(formdata=None)
    join.offer(by_hand.others)
    undo = undo or UndoForm(formdata=None)
    for hand in (letters, join, undo):
        hand.shown_at(by_hand.version)
    return render_template(
        "staff/topic.html",
        found=found,
        by_hand=by_hand,
        form=form,
        letters=letters,
        join=join,
        undo=undo,
        unfolds=page is not None or asks_halves,
        asks_halves=asks_halves,
        halves=halves,
        around=_around(found.topic).address,
    )


def _around(topic: queries.TopicFacts) -> Filters:
    """Where what the finder missed of a matter is likeliest: all of its kind there in its time."""
    return Filters(
        community=topic.community_id,
        category=topic.category,
        estate=topic.estate_id,
        received_from=date.fromisoformat(topic.first_on),
        received_to=date.fromisoformat(topic.last_on),
    )


def _page(
    actor: Actor,
    key: int,
    change: ChangeProjectForm | None = None,
    finish: FinishProjectForm | None = None,
) -> str:
    found = _project(actor, key)
    now = found.project
    if change is None:
        change = ChangeProjectForm(
            formdata=None, title=now.title, lead=now.lead, measures=now.measures,
            budget=yuan(now.budget_fen) if now.budget_fen else "",
            due_on=date.fromisoformat(now.due_on) if now.due_on else None,
        )  # fmt: skip
    change.offer(current_circle(), now.community_id)
    forms = {"change": change, "finish": finish or FinishProjectForm(formdata=None)}
    for form in forms.values():
        form.shown_at(now.version)
    return render_template("staff/project.html", found=found, forms=forms)
