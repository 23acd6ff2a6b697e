"""The staff's pages: sign in, the board, a case and its moves."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.casework import (
    AlreadyMade,
    AnswersClosed,
    NotPossible,
    SignInRefused,
    StaleCase,
)
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.suggestions import suggest
from forms_app.rules.procedure import BEFORE_VERDICT, Role, Step
from forms_app.rules.said import said
from forms_app.web.forms.base import Form, OnceForm
from forms_app.web.forms.staff import (
    MOVE_FORMS,
    CollectForm,
    MoveForm,
    PasswordForm,
    ReadNoticesForm,
    SignInForm,
)
from forms_app.web.photos import allow_photos, let_photos_go, photos, send_photo, stage_photos
from forms_app.web.request import (
    circle,
    keep_signed_in,
    named,
    need_staff,
    now,
    say,
    staff,
    unit_names,
)
from forms_app.web.staff.board import board_page
from forms_app.web.staff.intake import INTAKE_ROLES, collect_page
from forms_app.web.staff.moves import PHOTO_MOVES, form_for, prepared, take
from forms_app.web.staff.summons import CASE_ROLES, keep_codes

bp = Blueprint("staff", __name__, url_prefix="/staff")

Page = str | tuple[str, int] | Response


@bp.errorhandler(AlreadyMade)
def pressed_twice(_error: AlreadyMade) -> Page:
    """What the second press of a button sees: the issue as the first has left it."""
    return redirect(url_for(".case", number=(request.view_args or {})["number"]), 303)


NOT_IN_A_DRAFT = {"csrf_token", "form_key", "version", "password", "old_password", "password_again"}
RATING_ROLES = [
    Role.WORKER,
    Role.COMMUNITY_LEADER,
    Role.STREET_LEADER,
    Role.SUPERVISOR,
]


@bp.get("/login")
def sign_in_page() -> Page:
    if staff() is not None:
        return redirect(url_for(".home"), 303)
    return render_template("staff/login.html", form=SignInForm(), draft=None)


@bp.post("/login")
def sign_in() -> Page:
    form = SignInForm()
    draft = request.form.get("draft", "")
    if form.validate():
        try:
            account = casework.sign_in(form.username.data, form.password.data, now=now())
        except SignInRefused as error:
            form.refuse("password", error.sentence)
        else:
            session.clear()
            keep_signed_in(account.id, account.session_no)
            return _resume(draft) or redirect(_next_page(), 303)
    return render_template("staff/login.html", form=form, draft=draft), 422


@bp.post("/logout")
def sign_out() -> Page:
    need_staff()
    if not Form().validate():
        abort(400)
    session.clear()
    say("已经退出。")
    return redirect(url_for(".sign_in_page"), 303)


@bp.route("/password", methods=["GET", "POST"])
def password() -> Page:
    actor = need_staff()
    form = PasswordForm()
    if request.method == "GET":
        return render_template("staff/password.html", form=form)
    if form.validate():
        try:
            session_no = casework.change_own_password(
                actor.account_id or 0, form.old_password.data, form.password.data
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        else:
            keep_signed_in(actor.account_id or 0, session_no)
            say("密码已经改好，别的设备上要重新登录。")
            return redirect(url_for(".home"), 303)
    return render_template("staff/password.html", form=form), 422


@bp.get("/")
def home() -> Page:
    actor = need_staff()
    if actor.role is Role.ADMIN:
        return render_template(
            "staff/accounts.html",
            accounts=[(one, queries.lost_street(circle(), one)) for one in queries.accounts()],
            in_hand=queries.in_hand_counts(),
            failed=queries.failed_notices(actor),
        )
    return board_page(actor)


@bp.post("/notices/read")
def read_notices() -> Page:
    actor = need_staff(CASE_ROLES)
    form = ReadNoticesForm()
    if not form.validate():
        abort(400)
    casework.mark_read(actor, form.up_to.data, now=now())
    return redirect(url_for(".home"), 303)


@bp.post("/notices/resend")
def resend_notices() -> Page:
    actor = need_staff([Role.COMMUNITY_LEADER, Role.STREET_LEADER, Role.ADMIN])
    if not Form().validate():
        abort(400)
    count = casework.resend_failed(actor, now=now())
    say(
        said("%(count)s条通知已经重新排队发送。", count=count)
        if count
        else "现在没有发送失败的通知。"
    )
    return redirect(url_for(".home"), 303)


@bp.get("/ratings")
def ratings() -> Page:
    actor = need_staff(RATING_ROLES)
    found = [
        (rating, circle().rated_name(rating.about) or rating.about)
        for rating in queries.ratings(about=_rated_by_theirs(circle(), actor))
    ]
    return render_template("staff/ratings.html", ratings=found)


def _rated_by_theirs(circle: Circle, actor: Actor) -> frozenset[str] | None:
    """What can be rated in the actor's sub-district; None for whoever sees all there is."""
    if not circle.has_several_streets or (actor.role is Role.SUPERVISOR and not actor.street_id):
        return None
    own = circle.street_of(actor.community_id)
    return circle.rated_in(own.id if own else actor.street_id)


