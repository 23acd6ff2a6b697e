"""One move by one person: checked against the procedure, written with its entry, or refused.

Every other file of casework goes through here; nothing else updates an issue.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from msgspec import Struct

from forms_app.casework.entries import is_made, write_entry
from forms_app.casework.errors import (
    AlreadyMade,
    GoesOnElsewhere,
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.casework.note_endings import end_note
from forms_app.casework.rounds import end_parts, fresh_round
from forms_app.casework.telling import hearers_of, tell
from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import (
    HANDS,
    Actor,
    goes_on_as,
    parts_of,
    stood_in_for,
    visible_issue,
    what_is_so,
)
from forms_app.issues.search import SEARCHED, keep
from forms_app.issues.urged import is_answered_by
from forms_app.rules.folding import says_nothing
from forms_app.rules.move import Clock, Move, Who
from forms_app.rules.procedure import ProcedureError, after, find_move
from forms_app.rules.steps import BEFORE_VERDICT, Part, Role, Step
from forms_app.rules.windows import is_open
from forms_app.rules.worktime import Clocks, duty_at, grading_due
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue, Objection, Urge
from forms_app.store.sealing import look, with_salt

# What the resident reads after the move's own sentence, by who acts for a level that has nobody.
STOOD_IN_WORDS = {
    Role.COMMUNITY_LEADER: "（社区替着办的）",
    Role.SUBDISTRICT_LEADER: "（街道替着办的）",
    Role.DISTRICT_OFFICE: "（区里替着办的）",
}


class Turn(Struct):
    """One move that is being made: whose, on which issue, when, and what came of it."""

    issue: Issue
    move: Move
    actor: Actor
    now: datetime
    clocks: Clocks
    parts: frozenset[Who] = frozenset()  # what the actor is to the issue
    made: Entry | None = None
    is_told: bool = True  # else the next one of the same press tells what came of both
    left: tuple[Step, str | None] | None = None  # step and class that another issue leaves to it

    def __post_init__(self) -> None:
        look(self.issue)

    @property
    def stands_in_for(self) -> Role | None:
        """The level for which the actor makes the move; None: in their own right."""
        return stood_in_for(self.actor, self.issue.severity_class, self.parts, self.move.who)

    @property
    def as_caller(self) -> dict[str, object]:
        """The column of who called others together; beside the sub-district the district leaves
        that as it is.
        """
        return {} if Part.DISTRICT in self.parts else {"caller": self.actor.account_id}

    def need(self, **texts: str) -> None:
        """Raises NotPossible for the first of the move's texts that says nothing."""
        for field, text in texts.items():
            if says_nothing(text):
                raise NotPossible(field, "这一项要写明，不能空着。")

    def need_ahead(self, answer_by: datetime) -> None:
        """Raises NotPossible where the time by which an answer is asked for has passed."""
        if answer_by <= self.now:
            raise NotPossible("answer_by", "答复的时间已经过去，请填以后的时间。")

    def record(
        self,
        *,
        changes: Mapping[str, object] | None = None,
        line: Mapping[str, object] | None = None,
        also: str = "",
        **entry: object,
    ) -> Entry:
        """Writes the issue's new standing and the entry that tells of it.

        `changes` are columns of the issue, `line` the values of the move's sentence for the
        resident, `also` what they are told after it, the rest columns of the entry. Raises
        StaleCase when a colleague was faster.
        """
        issue = self.issue
        from_step, from_round, from_class = Step(issue.step), issue.round_no, issue.severity_class
        level = self.stands_in_for  # before the class changes
        came_from, of_class = self.left or (self._came_from(), from_class)
        to_step, to_round, severity_class = after(
            self.move, from_step, from_round, of_class, came_from
        )
        unit = str(entry.get("organization_id", ""))
        columns: dict[str, object] = {
            "step": to_step.value,
            "round_no": to_round,
            "severity_class": severity_class,
            **self._begun_and_ended(to_step, to_round, unit),
            **with_salt(changes or {}),
        }
        opined_at = columns.get("opined_at")
        if to_step is Step.COLLECTED and isinstance(opined_at, datetime) and not issue.opined_at:
            columns["grade_due_at"] = grading_due(self.clocks, opined_at)
        self._set(columns)
        if not SEARCHED.isdisjoint(columns):
            keep_words(issue)
        move = self.move
        if move.new_round or move.next_class or move.begins_again or move.takes_over:
            end_parts(issue)
        if from_step is Step.CLOSED and to_step is not Step.CLOSED:
            also += end_note(issue, self.now)
        if self.move.new_round:
            entry.setdefault("duty", duty_at(self.clocks, self.now) or "")
        told = self.move.resident_line.format(**(line or {})) + also
        self.made = write_entry(
            issue,
            self.actor,
            self.move.name,
            self.now,
            from_step=from_step.value,
            round_no=from_round,
            resident_line=told + STOOD_IN_WORDS[self.actor.role] if told and level else told,
            stood_in_for=level.value if level else "",
            **entry,
        )
        return self.made

    def _came_from(self) -> Step | None:
        """The step that the issue left when it came here, where the move leads back to it."""
        came = newest_merge(self.issue) if self.move.comes_back else None
        return Step(came.from_step) if came is not None and came.from_step else None

    def _begun_and_ended(self, to_step: Step, to_round: int, unit: str) -> dict[str, object]:
        """The clocks and marks of the issue that this move begins and ends; `unit` speaks, if any.

        Ends open urges and objections with them.
        """
        issue = self.issue
        columns: dict[str, object] = {}
        if self.move.new_round or self.move.begins_again:
            columns |= fresh_round(self.clocks, self.now)
        if self.move.next_class:
            columns["extended_by"] = ""  # others decide on it from now on
        if to_step not in BEFORE_VERDICT:
            columns["asked_since"] = None  # there is nothing left to ask for
        if self._ends_districts_clock(to_step):
            columns["district_due_at"] = None
        if self.actor.role is not Role.RESIDENT:
            columns["added_since"] = None  # whoever goes on has read what the resident added
        if issue.urge_due_at is not None and not self.move.is_internal:
            is_left = to_step is not Step(issue.step) or to_round != issue.round_no
            self._end_urges(unit, is_left=is_left)
            columns["urge_due_at"] = first_urge_due(issue)
        if issue.ruling_due_at is not None and self._ends_objections(to_step, to_round):
            Objection.update(ended_at=self.now).where(
                Objection.issue == issue, Objection.ended_at.is_null()
            ).execute()
            columns |= {"ruling_due_at": None, "ruling_between": ""}
        return columns

    def _set(self, columns: Mapping[str, object]) -> None:
        """Writes columns of the issue and its next version. Raises StaleCase."""
        issue, columns = self.issue, {**columns, "version": self.issue.version + 1}
        # UPDATE … WHERE step and version rather than save(): two colleagues may press at once.
        changed = (
            Issue.update(columns)
            .where(
                Issue.id == issue.id,
                Issue.step == issue.step,
                Issue.version == issue.version,
            )
            .execute()
        )
        if changed != 1:
            raise StaleCase
        for name, value in columns.items():
            setattr(issue, name, value)

    def _ends_districts_clock(self, to_step: Step) -> bool:
        """Whether the district answers by this move, or there is nothing left to answer."""
        is_its_word = self.actor.role is Role.DISTRICT_OFFICE and not self.move.is_internal
        is_aside = to_step is Step.MERGED  # its clock goes on afterwards
        return is_its_word or (to_step not in BEFORE_VERDICT and not is_aside)

    def _ends_objections(self, to_step: Step, to_round: int) -> bool:
        """Whether this move rules on whose it is, or leaves the step for good."""
        is_left = to_step is not Step(self.issue.step) or to_round != self.issue.round_no
        is_aside = to_step is Step.MERGED or self.move.comes_back  # its clock goes on afterwards
        return Clock.RULING in self.move.stops or (is_left and not is_aside)

    def _end_urges(self, unit: str, *, is_left: bool) -> None:
        """Ends the urges that this move answers, or all where the step is left."""
        # At the steps where it is ruled, the level above is urged for nothing else.
        ends_ruling = Clock.RULING in self.move.stops
        for urge in _open_urges(self.issue):
            is_gone = self.move.replaces and urge.who in (Part.LEAD.value, Part.ASSIST.value)
            is_gone |= ends_ruling and urge.who == Role.SUBDISTRICT_LEADER.value
            place = self.issue.community_id
            if is_left or is_gone or is_answered_by(urge, self.actor, self.parts, unit, place):
                Urge.update(ended_at=self.now).where(Urge.id == urge.id).execute()


