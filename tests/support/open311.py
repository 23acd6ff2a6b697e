"""A program of somebody else's that speaks GeoReport v2: it reads both forms of an answer by the
specification, without a look at how they were written.
"""

import json
import re
from typing import Any
from xml.etree import ElementTree

from werkzeug.test import TestResponse

from forms_app.web.bodies import LARGEST_TEXT
from tests.support.web import House

ROOT = "/open311/v2"
REPORT = {
    "service_code": "street_light",
    "attribute[community]": "jingui",
    "address_string": "3栋2单元门口",
    "description": "楼道灯不亮",
}
TICKET = re.compile(r"(?<![0-9A-Z])[0-9]{6,12}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}(?![0-9A-Z-])")
TOO_MUCH = "长" * LARGEST_TEXT
# Elements that hold any number of one other; of the rest each stands for one value or record.
LISTS = {
    "attributes", "endpoints", "errors", "formats", "service_requests", "services", "values",
}  # fmt: skip


def read(body: str | bytes, ending: str) -> Any:
    """What an answer says, alike for both: every value as text, None where there is none."""
    if ending == "json":
        return _as_text(json.loads(body))
    return _of(ElementTree.fromstring(body))  # noqa: S314 - our own answer


def _of(element: ElementTree.Element) -> Any:
    if element.tag in LISTS:
        assert len({one.tag for one in element}) < 2
        return [_of(one) for one in element]
    if len(element):
        return {one.tag: _of(one) for one in element}
    return element.text


def _as_text(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _as_text(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_as_text(one) for one in told]
    if isinstance(told, bool):
        return str(told).lower()
    return None if told is None else str(told) or None


class Program:
    """It keeps no cookies, and asks for JSON, or for XML where it is told so."""

    def __init__(self, house: House, ending: str = "json", prefix: str = "") -> None:
        self.client = house.app.test_client(use_cookies=False)
        self.ending = ending
        self._environ = {"SCRIPT_NAME": prefix} if prefix else {}

    def get(self, path: str, ticket: str = "", query: str = "", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {ticket}"} if ticket else {}
        return self.client.get(
            f"{ROOT}/{path}.{self.ending}{query}", headers=headers | more.pop("headers", {}),
            environ_overrides=self._environ, buffered=True, **more,
        )  # fmt: skip

    def post(self, fields: dict[str, str], **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(
            f"{ROOT}/requests.{self.ending}", data=fields, headers=named,
            environ_overrides=self._environ, buffered=True,
        )  # fmt: skip

    def told(self, answer: TestResponse) -> Any:
        return read(answer.data, self.ending)

    def report(self, **headers: str) -> tuple[str, str]:
        """Number and ticket of a new report."""
        answer = self.post(REPORT, **headers)
        assert answer.status_code == 201, answer.text
        (told,) = self.told(answer)
        return told["service_request_id"], ticket_in(told)


def ticket_in(told: dict[str, str]) -> str:
    (ticket,) = TICKET.findall(told["service_notice"])
    return str(ticket)
