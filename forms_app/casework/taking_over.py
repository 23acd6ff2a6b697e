"""What others follow goes on though its resident takes it back: the oldest of them takes over its
step, class, people and clocks, and the rest follow that one.

Nothing of what its resident said goes along. What is open is moved, as an urge that waits for its
answer, or a link by which a unit answers; what tells who was called and who leads is copied: the
units still see the issue that was taken back, and its file stays whole.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from peewee import Expression

from forms_app.casework.along import move_along
from forms_app.casework.conversation import unanswered_since
from forms_app.casework.telling import tell
from forms_app.casework.turn import Turn, newest_merge
from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import SYSTEM
from forms_app.issues.following import followers
from forms_app.rules.clocks import VERDICT
from forms_app.rules.notices import State
from forms_app.rules.procedure import TAKING_OVER, find_move
from forms_app.rules.steps import BEFORE_VERDICT, Step
from forms_app.store.incidents import Incident
from forms_app.store.models import (
    AnswerLink,
    Assignment,
    Entry,
    Issue,
    Measure,
    Objection,
    Party,
    Summons,
    TakenOver,
    Urge,
)
from forms_app.store.notices import Notice, Reminder
from forms_app.store.prepared import add_unless_there
from forms_app.store.sealing import look, touched

# What an issue's row holds of the work, of who does it and until when. All else is of the report,
# of its resident, or of how it came to be where it is.
OF_THE_WORK = (
    "urgency", "round_started_at", "opinion_due_at", "opined_at", "grade_due_at", "classified_at",
    "due_at", "extended_by", "caller", "reply_by", "answers_due_at", "ruling_due_at",
    "ruling_between", "district_due_at", "urge_due_at", "result", "relay_due_at", "passed_at",
    "evaluating_since", "settled_at",
)  # fmt: skip


class Left(Struct):
    """What an issue leaves behind that is about to be taken back, and who follows it."""

    issue: Issue
    step: Step
    severity_class: str | None
    columns: dict[str, Any]
    heir: Turn
    rest: Sequence[Issue]


def left_by(t: Turn) -> Left | None:
    """What goes on when this turn takes an issue back; None where nobody of its community follows
    it: from another one, none of its people could go on.

    To be asked before the turn is recorded. What is open in the issue is the heir's from here on,
    so that it does not end with it.
    """
    issue = t.issue
    if issue.merged_into is not None:
        return None
    found = followers(issue)
    heir = _heir(issue, found)
    if heir is None:
        return None
    held = issue.__data__
    columns = {name: held[name] for name in OF_THE_WORK}
    if issue.review_due_at is not None:
        columns |= {"review_on": issue.review_on, "review_due_at": issue.review_due_at}
    if issue.district_round == issue.round_no:
        columns["district_round"] = heir.round_no
    if heir.initial_opinion and Step(issue.step) is not Step.COLLECTED:
        del columns["opined_at"]  # its resident was answered by itself, and when they were
    elif issue.rated and heir.rated and not heir.initial_opinion:
        columns["initial_opinion"] = issue.initial_opinion  # which was written for all of them
    (name,) = TAKING_OVER
    move = find_move(name, Step.MERGED, heir.severity_class)
    left = (Step(issue.step), issue.severity_class)
    taking = Turn(heir, move, SYSTEM, t.now, t.clocks, left=left)
    # What was open of its own from before it followed, was of another work.
    Objection.update(ended_at=t.now).where(_open(Objection, heir)).execute()
    heir.ruling_due_at = None
    for table in (Urge, Objection):
        table.update(issue=heir).where(_open(table, issue)).execute()
    return Left(issue, *left, columns, taking, [one for one in found if one.id != heir.id])


def _heir(issue: Issue, found: Sequence[Issue]) -> Issue | None:
    """Of those that follow an issue itself, or what was closed since, the one that came first."""
    by_id = {one.id: one for one in found}

    def is_next(one: Issue) -> bool:
        above = by_id.get(one.__data__["merged_into"])
        return above is None or (Step(above.step) is not Step.MERGED and is_next(above))

    near = [
        one for one in found
        if Step(one.step) is Step.MERGED and one.community_id == issue.community_id and is_next(one)
    ]  # fmt: skip
    return min(near, key=_came, default=None)


def _open(table: type[Urge] | type[Objection], issue: Issue) -> Expression:
    found: Expression = (table.issue == issue) & table.ended_at.is_null()
    return found


def _came(one: Issue) -> int:
    came = newest_merge(one)
    return int(came.id) if came is not None else 0


def take_over(circle: Circle, t: Turn, left: Left) -> None:
    """In the turn that took the issue back, once it is recorded: the heir goes on with its work."""
    heir, issue = left.heir.issue, left.issue
    before = sums.before_move(heir)
    is_asked = left.step in BEFORE_VERDICT
    of_incident = {"of_incident": issue.of_incident} if issue.of_incident else {}
    made = left.heir.record(
        changes={
            **left.columns,
            **of_incident,
            "merged_into": None,
            "merged_at": None,
            "asked_since": unanswered_since(heir) if is_asked else None,
            "added_since": heir.added_since,
        },
        note=f"{issue.number} 的反映人撤回，同一件事由这一件接着办",
    )
    left.heir.made = made
    _take_people(issue, heir)
    _go_on_with(issue, heir, made, t.made)
    Incident.update(issue=heir).where(
        Incident.issue == issue, Incident.ended_at.is_null()
    ).execute()
    _keep_reminded(issue, heir)
    sums.moved(before, heir)
    _follow(t, left.rest, issue, heir)
    tell(circle, heir, made, SYSTEM)


def _take_people(issue: Issue, heir: Issue) -> None:
    """Who was called in the round, who leads and assists now, and the lines of the plan."""
    called = (Summons.issue == issue) & (Summons.round_no == issue.round_no)
    for summons in list(Summons.select().where(called).order_by(Summons.id)):
        copied = _copy(summons, issue=heir.id, round_no=heir.round_no)
        for party in list(Party.select().where(Party.summons == summons).order_by(Party.id)):
            now = _copy(party, issue=heir.id, summons=copied)
            AnswerLink.update(party=now).where(
                AnswerLink.party == party,
                AnswerLink.used_at.is_null(),
                AnswerLink.replaced_at.is_null(),
            ).execute()
    for table in (Assignment, Measure):
        current = table.select().where(table.issue == issue, table.is_current)
        for row in list(current.order_by(table.id)):
            _copy(row, issue=heir.id)


def _copy(row: Any, **columns: object) -> int:
    held = {name: value for name, value in row.__data__.items() if name != "id"}
    return int(type(row).insert({**held, **columns}).execute())


def _go_on_with(issue: Issue, heir: Issue, made: Entry, gone: Entry | None) -> None:
    """The round is the heir's, and so is what the issue had gone on with in it."""
    own = TakenOver(taken=issue, taken_round=issue.round_no, gone=gone)
    here = (TakenOver.issue == issue) & (TakenOver.round_no == issue.round_no)
    for one in (own, *TakenOver.select().where(here).order_by(TakenOver.id)):
        _copy(one, issue=heir.id, round_no=heir.round_no, entry=made.id)


