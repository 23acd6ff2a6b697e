"""The rows of what hits many at once, and what was told of it."""

from peewee import (
    SQL,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.row import InstantField, MaybeInstantField, Row


class Incident(Row):
    """What hits many at once, as the office tells it in public; who is hit, follows its issue."""

    issue = ForeignKeyField(Issue, backref="+")
    form_key_hash = TextField(unique=True)
    version = IntegerField(default=1)
    kind = TextField()  # of incidents.KINDS
    title = TextField()
    community_id = TextField()  # whose it is
    is_wide = BooleanField(default=False)  # it hits the whole sub-district of that community
    estate_ids = TextField(default="")  # " guiyuan xingyuan "; "": the whole community
    told = TextField()  # what was told last
    told_at = InstantField()
    expected_at = MaybeInstantField()  # when it may be over
    ended_at = MaybeInstantField()


# The few that run are what pages ask for. Of a kind one runs in a community, and one of an issue.
for _index in (
    "CREATE INDEX incident_running ON incident (id) WHERE ended_at IS NULL",
    "CREATE UNIQUE INDEX incident_once ON incident (community_id, kind) "
    "WHERE ended_at IS NULL AND kind != 'other'",
    "CREATE UNIQUE INDEX incident_main ON incident (issue_id) WHERE ended_at IS NULL",
):
    Incident.add_index(SQL(_index))


class IncidentEntry(Row):
    """What the office did with an incident, and told of it; only ever added."""

    incident = ForeignKeyField(Incident, backref="+")
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+")
    actor_role = TextField()
    actor_name = TextField()
    event = TextField()  # of incidents.Event
    told = TextField(default="")
    expected_at = MaybeInstantField()
    press = TextField(default="")  # hash of the form that made it, so that it counts once