@bp.get("/issues/<number>")
def case(number: str) -> Page:
    asked = (request.args.get(name, "") for name in ("template", "channel", "like"))
    drafts = prepared(circle(), *asked)
    wanted = request.args.get("move", "")
    return _case_page(
        need_staff(CASE_ROLES), number, drafts=drafts, opened=wanted if wanted in drafts else ""
    )


@bp.post("/issues/<number>/<move>")
def make_move(number: str, move: str) -> Page:
    if move in PHOTO_MOVES:
        allow_photos()
    actor = need_staff(CASE_ROLES)
    if move not in MOVE_FORMS:
        abort(404)
    found = _need_case(actor, number)
    pressed = OnceForm().key
    if casework.is_made(found.issue, pressed):
        raise AlreadyMade
    if move not in found.moves:
        return _too_late(actor, found, number, move)
    form = form_for(move, circle(), found, now(), request.form)
    form.version.data = request.form.get("version", "")
    if move in PHOTO_MOVES:
        stage_photos(form)
    if form.validate():
        try:
            take(move, form, circle(), replace(actor, press=pressed), found, now())
        except StaleCase as error:
            say(error.sentence, "error")
            return _case_page(actor, number, move, request.form), error.status
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        else:
            let_photos_go(form)
            if queries.case(actor, number) is None:
                say(said("已经办好，问题 %(number)s 现在归别的社区，不再在您这里。", number=number))
                return redirect(url_for(".home"), 303)
            say("已经办好，反映人能看到最新进展。")
            if move == "summon":
                keep_codes(form, found)
                return redirect(url_for("summons.links", number=number), 303)
            return redirect(url_for(".case", number=number), 303)
    form.version.data = request.form.get("version", "")
    return _case_page(actor, number, refused={move: form}), 422


@bp.get("/issues/<number>/photos/<key>")
def photo(number: str, key: str) -> Page:
    if not queries.may_see_photo(need_staff(CASE_ROLES), number, key):
        abort(404)
    return send_photo(key)


@bp.get("/issues/<number>/<move>")
def move_page(number: str, move: str) -> Page:  # noqa: ARG001 (part of the address)
    """What a reload or the back button of a refused move asks for."""
    return redirect(url_for(".case", number=number), 303)


def unsigned() -> Page:
    """The sign-in page in the place of one that needs it; what was typed goes along."""
    if request.method != "POST":
        here = request.full_path.rstrip("?")
        return redirect(url_for("staff.sign_in_page", next=here), 303)
    fields = [[k, v] for k, v in request.form.items(multi=True) if k not in NOT_IN_A_DRAFT]
    kept = {"path": request.path, "fields": fields, "had_photos": bool(request.files)}
    draft = json.dumps(kept) if fields else None
    return render_template("staff/login.html", form=SignInForm(formdata=None), draft=draft), 401


def _too_late(actor: Actor, found: queries.Case, number: str, move: str) -> Page:
    """The move is not offered: never this person's (403), or a colleague was faster (409)."""
    seen = request.form.get("version", "")
    if actor.role is Role.SUPERVISOR or not seen or seen == str(found.issue.version):
        abort(403)
    is_planned = move == "answer" and found.step is Step.HANDLING
    say(AnswersClosed.sentence if is_planned else StaleCase.sentence, "error")
    return _case_page(actor, number, move, request.form), StaleCase.status


