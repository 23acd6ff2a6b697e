"""The handbook in the office's words, and its own pages: written, looked at as the real page,
saved, taken away again."""

import hashlib

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from forms_app import queries
from forms_app.community import DataRefused, OfficePage
from forms_app.community.pages import HANDBOOK, MOST_LETTERS, OWN, is_name
from forms_app.community.shapes import IN_LIST
from forms_app.content import pages
from forms_app.content.differences import line_differences
from forms_app.content.listing import Unwritable
from forms_app.content.pages import Chapter
from forms_app.content.records import Taken
from forms_app.content.saving import Change, ChangedMeanwhile, ContentBusy
from forms_app.content.versions import digest_of
from forms_app.issues.access import Actor
from forms_app.publishing.outcome import BuildFailed
from forms_app.publishing.preview import PreviewBusy, kept_page, preview, was_sound
from forms_app.publishing.releases import told_of
from forms_app.rules.said import said
from forms_app.rules.steps import CONTENT_ROLES
from forms_app.web.addresses import stays_here
from forms_app.web.bodies import is_too_large, takes_files
from forms_app.web.faults import FAULTS
from forms_app.web.forms.pages import ChapterForm, OwnPageForm, RemovePageForm
from forms_app.web.publishing import REMOVED, SAVED, press, take_up
from forms_app.web.request import Page, need_staff, say, settings, this_moment
from forms_app.web.slow_work import AllAtWork, slow_work

bp = Blueprint("pages", __name__, url_prefix="/staff/pages")
# Far more than a page may have, so that whoever pastes a book is told beside the field.
LARGEST_BODY = 1024 * 1024
ERRORS_SHOWN = 8
TOO_LARGE = "文字太多，没有收下。一页最多%(most)s字：按浏览器的返回，文字还在，分成几页再存。"


@bp.errorhandler(Unwritable)
def unwritable(error: Unwritable) -> Page:
    """The file is in no encoding that can be changed here."""
    return render_template("staff/unwritable.html", sentence=str(error), file="pages"), 409


@bp.get("")
def listed() -> Page:
    """The handbook's chapters and the office's own pages."""
    need_staff(CONTENT_ROLES)
    return render_template(
        "staff/pages.html", chapters=pages.chapters(settings()), own=pages.own_pages(settings()),
        gone=pages.taken_away(settings()), told=told_of(settings().build), going=press().now,
        history=history_address, form_address=_address,
    )  # fmt: skip


@bp.get("/new")
def new() -> Page:
    need_staff(CONTENT_ROLES)
    form = OwnPageForm(formdata=None, place=IN_LIST)
    return _own_page(form, None, pages.NEW)


@bp.post("/new")
@takes_files(lambda _parts: LARGEST_BODY, is_told=True, text=LARGEST_BODY)
def made() -> Page:
    actor = need_staff(CONTENT_ROLES)
    if is_too_large():
        return _too_large(url_for(".new"))
    return _own_sent(actor, None)


@bp.get("/<any(handbook, local):where>/<name>")
def page(where: str, name: str) -> Page:
    need_staff(CONTENT_ROLES)
    file = pages.file_of(where, name) or abort(404)
    seen = pages.seen_digest(settings(), file)
    if where == HANDBOOK:
        found = pages.chapter(settings(), file) or abort(404)
        shown = found.office or found.shipped
        form = ChapterForm(formdata=None, obj=shown)
        return _chapter_page(form, found, seen)
    known = pages.page_at(settings(), file) or abort(404)
    return _own_page(OwnPageForm(formdata=None, obj=known), known, seen)


@bp.post("/<any(handbook, local):where>/<name>")
@takes_files(lambda _parts: LARGEST_BODY, is_told=True, text=LARGEST_BODY)
def changed(where: str, name: str) -> Page:
    actor = need_staff(CONTENT_ROLES)
    file = pages.file_of(where, name) or abort(404)
    if is_too_large():
        return _too_large(url_for(".page", where=where, name=name))
    if where == HANDBOOK:
        found = pages.chapter(settings(), file) or abort(404)
        return _chapter_sent(actor, found)
    known = pages.page_at(settings(), file)
    if known is None:
        say("这一页刚被别人去掉，没有存。", "error")
        return redirect(url_for(".listed"), 303)
    return _own_sent(actor, known)


@bp.get("/<any(handbook, local):where>/<name>/remove")
def removing(where: str, name: str) -> Page:
    need_staff(CONTENT_ROLES)
    found = pages.page_at(settings(), pages.file_of(where, name) or abort(404)) or abort(404)
    form = RemovePageForm(formdata=None)
    form.seen.data = pages.seen_digest(settings(), found.file)
    return _remove_page(form, found)


