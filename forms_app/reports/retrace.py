"""Proof that the history is whole: the entries alone give every issue's standing."""

from collections.abc import Iterable

from forms_app.models import Entry, Issue
from forms_app.procedure import ProcedureError, Step, after, find_move

# Whatever levels a circle counts as satisfied, these never change sides (records.rules).
ALWAYS_SATISFIED = (5,)
ALWAYS_DISSATISFIED = (1, 2)


def retrace(entries: Iterable[Entry]) -> tuple[Step, int, str | None]:
    """Step, round and class that an issue's entries lead to, by the procedure's table alone.

    Raises ProcedureError at the first entry that does not follow from those before it.
    """
    step: Step | None = None
    round_no, severity_class = 1, None
    for entry in entries:
        if entry.from_step != (step and step.value) or entry.round_no != round_no:
            raise ProcedureError(f"entry {entry.id} does not follow")
        move = find_move(entry.move, step, severity_class, _is_satisfied(entry))
        step, round_no, severity_class = after(move, step, round_no, severity_class)
        if move.name == "classify":
            severity_class = entry.severity_class
        elif entry.field == "severity_class":
            severity_class = entry.new_value
        if (entry.to_step, entry.to_round, entry.severity_class) != (
            step.value,
            round_no,
            severity_class,
        ):
            raise ProcedureError(f"entry {entry.id} tells another result")
    if step is None:
        raise ProcedureError("no entries")
    return step, round_no, severity_class


def _is_satisfied(entry: Entry) -> bool | None:
    """What the verdict counted as when it was given: the circle's rule may have changed since."""
    if entry.satisfaction is None:
        return None
    is_satisfied = entry.to_step == Step.CLOSED.value
    if entry.satisfaction in (ALWAYS_DISSATISFIED if is_satisfied else ALWAYS_SATISFIED):
        raise ProcedureError(f"entry {entry.id} has another verdict")
    return is_satisfied


def broken_histories() -> list[str]:
    """The numbers of issues whose entries do not lead to where the issue stands.

    Every change of an issue raises its version by one, so a missing note is found as well.
    """
    broken = []
    for issue in Issue.select().order_by(Issue.id).iterator():
        entries = list(Entry.select().where(Entry.issue == issue).order_by(Entry.id))
        try:
            stands = retrace(entries)
        except ProcedureError:
            stands = None
        is_whole = stands == (Step(issue.step), issue.round_no, issue.severity_class)
        if not is_whole or len(entries) != issue.version:
            broken.append(issue.number)
    return broken
