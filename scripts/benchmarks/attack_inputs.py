"""Ten thousand generated requests over every address, form and role, at a started server.

On this machine only. Each that was answered with 5xx, or not at all, is a line of its own.
"""

import http.client
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice
from urllib.parse import quote

from flask import Flask

from forms_app import community
from forms_app.app import create_app
from forms_app.rules.steps import ACCOUNT_ROLES
from forms_app.settings import Settings
from tests.support.hostile_inputs import Answer, Browser, Input, Send, inputs, path_of
from tests.support.running import PASSWORD, Running

NUMBER = 10_000
SEED = 7
PRINTABLE = "".join(map(chr, range(33, 127)))
RENEWED = 500  # so many requests, until the browsers sign in and look around again


def attack(
    server: Running, say: Callable[..., None], number: int = NUMBER, seed: int = SEED
) -> int:
    """How many were answered with 5xx or not at all; each, and the sum of all, is said."""

    send = sender(server)
    rules = [rule.rule for rule in _app(server).url_map.iter_rules()]
    statuses: Counter[int] = Counter()
    slowest, failed, done = 0.0, 0, 0
    while done < number:
        browsers = _browsers(send, rules)
        for browser, one in islice(
            inputs(seed + done, browsers, rules, _numbers(browsers)), RENEWED
        ):
            began = time.perf_counter()
            status, _, text = browser.ask(one)
            slowest = max(slowest, time.perf_counter() - began)
            statuses[status] += 1
            if status >= 500 or status == 0:
                failed += 1
                say("failed", status=status, why=text[:30], request=one.told())
        done += RENEWED
    say(
        "generated requests", number=done, failed=failed, slowest_s=round(slowest, 2),
        statuses={str(status): count for status, count in sorted(statuses.items())},
    )  # fmt: skip
    return failed


def sender(server: Running) -> Send:
    """What sends a request to it; without an answer its status is 0."""

    def send(one: Input) -> Answer:
        connection = server.connect(60)
        try:
            has_host = any(name == "Host" for name, _ in one.headers)
            connection.putrequest(one.method, quote(one.path, PRINTABLE), skip_host=has_host)
            for name, value in one.headers:
                connection.putheader(name, value.encode("utf-8"))
            if one.body:
                connection.putheader("Content-Length", str(len(one.body)))
            connection.endheaders(one.body or None)
            answer = connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            return 0, [], type(error).__name__
        finally:
            connection.close()
        is_page = answer.headers.get_content_type() == "text/html"
        return answer.status, answer.getheaders(), text.decode() if is_page else ""

    return send


def _app(server: Running) -> Flask:
    settings = Settings.from_environment({"CIRCLE_DATA": str(server.data)}, server.folder)
    return create_app(settings, community.load(server.data / "community"))


def _browsers(send: Send, rules: Sequence[str]) -> list[Browser]:
    browsers = [Browser(role.value, send) for role in ACCOUNT_ROLES]
    for browser in browsers:
        browser.sign_in(PASSWORD)  # in vain where one of the requests has changed it
    holder = Browser("holder", send)
    page = holder.report()
    browsers += [holder, Browser("nobody", send)]
    number = page.rsplit("/", 1)[-1]
    for browser in browsers:
        browser.look_around(path_of(rule, lambda _: number) for rule in rules)
    holder.look_around([page])
    return browsers


def _numbers(browsers: list[Browser]) -> list[str]:
    """Those of the issues to which somebody was shown a form."""
    places = (form.action.split("/") for browser in browsers for form in browser.forms)
    return sorted({part for place in places for part in place if part.isdigit() and len(part) == 6})
