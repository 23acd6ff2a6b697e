"""What somebody may do on an issue at a moment: the procedure's rows as its page offers them."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from forms_app.issues.access import HANDS, Actor, dated, with_district
from forms_app.rules.move import Only, Who
from forms_app.rules.procedure import moves_from
from forms_app.rules.steps import BEFORE_VERDICT, Role, Step
from forms_app.rules.windows import has_begun, is_open
from forms_app.rules.worktime import Clocks
from forms_app.store.models import Issue


class Moment(NamedTuple):
    """By which settings and at which time it is asked what somebody may do."""

    settings: Clocks
    now: datetime


def moves_offered(
    actor: Actor, issue: Issue, parts: Collection[Who], follows: Issue | None, at: Moment | None
) -> tuple[str, ...]:
    """What they may do; a verdict waits until the issue that it follows has been handled."""
    has_nothing_to_judge = follows is not None and Step(follows.step) in BEFORE_VERDICT
    # In whose hands it is says where a result leads, not who tells it.
    so = {Only.OWN_HANDS, Only.UNITS_HANDS} | dated(issue)
    if actor.role in (Role.SUBDISTRICT_LEADER, Role.DISTRICT_OFFICE):
        so |= with_district(issue)
    offered = [
        move
        for move in moves_from(Step(issue.step), parts, issue.severity_class, so)
        if move.satisfied is None or not has_nothing_to_judge
        if (has_begun(move, issue) if at is None else is_open(move, issue, *at, parts))
    ]
    if any(move.bars_hands for move in offered) and HANDS.holds(actor, issue):
        offered = [move for move in offered if not move.bars_hands]
    return tuple(dict.fromkeys(move.name for move in offered))
