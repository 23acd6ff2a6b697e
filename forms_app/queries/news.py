"""Whether there is something new for whoever has an issue's page open: cheaper than the page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from peewee import ModelSelect, fn

from forms_app.issues.access import Actor, parts_of, resident, visible_issue
from forms_app.issues.following import households, versions
from forms_app.queries.incidents import words_of
from forms_app.queries.offered import Moment, moves_offered
from forms_app.queries.people import held_issue
from forms_app.rules.clocks import OPINION, Running, end_of, is_past, running
from forms_app.rules.procedure import INTERNAL
from forms_app.rules.standing import promised_of
from forms_app.rules.worktime import local_day
from forms_app.store.models import Entry
from forms_app.store.prepared import prepared


def ticket_state(key: str, number: str, at: Moment) -> tuple[object, ...] | None:
    """What tells one state of a resident's page of their issue from another, as of `at`, to the
    browser that holds this key.

    None where the page hangs on more: on the time while a clock is shown, and on other issues
    while they may be offered as the same. None too where they may not see it. It says today and
    tomorrow of a moment, and that one has passed.
    """
    issue, actor = held_issue(key, number, at.now), resident(number)
    if issue is None or end_of(issue, OPINION) is not None:
        return None
    if issue.project_asked_at is not None:
        return None  # what they were asked, and have said
    follows = issue.followed
    end = follows or issue
    moves = moves_offered(actor, issue, parts_of(actor, issue), follows, at)
    if "join" in moves:
        return None
    today = local_day(at.now)
    late = _late(running(issue), at.now)
    told = words_of(end.id) if end.of_incident else ()
    return (
        *(issue.ring_since, issue.tell_by),
        *(issue.id, issue.version, moves, end.id, end.version, versions(end.id), today, late),
        told,
    )


def news(actor: Actor, number: str, at: Moment) -> tuple[object, ...] | None:
    """What changes whenever there is something new for the resident to read, as of `at`.

    Cheaper than the page, for one that is open and asks. None where they may not see it.
    """
    issue = visible_issue(actor, number)
    if issue is None:
        return None
    follows = issue.followed
    moves = moves_offered(actor, issue, parts_of(actor, issue), follows, at)
    end = follows or issue
    told = households([end])[end.id]
    ((newest,),) = _newest.tuples(issue.id)
    of_incident = words_of(end.id) if end.of_incident else ()
    newest_told = max((one.id for one in of_incident), default=0)
    return told_as_news(issue, follows, moves, told, newest, running(issue), at.now, newest_told)


class _Ended(Protocol):
    """What a merged issue's resident reads of the issue that it follows."""

    @property
    def step(self) -> str: ...
    @property
    def round_no(self) -> int: ...


def told_as_news(
    issue: _Ended,
    follows: _Ended | None,
    moves: tuple[str, ...],
    told: int,
    newest: int,
    clocks: Sequence[Running],
    now: datetime,
    told_of_incident: int,
) -> tuple[object, ...]:
    """What differs as soon as a resident has something new to read: of the issue, of the one it
    follows, of the clocks that are late by now and of the incident it is part of.
    """
    end = follows or issue
    late = _late(clocks, now)
    return (newest, issue.step, moves, end.step, end.round_no, told, late, told_of_incident)


def _late(clocks: Sequence[Running], now: datetime) -> tuple[str, ...]:
    return tuple(one.clock for one in promised_of(clocks) if is_past(one.ends_at, now))


@prepared
def _newest(issue_id: int) -> "ModelSelect[Entry]":
    """The newest entry that a resident may read."""
    return Entry.select(fn.MAX(Entry.id)).where(
        Entry.issue == issue_id, Entry.move.not_in(INTERNAL)
    )
