"""Proof that the history is whole: the entries alone give every issue's standing and deadlines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.taken_over import left_to
from forms_app.rules.incidents import Main
from forms_app.rules.move import Clock, Move, Only, Promise
from forms_app.rules.procedure import (
    FORMER_MOVES,
    MOVES,
    OPENING,
    PUTTING_OFF,
    RELAYING,
    TAKING_OVER,
    ProcedureError,
    after,
    find_move,
    names_where,
)
from forms_app.rules.steps import Role, Step
from forms_app.rules.worktime import (
    CalendarUnknown,
    Clocks,
    grading_due,
    opinion_due,
    relay_due,
    ruling_due,
    urgency_due,
)
from forms_app.store.models import Entry, Issue

# Whatever levels a circle counts as satisfied, these never change sides (records.rules).
ALWAYS_SATISFIED = (5,)
ALWAYS_DISSATISFIED = (1, 2)
_AT_ONCE = 500  # issues whose histories are read together

_SETTING_DEADLINE = names_where(lambda move: move.promises is Promise.DEADLINE)
_BEGINNING_AGAIN = names_where(lambda move: move.begins_again)
_COMING_BACK = names_where(lambda move: move.comes_back)
_RULING = names_where(lambda move: Clock.RULING in move.stops)
_DECLINING = names_where(lambda move: "whose" in move.needs)


def retrace(entries: Iterable[Entry]) -> tuple[Step, int, str | None]:
    """Step, round and class that an issue's entries lead to, by the procedure's table alone.

    Raises ProcedureError at the first entry that does not follow from those before it.
    """
    step, round_no, severity_class, _ = _walked(entries)
    if step is None:
        raise ProcedureError("no entries")
    return step, round_no, severity_class


def _walked(entries: Iterable[Entry]) -> tuple[Step | None, int, str | None, bool]:
    """The same, and whether its result passed by itself."""
    step: Step | None = None
    round_no, severity_class = 1, None
    is_passed = False
    came_from: Step | None = None
    for entry in entries:
        if entry.from_step != (step and step.value) or entry.round_no != round_no:
            raise ProcedureError(f"entry {entry.id} does not follow")
        if entry.move in TAKING_OVER:
            # It goes on where the other one was: both histories must lead there.
            came_from, _, severity_class, is_passed = _walked(left_to(entry))
        move = _row_of(entry, step, severity_class, is_passed, came_from)
        came_from = step if move.to_step is Step.MERGED else came_from
        step, round_no, severity_class = after(move, step, round_no, severity_class, came_from)
        if move.grades:
            severity_class = entry.severity_class
        elif entry.field == "severity_class":
            severity_class = entry.new_value
        if (entry.to_step, entry.to_round, entry.severity_class) != (
            step.value,
            round_no,
            severity_class,
        ):
            raise ProcedureError(f"entry {entry.id} tells another result")
        is_relayed = entry.move in RELAYING
        by_itself = is_relayed and entry.actor_role == Role.SYSTEM.value
        is_passed = by_itself or (is_passed and not (is_relayed or move.new_round))
    return step, round_no, severity_class, is_passed


def _row_of(
    entry: Entry,
    step: Step | None,
    severity_class: str | None,
    is_passed: bool,
    came_from: Step | None,
) -> Move:
    """The row by which an entry was made: one that holds, else one that held then."""
    # In whose hands it was, shows where it led.
    is_own = entry.to_step == Step.EVALUATING.value
    so = {Only.OWN_HANDS if is_own else Only.UNITS_HANDS, Only.UNDER_REVIEW}
    # Whoever ruled, it leads to the same.
    so |= {Only.DECLINED, Only.DECLINED_UNITS}
    so |= {Only.REFERABLE, Only.TAKEABLE}  # the district was there, or the deadline had passed
    so |= {Only.NOT_EXTENDED}  # what was put off twice when there were no bounds, was put off
    so |= {Only.IN_BURST}  # until its resident said otherwise
    so |= {Only.PASSED} if is_passed else set()
    satisfied = _is_satisfied(entry)
    for moves in (MOVES, FORMER_MOVES):
        try:
            found = find_move(entry.move, step, severity_class, satisfied, so, moves)
        except ProcedureError:
            continue
        is_from_there = found.comes_back or found.takes_over
        if ((came_from if is_from_there else found.to_step) or step) == entry.to_step:
            return found
    raise ProcedureError(f"entry {entry.id} is no move")


def _is_satisfied(entry: Entry) -> bool | None:
    """What the verdict counted as when it was given: the circle's rule may have changed since."""
    is_satisfied = entry.to_step == Step.CLOSED.value
    if entry.satisfaction is None:
        # A main issue that the office handed in is closed by the verdict of one that follows it.
        is_offices = entry.issue.of_incident == Main.OFFICE.value
        return True if is_satisfied and is_offices else None
    if entry.satisfaction in (ALWAYS_DISSATISFIED if is_satisfied else ALWAYS_SATISFIED):
        raise ProcedureError(f"entry {entry.id} has another verdict")
    return is_satisfied


def deadlines_hold(issue: Issue, entries: Sequence[Entry]) -> bool:
    """Whether the deadlines changed only by moves that may change them, and stand as told last."""
    due_at: datetime | None = None
    opinion_due_at: datetime | None = None
    for entry in _one_history(entries):
        is_new_round = _begins_round(entry)
        may_change = is_new_round or _sets_deadline(entry)
        if entry.move in PUTTING_OFF:
            may_change = entry.due_at is not None and (due_at is None or entry.due_at > due_at)
        if entry.due_at != due_at and not may_change:
            return False
        if entry.opinion_due_at != opinion_due_at and not is_new_round:
            return False
        due_at, opinion_due_at = entry.due_at, entry.opinion_due_at
    return (issue.due_at, issue.opinion_due_at) == (due_at, opinion_due_at)


