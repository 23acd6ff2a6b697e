"""What hits many at once: opened with its main issue, told of in public, ended, opened again.

What is told here stands on the site and on every page, so nothing of a resident's words is ever
taken into it. To end one is no move of any issue.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from msgspec import Struct

from forms_app.casework.errors import CaseError, NotAllowed, NotPossible, StaleCase
from forms_app.casework.intake import Report, take_in
from forms_app.casework.once import need_new_press, opened_by
from forms_app.casework.reach import check_place
from forms_app.casework.signed import pressed_by
from forms_app.casework.telling import Cause, write_resident_notice
from forms_app.casework.turn import load
from forms_app.casework.versions import change_version
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.following import followers
from forms_app.issues.incidents import communities_hit, may_run
from forms_app.rules.folding import says_nothing
from forms_app.rules.incidents import KINDS, OTHER, Event, Main
from forms_app.rules.keys import form_key_hash
from forms_app.rules.said import said
from forms_app.rules.steps import BEFORE_VERDICT, Step
from forms_app.store.database import writing
from forms_app.store.incidents import Incident, IncidentEntry
from forms_app.store.models import Issue
from forms_app.store.sealing import look, touched

# How an issue came in that the office handed in itself, as people call it.
CHANNEL = "突发事件"
CHANGED = "刚刚有同事改了这起突发事件，情况已经变了。您写的内容还在，请看过再决定。"


class IncidentUnknown(CaseError):
    status = 404
    sentence = "没有找到这起突发事件。"


class Announced(Struct, frozen=True):
    """What is told of an incident in public, by whoever opens it, and where it hits."""

    kind: str  # of incidents.KINDS
    title: str
    told: str
    community_id: str
    is_wide: bool = False
    estate_ids: tuple[str, ...] = ()
    expected_at: datetime | None = None


def open_incident(
    circle: Circle,
    actor: Actor,
    wanted: Announced,
    *,
    number: str = "",
    form_key: str,
    now: datetime,
) -> int:
    """The key of the new incident; or of the one that the same form opened before.

    Its main issue is the open one of this `number`, or one that the office hands in now, without
    a resident. Raises NotAllowed and NotPossible.
    """
    _check(circle, actor, wanted, now)
    key_hash = form_key_hash(form_key)
    with writing():
        known = opened_by(Incident, key_hash)
        if known is not None:
            return known
        _need_none_of(wanted.kind, wanted.community_id, "kind")
        if number:
            main = _taken_as_main(circle, actor, wanted, number, now)
        else:
            main = _handed_in(circle, actor, wanted, key_hash, now)
        incident = Incident.create(
            issue=main,
            form_key_hash=key_hash,
            kind=wanted.kind,
            title=wanted.title,
            community_id=wanted.community_id,
            is_wide=wanted.is_wide,
            estate_ids=" ".join(wanted.estate_ids),
            told=wanted.told,
            told_at=now,
            expected_at=wanted.expected_at,
        )
        _write_down(incident, actor, Event.OPENED, wanted.told, wanted.expected_at, now)
        return int(incident.id)


def tell_all(
    actor: Actor,
    incident_id: int,
    version: int,
    told: str,
    expected_at: datetime | None = None,
    *,
    now: datetime,
) -> None:
    """One message for all: on the banner, on the page of everybody who follows, and to them."""
    with _running(actor, incident_id, version) as incident:
        if says_nothing(told):
            raise NotPossible("told", "请写明现在的情况。")
        if incident.ended_at is not None:
            raise NotPossible("told", "这起突发事件已经结束。要接着说，请先重新开启。")
        _check_expected(expected_at, now)
        told_now = {"told": told, "told_at": now, "expected_at": expected_at}
        change_version(incident, told_now, CHANGED)
        _write_down(incident, actor, Event.TOLD, told, expected_at, now)


def end_incident(
    actor: Actor, incident_id: int, version: int, told: str = "", *, now: datetime
) -> None:
    """Takes the banner away and closes nothing; a last word, if any, is told to who follows."""
    with _running(actor, incident_id, version) as incident:
        if incident.ended_at is not None:
            raise NotAllowed("这起突发事件已经结束了。")
        last = {"told": told, "told_at": now} if told else {}
        change_version(incident, {"ended_at": now, **last}, CHANGED)
        _write_down(incident, actor, Event.ENDED, told, None, now)


def open_again(actor: Actor, incident_id: int, version: int, *, now: datetime) -> None:
    """It was ended by mistake: the banner is back, and whoever followed still does."""
    with _running(actor, incident_id, version) as incident:
        if incident.ended_at is None:
            raise NotAllowed("这起突发事件没有结束，不用重新开启。")
        _need_none_of(incident.kind, incident.community_id, "")
        _need_free(incident.issue, "")
        change_version(incident, {"ended_at": None}, CHANGED)
        _write_down(incident, actor, Event.AGAIN, "", incident.expected_at, now)


def is_hit_by(circle: Circle, main: Issue, community_id: str) -> bool:
    """Whether an incident runs that has this main issue and hits the community."""
    if not main.of_incident:
        return False
    running = Incident.get_or_none((Incident.issue == main) & Incident.ended_at.is_null())
    return running is not None and community_id in communities_hit(circle, running)


def _check(circle: Circle, actor: Actor, wanted: Announced, now: datetime) -> None:
    if wanted.kind not in KINDS:
        raise NotPossible("kind", "请选择是哪一种。")
    if says_nothing(wanted.title):
        raise NotPossible("title", "请用一句话写明是什么事。")
    if says_nothing(wanted.told):
        raise NotPossible("told", "请写明现在知道的情况。")
    check_place(circle, wanted.community_id, "")
    if not may_run(actor, wanted):
        raise NotAllowed("只能为本社区开启突发事件；整个街道的由街道开启。")
    if wanted.is_wide and wanted.estate_ids:
        raise NotPossible("estate_ids", "整个街道的，不用再选小区。")
    for estate_id in wanted.estate_ids:
        check_place(circle, wanted.community_id, estate_id)
    _check_expected(wanted.expected_at, now)


def _check_expected(expected_at: datetime | None, now: datetime) -> None:
    if expected_at is not None and expected_at <= now:
        raise NotPossible("expected_at", "预计结束的时间要在现在以后；不知道就空着。")


def _need_none_of(kind: str, community_id: str, field: str) -> None:
    """Of one kind one runs in a community: of two leaders at once the second finds the first's."""
    if kind == OTHER:
        return
    same = Incident.get_or_none(
        (Incident.kind == kind)
        & (Incident.community_id == community_id)
        & Incident.ended_at.is_null()
    )
    if same is not None:
        raise NotPossible(
            field,
            said(
                "这个社区已经有一起“%(title)s”正在进行，请在那一起里更新，不用再开一起。",
                title=same.title,
            ),
        )


