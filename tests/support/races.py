"""Two posts at the same moment, of one person or of two, about one thing: drawn from a seed.

Whatever is pressed at once, both are answered, a form pressed twice counts once, whoever has signed
out is out, and every history stays whole.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier

from werkzeug.test import TestResponse

from forms_app.store.models import Entry, Issue, Rating
from tests.support.hands import Hands
from tests.support.web import House, PageForm, Visitor

PATIENCE_SECONDS = 60
STAFF = ("worker", "community_leader", "street_leader", "responder", "district_office", "bob")
# The pages of an issue on which its resident presses something.
DOORS = ("", "/verdict", "/join", "/reply", "/withdraw", "/reopen")
Post = Callable[[], TestResponse]


@dataclass
class Race:
    """What was pressed at once and what came of it."""

    kind: str
    pressed: tuple[str, ...]
    statuses: tuple[int, ...]
    wrong: str = ""


@dataclass
class Track:
    """A house in which two run at a time."""

    house: House
    seed: int
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 (no secret)
        self.hands = Hands(self.house, self.dice)

    def races(self, number: int) -> Iterator[Race]:
        kinds = (self._twice, self._colleagues, self._resident, self._sign_out, self._rating,
                 self._report)  # fmt: skip
        for count in range(number):
            self.house.now += timedelta(seconds=self.dice.choice((1, 60, 3600, 20_000)))
            yield self.dice.choice(kinds)(count)

    def _at_once(self, *posts: Post) -> tuple[TestResponse, ...]:
        together = Barrier(len(posts))

        def run(post: Post) -> TestResponse:
            together.wait(PATIENCE_SECONDS)
            return post()

        return tuple(self.pool.map(run, posts))

    def _race(self, kind: str, *posts: tuple[str, Post]) -> Race:
        answers = self._at_once(*(post for _, post in posts))
        statuses = tuple(answer.status_code for answer in answers)
        wrong = "a stumble" if max(statuses) >= 500 else ""
        return Race(kind, tuple(name for name, _ in posts), statuses, wrong)

    def _tab(self, visitor: Visitor) -> Visitor:
        """The same browser for another thread, as a client is no two threads' to change."""
        tab = self.house.visitor()
        for cookie in visitor.client._cookies.values():
            tab.client.set_cookie(cookie.key, cookie.value, domain=cookie.domain, path=cookie.path)
        return tab

    def _press(
        self, visitor: Visitor, form: PageForm, fields: Mapping[str, list[str]] | None = None
    ) -> tuple[str, Post]:
        tab, sent = self._tab(visitor), self.hands.filled(form) if fields is None else fields
        return form.action, lambda: tab.post(form.action, sent)

    def _somebody_at_work(self) -> tuple[Visitor, Issue, PageForm] | None:
        for _ in range(8):
            issue, visitor = self.hands.some_issue(), self.house.staff(self.dice.choice(STAFF))
            page = f"/staff/issues/{issue.number}"
            form = self.hands.form(visitor, page, f"{page}/")
            if form is not None:
                return visitor, issue, form
        return None

    def _entries(self, issue: Issue) -> int:
        return Entry.select().where(Entry.issue == issue.id).count()

    def _twice(self, count: int) -> Race:
        found = self._somebody_at_work()
        if found is None:
            return self._report(count)
        visitor, issue, form = found
        before, fields = self._entries(issue), self.hands.filled(form)
        presses = [self._press(visitor, form, fields) for _ in range(2)]
        race = self._race("pressed twice", *presses)
        if self._entries(issue) - before > 1 and not race.wrong:
            race.wrong = "counted twice"
        return race

    def _colleagues(self, count: int) -> Race:
        issue = self.hands.some_issue()
        page = f"/staff/issues/{issue.number}"
        posts = []
        for name in self.dice.sample(STAFF, 6):
            visitor = self.house.staff(name)
            form = self.hands.form(visitor, page, f"{page}/") if len(posts) < 2 else None
            if form is not None:
                posts.append(self._press(visitor, form))
        return self._race("two colleagues", *posts) if len(posts) == 2 else self._report(count)

    def _resident(self, count: int) -> Race:
        issue = self.hands.some_issue()
        holder, page = self.house.holder(issue.number), f"/issues/{issue.number}"
        leader = self.house.staff("community_leader")
        first, second = self._door(holder, page), self._door(holder, page)
        theirs = self.hands.form(leader, f"/staff{page}", f"/staff{page}/")
        posts = [self._press(holder, form) for form in (first, second) if form is not None]
        if theirs is not None and self.dice.random() < 0.5:
            posts[1:] = [self._press(leader, theirs)]
        return self._race("a resident", *posts) if len(posts) == 2 else self._report(count)

    def _door(self, holder: Visitor, page: str) -> PageForm | None:
        tried = self.dice.sample(DOORS, len(DOORS))
        forms = (self.hands.form(holder, page + door, f"{page}/") for door in tried)
        return next((form for form in forms if form is not None), None)

    def _sign_out(self, count: int) -> Race:
        found = self._somebody_at_work()
        if found is None:
            return self._report(count)
        visitor, _, form = found
        leave = self.hands.form(visitor, "/staff/", "/staff/logout")
        assert leave is not None
        race = self._race("signing out", self._press(visitor, form), self._press(visitor, leave))
        if visitor.get("/staff/").status_code != 303:
            race.wrong = "still signed in"
        return race

    def _rating(self, count: int) -> Race:
        visitor = self.house.visitor()
        about = f"service:{next(iter(self.house.circle.services))}"
        form = self.hands.form(visitor, f"/ratings/new?about={about}", "/ratings/new")
        if form is None:
            return self._report(count)
        race = self._race("rating", self._press(visitor, form), self._press(visitor, form))
        counted = Rating.select().where(Rating.browser_hash != "", Rating.replaced_at.is_null())
        hashes = [row.browser_hash for row in counted]
        if len(set(hashes)) != len(hashes):
            race.wrong = "one browser counted twice"
        return race

    def _report(self, count: int) -> Race:
        visitor, before = self.house.visitor(), Issue.select().count()
        form = self.hands.form(visitor, "/issues/new", "/issues/new")
        assert form is not None
        fields = form.filled({"description": f"一起按的{count}", "community_id": "jingui",
                              "consent": "y"})  # fmt: skip
        race = self._race("reporting", *(self._press(visitor, form, fields) for _ in range(2)))
        if Issue.select().count() - before != 1:
            race.wrong = "not one issue"
        return race
