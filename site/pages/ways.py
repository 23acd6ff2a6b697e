"""The ways out of every step, as the list below the flowchart gives them.

Every one comes from `procedure.MOVES`; nothing here says who may do what.
"""

from collections.abc import Sequence

from msgspec import Struct

from forms_app.rules.move import Move
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import OPEN_STEPS, STEPS, Step
from pages.procedure_tables import condition, need_labels, who_labels


class Way(Struct, frozen=True):
    """One move out of a step, for the list."""

    label: str
    target: str
    target_step: Step | None
    who: tuple[str, ...]
    needs: tuple[str, ...]


class StepWays(Struct, frozen=True):
    step: Step
    label: str
    waits_for: str
    ways: tuple[Way, ...]


def steps_and_ways(moves: Sequence[Move] = MOVES) -> tuple[StepWays, ...]:
    """Every step with every move out of it, in the procedure's order; not those open everywhere."""
    return tuple(
        StepWays(
            step,
            facts.label,
            facts.waits_for,
            tuple(
                way(move, step)
                for move in moves
                if step in move.from_steps and not is_everywhere(move)
            ),
        )
        for step, facts in STEPS.items()
    )


def everywhere_ways(moves: Sequence[Move] = MOVES) -> tuple[tuple[str, Way], ...]:
    """The moves that are open at every step, each with the words for until when."""
    return tuple((until(move), way(move, None)) for move in moves if is_everywhere(move))


def way(move: Move, step: Step | None) -> Way:
    target = move.to_step if move.to_step != step else None
    words = STEPS[target].label if target else "留在这一步"
    return Way(
        label=move.label + condition(move),
        target=words + ("，开始新一轮" if move.new_round else ""),
        target_step=target,
        who=who_labels(move),
        needs=need_labels(move),
    )


def is_everywhere(move: Move) -> bool:
    """Whether a move is open at so many steps that one note says it better than many lines."""
    return set(move.from_steps) >= set(OPEN_STEPS)


def until(move: Move) -> str:
    return "任何时候" if set(move.from_steps) == set(Step) else "销号之前"
