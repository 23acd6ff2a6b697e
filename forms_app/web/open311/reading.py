"""How a report stands, for whoever holds its ticket, which comes in a header and in no address.

A number alone tells nothing, not even whether there is such a report. Nothing of what its resident
wrote, left or photographed is told: those fields of the specification stay empty.
"""

from datetime import datetime
from http import HTTPStatus

from flask import Response, abort, request

from forms_app import casework, queries
from forms_app.issues.access import resident
from forms_app.rules import keys
from forms_app.rules.clocks import RESULT
from forms_app.rules.steps import ENDED
from forms_app.web.open311 import address
from forms_app.web.open311.writing import answer, refused
from forms_app.web.request import current_circle, this_moment
from forms_app.web.tickets_tried import NOT_FOUND, why_shut
from forms_app.web.words import iso

NEEDS_TICKET = "只凭编号什么也不告诉。请带上查询码：Authorization: Bearer 查询码"
NO_TOKENS = "没有这个 token：登记以后马上有编号，用不着它"
NO_DATE = "start_date、end_date 请写成 2026-11-30T00:00:00Z 这样，要写明时区"
NOT_TOLD = ("address", "address_id", "zipcode", "lat", "long", "media_url")


@address("/requests/<number>")
def request_of(number: str) -> Response:
    held = _held_number()
    if not held:
        return refused(HTTPStatus.FORBIDDEN, NEEDS_TICKET)
    if held != number:
        return refused(HTTPStatus.FORBIDDEN, NOT_FOUND)
    return answer("service_requests", [_record(held)])


@address("/requests")
def requests() -> Response:
    """The one whose ticket came along, if it is among those that are asked for; else none."""
    begin, end = (_moment(name) for name in ("start_date", "end_date"))
    held = _held_number()
    found = [_record(held)] if held else []
    return answer("service_requests", [one for one in found if _is_wanted(one, begin, end)])


@address("/tokens/<token>")
def no_token(token: str) -> Response:  # noqa: ARG001 - there is none
    return refused(HTTPStatus.NOT_FOUND, NO_TOKENS)


def _held_number() -> str:
    """The number of the report whose ticket came along; "" where none did. A wrong one ends it."""
    scheme, _, ticket = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return ""
    parsed = keys.parse_ticket(ticket)
    shut = why_shut(parsed, casework.open_ticket)
    if shut or parsed is None:
        abort(refused(HTTPStatus.FORBIDDEN, shut))
    return parsed[0]


def _record(number: str) -> dict[str, object]:
    circle, now = current_circle(), this_moment()
    found = queries.case(resident(number), number, queries.Moment(circle.clocks, now))
    if found is None:  # erased since
        abort(refused(HTTPStatus.FORBIDDEN, NOT_FOUND))
    issue, is_closed = found.issue, found.step in ENDED
    expected = None if is_closed else found.end_of(RESULT)
    updated = (issue.closed_at if is_closed else None) or found.newest.made_at
    return {
        "service_request_id": issue.number,
        "status": "closed" if is_closed else "open",
        "status_notes": found.stands,
        "service_name": circle.category_name(issue.category) or None,
        "service_code": issue.category or None,
        "description": None,
        "agency_responsible": circle.community_words(issue.community_id),
        "service_notice": found.comes_next(now).words(now) or None,
        "requested_datetime": iso(issue.received_at),
        "updated_datetime": iso(updated),
        "expected_datetime": iso(expected) if expected else None,
        **dict.fromkeys(NOT_TOLD),
    }


def _moment(name: str) -> datetime | None:
    """The moment of an argument; the request ends where it is none. A `+` may come as a blank."""
    written = request.args.get(name, "").strip().replace(" ", "+")
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        abort(refused(HTTPStatus.BAD_REQUEST, NO_DATE))
    return moment


def _is_wanted(one: dict[str, object], begin: datetime | None, end: datetime | None) -> bool:
    if numbers := _listed("service_request_id"):  # overrides all else
        return one["service_request_id"] in numbers
    asked = {name: _listed(name) for name in ("service_code", "status")}
    came = datetime.fromisoformat(str(one["requested_datetime"]))
    return (
        all(not values or one[name] in values for name, values in asked.items())
        and (begin is None or came >= begin)
        and (end is None or came <= end)
    )


def _listed(name: str) -> set[str]:
    """The values of an argument, of which several are parted by commas."""
    return {one.strip() for one in request.args.get(name, "").split(",")} - {""}
