"""What a move of one issue does to another: in the same turn, with an entry of its own."""

from collections.abc import Mapping

from forms_app.casework.telling import tell_resident
from forms_app.casework.turn import Turn
from forms_app.issues import sums
from forms_app.issues.access import Actor
from forms_app.rules.procedure import find_move
from forms_app.rules.steps import Step
from forms_app.store.models import Issue


def move_along(
    t: Turn,
    other: Issue,
    name: str,
    actor: Actor,
    *,
    changes: Mapping[str, object] | None = None,
    line: Mapping[str, object] | None = None,
    note: str = "",
) -> None:
    """Makes a move of another issue along with the turn's, counts it and tells its resident."""
    move = find_move(name, Step(other.step), other.severity_class)
    before = sums.before_move(other)
    made = Turn(other, move, actor, t.now, t.clocks).record(changes=changes, line=line, note=note)
    sums.moved(before, other)
    tell_resident(other, made, actor)
