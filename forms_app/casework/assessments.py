"""The two-way assessment's only writer: said, changed, answered, done, withdrawn.

One transaction each, with an entry; both are sealed in the log of the register.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from msgspec import Struct

from forms_app.casework.errors import CaseError, NotAllowed, NotPossible, StaleCase
from forms_app.casework.once import need_new_press, opened_by
from forms_app.casework.signed import pressed_by
from forms_app.casework.versions import change_version
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.assessments import own_subdistricts, own_units, sees, turns
from forms_app.rules.day_parts import date_of
from forms_app.rules.folding import says_nothing
from forms_app.rules.keys import form_key_hash
from forms_app.rules.months import months_of, quarter_of
from forms_app.rules.two_way import (
    CHOICES,
    KINDS,
    LEVELS,
    Event,
    Kind,
)
from forms_app.rules.worktime import local_day
from forms_app.store.assessments import Assessment, AssessmentEntry
from forms_app.store.database import writing
from forms_app.store.sealing import look, touched

ASSESSED_ALREADY = "这一季度已经评过了，在“这一季度的记录”里；对方说明以前可以修改。"


class AssessmentUnknown(CaseError):
    status = 404
    sentence = "没有找到这条记录，或者它不在您的查看范围内。"


class Statement(Struct, frozen=True):
    """What one office says to another."""

    kind: str  # of two_way.KINDS
    subdistrict_id: str
    organization_id: str
    words: str
    quarter: str = ""  # of those with a level; of others the one in which they are said
    level: str = ""
    subject: str = ""
    planned_on: date | None = None


def say(circle: Circle, actor: Actor, said: Statement, *, form_key: str, now: datetime) -> int:
    """The key of the new record, or of the one that the same form made before.

    Raises NotAllowed and NotPossible.
    """
    kind = KINDS.get(said.kind)
    if kind is None:
        raise NotPossible("kind", "没有这一种记录。")
    if actor.role is not kind.said_by:
        raise NotAllowed("这一种记录不由您的单位提出。")
    subdistricts, units = own_subdistricts(circle, actor), own_units(circle, actor)
    if said.subdistrict_id not in subdistricts:
        raise NotPossible("subdistrict_id", "请选择街道。")
    if said.organization_id not in units:
        raise NotPossible("organization_id", "请选择部门。")
    today = local_day(now)
    quarter = said.quarter if kind.has_level else quarter_of(today)
    _check(kind, said, quarter, today)
    _check_planned(said, today)
    key_hash = form_key_hash(form_key)
    with writing():
        known = opened_by(Assessment, key_hash)
        if known is not None:
            return known
        if kind.has_level and _same(said, quarter):
            raise NotPossible("quarter", ASSESSED_ALREADY)
        columns = _columns(kind, said)
        made = Assessment.create(
            form_key_hash=key_hash,
            kind=said.kind,
            quarter=quarter,
            subdistrict_id=said.subdistrict_id,
            organization_id=said.organization_id,
            subdistrict_name=subdistricts[said.subdistrict_id],
            organization_name=units[said.organization_id],
            said_at=now,
            **columns,
        )
        _write_down(made, actor, Event.SAID, _told_of(columns, now), now)
        return int(made.id)


def change(actor: Actor, key: int, version: int, said: Statement, *, now: datetime) -> None:
    """Says it otherwise, as long as nobody has answered; what stood there stays in the history."""
    with _open(actor, key, version, "changes") as one:
        kind = KINDS[one.kind]
        today = local_day(now)
        _check(kind, said, one.quarter, today)
        columns = _columns(kind, said)
        if columns["planned_on"] != one.planned_on:
            _check_planned(said, today)
        change_version(one, columns)
        _write_down(one, actor, Event.CHANGED, _told_of(columns, now), now)


def withdraw_assessment(
    actor: Actor, key: int, version: int, reason: str, *, now: datetime
) -> None:
    """Takes back what nobody has answered; it stays readable."""
    with _open(actor, key, version, "changes") as one:
        if says_nothing(reason):
            raise NotPossible("reason", "请写明为什么撤回。")
        change_version(one, {"withdrawn_at": now})
        _write_down(one, actor, Event.WITHDRAWN, reason, now)


def answer_assessment(
    actor: Actor, key: int, version: int, answer: str, words: str, *, now: datetime
) -> None:
    """The other office's answer, once: it is what the first one goes by."""
    with _open(actor, key, version, "answers") as one:
        kind = KINDS[one.kind]
        if kind.answers and answer not in kind.answers:
            raise NotPossible("answer", "请选一项。")
        if says_nothing(words):
            raise NotPossible("words", "请写明理由或说明。")
        given = answer if kind.answers else ""
        change_version(one, {"answer": given, "answer_words": words, "answered_at": now})
        _write_down(one, actor, Event.ANSWERED, _told(given, "", words), now)


