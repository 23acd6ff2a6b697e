"""A seeded sample of generated requests over every address, form and role: none stumbles.

The full size is `scripts/bench --attack inputs`, against a started server.
"""

import re
from collections import Counter
from itertools import islice

import pytest
from flask import got_request_exception

from forms_app.logs import trace
from forms_app.rules.steps import ACCOUNT_ROLES
from forms_app.store.models import Issue
from tests.support.hostile_inputs import Answer, Browser, Input, inputs, path_of
from tests.support.web import PASSWORD, House, forms_on

pytestmark = pytest.mark.slow

SEED = 1
NUMBER = 400


def test_generated_requests_of_every_role_are_all_answered(house: House) -> None:
    failed: list[str] = []
    house.app.config["PROPAGATE_EXCEPTIONS"] = False
    client = house.app.test_client(use_cookies=False)

    def send(one: Input) -> Answer:
        answer = client.open(
            one.path, method=one.method, headers=list(one.headers), data=one.body, buffered=True
        )
        text = answer.text if answer.mimetype == "text/html" else ""
        return answer.status_code, list(answer.headers), text

    def failing(_: object, exception: BaseException, **_more: object) -> None:
        failed.append(trace(exception))

    numbers = [issue.number for issue in Issue.select(Issue.number)]
    browsers = [Browser(role.value, send) for role in ACCOUNT_ROLES]
    assert all(browser.sign_in(PASSWORD) for browser in browsers)
    browsers += [Browser("holder", send), Browser("nobody", send)]
    browsers[-2].look_around([browsers[-2].report()])
    rules = [rule.rule for rule in house.app.url_map.iter_rules()]
    for browser in browsers:
        browser.look_around(path_of(rule, lambda _: numbers[0]) for rule in rules)
    got_request_exception.connect(failing, house.app)
    statuses: Counter[int] = Counter()
    for browser, one in islice(inputs(SEED, browsers, rules, numbers), NUMBER):
        status, headers, text = browser.ask(one)
        statuses[status] += 1
        assert status < 500, (one.told(), failed)
        assert "Traceback" not in text
        assert dict(headers).get("X-Content-Type-Options") == "nosniff", one.told()
    assert failed == []
    assert statuses[200] + statuses[303] > NUMBER / 10  # some go through


def test_every_answer_says_what_it_is_and_in_what_letters(house: House) -> None:
    for path in ("/issues/new", "/nowhere", "/staff/login", "/healthz", "/static/site.css",
                 "/static/clock.js", "/open311/v2/services.json"):  # fmt: skip
        kind = house.visitor().get(path).headers["Content-Type"]
        assert "charset=utf-8" in kind or kind == "application/json", (path, kind)


def test_every_page_of_the_staff_shows_the_way_out(house: House) -> None:
    leader = house.staff("community_leader")
    number = house.number("楼上漏水")
    for path in ("", "register", "password", "sign-ins", "views/", f"issues/{number}", "import"):
        forms = [form.action for form in forms_on(leader.get(f"/staff/{path}"))]
        assert "/staff/logout" in forms, path


def test_a_password_is_typed_unseen_and_may_be_pasted(house: House) -> None:
    pages = (house.visitor().get("/staff/login"), house.staff("worker").get("/staff/password"))
    for page in pages:
        fields = re.findall(r"<input[^>]*password[^>]*>", page.text)
        assert fields
        for one in fields:
            assert 'type="password"' in one
            assert "autocomplete=" in one
            assert "onpaste" not in one
