"""One issue as somebody may see it: its rows, its history by round, and the moves they may make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from forms_app.issues.access import Actor, parts_of, visible_issue
from forms_app.issues.following import households
from forms_app.queries.photos import photos_of
from forms_app.rules.clocks import REPLY, Running, is_past, running
from forms_app.rules.keys import matches
from forms_app.rules.procedure import BEFORE_VERDICT, Part, Step, Who, moves_from
from forms_app.store.models import (
    Assignment,
    ContactAttempt,
    Entry,
    Issue,
    Measure,
    Party,
    Photo,
    Summons,
)


@dataclass(frozen=True)
class Round:
    round_no: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Case:
    issue: Issue
    step: Step
    parts: frozenset[Who]
    moves: tuple[str, ...]  # names, each once, in the procedure's order
    rounds: tuple[Round, ...]  # newest first, each oldest entry first
    summons: Summons | None
    parties: tuple[Party, ...]
    leads: tuple[Assignment, ...]
    assists: tuple[Assignment, ...]
    follows: Issue | None  # the issue that a merged one follows, through every merge between
    measures: tuple[Measure, ...]  # the present plan's lines
    photos: Mapping[int, tuple[Photo, ...]]  # by the key of the entry they came with
    outcome: Entry | None  # what became of it, once its resident has something to judge
    households: int  # that told of the same thing (following.households)
    running: tuple[Running, ...]  # its clocks

    @property
    def told_photos(self) -> tuple[Photo, ...]:
        """What the resident, or staff for them, sent along with the report."""
        first = self.rounds[-1].entries[0]
        return self.photos.get(first.id, ())

    def runs(self, clock: str) -> bool:
        """Whether the clock of this name runs."""
        return any(one.clock == clock for one in self.running)

    def end_of(self, clock: str) -> datetime | None:
        """When the clock of this name ends; None where it does not run, or has no end."""
        return next((one.ends_at for one in self.running if one.clock == clock), None)

    def late_parties(self, now: datetime) -> tuple[Party, ...]:
        """The parties whose time to answer has passed while the issue waits for it."""
        return tuple(
            party
            for party in self.parties
            if self.runs(REPLY)
            and party.answered_at is None
            and is_past(party.summons.reply_by, now)
        )

    @property
    def is_lead(self) -> bool:
        return Part.LEAD in self.parts


def case(actor: Actor, number: str) -> Case | None:
    """The issue with everything that its page shows; None if the actor may not see it."""
    issue = visible_issue(actor, number)
    if issue is None:
        return None
    parts = parts_of(actor, issue)
    step = Step(issue.step)
    follows = issue.followed
    offered = moves_from(step, parts, issue.severity_class)
    names = dict.fromkeys(move.name for move in offered)
    if follows is not None and Step(follows.step) in BEFORE_VERDICT:
        names.pop("evaluate", None)
    assignments = tuple(
        Assignment.select()
        .where(Assignment.issue == issue, Assignment.is_current)
        .order_by(Assignment.id)
    )
    parties = tuple(Party.select().where(Party.issue == issue, Party.is_current).order_by(Party.id))
    return Case(
        issue=issue,
        step=step,
        parts=parts,
        moves=tuple(names),
        rounds=_rounds(issue),
        summons=max((row.summons for row in parties), key=lambda row: row.id, default=None),
        parties=parties,
        leads=tuple(row for row in assignments if row.part == Part.LEAD),
        assists=tuple(row for row in assignments if row.part == Part.ASSIST),
        follows=follows,
        measures=tuple(
            Measure.select().where(Measure.issue == issue, Measure.is_current).order_by(Measure.id)
        ),
        photos=photos_of(issue),
        outcome=_outcome(follows),
        households=households([follows or issue])[(follows or issue).id],
        running=running(issue),
    )


@dataclass(frozen=True)
class Call:
    """One summons of any round, with everybody it called."""

    summons: Summons
    parties: tuple[Party, ...]


@dataclass(frozen=True)
class CaseFile:
    """A case with everything that it ever had, oldest first, as it is printed."""

    case: Case
    joined: tuple[Issue, ...]
    calls: tuple[Call, ...]
    attempts: tuple[ContactAttempt, ...]

    def calls_of(self, round_no: int) -> tuple[Call, ...]:
        """The summonses of one round."""
        return tuple(call for call in self.calls if call.summons.round_no == round_no)

    @property
    def rounds(self) -> tuple[Round, ...]:
        """Oldest first."""
        return tuple(reversed(self.case.rounds))


def case_file(actor: Actor, number: str) -> CaseFile | None:
    """The whole case of every round; None if the actor may not see it."""
    found = case(actor, number)
    if found is None:
        return None
    summonses = Summons.select().where(Summons.issue == found.issue).order_by(Summons.id)
    parties = list(Party.select().where(Party.issue == found.issue).order_by(Party.id))
    attempts = ContactAttempt.select().where(ContactAttempt.issue == found.issue)
    return CaseFile(
        found,
        joined_to(found),
        tuple(
            Call(summons, tuple(party for party in parties if party.summons == summons))
            for summons in summonses
        ),
        tuple(attempts.order_by(ContactAttempt.id)),
    )


def joined_to(case: Case) -> tuple[Issue, ...]:
    """The issues merged into this one."""
    return tuple(Issue.select().where(Issue.merged_into == case.issue).order_by(Issue.id))


def _outcome(follows: Issue | None) -> Entry | None:
    """The words in which the followed issue was last resolved or explained."""
    if follows is None or Step(follows.step) in BEFORE_VERDICT:
        return None
    told = Entry.select().where(Entry.issue == follows, Entry.move.in_(["resolve", "explain"]))
    newest: Entry | None = told.order_by(Entry.id.desc()).first()
    return newest


def ticket_opens(number: str, secret: str) -> bool:
    """Whether the secret is that of the issue's ticket; a slow hash, on purpose."""
    issue = Issue.select(Issue.ticket_hash).where(Issue.number == number).first()
    return issue is not None and matches(issue.ticket_hash, secret)


def _rounds(issue: Issue) -> tuple[Round, ...]:
    entries = Entry.select().where(Entry.issue == issue).order_by(Entry.id)
    grouped = [
        Round(round_no, tuple(rows))
        for round_no, rows in groupby(entries, key=lambda entry: entry.round_no)
    ]
    return tuple(reversed(grouped))
