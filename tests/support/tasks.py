"""Where very many come: a limit nearly used up, and the task of a form, done as its script does."""

import hashlib
import re

from werkzeug.test import TestResponse

from forms_app.limits import Limit
from forms_app.rules.tasks import MOST_NUMBERS, questions
from tests.support.web import Fields, House, Visitor, main_of


def number_on(page: TestResponse) -> str:
    """The number that the page's task asks for."""
    salt, target = (
        found[1] if (found := re.search(rf'data-{name}="([0-9a-f]+)"', page.text)) else ""
        for name in ("salt", "target")
    )
    return next(
        str(number)
        for number in range(MOST_NUMBERS)
        if hashlib.sha256(f"{salt}{number}".encode()).hexdigest() == target
    )


def answer_on(page: TestResponse) -> str:
    """A right answer to the page's question."""
    asked = [one for one in questions() if one.chinese in main_of(page)]
    return asked[0].answers[0]


def send(visitor: Visitor, path: str, changes: Fields) -> TestResponse:
    """Fills in the form of this page and sends it; once more with its task done, if it has one."""
    answer = visitor.fill(path, changes)
    if 'data-target="' not in answer.text:
        return answer
    return visitor.submit(answer, path.partition("?")[0], {"gate_proof": number_on(answer)})


def use_up(house: House, limit: Limit, proved: int) -> None:
    """All of a limit is taken from the visitors' address but so many whose task is done."""
    seconds = limit.burst * limit.seconds - proved * limit.seconds // limit.proved
    by_seconds = Limit(limit.name, seconds, 1)
    limits = house.app.extensions["limits"]
    assert limits.take(by_seconds, "127.0.0.1", house.now, seconds) == 0