def newest_merge(issue: Issue) -> Entry | None:
    """The entry by which the issue came to follow another one last."""
    came = Entry.select().where(Entry.issue == issue, Entry.to_step == Step.MERGED.value)
    newest: Entry | None = (
        came.where(Entry.from_step != Step.MERGED.value).order_by(Entry.id.desc()).first()
    )
    return newest


def first_urge_due(issue: Issue) -> datetime | None:
    """When the first of those that were urged must have answered; None where nobody is."""
    return min((urge.answer_by for urge in _open_urges(issue)), default=None)


def _open_urges(issue: Issue) -> list[Urge]:
    return list(Urge.select().where(Urge.issue == issue, Urge.ended_at.is_null()))


@contextmanager
def turn(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    name: str,
    now: datetime,
    satisfied: bool | None = None,
) -> Iterator[Turn]:
    """One transaction in which `actor` makes the move `name` on the issue they last saw.

    `version` None takes the issue as it is (a resident's own moves). Raises IssueUnknown,
    AlreadyMade, StaleCase or NotAllowed before anything is written.
    """
    with writing(), turn_among(circle, actor, number, version, name, now, satisfied) as taken:
        yield taken


@contextmanager
def turn_among(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    name: str,
    now: datetime,
    satisfied: bool | None = None,
) -> Iterator[Turn]:
    """A turn as one of several in a transaction that is open already."""
    issue = load(actor, number)
    if is_made(issue.id, actor.press):
        raise AlreadyMade
    if version is not None and issue.version != version:
        raise _goes_on(actor, issue) or StaleCase
    try:
        so = what_is_so(issue)
        move = find_move(name, Step(issue.step), issue.severity_class, satisfied, so)
    except ProcedureError as error:
        raise _goes_on(actor, issue) or NotAllowed("这个问题现在的步骤不能这样办理。") from error
    parts = parts_of(actor, issue)
    if move.who.isdisjoint(parts):
        raise NotAllowed
    if move.bars_hands and HANDS.holds(actor, issue):
        raise NotAllowed("这件事是您办的，不能由您代录评价：请同事去问，或者请反映人自己评。")
    if not is_open(move, issue, circle.clocks, now, parts):
        raise NotAllowed("这一步现在不能办理：时间已经过了，或者本社区没有开通。")
    taken = Turn(issue, move, actor, now, circle.clocks, parts)
    # Whose part ends with a verdict hears of it, too.
    leaving = hearers_of(circle, issue, "dissatisfied") if move.satisfied is False else set()
    before = sums.before_move(issue)
    yield taken
    # Only now are there the parties and leads that the move brought.
    if taken.made is not None:
        sums.moved(before, issue)
        if taken.is_told:
            tell(circle, issue, taken.made, actor, leaving)


