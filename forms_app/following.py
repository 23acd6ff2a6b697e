"""Who follows whom: the issues that say the same as another one, through every merge between.

Both casework and reports ask it, so that a resident who was merged twice waits for the same issue
everywhere. It writes nothing.
"""

import re
from collections.abc import Iterable

from peewee import CTE, Expression, ModelSelect

from forms_app.models import Issue
from forms_app.procedure import BEFORE_VERDICT, Step


def ends() -> "ModelSelect[Issue]":
    """One row (`issue_id`, `end_id`) for each issue at `merged`: which issue it follows in the end.

    Through a closed issue too: whoever was merged into it follows what it followed.
    """
    further, end = Issue.alias(), Issue.alias()
    first = (
        Issue.select(Issue.id.alias("issue_id"), Issue.merged_into.alias("end_id"))
        .where(Issue.step == Step.MERGED.value)
        .cte("chain", recursive=True, columns=("issue_id", "end_id"))
    )
    chain = first.union_all(
        further.select(first.c.issue_id, further.merged_into)
        .join(first, on=(further.id == first.c.end_id))
        .where(further.merged_into.is_null(False))
    )
    found: ModelSelect[Issue] = (
        end.select(chain.c.issue_id, end.id.alias("end_id"))
        .join(chain, on=(end.id == chain.c.end_id))
        .where(end.merged_into.is_null())
        .with_cte(chain)
    )
    return found


def may_judge() -> Expression:
    """The condition that a merged issue's resident has something to judge by now."""
    end = Issue.alias()
    handled = end.select(end.id).where(end.step.not_in([step.value for step in BEFORE_VERDICT]))
    found = ends().alias("found")
    followers = Issue.select(found.c.issue_id).from_(found).where(found.c.end_id.in_(handled))
    condition: Expression = Issue.id.in_(followers)
    return condition


def followers(issue_ids: Iterable[int]) -> dict[int, list[Issue]]:
    """Of each issue those that were merged into it or into one of these, oldest first."""
    roots = list(issue_ids)
    found: dict[int, list[Issue]] = {root: [] for root in roots}
    if not roots:
        return found
    further, row = Issue.alias(), Issue.alias()
    first = (
        Issue.select(Issue.merged_into.alias("root_id"), Issue.id.alias("issue_id"))
        .where(Issue.merged_into.in_(roots))
        .cte("joined", recursive=True, columns=("root_id", "issue_id"))
    )
    joined: CTE = first.union_all(
        further.select(first.c.root_id, further.id).join(
            first, on=(further.merged_into == first.c.issue_id)
        )
    )
    rows = (
        row.select(row, joined.c.root_id)
        .join(joined, on=(row.id == joined.c.issue_id))
        .with_cte(joined)
        .order_by(row.id)
    )
    for one in rows.objects():
        found[vars(one)["root_id"]].append(one)  # selected beside the columns
    return found


def households(issues: Iterable[Issue]) -> dict[int, int]:
    """How many told of the same thing as each of these issues, itself included.

    A report counts once, and reports that left the same phone count once together. That is as near
    to a household as one comes without asking for names: whoever reports twice without a phone
    counts twice, and so do two phones of one home. What was taken apart again no longer counts. It
    is a number to look at; nothing is graded, ordered or decided by it.
    """
    listed = list(issues)
    joined = followers(issue.id for issue in listed)
    return {issue.id: len({_home(one) for one in (issue, *joined[issue.id])}) for issue in listed}


def _home(issue: Issue) -> str:
    digits = re.sub(r"\D", "", issue.reporter_phone)
    return f"phone {digits}" if digits else f"issue {issue.id}"
