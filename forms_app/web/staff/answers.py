"""Words to answer an inquiry with: which sentence, and where it is from.

They come from the services, the questions of the handbook, what others do, the units' duties, and
what was answered before. Nothing is sent by itself: what is chosen stands in the form, to be read
and changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from flask import current_app

from forms_app import queries
from forms_app.community import Circle, Department, Elsewhere, Service
from forms_app.issues.access import Actor
from forms_app.issues.suggestions import likeliest_duty
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
LONGEST = 300  # letters


@dataclass(frozen=True)
class OfferedAnswer:
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
            yield OfferedAnswer(entry.key, source, _whole(words), entry.url)


def _words(circle: Circle, entry: Entry, text: str) -> tuple[str, str] | None:
    """Where it is from and what it says; None where it answers nobody's question."""
    key = entry.key.partition(":")[2]
    if entry.kind == SERVICE:
        service = circle.services[key]
        return said("服务：%(name)s", name=service.name), _of_service(circle, service)
    if entry.kind == ELSEWHERE:
        other = circle.elsewhere[key]
        return said("在别处办：%(name)s", name=other.name), _of_others(other)
    if entry.kind == QUESTION and entry.weight == WEIGHTS[QUESTION]:
        return said("常见问题：%(name)s", name=entry.title), entry.text
    if entry.kind in (OFFICE, MATTER):
        unit = circle.departments[
            key if entry.kind == OFFICE else circle.categories[key].department
        ]
        duty = _of_duty(unit, text)
        return (said("职责：%(name)s", name=unit.name), duty) if duty else None
    return None


def _of_service(circle: Circle, service: Service) -> str:
    places = "、".join(circle.venues[one].name for one in service.venues)
    steps = "；".join(service.application_process.splitlines())
    told = (
        ("", service.description),
        ("时间：", service.schedules),
        ("地点：", places),
        ("怎么办：", steps),
        ("带：", "、".join(service.documents)),
        ("收费：", service.fees),
        ("电话：", service.phone),
    )
    return "".join(f"{label}{words.rstrip('。；')}。" for label, words in told if words)


def _of_others(other: Elsewhere) -> str:
    phone = f"电话：{other.phone}。" if other.phone else ""
    return f"这件事归{other.who}办。{other.advice.rstrip('。')}。{phone}"


def _of_duty(unit: Department, text: str) -> str:
    """What of the unit's duties the question is about; empty where none of them is."""
    duty = likeliest_duty(unit.duties, text)
    phone = f"电话：{unit.phone}。" if unit.phone else ""
    return f"这件事归{unit.name}管：{duty.rstrip('。')}。{phone}" if duty else ""


def _whole(words: str) -> str:
    """The beginning of a text, cut behind a sentence."""
    line = " ".join(words.split())
    if len(line) <= LONGEST:
        return line
    end = max(line.rfind(mark, 0, LONGEST) for mark in "。！？")
    return line[: end + 1] if end > 0 else line[:LONGEST]