def _keep_reminded(issue: Issue, heir: Issue) -> None:
    """What was told of its clocks is not told again; what is on its way goes to the heir's page.

    Of its verdict each resident is reminded for themselves.
    """
    told = Reminder.select().where(Reminder.issue == issue, Reminder.clock != VERDICT)
    add_unless_there(Reminder, [
        {"issue": heir.id, "clock": one.clock, "due_at": one.due_at, "rank": one.rank}
        for one in told
    ])  # fmt: skip
    Notice.update(issue=heir).where(
        Notice.issue == issue,
        Notice.state == State.WAITING.value,
        Notice.clock.not_in(["", VERDICT]),
    ).execute()


def _follow(t: Turn, rest: Sequence[Issue], issue: Issue, heir: Issue) -> None:
    """Whoever waits with the others follows the heir, each told; what was judged already follows
    it, too, as the same thing, and nothing changes for its resident.
    """
    for one in rest:
        if Step(one.step) is Step.MERGED:
            move_along(
                t, one, "follow_on", SYSTEM,
                changes={"merged_into": heir, "added_since": one.added_since},
                note=f"{issue.number} 的反映人撤回，改随 {heir.number}",
            )  # fmt: skip
        elif one.__data__["merged_into"] == issue.id:
            look(one)
            Issue.update(merged_into=heir).where(Issue.id == one.id).execute()
            touched(Issue, one.id, t.now)
