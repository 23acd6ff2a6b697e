"""Where the interface is, what it speaks and whom to ask; and what is none of its addresses."""

from http import HTTPStatus

from flask import Response, abort, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from forms_app.web.open311 import PREFIX, address, bp
from forms_app.web.open311.writing import JSON, XML, answer
from forms_app.web.request import current_circle, data_changed_at, public_address
from forms_app.web.words import iso

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
NO_KEY = "不用申请，也不用带 api_key"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@address("/discovery")
def discovery() -> Response:
    circle, changed = current_circle(), iso(data_changed_at())
    lines = (f"{circle.community_words(one.id)} {one.hotline}"
             for one in circle.communities.values())  # fmt: skip
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{public_address()}{PREFIX.removeprefix('/')}",
        "changeset": changed,
        "type": "test" if circle.sample else "production",
        "formats": [kind.partition(";")[0] for kind in (XML, JSON)],
    }
    told = {
        "changeset": changed,
        "contact": "；".join((circle.name, *lines)),
        "key_service": NO_KEY,
        "endpoints": [endpoint],
    }
    return answer("discovery", told)


@bp.route("/", strict_slashes=False, methods=METHODS, provide_automatic_options=False)
@bp.route("/<path:_rest>", methods=METHODS, provide_automatic_options=False)
def nowhere(_rest: str = "") -> Response:
    """Whatever else is asked for: no page of the site, which takes every address that is left."""
    allowed = [method for method in ("GET", "POST") if _leads_somewhere(method)]
    if allowed:
        raise MethodNotAllowed(["HEAD", *allowed] if "GET" in allowed else allowed)
    abort(HTTPStatus.NOT_FOUND)


def _leads_somewhere(method: str) -> bool:
    try:
        return bool(current_app.url_map.bind("").match(request.path, method)[0] != request.endpoint)
    except HTTPException:
        return False
