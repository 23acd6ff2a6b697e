"""Where staff begin: the board, or the administrator's home; notices; what residents rated."""

from datetime import timedelta

from flask import abort, redirect, render_template, url_for

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.issues.access import CASE_ROLES, COMMUNITY_ROLES, LEVELS, Actor
from forms_app.rules.bad_ratings import SPANS, WAYS, span_of
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.web.forms.base import Form
from forms_app.web.forms.staff import ReadNoticesForm
from forms_app.web.request import (
    Page,
    current_circle,
    need_staff,
    say,
    this_moment,
)
from forms_app.web.staff import activities, admin_home, bp
from forms_app.web.staff.board import board_page

FOLLOWED_DAYS = 90  # of which it is told what came of bad ratings
RATING_ROLES = [
    Role.WORKER,
    Role.COMMUNITY_LEADER,
    Role.SUBDISTRICT_LEADER,
    Role.SUPERVISOR,
]


@bp.get("/")
def home() -> Page:
    actor = need_staff()
    if actor.role is Role.ADMIN:
        return admin_home.page(actor)
    if actor.role is Role.EDITOR:
        return activities.listed()
    return board_page(actor)


@bp.post("/notices/read")
def read_notices() -> Page:
    actor = need_staff(CASE_ROLES)
    form = ReadNoticesForm()
    if not form.validate():
        abort(400)
    casework.mark_read(actor, form.up_to.data, now=this_moment())
    return redirect(url_for(".home"), 303)


@bp.post("/notices/resend")
def resend_notices() -> Page:
    actor = need_staff([*LEVELS, Role.ADMIN])
    if not Form().validate():
        abort(400)
    count = casework.resend_failed(actor, now=this_moment())
    say(
        said("%(count)s条通知已经重新排队发送。", count=count)
        if count
        else "现在没有发送失败的通知。"
    )
    return redirect(url_for(".home"), 303)


@bp.get("/ratings")
def ratings() -> Page:
    actor = need_staff(RATING_ROLES)
    circle, now = current_circle(), this_moment()
    theirs = _rated_by_theirs(circle, actor)
    found = [
        (
            rating,
            circle.known_as(rating.about),
            circle.reasons_for(rating.about).get(rating.reason, rating.reason),
            WAYS.get(rating.way, ""),
            _may_open(circle, actor, rating.community_id),
        )
        for rating in queries.ratings(about=theirs)
    ]
    since = now - timedelta(days=FOLLOWED_DAYS)
    followed = queries.followed_up(since, now + timedelta(seconds=1), theirs)
    half = followed.half_within
    return render_template(
        "staff/ratings.html",
        ratings=found,
        days=FOLLOWED_DAYS,
        followed=followed,
        half_words=SPANS[span_of(half)][1] if half is not None else "",
    )


def _may_open(circle: Circle, actor: Actor, community_id: str | None) -> bool:
    """Whether the case of this community is the actor's to see: else a link leads nowhere."""
    if community_id is None:
        return False
    if actor.role in COMMUNITY_ROLES:
        return community_id == actor.community_id
    own = circle.subdistrict_of(community_id)
    return not actor.subdistrict_id or (own is not None and own.id == actor.subdistrict_id)


def _rated_by_theirs(circle: Circle, actor: Actor) -> frozenset[str] | None:
    """What can be rated in the actor's sub-district; None for whoever sees all there is."""
    if not circle.has_several_subdistricts or (
        actor.role is Role.SUPERVISOR and not actor.subdistrict_id
    ):
        return None
    own = circle.subdistrict_of(actor.community_id)
    return circle.rated_in(own.id if own else actor.subdistrict_id)
