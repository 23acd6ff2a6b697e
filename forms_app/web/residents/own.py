"""What a resident left of themselves: shown by their ticket, put right, taken along, taken back."""

import json

from flask import Response, abort, g, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.backups.erasures import carry_out
from forms_app.casework import AlreadyMade, NotPossible
from forms_app.rules.erasures import PARTS
from forms_app.rules.steps import SATISFACTION
from forms_app.web.forms.own import EraseForm, OwnForm
from forms_app.web.forms.resident import WakeForm
from forms_app.web.held_tickets import holder, tickets_key
from forms_app.web.languages import translated
from forms_app.web.request import (
    Page,
    current_circle,
    say,
    settings,
    tag_of,
    this_moment,
)
from forms_app.web.residents import bp
from forms_app.web.slowly import refuse_wordless
from forms_app.web.ways import waking_key
from forms_app.web.words import day_words, role_words

UNWOKEN = (
    "这个浏览器收不到这样的消息。别的办法照旧：我们打电话、发短信或邮件，也可以随时用查询码看。"
)
WOKEN_WORDS = "您反映的事有新进展，点开看看。"


@bp.route("/issues/<number>/own", methods=["GET", "POST"])
def own(number: str) -> Page:
    form, status = OwnForm(), 200
    found = _need_own(number)
    seen = tag_of(found.contacts)
    if request.method != "POST":
        form = OwnForm.of(found, seen)
    elif casework.is_made(found.id, form.key):
        raise AlreadyMade
    elif not form.validate():
        status = 422
    elif form.seen.data != seen:
        # The office, or another window, has put something right meanwhile.
        form.seen.data, status = seen, 409
    else:
        left = {part: form[part].data or "" for part in PARTS}
        try:
            casework.put_right(holder(form), number, left=left, now=this_moment())
        except NotPossible as error:
            form.refuse(error.field, error.sentence)
            status = 422
        else:
            carry_out(settings())
            say("已经改好。")
            return redirect(url_for(".own", number=number), 303)
    form.fresh_key()
    page = render_template(
        "resident/own.html", own=found, form=form, place_of=_place_of, is_stale=status == 409
    )
    return page, status


@bp.route("/issues/<number>/own/erase", methods=["GET", "POST"])
def erase_own(number: str) -> Page:
    form, status = EraseForm(), 200
    found = _need_own(number)
    form.offer(found)
    if request.method == "POST":
        status = 422
        if casework.is_made(found.id, form.key):
            raise AlreadyMade
        if form.validate():
            try:
                casework.erase_own(
                    holder(form), number, parts=form.parts, photos=form.photo_keys,
                    now=this_moment(),
                )  # fmt: skip
            except NotPossible as error:
                form.refuse(error.field, error.sentence)
            else:
                carry_out(settings())
                say("已经删除。")
                return redirect(url_for(".own", number=number), 303)
    if request.method != "POST" and not form.what.choices:
        return redirect(url_for(".own", number=number), 303)
    form.fresh_key()
    return render_template("resident/erase.html", own=found, form=form), status


@bp.post("/issues/<number>/wake")
def wake(number: str) -> Page:
    """This browser is told from now on when there is news, or no more."""
    form, here = WakeForm(), url_for(".follow", number=number)
    _need_own(number)
    if not form.validate():
        refuse_wordless()
    if request.form.get("off"):
        casework.erase_here(holder(), number, tickets_key(), now=this_moment())
        carry_out(settings())
        say("好的，这个浏览器不再收这件事的消息。")
    else:
        try:
            if form.woken.made_for != waking_key(settings()):
                raise NotPossible("made_for", UNWOKEN)
            casework.wake_here(holder(), number, form.woken, tickets_key(), now=this_moment())
        except NotPossible:
            say(UNWOKEN, "warning")
        else:
            say("好的，有新进展就在这个浏览器里告诉您。")
    return redirect(here, 303)


@bp.get("/issues/<number>/wake", endpoint="wake_page")
def back_from_waking(number: str) -> Page:
    """What a reload or the elder link of a refused form asks for."""
    return redirect(url_for(".follow", number=number), 303)


@bp.get("/issues/sw.js")
def worker() -> Response:
    """What a browser runs when it is woken. It knows no issue and keeps nothing."""
    scope = f"{request.script_root}/issues/"
    script = render_template("resident/sw.js", scope=scope, words=translated(WOKEN_WORDS))
    return Response(script, content_type="text/javascript; charset=utf-8")


@bp.get("/issues/<number>/own/file")
def own_file(number: str) -> Page:
    """All of it as one file to take along, in words that people read and in a form programs do."""
    found = _need_own(number)
    response = Response(
        json.dumps(_told(found), ensure_ascii=False, indent=1), mimetype="application/json"
    )
    response.headers["Content-Disposition"] = f"attachment; filename={found.number}.json"
    return response


def _told(own: queries.Own) -> dict[str, object]:
    circle = current_circle()
    told: dict[str, object] = {
        "编号": own.number,
        "收集时间": day_words(own.received_at),
        "社区": circle.unit_name(own.community_id),
        "小区": circle.estate_name(own.estate_id),
        "位置": own.location,
        "反映的内容": own.description,
        "称呼": own.contacts.name,
        "电话": own.contacts.phone,
        "邮箱": own.contacts.email,
        "后来补充和评价的": [
            _in_words({
                "时间": day_words(one.made_at),
                "内容": one.text,
                "满意程度": translated(SATISFACTION[one.satisfaction]) if one.satisfaction else "",
            })
            for one in own.words
        ],
        "照片": [
            _in_words({
                "时间": day_words(one.made_at),
                "文件": f"{one.key}.jpg",
                "宽": one.width,
                "高": one.height,
                "字节": one.size,
            })
            for one in own.photos
        ],
        "收消息的浏览器": [
            _in_words({"时间": day_words(one.made_at), "地址": one.endpoint})
            for one in own.browsers
        ],
        "谁看过联系方式": [
            _in_words({
                "时间": day_words(one.made_at),
                "身份": translated(role_words(one.actor_role)),
                "单位": _place_of(one),
            })
            for one in own.looks
        ],
    }  # fmt: skip
    return _in_words(told)


def _in_words(told: dict[str, object]) -> dict[str, object]:
    return {translated(name): value for name, value in told.items()}


def _place_of(look: queries.LookFacts) -> str:
    return current_circle().unit_name(look.place_id) or current_circle().subdistrict


def _need_own(number: str) -> queries.Own:
    """What is held of whoever shows this issue's ticket; else the page that asks for one."""
    found = queries.own(holder(), number)
    if found is None:
        g.typed = ""
        abort(403)
    return found