def _goes_on(actor: Actor, issue: Issue) -> GoesOnElsewhere | None:
    number = goes_on_as(actor, issue)
    return GoesOnElsewhere(number) if number else None


def load_other(actor: Actor, number: str, field: str) -> Issue:
    """Another issue that a form names; NotPossible at its field where the actor sees none."""
    try:
        return load(actor, number)
    except IssueUnknown as error:
        raise NotPossible(field, "没有找到这个编号的问题。") from error


def load(actor: Actor, number: str) -> Issue:
    """The issue, if this actor may see it; else IssueUnknown."""
    issue = visible_issue(actor, number)
    if issue is None:
        raise IssueUnknown
    return issue


def load_own(actor: Actor, number: str) -> Issue:
    """The issue, for its resident alone. Raises IssueUnknown, NotAllowed, and AlreadyMade where
    their press has done what it asks for.
    """
    issue = load(actor, number)
    if actor.role is not Role.RESIDENT:
        raise NotAllowed
    if is_made(issue.id, actor.press):
        raise AlreadyMade
    return issue


def keep_words(issue: Issue) -> None:
    """Lets the register's search find the issue by what it says now; in the same transaction."""
    texts = (issue.description, issue.location, issue.initial_opinion)
    keep(issue.id, issue.number, texts, issue.estate_id)
