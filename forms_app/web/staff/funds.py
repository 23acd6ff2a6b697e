"""The earmarked funds (专项经费): each book of a year, a new line, a correction; publishing it."""

from collections.abc import Mapping

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.casework import NotPossible, Spending, StaleCase
from forms_app.issues.access import Actor
from forms_app.issues.funds import FUND_ROLES, activities_of, books_of, may_write_funds
from forms_app.issues.projects import LEADERS
from forms_app.rules.funds import CORRECTED, ENTRY_LABELS, KINDS, TOLD_LETTERS, left_of, street_of
from forms_app.rules.projects import fen_of, yuan
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets import month_export
from forms_app.spreadsheets.fund_tables import fund_tables
from forms_app.web.forms.base import SeenForm
from forms_app.web.forms.fields import EARLIEST_YEAR, LATEST_YEAR, offered
from forms_app.web.forms.funds import CorrectFundForm, FundForm, told_form
from forms_app.web.publishing import press
from forms_app.web.request import (
    Page,
    current_circle,
    form_key,
    need_staff,
    say,
    settings,
    this_moment,
)
from forms_app.web.staff.refusing import refuse
from forms_app.web.staff.workbooks import workbook_answer
from forms_app.web.words import dated_words

bp = Blueprint("funds", __name__, url_prefix="/staff/funds")


@bp.get("")
def listed() -> Page:
    """The books of this year that the actor may read."""
    actor, year = need_staff(FUND_ROLES), this_moment().astimezone(CHINA).year
    known = books_of(current_circle())
    books = queries.book_sums(actor, known, year)
    sums = {
        kind: sum(one.sums[kind] for one in books if street_of(one.book_id) is None)
        for kind in KINDS
    }
    return render_template(
        "staff/funds.html", books=books, year=year, known=known, sums=sums, left=left_of(sums),
        communities=sum(street_of(one.book_id) is None for one in books),
    )  # fmt: skip


@bp.get("/<book_id>/<int:year>")
def book(book_id: str, year: int) -> Page:
    return _page(need_staff(FUND_ROLES), book_id, year)


@bp.get("/<book_id>/<int:year>.xlsx")
def workbook(book_id: str, year: int) -> Response:
    """The year as a workbook, noted among the exports."""
    actor = need_staff(FUND_ROLES)
    found = _book(actor, book_id, year)
    words = _about_words(found, _things(actor, book_id))
    tables = fund_tables(found, lambda about: words.get(about, ""))
    title = f"{books_of(current_circle())[book_id][0]}{year}年专项经费"
    rows = len(found.lines)
    return workbook_answer(
        lambda: month_export.made_as(
            settings(), title, tables, this_moment(), how="按账上每一笔，更正另记一笔"
        ),
        f"funds-{year}.xlsx",
        instead=url_for(".book", book_id=book_id, year=year),
        note=lambda: casework.log_export(
            actor, title, rows, with_contacts=False, now=this_moment()
        ),
    )


