"""The register's pages: the list with its filters, and what is taken away from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qsl

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.issues.access import CASE_ROLES, Actor
from forms_app.issues.register_filters import (
    FLAGS,
    LABELS,
    SORTS,
    Filters,
    choices,
    described,
    in_words,
    read,
    read_place,
)
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets import register_export
from forms_app.spreadsheets.month_csv import month_csv
from forms_app.web.request import (
    current_circle,
    named,
    need_staff,
    say,
    settings,
    this_moment,
    unit_names,
)

bp = Blueprint("staff_register", __name__, url_prefix="/staff")

LEADING_ROLES = [Role.COMMUNITY_LEADER, Role.SUBDISTRICT_LEADER, Role.SUPERVISOR]
AT_ONCE = 5000  # issues; more make somebody wait too long in front of an empty page
ROWS_A_MINUTE = 100_000
LARGEST_KEY = 2**31 - 1
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_MANY = said("超过 %(most)s 件，请加上条件，分几次导出。", most=register_export.MOST_ROWS)
NOTHING = "没有符合条件的问题。"
# Who works in one community has nothing to choose there.
ONE_COMMUNITY = (Role.WORKER, Role.COMMUNITY_LEADER, Role.COLLECTOR)


@dataclass(frozen=True)
class Chip:
    """One condition that is set, and the address without it."""

    words: str
    address: str


@bp.get("/register")
def page() -> str:
    actor = need_staff(CASE_ROLES)
    filters, refused = read(current_circle(), request.args)
    place, damaged = read_place(request.args)
    shown = queries.register(current_circle(), actor, this_moment(), filters, place)
    return render_template(
        "staff/register.html",
        page=shown,
        filters=filters,
        given=filters.conditions | {"sort": filters.sort},
        chips=_chips(current_circle(), filters),
        refused=refused + damaged,
        lists=_lists(current_circle(), actor),
        flags=FLAGS,
        labels=LABELS,
        sorts=SORTS,
        is_first=place is None,
        may_take_contacts=actor.sees_contacts,
        leads=actor.role in LEADING_ROLES,
        now=this_moment(),
    )


@bp.get("/register.xlsx")
def export() -> Response:
    """The list as a spreadsheet: at once if it is short, else to be fetched when it is ready."""
    actor = need_staff(CASE_ROLES)
    filters, refused = read(current_circle(), request.args)
    with_contacts = request.args.get("contacts") == "1" and actor.sees_contacts
    back = redirect(f"{url_for('.page')}?{filters.address}", 303)
    count = queries.count_up_to(
        current_circle(), actor, this_moment(), filters, register_export.MOST_ROWS
    )
    if refused or not 0 < count <= register_export.MOST_ROWS:
        for sentence in refused or (TOO_MANY if count else NOTHING,):
            say(said("没有导出：%(sentence)s", sentence=said(sentence)), "warning")
        return back
    conditions = described(current_circle(), filters, count)
    try:
        turn = register_export.take_turn(settings())
        key = casework.log_export(
            actor, conditions, count, with_contacts=with_contacts, now=this_moment()
        )
        target = register_export.folder(settings()) / f"{key}.xlsx"
        options = register_export.Options(
            actor, _given(filters), conditions, this_moment(), with_contacts
        )
        process = register_export.begin(settings(), turn, options, target)
        if count > AT_ONCE:
            register_export.leave(process, target)
            minutes = count // ROWS_A_MINUTE + 1
            say(
                said(
                    "正在做 %(count)s 件的表格，大约要 %(minutes)s 分钟，做好了在下面领取。",
                    count=count,
                    minutes=minutes,
                )
            )
            return redirect(url_for(".exports"), 303)
        register_export.finish(process, target)
    except (register_export.ExportBusy, register_export.ExportFailed) as error:
        say(error.sentence, "error")
        return back
    return _sent(key)


@bp.get("/reports/")
def this_month() -> Response:
    need_staff(LEADING_ROLES)
    return redirect(url_for(".month", name=f"{this_moment().astimezone(CHINA):%Y-%m}"), 303)


@bp.get("/reports/<name>")
def month(name: str) -> str:
    actor = need_staff(LEADING_ROLES)
    first = _first_day(name)
    following = queries.next_month(first)
    return render_template(
        "staff/month.html",
        month=queries.month_of(current_circle(), actor, first, this_moment()),
        previous=(first - timedelta(days=1)).replace(day=1),
        following=following if following <= this_moment().astimezone(CHINA).date() else None,
        smallest_shared=queries.SMALLEST_SHARED,
        unit=current_circle().unit_name(actor.place_id) or current_circle().subdistrict,
        now=this_moment(),
    )


@bp.get("/reports/<name>.csv")
def month_file(name: str) -> Response:
    actor = need_staff(LEADING_ROLES)
    found = queries.month_of(current_circle(), actor, _first_day(name), this_moment())
    return Response(
        month_csv(current_circle(), found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=report-{name}.csv"},
    )


@bp.get("/issues/<number>/print")
def print_case(number: str) -> str:
    """The whole case on paper."""
    actor = need_staff(CASE_ROLES)
    found = queries.case_file(actor, number)
    if found is None:
        abort(404)
    return render_template(
        "staff/print.html",
        file=found,
        case=found.case,
        now=this_moment(),
        unit_names=unit_names,
        named=named,
        FIELD_LABELS=casework.FIELD_LABELS,
    )


@bp.get("/exports")
def exports() -> str:
    actor = need_staff()
    waiting = register_export.folder(settings())
    return render_template(
        "staff/exports.html",
        exports=queries.exports(actor),
        actor=actor,
        ready={path.stem for path in waiting.glob("*.xlsx")},
        begun={path.stem for path in waiting.glob("*.part")},
    )


@bp.get("/exports/<int:key>.xlsx")
def fetch(key: int) -> Response:
    """A finished spreadsheet, for whoever asked for it and nobody else."""
    actor = need_staff(CASE_ROLES)
    if key > LARGEST_KEY or not queries.is_own_export(actor, key):
        abort(404)
    return _sent(key)


def _first_day(name: str) -> date:
    """The first day of the month of an address; there is no page for what is no month."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", name, re.ASCII):
        abort(404)
    return date.fromisoformat(f"{name}-01")


def _given(filters: Filters) -> Mapping[str, str]:
    return dict(parse_qsl(filters.address))


def _sent(key: int) -> Response:
    path = register_export.folder(settings()) / f"{key}.xlsx"
    if not path.exists():
        abort(404)
    name = "问题项目库" + f"{this_moment().astimezone(CHINA):%Y%m%d}.xlsx"
    return send_file(path, mimetype=XLSX, as_attachment=True, download_name=name)


def _chips(circle: Circle, filters: Filters) -> list[Chip]:
    return [
        Chip(words, filters.without(name).address)
        for name, words in in_words(circle, filters).items()
    ]


def _lists(circle: Circle, actor: Actor) -> dict[str, dict[str, str]]:
    """The lists to choose from, without what this actor's issues cannot have."""
    lists = choices(circle)
    if actor.role in ONE_COMMUNITY:
        del lists["street"], lists["community"]
        lists["estate"] = {e.id: e.name for e in circle.estates_of(actor.community_id)}
    elif actor.community_ids is not None:
        del lists["street"]
        here = [one for one in circle.communities.values() if actor.reaches(one.id)]
        lists["community"] = {one.id: one.name for one in here}
        lists["estate"] = {e.id: e.name for one in here for e in circle.estates_of(one.id)}
    return lists
