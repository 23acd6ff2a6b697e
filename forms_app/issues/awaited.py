"""Whose move is next on an issue: one rule, read from the procedure's table.

Many may do something to an issue (a leader may always correct it); waited for is only who brings
it on. It knows no database: reports asks it row by row, and turns the same table into a query.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from forms_app.rules.move import Between, Move, When, Who
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import Role, Step


class Wait(Struct, frozen=True):
    """One row: an issue at this step may wait for this move, and then for one of `who`.

    `Part.PARTY` stands for those parties alone that have not answered.
    """

    step: Step
    move: Move
    who: frozenset[Who]


def _rows() -> Iterator[Wait]:
    for step in Step:
        for move in MOVES:
            if move.awaited is not None and step in move.from_steps:
                yield Wait(step, move, _who(step, move))


def _who(step: Step, move: Move) -> frozenset[Who]:
    # Three tries were enough: a shelved issue waits until its resident comes back.
    return frozenset({Role.RESIDENT}) if step is Step.SHELVED else move.awaited_of or move.who


WAITS: tuple[Wait, ...] = tuple(_rows())
_WAITS_AT: Mapping[Step, tuple[Wait, ...]] = {
    step: tuple(wait for wait in WAITS if wait.step is step) for step in Step
}


@lru_cache(maxsize=1024)
def waits_of(
    step: Step,
    severity_class: str | None,
    *,
    is_opined: bool,
    is_unanswered: bool,
    is_reply_late: bool,
    ruling_between: str,
    is_referred: bool,
) -> tuple[Wait, ...]:
    """What an issue waits for as it stands.

    A summons waits for the parties that have not answered; once all have, or their time is up,
    (also) for the caller, who makes the plan or calls again. Where a unit says that it is not
    theirs (`ruling_between` is of move.Between), for whoever rules on it; where the district was
    asked and has not answered (`is_referred`), for its office.
    """
    is_so = {
        When.ALWAYS: True,
        When.NOT_OPINED: not is_opined,
        When.OPINED: is_opined,
        When.UNANSWERED: is_unanswered,
        When.ANSWERED: not is_unanswered or is_reply_late,
        When.DECLINED: bool(ruling_between),
        When.DECLINED_HOME: ruling_between == Between.HOME,
        When.DECLINED_UNITS: ruling_between == Between.UNITS,
        When.REFERRED: is_referred,
    }
    return tuple(
        wait
        for wait in _WAITS_AT[step]
        if wait.move.applies(step, severity_class) and is_so[wait.move.awaited or When.ALWAYS]
    )
