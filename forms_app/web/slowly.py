"""Asking the limits for whoever sends a request, and what they read when it was too often."""

from typing import NoReturn, cast

from flask import Flask, Response, abort, current_app, g, request

from forms_app.limits import Limit, Limits, household
from forms_app.rules.said import said
from forms_app.web.request import this_moment

TOO_OFTEN = 429


def limits() -> Limits:
    """This installation's limits."""
    return cast(Limits, current_app.extensions["limits"])


def too_often(limit: Limit, count: int = 1, *, is_proved: bool = False, who: str = "") -> str:
    """Takes so many for this address, or for `who`: "", or the sentence that says how long to wait.

    The answer then says so in its status, and what was typed stays in its form.
    """
    who = who or _address()
    wait = limits().take(limit, who, this_moment(), count, is_proved=is_proved)
    if not wait:
        return ""
    g.wait_seconds = wait
    return said(
        "从您这里提交得太多了，请过%(minutes)s分钟再试；填好的内容都还在。急的话请打值班电话。",
        minutes=-(-wait // 60),
    )


def owe(limit: Limit, count: int, who: str = "") -> None:
    """What was done for this address, or for `who`, came to so many more than it had taken."""
    limits().owe(limit, who or _address(), this_moment(), count)


def is_near(limit: Limit) -> bool:
    """Whether much of it was taken for this address already."""
    return limits().is_near(limit, _address(), this_moment())


def was_right(limit: Limit) -> None:
    """What was tried counts for nothing: it was no guess."""
    limits().give_back(limit, _address(), this_moment())


def refuse_wordless() -> NoReturn:
    """An error page in the place of a form that holds nothing which could be lost."""
    abort(TOO_OFTEN if g.get("wait_seconds") else 400)


def let_through() -> None:
    """Whoever came too often gets the answer all the same, as what it is."""
    g.pop("wait_seconds", None)


def add_waits(app: Flask) -> None:
    """Gives an answer to whoever came too often its status."""

    @app.after_request
    def wait(response: Response) -> Response:
        seconds = g.get("wait_seconds", 0)
        if seconds and response.status_code in (200, 422):
            response.status_code = TOO_OFTEN
            response.retry_after = seconds
        return response


def _address() -> str:
    return household(request.remote_addr or "")
