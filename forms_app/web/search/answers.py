"""What the page of the search shows: the answer, what else was found, and ways on."""

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from markupsafe import Markup
from msgspec import Struct

from forms_app.community import Category, Circle, Department, Elsewhere, Service
from forms_app.issues.misspelled import Spellings
from forms_app.rules.lengths import CARRIED_LETTERS
from forms_app.web.search.entries import (
    ACTIVITY,
    ELSEWHERE,
    MATTER,
    OFFICE,
    PAGE,
    QUESTION,
    SERVICE,
    VENUE,
    Entry,
    entries,
)
from forms_app.web.search.marking import marked, snippet
from forms_app.web.search.question import CHARACTERS, Question, SameWords, read_question
from forms_app.web.search.ranking import CLEAR, NEARLY_NAMED, Found, rank
from forms_app.web.search.release import Page, SearchIndex

LABELS = {
    MATTER: "归谁管", SERVICE: "服务", ACTIVITY: "活动", ELSEWHERE: "在别处办",
    OFFICE: "单位", VENUE: "场所", QUESTION: "常见问题", PAGE: "页面",
}  # fmt: skip
HITS = 12


class Hit(Struct, frozen=True):
    kind: str
    title: Markup
    url: str  # below the site's root
    snippet: Markup
    when: datetime | None  # an activity's next time


class Answer(Struct, frozen=True):
    """What is shown before everything else; which of the facts there are hangs on its kind."""

    kind: str
    title: str
    url: str
    text: str
    when: datetime | None = None
    matter: Category | None = None
    service: Service | None = None
    elsewhere: Elsewhere | None = None
    office: Department | None = None  # who is responsible
    icon: str = ""


class Known(NamedTuple):
    """What there is to find, and the words that it goes by."""

    same: SameWords
    entries: tuple[Entry, ...]
    spellings: Spellings

    @classmethod
    def of(cls, circle: Circle, pages: Sequence[Page]) -> "Known":
        same = SameWords(circle.same_words)
        found = entries(circle, pages, same)
        return cls(same, found, Spellings(word for entry in found for word in entry.words))

    def find(self, query: str) -> tuple[Question, list[Found]]:
        """A question as it was looked for, and what answers it, best first.

        Where nothing does clearly, it is asked once more with its words spelled right.
        """
        question = read_question(query, self.same)
        found = rank(self.entries, question)
        if not _is_clear(found):
            meant = read_question(self.spellings.right(query[:CHARACTERS]), self.same)
            better = rank(self.entries, meant) if meant.words != question.words else []
            if _is_clear(better):
                return meant, better
        return question, found


class Answers(Struct, frozen=True):
    query: str
    is_cut: bool  # only its beginning was looked for
    answer: Answer | None
    hits: tuple[Hit, ...]
    are_near: bool  # nothing has all of its words
    are_unsure: bool  # nothing found is clearly what was asked
    report: str  # where it is reported with its words, below the site's root


class Search:
    """Everything that can be found, made anew where release or data are others."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._guard = threading.Lock()
        self._made: tuple[Circle, tuple[Page, ...], Known] | None = None

    def ask(self, circle: Circle, typed: str, now: datetime) -> Answers:
        """What answers a question, however long: a long one is answered by its beginning."""
        query = " ".join(typed.split())[:CARRIED_LETTERS]
        known = self._known(circle)
        question, found = known.find(query)
        first = found[0] if found else None
        has_answer = first is not None and _is_answer(first)
        answer = _answer(circle, first.entry, now) if first and has_answer else None
        words = tuple(one for word in question.words for one in known.same.all(word))
        hits = _hits(found[1:] if has_answer else found, words, now)
        return Answers(
            query,
            len(query) > CHARACTERS,
            answer,
            hits,
            bool(hits) and not any(one.has_all for one in found),
            not _is_clear(found),
            _report(query, _matter(found)),
        )

    def related(self, circle: Circle, typed: str) -> list[Entry]:
        """What may answer a question, best first, near or far."""
        _, found = self._known(circle).find(" ".join(typed.split())[:CARRIED_LETTERS])
        return [one.entry for one in found]

    def _known(self, circle: Circle) -> Known:
        pages = self._index.pages()
        with self._guard:
            if self._made is None or self._made[0] is not circle or self._made[1] is not pages:
                self._made = (circle, pages, Known.of(circle, pages))
            return self._made[2]


def _is_clear(found: Sequence[Found]) -> bool:
    return bool(found) and found[0].score >= CLEAR


def _is_answer(first: Found) -> bool:
    """Whether it is said outright: what has no page of its own is wherever the question names it.

    Who asks for 独生子女费 shares a 费 with the gas company: that is near, and no answer.
    """
    if not first.entry.url:
        return first.is_named or first.score >= NEARLY_NAMED
    return first.entry.kind != PAGE and first.score >= CLEAR


def _answer(circle: Circle, entry: Entry, now: datetime) -> Answer:
    key = entry.key.partition(":")[2]
    coming = entry.after(now)
    matter = circle.categories[key] if entry.kind == MATTER else None
    service = circle.services[key] if entry.kind == SERVICE else None
    elsewhere = circle.elsewhere[key] if entry.kind == ELSEWHERE else None
    who = (
        matter.department if matter
        else service.organization if service
        else key if entry.kind == OFFICE
        else ""
    )  # fmt: skip
    activity = circle.activities[key] if entry.kind == ACTIVITY else None
    return Answer(
        entry.kind,
        entry.title,
        coming[1] if coming else entry.url,
        entry.text,
        coming[0] if coming else None,
        matter,
        service,
        elsewhere,
        circle.departments.get(who),
        matter.code if matter else activity.category if activity else entry.kind,
    )


def _hits(found: Sequence[Found], words: Sequence[str], now: datetime) -> tuple[Hit, ...]:
    return tuple(_hit(one.entry, words, now) for one in found[:HITS])


def _hit(entry: Entry, words: Sequence[str], now: datetime) -> Hit:
    coming = entry.after(now)
    # What has no page is answered by asking for it alone.
    url = coming[1] if coming else entry.url or f"search?q={quote(entry.title)}"
    return Hit(
        entry.kind,
        marked(entry.title, words),
        url,
        snippet(entry.text, words),
        coming[0] if coming else None,
    )


def _matter(found: Sequence[Found]) -> str:
    """The kind of problem that is likeliest meant, or empty."""
    clear = (one.entry for one in found if one.score >= CLEAR and one.entry.kind == MATTER)
    return next((entry.key.partition(":")[2] for entry in clear), "")


def _report(query: str, matter: str) -> str:
    kind = f"&category={quote(matter)}" if matter else ""
    return f"issues/new?description={quote(query)}{kind}"
