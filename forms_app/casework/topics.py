"""A leader puts right by hand what was gathered as one matter: letters are taken out and put in,
two matters are joined, some letters become a matter of their own.

Each is one transaction that leaves a line in the history of every topic that it changed, and can be
taken back by its opposite. The figures follow the letters. That a project was made of a topic
changes nothing: whoever is in it when the project is done is asked. From then on the letters stay.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from peewee import Expression, fn

from forms_app.casework.errors import NotPossible, StaleCase
from forms_app.casework.found_topics import (
    JOINED_ALREADY,
    TopicUnknown,
    heard_among,
    keep_topic,
    topic_columns,
)
from forms_app.casework.once import need_new_press
from forms_app.casework.signed import pressed_by
from forms_app.issues.access import Actor, visible_to
from forms_app.issues.by_hand import matter
from forms_app.issues.projects import may_see_projects
from forms_app.rules.said import said
from forms_app.rules.topics import Change, name_of
from forms_app.store.alike import create_alike
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.projects import Project, Topic, TopicChange, TopicChangeIssue, TopicIssue
from forms_app.store.sealing import touched

MOVED_ON = "刚刚有同事改过这件事里的问题。您选的还在，请看过再决定。"
DONE_ALREADY = "这件事的专项已经办完，反映人都问过了，归在一起的问题不再改。"
KEEP_ONE = "至少要留一件。整件都和另一件是同一件事的，请用“并成一件”。"
TICK = "请先勾选。"
TAKEN_BACK = "这一步已经撤回，或者后来又改了。"


def take_out(
    actor: Actor, topic_id: int, version: int, numbers: Collection[str], *, now: datetime
) -> int:
    """Takes letters out of a topic; how many. They are in no other one then.

    Raises TopicUnknown, AlreadyMade, StaleCase and NotPossible, as all of these do.
    """
    with _turn(actor, topic_id, version) as topic:
        keys = _in(topic, _keys(actor, topic, numbers))
        _out(topic, keys)
        _settle(topic)
        _write_down(topic, actor, Change.OUT, keys, now)
        return len(keys)


def put_in(
    actor: Actor, topic_id: int, version: int, numbers: Collection[str], *, now: datetime
) -> int:
    """Puts letters of its community into a topic, out of the other one of its month that may have
    them; how many that were not in it.
    """
    with _turn(actor, topic_id, version) as topic:
        return _put_in(actor, topic, _keys(actor, topic, numbers), now)


def join_topics(actor: Actor, topic_id: int, version: int, other_id: int, *, now: datetime) -> None:
    """Says that another topic of the month is the same matter: its letters come into this one, and
    it is offered no longer.
    """
    with _turn(actor, topic_id, version) as topic:
        other = _sibling(topic, other_id)
        if other is None or other.joined_into is not None:
            raise NotPossible("other", "这一件已经并到别处了，请重新选。")
        _join(actor, topic, other, now)


def split_topic(
    actor: Actor, topic_id: int, version: int, numbers: Collection[str], *, now: datetime
) -> int:
    """Makes a topic of their own of some letters; its key."""
    with _turn(actor, topic_id, version) as topic:
        keys = _in(topic, _keys(actor, topic, numbers))
        _out(topic, keys)
        _settle(topic)
        last = Topic.select(fn.MAX(Topic.place)).where(_of_month(topic)).scalar()
        one = matter(heard_among(keys))
        made = keep_topic(one, topic.community_id, topic.month, last + 1, now)
        _write_down(topic, actor, Change.SPLIT, keys, now, made)
        return int(made.id)


def undo_topic_change(
    actor: Actor, topic_id: int, version: int, change_id: int, *, now: datetime
) -> None:
    """Does the opposite of a change, as far as it still is so; the line of both stays."""
    with _turn(actor, topic_id, version) as topic:
        mine = (TopicChange.id == change_id) & (TopicChange.topic == topic)
        change = TopicChange.get_or_none(mine)
        if change is None:
            raise NotPossible("", "没有找到这一步。")
        rows = TopicChangeIssue.select(TopicChangeIssue.issue).where(
            TopicChangeIssue.topic_change == change
        )
        keys = {key for (key,) in rows.tuples().iterator()}
        other = change.other
        match Change(change.event):
            case Change.OUT:
                _put_in(actor, topic, keys, now)
            case Change.IN:
                there = _in(topic, keys)
                _out(topic, there)
                _settle(topic)
                _write_down(topic, actor, Change.OUT, there, now)
            case Change.JOINED if other is not None:
                _part(actor, topic, other, keys, now)
            case _ if other is not None and other.joined_into is None:
                _join(actor, topic, other, now)
            case _:
                raise NotPossible("", TAKEN_BACK)


def _put_in(actor: Actor, topic: Topic, keys: set[int], now: datetime) -> int:
    new = keys - _all(topic)
    if not new:
        raise NotPossible("numbers", "这些本来就在这件事里。")
    for other, had in _holders(topic, new):
        name = _name(other)
        _need_open(other, said("“%(topic)s”的专项已经办完，里面的问题不能再拿过来。", topic=name))
        last = said("这是“%(topic)s”里最后的几件：请用“并成一件”把它并过来。", topic=name)
        _out(other, had, last)
        _settle(other)
        _write_down(other, actor, Change.OUT, had, now)
    _add(topic, new)
    _settle(topic)
    _write_down(topic, actor, Change.IN, new, now)
    return len(new)


def _join(actor: Actor, topic: Topic, other: Topic, now: datetime) -> None:
    if Project.select().where(Project.topic == other).exists():
        raise NotPossible("other", "那一件已经立了项，请到那一件的页面上，把这一件并过去。")
    keys = _all(other)
    TopicIssue.delete().where(TopicIssue.topic == other).execute()
    _add(topic, keys)
    _change(other, {"joined_into": topic.id})
    _settle(topic)
    _write_down(topic, actor, Change.JOINED, keys, now, other)


def _part(actor: Actor, topic: Topic, other: Topic, keys: set[int], now: datetime) -> None:
    """Gives another topic back what it brought, as far as it is here still."""
    if other.joined_into != topic.id:
        raise NotPossible("", TAKEN_BACK)
    there = _in(topic, keys)
    _out(topic, there)
    _settle(topic)
    _add(other, there)
    other.joined_into = None
    _change(other, {"joined_into": None})
    _settle(other)
    _write_down(topic, actor, Change.PARTED, there, now, other)


@contextmanager
def _turn(actor: Actor, topic_id: int, version: int) -> Iterator[Topic]:
    """One transaction in which an actor changes a topic's letters as they last saw them."""
    with writing():
        topic = Topic.get_or_none(Topic.id == topic_id)
        if topic is None or not may_see_projects(actor, str(topic.community_id)):
            raise TopicUnknown
        need_new_press(TopicChange.press, TopicChange.topic == topic_id, actor)
        if topic.version != version:
            raise StaleCase(MOVED_ON)
        if topic.joined_into is not None:
            raise NotPossible("", JOINED_ALREADY)
        _need_open(topic, DONE_ALREADY)
        yield topic