def finish_assessment(
    actor: Actor, key: int, version: int, done_on: date | None, found: str, *, now: datetime
) -> None:
    """What was approved was done on that day, and what it found."""
    with _open(actor, key, version, "finishes") as one:
        if done_on is None or done_on > local_day(now):
            raise NotPossible("done_on", "请写明哪天查的，不能晚于今天。")
        if says_nothing(found):
            raise NotPossible("found", "请写明查出了什么；没有问题也写一句。")
        change_version(one, {"done_on": done_on.isoformat(), "found": found})
        _write_down(one, actor, Event.DONE, f"{date_of(done_on, now)}　{found}", now)


@contextmanager
def _open(actor: Actor, key: int, version: int, turn: str) -> Iterator[Assessment]:
    """One transaction in which an actor does with the record what it is their turn to do."""
    with writing():
        one = Assessment.get_or_none(Assessment.id == key)
        if one is None or not sees(actor, one):
            raise AssessmentUnknown
        need_new_press(AssessmentEntry.press, AssessmentEntry.assessment == one, actor)
        if one.version != version:
            raise StaleCase
        if not getattr(turns(actor, one), turn):
            raise NotAllowed("这条记录现在不能这样办：已经答复、已经撤回，或者不由您的单位办。")
        look(one)
        yield one


def _check(kind: Kind, said: Statement, quarter: str, today: date) -> None:
    if kind.has_level:
        try:
            first = months_of(quarter)[0]
        except ValueError:
            raise NotPossible("quarter", "请选择季度。") from None
        if first > today:
            raise NotPossible("quarter", "这一季度还没有开始。")
        if said.level not in LEVELS:
            raise NotPossible("level", "请选一档。")
    if kind.subject and says_nothing(said.subject):
        raise NotPossible("subject", "请用一句话写明。")
    if says_nothing(said.words):
        raise NotPossible("words", "请写明具体情况。")
    if kind.is_planned and said.planned_on is None:
        raise NotPossible("planned_on", "请写明打算哪天。")


def _check_planned(said: Statement, today: date) -> None:
    if said.planned_on is not None and said.planned_on < today:
        raise NotPossible("planned_on", "不能在今天以前：先报批，批了再查。")


def _columns(kind: Kind, said: Statement) -> dict[str, str]:
    return {
        "level": said.level if kind.has_level else "",
        "subject": said.subject if kind.subject else "",
        "words": said.words,
        "planned_on": said.planned_on.isoformat() if kind.is_planned and said.planned_on else "",
    }


def _told_of(columns: Mapping[str, str], now: datetime) -> str:
    day = columns["planned_on"]
    planned = day and f"打算{date_of(date.fromisoformat(day), now)}"
    told = _told(columns["level"], columns["subject"], columns["words"])
    return "　".join(part for part in (told, planned) if part)


def _told(choice: str, subject: str, words: str) -> str:
    return "　".join(part for part in (CHOICES.get(choice, ""), subject, words) if part)


def _same(said: Statement, quarter: str) -> bool:
    rows = Assessment.select().where(
        Assessment.quarter == quarter,
        Assessment.subdistrict_id == said.subdistrict_id,
        Assessment.organization_id == said.organization_id,
        Assessment.kind == said.kind,
        Assessment.withdrawn_at.is_null(),
    )
    return bool(rows.exists())


def _write_down(one: Assessment, actor: Actor, event: Event, told: str, now: datetime) -> None:
    AssessmentEntry.create(
        assessment=one,
        event=event.value,
        told=told,
        **pressed_by(actor, now),
    )
    touched(Assessment, one.id, now)
