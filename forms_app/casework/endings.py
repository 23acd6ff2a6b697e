"""The other ways out of the circle, and the way back: transfer, merge, withdraw, reopen."""

from datetime import datetime

from forms_app.casework.along import move_along
from forms_app.casework.asking_after import keep_answer, newest_ask
from forms_app.casework.conversation import unanswered_since
from forms_app.casework.errors import NotPossible
from forms_app.casework.joining import keep_apart
from forms_app.casework.sentences import ended
from forms_app.casework.taking_over import left_by, take_over
from forms_app.casework.telling import tell_resident
from forms_app.casework.turn import first_urge_due, load_other, turn
from forms_app.casework.went_along import tell_those, went_along_with
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.following import followers
from forms_app.rules.move import verdict_by
from forms_app.rules.projects import Answer
from forms_app.rules.steps import Role, Step, is_open
from forms_app.store.models import Entry, Issue, Urge
from forms_app.store.sealing import look, touched

# Whoever follows it reads there what is told of the incident.
MAIN_STAYS = "这一件是突发事件的主问题，不能并入别的；请反过来，把另一件并入这一件。"


def transfer(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    *,
    authority: str,
    reason: str,
    now: datetime,
) -> Entry:
    """Tells the resident who is competent and why, and so everybody whose issue follows it."""
    with turn(circle, actor, number, version, "transfer", now) as t:
        t.need(authority=authority, reason=reason)
        line = {"authority": authority, "note": ended(reason)}
        note = f"主管部门：{authority}。{reason}"
        made = t.record(line=line, note=note)
        for joined in followers(t.issue):
            if Step(joined.step) is Step.MERGED:
                # It goes where that went, and stands for itself from then on.
                apart = {"merged_into": None, "merged_at": None}
                move_along(t, joined, t.move.name, t.actor, changes=apart, line=line, note=note)
        return made


def merge(
    circle: Circle, actor: Actor, number: str, version: int, *, into: str, now: datetime
) -> Entry:
    """Joins the issue to another open one of the same community, which it then follows."""
    with turn(circle, actor, number, version, "merge", now) as t:
        target = load_other(actor, into, "merged_into")
        if target.id == t.issue.id:
            raise NotPossible("merged_into", "不能并入自己。")
        if t.issue.of_incident:
            raise NotPossible("merged_into", MAIN_STAYS)
        if target.community_id != t.issue.community_id:
            raise NotPossible("merged_into", "只能并入同一个社区的问题。")
        if not is_open(Step(target.step)):
            raise NotPossible("merged_into", "那个问题已经办结或不再办理，不能并入。")
        changes = {"merged_into": target.id, "merged_at": now}
        return t.record(changes=changes, note=f"并入 {target.number}")


def unmerge(circle: Circle, actor: Actor, number: str, version: int, *, now: datetime) -> Entry:
    """Takes a merge back that was a mistake: everything runs on as if it had never stopped."""
    with turn(circle, actor, number, version, "unmerge", now) as t:
        stopped = (Urge.issue == t.issue) & (Urge.ended_at == t.issue.merged_at)
        Urge.update(ended_at=None).where(stopped).execute()
        return t.record(
            changes={
                "merged_into": None,
                "merged_at": None,
                "urge_due_at": first_urge_due(t.issue),
                "asked_since": unanswered_since(t.issue),
            },
        )


def withdraw(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None = None,
    reason: str = "",
    *,
    now: datetime,
) -> Entry:
    """The resident takes the issue back; the office one of its own that nobody follows, and why.

    What it followed goes on, and counts it no more. Where others follow it, the oldest of them
    takes over what is done for it, and the rest follow that one (taking_over).
    """
    with turn(circle, actor, number, version, "withdraw", now) as t:
        if actor.role is not Role.RESIDENT:
            t.need(reason=reason)
        _pass_followers_on(t.issue, now)
        left = left_by(t)
        gone = {"review_on": "", "review_due_at": None, "merged_into": None, "merged_at": None}
        made = t.record(changes=gone, note=reason)
        if left is not None:
            t.is_told = False  # who works on it goes on, and hears under which number
            take_over(circle, t, left)
            tell_resident(t.issue, made, actor)
        return made


def _pass_followers_on(issue: Issue, now: datetime) -> None:
    """Whoever was merged into an issue that follows another one follows that at once: for them
    nothing changes, whatever becomes of the one between.
    """
    if issue.merged_into is None:
        return
    for one in list(Issue.select().where(Issue.merged_into == issue)):
        look(one)
        Issue.update(merged_into=issue.merged_into).where(Issue.id == one.id).execute()
        touched(Issue, one.id, now)


def reopen(
    circle: Circle, actor: Actor, number: str, version: int | None, reason: str, *, now: datetime
) -> Entry:
    """Starts a new round of an issue that was transferred, merged, withdrawn, or that came back.

    A resident may reopen what was closed, what they withdrew or joined themselves, and what the
    authority to which it was transferred does not take. What is taken
    apart from another issue is not likened to it again.
    """
    with turn(circle, actor, number, version, "reopen", now) as t:
        t.need(reason=reason)
        left = {t.issue.merged_into, t.issue.followed} - {None}
        along = went_along_with(t.issue) if Step(t.issue.step) is Step.TRANSFERRED else []
        ask = newest_ask(t.issue) if Step.CLOSED in t.move.from_steps else None
        entry = t.record(note=reason)
        if ask is not None and not ask.answer:
            # Who was asked whether it is better, and says that it came again, has answered.
            keep_answer(ask, Answer.STILL, verdict_by(actor.role.value, ""), now)
        for other in left:
            keep_apart(t.issue, other, entry)
        tell_those(along, t)
        return entry
