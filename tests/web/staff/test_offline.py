"""What a phone may keep of the staff's pages: nobody's form, and the worker that brings it."""

import json
import re
from hashlib import sha256

from flask import Flask
from werkzeug.test import Client

from forms_app.app import create_app
from forms_app.serve import below_prefix
from tests.support.page_audit import flaws
from tests.support.web import House, form_on
from tests.web.test_languages import english

CALL = {"description": "地下室的灯不亮", "channel": "phone"}


def files_of(script: str) -> dict[str, str]:
    found = re.search(r"const FILES = (\{.*?\});", script)
    assert found is not None
    files: dict[str, str] = json.loads(found[1])
    return files


def test_the_form_to_keep_is_the_same_for_everybody_and_holds_nothing_of_anybody(
    house: House,
) -> None:
    pages = {who: house.staff(who).get("/staff/offline") for who in ("worker", "street_leader")}
    pages["nobody"] = house.visitor().get("/staff/offline")
    assert len({page.text for page in pages.values()}) == 1
    page = pages["worker"]
    assert "Set-Cookie" not in page.headers
    assert "csrf_token" not in page.text
    assert "data-owner" not in page.text
    for number in (house.number("楼上漏水"), house.number("烧烤摊油烟")):
        assert number not in page.text
    assert flaws(page.text) == []


def test_a_notice_waits_for_a_page_of_its_own_reader(house: House) -> None:
    worker = house.staff("worker")
    with worker.client.session_transaction() as session:
        session["_flashes"] = [("ok", "已经保存，给您看的")]
    assert "给您看的" not in worker.get("/staff/offline").text
    assert "给您看的" not in worker.get("/staff/sw.js").text
    assert "给您看的" in worker.get("/staff/").text


def test_the_elder_version_keeps_the_same_page(house: House) -> None:
    ordinary, elder = house.visitor(), house.visitor()
    elder.get("/elder?on=1&back=")
    assert elder.get("/staff/offline").text == ordinary.get("/staff/offline").text


def test_the_worker_names_each_file_with_the_digest_of_what_is_served(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.get("/staff/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    files = files_of(answer.text)
    names = {address.partition("?")[0] for address in files}
    assert {"/staff/offline", "/static/staff.css"} <= names
    scripts = {name.removeprefix("/static/") for name in names if name.endswith(".js")}
    # All that the form is written and sent with; one that is missing would end those after it.
    assert scripts == {
        "said.js", "later.js", "elements.js", "device.js", "line.js", "kept.js", "keys.js",
        "photos.js", "controls.js", "collect.js", "press.js", "typed.js",
    }  # fmt: skip
    assert not {name for name in names if name.startswith("/staff/") and name != "/staff/offline"}
    for address, digest in files.items():
        served = visitor.get(address)
        assert sha256(served.data).hexdigest().startswith(digest), address


def test_in_english_the_worker_keeps_the_english_form(house: House) -> None:
    reader, cookieless = english(house.visitor()), house.visitor()
    files = files_of(reader.get("/staff/sw.js").text)
    assert "/staff/offline?language=en" in files
    assert "/staff/offline" not in files
    names = {address.partition("?")[0] for address in files}
    assert {"/static/words.en.js", "/static/staff_words.en.js"} <= names
    served = cookieless.get("/staff/offline?language=en")
    assert sha256(served.data).hexdigest().startswith(files["/staff/offline?language=en"])
    assert "<h1>Register without a line</h1>" in served.text
    assert "<h1>没有网络时登记</h1>" in cookieless.get("/staff/offline").text
    assert "<h1>没有网络时登记</h1>" in cookieless.get("/staff/offline?language=x").text


def test_every_page_of_the_staff_lets_only_its_own_worker_run(house: House) -> None:
    policy = house.staff("worker").get("/staff/").headers["Content-Security-Policy"]
    assert "worker-src 'self'" in policy


def test_below_a_prefix_the_worker_stays_below_it(house: House) -> None:
    app: Flask = create_app(house.settings, house.circle, lambda: house.now)
    visitor = Client(below_prefix(app, "/circle"))
    script = visitor.get("/circle/staff/sw.js").text
    assert 'const SCOPE = "/circle/staff/";' in script
    assert all(address.startswith("/circle/") for address in files_of(script))
    assert "/circle/staff/offline" in files_of(script)


def test_a_file_asked_for_by_another_versions_address_is_given_and_not_kept(house: House) -> None:
    visitor = house.visitor()
    page = visitor.get("/staff/offline").text
    address = re.search(r"/static/kept\.js\?v=[0-9a-f]{8}", page)
    assert address is not None
    named, old = visitor.get(address[0]), visitor.get("/static/kept.js?v=0123456789ab")
    assert "immutable" in named.headers["Cache-Control"]
    assert old.data == named.data
    for other in (old, visitor.get("/static/kept.js")):
        assert other.headers["Cache-Control"] == "no-cache"
    assert visitor.get("/static/nothing.js?v=1").headers["Cache-Control"] == "no-store"


def test_what_the_kept_form_sends_is_read_like_any_other(house: House) -> None:
    worker = house.staff("worker")
    kept = form_on(worker.get("/staff/offline"), "/staff/issues/new")
    token = form_on(worker.get("/staff/issues/new"), "/staff/issues/new")
    told = {"community_id": "jingui", "received_at": "2026-11-23T11:23:05", "form_key": "k" * 32}
    fields = kept.filled(CALL | told) | {"csrf_token": [token.value("csrf_token")]}
    first = worker.post("/staff/issues/new", fields)
    assert first.status_code == 200, first.text
    number = house.number("地下室的灯不亮")
    assert f'data-taken="{"k" * 32}" data-number="{number}"' in first.text
    issue = house.issue(number)
    assert issue.received_at.isoformat().startswith("2026-11-23T03:23:05")
    assert (issue.opinion_due_at - issue.received_at).total_seconds() == 600
    # Sent again, as a page this time, it is the same issue, and its receipt is shown again.
    again = worker.post("/staff/issues/new", fields)
    assert f'data-number="{number}"' in again.text
