"""What recurs in a community's letters is found once a month and kept as topics.

Whole letters stay where they are: a topic names them, and keeps the words that they share.
"""

import json
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from peewee import Expression

from forms_app.casework.errors import CaseError
from forms_app.casework.placed import placed_in
from forms_app.community import Circle
from forms_app.issues.by_hand import put_right
from forms_app.issues.recurring import Heard, Recurring, recurring
from forms_app.rules.projects import UNMEANT
from forms_app.rules.worktime import CHINA
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.projects import Topic, TopicIssue

OFFERED = 10  # topics of a community and month
LOOKED_BACK = timedelta(days=365)
JOINED_ALREADY = "这件事已经并到另一件里，请到那一件的页面上办。"


class TopicUnknown(CaseError):
    status = 404
    sentence = "没有找到这个问题。"


def find_topics(circle: Circle, *, now: datetime) -> int:
    """Finds what recurred in each community in the year before this month; how many there are.

    A month that was looked at is not looked at again: what it found stays. What leaders put right
    by hand in the year before holds for this month, too (`by_hand`). Each community's letters are
    read by themselves, and no transaction is held while they are compared.
    """
    first = now.astimezone(CHINA).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    month, made = _month_of(first), 0
    for community_id in sorted(circle.communities):
        here = (Topic.community_id == community_id) & (Topic.month == month)
        if not Topic.select().where(here).exists():
            since = first - LOOKED_BACK
            placed = placed_in(
                community_id, _month_of(since), _received(community_id, since, first)
            )
            # A matter by hand may be made of two that were found.
            most = OFFERED + 2 * len(placed)
            found = recurring(_heard_in(community_id, since, first), most)
            found = put_right(found, placed, heard_among)[:OFFERED]
            with writing():
                if not Topic.select().where(here).exists():
                    for place, one in enumerate(found, 1):
                        keep_topic(one, community_id, month, place, now)
                    made += len(found)
    return made


def _heard_in(community_id: str, since: datetime, until: datetime) -> Iterator[Heard]:
    """The community's issues received in a time, oldest first, read one by one."""
    return _heard(_received(community_id, since, until) & (Issue.of_incident == ""))


def heard_among(keys: Collection[int]) -> Iterator[Heard]:
    """These issues, oldest first, at whatever step they are."""
    return _heard(Issue.id.in_(sorted(keys)))


def _received(community_id: str, since: datetime, until: datetime) -> Expression:
    """The condition of what somebody reported in a time and did not take back."""
    condition: Expression = (
        (Issue.community_id == community_id)
        & (Issue.received_at >= since)
        & (Issue.received_at < until)
        & Issue.step.not_in(UNMEANT)
    )
    return condition


def _heard(condition: Expression) -> Iterator[Heard]:
    """One household is whoever left one phone; who left none is one by themselves."""
    rows = (
        Issue.select(
            Issue.id, Issue.description, Issue.estate_id, Issue.category, Issue.received_at,
            Issue.reporter_phone, Issue.round_no,
        )
        .where(condition)
        .order_by(Issue.received_at, Issue.id)
    )  # fmt: skip
    for key, text, estate_id, category, received_at, phone, rounds in rows.tuples().iterator():
        household = Issue.reporter_phone.mark(phone) or f"#{key}"
        yield Heard(key, text, estate_id, category, received_at, household, rounds)


def keep_topic(one: Recurring, community_id: str, month: str, place: int, now: datetime) -> Topic:
    """The topic of a month that a matter becomes, with its letters. Only within a transaction."""
    topic = Topic.create(
        month=month,
        community_id=community_id,
        place=place,
        found_at=now,
        **topic_columns(one),
    )
    examples = {key: number for number, key in enumerate(one.examples, 1)}
    for key in one.keys:
        TopicIssue.create(topic=topic, issue=key, example=examples.get(key, 0))
    return topic


def topic_columns(one: Recurring) -> dict[str, object]:
    """The columns of a topic that follow from its letters."""
    return {
        "estate_id": one.estate_id,
        "category": one.category,
        "words": " ".join(one.words),
        "centre": json.dumps(
            {part: round(weight, 4) for part, weight in one.centre.items()}, ensure_ascii=False
        ),
        "households": one.households,
        "rounds": one.rounds,
        "weeks": one.weeks,
        "first_on": one.first_on.isoformat(),
        "last_on": one.last_on.isoformat(),
    }


def _month_of(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m}"
