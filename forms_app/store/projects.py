"""The rows of what recurs and of what is done about it for good (每月一题、专项)."""

from peewee import SQL, BigIntegerField, ForeignKeyField, IntegerField, TextField

from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.row import InstantField, MaybeInstantField, Row


class Topic(Row):
    """A matter that recurred in a community's year, as it was found for one month and put right by
    hand since; its figures follow its letters.

    Its words stand in several letters; no sentence of anybody's does.
    """

    month = TextField()  # "2026-11"
    community_id = TextField()
    estate_id = TextField(default="")  # "": in several
    category = TextField(default="")
    words = TextField()  # with blanks between
    centre = TextField()  # JSON: part of a word → weight, by which later issues are told
    place = IntegerField()  # among that month's, from 1 on
    households = IntegerField()
    rounds = IntegerField()
    weeks = IntegerField()
    first_on = TextField()  # ISO dates
    last_on = TextField()
    found_at = InstantField()
    version = IntegerField(default=1)  # of its letters, as somebody saw them
    # The topic that has all its letters since both were said to be one. No foreign key: that one
    # may have come later, and rows are moved in the order of their ids.
    joined_into = IntegerField(null=True)

    class Meta:
        indexes = ((("community_id", "month", "place"), True),)


class TopicIssue(Row):
    """An issue in which a matter came up; the examples are numbered from 1 on."""

    topic = ForeignKeyField(Topic, backref="+")
    issue = ForeignKeyField(Issue, backref="+")
    example = IntegerField(default=0)

    class Meta:
        indexes = ((("topic", "issue"), True),)


class TopicChange(Row):
    """What a leader changed by hand of a topic's letters; only ever added.

    Each is sealed by itself in the log of the register.
    """

    topic = ForeignKeyField(Topic, backref="+")
    event = TextField()  # of topics.Change
    other = ForeignKeyField(Topic, null=True, backref="+")  # with which it was joined, or split
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+", index=False)
    actor_role = TextField()
    actor_name = TextField()
    press = TextField(default="")  # hash of the form that made it, so that it counts once


class TopicChangeIssue(Row):
    """A letter that a change took out, put in or moved: its key and nothing that it says."""

    topic_change = ForeignKeyField(TopicChange, backref="+")
    issue = ForeignKeyField(Issue, backref="+")

    class Meta:
        indexes = ((("topic_change", "issue"), True),)


class Project(Row):
    """What is done about a matter for good, as it stands now; its entries say how it came so."""

    form_key_hash = TextField(unique=True)
    version = IntegerField(default=1)
    topic = ForeignKeyField(Topic, backref="+")
    community_id = TextField()
    kind = TextField()  # of projects.KINDS: a project, or a question for the handbook
    title = TextField()
    lead = TextField(default="")  # an organisation's or the community's id
    measures = TextField(default="")
    budget_fen = BigIntegerField(default=0)
    due_on = TextField(default="")  # ISO date
    begun_at = InstantField()
    done_at = MaybeInstantField()
    result = TextField(default="")

    class Meta:
        indexes = ((("community_id", "id"), False),)


# Of a matter there is one: of two who press at once the second finds the first's.
Project.add_index(SQL("CREATE UNIQUE INDEX project_of_topic ON project (topic_id)"))


class ProjectEntry(Row):
    """What was done with a project, and how it stood after that; only ever added.

    It is sealed with its project in the log of the register.
    """

    project = ForeignKeyField(Project, backref="+")
    made_at = InstantField()
    account = ForeignKeyField(Account, null=True, backref="+", index=False)
    actor_role = TextField()
    actor_name = TextField()
    event = TextField()  # of projects.Event
    state = TextField()  # JSON: the project's columns of projects.SAID
    press = TextField(default="")  # hash of the form that made it, so that it counts once


class ProjectAsk(Row):
    """Somebody who had reported the matter and was asked whether the project made it better.

    One row a person, on the newest of their issues. What they said is theirs to change as long as
    the move may be made; each change is an entry of the issue. Sealed with the project.
    """

    project = ForeignKeyField(Project, backref="+")
    issue = ForeignKeyField(Issue, backref="+")
    asked_at = InstantField()
    answer = TextField(default="")  # of projects.Answer; "": they have not said
    answered_at = MaybeInstantField()
    said_by = TextField(default="")  # of move.VerdictBy: themselves, or staff wrote it down

    class Meta:
        indexes = ((("project", "issue"), True),)


PROJECT_TABLES = (
    Topic, TopicIssue, TopicChange, TopicChangeIssue, Project, ProjectEntry, ProjectAsk,
)  # fmt: skip