def _need_open(topic: Topic, sentence: str) -> None:
    """Whoever was asked was asked: a project that is done keeps its letters."""
    done = (Project.topic == topic) & Project.done_at.is_null(False)
    if Project.select().where(done).exists():
        raise NotPossible("", sentence)


def _keys(actor: Actor, topic: Topic, numbers: Collection[str]) -> set[int]:
    """The ids of issues by their numbers, all of which must be the topic's community's."""
    if not numbers:
        raise NotPossible("numbers", TICK)
    # What is no number is not asked for: PostgreSQL would stumble over a NUL.
    asked = sorted({number for number in numbers if number.isascii() and number.isdigit()})
    rows = Issue.select(Issue.number, Issue.id).where(
        Issue.number.in_(asked), Issue.community_id == topic.community_id, visible_to(actor)
    )
    found: dict[str, int] = dict(rows.tuples().iterator())
    missing = [number for number in asked if number not in found]
    if missing or not asked:
        raise NotPossible(
            "typed",
            said(
                "本社区没有这个编号：%(numbers)s。",
                numbers="、".join(number[:12] for number in missing[:5]),
            ),
        )
    return set(found.values())


def _in(topic: Topic, keys: set[int]) -> set[int]:
    """Those of the letters that are in the topic: there must be some."""
    there = _all(topic) & keys
    if not there:
        raise NotPossible("numbers", "这些已经不在这件事里了。")
    return there


def _all(topic: Topic) -> set[int]:
    rows = TopicIssue.select(TopicIssue.issue).where(TopicIssue.topic == topic)
    return {key for (key,) in rows.tuples().iterator()}


def _holders(topic: Topic, keys: set[int]) -> list[tuple[Topic, set[int]]]:
    """The other topics of the month that have some of these letters, each with those."""
    found = []
    for other in Topic.select().where(_of_month(topic), Topic.id != topic.id).order_by(Topic.id):
        had = _all(other) & keys
        if had:
            found.append((other, had))
    return found


def _sibling(topic: Topic, other_id: int) -> Topic | None:
    other: Topic | None = Topic.get_or_none(
        Topic.id == other_id, Topic.id != topic.id, _of_month(topic)
    )
    return other


def _of_month(topic: Topic) -> Expression:
    """The condition of the topics of its community and month."""
    here: Expression = (Topic.community_id == topic.community_id) & (Topic.month == topic.month)
    return here


def _add(topic: Topic, keys: Iterable[int]) -> None:
    create_alike(TopicIssue, ({"topic": topic, "issue": key} for key in sorted(keys)))


def _out(topic: Topic, keys: set[int], last: str = KEEP_ONE) -> None:
    gone = (TopicIssue.topic == topic) & TopicIssue.issue.in_(sorted(keys))
    TopicIssue.delete().where(gone).execute()
    if not TopicIssue.select().where(TopicIssue.topic == topic).exists():
        raise NotPossible("numbers", last)


def _settle(topic: Topic) -> None:
    """Has a topic's figures, words and examples follow its letters."""
    one = matter(heard_among(_all(topic)))
    _change(topic, topic_columns(one))
    TopicIssue.update(example=0).where(TopicIssue.topic == topic).execute()
    for place, key in enumerate(one.examples, 1):
        mine = (TopicIssue.topic == topic) & (TopicIssue.issue == key)
        TopicIssue.update(example=place).where(mine).execute()


def _change(topic: Topic, columns: Mapping[str, object]) -> None:
    """Writers wait for one another: nobody has changed it since it was read."""
    counted = dict(columns) | {"version": Topic.version + 1}
    Topic.update(counted).where(Topic.id == topic.id).execute()


def _write_down(
    topic: Topic,
    actor: Actor,
    event: Change,
    keys: Iterable[int],
    now: datetime,
    other: Topic | None = None,
) -> None:
    change = TopicChange.create(
        topic=topic,
        event=event.value,
        other=other,
        **pressed_by(actor, now),
    )
    rows = ({"topic_change": change, "issue": key} for key in sorted(keys))
    create_alike(TopicChangeIssue, rows)
    touched(TopicChange, change.id, now)


def _name(topic: Topic) -> str:
    return name_of(str(topic.words)) or "另一件事"