def _one_history(entries: Iterable[Entry]) -> Iterator[Entry]:
    """With all that had been done before an issue took it over, in its place."""
    for entry in entries:
        if entry.move in TAKING_OVER:
            yield from _one_history(left_to(entry))
        yield entry


def other_deadlines(circle: Circle) -> list[str]:
    """The numbers of issues whose deadlines come out differently by the settings of today.

    That is no fault: hours of duty or days may have been changed since. Deadlines of years whose
    days off are not known are left out.
    """
    others = []
    for issue, own in _histories():
        entries = [entry for entry in _one_history(own) if entry.move not in TAKING_OVER]
        relay_is = _relay_of_result(circle.clocks, issue, entries)
        ruling_is = _ruling_of_decline(circle.clocks, entries)
        ends = (issue.grade_due_at, issue.relay_due_at, issue.ruling_due_at)
        is_same = ends == (_grade_of_opinion(circle.clocks, issue), relay_is, ruling_is)
        if not is_same or not _come_out_the_same(circle.clocks, entries):
            others.append(issue.number)
    return others


def _come_out_the_same(clocks: Clocks, entries: Iterable[Entry]) -> bool:
    classified_at: datetime | None = None
    for entry in entries:
        if entry.move in _SETTING_DEADLINE:
            classified_at = entry.made_at
        try:
            opinion_is = _opinion_of_round(clocks, entry)
            result_is = _result_of_grade(clocks, entry, classified_at)
        except CalendarUnknown:
            continue
        if entry.opinion_due_at != opinion_is or entry.due_at != result_is:
            return False
    return True


def _opinion_of_round(clocks: Clocks, entry: Entry) -> datetime | None:
    """The opinion's deadline by these clocks if the entry begins a round, else what it says."""
    if not _begins_round(entry) or entry.opinion_due_at is None:
        return entry.opinion_due_at
    # What was told on paper or by telephone counts from then, whenever it was written down.
    is_first = entry.from_step is None
    return opinion_due(clocks, entry.asked_at if is_first and entry.asked_at else entry.made_at)


def _result_of_grade(
    clocks: Clocks, entry: Entry, classified_at: datetime | None
) -> datetime | None:
    """The result's deadline by these clocks if the entry sets the urgency, else what it says."""
    if not _sets_deadline(entry) or classified_at is None or entry.urgency is None:
        return entry.due_at
    return urgency_due(clocks, classified_at, entry.urgency)


def _grade_of_opinion(clocks: Clocks, issue: Issue) -> datetime | None:
    """Until when it is graded by these clocks, while that is waited for; else what it says."""
    if issue.step != Step.COLLECTED.value or issue.opined_at is None:
        return issue.grade_due_at
    return grading_due(clocks, issue.opined_at)


def _relay_of_result(clocks: Clocks, issue: Issue, entries: Sequence[Entry]) -> datetime | None:
    """Until when a result waits by these clocks, while it does; else what the issue says."""
    came = [
        entry.made_at
        for entry in entries
        if entry.from_step != entry.to_step == Step.REPORTED.value
    ]
    return relay_due(clocks, came[-1]) if issue.step == Step.REPORTED.value else issue.relay_due_at


def _ruling_of_decline(clocks: Clocks, entries: Sequence[Entry]) -> datetime | None:
    """Until when it is ruled by these clocks on the first that declined; None where nobody did."""
    since: datetime | None = None
    for entry in entries:
        is_aside = entry.to_step == Step.MERGED.value or entry.move in _COMING_BACK
        is_left = entry.from_step != entry.to_step and not is_aside
        if entry.move in _RULING or is_left or entry.to_round != entry.round_no:
            since = None
        elif entry.move in _DECLINING:
            since = since or entry.made_at
    return ruling_due(clocks, since) if since is not None else None


def _begins_round(entry: Entry) -> bool:
    """Whether its opinion's clock begins with it, in a round of its own or once more."""
    begins = (*OPENING, *_BEGINNING_AGAIN)
    return entry.move in begins or entry.to_round != entry.round_no


def _sets_deadline(entry: Entry) -> bool:
    return entry.move in _SETTING_DEADLINE or entry.field == "urgency"


def broken_histories() -> list[str]:
    """The numbers of issues whose entries do not lead to where the issue stands.

    Every change of an issue raises its version by one, so a missing note is found as well.
    """
    broken = []
    for issue, entries in _histories():
        try:
            stands = retrace(entries)
        except ProcedureError:
            stands = None
        is_whole = stands == (Step(issue.step), issue.round_no, issue.severity_class)
        is_whole = is_whole and deadlines_hold(issue, entries)
        if not is_whole or len(entries) != issue.version:
            broken.append(issue.number)
    return broken


def _histories() -> Iterator[tuple[Issue, list[Entry]]]:
    """Every issue with its entries, oldest first: some hundreds of them with two statements."""
    last = 0
    while issues := list(Issue.select().where(Issue.id > last).order_by(Issue.id).limit(_AT_ONCE)):
        first, last = issues[0].id, issues[-1].id
        own: dict[int, list[Entry]] = defaultdict(list)
        for entry in Entry.select().where(Entry.issue.between(first, last)).order_by(Entry.id):
            own[entry.__data__["issue"]].append(entry)
        for issue in issues:
            for entry in own[issue.id]:
                entry.issue = issue
            yield issue, own[issue.id]


def sums_hold() -> bool:
    """Whether the kept sums are what a full recount gives."""
    return sums.kept() == sums.recounted()