@bp.post("/<any(handbook, local):where>/<name>/remove")
def removed(where: str, name: str) -> Page:
    actor, form = need_staff(CONTENT_ROLES), RemovePageForm()
    file = pages.file_of(where, name) or abort(404)
    found, is_valid = pages.page_at(settings(), file), form.validate()
    if found is None:
        return redirect(url_for(".listed"), 303) if is_valid else abort(400)
    if not is_valid:
        return _remove_page(form, found), 422
    words = "去掉%(name)s" if found.is_own else "%(name)s换回系统的原文"
    change = _change(actor, file, said(words, name=found.title))
    try:
        pages.remove_page(settings(), form.seen.data or "", change)
    except DataRefused as refused:
        form.refuse("", str(refused.errors[0]))
        return _remove_page(form, found), 422
    except (ChangedMeanwhile, ContentBusy) as error:
        form.refuse_unseen(error)
        form.seen.data = pages.seen_digest(settings(), file)
        return _remove_page(form, found), 409
    return _saved(REMOVED)


@bp.get("/preview/", defaults={"path": ""})
@bp.get("/preview/<path:path>")
def shown(path: str) -> Page:
    """The page that this person looked at last, at an address from which its own links lead right;
    whatever it links to is the real site's."""
    actor = need_staff(CONTENT_ROLES)
    if not stays_here(path):
        abort(404)
    found = kept_page(settings(), _preview_key(actor, path))
    if found is None or not path.endswith("/"):
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(f"{request.script_root}/{path}{query}", 303)
    return Response(found, content_type="text/html; charset=utf-8")


def history_address(file: str) -> str:
    """A page's file as one part of an address."""
    return file.replace("/", "~")


def _chapter_sent(actor: Actor, found: Chapter) -> Page:
    form = ChapterForm()
    if not form.validate():
        return _chapter_page(form, found, form.seen.data or ""), 422
    before = found.office.based_on if found.office else ""
    is_fresh = found.office is None or form.has_compared.data
    based_on = pages.digest_of_page(found.shipped) if found.shipped and is_fresh else before
    draft = OfficePage(found.file, form.title.data, form.text.data, based_on=based_on)
    return _sent(actor, form, draft, found)


def _own_sent(actor: Actor, known: OfficePage | None) -> Page:
    form = OwnPageForm()
    name = (form.name.data or "").lower()
    is_valid = form.validate()
    if known is None and name and not is_name(name):
        form.refuse("name", "只用小写英文字母、数字和连字符，例如parking；不填就自动起一个")
        is_valid = False
    if not is_valid:
        return _own_page(form, known, form.seen.data or pages.NEW), 422
    made = f"page-{hashlib.sha256(form.key.encode()).hexdigest()[:8]}"
    file = known.file if known else pages.file_of(OWN, name or made)
    draft = OfficePage(file, form.title.data, form.text.data, form.place.data, form.rank.data)
    return _sent(actor, form, draft, None, known)


def _sent(
    actor: Actor, form: ChapterForm | OwnPageForm, draft: OfficePage, found: Chapter | None,
    known: OfficePage | None = None,
) -> Page:  # fmt: skip
    """The page as it was sent: looked at, or saved; in either case built first."""
    seen = form.seen.data or pages.NEW

    def again(
        status: int, looked: OfficePage | None = None, compared: OfficePage | None = None
    ) -> Page:
        if found is not None:
            answer = _chapter_page(form, found, seen, looked, compared)
        else:
            answer = _own_page(form, known, seen, looked, compared)
        return answer, status

    try:
        content = pages.judge(settings(), draft)
        is_looking = request.form.get("press") == "look"
        told = _built(actor, draft, content, is_looking=is_looking)
        if told:
            for sentence in told[:ERRORS_SHOWN]:
                form.refuse("text", sentence)
            if len(told) > ERRORS_SHOWN:
                form.refuse("text", said("还有%(count)s处。", count=len(told) - ERRORS_SHOWN))
            return again(422)
        if is_looking:
            return again(200, draft)
        pages.save_page(settings(), draft, seen, _change(actor, draft.file, draft.title))
    except DataRefused as refused:
        own = [error for error in refused.errors if error.file == draft.file]
        for error in own:
            form.refuse(
                error.column, said("%(what)s；%(how)s", what=error.problem, how=error.remedy)
            )
        if not own:
            form.refuse_elsewhere(refused.errors, ERRORS_SHOWN)
        return again(422)
    except BuildFailed as failed:
        form.refuse("", "网站用这一页做不出来，没有存，您写的都还在：")
        for line in failed.last_lines:
            form.refuse("", line)
        return again(422)
    except Taken:
        form.refuse("name" if "name" in form else "", "已经有一页用这个名字，请换一个")
        return again(422)
    except (AllAtWork, ContentBusy, PreviewBusy) as error:
        form.refuse("", str(error))
        return again(503)
    except OSError as error:
        fault = queries.fault_of(error)
        if fault is None:
            raise
        form.refuse("", FAULTS[fault][0])
        return again(503)
    except ChangedMeanwhile as error:
        form.refuse("", str(error))
        seen = pages.seen_digest(settings(), draft.file)
        theirs = pages.page_at(settings(), draft.file) or (found.shipped if found else None)
        return again(409, draft, theirs)
    return _saved(SAVED)


