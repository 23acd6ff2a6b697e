"""One issue as somebody may see it, put together."""

from collections.abc import Collection
from datetime import datetime, timedelta

from forms_app.issues.access import (
    Actor,
    goes_on_as,
    is_above_in_use,
    parts_of,
    visible_issue,
)
from forms_app.issues.following import households
from forms_app.issues.taken_over import numbers_before
from forms_app.issues.unreachable import may_go_untried
from forms_app.issues.urged import as_heard, hears_of_all, is_answered_by
from forms_app.queries.case_facts import Case
from forms_app.queries.case_parts import (
    called,
    files_of,
    handlers_of,
    has_notes,
    may_note,
    measures_of,
    names_of,
    objections_of,
    outcome_of,
    people_in,
    rounds_of,
    unheard_units,
    urges_of,
    work_before,
)
from forms_app.queries.contacts import left_in
from forms_app.queries.facts import IssueFacts, ListedIssue, UrgeFacts, facts
from forms_app.queries.incidents import words_of
from forms_app.queries.offered import Moment, moves_offered
from forms_app.queries.photos import photos_of
from forms_app.queries.project_answers import asked_after_of
from forms_app.queries.rings import duty_of
from forms_app.rules.clocks import is_past, running
from forms_app.rules.move import Who
from forms_app.rules.procedure import SAID_AFTER, find_move
from forms_app.rules.standing import So
from forms_app.rules.steps import Part, Role, Step
from forms_app.rules.told_by import ways_for
from forms_app.rules.windows import ends_at
from forms_app.store.models import Issue


def case(actor: Actor, number: str, at: Moment | None = None) -> Case | None:
    """The issue with everything that its page shows; None if the actor may not see it.

    Moves that end with time, or that a circle may switch off, are left out as of `at`; None leaves
    them in. Internal notes are there for those alone who may write one.
    """
    issue = visible_issue(actor, number)
    if issue is None:
        return None
    is_staff = actor.role is not Role.RESIDENT
    parts = parts_of(actor, issue)
    moves = moves_offered(actor, issue, parts, issue.followed, at)
    follows = issue.followed
    reads_notes = may_note(parts)
    rounds = rounds_of(issue.id, reads_notes=reads_notes)
    takes_on = is_staff and rounds[0].took_over
    # Who works on it is not the resident's page's: there it is told in sentences.
    handlers = handlers_of(issue.id) if is_staff else {}
    summons, parties = called(issue.id) if is_staff else (None, ())
    urges = _heard(actor, issue, parts) if is_staff else ()
    collector_id, caller_id = issue.__data__["collector"], issue.__data__["caller"]
    names = names_of([collector_id, caller_id]) if is_staff else {}
    return Case(
        issue=facts(IssueFacts, issue),
        left=left_in(issue) if actor.sees_contacts else (),
        step=Step(issue.step),
        parts=parts,
        moves=moves,
        rounds=rounds,
        collector=names.get(collector_id, ""),
        caller=names.get(caller_id, ""),
        caller_id=caller_id,
        summons=summons,
        parties=parties,
        objections=objections_of(issue) if is_staff else (),
        urges=urges,
        leads=handlers.get(Part.LEAD.value, ()),
        assists=handlers.get(Part.ASSIST.value, ()),
        follows=facts(ListedIssue, follows) if follows is not None else None,
        answer_for_all=(
            follows.initial_opinion if follows is not None and issue.rated and follows.rated else ""
        ),
        measures=measures_of(issue.id) if is_staff else (),
        photos=photos_of(issue.id),
        files=files_of(issue.id) if has_notes(rounds) else {},
        before=work_before([issue.id]).get(issue.id, ()) if takes_on else (),
        numbers_before=numbers_before(issue.id, issue.round_no) if takes_on else (),
        number_after=goes_on_as(actor, issue),
        outcome=outcome_of(follows or issue),
        units_without_account=unheard_units(issue) if Part.CALLER in parts else frozenset(),
        households=households([follows or issue])[(follows or issue).id],
        people=people_in(rounds) if is_staff else {},
        running=as_heard(
            actor, running(issue), min((one.answer_by for one in urges), default=None)
        ),
        is_above_in_use="extend" in moves and is_above_in_use(issue.severity_class),
        incident_words=words_of((follows or issue).id) if (follows or issue).of_incident else (),
        ways=ways_for(
            Issue.reporter_phone.kind_of(issue), has_email=Issue.reporter_email.is_left(issue)
        ),
        asked_after=(
            asked_after_of(issue, at.settings if at else None)
            if issue.project_asked_at is not None and not set(SAID_AFTER).isdisjoint(moves)
            else None
        ),
        duty=duty_of(issue.id) if "ring" in moves else None,
        answer_comes=_answer_comes(issue, at) if at is not None else None,
        again_until=_again_until(issue, at) if at and "reopen" in moves else None,
        goes_untried="shelve" in moves and at is not None and may_go_untried(issue, at.now),
    )


def _heard(actor: Actor, issue: Issue, parts: Collection[Who]) -> tuple[UrgeFacts, ...]:
    """The urges that concern whoever reads: of a unit its own alone."""
    unit, place = actor.organization_id, issue.community_id
    return tuple(
        one
        for one in urges_of(issue)
        if hears_of_all(actor) or is_answered_by(one, actor, parts, unit, place)
    )


def _answer_comes(issue: Issue, at: Moment) -> So | None:
    """Why the first answer does not come within the minutes that it is promised in."""
    if issue.step != Step.COLLECTED or issue.opined_at is not None:
        return None
    if is_past(issue.opinion_due_at, at.now):
        return So.LATE
    within = timedelta(minutes=at.settings.opinion_minutes)
    waits = issue.opinion_due_at is None or issue.opinion_due_at - at.now > within
    return So.OFF_DUTY if waits else None


def _again_until(issue: Issue, at: Moment) -> datetime | None:
    """Until when the issue may be opened again; None: as long as it stands there."""
    window = find_move("reopen", Step(issue.step)).window
    return ends_at(window, issue, at.settings) if window is not None else None
