"""A board asked for as an address asks for it, and what fills it."""

from typing import Any

from forms_app import queries
from forms_app.issues.access import Actor
from forms_app.issues.board_filters import read
from forms_app.queries.board import Board
from forms_app.rules.steps import Step
from tests.support.actors import CIRCLE, COLIN, NOW, bring, submit


def board(actor: Actor, address: str = "", now: Any = NOW) -> Board:
    given = dict(part.split("=") for part in address.split("&") if part)
    filters, refused = read(CIRCLE, given)
    assert refused == ()
    return queries.board(CIRCLE, actor, now, filters)


def handed_in(count: int, start: int) -> None:
    """More issues from the collector: some are summoned to, some handled by a unit or a worker."""
    for n in range(start, start + count):
        found = submit(f"more {n}", COLIN, channel="grid_worker")
        step = Step.HANDLING if n % 2 else Step.RESPONDING
        bring(step, "C" if n % 4 == 1 else "B", found.number)
