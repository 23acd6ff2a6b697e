"""The page that a role opens in the morning, and the same as counts and clocks on a wall."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.issues import duty
from forms_app.issues.access import CASE_ROLES, Actor
from forms_app.issues.assessments import TWO_WAY_ROLES
from forms_app.issues.board_filters import SHARED, WAITS_FOR, BoardFilters, in_words, read
from forms_app.issues.incidents import concerns
from forms_app.issues.projects import LEADERS
from forms_app.issues.public_notes import NOTE_ROLES
from forms_app.issues.register_filters import LABELS, choices
from forms_app.notices.texts import NoticeWords
from forms_app.rules.sessions import LENGTH, Kind
from forms_app.rules.steps import OPEN_OR_MERGED, OPEN_STEPS, STEPS, Role
from forms_app.rules.worktime import CHINA
from forms_app.web.contents import digest
from forms_app.web.forms.base import Form
from forms_app.web.incidents import running
from forms_app.web.languages import language
from forms_app.web.request import (
    Page,
    called_here,
    current_circle,
    current_state,
    hold_session,
    need_staff,
    staff,
    tag_of,
    this_moment,
    wall_viewer,
)
from forms_app.web.staff.signing_in import end_here
from forms_app.web.words import weekday_words

bp = Blueprint("board", __name__, url_prefix="/staff")

WALL_ROLES = (Role.WORKER, Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER, Role.SUPERVISOR)
WALL_STEPS = tuple((step, STEPS[step].label) for step in OPEN_STEPS)
HEADINGS = {Role.SUPERVISOR: "正在办的问题", Role.COLLECTOR: "我登记的问题"}
LOOKED_AT_SECONDS = 60


class _State(NamedTuple):
    """What an open board holds; as its ETag it says by what to know that nothing has changed."""

    until: int  # seconds since 1970
    newest: str  # the newest entry of any issue
    which: str  # board
    digest: str

    def __str__(self) -> str:
        return ".".join(map(str, self))

    @classmethod
    def read(cls, tag: str) -> "_State":
        """What a browser sends back; of anything else, one that nothing fits."""
        until, *rest = tag.split(".")
        if len(rest) != 3 or not until.isascii() or not until.isdigit() or len(until) > 12:
            return cls(0, "", "", "")
        return cls(int(until), *rest)


class Choice(Struct, frozen=True):
    """A count that is also a way to see just what it counts."""

    words: str
    count: int
    address: str
    is_chosen: bool
    is_late: bool = False


def board_page(actor: Actor) -> str:
    """The board of somebody who handles issues or watches over them."""
    filters, refused = read(current_circle(), request.args)
    shown = _shown(actor, filters, refused)
    tag = _State(0, "", _which(actor, filters), _digest(shown))
    views = queries.saved_views(actor)
    return render_template("staff/board.html", tag=tag, views=views, **shown)


@bp.get("/board")
def renewed() -> Page:
    """The board alone, for a page that is open: 304 while it shows the same.

    An open board asks three times a minute. As long as nothing was noted of any issue and no
    shown clock has ended, the answer costs two statements; once a minute it is looked at in full.
    Nothing is written and no cookie set: a sign-in lasts as long as it would without it.
    """
    actor = need_staff(CASE_ROLES)
    now = int(this_moment().timestamp())
    newest = str(queries.newest_entry())
    filters, refused = read(current_circle(), request.args)
    which = _which(actor, filters)
    tags = request.if_none_match.as_set(include_weak=True)
    held = [state for state in map(_State.read, tags) if state.which == which]
    for state in held:
        if state.newest == newest and now < state.until:
            return _answer(make_response("", 304), state)
    shown = _shown(actor, filters, refused)
    state = _State(_until(shown["board"], now), newest, which, _digest(shown))
    if state.digest in [one.digest for one in held]:
        return _answer(make_response("", 304), state)
    return _answer(make_response(render_template("staff/board_renewed.html", **shown)), state)


def _answer(response: Response, state: _State) -> Response:
    response.set_etag(str(state), weak=True)
    return response


def _shown(actor: Actor, filters: BoardFilters, refused: Sequence[str]) -> dict[str, Any]:
    """What the board shows, by the names that its template knows."""
    board = queries.board(current_circle(), actor, this_moment(), filters)
    lists = {**choices(current_circle())}
    lists["step"] = {step.value: STEPS[step].label for step in OPEN_OR_MERGED}
    lists["community"] = {c.id: c.name for c in duty.communities_of(current_circle(), actor)}
    return {
        "heading": HEADINGS.get(actor.role, "待办"),
        "due": _due(actor, board),
        "board": board,
        "is_nowhere": actor.community_ids == frozenset(),
        "filters": filters,
        "given": filters.conditions,
        "waits": _waits(actor, board.counts, filters),
        "steps": _steps(board.counts, filters),
        "chips": [
            (words, filters.without(name).address)
            for name, words in in_words(current_circle(), filters).items()
        ],
        "refused": refused,
        "lists": {name: lists[name] for name in SHARED if len(lists.get(name, ())) > 1},
        "labels": LABELS,
        "inbox": [
            (row, NoticeWords(row.number, row.event, row.step, row.due_at))
            for row in queries.inbox(actor)
        ],
        "failed": queries.failed_notices(actor),
        "spoken": queries.spoken(current_circle().clocks, actor, this_moment()),
        "rings": queries.to_ring(actor),
        "beside": _beside(actor),
        "desks": duty.desks(current_circle(), actor),
        "hours": duty.hours_words(current_circle(), this_moment()),
        "emergencies": _emergencies(actor),
        "has_wall": actor.role in WALL_ROLES,
        "now": this_moment(),
    }


def _beside(actor: Actor) -> list[tuple[str, int, str]]:
    """What waits for its reader that is no issue: where it stands, how much it is, in words."""
    found = []
    if actor.role in LEADERS:
        month = f"{this_moment().astimezone(CHINA):%Y-%m}"
        offered = [one for one in queries.topics_offered(actor) if one.topic.month == month]
        # One matter a month: whoever has chosen one is not asked for the others.
        chosen = {one.topic.community_id for one in offered if one.project_id is not None}
        waiting = sum(one.topic.community_id not in chosen for one in offered)
        found.append(("projects", waiting, "每月一题，等负责人挑"))
    if actor.role in TWO_WAY_ROLES:
        found.append(("two-way/", len(queries.open_assessments(actor)), "双向考核，等答复"))
    if actor.role in NOTE_ROLES:
        what = "公示，等起草" if actor.role is Role.WORKER else "公示，等起草或审核"
        found.append(("notes/", queries.notes_waiting(actor), what))
    return [one for one in found if one[1]]


def _due(actor: Actor, board: queries.Board) -> int:
    """How many wait for the reader of the board, or are overdue for one who watches."""
    if actor.role in queries.WATCHING:
        return board.counts.of(is_late=True) if actor.role is Role.SUPERVISOR else 0
    listed = sum(section.count for section in board.sections if section.name == "me")
    return max(board.counts.of(is_mine=True), listed)


def _digest(shown: Mapping[str, Any]) -> str:
    """What tells what is shown from other, but for the time that is left."""
    board = shown["board"]
    return digest(
        weekday_words(shown["now"]),
        shown["hours"],
        sorted(board.counts.groups.items()),
        board.silent,
        [
            (section.name, section.count, [row.shown for row in section.rows])
            for section in board.sections
        ],
        [row for row, _ in shown["inbox"]],
        shown["failed"],
        shown["beside"],
        shown["spoken"],
        shown["rings"],
        shown["emergencies"],
    ).hex()


def _which(actor: Actor, filters: BoardFilters) -> str:
    """Which board it is: whose, narrowed how, in which language and by which community's data."""
    return tag_of(actor.account_id, actor.role, filters.address, language(), current_state())


