"""What a leader puts right by hand of what recurs: letters taken out, put in, topics joined, split,
and each of it taken back.
"""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotPossible, StaleCase
from forms_app.issues.access import Actor
from forms_app.issues.projects import LEADERS
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.topics import MOST_TYPED, JoinForm, LettersForm, MoreForm, UndoForm
from forms_app.web.request import Page, need_staff, say, this_moment
from forms_app.web.staff.projects import seen_topic, topic_page
from forms_app.web.staff.refusing import refuse

bp = Blueprint("topics", __name__, url_prefix="/staff/projects/topics")


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: what the first has left."""
    return _back((request.view_args or {})["key"])


@bp.post("/<int:key>/letters")
def letters(key: int) -> Page:
    """Takes the ticked letters out, or makes a topic of their own of them."""
    actor, form = need_staff(LEADERS), LettersForm()
    seen_topic(actor, key)
    splits = request.form.get("act") == "split"
    if not form.validate():
        return topic_page(actor, key, letters=form), 422
    numbers = sorted(form.numbers.data)
    by = _by(actor, form, "split" if splits else "out", *numbers)
    try:
        if splits:
            made = casework.split_topic(by, key, form.seen_version, numbers, now=this_moment())
        else:
            casework.take_out(by, key, form.seen_version, numbers, now=this_moment())
    except (NotPossible, StaleCase) as error:
        refuse(form, error)
        return topic_page(actor, key, letters=form), error.status
    if splits:
        say("已经另立成一件，就是这一页。要撤回，在原来那一件的“经过”里。")
        return redirect(url_for("projects.topic", key=made), 303)
    say("已经拿出去。拿错了，在下面“经过”里撤回。")
    return _back(key)


@bp.get("/<int:key>/more")
def more(key: int) -> Page:
    actor = need_staff(LEADERS)
    if not queries.topic_by_hand(actor, seen_topic(actor, key).topic).is_open:
        return _back(key)  # which says why
    return _more_page(actor, key, MoreForm(formdata=None))


@bp.post("/<int:key>/more")
def put_in(key: int) -> Page:
    actor, form = need_staff(LEADERS), MoreForm()
    seen_topic(actor, key)
    if not form.validate():
        return _more_page(actor, key, form), 422
    by = _by(actor, form, *sorted(form.wanted))
    try:
        casework.put_in(by, key, form.seen_version, form.wanted, now=this_moment())
    except (NotPossible, StaleCase) as error:
        refuse(form, error)
        return _more_page(actor, key, form), error.status
    say("已经放进来。放错了，在下面“经过”里撤回。")
    return _back(key)


@bp.post("/<int:key>/join")
def join(key: int) -> Page:
    actor, form = need_staff(LEADERS), JoinForm()
    form.offer(queries.topic_by_hand(actor, seen_topic(actor, key).topic).others)
    if not form.validate():
        return topic_page(actor, key, join=form), 422
    by, other = _by(actor, form, form.other.data), int(form.other.data)
    try:
        casework.join_topics(by, key, form.seen_version, other, now=this_moment())
    except (NotPossible, StaleCase) as error:
        refuse(form, error)
        return topic_page(actor, key, join=form), error.status
    say("已经并成一件。并错了，在下面“经过”里撤回。")
    return _back(key)


@bp.post("/<int:key>/undo")
def undo(key: int) -> Page:
    actor, form = need_staff(LEADERS), UndoForm()
    seen_topic(actor, key)
    if not form.validate():
        return topic_page(actor, key, undo=form), 422
    by, change = _by(actor, form, str(form.change_id)), form.change_id
    try:
        casework.undo_topic_change(by, key, form.seen_version, change, now=this_moment())
    except (NotPossible, StaleCase) as error:
        refuse(form, error)
        return topic_page(actor, key, undo=form), error.status
    say("已经撤回，两步都留在经过里。")
    return _back(key)


@bp.get("/<int:key>/<any(letters, join, undo):_done>")
def back(key: int, _done: str) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return _back(key)


def _by(actor: Actor, form: SeenForm, *asked: str) -> Actor:
    """Whoever presses: once for what is asked, so that a page that the back button has brought
    again, with other ticks, is not taken for a second click.
    """
    return replace(actor, press=" ".join((form.key, *asked)) if form.key else "")


def _back(key: int) -> Page:
    return redirect(url_for("projects.topic", key=key, page=request.args.get("page")), 303)


def _more_page(actor: Actor, key: int, form: MoreForm) -> str:
    topic = seen_topic(actor, key).topic
    form.shown_at(queries.topic_by_hand(actor, topic).version)
    return render_template(
        "staff/topic_more.html",
        it=topic,
        likely=queries.likely_letters(actor, topic),
        form=form,
        most=MOST_TYPED,
    )
