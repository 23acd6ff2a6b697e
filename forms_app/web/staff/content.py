"""What the office wrote for the site: every version of a file, back to an earlier one, the site
made anew, and what it does not show yet."""

import re
from datetime import UTC, datetime

from flask import Blueprint, abort, make_response, redirect, render_template, url_for

from forms_app.community import DataRefused
from forms_app.community.days import year_of
from forms_app.community.pages import is_page
from forms_app.content.differences import Difference, differences, line_differences, unpublished
from forms_app.content.kinds import KINDS
from forms_app.content.offers import names_in
from forms_app.content.saving import (
    Change,
    ChangedMeanwhile,
    ContentBusy,
    content_now,
    place_of,
    put_back,
)
from forms_app.content.versions import Version, content_of, digest_of, versions
from forms_app.issues.access import Actor
from forms_app.publishing.releases import current_release, made_from
from forms_app.rules.said import said
from forms_app.rules.steps import CONTENT_ROLES
from forms_app.rules.worktime import time_words
from forms_app.web.forms.base import Form
from forms_app.web.forms.content import PutBackForm
from forms_app.web.publishing import press, take_up
from forms_app.web.request import Page, current_circle, need_staff, say, settings, this_moment
from forms_app.web.staff.pages import history_address

bp = Blueprint("content", __name__, url_prefix="/staff/content")

# What people call the files: the names of the kinds that lie in each.
FILES = {
    file: "、".join(one.name for one in KINDS.values() if one.file == file)
    for file in dict.fromkeys(one.file for one in KINDS.values())
} | {"circle.yml": "社区、问题种类、电话和规则"}
ASK_AGAIN_SECONDS = 3


class _Names(dict[str, str]):
    """What people call every file that may differ, asked by the template."""

    def __missing__(self, file: str) -> str:
        return _name(file)


_RELEASE = re.compile(r"\d{8}T\d{6}Z")


@bp.get("/publish")
def publishing() -> Page:
    """What the site does not show yet, what is going on, and how it went last."""
    need_staff(CONTENT_ROLES)
    going = press().now
    page = make_response(
        render_template(
            "staff/publish.html",
            form=Form(),
            going=going,
            seconds=int((datetime.now(UTC) - going.began_at).total_seconds()) if going else 0,
            last=press().last,
            published_at=_published_at(),
            waiting=_waiting(),
            FILES=FILES,
            names=_Names(),
        )
    )
    if going:
        page.headers["Refresh"] = str(ASK_AGAIN_SECONDS)
    return page


@bp.post("/publish")
def publish_now() -> Page:
    need_staff(CONTENT_ROLES)
    if not Form().validate():
        abort(400)
    press().start()
    return redirect(url_for(".publishing"), 303)


@bp.get("/<address>")
def history(address: str) -> Page:
    need_staff(CONTENT_ROLES)
    file = _file(address)
    return render_template(
        "staff/versions.html", address=address, name=_name(file),
        versions=versions(place_of(settings()), file),
    )  # fmt: skip


@bp.get("/<address>/<key>")
def version(address: str, key: str) -> Page:
    need_staff(CONTENT_ROLES)
    return _version_page(_file(address), key, PutBackForm(formdata=None))


@bp.post("/<address>/<key>")
def put_version_back(address: str, key: str) -> Page:
    actor, form, file = need_staff(CONTENT_ROLES), PutBackForm(), _file(address)
    found = _found(file, key)
    content = content_of(place_of(settings()), file, found)
    if content is None:
        abort(404)
    if not form.validate():
        return _version_page(file, key, form), 422
    try:
        put_back(settings(), _back_to(file, found, actor), form.seen.data, content)
    except DataRefused as refused:
        form.refuse("", "这一版和现在的别的内容对不上，没有换：")
        for error in refused.errors[:5]:
            form.refuse("", str(error))
        return _version_page(file, key, form), 422
    except (ChangedMeanwhile, ContentBusy) as error:
        form.refuse_unseen(error)
        return _version_page(file, key, form), 409
    take_up()
    say("已经换回这一版，正在更新网站；换之前的那一版也留着。")
    return redirect(url_for(".history", address=address), 303)


def _back_to(file: str, found: Version, actor: Actor) -> Change:
    what = said("换回%(moment)s的版本", moment=time_words(found.made_at))
    return Change(file, actor.name, what, this_moment())


def _version_page(file: str, key: str, form: PutBackForm) -> str:
    found = _found(file, key)
    content = content_of(place_of(settings()), file, found)
    now = content_now(settings(), file)
    form.seen.data = digest_of(now)
    before, after = (text.decode("utf-8-sig", "replace") for text in (now, content or b""))
    return render_template(
        "staff/version.html", address=history_address(file), name=_name(file), form=form,
        version=found, is_gone=content is None, is_now=content == now,
        changes=differences(file, before, after, names_in(current_circle())),
        lines=line_differences(before, after),
    )  # fmt: skip


def _found(file: str, key: str) -> Version:
    kept = versions(place_of(settings()), file)
    return next((one for one in kept if one.key == key), None) or abort(404)


def _file(address: str) -> str:
    """The file at an address, one of the lists or a page."""
    file = address.replace("~", "/")
    return file if file in FILES or is_page(file) or year_of(file) else abort(404)


def _name(file: str) -> str:
    """What people call a file."""
    if file in FILES:
        return FILES[file]
    year = year_of(file)
    if year is not None:
        return said("%(year)s年的放假和补班", year=year)
    known = current_circle().pages.get(file)
    return known.title if known else file


def _waiting() -> tuple[Difference, ...] | None:
    return unpublished(settings(), made_from(settings().build), names_in(current_circle()))


def _published_at() -> datetime | None:
    release = current_release(settings().build)
    stamp = release.name[:16] if release else ""
    if not _RELEASE.fullmatch(stamp):
        return None
    return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
