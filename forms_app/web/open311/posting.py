"""A report as a program sends it: the same form, the same limits and the same issue as a browser's.

What the form has no field for is not lost: it becomes words of the report. An address of a photo
is kept and never opened, for whoever wrote it would choose what our server asks for.
"""

import hashlib
import re
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.datastructures import MultiDict

from forms_app import casework
from forms_app.limits import REPORTS
from forms_app.rules import keys
from forms_app.rules.said import said
from forms_app.web.forms.base import cleaned, fresh_form_key
from forms_app.web.forms.resident import ReportForm
from forms_app.web.open311 import address
from forms_app.web.open311.services import (
    AGREED,
    ATTRIBUTES,
    EMERGENCY,
    NO_SUCH_SERVICE,
    kinds,
    offered_form,
)
from forms_app.web.open311.writing import answer, refused
from forms_app.web.reporting import hand_in
from forms_app.web.request import (
    answered_when,
    code_key,
    form_key,
    public_address,
    server_key,
    this_moment,
)
from forms_app.web.slowly import too_often

FORM = "application/x-www-form-urlencoded"
NOT_A_FORM = "请用 application/x-www-form-urlencoded 发送"
FOREIGN = "不收别的网站的页面替访问它的人发来的"
NO_SERVICE = "请写明 service_code"
NO_PLACE = "请写明在哪里：address_string，或者 lat 和 long，或者小区"
NO_DEGREES = "lat 和 long 要一起写，用 WGS84 的度数，例如 25.831 和 114.933"
WEAK_KEY = "Idempotency-Key 请每次随机生成（例如 UUID），16到200个字符"
PLACE = "纬度%(lat)s，经度%(long)s（WGS84）"
MEDIA = "照片的地址，没有打开过：%(url)s"
NOTICE = (
    "%(when)s答复。查询码：%(ticket)s，请马上交给反映的人记下，"
    "在 %(address)s 填它，可以查进度、补充、评价。%(emergency)s"
)
ONCE_MORE = "这件事登记过了，查询码后来补发过，请用新的。"

_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,20})?")
# Long enough that nobody guesses it: whoever knows key and words is shown the ticket again.
_KEY = re.compile("[!-~]{16,200}")


@address("/requests", "POST")
def report() -> Response:
    if _is_of_foreign_page():
        return refused(HTTPStatus.FORBIDDEN, FOREIGN)
    if request.mimetype != FORM:
        return refused(HTTPStatus.BAD_REQUEST, NOT_A_FORM)
    sent = {name: cleaned(value) for name, value in request.form.items()}
    if not sent.get("service_code"):
        return refused(HTTPStatus.BAD_REQUEST, NO_SERVICE)
    if sent["service_code"] not in kinds():
        return refused(HTTPStatus.NOT_FOUND, NO_SUCH_SERVICE)
    once = request.headers.get("Idempotency-Key")
    form = _form_of(sent, once)
    faults = _faults(sent, once)
    if not form.validate() or faults:
        return refused(HTTPStatus.BAD_REQUEST, *faults, *_errors(form))
    if wait := too_often(REPORTS):
        return refused(HTTPStatus.BAD_REQUEST, wait)
    key = form_key(form)
    received = hand_in(form, key)
    if received is None:
        return refused(HTTPStatus.BAD_REQUEST, *_errors(form))
    told = {
        "service_request_id": received.number,
        "service_notice": _notice(received.number, key, is_new=once is None),
        "account_id": None,
    }
    return answer("service_requests", [told], HTTPStatus.CREATED)


def _is_of_foreign_page() -> bool:
    """Whether a browser says that a page of another site sends this; a program says neither."""
    origin, here = request.headers.get("Origin"), urlsplit(public_address()).netloc
    is_foreign = origin is not None and urlsplit(origin).netloc != here
    return is_foreign or request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site")


def _form_of(sent: Mapping[str, str], once: str | None) -> ReportForm:
    """The form of a report, filled in with what the program calls otherwise."""
    place = _coordinates(sent) or ""
    where, media = sent.get("address_string", ""), sent.get("media_url", "").replace("\n", " ")
    words = sent.get("description", "")
    beside = (place if where else "", said(MEDIA, url=media) if media else "")
    first, last = sent.get("first_name", ""), sent.get("last_name", "")
    said_of = {ATTRIBUTES[code]: sent.get(f"attribute[{code}]", "") for code in ATTRIBUTES}
    filled = said_of | {
        "estate_id": said_of["estate_id"] or sent.get("address_id", ""),
        "consent": "y" if said_of["consent"] == AGREED else "",
        "category": sent["service_code"],
        "description": "\n".join(filter(None, (words, *beside))) if words else "",
        "location": where or place,
        # As it is said here, the family's name first; what is written in letters keeps its blank.
        "reporter_name": f"{first} {last}".strip() if first.isascii() else f"{last}{first}",
        "reporter_phone": sent.get("phone", ""),
        "reporter_email": sent.get("email", ""),
        "form_key": _hashed(once) if once is not None else fresh_form_key(),
    }
    form = offered_form(MultiDict(filled))
    if len(form.community_id.choices) == 1 and not form.community_id.data:
        only = form.community_id.choices[0].value
        form.community_id.data, form.community_id.raw_data = only, [only]
    return form


def _hashed(once: str) -> str:
    """A form's key that no form of a browser has."""
    return hashlib.sha256(f"open311:{once}".encode()).hexdigest()


def _faults(sent: Mapping[str, str], once: str | None) -> list[str]:
    """What is wrong with that for which the form has no field of its own."""
    found = []
    if once is not None and not _KEY.fullmatch(once):
        found.append(WEAK_KEY)
    if _coordinates(sent) is None:
        found.append(NO_DEGREES)
    where = ("address_string", "lat", "long", "address_id", "attribute[estate]")
    if not any(sent.get(name) for name in where):
        found.append(NO_PLACE)
    return found


def _coordinates(sent: Mapping[str, str]) -> str | None:
    """The place in words, "" for none; None where these are no degrees of any place."""
    lat, long = (sent.get(name, "") for name in ("lat", "long"))
    if not lat and not long:
        return ""
    for written, most in ((lat, 90), (long, 180)):
        if not _DEGREES.fullmatch(written) or abs(float(written)) > most:
            return None
    return said(PLACE, lat=lat, long=long)


def _errors(form: ReportForm) -> list[str]:
    """Each error behind its field's label: whoever wrote it is to read it."""
    return [
        "：".join((form[name].label.text, error)) if name else error
        for name, errors in form.errors.items()
        for error in errors
    ]


def _notice(number: str, key: str, *, is_new: bool) -> str:
    """When there is an answer, and the ticket; but none that opens nothing any more."""
    secret = keys.ticket_secret(server_key(), key)
    if not is_new and not casework.open_ticket(code_key(), number, secret, now=this_moment()):
        return ONCE_MORE
    return said(
        NOTICE,
        when=answered_when(),
        ticket=keys.format_ticket(number, secret),
        address=f"{public_address()}issues/",
        emergency=EMERGENCY,
    )
