"""Who was asked whether a project made it better, and what they said: counted, and one by one."""

from datetime import datetime

from msgspec import Struct

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.rules.figures import interval
from forms_app.rules.move import VerdictBy
from forms_app.rules.procedure import ASKED_AFTER
from forms_app.rules.projects import Answer
from forms_app.rules.steps import OPEN_STEPS
from forms_app.rules.windows import ends_at
from forms_app.rules.worktime import Clocks
from forms_app.store.models import Issue
from forms_app.store.projects import Project, ProjectAsk

LISTED = 200  # of those who said that it is still so, and of those who have not said


class AskedAfter(Struct, frozen=True):
    """What a resident was asked of a project, in its title and result, and what they said."""

    title: str
    result: str
    asked_at: datetime
    answer: str  # of projects.Answer; "": they have not said
    is_entered: bool  # staff wrote the answer down
    until: datetime | None  # it may be said otherwise; None where the time was not asked for


class AskedOne(Struct, frozen=True):
    """One of those who were asked, by the number of their issue alone."""

    number: str
    step: str
    round_no: int
    answered_at: datetime | None
    is_entered: bool

    @property
    def goes_on(self) -> bool:
        """Whether somebody has it in hand."""
        return self.step in OPEN_STEPS


class Answers(Struct, frozen=True):
    """What came of asking all who had reported a project's matter."""

    asked: int
    better: int
    better_entered: int  # of those, written down by staff
    still: int
    still_entered: int
    still_open: tuple[AskedOne, ...]  # it is still so, as they say; newest first
    silent: tuple[AskedOne, ...]  # whom nobody has heard; oldest issue first

    @property
    def answered(self) -> int:
        return self.better + self.still

    @property
    def entered(self) -> int:
        return self.better_entered + self.still_entered

    @property
    def unanswered(self) -> int:
        return self.asked - self.answered

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Wilson's interval of those who say that it is better among all who said, per cent."""
        return interval(self.better, self.answered) if self.answered else None


def asked_after_of(issue: Issue, settings: Clocks | None) -> AskedAfter | None:
    """What the issue's resident was asked last; None where nobody asked."""
    rows = (
        ProjectAsk.select(
            Project.title, Project.result, ProjectAsk.asked_at, ProjectAsk.answer,
            ProjectAsk.said_by,
        )
        .join(Project)
        .where(ProjectAsk.issue == issue.id)
        .order_by(ProjectAsk.id.desc())
        .limit(1)
    )  # fmt: skip
    row = next(iter(rows.tuples().iterator()), None)
    if row is None:
        return None
    title, result, asked_at, answer, said_by = row
    until = ends_at(ASKED_AFTER, issue, settings) if settings else None
    return AskedAfter(title, result, asked_at, answer, said_by == VerdictBy.STAFF.value, until)


def answers_of(actor: Actor, project_id: int) -> Answers | None:
    """What everybody said whom the project's end asked; None where nobody was asked.

    Those are listed whose issues the actor sees, at most LISTED of a kind.
    """
    counts: dict[tuple[str, str], int] = {}
    said = ProjectAsk.select(ProjectAsk.answer, ProjectAsk.said_by).where(
        ProjectAsk.project == project_id
    )
    for answer, by in said.tuples().iterator():
        counts[answer, by] = counts.get((answer, by), 0) + 1
    if not counts:
        return None
    staff = VerdictBy.STAFF.value

    def of(answer: Answer) -> int:
        return sum(number for (said, _), number in counts.items() if said == answer.value)

    return Answers(
        asked=sum(counts.values()),
        better=of(Answer.BETTER),
        better_entered=counts.get((Answer.BETTER.value, staff), 0),
        still=of(Answer.STILL),
        still_entered=counts.get((Answer.STILL.value, staff), 0),
        still_open=_listed(actor, project_id, Answer.STILL.value)[::-1],
        silent=_listed(actor, project_id, ""),
    )


def _listed(actor: Actor, project_id: int, answer: str) -> tuple[AskedOne, ...]:
    rows = (
        Issue.select(
            Issue.number, Issue.step, Issue.round_no, ProjectAsk.answered_at, ProjectAsk.said_by
        )
        .join(ProjectAsk)
        .where(
            ProjectAsk.project == project_id, ProjectAsk.answer == answer, beside(visible_to(actor))
        )
        .order_by(Issue.id)
        .limit(LISTED)
    )
    return tuple(
        AskedOne(number, step, round_no, at, by == VerdictBy.STAFF.value)
        for number, step, round_no, at, by in rows.tuples().iterator()
    )
