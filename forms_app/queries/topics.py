"""The letters of what recurs, as a leader puts them right by hand: which there are, which may be
missing, with what it may be one, and what was changed by whom.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from heapq import nlargest

from msgspec import Struct
from peewee import JOIN, Expression, ModelSelect

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.by_hand import likeliest
from forms_app.issues.driving import beside
from forms_app.issues.halves import FEWEST, halves
from forms_app.issues.recurring import Heard
from forms_app.issues.search import newest
from forms_app.queries.projects import TopicFacts
from forms_app.rules.projects import UNMEANT
from forms_app.rules.topics import Change, name_of
from forms_app.store.models import Issue
from forms_app.store.projects import Project, Topic, TopicChange, TopicChangeIssue, TopicIssue

A_PAGE = 20  # letters
LIKELY = 20  # that are offered to be put in
OF_KIND = 200  # newest letters of its kind and estate that are compared
BEFORE_FIRST = timedelta(days=60)  # what may be missing came at most so long before its first
HALVED = 200  # newest letters that are parted into halves
CHANGES = 50  # the newest, told on the page
NUMBERS = 8  # of a change's letters that are named


class TopicLetter(Struct, frozen=True):
    """A letter of a topic, or one that may be of it."""

    id: int
    number: str
    description: str
    received_at: datetime
    step: str
    estate_id: str
    category: str


class NamedTopic(Struct, frozen=True):
    """Another topic, as far as it is named."""

    id: int
    words: str
    category: str
    estate_id: str
    households: int
    joined_into: int | None
    project_id: int | None  # what came of it

    @property
    def name(self) -> str:
        return name_of(self.words)


class TopicStep(Struct, frozen=True):
    """A line of a topic's history."""

    id: int
    made_at: datetime
    actor_name: str
    event: str  # of topics.Change
    is_own: bool  # else it stands on the other topic's page, and is told from there
    other: NamedTopic | None  # the topic at the other end
    numbers: tuple[str, ...]  # of the letters, the first NUMBERS
    count: int
    may_undo: bool


class TopicByHand(Struct, frozen=True):
    version: int
    is_open: bool  # whether its letters may still be changed
    joined_into: NamedTopic | None
    letters: tuple[TopicLetter, ...]  # of this page, newest first
    count: int  # of those that the actor may read
    page: int  # from 1 on
    pages: int
    others: tuple[NamedTopic, ...]  # of the month, that may be the same matter
    steps: tuple[TopicStep, ...]  # newest first

    @property
    def may_halve(self) -> bool:
        """Whether there are letters enough to look whether they are two matters."""
        return self.count >= FEWEST


class TopicHalves(Struct, frozen=True):
    """A topic's letters in two by what they say: the larger half, and the smaller with its letters.

    Words and count of the larger one; the smaller one's letters, newest first.
    """

    larger: str
    larger_count: int
    smaller: str
    letters: tuple[TopicLetter, ...]


class LikelyLetter(Struct, frozen=True):
    letter: TopicLetter
    topic: NamedTopic | None  # in which it is now


