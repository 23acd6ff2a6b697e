"""What recurs, as a month offers it to a leader, and the projects that came of it."""

import json
from datetime import datetime, timedelta

from msgspec import Struct
from peewee import JOIN, ModelSelect, fn

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.issues.projects import projects_seen
from forms_app.issues.recurring import Heard, belongs
from forms_app.queries.facts import columns
from forms_app.queries.project_answers import Answers, answers_of
from forms_app.rules.figures import interval
from forms_app.rules.projects import PROJECT, QUESTION, SAID, weeks_before
from forms_app.rules.topics import name_of
from forms_app.rules.worktime import local_day
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared
from forms_app.store.projects import Project, ProjectEntry, Topic, TopicIssue

LISTED = 100  # projects, the newest
COMPARED_WEEKS = 26  # before and after, at most


class TopicFacts(Struct, frozen=True):
    """A matter that recurs, without anybody's sentence."""

    id: int
    month: str
    community_id: str
    estate_id: str  # "": in several
    category: str
    words: str  # with blanks between
    place: int
    households: int
    rounds: int
    weeks: int
    first_on: str
    last_on: str

    @property
    def name(self) -> str:
        """What it is called: its words in a row; "" where its letters share none."""
        return name_of(self.words)


class ListedTopic(Struct, frozen=True):
    topic: TopicFacts
    project_id: int | None  # what came of it


class ProjectFacts(Struct, frozen=True):
    """What is done about a matter, as it stands."""

    id: int
    version: int
    topic_id: int
    community_id: str
    kind: str  # of projects.KINDS
    title: str
    lead: str
    measures: str
    budget_fen: int
    due_on: str
    begun_at: datetime
    done_at: datetime | None
    result: str


class Example(Struct, frozen=True):
    """One of the issues in which a matter came up."""

    number: str
    description: str
    received_at: datetime
    step: str


class TopicPage(Struct, frozen=True):
    topic: TopicFacts
    examples: tuple[Example, ...]  # the most typical that the actor may read
    issues: int
    project: ProjectFacts | None


class ProjectWords(Struct, frozen=True):
    """An entry of a project's history, and what it changed."""

    made_at: datetime
    actor_name: str
    event: str  # of projects.Event
    changed: tuple[tuple[str, object, object], ...]  # of projects.SAID: what, from, to


class Recurrence(Struct, frozen=True):
    """In how many of some weeks somebody reported it, and between what bounds (95 %) that lies."""

    weeks: int
    with_reports: int

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Wilson's interval, per cent; None of no week at all."""
        return interval(self.with_reports, self.weeks) if self.weeks else None


class ProjectPage(Struct, frozen=True):
    project: ProjectFacts
    topic: TopicFacts
    words: tuple[ProjectWords, ...]  # oldest first
    issues: int
    before: Recurrence | None  # of a question there is neither
    after: Recurrence | None  # None: it is not done yet
    answers: Answers | None  # None: nobody was asked


def topics_offered(actor: Actor) -> tuple[ListedTopic, ...]:
    """The newest month's topics of each community that is the actor's, in their order."""
    return tuple(ListedTopic(TopicFacts(*row[:-1]), row[-1]) for row in _offered.tuples(actor))


@prepared
def _offered(actor: Actor) -> "ModelSelect[Topic]":
    newer = Topic.alias()
    is_newer = (newer.community_id == Topic.community_id) & (newer.month > Topic.month)
    is_newest = ~fn.EXISTS(newer.select(newer.id).where(is_newer))
    return (
        Topic.select(*columns(TopicFacts, Topic), Project.id.alias("project_id"))
        .join(Project, JOIN.LEFT_OUTER, on=(Project.topic == Topic.id))
        .where(projects_seen(actor, Topic.community_id), is_newest, Topic.joined_into.is_null())
        .order_by(Topic.community_id, Topic.place)
    )


def topic_page(actor: Actor, topic_id: int) -> TopicPage | None:
    """One topic with examples; None where it is not the actor's, or there is none."""
    topic = _topic(actor, topic_id)
    if topic is None:
        return None
    examples = (
        Issue.select(Issue.number, Issue.description, Issue.received_at, Issue.step)
        .join(TopicIssue)
        .where(TopicIssue.topic == topic_id, TopicIssue.example > 0, beside(visible_to(actor)))
        .order_by(TopicIssue.example)
    )
    found = Project.select(*columns(ProjectFacts, Project)).where(Project.topic == topic_id)
    project = next((ProjectFacts(*row) for row in found.tuples().iterator()), None)
    return TopicPage(
        topic,
        tuple(Example(*row) for row in examples.tuples().iterator()),
        _issues(topic_id),
        project,
    )


