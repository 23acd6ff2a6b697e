"""What an issue adds to the sums of those who have to do with it: of a unit, or of who handed it
in, how many issues of each kind there are; of an account, how many it has in hand.

A page that asks for what there is none of, or only for the number, looks through nothing else.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from forms_app.issues.counted import Sums
from forms_app.rules.steps import OPEN_STEPS
from forms_app.store.models import Issue

OF_UNIT, IN_HAND = "unit", "in hand"
# Of each kind: the columns by which a unit's issues are told apart.
KINDS = (
    "step", "severity_class", "urgency", "category", "nature", "channel", "estate_id", "service",
    "community_id",
)  # fmt: skip
AGAIN, LED_BY = "again", "lead"
COLUMNS = ", ".join((*KINDS, "round_no", "caller_id", "collector_id"))
# Of whom an issue is; of an account that leads it now, or a unit, it is said.
PARTS = (
    "SELECT issue_id, organization_id, NULL AS account_id, 0 AS leads FROM party {where} "
    "UNION ALL SELECT issue_id, organization_id, account_id, "
    "CASE WHEN is_current AND part = 'lead' THEN 1 ELSE 0 END FROM assignment {where}"
)
_OPEN = frozenset(step.value for step in OPEN_STEPS)


class Kinds(NamedTuple):
    """What an issue is, by KINDS; in which round it is, who called others to it, and who of the
    staff handed it in.
    """

    kinds: tuple[Any, ...]
    round_no: int
    caller_id: int | None
    collector_id: int | None


class TakingPart(NamedTuple):
    """One row of who was called, leads or assists."""

    unit: str  # "": an account by itself
    account_id: int | None
    leads: int  # 1: now


def kinds_of(issue: Issue) -> Kinds:
    """The issue as it is now."""
    held = issue.__data__
    kinds = tuple(held[name] for name in KINDS)
    return Kinds(kinds, held["round_no"], held["caller"], held["collector"])


def kinds_in(columns: Sequence[Any]) -> Kinds:
    """The same of a row of COLUMNS."""
    *kinds, round_no, caller_id, collector_id = columns
    return Kinds(tuple(kinds), round_no, caller_id, collector_id)


def added(issue: Kinds, parts: Iterable[TakingPart]) -> Sums:
    """What one issue adds, with those who take part in it or did."""
    found: Sums = Counter()
    units = {""} if issue.collector_id is None else {"", of_account(issue.collector_id)}
    leads: set[str] = set()
    holders = {issue.caller_id}
    for part in parts:
        units.add(part.unit)
        if part.leads and (part.unit or part.account_id is not None):
            leads.add(part.unit or of_account(part.account_id))
            holders.add(part.account_id)
    if issue.kinds[0] in _OPEN:
        found.update((IN_HAND, str(holder)) for holder in holders if holder is not None)
    kinds = [f"{name}={value}" for name, value in zip(KINDS, issue.kinds, strict=True) if value]
    kinds += [f"{LED_BY}={lead}" for lead in leads]
    if issue.round_no > 1:
        kinds.append(f"{AGAIN}=1")
    found.update(key_of(unit, kind) for unit in units - {""} for kind in kinds)
    return found


def of_account(account_id: int | None) -> str:
    """What stands for an account where units stand: no unit is called so."""
    return f"@{account_id}"


def key_of(unit: str, kind: str) -> tuple[str, str]:
    """Where the sum of a unit's or collector's issues of one kind stands ("step=closed")."""
    return OF_UNIT, f"{unit} {kind}"
