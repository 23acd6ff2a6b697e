"""The same records as JSON or as XML, by the ending of the address; and what is refused in both.

By the Spark convention of the specification a list is, as XML, an element that holds one element
for each of its items; of the outermost element JSON has no name. XML is written here, never read.
"""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from xml.etree.ElementTree import Element, tostring

from flask import Response, g, request

from forms_app.rules.folding import printable
from forms_app.web.slowly import TOO_OFTEN

JSON, XML = "application/json; charset=utf-8", "text/xml; charset=utf-8"
# What holds several, and what each of them is called.
ONE_OF = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
# In the place of what is told to browsers, where that would mislead a program.
REFUSALS: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: "没有这个地址：GeoReport v2 的地址以 .json 或者 .xml 结尾",
    HTTPStatus.METHOD_NOT_ALLOWED: "这个地址不能用这个方法",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "内容太大，请删减一些再发",
}


def answer(name: str, told: object, status: int = HTTPStatus.OK) -> Response:
    """The answer that tells this; `name` is its outermost element."""
    if request.path.endswith(".json"):
        body, kind = json.dumps(_clean(told), ensure_ascii=False), JSON
    else:
        written = tostring(_element(name, _clean(told)), encoding="unicode")
        body, kind = f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n', XML
    return Response(body, status, content_type=kind)


def refused(status: int, *sentences: str) -> Response:
    """The answer to what is not done, with each reason; whoever came too often reads when to come
    again.
    """
    seconds = g.pop("wait_seconds", 0)
    status = TOO_OFTEN if seconds else int(status)
    told = [{"code": status, "description": sentence} for sentence in sentences]
    response = answer("errors", told, status)
    if seconds:
        response.retry_after = seconds
    return response


def _clean(told: object) -> object:
    """The same, without what XML cannot hold, so that both say the same."""
    if isinstance(told, str):
        return printable(told)
    if isinstance(told, Mapping):
        return {name: _clean(value) for name, value in told.items()}
    return [_clean(one) for one in told] if isinstance(told, Sequence) else told


def _element(name: str, told: object) -> Element:
    element = Element(name)
    if isinstance(told, dict):
        element.extend(_element(part, value) for part, value in told.items())
    elif isinstance(told, list):
        element.extend(_element(ONE_OF[name], one) for one in told)
    elif told is not None:
        element.text = str(told).lower() if isinstance(told, bool) else str(told)
    return element