def topic_by_hand(actor: Actor, topic: TopicFacts, page: int = 1) -> TopicByHand:
    """What stands on the page of a topic that the actor may see; a page that is not there is the
    nearest one that is.
    """
    row = Topic.get_by_id(topic.id)
    is_done = Project.select().where(Project.topic == row, Project.done_at.is_null(False)).exists()
    is_open = row.joined_into is None and not is_done
    mine = _of_topic(actor, row)
    count = mine.count()
    pages = max(1, -(-count // A_PAGE))
    page = min(max(1, page), pages)
    siblings = _named(
        (Topic.community_id == row.community_id) & (Topic.month == row.month) & (Topic.id != row.id)
    )
    letters = mine.paginate(page, A_PAGE)
    return TopicByHand(
        row.version,
        is_open,
        siblings.get(row.joined_into or 0),
        tuple(TopicLetter(*found) for found in letters.tuples().iterator()),
        count,
        page,
        pages,
        tuple(
            one for one in siblings.values() if one.joined_into is None and one.project_id is None
        ),
        _steps(row, siblings, is_open=is_open),
    )


def topic_halves(actor: Actor, topic: TopicFacts) -> TopicHalves | None:
    """A topic's newest letters in two; None where their words do not part them."""
    rows = _of_topic(actor, Topic.get_by_id(topic.id)).limit(HALVED)
    letters = _by_id(rows)
    parted = halves(_heard(reversed(letters.values())))
    if parted is None:
        return None
    larger, smaller = parted
    return TopicHalves(
        "、".join(larger.words),
        len(larger.keys),
        "、".join(smaller.words),
        tuple(letters[key] for key in reversed(smaller.keys)),
    )


def likely_letters(actor: Actor, topic: TopicFacts) -> tuple[LikelyLetter, ...]:
    """Letters that may be of a topic and are not, the nearest to what it says first: of its kind
    and estate, or with its words. What was taken out of it is not offered again.
    """
    row = Topic.get_by_id(topic.id)
    since = datetime.fromisoformat(f"{topic.first_on}T00:00:00+08:00") - BEFORE_FIRST
    known = _known(row)
    of_kind = _letters().where(
        Issue.community_id == topic.community_id,
        Issue.received_at >= since,
        Issue.step.not_in(UNMEANT),
        Issue.category == topic.category,
        Issue.id.not_in(sorted(known)),
    )
    if topic.estate_id:
        of_kind = of_kind.where(Issue.estate_id == topic.estate_id)
    found = _by_id(of_kind.order_by(Issue.received_at.desc()).limit(OF_KIND))
    for one in _saying(topic.words.split(), topic.community_id, known | set(found)):
        if one.received_at >= since and one.step not in UNMEANT:
            found[one.id] = one
    heard = _heard(found.values())
    nearest = likeliest(json.loads(row.centre), topic.estate_id, heard, LIKELY)
    seen = Issue.select(Issue.id).where(Issue.id.in_(nearest), beside(visible_to(actor)))
    visible = {key for (key,) in seen.tuples().iterator()}
    holders = _named((Topic.community_id == row.community_id) & (Topic.month == row.month))
    rows = TopicIssue.select(TopicIssue.issue, TopicIssue.topic).where(
        TopicIssue.issue.in_(nearest), TopicIssue.topic.in_(sorted(holders))
    )
    held = {key: holders[topic_id] for key, topic_id in rows.tuples().iterator()}
    return tuple(LikelyLetter(found[key], held.get(key)) for key in nearest if key in visible)


def _of_topic(actor: Actor, topic: Topic) -> "ModelSelect[Issue]":
    """Its letters that the actor may read, newest first."""
    # A cross join, so that SQLite begins with the topic's letters and not with the community's.
    return (
        _letters()
        .from_(TopicIssue)
        .join(Issue, JOIN.CROSS)
        .where(TopicIssue.topic == topic, TopicIssue.issue == Issue.id, visible_to(actor))
        .order_by(Issue.received_at.desc(), Issue.id.desc())
    )


def _heard(letters: Iterable[TopicLetter]) -> Iterable[Heard]:
    """What they say; who said it does not matter to one who compares them."""
    for one in letters:
        yield Heard(one.id, one.description, one.estate_id, one.category, one.received_at, "", 1)


def _known(topic: Topic) -> set[int]:
    """The letters that are in a topic, and those that a change took out of it."""
    present = TopicIssue.select(TopicIssue.issue).where(TopicIssue.topic == topic)
    changed = (
        TopicChangeIssue.select(TopicChangeIssue.issue)
        .join(TopicChange)
        .where(TopicChange.topic == topic)
    )
    return {key for rows in (present, changed) for (key,) in rows.tuples().iterator()}


def _saying(words: Sequence[str], community_id: str, known: set[int]) -> Iterable[TopicLetter]:
    """The newest of a community's other letters that have one of the words."""
    _, hits = newest(words) if words else (0, [])
    keys = nlargest(OF_KIND, {key for some in hits for key in some} - known)
    # Chosen by id alone, whatever index the planner would prefer for the community.
    here = Issue.community_id.concat("") == community_id
    return _by_id(_letters().where(Issue.id.in_(keys), here)).values()


def _letters() -> "ModelSelect[Issue]":
    return Issue.select(
        Issue.id, Issue.number, Issue.description, Issue.received_at, Issue.step, Issue.estate_id,
        Issue.category,
    )  # fmt: skip


def _by_id(rows: "ModelSelect[Issue]") -> dict[int, TopicLetter]:
    return {row[0]: TopicLetter(*row) for row in rows.tuples().iterator()}


def _named(condition: Expression) -> dict[int, NamedTopic]:
    """These topics by their keys, in their order."""
    rows = (
        Topic.select(
            Topic.id, Topic.words, Topic.category, Topic.estate_id, Topic.households,
            Topic.joined_into, Project.id.alias("project_id"),
        )
        .join(Project, JOIN.LEFT_OUTER, on=(Project.topic == Topic.id))
        .where(condition)
        .order_by(Topic.place)
    )  # fmt: skip
    return {row[0]: NamedTopic(*row) for row in rows.tuples().iterator()}


def _steps(
    topic: Topic, siblings: dict[int, NamedTopic], *, is_open: bool
) -> tuple[TopicStep, ...]:
    asked = (
        TopicChange.select(
            TopicChange.id, TopicChange.made_at, TopicChange.actor_name, TopicChange.event,
            TopicChange.topic, TopicChange.other,
        )
        .where((TopicChange.topic == topic) | (TopicChange.other == topic))
        .order_by(TopicChange.id.desc())
        .limit(CHANGES)
    )  # fmt: skip
    rows = list(asked.tuples().iterator())
    letters = _changed([row[0] for row in rows])
    held = TopicIssue.select(TopicIssue.issue).where(TopicIssue.topic == topic)
    present = {key for (key,) in held.tuples().iterator()} if rows else set()
    found = []
    for change_id, made_at, actor_name, event, topic_id, other_id in rows:
        is_own = topic_id == topic.id
        other = siblings.get((other_id if is_own else topic_id) or 0)
        told = letters.get(change_id, [])
        may_undo = is_open and is_own
        if may_undo:
            may_undo = _may_undo(Change(event), {key for key, _ in told}, present, other, topic)
        found.append(
            TopicStep(
                change_id, made_at, actor_name, event, is_own, other,
                tuple(number for _, number in told[:NUMBERS]), len(told), may_undo,
            )
        )  # fmt: skip
    return tuple(found)


def _may_undo(
    event: Change, keys: set[int], present: set[int], other: NamedTopic | None, topic: Topic
) -> bool:
    """Whether it is still so, all or in part, and its opposite can be done."""
    if event is Change.OUT:
        return not keys <= present
    if event is Change.IN:
        return not keys.isdisjoint(present)
    if other is None:
        return False
    if event is Change.JOINED:
        return other.joined_into == topic.id
    return other.joined_into is None and other.project_id is None


def _changed(changes: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """Key and number of each change's letters."""
    rows: Iterable[tuple[int, int, str]] = (
        TopicChangeIssue.select(TopicChangeIssue.topic_change, Issue.id, Issue.number)
        .join(Issue)
        .where(TopicChangeIssue.topic_change.in_(list(changes)))
        .order_by(Issue.id)
        .tuples()
        .iterator()
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for change_id, key, number in rows:
        found.setdefault(change_id, []).append((key, number))
    return found
