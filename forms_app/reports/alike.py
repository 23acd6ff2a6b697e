"""Issues that may be the same thing as this one, for its reporter and for the staff.

Looked for among the newest open ones of its community, found along an index; never in everything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from peewee import Expression

from forms_app.access import Actor, visible_to
from forms_app.following import households
from forms_app.likeness import Told, alike, alike_in_public
from forms_app.models import Issue, KeptApart
from forms_app.procedure import BEFORE_VERDICT, OPEN_STEPS, Step
from forms_app.reports.cases import Case

LOOKED_AT = 300  # issues; what is older than so many open ones nobody reports by chance again

Code = Callable[[str], str]  # an issue's number → what stands for it on the page


@dataclass(frozen=True)
class Alike:
    """Another issue that may be the same thing. The reasons may hold both reporters' words."""

    issue: Issue
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


def alike_to(actor: Actor, issue: Issue) -> tuple[Alike, ...]:
    """What the staff should compare an open issue with, the likeliest first.

    What was kept apart from it is left out.
    """
    rows = _candidates(issue, OPEN_STEPS)
    found = alike(_told(issue), [_told(row) for row in rows])
    by_id = {row.id: row for row in rows}
    listed = [by_id[like.key] for like in found]
    seen = readable(actor, listed)
    told_by = households(listed)
    return tuple(
        Alike(
            by_id[like.key],
            Step(by_id[like.key].step),
            like.because,
            told_by[like.key],
            like.key in seen,
        )
        for like in found
    )


def alike_followed(actor: Actor, found: Case) -> Alike | None:
    """The issue that a merged one follows, to be compared with it; None where it follows none."""
    other = found.follows
    if other is None or found.step is not Step.MERGED:
        return None
    return Alike(
        other, Step(other.step), (), found.households, other.id in readable(actor, [other])
    )


def readable(actor: Actor, issues: Sequence[Issue]) -> set[int]:
    """The ids of those among the issues that this actor may see."""
    ids = [issue.id for issue in issues]
    rows = Issue.select(Issue.id).where(Issue.id.in_(ids), visible_to(actor))
    return {row.id for row in rows}


def offers(actor: Actor, issue: Issue, code: Code) -> tuple[Offer, ...]:
    """What the reporter of a new issue may join: open ones that nobody has handled yet."""
    rows = _offered(issue)
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


def offered_number(issue: Issue, code: Code, chosen: str) -> str | None:
    """The number behind a code that was offered, also where it was merged meanwhile."""
    still = _candidates(issue, (*BEFORE_VERDICT, Step.MERGED), Issue.estate_id == issue.estate_id)
    return next((row.number for row in still if code(row.number) == chosen), None)


def _offered(issue: Issue) -> list[Issue]:
    rows = _candidates(issue, BEFORE_VERDICT, Issue.estate_id == issue.estate_id)
    by_id = {row.id: row for row in rows}
    found = alike_in_public(_told(issue), [_told(row) for row in rows])
    return [by_id[like.key] for like in found]


def _candidates(issue: Issue, steps: Sequence[Step], *also: Expression) -> list[Issue]:
    """The newest at these steps in the issue's community that were not kept apart from it."""
    newest = (
        Issue.select(Issue.id)
        .where(
            Issue.community_id == issue.community_id,
            Issue.step.in_([step.value for step in steps]),
            Issue.id != issue.id,
        )
        .order_by(Issue.id.desc())
        .limit(LOOKED_AT)
    )
    apart = KeptApart.select().where((KeptApart.first == issue) | (KeptApart.second == issue))
    others = {row.__data__[side] for row in apart for side in ("first", "second")}
    return [
        row for row in Issue.select().where(Issue.id.in_(newest), *also) if row.id not in others
    ]


def _told(issue: Issue) -> Told:
    return Told(
        issue.id,
        issue.description,
        issue.location,
        issue.estate_id,
        issue.category,
        issue.received_at,
    )
