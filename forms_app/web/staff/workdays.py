"""The days off and make-up workdays of a year: the State Council's notice is put in as it stands,
looked at day by day, and saved."""

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app.community import DataRefused
from forms_app.community.days import file_of_year
from forms_app.community.values import Unreadable
from forms_app.community.workday_hints import missing_workdays
from forms_app.content import workdays
from forms_app.content.saving import Change, ChangedMeanwhile, ContentBusy
from forms_app.content.workdays import FEWEST_DAYS_OFF, Read
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.rules.steps import CONTENT_ROLES
from forms_app.rules.worktime import YearWorkdays
from forms_app.web.forms.workdays import WorkdaysForm
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
from forms_app.web.staff.pages import history_address

bp = Blueprint("workdays", __name__, url_prefix="/staff/workdays")


@bp.get("")
def listed() -> Page:
    """This year and the next, those that the office wrote, and the one that is missing."""
    need_staff(CONTENT_ROLES)
    calendar = current_circle().clocks.calendar
    missing = missing_workdays(current_circle().clocks, this_day())
    return render_template(
        "staff/workdays.html",
        years=[(year, year in calendar.entered, calendar.knows(year)) for year in _years()],
        missing=missing,
        today=this_day(),
    )


@bp.get("/<int:year>")
def page(year: int) -> Page:
    need_staff(CONTENT_ROLES)
    known, _ = workdays.known_year(settings(), _of(year))
    words = workdays.notice_words(known) if known else ""
    form = WorkdaysForm(formdata=None, notice=words)
    return _page(year, form, workdays.seen_digest(settings(), year))


@bp.post("/<int:year>")
def sent(year: int) -> Page:
    """The notice as it was sent: looked at, or saved."""
    actor, form = need_staff(CONTENT_ROLES), WorkdaysForm()
    seen, is_valid = form.seen.data or "", form.validate()
    _of(year)
    if not is_valid:
        return _page(year, form, seen), 422
    try:
        found = workdays.read_notice(form.notice.data or "", year)
        workdays.judge(settings(), year, found.year)
        if request.form.get("press") == "look":
            return _page(year, form, seen, found)
        workdays.save_year(settings(), found.year, seen, _change(actor, year, found.year))
    except Unreadable as error:
        form.refuse("notice", said("%(what)s；%(how)s", what=error.problem, how=error.remedy))
        return _page(year, form, seen), 422
    except DataRefused as refused:
        own = [one for one in refused.errors if one.file == file_of_year(year)]
        for one in own:
            form.refuse("notice", said("%(what)s；%(how)s", what=one.problem, how=one.remedy))
        form.refuse_elsewhere([one for one in refused.errors if one not in own])
        return _page(year, form, seen), 422
    except ContentBusy as error:
        form.refuse("", str(error))
        return _page(year, form, seen), 503
    except ChangedMeanwhile as error:
        form.refuse("", str(error))
        now = workdays.seen_digest(settings(), year)
        return _page(year, form, now, found, is_stale=True), 409
    take_up()
    say("存好了，新的期限马上照它算，网站一般不到一分钟更新。已经定下的期限不变。")
    return redirect(url_for(".listed"), 303)


def _page(
    year: int, form: WorkdaysForm, seen: str, found: Read | None = None, *, is_stale: bool = False
) -> str:
    known, is_entered = workdays.known_year(settings(), year)
    form.fresh_key()
    form.seen.data = seen
    return render_template(
        "staff/workdays_year.html",
        year=year,
        form=form,
        known=known,
        is_entered=is_entered,
        found=found,
        is_stale=is_stale,
        changes=workdays.differences(known, found.year) if found else (),
        says=workdays.notice_words(found.year).splitlines() if found else (),
        are_few=found is not None and len(found.year.days_off) < FEWEST_DAYS_OFF,
        FEWEST_DAYS_OFF=FEWEST_DAYS_OFF,
        history=history_address(file_of_year(year)),
    )


def _change(actor: Actor, year: int, days: YearWorkdays) -> Change:
    counts = {"off": len(days.days_off), "work": len(days.workdays)}
    what = said("放假%(off)s天，补班%(work)s天", **counts)
    return Change(file_of_year(year), actor.name, what, this_moment())


def _years() -> list[int]:
    this = this_day().year
    return sorted({this, this + 1, *current_circle().clocks.calendar.entered}, reverse=True)


def _of(year: int) -> int:
    """A year that can be written here; any other would lie there for nothing."""
    return year if year in _years() else abort(404)
