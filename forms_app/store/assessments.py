"""What passes on record between a sub-district and a department (双向考核)."""

from peewee import SQL, ForeignKeyField, IntegerField, TextField

from forms_app.store.accounts import Account
from forms_app.store.row import InstantField, MaybeInstantField, Row


class Assessment(Row):
    """One thing that an office said of another or asked of it, with its answer; sealed."""

    form_key_hash = TextField(unique=True)
    version = IntegerField(default=1)
    kind = TextField()  # of two_way.KINDS
    quarter = TextField()  # of two_way.quarter_of
    subdistrict_id = TextField()  # "": the only one
    organization_id = TextField(index=True)
    subdistrict_name = TextField()  # as both were called then
    organization_name = TextField()
    level = TextField(default="")  # of two_way.LEVELS
    subject = TextField(default="")
    words = TextField()
    planned_on = TextField(default="")  # ISO date
    said_at = InstantField()
    answer = TextField(default="")  # of Kind.answers
    answer_words = TextField(default="")
    answered_at = MaybeInstantField()
    done_on = TextField(default="")  # ISO date
    found = TextField(default="")  # what came of it
    withdrawn_at = MaybeInstantField()


for _index in (
    "CREATE INDEX assessment_quarter ON assessment (quarter, subdistrict_id)",
    "CREATE UNIQUE INDEX assessment_once ON assessment "
    "(quarter, subdistrict_id, organization_id, kind) "
    "WHERE level != '' AND withdrawn_at IS NULL",
):
    Assessment.add_index(SQL(_index))


class AssessmentEntry(Row):
    """Who did what with it, and in which words; only ever added, and sealed with it."""

    assessment = ForeignKeyField(Assessment, backref="+")
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+", index=False)
    actor_role = TextField()
    actor_name = TextField()
    event = TextField()  # of two_way.Event
    told = TextField(default="")
    press = TextField(default="")  # hash of the form that made it, so that it counts once
