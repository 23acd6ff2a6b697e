"""What the office feeds: every kind of record with a list, a form, a look at what differs, and away
with one that nobody needs any more."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, request, url_for
from wtforms import Field as WebField

from forms_app import queries
from forms_app.community import CLOSED, DataRefused
from forms_app.content.kind import Kind
from forms_app.content.kinds import KINDS
from forms_app.content.listing import Record, Unwritable, Value
from forms_app.content.offers import names_in
from forms_app.content.records import (
    Asked,
    Changed,
    StillNeeded,
    Taken,
    address_of,
    all_of,
    at_address,
    changed_fields,
    errors_of,
    judge,
    refuse_where_needed,
    save_record,
)
from forms_app.content.saving import Change, ChangedMeanwhile, ContentBusy
from forms_app.content.versions import seen_digest
from forms_app.issues.access import Actor
from forms_app.rules.said import listed, said
from forms_app.rules.steps import CONTENT_ROLES
from forms_app.web.forms.records import RecordForm, RemoveForm, asked, form_of, show
from forms_app.web.publishing import REMOVED, SAVED, press, take_up
from forms_app.web.request import (
    Page,
    current_circle,
    need_staff,
    say,
    settings,
    this_day,
    this_moment,
)

bp = Blueprint("records", __name__, url_prefix="/staff/records")
SHOWN_LETTERS = 60  # of a value in the list
NEEDED_WORDS = {
    queries.ISSUES: "%(count)s件问题",
    queries.ACCOUNTS: "%(count)s个账号",
    queries.RATINGS: "%(count)s个评价",
    queries.INCIDENTS: "%(count)s次突发事件",
}


@bp.errorhandler(Unwritable)
def unwritable(error: Unwritable) -> Page:
    """The file is one that only a terminal can change: it is told, and nothing is lost."""
    kind = KINDS.get((request.view_args or {}).get("kind", ""))
    file = kind.file if kind else ""
    return render_template("staff/unwritable.html", sentence=str(error), file=file), 409


@bp.get("")
def kinds() -> Page:
    """Every kind, with how many there are."""
    need_staff(CONTENT_ROLES)
    return render_template(
        "staff/records_kinds.html",
        kinds=[(key, kind, _count(kind)) for key, kind in KINDS.items()],
        pages=len(current_circle().pages),
        going=press().now,
    )


@bp.get("/<kind>")
def listed_page(kind: str) -> Page:
    need_staff(CONTENT_ROLES)
    found = kind_at(kind)
    if found.own_page:
        return redirect(url_for(f"{found.own_page}.listed"), 303)
    return render_template(
        "staff/records.html", kind=found, key=kind, rows=_rows(found),
        told=[one for one in found.fields if one.is_told], going=press().now,
    )  # fmt: skip


@bp.get("/<kind>/new")
def new(kind: str) -> Page:
    need_staff(CONTENT_ROLES)
    found = _editable(kind)
    if found.is_single:
        abort(404)
    copied = _at(found, request.args.get("copy", ""))
    values = dict(copied[1].values) if copied else found.usual
    if found.made:
        values.pop(found.key[0], None)
    return _page(kind, "", {}, "new", shown=values)


@bp.post("/<kind>/new")
def made(kind: str) -> Page:
    actor = need_staff(CONTENT_ROLES)
    return _sent(actor, kind, "", {})


@bp.get("/<kind>/<address>")
def record(kind: str, address: str) -> Page:
    need_staff(CONTENT_ROLES)
    name, found = _at(_editable(kind), address) or abort(404)
    return _page(kind, name, found.values, seen_digest(found), shown=found.values)


@bp.post("/<kind>/<address>")
def changed(kind: str, address: str) -> Page:
    actor = need_staff(CONTENT_ROLES)
    found = _at(_editable(kind), address)
    if found is None:
        say("这一条刚被别人去掉或者改了名，没有存。", "error")
        return redirect(url_for(".listed_page", kind=kind), 303)
    return _sent(actor, kind, found[0], found[1].values)


@bp.get("/<kind>/<address>/remove")
def removing(kind: str, address: str) -> Page:
    need_staff(CONTENT_ROLES)
    name, found = _at(_editable(kind), address) or abort(404)
    form = RemoveForm(formdata=None)
    form.seen.data = seen_digest(found)
    return _remove_page(kind, name, found, form)


@bp.post("/<kind>/<address>/remove")
def removed(kind: str, address: str) -> Page:
    actor, form = need_staff(CONTENT_ROLES), RemoveForm()
    described = _editable(kind)
    found = _at(described, address)
    if found is None or described.is_single:
        return redirect(url_for(".listed_page", kind=kind), 303)
    name, known = found
    if not form.validate():
        return _remove_page(kind, name, known, form), 422
    try:
        _refuse_needed(kind, name)
        asked_for = Asked(described, name, None)
        what = said("去掉%(name)s", name=_title(described, known.values))
        save_record(settings(), asked_for, form.seen.data or "", _change(described, actor, what))
    except (StillNeeded, DataRefused) as error:
        form.refuse("", _refused_words(error))
        return _remove_page(kind, name, known, form), 422
    except (ChangedMeanwhile, ContentBusy) as error:
        form.refuse_unseen(error)
        form.seen.data = seen_digest(known)
        return _remove_page(kind, name, known, form), 409
    return _saved(kind, REMOVED)


def _sent(actor: Actor, key: str, name: str, before: Mapping[str, Value]) -> Page:
    """The form as it was sent: looked at, or saved."""
    kind, circle = _editable(key), current_circle()
    form = form_of(kind, circle, before, is_sent=True)
    is_valid = form.validate()
    wanted = asked(form, kind, circle, name, before, this_day())
    seen = form.seen.data or ""
    if wanted is None or not is_valid:
        return _page(key, name, before, seen, form=form), 422
    try:
        if request.form.get("press") == "look":
            judge(settings(), wanted)
            return _page(key, name, before, seen, form=form, wanted=wanted)
        what = _title(kind, wanted.values or {})
        save_record(settings(), wanted, seen, _change(kind, actor, what))
    except DataRefused as refused:
        own, elsewhere = errors_of(settings(), refused, wanted)
        for field, error in own:
            sentence = said("%(what)s；%(how)s", what=error.problem, how=error.remedy)
            form.refuse(field.name if field else "", sentence)
        form.refuse_elsewhere(elsewhere)
        return _page(key, name, before, seen, form=form), 422
    except (Taken, StillNeeded) as error:
        form.refuse("", str(error))
        return _page(key, name, before, seen, form=form), 422
    except ContentBusy as error:
        form.refuse("", str(error))
        return _page(key, name, before, seen, form=form), 503
    except ChangedMeanwhile as error:
        form.refuse("", str(error))
        now = all_of(settings(), kind).get(name)
        theirs = now.values if now else {}
        return _page(
            key, name, before, seen_digest(now), form=form, wanted=wanted, theirs=theirs
        ), 409  # fmt: skip
    return _saved(key, SAVED)


def _saved(key: str, sentence: str) -> Page:
    take_up()
    say(sentence)
    kind = KINDS[key]
    return redirect(url_for(".kinds") if kind.is_single else url_for(".listed_page", kind=key), 303)


def _page(
    key: str,
    name: str,
    before: Mapping[str, Value],
    seen: str,
    *,
    shown: Mapping[str, Value] | None = None,
    form: RecordForm | None = None,
    wanted: Asked | None = None,
    theirs: Mapping[str, Value] | None = None,
) -> str:
    kind, circle = KINDS[key], current_circle()
    if form is None:
        form = form_of(kind, circle, shown or before, is_sent=False)
    if shown is not None:
        show(form, kind, circle, shown)
    form.fresh_key()
    form.seen.data = seen
    changes: list[Changed] = []
    if wanted is not None and wanted.values is not None:
        compared = theirs if theirs is not None else before
        changes = changed_fields(kind, compared, wanted.values, circle)
    return render_template(
        "staff/record.html",
        kind=kind,
        key=key,
        name=name,
        address=address_of(name) if name else "",
        title=_title(kind, before) if name else "",
        form=form,
        fields=_groups(kind, form),
        is_looked_at=wanted is not None,
        is_stale=theirs is not None,
        changes=changes,
    )


def _groups(
    kind: Kind, form: RecordForm
) -> tuple[list[tuple[WebField, str]], list[tuple[WebField, str]], bool]:
    """What stands open and what is folded, each with its hint; whether the fold is open."""
    often = [(form[one.name], one.hint) for one in kind.fields if not one.is_rare]
    rarely = [(form[one.name], one.hint) for one in kind.fields if one.is_rare]
    return often, rarely, any(field.errors or field.data for field, _ in rarely)


def _remove_page(key: str, name: str, found: Record, form: RemoveForm) -> str:
    kind = KINDS[key]
    needed = ""
    try:
        _refuse_needed(key, name)
    except StillNeeded as error:
        needed = str(error)
    form.fresh_key()
    return render_template(
        "staff/record_remove.html", kind=kind, key=key, address=address_of(name),
        title=_title(kind, found.values), form=form, needed=needed,
        facts=changed_fields(kind, {}, found.values, current_circle()),
    )  # fmt: skip


def needed_words(key: str, name: str) -> str:
    """Who refers to a record outside the files; "" for nobody."""
    found = queries.needed_by(key, name)
    who = listed(said(NEEDED_WORDS[what], count=count) for what, count in found.items())
    return (
        said(
            "不能去掉：%(who)s还指着它，去掉了就不知道说的是什么。"
            "不用了的，把名称改成“……%(closed)s”，以后报事、号召就不再列出它。",
            who=who,
            closed=CLOSED,
        )
        if found
        else ""
    )


def _refuse_needed(key: str, name: str) -> None:
    """Raises StillNeeded with who refers to the record, be it an issue or another file's."""
    found = needed_words(key, name)
    if found:
        raise StillNeeded(found)
    refuse_where_needed(settings(), KINDS[key], name)


