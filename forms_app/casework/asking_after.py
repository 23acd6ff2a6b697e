"""What somebody says who was asked whether a project made it better: theirs alone, never assumed.

A matter that was closed and is still so begins anew with that answer, under the same ticket; one
that is being handled goes on, and its community hears of it.
"""

from datetime import datetime

from forms_app.casework.asked import AskedWords, check_asked
from forms_app.casework.errors import AlreadyMade, NotPossible
from forms_app.casework.phone_duties import end_phone_duty, open_duty
from forms_app.casework.tickets import shown_to_hands
from forms_app.casework.turn import Turn, turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.move import VerdictBy, verdict_by
from forms_app.rules.procedure import by_ticket_shown
from forms_app.rules.projects import Answer
from forms_app.rules.steps import Role
from forms_app.rules.told_by import News, RingEnd
from forms_app.store.models import Entry, Issue
from forms_app.store.projects import Project, ProjectAsk
from forms_app.store.sealing import look, touched


def better(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    words: str = "",
    asked_at: datetime | None = None,
    asked_how: str = "",
    now: datetime,
) -> Entry:
    """Notes that it is better now; staff say when and how they asked."""
    with turn(circle, actor, number, version, "better", now) as t:
        return _answer(t, Answer.BETTER, words, asked_at, asked_how)


def still(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    words: str = "",
    asked_at: datetime | None = None,
    asked_how: str = "",
    now: datetime,
) -> Entry:
    """Notes that it is still so; an issue that was closed begins its next round."""
    with turn(circle, actor, number, version, "still", now) as t:
        return _answer(t, Answer.STILL, words, asked_at, asked_how)


def newest_ask(issue: Issue) -> ProjectAsk | None:
    """What the issue's resident was asked last; None: nothing that is open to an answer."""
    if issue.project_asked_at is None:
        return None
    found: ProjectAsk | None = (
        ProjectAsk.select().where(ProjectAsk.issue == issue).order_by(ProjectAsk.id.desc()).first()
    )
    return found


def keep_answer(ask: ProjectAsk, answer: Answer, by: VerdictBy, now: datetime) -> None:
    """The answer as it stands from now on; only within a transaction."""
    project = Project.get_by_id(ask.__data__["project"])
    look(project)
    ProjectAsk.update(answer=answer.value, answered_at=now, said_by=by.value).where(
        ProjectAsk.id == ask.id
    ).execute()
    touched(Project, project.id, now)


def _answer(
    t: Turn, answer: Answer, words: str, asked_at: datetime | None, asked_how: str
) -> Entry:
    ask = newest_ask(t.issue)
    if ask is None:
        raise NotPossible("", "没有要问的专项。")
    if t.actor.role is Role.RESIDENT:
        asked_at, asked_how = None, by_ticket_shown(shown_to_hands(t.issue))
    else:
        _check_asked(ask, asked_at, asked_how, t.now)
    by = verdict_by(t.actor.role.value, asked_how)
    if ask.answer == answer.value and ask.said_by == by.value:
        raise AlreadyMade
    duty = open_duty(t.issue)
    if duty is not None and duty.event == News.PROJECT.value:
        seen = t.actor.role is Role.RESIDENT
        end_phone_duty(t.issue, RingEnd.SEEN if seen else RingEnd.REACHED, t.now)
    entry = t.record(note=words, asked_at=asked_at, asked_how=asked_how)
    keep_answer(ask, answer, by, t.now)
    return entry


_ASKED = AskedWords(
    when="代记要写明什么时候问的。",
    how="代记要写明怎么问的。",
    too_early="询问时间要在专项办完以后。",
)


def _check_asked(ask: ProjectAsk, asked_at: datetime | None, asked_how: str, now: datetime) -> None:
    if ask.said_by == VerdictBy.RESIDENT.value:
        raise NotPossible("", "反映人自己已经回答过了，以他说的为准。")
    check_asked(asked_at, asked_how, now, began=ask.asked_at, words=_ASKED)
