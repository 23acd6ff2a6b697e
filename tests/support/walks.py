"""People who open pages and press what stands on them, in whatever order: drawn from a seed.

Each way is one house lived in for a while by everybody that there is. Nobody plans anything, so
issues come to stand as no story of ours has them; whatever is opened or pressed there is answered.
"""

import random
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

from werkzeug.test import TestResponse

from forms_app.store.accounts import Account
from tests.support.hands import Hands
from tests.support.web import House, PageForm, Visitor, forms_on

# Nobody would get far whose session ends, or whose password changes, every few steps.
PASSED_BY = (
    "/staff/logout",
    "/staff/notices",
    "/staff/password",
    "/staff/second-factor",
    "/leave",
    "/static/",
)
APP = ("/staff", "/issues", "/ratings", "/answer")
DOORS = ("", "", "", "/verdict", "/join", "/reply", "/withdraw", "/reopen")
HOURS = (1, 60, 600, 3600, 40_000)  # seconds that pass between two steps


@dataclass
class Walk:
    """One way through a house, and what became of it."""

    house: House
    seed: int
    statuses: Counter[int] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)  # what was pressed: paths without numbers
    pressed: Counter[str] = field(default_factory=Counter)  # the same, where it was taken
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.hands = Hands(self.house, random.Random(self.seed))  # noqa: S311 (no secret)
        rows = Account.select(Account.username).where(Account.disabled_at.is_null())
        self.names = [row.username for row in rows.order_by(Account.id)]

    def steps(self, number: int) -> None:
        """So many steps, each of somebody, some time after the last one."""
        dice = self.hands.dice
        for _ in range(number):
            self.house.now += timedelta(seconds=dice.choice(HOURS))
            is_open = dice.random() < 0.7
            issue = (self.hands.some_open_issue if is_open else self.hands.some_issue)().number
            if dice.random() < 0.1:
                self.house.visitor().report(description="随手写的一件事。")
            elif dice.random() < 0.3:
                self._step(self.house.holder(issue), f"/issues/{issue}{dice.choice(DOORS)}")
            elif dice.random() < 0.2:
                self._step(self.house.staff(dice.choice(self.names)), "/staff/")
            else:
                # Somebody whom it concerns, more often than not.
                for name in dice.sample(self.names, 4):
                    if self._step(self.house.staff(name), f"/staff/issues/{issue}"):
                        break

    def _step(self, visitor: Visitor, page: str) -> bool:
        """Opens the page, and goes on to what it leads to or presses what stands on it; whether
        there was anything to press.
        """
        answer = self._opened(visitor, page)
        forms = [form for form in forms_on(answer) if form.method == "post"]
        for form in forms:
            form.action = urljoin(page, form.action)
        forms = [form for form in forms if not form.action.startswith(PASSED_BY)]
        if forms and self.hands.dice.random() < 0.8:
            self._press(visitor, self._rarest(forms))
            return True
        links = _links(answer, page)
        if links:
            self._opened(visitor, self.hands.dice.choice(links))
        return bool(forms)

    def _rarest(self, forms: list[PageForm]) -> PageForm:
        """What was pressed least of all: else everything has its note, and nothing is done."""
        self.hands.dice.shuffle(forms)
        return min(forms, key=lambda form: self.tried[_without_numbers(form.action)])

    def _opened(self, visitor: Visitor, page: str) -> TestResponse:
        return self._noted(f"GET {page}", visitor.get(page))

    def _press(self, visitor: Visitor, form: PageForm) -> None:
        fields = self.hands.filled(form, "随手写的几句。")
        answer = self._noted(f"POST {form.action} {fields}", visitor.post(form.action, fields))
        self.tried[_without_numbers(form.action)] += 1
        self.pressed[_without_numbers(form.action)] += answer.status_code == 303
        onward = answer.headers.get("Location", "")
        if onward.startswith(APP):
            self._opened(visitor, onward)

    def _noted(self, what: str, answer: TestResponse) -> TestResponse:
        self.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.wrong.append(f"{answer.status_code} {what}")
        return answer


def _without_numbers(path: str) -> str:
    return re.sub(r"\d+", "…", path)


def _links(answer: TestResponse, page: str) -> list[str]:
    """Where the page leads to within the app."""
    found = re.findall(r'<a\b[^>]*\bhref="([^"#]+)', answer.text)
    led = (urljoin(page, unescape(link)) for link in found)
    return [link for link in led if link.startswith(APP) and not link.startswith(PASSED_BY)]
