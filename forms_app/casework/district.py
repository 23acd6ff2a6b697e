"""The level above all sub-districts: asked by one (提级协调), or where it is late (提办).

For the rest of the round its office is caller beside the sub-district, and it keeps seeing the
issue; nothing that anybody else has in hand changes by it.
"""

from datetime import datetime

from forms_app.casework.sentences import ended
from forms_app.casework.turn import turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.rules.steps import DISTRICT_NAME
from forms_app.rules.worktime import deadline_words
from forms_app.store.models import Entry


def refer_up(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    reason: str,
    request: str,
    answer_by: datetime,
    now: datetime,
) -> Entry:
    """Asks the district's office for what is beyond the sub-district; its next move answers it."""
    with turn(circle, actor, number, version, "refer_up", now) as t:
        t.need(reason=reason, request=request)
        t.need_ahead(answer_by)
        until = deadline_words(answer_by, now)
        return t.record(
            changes={"district_round": t.issue.round_no, "district_due_at": answer_by},
            line={"district": DISTRICT_NAME},
            note=said(
                "请%(office)s协调：%(request)s请在%(until)s前答复。理由：%(reason)s",
                office=DISTRICT_NAME, request=ended(request), until=until, reason=ended(reason),
            ),
            # So that the clock is known from the history alone.
            field="district_due_at",
            new_value=answer_by.isoformat(),
        )  # fmt: skip


def take_up(
    circle: Circle, actor: Actor, number: str, version: int, reason: str, *, now: datetime
) -> Entry:
    """The district's office takes up a major issue whose deadline has passed, unasked."""
    with turn(circle, actor, number, version, "take_up", now) as t:
        t.need(reason=reason)
        return t.record(
            changes={"district_round": t.issue.round_no},
            line={"district": DISTRICT_NAME},
            note=reason,
        )
