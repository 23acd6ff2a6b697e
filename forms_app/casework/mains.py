"""An incident's main issue that the office handed in has no resident: it is closed by the first
satisfied verdict of whoever follows it, and stands open again where no such verdict is left.
"""

from forms_app.casework.telling import tell
from forms_app.casework.turn import Turn
from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.following import followers
from forms_app.rules.incidents import Main
from forms_app.rules.procedure import find_move
from forms_app.rules.steps import Step
from forms_app.store.models import Issue

_WAITING = (Step.EVALUATING, Step.SHELVED)


def close_main(t: Turn, circle: Circle, main: Issue | None, label: str) -> None:
    """In the transaction of a follower's satisfied verdict, `label` its words.

    The main issue's entry has no verdict of its own: it is counted with the one who gave it.
    """
    if main is None or main.of_incident != Main.OFFICE.value or Step(main.step) not in _WAITING:
        return
    move = find_move("evaluate", Step(main.step), main.severity_class, satisfied=True)
    _move_along(
        Turn(main, move, t.actor, t.now, t.clocks),
        circle,
        {"closed_at": t.now, "verdict_by": t.issue.verdict_by},
        line={"satisfaction_label": label},
        note=f"随 {t.issue.number} 的评价销号",
    )


def open_main(t: Turn, circle: Circle, main: Issue | None) -> None:
    """In the transaction in which a follower takes a verdict back: the last one takes its main."""
    if main is None or main.of_incident != Main.OFFICE.value or Step(main.step) is not Step.CLOSED:
        return
    if any(Step(one.step) is Step.CLOSED for one in followers(main)):
        return
    _move_along(
        Turn(main, find_move("undo", Step.CLOSED, main.severity_class), t.actor, t.now, t.clocks),
        circle,
        {"closed_at": None, "verdict_by": ""},
        note=f"随 {t.issue.number} 收回的评价重新待评价",
    )


def _move_along(t: Turn, circle: Circle, changes: dict[str, object], **entry: object) -> None:
    before = sums.before_move(t.issue)
    made = t.record(changes=changes, **entry)  # type: ignore[arg-type]
    sums.moved(before, t.issue)
    tell(circle, t.issue, made, t.actor)
