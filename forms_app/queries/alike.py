"""Issues that may be the same thing as this one, for its reporter and for the staff.

Looked for among the newest open ones of its community, found along an index; never in everything.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import ModelSelect

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.following import households
from forms_app.issues.likeness import Told, alike, alike_in_public
from forms_app.queries.cases import Case
from forms_app.queries.facts import ListedIssue, facts
from forms_app.rules.steps import BEFORE_VERDICT, OPEN_STEPS, Step
from forms_app.store.models import Issue, KeptApart
from forms_app.store.prepared import prepared

LOOKED_AT = 300  # issues; what is older than so many open ones nobody reports by chance again

Code = Callable[[str], str]  # an issue's number → what stands for it on the page


@dataclass(frozen=True)
class Alike:
    """Another issue that may be the same thing. The reasons may hold both reporters' words."""

    issue: ListedIssue
    step: Step
    because: tuple[str, ...]
    households: int
    is_visible: bool  # whether this actor may read what it says


@dataclass(frozen=True)
class Offer:
    """What a resident may know of another's issue: nothing that anybody wrote."""

    code: str
    category: str
    estate_id: str
    community_id: str
    step: Step
    received_at: datetime
    households: int
    own_number: str  # where they hold that ticket themselves


def alike_to(actor: Actor, issue: ListedIssue) -> tuple[Alike, ...]:
    """What the staff should compare an open issue with, the likeliest first.

    What was kept apart from it is left out.
    """
    found = alike(_told(issue), _candidates(issue, OPEN_STEPS))
    rows = _rows([like.key for like in found])
    listed = [facts(ListedIssue, row) for row in rows]
    seen = readable(actor, listed)
    told_by = households(rows)
    return tuple(
        Alike(one, Step(one.step), like.because, told_by[one.id], one.id in seen)
        for one, like in zip(listed, found, strict=True)
    )


def alike_followed(actor: Actor, found: Case) -> Alike | None:
    """The issue that a merged one follows, to be compared with it; None where it follows none."""
    other = found.follows
    if other is None or found.step is not Step.MERGED:
        return None
    return Alike(
        other, Step(other.step), (), found.households, other.id in readable(actor, [other])
    )


def readable(actor: Actor, issues: Sequence[ListedIssue]) -> set[int]:
    """The ids of those among the issues that this actor may see."""
    ids = [issue.id for issue in issues]
    return {key for (key,) in _readable.tuples(actor, ids)} if ids else set()


@prepared
def _readable(actor: Actor, ids: Sequence[int]) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id).where(Issue.id.in_(ids), visible_to(actor))


def offers(actor: Actor, issue: ListedIssue, code: Code) -> tuple[Offer, ...]:
    """What the reporter of a new issue may join: open ones that nobody has handled yet."""
    here = [
        told for told in _candidates(issue, BEFORE_VERDICT) if told.estate_id == issue.estate_id
    ]
    rows = _rows([like.key for like in alike_in_public(_told(issue), here)])
    told_by = households(rows)
    return tuple(
        Offer(
            code(row.number),
            row.category,
            row.estate_id,
            row.community_id,
            Step(row.step),
            row.received_at,
            told_by[row.id],
            row.number if row.number in actor.held_numbers else "",
        )
        for row in rows
    )


def offered_number(issue: ListedIssue, code: Code, chosen: str) -> str | None:
    """The number behind a code that was offered, also where it was merged meanwhile."""
    newest = _newest(issue.id, issue.community_id, (*BEFORE_VERDICT, Step.MERGED))
    numbers = Issue.select(Issue.number).where(Issue.id.in_(newest)).tuples()
    return next((number for (number,) in numbers.iterator() if code(number) == chosen), None)


def _candidates(issue: ListedIssue, steps: Sequence[Step]) -> list[Told]:
    """The newest at these steps in the issue's community that were not kept apart from it."""
    # Plain columns: building three hundred rows would cost more than comparing them.
    others = {key for sides in _apart.tuples(issue.id) for key in sides}
    found = _compared.tuples(issue.id, issue.community_id, frozenset(steps))
    return [told for told in map(Told._make, found) if told.key not in others]


@prepared
def _apart(issue_id: int) -> "ModelSelect[KeptApart]":
    is_of = (KeptApart.first == issue_id) | (KeptApart.second == issue_id)
    return KeptApart.select(KeptApart.first, KeptApart.second).where(is_of)


@prepared
def _compared(issue_id: int, community_id: str, steps: frozenset[Step]) -> "ModelSelect[Issue]":
    """What issues are compared by, in the order of `Told`."""
    return Issue.select(
        Issue.id,
        Issue.description,
        Issue.location,
        Issue.estate_id,
        Issue.category,
        Issue.received_at,
    ).where(Issue.id.in_(_newest(issue_id, community_id, steps)))


def _newest(issue_id: int, community_id: str, steps: Collection[Step]) -> "ModelSelect[Issue]":
    newest: ModelSelect[Issue] = (
        Issue.select(Issue.id)
        .where(
            Issue.community_id == community_id,
            Issue.step.in_(sorted(step.value for step in steps)),
            Issue.id != issue_id,
        )
        .order_by(Issue.id.desc())
        .limit(LOOKED_AT)
    )
    return newest


def _rows(ids: Sequence[int]) -> list[Issue]:
    """These issues, in this order."""
    rows = {row.id: row for row in _these.rows(ids)} if ids else {}
    return [rows[key] for key in ids]


@prepared
def _these(ids: Sequence[int]) -> "ModelSelect[Issue]":
    return Issue.select().where(Issue.id.in_(ids))


def _told(issue: ListedIssue) -> Told:
    return Told(
        issue.id,
        issue.description,
        issue.location,
        issue.estate_id,
        issue.category,
        issue.received_at,
    )
