"""The state machine at its full size: sequences of moves, and whether each history is whole.

The suite runs a sample of the same; which moves there are, both read from the procedure's table.
"""

import resource
from collections.abc import Callable
from pathlib import Path

from forms_app.rules.procedure import MOVES
from forms_app.store.database import open_database
from tests.support.history import run_histories
from tests.support.seed import Seed, seed

SEQUENCES, STEPS = 200, 30


def measure_histories(folder: Path, say: Callable[..., None]) -> None:
    """Sequences, moves made, which of the table's were never made, processor seconds.

    Raises AssertionError where a history does not lead to where its issue stands.
    """
    seed(folder / "seed.db")
    database = open_database(f"sqlite:///{folder / 'histories.db'}")
    began = _spent()
    made = run_histories(database, Seed(folder / "seed.db"), sequences=SEQUENCES, steps=STEPS)
    never = {row.name for row in MOVES} - {"submit"} - set(made)
    say(
        "histories",
        sequences=SEQUENCES,
        steps_each=STEPS,
        moves_made=made.total(),
        moves_never_made=" ".join(sorted(never)),
        processor_s=round(_spent() - began, 1),
    )
    database.close()


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