def _case_page(
    actor: Actor,
    number: str,
    typed_move: str = "",
    typed: MultiDict[str, str] | None = None,
    refused: dict[str, MoveForm] | None = None,
    drafts: Mapping[str, Mapping[str, str]] | None = None,
    opened: str = "",
) -> str:
    """The case with a form for each move; what was typed for one of them stays in its form.

    Where that move is no longer offered, what was typed is shown to copy from.
    """
    found = _need_case(actor, number)
    forms = {
        move: form_for(
            move,
            circle(),
            found,
            now(),
            typed if move == typed_move else None,
            (drafts or {}).get(move),
        )
        for move in found.moves
        if move in MOVE_FORMS
    } | (refused or {})
    if typed_move in PHOTO_MOVES and typed_move in forms:
        forms[typed_move].kept = photos().staged(forms[typed_move].key)
    orphan = []
    if typed is not None and typed_move not in forms:
        orphan = [v for k, v in typed.items(multi=True) if k not in NOT_IN_A_DRAFT and v]
    joined = queries.joined_to(found)
    alike = queries.alike_to(actor, found.issue) if _compares(actor, found) else ()
    followed = queries.alike_followed(actor, found)
    compared = (*alike, *([followed] if followed else []))
    together = [*joined, *(other.issue for other in compared)]
    return render_template(
        "staff/case.html",
        case=found,
        joined=joined,
        readable=queries.readable(actor, joined),
        alike=alike,
        followed=followed,
        pictures=queries.pictures_of([found.issue, *together]) if together else {},
        forms=forms,
        # A correction is rarely what somebody came for.
        opened=typed_move
        or (opened if opened in forms else "")
        or next((m for m in refused or forms if refused or m != "correct"), ""),
        orphan=orphan,
        hint=suggest(circle(), found.issue.description) if "classify" in found.moves else None,
        templates=circle().opinions_for(found.issue.category),
        now=now(),
        unit_names=unit_names,
        named=named,
        FIELD_LABELS=casework.FIELD_LABELS,
    )


def _compares(actor: Actor, found: queries.Case) -> bool:
    """Whether this page shows what may be the same thing: to who may say so, and their office."""
    may_say = {"join", "merge", "separate"} & set(found.moves)
    is_office = actor.role in (Role.WORKER, Role.STREET_LEADER)
    return found.step in BEFORE_VERDICT and bool(may_say or is_office)


def _need_case(actor: Actor, number: str) -> queries.Case:
    found = queries.case(actor, number)
    if found is None:
        abort(404)
    return found


def _resume(draft: str) -> Page | None:
    """The form with the text that an expired session had stopped, or None."""
    try:
        kept = json.loads(draft) if draft else None
        match = re.fullmatch(r"/staff/issues/(\d+/)?([a-z]+)", kept["path"]) if kept else None
        typed = MultiDict((_text(k), _text(v)) for k, v in kept["fields"]) if kept else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    # Both were found out for the session before signing in.
    g.pop("staff", None)
    g.pop("csrf_token", None)
    actor = staff()
    if match is None or typed is None or actor is None:
        return None
    number, move = (match[1] or "").rstrip("/"), match[2]
    is_collecting = not number and move == "new" and actor.role in INTAKE_ROLES
    if not is_collecting and (move not in MOVE_FORMS or queries.case(actor, number) is None):
        return None
    say("已经重新登录。您写的内容还在，请核对后再提交。")
    if kept and kept.get("had_photos"):
        say("照片要重新选。", "warning")
    if is_collecting:
        return collect_page(actor, CollectForm(formdata=typed))
    return _case_page(actor, number, move, typed)


def _text(value: object) -> str:
    # Half a character, as only a tampered draft holds it, could not be sent back.
    return str(value).encode("utf-8", "replace").decode()


def _next_page() -> str:
    wanted = request.args.get("next", "")
    # Only our own staff pages: a link must not send somebody elsewhere after signing in.
    if re.fullmatch(r"/staff/[\w/.?=&%-]*", wanted):
        return request.script_root + wanted
    return url_for(".home")
