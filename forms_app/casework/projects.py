"""One press makes a project or a question of a topic; when it is done, all who had reported the
matter are asked once whether it is better, in words of ours.

Nothing that a resident wrote is taken into a project or a notice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from forms_app.casework.amounts import check_amount
from forms_app.casework.errors import CaseError, NotAllowed, NotPossible, StaleCase
from forms_app.casework.found_topics import JOINED_ALREADY, TopicUnknown
from forms_app.casework.once import need_new_press, opened_by
from forms_app.casework.phone_duties import write_phone_duty
from forms_app.casework.public_words import check_told
from forms_app.casework.signed import pressed_by
from forms_app.casework.telling import Cause, write_resident_notice, write_text
from forms_app.casework.versions import change_version
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.projects import may_see_projects
from forms_app.rules.folding import says_nothing
from forms_app.rules.keys import form_key_hash
from forms_app.rules.projects import (
    KINDS,
    PROJECT,
    PROJECT_NEEDS,
    SAID,
    UNMEANT,
    Event,
    written,
)
from forms_app.rules.told_by import News
from forms_app.rules.worktime import local_day
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.projects import Project, ProjectAsk, ProjectEntry, Topic, TopicIssue
from forms_app.store.sealing import look, touched

CHANGED = "刚刚有同事改了这个专项，情况已经变了。您写的内容还在，请看过再决定。"


class ProjectUnknown(CaseError):
    status = 404
    sentence = "没有找到这个专项。"


class Intended(Struct, frozen=True):
    """What is to be done about a matter: by whom, how, with how much money and until when."""

    kind: str  # of projects.KINDS
    title: str
    lead: str = ""  # an organisation's or the community's id
    measures: str = ""
    budget_fen: int = 0
    due_on: date | None = None


def open_project(
    circle: Circle, actor: Actor, topic_id: int, intended: Intended, *, form_key: str, now: datetime
) -> int:
    """The key of the new project or question; or of the one that the same form made before.

    Raises TopicUnknown, NotAllowed and NotPossible.
    """
    key_hash = form_key_hash(form_key)
    with writing():
        topic = Topic.get_or_none(Topic.id == topic_id)
        if topic is None:
            raise TopicUnknown
        if not may_see_projects(actor, topic.community_id):
            raise NotAllowed("专项由本社区的负责人或者街道来立。")
        known = opened_by(Project, key_hash)
        if known is not None:
            return known
        if Project.select().where(Project.topic == topic).exists():
            raise NotPossible("", "刚刚有同事已经为这件事立了项，不用再立。")
        if topic.joined_into is not None:
            raise NotPossible("", JOINED_ALREADY)
        _check(circle, topic.community_id, intended, now)
        project = Project.create(
            form_key_hash=key_hash,
            topic=topic,
            community_id=topic.community_id,
            begun_at=now,
            **_columns(intended),
        )
        _write_down(project, actor, Event.OPENED, now)
        return int(project.id)


def change_project(
    circle: Circle,
    actor: Actor,
    project_id: int,
    version: int,
    intended: Intended,
    *,
    now: datetime,
) -> None:
    """Writes what it is now beside what it was; its kind stays. Nothing changed is refused."""
    with _running(actor, project_id, version) as project:
        intended = replace(intended, kind=str(project.kind))
        _check(circle, str(project.community_id), intended, now, was_due=str(project.due_on))
        columns = _columns(intended)
        if all(getattr(project, name) == value for name, value in columns.items()):
            raise NotPossible("", "什么也没有改。")
        change_version(project, columns, CHANGED)
        _write_down(project, actor, Event.CHANGED, now)


def finish_project(
    actor: Actor, project_id: int, version: int, result: str, *, now: datetime
) -> int:
    """Says what came of it, and asks all who had reported the matter, once each; how many.

    They read that something was done about it for all, and are asked whether it is better now.
    Who took their issue back is not asked.
    """
    with _running(actor, project_id, version) as project:
        if says_nothing(result):
            raise NotPossible("result", "请写明办成了什么。")
        if project.kind == PROJECT:
            # All who had reported the matter read it: nobody's phone, door or own words.
            check_told("result", result, _numbers_in(project.topic))
        change_version(project, {"result": result, "done_at": now}, CHANGED)
        _write_down(project, actor, Event.DONE, now)
        if project.kind != PROJECT:
            return 0
        reported = (
            Issue.select()
            .join(TopicIssue)
            .where(TopicIssue.topic == project.topic, Issue.step.not_in(UNMEANT))
            .order_by(Issue.id.desc())
        )
        known: set[str] = set()
        told = 0
        for issue in reported:
            marks = _whose(issue)
            # Whoever reported it three times is asked once, about the newest.
            if marks and not marks.isdisjoint(known):
                continue
            known |= marks
            look(issue)
            ProjectAsk.create(project=project, issue=issue, asked_at=now)
            Issue.update(project_asked_at=now).where(Issue.id == issue.id).execute()
            touched(Issue, issue.id, now)
            cause = Cause(f"project:{project.id}:{issue.id}", News.PROJECT.value)
            write_resident_notice(issue, cause, now)
            write_phone_duty(issue, cause.key, News.PROJECT, now)
            write_text(issue, cause.key, News.PROJECT, now)
            told += 1
        return told


def _numbers_in(topic: Topic) -> list[str]:
    rows = Issue.select(Issue.number).join(TopicIssue).where(TopicIssue.topic == topic)
    return [number for (number,) in rows.order_by(Issue.number).tuples().iterator()]


def _whose(issue: Issue) -> set[str]:
    """What others of the same person share with it, be it an address or a number."""
    columns = (Issue.reporter_email, Issue.reporter_phone)
    return {mark for column in columns if (mark := column.mark_of(issue))}


def _check(
    circle: Circle, community_id: str, intended: Intended, now: datetime, was_due: str = ""
) -> None:
    if intended.kind not in KINDS:
        raise NotPossible("kind", "请选择立专项，还是请手册回答。")
    if says_nothing(intended.title):
        raise NotPossible("title", "请用一句话写明。")
    check_amount("budget", intended.budget_fen)
    if intended.kind != PROJECT:
        return
    if says_nothing(intended.measures):
        raise NotPossible("measures", PROJECT_NEEDS["measures"])
    if intended.lead != community_id and intended.lead not in circle.departments:
        raise NotPossible("lead", PROJECT_NEEDS["lead"])
    if intended.due_on is None:
        raise NotPossible("due_on", PROJECT_NEEDS["due_on"])
    is_new = intended.due_on.isoformat() != was_due
    if is_new and intended.due_on < local_day(now):
        raise NotPossible("due_on", "办完的日子不能在今天以前。")


def _columns(intended: Intended) -> dict[str, object]:
    return {
        "kind": intended.kind,
        "title": intended.title,
        "lead": intended.lead,
        "measures": intended.measures,
        "budget_fen": intended.budget_fen,
        "due_on": intended.due_on.isoformat() if intended.due_on else "",
    }


@contextmanager
def _running(actor: Actor, project_id: int, version: int) -> Iterator[Project]:
    """One transaction in which an actor does something with the project as they last saw it."""
    with writing():
        project = Project.get_or_none(Project.id == project_id)
        if project is None or not may_see_projects(actor, str(project.community_id)):
            raise ProjectUnknown
        need_new_press(ProjectEntry.press, ProjectEntry.project == project_id, actor)
        if project.version != version:
            raise StaleCase(CHANGED)
        if project.done_at is not None:
            raise NotPossible("", "这个专项已经办完，不再修改。")
        look(project)
        yield project


def _write_down(project: Project, actor: Actor, event: Event, now: datetime) -> None:
    ProjectEntry.create(
        project=project,
        event=event.value,
        state=written({name: getattr(project, name) for name in SAID}),
        **pressed_by(actor, now),
    )
    touched(Project, project.id, now)
