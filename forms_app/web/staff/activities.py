"""Activities at the office's desk: the week at a glance, a form for each, one time off or moved."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app import queries
from forms_app.community import (
    ACTIVITY_CATEGORIES,
    ACTIVITY_STATUSES,
    Circle,
    DataRefused,
)
from forms_app.content.activities import (
    CLASHES_WITHIN,
    FILE,
    LABELS,
    Outlook,
    activity_records,
    errors_of,
    outlook,
    save_activity,
    week,
)
from forms_app.content.listing import Record, Unwritable, Value
from forms_app.content.plan import FIELDS, KEPT, ONCE, Plan, plan_of
from forms_app.content.saving import ChangedMeanwhile, ContentBusy
from forms_app.content.sentences import until_words, when_words, whole_words
from forms_app.content.spoken import spoken_day
from forms_app.content.versions import seen_digest
from forms_app.issues.access import Actor
from forms_app.radius.occurrences import Occurrence, goes_on
from forms_app.rules.said import said
from forms_app.rules.steps import CONTENT_ROLES
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.activities import (
    BESIDE,
    ActivityForm,
    OccurrenceForm,
    told_error,
)
from forms_app.web.publishing import SAVED, press, take_up
from forms_app.web.request import (
    Page,
    current_circle,
    need_staff,
    page_number,
    say,
    settings,
    this_day,
    this_moment,
)

JUST_NOW = timedelta(days=30)  # what was is held again, and looked for among what is
PAST_SHOWN = 30  # on a page of those that are over

bp = Blueprint("activities", __name__, url_prefix="/staff/activities")


@bp.errorhandler(Unwritable)
def unwritable(error: Unwritable) -> Page:
    """The file is one that only a terminal can change: it is told, and nothing is lost."""
    return render_template("staff/unwritable.html", sentence=str(error), file=FILE), 409


@bp.get("")
def listed() -> Page:
    need_staff(CONTENT_ROLES)
    circle, today = current_circle(), this_day()
    monday = _monday(request.args.get("week", ""), today)
    current, past = _parted(circle, today)
    pages = -(-len(past) // PAST_SHOWN)
    page = min(page_number("past") or 0, pages)
    shown = past[(page - 1) * PAST_SHOWN : page * PAST_SHOWN] if page else current
    return render_template(
        "staff/activities.html",
        days=week(circle, monday),
        monday=monday,
        earlier=monday - timedelta(days=7),
        later=monday + timedelta(days=7),
        today=today,
        series=[(place, *_sentence(record, today)) for place, record in _placed(circle, shown)],
        past=len(past),
        page=page,
        pages=pages,
        going=press().now,
        questions=queries.questions_open(),
    )


@bp.get("/new")
def new() -> Page:
    need_staff(CONTENT_ROLES)
    form = ActivityForm(formdata=None, how="weekly", status="CONFIRMED", starts_on=this_day())
    copied = activity_records(settings()).get(request.args.get("copy", ""))
    if copied:
        form.show(_once_more(copied.values, this_day()))
    return _page(form, None, {}, "new")


@bp.post("/new")
def made() -> Page:
    actor, form = need_staff(CONTENT_ROLES), ActivityForm()
    return _sent(actor, form, "")


@bp.get("/<uid>")
def activity(uid: str) -> Page:
    need_staff(CONTENT_ROLES)
    record = _record(uid)
    form = ActivityForm(formdata=None)
    form.show(record.values)
    return _page(form, uid, record.values, seen_digest(record))


@bp.post("/<uid>")
def changed(uid: str) -> Page:
    actor, form = need_staff(CONTENT_ROLES), ActivityForm()
    return _sent(actor, form, uid)


@bp.get("/<uid>/<moment>")
def occurrence(uid: str, moment: str) -> Page:
    need_staff(CONTENT_ROLES)
    record, start = _record(uid), _moment(moment)
    form = OccurrenceForm(formdata=None, what="off")
    return _time_page(form, uid, record, start)


@bp.post("/<uid>/<moment>")
def occurrence_changed(uid: str, moment: str) -> Page:
    actor, form = need_staff(CONTENT_ROLES), OccurrenceForm()
    record, start = _record(uid), _moment(moment)
    values = form.values(record.values, start, this_day()) if form.validate() else None
    if values is None:
        return _time_page(form, uid, record, start), 422
    try:
        save_activity(settings(), uid, form.seen.data, values, actor.name, this_moment())
    except DataRefused as refused:
        own, elsewhere = errors_of(refused, uid)
        for error in own:
            beside = {"exdate": "what", "rdate": "moved_on"}.get(error.column.split(" ")[0], "")
            form.refuse(beside, told_error(error.problem, error.remedy))
        form.refuse_elsewhere(elsewhere)
        return _time_page(form, uid, record, start), 422
    except (ChangedMeanwhile, ContentBusy) as error:
        form.refuse_unseen(error)
        return _time_page(form, uid, _record(uid), start), 409
    return _saved(f"{start:%Y-%m-%d}")


def _sent(actor: Actor, form: ActivityForm, uid: str) -> Page:
    """The form as it was sent: looked at, or saved."""
    known = activity_records(settings())
    if uid and uid not in known:
        abort(404)
    form.offer(current_circle(), keeps=bool(uid))
    is_valid = form.validate()
    name = uid or _new_uid(form)
    record = known.get(name)
    before = record.values if record and uid else {}
    values = form.values(name, before, this_day()) if is_valid else None
    if values is None:
        if not is_valid:
            form.values(name, before, this_day())  # so that all of it is told at once
        return _page(form, uid or None, before, form.seen.data), 422
    try:
        if request.form.get("press") == "look":
            will_be = outlook(settings(), name, values, this_day())
            return _page(form, uid or None, before, form.seen.data, will_be, values)
        save_activity(settings(), name, form.seen.data, values, actor.name, this_moment())
    except DataRefused as refused:
        own, elsewhere = errors_of(refused, name)
        for error in own:
            column = error.column.split(" ")[0]
            form.refuse(BESIDE.get(column, column), told_error(error.problem, error.remedy))
        form.refuse_elsewhere(elsewhere)
        return _page(form, uid or None, before, form.seen.data), 422
    except ContentBusy as error:
        form.refuse("", str(error))
        return _page(form, uid or None, before, form.seen.data), 503
    except ChangedMeanwhile as error:
        form.refuse("", str(error))
        now = activity_records(settings()).get(name)
        theirs = now.values if now else {}
        seen = seen_digest(now)
        return _page(form, uid or None, before, seen, None, values, theirs), 409
    return _saved(str(values["dtstart"])[:10])


def _saved(day: str) -> Page:
    take_up()
    say(SAVED)
    return redirect(url_for(".listed", week=day), 303)


def _page(
    form: ActivityForm,
    uid: str | None,
    before: Mapping[str, Value],
    seen: str,
    will_be: Outlook | None = None,
    values: Mapping[str, Value] | None = None,
    theirs: Mapping[str, Value] | None = None,
) -> str:
    plan = plan_of(before)
    form.offer(current_circle(), keeps=bool(plan and plan.how == KEPT))
    form.fresh_key()
    form.seen.data = seen
    circle, today = current_circle(), this_day()
    compared = theirs if theirs is not None else before
    planned = plan_of(values) if values else None
    first = will_be.activity.dtstart.date() if will_be else today
    monday = max(first, today) - timedelta(days=max(first, today).weekday())
    return render_template(
        "staff/activity.html",
        form=form,
        uid=uid,
        will_be=will_be,
        clashes_within=CLASHES_WITHIN.days,
        whole=_whole(planned, will_be) if planned and will_be else "",
        days=_around(circle, will_be, monday) if will_be else (),
        changes=_differences(compared, values, circle) if values else (),
        is_stale=theirs is not None,
        today=today,
    )


def _time_page(form: OccurrenceForm, uid: str, record: Record, start: datetime) -> str:
    circle, today = current_circle(), this_day()
    found = [
        one
        for _, held in week(circle, start.date() - timedelta(days=start.weekday()))
        for one in held
        if one.activity.uid == uid and one.start == start
    ]
    if not found:
        abort(404)
    form.fresh_key()
    form.seen.data = seen_digest(record)
    return render_template("staff/occurrence.html", form=form, one=found[0], today=today)


def _around(circle: Circle, will_be: Outlook, monday: date) -> list[tuple[date, list[Occurrence]]]:
    """The week of its first time, with what else takes place in that community."""
    mine = will_be.activity
    home = circle.venues[mine.location_id].community_id
    shown = []
    for day, held in week(circle, monday):
        others = [
            one
            for one in held
            if one.activity.uid != mine.uid
            and circle.venues[one.activity.location_id].community_id == home
        ]
        own = [one for one in will_be.occurrences if one.day == day]
        shown.append((day, sorted([*others, *own], key=lambda one: one.start)))
    return shown


def _differences(
    before: Mapping[str, Value], after: Mapping[str, Value], circle: Circle
) -> list[tuple[str, str, str]]:
    """Each field that differs: its label, what it was and what it will be."""
    found = []
    for name, label in LABELS.items():
        old, new = before.get(name) or "", after.get(name) or ""
        if old != new and name not in ("uid", *FIELDS):
            found.append((label, _shown(name, old, circle), _shown(name, new, circle)))
    was, will_be = (_times_words(values) for values in (before, after))
    return [("什么时候", was, will_be), *found] if was != will_be else found


def _whole(plan: Plan, will_be: Outlook) -> str:
    place = current_circle().venues[will_be.activity.location_id].name
    off = None if will_be.is_endless else will_be.cancelled
    return whole_words(plan, place, len(will_be.occurrences), off, this_day())


def _times_words(values: Mapping[str, Value]) -> str:
    plan, today = plan_of(values), this_day()
    if plan is None:
        return ""
    until = until_words(plan, today)
    when = when_words(plan, today)
    return said("%(when)s，%(until)s", when=when, until=until) if until else when


def _shown(name: str, value: Value, circle: Circle) -> str:
    if isinstance(value, tuple):
        return "、".join(spoken_day(one) for one in value)
    if name == "location_id" and value in circle.venues:
        return circle.venues[value].name
    words = {"category": ACTIVITY_CATEGORIES, "status": ACTIVITY_STATUSES}.get(name, {})
    return said(words[value]) if value in words else value


def _new_uid(form: ActivityForm) -> str:
    """The same for the same form sent again: pressed twice, one activity is made."""
    key = form.key or form.seen.data or ""
    return f"activity_{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def _once_more(values: Mapping[str, Value], today: date) -> dict[str, Value]:
    """The same again: a single event a week later, a series from today on."""
    plan = plan_of(values)
    copied = {k: v for k, v in values.items() if k not in ("exdate", "rdate", "status")}
    if plan is None:
        return copied
    start = plan.starts_on
    while start < today:
        start += timedelta(days=7)
    if plan.how == ONCE and start == plan.starts_on:
        start += timedelta(days=7)
    _, _, clock = str(values["dtstart"]).partition(" ")
    return {**copied, "dtstart": f"{start} {clock}".strip()}


def _parted(circle: Circle, today: date) -> tuple[list[Record], list[Record]]:
    """What takes place or did just now, and what is over, the latest first: after ten years there
    are thousands of these."""
    current: list[Record] = []
    past: list[Record] = []
    for uid, record in activity_records(settings()).items():
        known = circle.activities.get(uid)
        goes = known is None or goes_on(known, circle.school_terms, today - JUST_NOW)
        (current if goes else past).append(record)
    past.sort(key=lambda record: str(record.values.get("dtstart", "")), reverse=True)
    return current, past


def _placed(circle: Circle, found: Iterable[Record]) -> Iterator[tuple[str, Record]]:
    for record in found:
        venue = circle.venues.get(str(record.values.get("location_id")))
        yield "" if venue is None else venue.name, record


def _sentence(record: Record, today: date) -> tuple[Mapping[str, Value], str, str]:
    plan = plan_of(record.values)
    if plan is None:
        return record.values, "", ""
    return record.values, when_words(plan, today), until_words(plan, today)


def _record(uid: str) -> Record:
    found = activity_records(settings()).get(uid)
    if found is None:
        abort(404)
    return found


def _moment(text: str) -> datetime:
    """A time in an address: 20261203T1900."""
    if not re.fullmatch(r"\d{8}T\d{4}", text):
        abort(404)
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M").replace(tzinfo=CHINA)
    except ValueError:
        abort(404)


def _monday(text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text[:10]) if text else today
    except ValueError:
        day = today
    if not 2000 <= day.year <= 2100:
        day = today
    return day - timedelta(days=day.weekday())
