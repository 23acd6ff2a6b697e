"""Whose move is next on an issue: one rule, read from the procedure's table.

Many may do something to an issue (a leader may always correct it); waited for is only who brings
it on. It knows no database: reports asks it row by row, and turns the same table into a query.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms_app.rules.procedure import MOVES, Move, Role, Step, Who

# The moves that bring an issue on from each step, in the order in which they are made.
FORWARD: Mapping[Step, tuple[str, ...]] = {
    Step.COLLECTED: ("opine", "classify"),
    Step.CLASSIFIED: ("assign", "summon"),
    Step.RESPONDING: ("answer", "plan"),
    Step.HANDLING: ("resolve",),
    Step.EVALUATING: ("evaluate",),
    Step.MERGED: ("evaluate",),
    Step.SHELVED: ("evaluate",),
}
# Who may ask a resident is more than who does: the community rings them up.
_WHO_ASK = frozenset({Role.RESIDENT, Role.WORKER, Role.COMMUNITY_LEADER})


@dataclass(frozen=True)
class Wait:
    """One row: an issue at this step may wait for this move, and then for one of `who`.

    `Part.PARTY` stands for those parties alone that have not answered.
    """

    step: Step
    move: Move
    who: frozenset[Who]


def _rows() -> Iterator[Wait]:
    for step, names in FORWARD.items():
        for name in names:
            for move in MOVES:
                if move.name == name and step in move.from_steps and move.satisfied is not False:
                    yield Wait(step, move, _who(step, move))


def _who(step: Step, move: Move) -> frozenset[Who]:
    if move.name != "evaluate":
        return move.who
    # Three tries were enough: a shelved issue waits until its resident comes back.
    return frozenset({Role.RESIDENT}) if step is Step.SHELVED else move.who & _WHO_ASK


WAITS: tuple[Wait, ...] = tuple(_rows())


def waits_of(
    step: Step,
    severity_class: str | None,
    *,
    is_opined: bool,
    is_unanswered: bool,
    is_reply_late: bool,
) -> tuple[Wait, ...]:
    """What an issue waits for as it stands.

    A summons waits for the parties that have not answered; once all have, or their time is up,
    (also) for the caller, who makes the plan or calls again.
    """
    is_due = {
        "opine": not is_opined,
        "classify": is_opined,
        "answer": is_unanswered,
        "plan": not is_unanswered or is_reply_late,
    }
    return tuple(
        wait
        for wait in WAITS
        if wait.step is step
        and wait.move.applies(step, severity_class)
        and is_due.get(wait.move.name, True)
    )
