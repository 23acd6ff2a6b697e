"""The summons desk: a summons' form filled in advance, its sheet to sign, its one-time links."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request, session
from werkzeug.datastructures import MultiDict

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.issues.access import CASE_ROLES
from forms_app.rules import keys
from forms_app.rules.procedure import Step
from forms_app.rules.worktime import CHINA
from forms_app.web.forms.base import offered
from forms_app.web.forms.staff import MoveForm, SummonForm, summon_form
from forms_app.web.request import need_staff, now, server_key

bp = Blueprint("summons", __name__, url_prefix="/staff/issues")

# What a summons suggests as its time limit, by urgency.
REPLY_WITHIN = {1: timedelta(minutes=30), 2: timedelta(hours=4), 3: timedelta(days=1)}
LINK_DIGITS = 6  # so that an answer code reads like a ticket


@bp.get("/<number>/summons")
def sheet(number: str) -> str:
    """The summons on one sheet of paper, with a table to sign in."""
    found = _need_case(number)
    if found.summons is None:
        abort(404)
    return render_template("staff/summons.html", case=found)


@bp.get("/<number>/links")
def links(number: str) -> str:
    """To whom one-time links were sent; those given out just now are shown this once."""
    found = _need_case(number)
    if found.step is not Step.RESPONDING or "summon" not in found.moves:
        abort(403)
    kept = session.pop("answer_codes", {})
    codes = kept.get("codes", {}) if kept.get("number") == number else {}
    public_url = current_app.config.get("PUBLIC_URL") or request.url_root.rstrip("/")
    return render_template(
        "staff/links.html",
        case=found,
        links=queries.links_of(found.issue.id),
        codes=codes,
        answer_url=f"{public_url}/answer/",
        now=now(),
    )


def form_for_summons(
    data: Circle, case: queries.Case, at: datetime, typed: MultiDict[str, str] | None
) -> SummonForm:
    """The summons as it may be sent: what is known is written down, nothing sent by itself."""
    units = casework.callable_units(data, case.issue.severity_class, case.issue.community_id)
    offers = queries.party_offers(data, case.issue, units)
    made = summon_form({offer.unit: offer.duties for offer in offers})
    known = {f"duty-{offer.unit}": offer.likely_duty for offer in offers}
    form = made(formdata=typed, **known | _known(data, case, units, at))
    form.parties.choices = offered(units)
    form.offers = offers
    return form


def _known(
    data: Circle, case: queries.Case, units: dict[str, str], at: datetime
) -> dict[str, object]:
    reply_by = at + REPLY_WITHIN.get(case.issue.urgency or 3, timedelta(days=1))
    if case.summons is not None and case.step is Step.RESPONDING:
        return _called_before(data, case, reply_by, at)
    issue = case.issue
    where = f"{data.estate_name(issue.estate_id)}{issue.location}"
    told = "：".join(part for part in (where, data.category_name(issue.category)) if part)
    known: dict[str, object] = {"subject": told[:100], "reply_by": reply_by.astimezone(CHINA)}
    tried = queries.tried_before(data, issue)
    if tried is not None:
        category = data.categories.get(issue.category)
        lead = [category.department] if category is not None else []
        known["parties"] = [unit for unit in (*tried.parties, *lead) if unit in units]
        known["asked"] = ("请到现场会商，定出新方案。\n" + tried.summary)[:1000]
    return known


def _called_before(
    data: Circle, case: queries.Case, suggested: datetime, at: datetime
) -> dict[str, object]:
    """The summons that runs, to be made again for whoever has not answered."""
    summons = case.summons
    assert summons is not None  # noqa: S101 (asked only where there is one)
    reply_by = summons.reply_by if summons.reply_by > at else suggested
    known: dict[str, object] = {
        "subject": summons.subject,
        "asked": summons.asked,
        "place": summons.place,
        "reply_by": reply_by.astimezone(CHINA),
        "parties": [row.organization_id for row in case.parties if row.answered_at is None],
    }
    if summons.meet_at is not None and summons.meet_at > at:
        known["meet_at"] = summons.meet_at.astimezone(CHINA)
    for row in case.parties:
        unit = data.departments.get(row.organization_id)
        is_listed = unit is not None and row.duty in [duty.text for duty in unit.duties]
        known[f"{'duty' if is_listed else 'words'}-{row.organization_id}"] = row.duty
    return known


def said_in_summons(form: MoveForm, case: queries.Case) -> dict[str, Any]:
    """What a valid form says, in casework's names; every party gets a one-time link."""
    called: Sequence[str] = form.parties.data
    return {
        "parties": called,
        "asked": form.asked.data,
        "reply_by": form.reply_by.data,
        "subject": form.subject.data,
        "place": form.place.data,
        "meet_at": form.meet_at.data,
        "duties": {unit: form.duty_of(unit) for unit in called},
        "secrets": _secrets(form, case),
    }


def keep_codes(form: MoveForm, case: queries.Case) -> None:
    """Keeps the codes that a summons has just given out, for the one page that shows them."""
    newest = queries.links_of(case.issue.id)
    links = {link.organization_id: link.id for link in newest.values()}
    codes = {
        unit: keys.format_ticket(f"{links[unit]:0{LINK_DIGITS}}", secret)
        for unit, secret in _secrets(form, case).items()
        if unit in links
    }
    session["answer_codes"] = {"number": case.issue.number, "codes": codes}


def _secrets(form: MoveForm, case: queries.Case) -> dict[str, str]:
    """Derived like a ticket's, so that they need not be kept between writing and showing."""
    seed = f"answer:{case.issue.number}:{form.seen_version}:{form.key}"
    return {unit: keys.ticket_secret(server_key(), f"{seed}:{unit}") for unit in form.parties.data}


def _need_case(number: str) -> queries.Case:
    found = queries.case(need_staff(CASE_ROLES), number)
    if found is None:
        abort(404)
    return found
