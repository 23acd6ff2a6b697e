"""What a caller writes down for a unit of which nobody has an account in use (代记)."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from forms_app.casework.errors import NotPossible
from forms_app.casework.turn import Turn
from forms_app.issues.access import units_without_account
from forms_app.rules.steps import Part
from forms_app.store.models import Assignment

# What is said of a field that is not filled in.
NEEDED = {
    "for_unit": "请选一家没有账号的单位；有账号的单位由它自己登记。",
    "told_by": "代记要写明是谁说的。",
    "told_how": "代记要写明是怎么说的，例如：电话、当面。",
    "told_at": "代记要写明是什么时候说的。",
}
# What the resident reads after the move's own sentence.
RECORDED_WORDS = "（打电话问来，替他们记下的）"


class Recorded(Struct, frozen=True):
    """Who of the unit said it, how and when."""

    told_by: str
    told_how: str
    told_at: datetime | None


def recorded_for(t: Turn, unit: str, recorded: Recorded | None) -> dict[str, Any]:
    """The columns that mark an entry as written down for this unit. Raises NotPossible."""
    if unit not in {one for _, one in units_without_account(t.issue)}:
        raise NotPossible("for_unit", NEEDED["for_unit"])
    if recorded is None or not recorded.told_by.strip():
        raise NotPossible("told_by", NEEDED["told_by"])
    if not recorded.told_how.strip():
        raise NotPossible("told_how", NEEDED["told_how"])
    if recorded.told_at is None:
        raise NotPossible("told_at", NEEDED["told_at"])
    if not t.issue.received_at.replace(second=0) <= recorded.told_at <= t.now:
        raise NotPossible("told_at", "代记的时间要在收到问题之后，不能晚于现在。")
    return {
        "organization_id": unit,
        "told_by": recorded.told_by,
        "asked_how": recorded.told_how,
        "asked_at": recorded.told_at,
    }


def leading_unit(t: Turn) -> str:
    """The unit that leads; "" where none does."""
    lead = current_lead(t)
    return lead.organization_id if lead is not None else ""


def current_lead(t: Turn) -> Assignment | None:
    """Who leads, a person or a unit; None where nobody does."""
    found: Assignment | None = Assignment.get_or_none(
        (Assignment.issue == t.issue) & Assignment.is_current & (Assignment.part == Part.LEAD.value)
    )
    return found
