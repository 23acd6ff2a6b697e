"""The page that a role opens in the morning, and the same as counts and clocks on a wall."""

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app import queries
from forms_app.issues import duty
from forms_app.issues.access import Actor
from forms_app.issues.board_filters import SHARED, WAITS_FOR, BoardFilters, in_words, read
from forms_app.issues.register_filters import LABELS, choices
from forms_app.notices.texts import NoticeWords
from forms_app.rules.sessions import Kind
from forms_app.rules.steps import OPEN_STEPS, STEPS, Role, Step
from forms_app.web.forms.base import Form
from forms_app.web.request import (
    Page,
    current_circle,
    keep_signed_in,
    need_staff,
    sign_out,
    staff,
    this_moment,
    wall_viewer,
)

bp = Blueprint("board", __name__, url_prefix="/staff")


WALL_ROLES = (Role.WORKER, Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER, Role.SUPERVISOR)
WALL_STEPS = tuple((step, STEPS[step].label) for step in OPEN_STEPS)
# At a merged issue's own verdict somebody is waited for, too.
BOARD_STEPS = (*OPEN_STEPS, Step.MERGED)


@dataclass(frozen=True)
class Choice:
    """A count that is also a way to see just what it counts."""

    words: str
    count: int
    address: str
    is_chosen: bool
    is_late: bool = False


def board_page(actor: Actor) -> str:
    """The board of somebody who handles issues or watches over them."""
    filters, refused = read(current_circle(), request.args)
    board = queries.board(current_circle(), actor, this_moment(), filters)
    lists = choices(current_circle())
    lists["step"] = {step.value: STEPS[step].label for step in BOARD_STEPS}
    lists["community"] = {c.id: c.name for c in duty.communities_of(current_circle(), actor)}
    return render_template(
        "staff/board.html",
        board=board,
        filters=filters,
        given=filters.conditions,
        waits=_waits(actor, board.counts, filters),
        steps=_steps(board.counts, filters),
        chips=[
            (words, filters.without(name).address)
            for name, words in in_words(current_circle(), filters).items()
        ],
        refused=refused,
        lists={name: lists[name] for name in SHARED if len(lists.get(name, ())) > 1},
        labels=LABELS,
        inbox=[
            (row, NoticeWords(row.number, row.event, row.step, row.due_at))
            for row in queries.inbox(actor)
        ],
        failed=queries.failed_notices(actor),
        spoken=queries.spoken(current_circle().clocks, actor, this_moment()),
        desks=duty.desks(current_circle(), actor),
        hours=duty.hours_words(current_circle(), this_moment()),
        has_wall=actor.role in WALL_ROLES,
        now=this_moment(),
    )


@bp.get("/wall")
def wall() -> Page:
    """Counts and clocks for a screen that everybody can see; it shows nothing of any resident."""
    actor = staff() or wall_viewer()
    if actor is None:
        abort(401)
    if actor.role not in WALL_ROLES:
        abort(403)
    communities = duty.communities_of(current_circle(), actor)
    return render_template(
        "staff/wall.html",
        wall=queries.wall(actor, [community.id for community in communities], this_moment()),
        steps=WALL_STEPS,
        is_kept=staff() is None,
        now=this_moment(),
    )


@bp.post("/wall/keep")
def leave_on_wall() -> Page:
    """Signs out, and leaves this browser the wall alone, for weeks."""
    actor = need_staff(WALL_ROLES)
    if not Form().validate():
        abort(400)
    sign_out()
    keep_signed_in(actor.account_id or 0, Kind.WALL)
    return redirect(url_for(".wall"), 303)


def _waits(actor: Actor, counts: queries.Counts, filters: BoardFilters) -> list[Choice]:
    step, late = filters.shared.step, filters.shared.overdue or None
    sides = {"me": True, "others": False}
    found = [
        Choice(
            words,
            counts.of(step=step, is_mine=sides[name], is_late=late),
            filters.with_waits(name).address,
            filters.waits == name,
        )
        for name, words in WAITS_FOR.items()
        if actor.role not in queries.WATCHING
    ]
    if not found:
        everything = counts.of(step=step)
        found = [Choice("全部在办", everything, filters.without("overdue").address, not late)]
    mine = sides.get(filters.waits)
    overdue = counts.of(step=step, is_mine=mine, is_late=True)
    return [*found, Choice("已超时", overdue, filters.with_overdue().address, bool(late), True)]


def _steps(counts: queries.Counts, filters: BoardFilters) -> list[Choice]:
    mine = {"me": True, "others": False}.get(filters.waits)
    late = filters.shared.overdue or None
    found = []
    for step in BOARD_STEPS:
        count = counts.of(step=step.value, is_mine=mine, is_late=late)
        is_chosen = filters.shared.step == step.value
        if count or is_chosen:
            address = filters.with_step(step.value).address
            found.append(Choice(STEPS[step].label, count, address, is_chosen))
    return found
