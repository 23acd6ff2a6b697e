"""What hits many at once: what runs now, for every page's banner, and what was told of each."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from peewee import ModelSelect

from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.following import versions
from forms_app.issues.incidents import concerns
from forms_app.queries.facts import ListedIssue, columns, facts
from forms_app.rules.incidents import Event, estates_of
from forms_app.store.incidents import Incident, IncidentEntry
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared

LISTED = 50  # the newest, running or over


class IncidentFacts(Struct, frozen=True):
    """An incident as everybody may read it."""

    id: int
    version: int
    issue_id: int  # its main issue
    kind: str  # of incidents.KINDS
    title: str
    community_id: str
    is_wide: bool
    estate_ids: str
    told: str
    told_at: datetime
    expected_at: datetime | None
    ended_at: datetime | None

    @property
    def estates(self) -> tuple[str, ...]:
        return estates_of(self.estate_ids)


class IncidentWords(Struct, frozen=True):
    """What was told of an incident at some time."""

    id: int
    made_at: datetime
    actor_name: str
    event: str  # of incidents.Event
    told: str
    expected_at: datetime | None

    @property
    def did(self) -> Event:
        return Event(self.event)


class IncidentPage(Struct, frozen=True):
    """An incident as its own page shows it to the staff."""

    incident: IncidentFacts
    words: tuple[IncidentWords, ...]  # oldest first
    main: ListedIssue
    followers: int  # issues


def running_incidents() -> tuple[IncidentFacts, ...]:
    """Those that run now, oldest first: one statement along an index that holds no others."""
    return tuple(IncidentFacts(*row) for row in _running.tuples())


@prepared
def _running() -> "ModelSelect[Incident]":
    return (
        Incident.select(*columns(IncidentFacts, Incident))
        .where(Incident.ended_at.is_null())
        .order_by(Incident.id)
    )


def incidents_of(circle: Circle, actor: Actor) -> tuple[IncidentFacts, ...]:
    """The newest that concern an actor, newest first, running or over."""
    found = (IncidentFacts(*row) for row in _newest.tuples())
    return tuple(one for one in found if concerns(circle, actor, one))


@prepared
def _newest() -> "ModelSelect[Incident]":
    shown = columns(IncidentFacts, Incident)
    return Incident.select(*shown).order_by(Incident.id.desc()).limit(LISTED)


def incident(circle: Circle, actor: Actor, incident_id: int) -> IncidentPage | None:
    """One incident with its history; None where it does not concern the actor, or there is none."""
    found = next((IncidentFacts(*row) for row in _one.tuples(incident_id)), None)
    if found is None or not concerns(circle, actor, found):
        return None
    main = Issue.get_by_id(found.issue_id)
    return IncidentPage(
        found,
        tuple(IncidentWords(*row) for row in _history.tuples(incident_id)),
        facts(ListedIssue, main),
        len(versions(main.id)),
    )


@prepared
def _one(incident_id: int) -> "ModelSelect[Incident]":
    return Incident.select(*columns(IncidentFacts, Incident)).where(Incident.id == incident_id)


@prepared
def _history(incident_id: int) -> "ModelSelect[IncidentEntry]":
    return (
        IncidentEntry.select(*columns(IncidentWords, IncidentEntry))
        .where(IncidentEntry.incident == incident_id)
        .order_by(IncidentEntry.id)
    )


def words_of(issue_id: int) -> tuple[IncidentWords, ...]:
    """What was told of the incidents that have this main issue, newest first."""
    return tuple(IncidentWords(*row) for row in _words.tuples(issue_id))


@prepared
def _words(issue_id: int) -> "ModelSelect[IncidentEntry]":
    return (
        IncidentEntry.select(*columns(IncidentWords, IncidentEntry))
        .join(Incident)
        .where(Incident.issue == issue_id, IncidentEntry.told != "")
        .order_by(IncidentEntry.id.desc())
    )


def incidents_with(issue_id: int) -> tuple[IncidentFacts, ...]:
    """The incidents that have this main issue, newest first."""
    return tuple(IncidentFacts(*row) for row in _with_main.tuples(issue_id))


@prepared
def _with_main(issue_id: int) -> "ModelSelect[Incident]":
    shown = columns(IncidentFacts, Incident)
    return Incident.select(*shown).where(Incident.issue == issue_id).order_by(Incident.id.desc())


def mains_of(incidents: Sequence[IncidentFacts]) -> dict[int, Issue]:
    """The main issues of these incidents, by key."""
    ids = sorted({one.issue_id for one in incidents})
    return {row.id: row for row in _mains.rows(ids)} if ids else {}


@prepared
def _mains(ids: Sequence[int]) -> "ModelSelect[Issue]":
    return Issue.select().where(Issue.id.in_(ids))
