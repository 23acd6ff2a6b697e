"""Words to answer an inquiry with: which sentence, and where it is from.

They come from the services, the questions of the handbook, what others do, the units' duties, and
what was answered before. Nothing is sent by itself: what is chosen stands in the form, to be read
and changed.
"""

from collections.abc import Iterator
from typing import cast

from flask import current_app
from msgspec import Struct

from forms_app import queries
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.answer_words import of_duty, of_others, of_service, whole
from forms_app.rules.said import said
from forms_app.web.request import current_circle, this_moment
from forms_app.web.search.answers import Search
from forms_app.web.search.entries import (
    ELSEWHERE,
    MATTER,
    OFFICE,
    QUESTION,
    SERVICE,
    WEIGHTS,
    Entry,
)
from forms_app.web.words import month_day

SHOWN = 4  # of what stands on the site


class OfferedAnswer(Struct, frozen=True):
    key: str  # by which it is chosen
    source: str  # where it is from, in words
    text: str
    url: str  # to read on, below the site's root; empty where nothing tells more


def offered_answers(actor: Actor, text: str, own_id: int = 0) -> tuple[OfferedAnswer, ...]:
    """What may answer this question: from the site the likeliest first, then earlier answers.

    `own_id` is the issue's own, if it is written down already.
    """
    circle = current_circle()
    found = {one.text: one for one in _from_site(circle, text)}
    offers = list(found.values())[:SHOWN]
    for one in queries.answered_before(actor, text, own_id, this_moment()):
        source = said(
            "以前的答复：问题 %(number)s，%(day)s", number=one.number, day=month_day(one.settled_at)
        )
        offers.append(
            OfferedAnswer(f"issue:{one.number}", source, one.text, f"staff/issues/{one.number}")
        )
    return tuple(offers)


def _from_site(circle: Circle, text: str) -> Iterator[OfferedAnswer]:
    search = cast(Search, current_app.extensions["search"])
    for entry in search.related(circle, text):
        found = _words(circle, entry, text)
        if found is not None:
            source, words = found
            yield OfferedAnswer(entry.key, source, whole(words), entry.url)


def _words(circle: Circle, entry: Entry, text: str) -> tuple[str, str] | None:
    """Where it is from and what it says; None where it answers nobody's question."""
    key = entry.key.partition(":")[2]
    if entry.kind == SERVICE:
        service = circle.services[key]
        return said("服务：%(name)s", name=service.name), of_service(circle, service)
    if entry.kind == ELSEWHERE:
        other = circle.elsewhere[key]
        return said("在别处办：%(name)s", name=other.name), of_others(other)
    if entry.kind == QUESTION and entry.weight == WEIGHTS[QUESTION]:
        return said("常见问题：%(name)s", name=entry.title), entry.text
    if entry.kind in (OFFICE, MATTER):
        unit = circle.departments[
            key if entry.kind == OFFICE else circle.categories[key].department
        ]
        duty = of_duty(unit, text)
        return (said("职责：%(name)s", name=unit.name), duty) if duty else None
    return None
