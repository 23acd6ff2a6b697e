"""A whole journey over a real line, by nothing but the standard library and the specification."""

import http.client
from contextlib import closing
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from tests.support.open311 import TOO_MUCH, read, ticket_in
from tests.support.served import served
from tests.support.web import House

FORM = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


@pytest.mark.parametrize("ending", ["json", "xml"])
def test_an_outsider_finds_its_way_from_discovery_to_how_it_stands(
    house: House, ending: str
) -> None:
    with served(house) as server, closing(server.connect()) as line:

        def ask(
            method: str, path: str, fields: dict[str, str] | None = None, **headers: str
        ) -> tuple[http.client.HTTPResponse, Any]:
            body = urlencode(fields) if fields else None
            line.request(method, path, body, headers | (FORM if fields else {}))
            answer = line.getresponse()
            return answer, read(answer.read(), ending)

        _, found = ask("GET", f"/open311/v2/discovery.{ending}")
        base = urlsplit(found["endpoints"][0]["url"]).path
        _, services = ask("GET", f"{base}/services.{ending}")
        code = services[0]["service_code"]
        _, definition = ask("GET", f"{base}/services/{code}.{ending}")
        needed = {
            f"attribute[{one['code']}]": one["values"][0]["key"]
            for one in definition["attributes"]
            if one["required"] == "true"
        }
        fields = {
            "service_code": code,
            "description": "灯不亮😀",
            "address_string": "南门",
            **needed,
        }
        answer, (taken,) = ask("POST", f"{base}/requests.{ending}", fields)
        assert answer.status == 201
        assert answer.getheader("Set-Cookie") is None
        one = f"{base}/requests/{taken['service_request_id']}.{ending}"
        assert ask("GET", one)[0].status == 403
        answer, (told,) = ask("GET", one, Authorization=f"Bearer {ticket_in(taken)}")
        assert (answer.status, told["status"], told["service_code"]) == (200, "open", code)
        answer, (refused,) = ask("POST", f"{base}/requests.{ending}", {"description": TOO_MUCH})
        assert (answer.status, refused["code"]) == (413, "413")
