"""The register's pages: the list with its filters, and what is taken away from it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import parse_qsl

from flask import Blueprint, abort, redirect, render_template, request, send_file, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.issues.access import CASE_ROLES, PLACE_OF, Actor
from forms_app.issues.register_columns import COLUMNS, NAME, read_columns, whole_address
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
from forms_app.queries import Value
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.rules.worktime import CHINA
from forms_app.spreadsheets import register_export, register_paper
from forms_app.spreadsheets.register_export import END
from forms_app.spreadsheets.register_paper import LONG, PAPERS, Paper
from forms_app.web.request import (
    Page,
    as_called,
    current_circle,
    named,
    need_staff,
    say,
    settings,
    this_moment,
    unit_names,
)
from forms_app.web.staff.bulk import offered_on
from forms_app.web.staff.contacts import open_contacts
from forms_app.web.staff.moves import STAFF_MOVES
from forms_app.web.staff.reports import LEADING_ROLES
from forms_app.web.staff.workbooks import XLSX
from forms_app.web.words import day_words

bp = Blueprint("staff_register", __name__, url_prefix="/staff")

AT_ONCE = 5000  # issues; more make somebody wait too long in front of an empty page
ROWS_A_MINUTE = 100_000
TOO_MANY = said("超过 %(most)s 件，请加上条件，分几次导出。", most=register_export.MOST_ROWS)
PRINTED = 300  # issues that a browser lays out in a few seconds
TOO_LONG = said("超过 %(most)s 件，请加上条件，分几次打印，或者下载 Excel 表来打印。", most=PRINTED)
NOTHING = "没有符合条件的问题。"
# Who works in one community has nothing to choose there.
ONE_COMMUNITY = [role for role, place in PLACE_OF.items() if place == "community_id"]


class Chip(Struct, frozen=True):
    """One condition that is set, and the address without it."""

    words: str
    address: str


@bp.get("/register")
def page() -> str:
    actor = need_staff(CASE_ROLES)
    filters, refused = read(current_circle(), request.args)
    place, damaged = read_place(request.args)
    columns = read_columns(request.args.getlist(NAME))
    shown = queries.register(current_circle(), actor, this_moment(), filters, place, columns)
    offered = offered_on(actor, shown.rows)
    is_missed = bool(filters.text) and not shown.rows and place is None
    near = queries.nearest(actor, this_moment(), filters.text) if is_missed else ()
    return render_template(
        "staff/register.html",
        page=shown,
        near=near,
        filters=filters,
        given=filters.conditions | {"sort": filters.sort},
        chips=_chips(current_circle(), filters, columns),
        address=whole_address(filters.address, columns),
        bare=whole_address("", columns),
        columns=columns,
        known_columns=COLUMNS,
        views=queries.saved_views(actor),
        bulk={move: STAFF_MOVES[move].title for move in offered},
        ticks=frozenset().union(*offered.values()),
        refused=refused + damaged,
        lists=_lists(current_circle(), actor),
        flags=FLAGS,
        labels=LABELS,
        sorts=SORTS,
        is_first=place is None,
        may_take_contacts=actor.sees_contacts,
        leads=actor.role in LEADING_ROLES,
        works=actor.role is Role.WORKER,
        now=this_moment(),
    )


@bp.get("/register.xlsx")
def export() -> Response:
    """The list as a spreadsheet: at once if it is short, else to be fetched when it is ready."""
    actor = need_staff(CASE_ROLES)
    taken = _taken(actor, register_export.MOST_ROWS, TOO_MANY, "没有导出：%(sentence)s")
    if isinstance(taken, Response):
        return taken
    try:
        turn = register_export.take_turn(settings())
        key, number = _noted(actor, taken)
        finished = register_export.kept(settings())
        target = register_export.folder(settings()) / register_export.name_of(key)
        options = register_export.Options(
            actor, _given(taken.filters), taken.said, this_moment(), taken.with_contacts,
            taken.paper.name, number,
        )  # fmt: skip
        process = register_export.begin(settings(), current_circle(), turn, options, target)
        if taken.count > AT_ONCE:
            register_export.leave(process, target, finished)
            minutes = taken.count // ROWS_A_MINUTE + 1
            say(
                said(
                    "正在做 %(count)s 件的表格，大约要 %(minutes)s 分钟，做好了在下面领取。",
                    count=taken.count,
                    minutes=minutes,
                )
            )
            return redirect(url_for(".exports"), 303)
        register_export.finish(process, target, finished)
    except (register_export.ExportBusy, register_export.ExportFailed) as error:
        say(error.sentence, "error")
        return redirect(_list_of(taken.filters), 303)
    return _sent(key)


@bp.get("/register/print")
def print_register() -> Page:
    """The list on paper, by way of the browser."""
    actor = need_staff(CASE_ROLES)
    taken = _taken(actor, PRINTED, TOO_LONG, "没有打印：%(sentence)s")
    if isinstance(taken, Response):
        return taken
    _, number = _noted(actor, taken)
    now, paper = this_moment(), taken.paper
    rows = queries.register_rows(
        current_circle(), actor, now, taken.filters, PRINTED, taken.with_contacts, paper.columns
    )
    return render_template(
        "staff/register_print.html",
        paper=paper,
        above=register_paper.head(
            paper, current_circle(), actor, taken.filters, now,
            number=number, said=taken.said, with_contacts=taken.with_contacts,
        ),
        rows=[_on_paper(paper.fitted(row)) for row in rows],
        sign_here=register_paper.SIGN_HERE,
        dated=register_paper.DATED,
        back=_list_of(taken.filters),
    )  # fmt: skip


class _Taken(Struct, frozen=True):
    """What somebody takes away: which part of the register, on which paper, with whose names."""

    filters: Filters
    paper: Paper
    count: int
    said: str  # the filters in words
    with_contacts: bool


def _taken(actor: Actor, most: int, too_many: str, refusal: str) -> _Taken | Response:
    """What the address asks for; back to the list, with a sentence, where it cannot be had."""
    filters, refused = read(current_circle(), request.args)
    paper = PAPERS.get(request.args.get("paper", ""), LONG)
    asked = request.args.get("contacts") == "1" and paper.has_contacts
    count = queries.count_up_to(current_circle(), actor, this_moment(), filters, most)
    if refused or not 0 < count <= most:
        for sentence in refused or (too_many if count else NOTHING,):
            say(said(refusal, sentence=said(sentence)), "warning")
        return redirect(_list_of(filters), 303)
    conditions = described(current_circle(), filters, count)
    return _Taken(filters, paper, count, conditions, asked and actor.sees_contacts)


def _noted(actor: Actor, taken: _Taken) -> tuple[int, str]:
    """Notes it before it leaves; the note's key, and the number that the paper has from it."""
    now = this_moment()
    key = casework.log_export(
        actor,
        f"{taken.paper.kind}　{taken.said}",
        taken.count,
        with_contacts=taken.with_contacts,
        now=now,
    )
    return key, queries.export_number(key, now)


