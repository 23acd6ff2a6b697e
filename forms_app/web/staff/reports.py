"""A month's work on pages and in a workbook: by unit, by officer, and by what it was about."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.formats.charts import Parts, shares
from forms_app.issues.access import COMMUNITY_ROLES, LEVELS, Actor
from forms_app.queries import OFFICERS, UnitMonth
from forms_app.rules.months import next_month
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA, midnight
from forms_app.spreadsheets import month_export
from forms_app.spreadsheets.month_csv import month_csv
from forms_app.spreadsheets.month_tables import month_tables, name_of
from forms_app.web.languages import translated
from forms_app.web.request import current_circle, need_staff, settings, this_day, this_moment
from forms_app.web.staff.workbooks import workbook_answer

bp = Blueprint("reports", __name__, url_prefix="/staff/reports")

LEADING_ROLES = (*LEVELS, Role.SUPERVISOR)
# Who reads what officers led: each their own, a leader the community's.
OFFICERS_ROLES = COMMUNITY_ROLES
DRAWN = 30  # bars; the table beside them has every row
BY = {
    OFFICERS: ("社区干部主办的", "社区干部"),
    "kinds": ("按类别", "类别"),
    "channels": ("按渠道", "渠道"),
    "estates": ("按小区", "小区"),
}
_PARTS = ("按时办结", "超时办结", "没办结或去了别处")


@bp.get("/")
def this_month() -> Response:
    actor = need_staff([*LEADING_ROLES, Role.WORKER])
    name = f"{this_moment().astimezone(CHINA):%Y-%m}"
    if actor.role is Role.WORKER:
        return redirect(url_for(".month_by", name=name, by=OFFICERS), 303)
    return redirect(url_for(".month", name=name), 303)


@bp.get("/<name>")
def month(name: str) -> str:
    actor = need_staff(LEADING_ROLES)
    first = _first_day(name)
    found = queries.month_of(current_circle(), actor, first, this_moment())
    return render_template(
        "staff/month.html",
        month=found,
        chart=_chart(found.units or found.communities, found.name_of),
        **_about(actor, first),
    )


@bp.get("/<name>/<by>")
def month_by(name: str, by: str) -> str:
    if by not in BY:
        need_staff()
        abort(404)
    actor = need_staff(OFFICERS_ROLES if by == OFFICERS else LEADING_ROLES)
    first = _first_day(name)
    rows = queries.month_by(current_circle(), actor, first, this_moment(), by)
    named = name_of(current_circle().as_of(midnight(next_month(first))), by)
    title, heading = BY[by]
    return render_template(
        "staff/month_by.html",
        rows=rows,
        by=by,
        caption=title,
        heading=heading,
        named=named,
        is_own=actor.role is Role.WORKER,
        chart=_chart(rows, named) if by != OFFICERS else None,
        **_about(actor, first),
    )


@bp.get("/<name>.csv")
def month_file(name: str) -> Response:
    actor = need_staff(LEADING_ROLES)
    found = queries.month_of(current_circle(), actor, _first_day(name), this_moment())
    return Response(
        month_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=report-{name}.csv"},
    )


@bp.get("/<name>.xlsx")
def month_book(name: str) -> Response:
    """The month as a workbook, a sheet for each way to tell it; noted among the exports."""
    actor = need_staff([*LEADING_ROLES, Role.WORKER])
    first = _first_day(name)
    tables = month_tables(current_circle(), actor, first, this_moment())
    rows = sum(len(one.rows) for one in tables)
    return workbook_answer(
        lambda: month_export.made(settings(), _unit(actor), first, tables, this_moment()),
        f"report-{name}.xlsx",
        instead=url_for(".this_month"),
        note=lambda: casework.log_report(actor, first, rows, now=this_moment()),
    )


def _about(actor: Actor, first: date) -> dict[str, object]:
    """What every page of a month says above its tables."""
    following = next_month(first)
    offered = [by for by in BY if actor.role in _readers(by)]
    return {
        "first": first,
        "previous": (first - timedelta(days=1)).replace(day=1),
        "following": following if following <= this_day() else None,
        "smallest_shared": queries.SMALLEST_SHARED,
        "unit": _unit(actor),
        "now": this_moment(),
        "leads": actor.role in LEADING_ROLES,
        "ways": {by: BY[by][0] for by in offered},
    }


def _readers(by: str) -> tuple[Role, ...]:
    return OFFICERS_ROLES if by == OFFICERS else LEADING_ROLES


def _unit(actor: Actor) -> str:
    circle: Circle = current_circle()
    return circle.unit_name(actor.place_id) or circle.subdistrict


def _chart(rows: tuple[UnitMonth, ...], named: Callable[[str], str]) -> Markup | None:
    """One bar a row that had any, cut into what became of its cases."""
    drawn = [
        Parts(
            translated(named(row.unit_id)),
            (row.on_time, row.late, row.given - row.finished),
            translated(said("%(count)s件", count=row.given)),
        )
        for row in rows
        if row.given
    ][:DRAWN]
    series = [translated(part) for part in _PARTS]
    return shares("chart-month", translated("办到哪一步"), series, drawn) if drawn else None


def _first_day(name: str) -> date:
    """The first day of the month of an address; there is no page for what is no month."""
    if not re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", name, re.ASCII):
        abort(404)
    return date.fromisoformat(f"{name}-01")
