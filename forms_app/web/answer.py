"""Answering a summons with a one-time link, without an account: open, read, answer once.

The secret comes behind `#` or is typed, never in an address that reaches the server.
"""

from flask import Blueprint, abort, redirect, render_template, session, url_for
from werkzeug.exceptions import Forbidden

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, LinkRefused, NotAllowed, NotPossible
from forms_app.limits import TICKETS
from forms_app.rules import keys
from forms_app.rules.steps import DECLINED
from forms_app.web.forms.answering import CodeForm, LinkAnswerForm
from forms_app.web.request import Page, code_key, current_circle, this_moment
from forms_app.web.slowly import too_often, was_right

bp = Blueprint("answering", __name__, url_prefix="/answer")


# A browser's session remembers this many opened links; a cookie must stay small.
LINKS_HELD = 10
LARGEST_LINK = 2**31 - 1


@bp.get("/")
def enter() -> Page:
    return render_template("answer/enter.html", form=CodeForm())


@bp.post("/")
def open_link() -> Page:
    form = CodeForm()
    if form.validate():
        wait = too_often(TICKETS)
        parsed = keys.parse_ticket(form.code.data)
        link_id = int(parsed[0]) if parsed is not None else 0
        if (
            parsed is not None
            and link_id <= LARGEST_LINK
            and queries.link_opens(code_key(), link_id, parsed[1], is_hurried=bool(wait))
        ):
            if not wait:
                was_right(TICKETS)
            held = [kept for kept in session.get("answering", []) if kept != link_id]
            session["answering"] = [*held, link_id][-LINKS_HELD:]
            return redirect(url_for(".reply", link_id=link_id), 303)
        form.refuse("code", wait or "没有找到这个响应码，请对照收到的消息再看一遍")
    return render_template("answer/enter.html", form=form), 422


@bp.get("/<int:link_id>")
def reply(link_id: int) -> Page:
    return _reply_page(link_id, LinkAnswerForm(formdata=None))


@bp.post("/<int:link_id>")
def answer(link_id: int) -> Page:
    form = LinkAnswerForm()
    _offer(form, _need_held(link_id))
    if form.validate():
        try:
            casework.answer_by_link(
                current_circle(),
                link_id,
                answer=form.answer.data,
                opinion=form.opinion.data,
                whose=form.whose.data or casework.UNKNOWN,
                press=form.key,
                now=this_moment(),
            )
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
        except (LinkRefused, NotAllowed):
            # The page says why, and keeps what was typed to copy from.
            return _reply_page(link_id, form, typed=form.opinion.data), LinkRefused.status
        except AlreadyMade:
            return redirect(url_for(".reply", link_id=link_id), 303)
        else:
            session["answered"] = link_id
            session["declined"] = form.answer.data == DECLINED
            return redirect(url_for(".reply", link_id=link_id), 303)
    return _reply_page(link_id, form), 422


@bp.errorhandler(403)
def code_needed(_error: Forbidden) -> Page:
    """In the place of a summons whose code this browser has not shown."""
    return render_template("answer/enter.html", form=CodeForm(formdata=None)), 403


def _need_held(link_id: int) -> queries.AnswerPage:
    held = link_id in session.get("answering", [])
    found = queries.answer_link(link_id, this_moment()) if held else None
    if found is None:
        abort(403)
    return found


def _offer(form: LinkAnswerForm, found: queries.AnswerPage) -> None:
    units = casework.whose_choices(current_circle(), found.community_id)
    form.offer({unit: name for unit, name in units.items() if unit != found.party.organization_id})


def _reply_page(link_id: int, form: LinkAnswerForm, typed: str = "") -> str:
    found = _need_held(link_id)
    _offer(form, found)
    form.fresh_key()
    return render_template(
        "answer/reply.html",
        page=found,
        link=found.link,
        party=found.party,
        summons=found.summons,
        refusal=found.refusal,
        is_done=session.get("answered") == link_id,
        is_declined=session.get("declined", False),
        form=form,
        typed=typed,
        now=this_moment(),
    )