@bp.post("/<book_id>/<int:year>")
def add(book_id: str, year: int) -> Page:
    actor, form = need_staff(LEADERS), FundForm()
    _book(actor, book_id, year)
    form.offer(_things(actor, book_id), _items(actor, book_id))
    if form.validate():
        line = Spending(
            form.kind.data, form.on.data, form.words.data, fen_of(form.amount.data) or 0,
            form.is_about, form.decided.data, form.receipt.data, form.item_id,
        )  # fmt: skip
        try:
            casework.add_fund_entry(
                current_circle(), actor, book_id, form.seen_version, line,
                is_another=form.is_another.data, form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            if isinstance(error, StaleCase):
                form.is_another.data = False  # a line that they have not seen may be the same
            return _page(actor, book_id, year, add=form), error.status
        say("已经记下。")
        return redirect(url_for(".book", book_id=book_id, year=form.on.data.year), 303)
    return _page(actor, book_id, year, add=form), 422


@bp.post("/<book_id>/<int:year>/correct")
def correct(book_id: str, year: int) -> Page:
    actor, form = need_staff(LEADERS), CorrectFundForm()
    found = _book(actor, book_id, year)
    _offer_lines(form, found)
    if form.validate():
        try:
            casework.correct_fund_entry(
                actor, book_id, form.seen_version, int(form.entry.data),
                fen_of(form.right.data) or 0, form.reason.data,
                form_key=form_key(form), now=this_moment(),
            )  # fmt: skip
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _page(actor, book_id, year, correct=form), error.status
        say("已经更正，原来的那一笔还在。")
        return redirect(url_for(".book", book_id=book_id, year=year), 303)
    return _page(actor, book_id, year, correct=form), 422


@bp.get("/<book_id>/<int:year>/correct")
def back(book_id: str, year: int) -> Page:
    """What a reload or the back button of a refused form asks for."""
    return redirect(url_for(".book", book_id=book_id, year=year), 303)


@bp.get("/<book_id>/<int:year>/public")
def public(book_id: str, year: int) -> Page:
    """What the site is to say that each line was for."""
    actor = need_staff(LEADERS)
    found = _book(actor, book_id, year)
    form = told_form(found.lines)(formdata=None)
    for one in found.lines:
        if one.kind != CORRECTED:
            form[f"told_{one.id}"].data = one.told or ""
    return _public(found, form)


@bp.post("/<book_id>/<int:year>/public")
def publish(book_id: str, year: int) -> Page:
    actor = need_staff(LEADERS)
    found = _book(actor, book_id, year)
    form = told_form(found.lines)()
    if form.validate():
        told = {one.id: form[f"told_{one.id}"].data for one in found.lines if one.kind != CORRECTED}
        try:
            casework.tell_of_funds(actor, book_id, year, form.seen_version, told, now=this_moment())
        except (NotPossible, StaleCase) as error:
            refuse(form, error)
            return _public(found, form), error.status
        press().start()
        say("已经公示，网站正在更新，一会儿就能看到。")
        return redirect(url_for(".book", book_id=book_id, year=year), 303)
    return _public(found, form), 422


def _public(found: queries.FundBook, form: SeenForm) -> str:
    form.fresh_key()
    form.version.data = str(found.seen)
    return render_template(
        "staff/fund_public.html", found=found, form=form, ENTRY_LABELS=ENTRY_LABELS,
        name=books_of(current_circle())[found.book_id][0], letters=TOLD_LETTERS,
    )  # fmt: skip


def _book(actor: Actor, book_id: str, year: int) -> queries.FundBook:
    found = None
    if book_id in books_of(current_circle()) and EARLIEST_YEAR <= year <= LATEST_YEAR:
        found = queries.fund_book(actor, book_id, year)
    if found is None:
        abort(404)
    return found


def _things(actor: Actor, book_id: str) -> dict[str, str]:
    """What a line may be for: the projects that the book may pay for, and the activities."""
    homes = books_of(current_circle())[book_id][1]
    own = [one for one in queries.projects_of(actor) if one.community_id in homes]
    projects = {f"project:{one.id}": one.title for one in own}
    return projects | activities_of(current_circle(), book_id)


def _about_words(found: queries.FundBook, names: Mapping[str, str]) -> dict[str, str]:
    """What the book's lines are for, in words, be it among those offered still or not."""
    abouts = {one.about for one in found.lines if one.about}
    return {
        about: names.get(about) or current_circle().rated_name(about) or about.partition(":")[2]
        for about in sorted(abouts)
    }


def _links(actor: Actor, found: queries.FundBook) -> dict[str, str]:
    """Where what a line is for stands, for whoever may open it."""
    pages = {"issue": "staff/issues/", "project": "staff/projects/"}
    links = {}
    for about in {one.about for one in found.lines}:
        kind, _, key = about.partition(":")
        if kind == "issue" or (kind == "project" and actor.role in LEADERS):
            links[about] = f"{pages[kind]}{key}"
    return links


def _items(actor: Actor, book_id: str) -> dict[str, str]:
    """What residents' meetings agreed to pay for, by the item's key."""
    homes = books_of(current_circle())[book_id][1]
    found = queries.items_to_pay_for(actor, homes)
    return {str(key): f"{dated_words(held_on)}　{topic}" for key, (held_on, topic) in found.items()}


def _offer_lines(form: CorrectFundForm, found: queries.FundBook) -> None:
    lines = {
        one.id: f"第{one.place}笔　{KINDS[one.kind]}{yuan(one.amount_fen)}元　{one.words}"
        for one in found.lines
        if one.kind != CORRECTED
    }
    form.entry.choices = offered(lines, "请选择")


def _page(
    actor: Actor,
    book_id: str,
    year: int,
    add: FundForm | None = None,
    correct: CorrectFundForm | None = None,
) -> str:
    found, things = _book(actor, book_id, year), _things(actor, book_id)
    forms = {"add": add or FundForm(formdata=None)}
    forms["add"].offer(things, _items(actor, book_id))
    second = correct or CorrectFundForm(formdata=None)
    _offer_lines(second, found)
    for form in (forms["add"], second):
        form.shown_at(found.seen)
    return render_template(
        "staff/fund_book.html", found=found, add=forms["add"], correct=second,
        about_words=_about_words(found, things), links=_links(actor, found),
        writes=may_write_funds(actor, book_id), ENTRY_LABELS=ENTRY_LABELS,
        name=books_of(current_circle())[book_id][0],
        untold=sum(one.told is None for one in found.lines),
    )  # fmt: skip
