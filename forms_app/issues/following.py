"""Who follows whom: the issues that say the same as another one, through every merge between.

Both casework and reports ask it, so that a resident who was merged twice waits for the same issue
everywhere. It writes nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from peewee import CTE, JOIN, Expression, ModelSelect, fn

from forms_app.rules.incidents import Main
from forms_app.rules.steps import BEFORE_VERDICT, Step
from forms_app.store.models import Issue
from forms_app.store.prepared import prepared


def ends(which: Expression, *, but_at: Sequence[Step] = ()) -> "ModelSelect[Issue]":
    """One row (`issue_id`, `end_id`) for each of these issues: which one it follows in the end.

    Through a closed issue too: whoever was merged into it follows what it followed. Without those
    that follow an issue at one of the steps `but_at`, or an incident's: nobody is reminded of that.
    """
    further, end = Issue.alias(), Issue.alias()
    first = (
        Issue.select(Issue.id.alias("issue_id"), Issue.merged_into.alias("end_id"))
        .where(which)
        .cte("chain", recursive=True, columns=("issue_id", "end_id"))
    )
    chain = first.union_all(
        further.select(first.c.issue_id, further.merged_into)
        .join(first, on=(further.id == first.c.end_id))
        .where(further.merged_into.is_null(False))
    )
    is_end = (end.id == chain.c.end_id) & end.merged_into.is_null() & (end.of_incident == "")
    if but_at:
        is_end &= end.step.not_in([step.value for step in but_at])
    # Asked of each that follows, by its key: joined, SQLite begins with all that were ever handled.
    found: ModelSelect[Issue] = (
        Issue.select(chain.c.issue_id, chain.c.end_id)
        .from_(chain)
        .where(fn.EXISTS(end.select(end.id).where(is_end)))
        .with_cte(chain)
    )
    return found


def judging(merged: Sequence[int]) -> set[int]:
    """The ids of those of these merged issues whose residents have something to judge by now."""
    return {key for key, _ in _judging.tuples(merged)} if merged else set()


@prepared
def _judging(merged: Sequence[int]) -> "ModelSelect[Issue]":
    return ends(Issue.id.in_(merged), but_at=BEFORE_VERDICT)


def followers(issue: Issue) -> list[Issue]:
    """Those that were merged into the issue or into one of these, oldest first."""
    return list(_joined([issue.id], Issue))


def households(issues: Iterable[Issue]) -> dict[int, int]:
    """How many told of the same thing as each of these issues, itself included.

    A report counts once, and reports that left the same phone count once together. That is as near
    to a household as one comes without asking for names: whoever reports twice without a phone
    counts twice, and so do two phones of one home. What was taken apart again no longer counts. It
    is a number to look at; nothing is graded, ordered or decided by it.
    """
    homes = {issue.id: _homes_of(issue) for issue in issues}
    if homes:
        for issue_id, phone, root_id in _homes.tuples(list(homes)):
            homes[root_id].add(_home(issue_id, Issue.reporter_phone.mark(phone)))
    return {root_id: len(found) for root_id, found in homes.items()}


def versions(issue_id: int) -> tuple[tuple[object, ...], ...]:
    """What tells one state of those that follow an issue from another."""
    return tuple(_versions.tuples([issue_id]))


@prepared
def _versions(root_ids: Sequence[int]) -> "ModelSelect[Issue]":
    return _joined(root_ids, Issue.id, Issue.version, Issue.reporter_phone)


@prepared
def _homes(root_ids: Sequence[int]) -> "ModelSelect[Issue]":
    return _joined(root_ids, Issue.id, Issue.reporter_phone)


def _joined(root_ids: Sequence[int], *columns: Any) -> "ModelSelect[Issue]":
    """These columns of every issue that follows one of the roots, and the root's id after them."""
    further = Issue.alias()
    first = (
        Issue.select(Issue.merged_into.alias("root_id"), Issue.id.alias("issue_id"))
        .where(Issue.merged_into.in_(root_ids))
        .cte("joined", recursive=True, columns=("root_id", "issue_id"))
    )
    joined: CTE = first.union_all(
        further.select(first.c.root_id, further.id).join(
            first, on=(further.merged_into == first.c.issue_id)
        )
    )
    # From the few that follow to their rows: joined otherwise, SQLite walks the whole register.
    found: ModelSelect[Issue] = (
        Issue.select(*columns, joined.c.root_id)
        .from_(joined)
        .join(Issue, JOIN.LEFT_OUTER, on=(Issue.id == joined.c.issue_id))
        .with_cte(joined)
        .order_by(Issue.id)
    )
    return found


def _homes_of(issue: Issue) -> set[str]:
    """Who told of it in its own name: nobody of what the office handed in itself."""
    is_offices = issue.of_incident == Main.OFFICE.value
    return set() if is_offices else {_home(issue.id, Issue.reporter_phone.mark_of(issue))}


def _home(issue_id: int, mark: str) -> str:
    """Those whose telephones have the same mark have the same telephone."""
    return mark or f"issue {issue_id}"