def _need_free(main: Issue, field: str) -> None:
    if Incident.select().where(Incident.issue == main, Incident.ended_at.is_null()).exists():
        raise NotPossible(field, "这个问题已经是另一起正在进行的突发事件的主问题。")


def _taken_as_main(
    circle: Circle, actor: Actor, wanted: Announced, number: str, now: datetime
) -> Issue:
    main = load(actor, number)
    if Step(main.step) not in BEFORE_VERDICT:
        raise NotPossible("number", "这个问题已经办结或不再办理，不能作为主问题。")
    if main.community_id not in communities_hit(circle, wanted):
        raise NotPossible("number", "这个问题不在受影响的地方，不能作为主问题。")
    _need_free(main, "number")
    if not main.of_incident:
        look(main)
        main.of_incident = Main.REPORTED.value
        Issue.update(of_incident=main.of_incident).where(Issue.id == main.id).execute()
        touched(Issue, main.id, now)
    return main


def _handed_in(
    circle: Circle, actor: Actor, wanted: Announced, key_hash: str, now: datetime
) -> Issue:
    """The office's own issue: nobody holds a ticket of it."""
    alone = wanted.estate_ids[0] if len(wanted.estate_ids) == 1 else ""
    report = Report(
        description=f"{KINDS[wanted.kind]}：{wanted.title}\n{wanted.told}",
        community_id=wanted.community_id,
        estate_id=alone,
        channel=CHANNEL,
    )
    return take_in(
        circle, actor, report, key_hash=key_hash, ticket_hash="", now=now,
        of_incident=Main.OFFICE.value,
    )  # fmt: skip


@contextmanager
def _running(actor: Actor, incident_id: int, version: int) -> Iterator[Incident]:
    """One transaction in which an actor does something with the incident as they last saw it."""
    with writing():
        incident = Incident.get_or_none(Incident.id == incident_id)
        if incident is None:
            raise IncidentUnknown
        if not may_run(actor, incident):
            raise NotAllowed("这起突发事件由开启它的社区或街道来更新和结束。")
        need_new_press(IncidentEntry.press, IncidentEntry.incident == incident_id, actor)
        if incident.version != version:
            raise StaleCase(CHANGED)
        yield incident


def _write_down(
    incident: Incident,
    actor: Actor,
    event: Event,
    told: str,
    expected_at: datetime | None,
    now: datetime,
) -> None:
    """Adds to its history; what says something is news for everybody who follows."""
    entry = IncidentEntry.create(
        incident=incident,
        event=event.value,
        told=told,
        expected_at=expected_at,
        **pressed_by(actor, now),
    )
    if told:
        for joined in (incident.issue, *followers(incident.issue)):
            cause = Cause(f"incident:{entry.id}:{joined.id}", "incident")
            write_resident_notice(joined, cause, now)
