"""What came of the cases of a unit, counted one after another."""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct, field

from forms_app.queries.unit_cases import Case, CaseEntry
from forms_app.rules.clocks import is_past
from forms_app.rules.move import VerdictBy, verdict_by
from forms_app.rules.procedure import (
    ANSWERING,
    ENDING_HANDLING,
    GIVING_BACK,
    PASSING_ON,
    PUTTING_OFF,
    names_where,
)
from forms_app.rules.steps import OPEN_STEPS, Step

# Another plan ends the part of a unit that has none in it: to the others it gives work again.
_ENDING_A_PART = names_where(lambda move: move.ends_handling or move.next_class)
# Where an issue stands while its resident is waited for.
_UNJUDGED = (Step.EVALUATING.value, Step.SHELVED.value)
_OPEN = frozenset(step.value for step in OPEN_STEPS)
_REPLACING = names_where(lambda move: move.replaces)


class Results(Struct):
    """What came of cases that are over."""

    on_time: int = 0
    late: int = 0
    judged: int = 0  # by the resident's own verdict
    dissatisfied: int = 0
    entered: int = 0  # verdicts that staff entered
    entered_dissatisfied: int = 0

    @property
    def finished(self) -> int:
        """How many were resolved or explained."""
        return self.on_time + self.late


class UnitMonth(Struct):
    """One unit's cases of a month: given = on time + late + still open + gone another way."""

    unit_id: str
    given: int = 0
    leading: int = 0
    led: Results = field(default_factory=Results)  # of those that it led
    called: int = 0
    answered_on_time: int = 0
    on_time: int = 0
    late: int = 0
    still_open: int = 0
    open_overdue: int = 0  # of those still open
    other: int = 0
    judged: int = 0  # by the resident's own verdict
    dissatisfied: int = 0
    entered: int = 0  # verdicts that staff entered
    entered_dissatisfied: int = 0
    unjudged: int = 0  # finished and told to a resident who has not said anything yet
    unjudged_since: datetime | None = None  # the oldest of these
    extended: int = 0  # times that their deadline was put off
    escalated: int = 0  # of those gone another way
    again: int = 0  # of a second round or a later one
    received: int = 0  # issues that came in that month, whatever became of them

    @property
    def finished(self) -> int:
        """How many were resolved or explained."""
        return self.on_time + self.late


def add_case(row: UnitMonth, case: Case, entries: list[CaseEntry], now: str) -> None:
    """Counts one case with the others of its unit; `entries` are its issue's, oldest first, and
    `now` is as the database keeps times.
    """
    row.given += 1
    row.again += case.round_no > 1
    row.leading += case.is_leading
    if case.first_call is not None:
        row.called += 1
        row.answered_on_time += _answered_on_time(case, entries)
    after = [
        entry
        for entry in entries
        if entry.round_no == case.round_no and entry.id > case.given[-1].id
    ]
    ended = _end(after)
    row.extended += sum(
        entry.move in PUTTING_OFF and (ended is None or entry.id < ended.id) for entry in after
    )
    row.escalated += ended is not None and ended.move in PASSING_ON
    if ended is None:
        row.still_open += 1
        # The deadline as the newest entry of the round left it: an extension moves it.
        row.open_overdue += is_past((after or case.given)[-1].due_at, now)
    elif ended.move not in ENDING_HANDLING:
        row.other += 1
    verdict = next((entry for entry in after if entry.satisfaction is not None), None)
    if verdict is None and after and after[-1].to_step in _UNJUDGED:
        asked = next(entry.made_at for entry in after if entry.to_step in _UNJUDGED)
        asked_at = datetime.fromisoformat(asked)
        row.unjudged += 1
        row.unjudged_since = min(row.unjudged_since or asked_at, asked_at)
    if ended is not None and ended.move in ENDING_HANDLING:
        came = _came_of(ended, verdict)
        for counted in (row, row.led) if case.is_leading else (row,):
            for name in Results.__struct_fields__:
                setattr(counted, name, getattr(counted, name) + getattr(came, name))


def _came_of(ended: CaseEntry, verdict: CaseEntry | None) -> Results:
    """One case that was finished, as it is counted."""
    is_on_time = ended.due_at is None or ended.made_at <= ended.due_at
    came = Results(on_time=int(is_on_time), late=int(not is_on_time))
    if verdict is not None:
        is_dissatisfied = verdict.to_step != Step.CLOSED.value
        if verdict_by(verdict.actor_role, verdict.asked_how) is VerdictBy.RESIDENT:
            came.judged, came.dissatisfied = 1, int(is_dissatisfied)
        else:
            came.entered, came.entered_dissatisfied = 1, int(is_dissatisfied)
    return came


def _end(entries: Iterable[CaseEntry]) -> CaseEntry | None:
    """What ended the unit's part: the first result that its caller did not give back."""
    ended: CaseEntry | None = None
    for entry in entries:
        is_handed_in = ended is not None and ended.to_step == Step.REPORTED.value
        if is_handed_in and entry.move in GIVING_BACK:
            ended = None
        elif (ended is None and _ends(entry)) or (is_handed_in and entry.move in PASSING_ON):
            ended = entry
    return ended


def _ends(entry: CaseEntry) -> bool:
    """Whether the unit's part is over: finished, passed on to the next class, or out of the way."""
    is_out = entry.to_step not in _OPEN
    # Before there is a plan, nobody has a part in one to lose.
    is_replaced = entry.move in _REPLACING and entry.from_step == Step.HANDLING.value
    return entry.move in _ENDING_A_PART or is_replaced or is_out


def _answered_on_time(case: Case, entries: list[CaseEntry]) -> bool:
    call = case.first_call
    answers = (
        entry.made_at
        for entry in entries
        if call is not None
        and entry.move in ANSWERING
        and entry.organization_id == case.unit_id
        and entry.id > call.id
        and entry.round_no == case.round_no
    )
    first = next(answers, None)
    return first is not None and first <= case.reply_by
