"""Answered at the first desk: settled by words alone, and taken back where that was too soon."""

from datetime import datetime

from forms_app.casework.errors import NotAllowed, NotPossible
from forms_app.casework.sentences import ended
from forms_app.casework.turn import Turn, turn
from forms_app.casework.verdicts import record_verdict
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.procedure import find_move
from forms_app.rules.steps import INQUIRY, NATURES, TIP_OFF, Step
from forms_app.store.models import Entry, Issue

NATURE_NEEDED = "请选择性质：当场答复的要写明是咨询、求助，还是别的。"


def settle(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    outcome: str,
    *,
    nature: str,
    now: datetime,
) -> Entry:
    """Answers for good: the answer is the initial opinion and the result in one."""
    with turn(circle, actor, number, version, "settle", now) as t:
        return record_settled(t, outcome, nature, now)


def may_settle(circle: Circle, actor: Actor) -> bool:
    """Whether this actor may answer for good what they are just taking in."""
    return circle.clocks.desk_answers and actor.role in find_move("settle", Step.COLLECTED).who


def check_settling(
    circle: Circle, actor: Actor, nature: str, answer: str, verdict: int | None
) -> None:
    """Raises NotAllowed or NotPossible unless a new report may be settled as it is taken in.

    `verdict` is the caller's own word on it, of an inquiry and a satisfied one only: anything else
    is asked of them by somebody who did not answer it.
    """
    if not may_settle(circle, actor):
        raise NotAllowed
    if not answer.strip():
        raise NotPossible("initial_opinion", "当场答复的，请写下答复了什么。")
    if not nature:
        raise NotPossible("nature", NATURE_NEEDED)
    if verdict is not None and nature != INQUIRY:
        raise NotPossible(
            "verdict", "只有咨询可以当场代录评价；其他的请反映人自己评，或者请同事去问。"
        )
    if verdict is not None and verdict not in circle.satisfied_levels:
        raise NotPossible("verdict", "反映人不满意，就不要当场办结：登记以后分类定级再办。")


def settle_taken_in(
    circle: Circle,
    actor: Actor,
    issue: Issue,
    *,
    answer: str,
    answered_at: datetime,
    verdict: int | None,
    now: datetime,
) -> None:
    """Settles a report in the transaction that takes it in, with the caller's verdict if known."""
    t = Turn(issue, find_move("settle", Step.COLLECTED), actor, now, circle.clocks)
    record_settled(t, answer, issue.nature, answered_at)
    if verdict is not None:
        t.move = find_move("evaluate", Step.EVALUATING, satisfied=True)
        record_verdict(t, verdict, is_satisfied=True, asked_at=answered_at, asked_how="当场问的")


def record_settled(t: Turn, outcome: str, nature: str, answered_at: datetime) -> Entry:
    """The entry of a settled issue, as one move of a turn. Raises NotPossible."""
    t.need(outcome=outcome)
    if nature not in NATURES:
        raise NotPossible("nature", NATURE_NEEDED)
    if TIP_OFF in (nature, t.issue.nature):
        # Somebody has to look.
        raise NotPossible("nature", "举报不能当场答复了事，请分类定级，派人核实。")
    opinion = {} if t.issue.opined_at else {"initial_opinion": outcome, "opined_at": answered_at}
    return t.record(
        changes={
            "urgency": None,
            "nature": nature,
            "settled_at": t.now,
            "evaluating_since": answered_at,
        }
        | opinion,
        line={"note": ended(outcome)},
        note=outcome,
    )


def take_back(
    circle: Circle, actor: Actor, number: str, version: int, reason: str, *, now: datetime
) -> Entry:
    """Begins again what was settled too soon; the resident reads that it goes on."""
    with turn(circle, actor, number, version, "take_back", now) as t:
        t.need(reason=reason)
        return t.record(note=reason)