def _refused_words(error: Exception) -> str:
    if isinstance(error, DataRefused):
        first = error.errors[0]
        return said("还不能去掉，别处还要用它：%(what)s", what=str(first))
    return str(error)


def _rows(kind: Kind) -> list[tuple[str, str, list[str]]]:
    """Each record's address, name and what the list tells of it."""
    circle = current_circle()
    names = names_in(circle)
    told = [one for one in kind.fields if one.is_told]
    found = []
    for name, one in all_of(settings(), kind).items():
        cells = [
            _short(field.input.shown(one.values.get(field.name) or "", circle)) for field in told
        ]
        found.append((address_of(name), kind.title(one.values, names) or name, cells))
    return found


def _short(text: str) -> str:
    first = text.replace("\n", " ")
    return first if len(first) <= SHOWN_LETTERS else first[:SHOWN_LETTERS] + "…"


def _count(kind: Kind) -> int | None:
    try:
        return len(all_of(settings(), kind))
    except Unwritable:
        return None


def _title(kind: Kind, values: Mapping[str, Value]) -> str:
    return kind.title(values, names_in(current_circle()))


def _change(kind: Kind, actor: Actor, what: str) -> Change:
    return Change(kind.file, actor.name, what, this_moment())


def kind_at(key: str) -> Kind:
    """The kind of records at an address; 404 where there is none."""
    return KINDS[key] if key in KINDS else abort(404)


def _editable(key: str) -> Kind:
    """A kind that the form here changes."""
    found = kind_at(key)
    return found if not found.own_page else abort(404)


def _at(kind: Kind, address: str) -> tuple[str, Record] | None:
    found = all_of(settings(), kind)
    name = at_address(found, address)
    return None if name is None else (name, found[name])