def _until(board: queries.Board, now: int) -> int:
    """Until when the same entries show the same: the next clock to end, and a minute at most."""
    ends = [
        int(row.due_at.timestamp()) + 1
        for section in board.sections
        for row in section.rows
        if row.due_at is not None
    ]
    return min([end for end in ends if end > now] + [now + LOOKED_AT_SECONDS])


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
        emergencies=_emergencies(actor),
        is_kept=staff() is None,
        kept_days=LENGTH[Kind.WALL].days,
        now=this_moment(),
    )


@bp.post("/wall/keep")
def leave_on_wall() -> Page:
    """Signs out, and leaves this browser the wall alone, for weeks."""
    actor = need_staff(WALL_ROLES)
    if not Form().validate():
        abort(400)
    end_here()
    key = casework.begin_session(
        actor.account_id or 0, kind=Kind.WALL, browser=called_here(), now=this_moment()
    )
    hold_session(key, Kind.WALL)
    return redirect(url_for(".wall"), 303)


def _emergencies(actor: Actor) -> list[queries.IncidentFacts]:
    """What hits many at once now, where this actor works."""
    return [one for one in running() if concerns(current_circle(), actor, one)]


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
    for step in OPEN_OR_MERGED:
        count = counts.of(step=step.value, is_mine=mine, is_late=late)
        is_chosen = filters.shared.step == step.value
        if count or is_chosen or counts.is_cut:
            address = filters.with_step(step.value).address
            found.append(Choice(STEPS[step].label, count, address, is_chosen))
    return found
