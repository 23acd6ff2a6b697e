"""How the server and the data stand, for the administrator, and messages to try the roads by."""

import secrets
from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for

from forms_app import queries
from forms_app.casework import Attempt, Ending
from forms_app.community import DataRefused
from forms_app.doctor.checks import by_light, examine
from forms_app.doctor.finding import LIGHT_WORDS, Light
from forms_app.notices.delivery import Post
from forms_app.notices.mail import MailServer
from forms_app.notices.robots import Robots
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.web.forms.base import Form
from forms_app.web.health import facts_now
from forms_app.web.request import Page, current_circle, need_staff, say, settings, this_moment
from forms_app.web.slow_work import AllAtWork, slow_work
from forms_app.web.staff import bp

MAIL = "mail"
SETTING = "CIRCLE_"  # with which the name of each begins
TRIAL = "这是一条测试：能看到它，说明通知发得到这里。"
# How a light is marked.
TAGS = {Light.RED: "tag-a", Light.YELLOW: "tag-b", Light.GREEN: "tag-c"}


@bp.get("/doctor")
def doctor() -> str:
    actor = need_staff([Role.ADMIN])
    rows = by_light(examine(facts_now()))
    return render_template(
        "staff/doctor.html",
        rows=rows,
        red=sum(one.light is Light.RED for _, one in rows),
        names_settings=any(SETTING in str(one.remedy) for _, one in rows),
        yellow=sum(one.light is Light.YELLOW for _, one in rows),
        email=_own_address(actor.account_id),
        has_mail=settings().smtp_url is not None,
        robots=sorted(_roads().robots.by_name),
        LIGHT_WORDS=LIGHT_WORDS,
        TAGS=TAGS,
    )


@bp.post("/doctor/trial")
def try_road() -> Page:
    actor = need_staff([Role.ADMIN])
    if not Form().validate():
        abort(400)
    post, to = _roads(), request.form.get("to", "")
    key = f"trial-{secrets.token_hex(8)}"
    if to == MAIL:
        address = _own_address(actor.account_id)
        if not address:
            abort(400)
        _try(address, lambda: post.try_mail(address, "测试", TRIAL, key, this_moment()))
    elif to in post.robots.by_name:
        _try(to, lambda: post.try_robot(to, TRIAL, key, this_moment()))
    else:
        abort(400)
    return redirect(url_for(".doctor"), 303)


def _roads() -> Post:
    """What is set up; without the robots where their file is refused, which is one of the lines."""
    try:
        return Post.of(settings(), current_circle())
    except DataRefused:
        url = settings().smtp_url
        server = None if url is None else MailServer.from_url(url)
        return Post(current_circle().name, Robots(), mail_server=server)


def _try(to: str, send: Callable[[], Attempt]) -> None:
    try:
        with slow_work():
            tried = send()
    except AllAtWork as busy:
        say(str(busy), "error")
    else:
        _tell(tried, to)


def _tell(tried: Attempt, to: str) -> None:
    if tried.ending is Ending.SENT:
        say(said("测试已经发到 %(to)s，请看看收到没有。", to=to))
    else:
        say(said("测试没有发到 %(to)s：%(why)s。", to=to, why=tried.error.rstrip("。")), "error")


def _own_address(account_id: int | None) -> str:
    return next((one.email for one in queries.accounts() if one.id == account_id), "") or ""
