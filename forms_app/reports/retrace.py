"""Proof that the history is whole: the entries alone give every issue's standing."""

from collections.abc import Iterable

from forms_app.models import Entry, Issue
from forms_app.procedure import ProcedureError, Step, after, find_move
from forms_app.records import Circle


def retrace(circle: Circle, entries: Iterable[Entry]) -> tuple[Step, int, str | None]:
    """Step, round and class that an issue's entries lead to, by the procedure's table alone.

    Raises ProcedureError at the first entry that does not follow from those before it.
    """
    step: Step | None = None
    round_no, severity_class = 1, None
    for entry in entries:
        if entry.from_step != (step and step.value) or entry.round_no != round_no:
            raise ProcedureError(f"entry {entry.id} does not follow")
        satisfied = None
        if entry.satisfaction is not None:
            satisfied = entry.satisfaction in circle.satisfied_levels
        move = find_move(entry.move, step, severity_class, satisfied)
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


def broken_histories(circle: Circle) -> list[str]:
    """The numbers of issues whose entries do not lead to where the issue stands."""
    broken = []
    for issue in Issue.select().order_by(Issue.id).iterator():
        entries = Entry.select().where(Entry.issue == issue).order_by(Entry.id)
        try:
            stands = retrace(circle, entries)
        except ProcedureError:
            stands = None
        if stands != (Step(issue.step), issue.round_no, issue.severity_class):
            broken.append(issue.number)
    return broken
