"""What leaders have put right by hand of what recurs, as the next month's finding asks it."""

from peewee import Expression, fn

from forms_app.issues.by_hand import Placed
from forms_app.store.models import Issue
from forms_app.store.projects import Topic, TopicChange, TopicChangeIssue, TopicIssue


def placed_in(community_id: str, since: str, condition: Expression) -> list[Placed]:
    """The community's topics from this month on that were changed by hand, the oldest word first.

    Of their letters those that fulfil the condition.
    """
    return [
        Placed(_letters(topic_id, condition), taken_out(topic_id))
        for topic_id in _changed(community_id, since)
    ]


def taken_out(topic_id: int) -> frozenset[int]:
    """The letters that a change took out of a topic and that are not in it now."""
    rows = (
        TopicChangeIssue.select(TopicChangeIssue.issue)
        .join(TopicChange)
        .where(TopicChange.topic == topic_id, TopicChangeIssue.issue.not_in(_in(topic_id)))
    )
    return frozenset(key for (key,) in rows.tuples().iterator())


def _changed(community_id: str, since: str) -> list[int]:
    """Those that have letters still, in the order in which they were changed last."""
    last: dict[int, int] = {}
    for column in (TopicChange.topic, TopicChange.other):
        rows = (
            TopicChange.select(column, fn.MAX(TopicChange.id))
            .join(Topic, on=(column == Topic.id))
            .where(
                Topic.community_id == community_id,
                Topic.month >= since,
                Topic.joined_into.is_null(),
            )
            .group_by(column)
        )
        for topic_id, change_id in rows.tuples().iterator():
            last[topic_id] = max(change_id, last.get(topic_id, 0))
    return sorted(last, key=lambda topic_id: last[topic_id])


def _letters(topic_id: int, condition: Expression) -> frozenset[int]:
    rows = Issue.select(Issue.id).where(Issue.id.in_(_in(topic_id)), condition)
    return frozenset(key for (key,) in rows.tuples().iterator())


def _in(topic_id: int) -> object:
    return TopicIssue.select(TopicIssue.issue).where(TopicIssue.topic == topic_id)