def _list_of(filters: Filters) -> str:
    """The address of the list that it was asked from, with the columns that were chosen there."""
    columns = read_columns(request.args.getlist(NAME))
    return f"{url_for('.page')}?{whole_address(filters.address, columns)}"


def _on_paper(row: Iterable[Value]) -> list[Value]:
    """The cells as words, where those that may not be shown are empty."""
    return [day_words(v) if isinstance(v, datetime) else "" if v is None else v for v in row]


@bp.get("/issues/<number>/print")
def print_case(number: str) -> str:
    """The whole case on paper."""
    actor = need_staff(CASE_ROLES)
    found = queries.case_file(actor, number)
    if found is None:
        abort(404)
    return render_template(
        "staff/print.html",
        circle=as_called(found.case),
        file=found,
        case=found.case,
        contacts=open_contacts(actor, number),
        now=this_moment(),
        unit_names=unit_names,
        named=named,
        FIELD_LABELS=casework.FIELD_LABELS,
    )


@bp.get("/exports")
def exports() -> str:
    actor = need_staff()
    making = register_export.folder(settings())
    names = [found.name for found in register_export.kept(settings()).under()]
    return render_template(
        "staff/exports.html",
        exports=queries.exports(actor),
        actor=actor,
        ready={name.removesuffix(END) for name in names if name.endswith(END)},
        begun={path.stem for path in making.glob("*.part")},
    )


@bp.get("/exports/<int:key>.xlsx")
def fetch(key: int) -> Response:
    """A finished spreadsheet, for whoever asked for it and nobody else."""
    actor = need_staff(CASE_ROLES)
    if not queries.is_own_export(actor, key):
        abort(404)
    return _sent(key)


def _given(filters: Filters) -> Mapping[str, str]:
    return dict(parse_qsl(filters.address))


def _sent(key: int) -> Response:
    finished = register_export.kept(settings()).shown(register_export.name_of(key))
    if finished is None:
        abort(404)
    name = "问题项目库" + f"{this_moment().astimezone(CHINA):%Y%m%d}.xlsx"
    return send_file(finished, mimetype=XLSX, as_attachment=True, download_name=name)


def _chips(circle: Circle, filters: Filters, columns: tuple[str, ...]) -> list[Chip]:
    return [
        Chip(words, whole_address(filters.without(name).address, columns))
        for name, words in in_words(circle, filters).items()
    ]


def _lists(circle: Circle, actor: Actor) -> Mapping[str, Mapping[str, str]]:
    """The lists to choose from, without what this actor's issues cannot have."""
    lists = {**choices(circle)}
    if actor.role in ONE_COMMUNITY:
        del lists["street"], lists["community"]
        lists["estate"] = {e.id: e.name for e in circle.estates_of(actor.community_id)}
    elif actor.community_ids is not None:
        del lists["street"]
        here = [one for one in circle.communities.values() if actor.reaches(one.id)]
        lists["community"] = {one.id: one.name for one in here}
        lists["estate"] = {e.id: e.name for one in here for e in circle.estates_of(one.id)}
    return lists
