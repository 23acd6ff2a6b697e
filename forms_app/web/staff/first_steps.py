"""A new office's first steps: what is to be said before the first problem comes, each by itself."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app import queries
from forms_app.community import DataRefused
from forms_app.content import first_steps as steps
from forms_app.content.beginnings import (
    SHEETS,
    change_of,
    judged,
    read_rows,
    rows_of,
    save_rows,
    seen_of,
    slips_of,
)
from forms_app.content.first_steps import FirstStep
from forms_app.content.listing import Unwritable
from forms_app.content.saving import ChangedMeanwhile, ContentBusy
from forms_app.files.locks import Locked
from forms_app.issues.access import Actor
from forms_app.office import sample
from forms_app.rules.refused import Refused
from forms_app.rules.said import said
from forms_app.rules.steps import CONTENT_ROLES, Role
from forms_app.web.forms.base import Form
from forms_app.web.forms.first_steps import NamesForm, names_offered, rows_form
from forms_app.web.publishing import take_up
from forms_app.web.request import (
    Page,
    current_circle,
    need_staff,
    say,
    settings,
    this_day,
    this_moment,
)

bp = Blueprint("first_steps", __name__, url_prefix="/staff/first-steps")
# The rest of a step, where it is no list.
HINTS = {
    "communities": "值班电话是居民打的那个。已经有的社区直接改，空着的行可以再加。",
    "estates": "居民报问题时从这里选。户数不用很准，大概也行。",
    "units": "有的电话先空着，问到了再填；电话空着的单位，号召时要靠别的办法找人。",
    "categories": "牵头的单位打几个字就能选。居民报问题时从这里选种类。",
    "hours": "十分钟只在值守的时间里算；不值守的时候来的问题，从下一次值守开始算。",
}


@bp.errorhandler(Unwritable)
def unwritable(error: Unwritable) -> Page:
    """The file is one that only a terminal can change: it is told, and nothing is lost."""
    name = str((request.view_args or {}).get("name", ""))
    file = SHEETS[name].kind.file if name in SHEETS else steps.CIRCLE
    return render_template("staff/unwritable.html", sentence=str(error), file=file), 409


def steps_now() -> list[FirstStep]:
    """Every step, and what is missing in it."""
    circle = current_circle()
    return steps.first_steps(settings(), circle, _people(), queries.vacancies(circle))


def is_setting_up() -> bool:
    """Whether the office is on its first steps: not where a demonstration is looked at."""
    return steps.is_going_on(settings(), current_circle(), _people())


def _people() -> int:
    """How many accounts see issues."""
    return sum(
        one.disabled_at is None and Role(one.role) not in CONTENT_ROLES
        for one in queries.accounts()
    )


@bp.get("")
def listed() -> Page:
    need_staff([Role.ADMIN])
    return render_template(
        "staff/first_steps.html",
        steps=steps_now(),
        form=Form(formdata=None),
        has_sample=sample.is_in(settings()),
        may_look=is_empty(),
    )


def is_empty() -> bool:
    """Whether a sample may be looked at: nobody works here yet, and nothing came in."""
    nobody = all(Role(one.role) in CONTENT_ROLES for one in queries.accounts())
    return nobody and current_circle().sample and not queries.has_issues()


@bp.get("/<name>")
def step(name: str) -> Page:
    need_staff([Role.ADMIN])
    if sample.is_in(settings()):
        return _sample_first()
    if name == steps.NAMES:
        values = steps.values_of(settings(), name)
        form = NamesForm(formdata=None, data=values)
        form.seen.data = steps.seen_values(values)
        return _names_page(form)
    if name not in SHEETS:
        abort(404)
    known = rows_of(settings(), SHEETS[name])
    form = rows_form(SHEETS[name], known, current_circle(), None)
    form.seen.data = seen_of(known)
    return _rows_page(name, form)


@bp.post("/<name>")
def saved(name: str) -> Page:
    actor = need_staff([Role.ADMIN])
    if sample.is_in(settings()):
        return _sample_first()
    if name == steps.NAMES:
        return _save_names(actor)
    if name == steps.OPEN:
        return _open(actor)
    if name not in SHEETS:
        abort(404)
    return _save_rows(actor, name)


def _sample_first() -> Page:
    """What is filled in now would be in the sample, and go with it."""
    say("现在放的是示例。先拿走示例，再填自己的。", "warning")
    return redirect(url_for(".listed"), 303)


def _save_names(actor: Actor) -> Page:
    form = NamesForm()
    if not form.validate():
        return _names_page(form), 422
    values = {"name": form.name.data, "street": form.street.data}
    try:
        steps.save_values(
            settings(), steps.NAMES, form.seen.data, values, actor.name, this_moment()
        )
    except DataRefused as refused:
        for error in refused.errors[:3]:
            form.refuse(error.column, said(str(error)))
        return _names_page(form), 422
    except ContentBusy as error:
        form.refuse("", str(error))
        return _names_page(form), 503
    except ChangedMeanwhile as error:
        form.refuse("", said("%(what)s再按一次，就用您填的。", what=said(str(error))))
        form.seen.data = steps.seen_values(steps.values_of(settings(), steps.NAMES))
        return _names_page(form), 409
    return _next(steps.NAMES)


def _save_rows(actor: Actor, name: str) -> Page:
    sheet = SHEETS[name]
    known, circle = rows_of(settings(), sheet), current_circle()
    form = rows_form(sheet, known, circle, request.form)
    is_valid = form.validate()
    places, rows = zip(*form.rows(), strict=True) if form.rows() else ((), ())
    today = this_day()
    wanted, slips = read_rows(sheet, rows, known, circle, today)
    if slips:  # all that is wrong is told at once
        more = judged(settings(), sheet, wanted)
        told = {(slip.place, slip.column) for slip in slips}
        slips += [one for one in more if (one.place, one.column) not in told]
    form.show(slips, list(places))
    if not is_valid or slips:
        return _rows_page(name, form), 422
    try:
        change = change_of(sheet, actor.name, this_moment())
        save_rows(settings(), sheet, wanted, form.seen.data, change)
    except DataRefused as refused:
        own, elsewhere = slips_of(settings(), sheet, wanted, refused)
        form.show(own, list(places))
        form.refuse_elsewhere(elsewhere)
        return _rows_page(name, form), 422
    except ContentBusy as error:
        form.refuse("", str(error))
        return _rows_page(name, form), 503
    except ChangedMeanwhile as error:
        form.refuse("", said("%(what)s再按一次，就用您填的。", what=said(str(error))))
        form.seen.data = seen_of(rows_of(settings(), sheet))
        return _rows_page(name, form), 409
    steps.look_at(settings(), name)
    return _next(name)


def _open(actor: Actor) -> Page:
    if not Form().validate():
        abort(400)
    if any(not one.is_done for one in steps_now()[:-1]):
        say("前面还有没做完的，做完再开门。", "warning")
        return redirect(url_for(".listed"), 303)
    steps.open_office(settings(), actor.name, this_moment())
    take_up()
    say("开门了：网站上不再写“示例”，居民可以来反映问题。正在更新网站，一般不到一分钟。")
    return redirect(url_for(".listed"), 303)


def _next(name: str) -> Page:
    """The next step that is not done; behind the last, the list."""
    take_up()
    names = list(steps.TITLES)
    after = [one for one in steps_now() if names.index(one.name) > names.index(name)]
    left = next((one for one in after if not one.is_done), None)
    say(said("“%(title)s”存好了。", title=steps.TITLES[name]))
    if left is None or left.name in (steps.ACCOUNTS, steps.OPEN):
        return redirect(url_for(".listed"), 303)
    return redirect(url_for(".step", name=left.name), 303)


def _names_page(form: NamesForm) -> str:
    return render_template("staff/step_names.html", form=form, title=steps.TITLES[steps.NAMES])


def _rows_page(name: str, form: object) -> str:
    sheet = SHEETS[name]
    return render_template(
        "staff/step_rows.html",
        form=form,
        name=name,
        title=steps.TITLES[name],
        hint=HINTS[name],
        offered=names_offered(sheet, current_circle()),
        sheet=sheet,
    )


@bp.post("/sample")
def put_sample_in() -> Page:
    """The whole sample, to look at; its password is on this page alone."""
    actor = _pressed()
    try:
        password, tickets = sample.put_in(settings(), actor.name, this_moment())
    except (DataRefused, Refused, Locked) as refused:
        return _not_done(refused)
    take_up()
    accounts = [one for one in queries.accounts() if Role(one.role) not in CONTENT_ROLES]
    return render_template(
        "staff/sample.html", accounts=accounts, password=password, tickets=tickets
    )


@bp.post("/sample/away")
def take_sample_away() -> Page:
    actor = _pressed()
    try:
        sample.take_away(settings(), actor.name, this_moment())
    except (DataRefused, Refused, Locked) as refused:
        return _not_done(refused)
    take_up()
    say("示例拿走了，您自己填的都换回来了。正在更新网站，一般不到一分钟。")
    return redirect(url_for(".listed"), 303)


def _pressed() -> Actor:
    actor = need_staff([Role.ADMIN])
    if not Form().validate():
        abort(400)
    return actor


def _not_done(refused: Exception) -> Page:
    words = "别人正在做，请过几秒再试。" if isinstance(refused, Locked) else str(refused)
    say(words, "error")
    return redirect(url_for(".listed"), 303)
