"""Very many reports at once for one community: whether it is so, and which of them are of it."""

from datetime import UTC, datetime, timedelta

from peewee import ModelSelect, ModelUpdate

from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared

# So many reports in this time are told one by one, however they came; from then on as one.
MOST_TOLD_SINGLY = 10
BURST_SPAN = timedelta(minutes=10)


def is_burst(issue: Issue, now: datetime) -> bool:
    """Whether more came for this community of late than are told one by one."""
    return len(_lately.tuples(issue.community_id, now - BURST_SPAN, now)) > MOST_TOLD_SINGLY


@prepared
def _lately(community_id: str, after: datetime, now: datetime) -> "ModelSelect[Issue]":
    came = Issue.community_id == community_id, Issue.received_at > after, Issue.received_at <= now
    return Issue.select(Issue.id).where(*came).limit(MOST_TOLD_SINGLY + 1)


def mark(issue: Issue, now: datetime) -> None:
    """Marks what residents sent along with this report, and nobody has taken up; it is marked too.

    What came before the last that is marked was marked with it: however many have come, only those
    since then are looked at. Only within a transaction.
    """
    after = now - BURST_SPAN
    for (came_at,) in _last_marked.tuples(issue.community_id, after, now):
        after = came_at - timedelta(seconds=1)
    _marked.done(issue.community_id, after, now)


@prepared
def _last_marked(community_id: str, after: datetime, now: datetime) -> "ModelSelect[Issue]":
    came = Issue.community_id == community_id, Issue.received_at > after, Issue.received_at <= now
    newest = Issue.received_at.desc(), Issue.id.desc()
    return Issue.select(Issue.received_at).where(*came, Issue.in_burst).order_by(*newest).limit(1)


@prepared
def _marked(community_id: str, after: datetime, now: datetime) -> ModelUpdate:
    return Issue.update(in_burst=True).where(
        Issue.community_id == community_id,
        Issue.received_at > after,
        Issue.received_at <= now,
        Issue.step == Step.COLLECTED.value,
        Issue.round_no == 1,
        Issue.collector.is_null(),
        Issue.of_incident == "",
        ~Issue.in_burst,
        ~Issue.is_imported,
    )


def size_of(issue: Issue) -> int:
    """How many came along with this one until now and wait still; 0 of what came by itself."""
    if not issue.in_burst:
        return 0
    near = Issue.received_at.between(issue.received_at - BURST_SPAN, issue.received_at + BURST_SPAN)
    return int(
        Issue.select(Issue.id)
        .where(
            Issue.community_id == issue.community_id, near, Issue.in_burst,
            Issue.step == Step.COLLECTED.value,
        )
        .count()
    )  # fmt: skip


def span_of(moment: datetime) -> int:
    """The number of the span that a moment lies in: the same for all of a burst's notices."""
    return int(moment.timestamp() // BURST_SPAN.total_seconds())


def begin_of(span: int) -> datetime:
    """When the span of this number begins."""
    return datetime.fromtimestamp(span * BURST_SPAN.total_seconds(), UTC)
