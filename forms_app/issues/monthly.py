"""What one issue adds to the record of the months: how soon, how well, and what residents said.

Each number belongs to the month in which something happened and to a community and a kind, so that
a month that is over can be told once and stay. What hangs on a verdict is counted apart from the
rest, which ends at the first verdict.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from forms_app.issues.counted import Call, CountedEntry, Standing, Sums, Taken, month_of
from forms_app.rules.figures import TEN, hour_of, minutes_up
from forms_app.rules.move import VerdictBy, verdict_by
from forms_app.rules.procedure import (
    ANSWERING,
    ANSWERING_AT_ONCE,
    OPENING,
    PASSING_ON,
    PUTTING_OFF,
    RECURRING,
)
from forms_app.rules.steps import BEFORE_VERDICT, Step
from forms_app.rules.worktime import CHINA, Duty

RESULTS = frozenset(step.value for step in (Step.REPORTED, Step.EVALUATING))
WAITING = frozenset(step.value for step in BEFORE_VERDICT) - RESULTS
COMMUNITY, KIND, URGENCY = "community", "kind", "urgency"
HOUR, WEEKDAY = "hour", "weekday"
# What is counted by urgency, too; 0 is what was never graded.
BY_URGENCY = ("finished", "finished_on_time")
# What is counted beside the codes of rules.figures.COUNTS, and by what.
TAKEN = "minutes to answer"  # "2026-11 7"
ARRIVED = "arrived"  # "2026-11 hour 3", "2026-11 weekday 6", "2026-11 community jingui"
ASKED = "asked"  # "2026-11 2026-12 own": asked when, answered when, how; "2026-11": not yet
EVALUATING, SHELVED = "evaluating", "shelved"  # "2026-11 2026-12": since when, until when
OWN_ROUND = "own verdict by round"  # "2026-11 1 5": month, round, level
OWN_PLACE = "own verdict by place"  # "2026-11 community jingui 5"
OWN_FOLLOWED = "own verdict followed"  # "2026-11 2026-12 1": by another one of the same issue
RECURRED = "recurred"  # "2026-11 2026-12": closed by an own verdict when, came again when
BY_SELF, BY_STAFF, BY_NOBODY = "own", "entered", "none"
_HOW = {VerdictBy.RESIDENT: BY_SELF, VerdictBy.STAFF: BY_STAFF}
_LAST_ROUND = 3  # and all later ones
# Where it was not kept: the clock of something that comes outside duty hours starts with the next
# duty: by then this much has gone by, and more than a promise of minutes allows.
_NEXT_DUTY = timedelta(hours=1)


def of_work(
    issue: Standing, entries: Sequence[CountedEntry], calls: Iterable[Call], taken: Taken
) -> Sums:
    """What was done until somebody judged it; `entries` go no further, `calls` may.

    What others followed and its resident took back is one work: it counts where it goes on, with
    all that was `taken` over, and no more where it began.
    """
    found: Sums = Counter()
    arrived = datetime.fromisoformat(issue.received_at).astimezone(CHINA)
    found[ARRIVED, f"{arrived:%Y-%m} {HOUR} {hour_of(arrived.hour)}"] += 1
    found[ARRIVED, f"{arrived:%Y-%m} {WEEKDAY} {arrived.isoweekday()}"] += 1
    _count(found, issue, f"{arrived:%Y-%m}", [ARRIVED])
    began: dict[int, tuple[str, str | None, str]] = {}
    for entry in entries:
        if entry.move in OPENING:
            began[entry.to_round] = (issue.received_at, entry.opinion_due_at, entry.duty)
        elif entry.id in taken and entry.round_no in began:
            since, _, duty = began[entry.round_no]
            began[entry.round_no] = (since, entry.opinion_due_at, duty)
        elif entry.to_round != entry.round_no:
            began[entry.to_round] = (entry.made_at, entry.opinion_due_at, entry.duty)
        elif entry.is_opinion:
            since, due_at, duty = began.pop(entry.round_no, ("", None, ""))
            if due_at is not None:
                _answered(found, issue, entry.asked_at or entry.made_at, since, due_at, duty)
    work = _one_work(entries, taken)
    result: CountedEntry | None = None
    is_extended = is_escalated = False
    for entry in work:
        if entry.to_step in RESULTS:
            result = result or entry
        elif entry.to_step in WAITING:
            result = None
        if result is None:
            is_extended = is_extended or entry.move in PUTTING_OFF
            is_escalated = is_escalated or entry.move in PASSING_ON
    if result is not None:
        codes = [
            "finished",
            *["finished_on_time"] * (result.due_at is None or result.made_at <= result.due_at),
            *["desk"] * (result.move in ANSWERING_AT_ONCE),
            *["extended"] * is_extended,
            *["escalated"] * is_escalated,
        ]
        month = month_of(result.made_at)
        _count(found, issue, month, codes)
        for code in BY_URGENCY:
            found[code, f"{month} {URGENCY} {result.urgency or 0}"] += code in codes
    _called(found, issue, work, calls)
    return found


def _one_work(entries: Sequence[CountedEntry], taken: Taken) -> list[CountedEntry]:
    """The entries with what was taken over in its place, and without the rounds that go on in
    another issue. What was done of its own in that round, before it followed, is a round apart.
    """
    work: list[CountedEntry] = []
    for entry in entries:
        if entry.is_passed_on:
            work = [one for one in work if abs(one.round_no) != entry.round_no]
        elif entry.id in taken:
            here = entry.round_no
            work = [_in_round(one, -here) if one.round_no == here else one for one in work]
            work += [_in_round(one, here) for one in taken[entry.id]]
        else:
            work.append(entry)
    return work


def _in_round(entry: CountedEntry, round_no: int) -> CountedEntry:
    return entry._replace(round_no=round_no, to_round=round_no)


def _answered(found: Sums, issue: Standing, given: str, since: str, due_at: str, duty: str) -> None:
    start = datetime.fromisoformat(since)
    taken = max(timedelta(0), datetime.fromisoformat(given) - start)
    month = month_of(given)
    codes = [
        "answered",
        *["answered_within_ten"] * (taken <= TEN),
        *["answered_on_time"] * (given <= due_at),
        *["off_duty"] * _is_off_duty(duty, datetime.fromisoformat(due_at) - start),
    ]
    _count(found, issue, month, codes)
    found[TAKEN, f"{month} {minutes_up(taken)}"] += 1


def _is_off_duty(duty: str, clock: timedelta) -> bool:
    """As it was kept when the clock began; of before that is known only how long it ran."""
    return duty == Duty.OFF if duty else clock > _NEXT_DUTY


def _called(
    found: Sums, issue: Standing, entries: Sequence[CountedEntry], calls: Iterable[Call]
) -> None:
    """Each organisation once a round, by when it was to answer first."""
    told = {entry.id: entry for entry in entries}
    seen: set[tuple[int, str]] = set()
    for call in calls:
        entry = told.get(call.entry_id)
        if entry is None or (entry.round_no, call.organization_id) in seen:
            continue
        seen.add((entry.round_no, call.organization_id))
        answer = next(
            (
                one
                for one in entries
                if one.id > entry.id
                and one.round_no == entry.round_no
                and one.organization_id == call.organization_id
                and one.move in ANSWERING
            ),
            None,
        )
        is_in_time = answer is not None and answer.made_at <= call.reply_by
        codes = ["called", *["units_in_time"] * is_in_time]
        _count(found, issue, month_of(call.reply_by), codes)


def _count(found: Sums, issue: Standing, month: str, codes: Iterable[str]) -> None:
    for code in codes:
        found[code, f"{month} {COMMUNITY} {issue.community_id}"] += 1
        found[code, f"{month} {KIND} {issue.category}"] += 1


def of_asking(entries: Iterable[CountedEntry]) -> Sums:
    """When its resident was asked first, and what came of it. `entries` go as far as the first
    verdict: whoever is asked again was not satisfied, and a number of those would tell of it.
    """
    found: Sums = Counter()
    asked = evaluating = shelved = ""  # the month in which it began
    for entry in entries:
        month = month_of(entry.made_at)
        if evaluating and entry.to_step != Step.EVALUATING.value:
            found[EVALUATING, f"{evaluating} {month}"] += 1
            evaluating = ""
        if shelved and entry.to_step != Step.SHELVED.value:
            found[SHELVED, f"{shelved} {month}"] += 1
            shelved = ""
        if entry.to_step == Step.EVALUATING.value:
            asked, evaluating = asked or month, evaluating or month
        elif entry.to_step == Step.SHELVED.value:
            shelved = shelved or month
        elif asked:
            how = BY_NOBODY
            if entry.satisfaction is not None:
                how = _HOW[verdict_by(entry.actor_role, entry.asked_how)]
            found[ASKED, f"{asked} {month} {how}"] += 1
            asked = ""
    for kind, since in ((ASKED, asked), (EVALUATING, evaluating), (SHELVED, shelved)):
        if since:
            found[kind, since] += 1
    return found


def of_own_verdicts(issue: Standing, entries: Iterable[CountedEntry]) -> Sums:
    """What the resident said by their own ticket, and what followed it."""
    found: Sums = Counter()
    own: tuple[str, int] | None = None  # the newest verdict, if it is the resident's own
    closed = ""  # the month in which an own verdict closed it
    for entry in entries:
        if entry.satisfaction is None:
            if closed and entry.to_step != Step.CLOSED.value:
                if entry.move in RECURRING:
                    found[RECURRED, f"{closed} {month_of(entry.made_at)}"] += 1
                closed = ""
            continue
        month, level = month_of(entry.made_at), entry.satisfaction
        if own is not None:
            found[OWN_FOLLOWED, f"{own[0]} {month} {own[1]}"] += 1
        own, closed = None, ""
        if verdict_by(entry.actor_role, entry.asked_how) is VerdictBy.RESIDENT:
            own = (month, level)
            closed = month if entry.to_step == Step.CLOSED.value else ""
            found[OWN_ROUND, f"{month} {min(entry.round_no, _LAST_ROUND)} {level}"] += 1
            found[OWN_PLACE, f"{month} {COMMUNITY} {issue.community_id} {level}"] += 1
            found[OWN_PLACE, f"{month} {KIND} {issue.category} {level}"] += 1
    return found