def _built(actor: Actor, draft: OfficePage, content: bytes, *, is_looking: bool) -> list[str]:
    """Builds the draft's page; what of it does not stand there, in sentences.

    Whoever has just looked at this very draft need not wait again to save it.
    """
    key = _preview_key(actor, draft.address)
    if not is_looking and was_sound(settings(), key, content):
        return []
    with slow_work():
        rows = preview(settings(), draft.file, draft.address, content, key, this_moment())
    return [
        said("第%(line)s行：%(what)s；%(how)s", line=row["line"], what=row["problem"],
             how=row["remedy"])
        if row["line"] else said("%(what)s；%(how)s", what=row["problem"], how=row["remedy"])
        for row in rows
    ]  # fmt: skip


def _preview_key(actor: Actor, address: str) -> str:
    return digest_of(f"{actor.account_id} {address}".encode())


def _saved(sentence: str) -> Page:
    take_up()
    say(sentence)
    return redirect(url_for(".listed"), 303)


def _chapter_page(
    form: ChapterForm, found: Chapter, seen: str, looked: OfficePage | None = None,
    compared: OfficePage | None = None,
) -> str:  # fmt: skip
    before = compared or found.office or found.shipped
    news: list[tuple[str, str]] = []
    if found.is_behind and found.office and found.shipped:
        old = pages.shipped_before(settings(), found.office)
        news = line_differences(old.text if old else found.office.text, found.shipped.text)
    return _form_page(form, seen, _address(found.file), found.title, before, looked, compared,
                      chapter=found, news=news)  # fmt: skip


def _own_page(
    form: OwnPageForm, known: OfficePage | None, seen: str, looked: OfficePage | None = None,
    compared: OfficePage | None = None,
) -> str:  # fmt: skip
    if known is not None:
        del form.name
    address = _address(known.file) if known else "new"
    title = known.title if known else ""
    return _form_page(form, seen, address, title, compared or known, looked, compared)


def _form_page(
    form: ChapterForm | OwnPageForm, seen: str, address: str, title: str,
    before: OfficePage | None, looked: OfficePage | None, compared: OfficePage | None,
    chapter: Chapter | None = None, news: list[tuple[str, str]] | None = None,
) -> str:  # fmt: skip
    form.fresh_key()
    form.seen.data = seen
    changes = line_differences(_all_of(before), _all_of(looked)) if looked else []
    return render_template(
        "staff/page.html", form=form, address=address, title=title, chapter=chapter,
        news=news or [], looked=looked, is_stale=compared is not None, changes=changes,
        history=history_address, file=before.file if before else "", most=MOST_LETTERS,
    )  # fmt: skip


def _all_of(page: OfficePage | None) -> str:
    return f"{page.title}\n{page.text}" if page else ""


def _remove_page(form: RemovePageForm, found: OfficePage) -> str:
    form.fresh_key()
    shipped = pages.shipped_page(settings(), found.file)
    changes = line_differences(_all_of(found), _all_of(shipped)) if shipped else []
    return render_template(
        "staff/page_remove.html", form=form, page=found, address=_address(found.file),
        has_shipped=shipped is not None, changes=changes,
        linking=pages.linking(settings(), found) if shipped is None else [],
    )  # fmt: skip


def _too_large(back: str) -> Page:
    say(said(TOO_LARGE, most=MOST_LETTERS), "error")
    return redirect(back, 303)


def _address(file: str) -> str:
    """Below this room: handbook/goal."""
    return file.removeprefix("pages/").removesuffix(".md")


def _change(actor: Actor, file: str, what: str) -> Change:
    return Change(file, actor.name, what, this_moment())