def projects_of(actor: Actor) -> tuple[ProjectFacts, ...]:
    """The newest projects and questions that are the actor's, newest first."""
    rows = (
        Project.select(*columns(ProjectFacts, Project))
        .where(projects_seen(actor, Project.community_id))
        .order_by(Project.id.desc())
        .limit(LISTED)
    )
    return tuple(ProjectFacts(*row) for row in rows.tuples().iterator())


def questions_open() -> tuple[ProjectFacts, ...]:
    """What leaders asked the handbook to answer and nobody has said to be done, oldest first: in
    the leaders' words.
    """
    is_open = (Project.kind == QUESTION) & Project.done_at.is_null()
    rows = Project.select(*columns(ProjectFacts, Project)).where(is_open).order_by(Project.id)
    return tuple(ProjectFacts(*row) for row in rows.limit(LISTED).tuples().iterator())


def project_page(actor: Actor, project_id: int, *, now: datetime) -> ProjectPage | None:
    """One project with its history; None where it is not the actor's, or there is none."""
    rows = Project.select(*columns(ProjectFacts, Project)).where(
        Project.id == project_id, projects_seen(actor, Project.community_id)
    )
    project = next((ProjectFacts(*row) for row in rows.tuples().iterator()), None)
    if project is None:
        return None
    topic = _topic(actor, project.topic_id)
    if topic is None:
        return None
    before = after = answers = None
    if project.kind == PROJECT:
        before = _before(project)
        after = _after(project, topic, now)
        answers = answers_of(actor, project_id)
    return ProjectPage(
        project, topic, _words(project_id), _issues(topic.id), before, after, answers
    )


def _topic(actor: Actor, topic_id: int) -> TopicFacts | None:
    rows = Topic.select(*columns(TopicFacts, Topic)).where(
        Topic.id == topic_id, projects_seen(actor, Topic.community_id)
    )
    return next((TopicFacts(*row) for row in rows.tuples().iterator()), None)


def _issues(topic_id: int) -> int:
    return int(TopicIssue.select().where(TopicIssue.topic == topic_id).count())


def _words(project_id: int) -> tuple[ProjectWords, ...]:
    found: list[ProjectWords] = []
    before: dict[str, object] = {}
    history = ProjectEntry.select().where(ProjectEntry.project == project_id)
    for entry in history.order_by(ProjectEntry.id):
        state: dict[str, object] = json.loads(entry.state)
        changed = tuple(
            (name, before.get(name, ""), state[name])
            for name in SAID
            if before and state[name] != before.get(name)
        )
        found.append(ProjectWords(entry.made_at, entry.actor_name, entry.event, changed))
        before = state
    return tuple(found)


def _before(project: ProjectFacts) -> Recurrence:
    """Of the COMPARED_WEEKS whole weeks before it began."""
    first, last = weeks_before(local_day(project.begun_at), COMPARED_WEEKS)
    days = Issue.select(Issue.received_at).join(TopicIssue).where(
        TopicIssue.topic == project.topic_id
    )  # fmt: skip
    reported = [local_day(at) for (at,) in days.tuples().iterator()]
    weeks = {(day - first).days // 7 for day in reported if first <= day <= last}
    return Recurrence(COMPARED_WEEKS, len(weeks))


def _after(project: ProjectFacts, topic: TopicFacts, now: datetime) -> Recurrence | None:
    """Of the whole weeks since it was done, at most COMPARED_WEEKS, by the words of the matter."""
    if project.done_at is None:
        return None
    first = local_day(project.done_at) + timedelta(days=1)
    weeks = max(0, min(COMPARED_WEEKS, (local_day(now) - first).days // 7))
    end = project.done_at + timedelta(weeks=weeks, days=2)
    centre = json.loads(Topic.get_by_id(topic.id).centre)
    at_estate = (Issue.estate_id == topic.estate_id,) if topic.estate_id else ()
    rows = Issue.select(
        Issue.id, Issue.description, Issue.estate_id, Issue.category, Issue.received_at
    ).where(
        Issue.community_id == project.community_id,
        Issue.received_at > project.done_at,
        Issue.received_at < end,
        *at_estate,
    )
    reported = set()
    for key, text, estate_id, category, at in rows.tuples().iterator():
        week = (local_day(at) - first).days // 7
        if 0 <= week < weeks and week not in reported:
            heard = Heard(key, text, estate_id, category, at, "", 1)
            if belongs(centre, topic.estate_id, heard):
                reported.add(week)
    return Recurrence(weeks, len(reported))
