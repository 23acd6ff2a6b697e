"""One issue as somebody may see it: its facts, its history by round, and what they may do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from peewee import JOIN

from forms_app.issues.access import HANDS, Actor, parts_of, visible_issue
from forms_app.issues.following import households
from forms_app.queries.facts import (
    AttemptFacts,
    EntryFacts,
    HandlerFacts,
    IssueFacts,
    ListedIssue,
    MeasureFacts,
    PartyFacts,
    PhotoFacts,
    SummonsFacts,
    facts,
)
from forms_app.queries.people import people_named
from forms_app.queries.photos import photos_of
from forms_app.rules.clocks import REPLY, Running, is_past, running
from forms_app.rules.keys import matches
from forms_app.rules.procedure import ENDING_HANDLING, INTERNAL, MOVES, Who, moves_from
from forms_app.rules.steps import BEFORE_VERDICT, HANDED, Part, Role, Step
from forms_app.rules.windows import is_open
from forms_app.rules.worktime import Clocks
from forms_app.store.models import (
    Account,
    Assignment,
    ContactAttempt,
    Entry,
    Issue,
    Measure,
    Party,
    Summons,
)


@dataclass(frozen=True, slots=True)
class Round:
    round_no: int
    entries: tuple[EntryFacts, ...]


@dataclass(frozen=True, slots=True)
class Case:
    issue: IssueFacts
    step: Step
    parts: frozenset[Who]
    moves: tuple[str, ...]  # names, each once, in the procedure's order
    rounds: tuple[Round, ...]  # newest first, each oldest entry first
    collector: str  # who wrote it down, by name; "" where its resident did, or asks
    caller: str  # by name; "" where nobody called, or its resident asks
    summons: SummonsFacts | None
    parties: tuple[PartyFacts, ...]
    leads: tuple[HandlerFacts, ...]
    assists: tuple[HandlerFacts, ...]
    follows: ListedIssue | None  # what a merged one follows, through every merge between
    measures: tuple[MeasureFacts, ...]  # the present plan's lines
    photos: Mapping[int, tuple[PhotoFacts, ...]]  # by the key of the entry they came with
    outcome: EntryFacts | None  # what became of it, once its resident has something to judge
    households: int  # that told of the same thing (following.households)
    people: Mapping[str, str]  # as people call those who handed over and took over, by username
    running: tuple[Running, ...]  # its clocks

    @property
    def told_photos(self) -> tuple[PhotoFacts, ...]:
        """What the resident, or staff for them, sent along with the report."""
        first = self.rounds[-1].entries[0]
        return self.photos.get(first.id, ())

    def runs(self, clock: str) -> bool:
        """Whether the clock of this name runs."""
        return any(one.clock == clock for one in self.running)

    def end_of(self, clock: str) -> datetime | None:
        """When the clock of this name ends; None where it does not run, or has no end."""
        return next((one.ends_at for one in self.running if one.clock == clock), None)

    def late_parties(self, now: datetime) -> tuple[PartyFacts, ...]:
        """The parties whose time to answer has passed while the issue waits for it."""
        return tuple(
            party
            for party in self.parties
            if self.runs(REPLY) and party.answered_at is None and is_past(party.reply_by, now)
        )

    @property
    def question(self) -> EntryFacts | None:
        """What the resident was asked last and has not answered."""
        if self.issue.asked_since is None:
            return None
        entries = (entry for round_ in self.rounds for entry in reversed(round_.entries))
        return next((entry for entry in entries if entry.move == "ask"), None)

    @property
    def is_lead(self) -> bool:
        return Part.LEAD in self.parts


class Moment(NamedTuple):
    """By which settings and at which time it is asked what somebody may do."""

    settings: Clocks
    now: datetime


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
    follows = issue.followed
    rounds = _rounds(issue, reads_notes=_may_note(parts))
    handlers = _handlers(issue)
    summons, parties = _called(issue)
    return Case(
        issue=_shown_to(actor, facts(IssueFacts, issue)),
        step=Step(issue.step),
        parts=parts,
        moves=_moves(actor, issue, parts, follows, at),
        rounds=rounds,
        collector=issue.collector.display_name if is_staff and issue.collector else "",
        caller=issue.caller.display_name if is_staff and issue.caller else "",
        summons=summons,
        parties=parties,
        leads=handlers.get(Part.LEAD.value, ()),
        assists=handlers.get(Part.ASSIST.value, ()),
        follows=facts(ListedIssue, follows) if follows is not None else None,
        measures=_measures(issue),
        photos=photos_of(issue.id),
        outcome=_outcome(follows),
        households=households([follows or issue])[(follows or issue).id],
        people=_people(entry for round_ in rounds for entry in round_.entries),
        running=running(issue),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """One summons of any round, with everybody it called."""

    summons: SummonsFacts
    parties: tuple[PartyFacts, ...]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with everything that it ever had, oldest first, as it is printed."""

    case: Case
    joined: tuple[ListedIssue, ...]
    calls: tuple[Call, ...]
    attempts: tuple[AttemptFacts, ...]

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
    issue_id = found.issue.id
    summonses = Summons.select().where(Summons.issue == issue_id).order_by(Summons.id)
    parties = list(Party.select().where(Party.issue == issue_id).order_by(Party.id))
    attempts = ContactAttempt.select().where(ContactAttempt.issue == issue_id)
    return CaseFile(
        found,
        joined_to(found),
        tuple(
            Call(
                facts(SummonsFacts, summons),
                tuple(
                    facts(PartyFacts, party, reply_by=summons.reply_by)
                    for party in parties
                    if party.__data__["summons"] == summons.id
                ),
            )
            for summons in summonses
        ),
        tuple(facts(AttemptFacts, row) for row in attempts.order_by(ContactAttempt.id)),
    )


def additions_to(issue_ids: Sequence[int]) -> dict[int, tuple[EntryFacts, ...]]:
    """What the residents of these issues added to them, by issue, oldest first."""
    found: dict[int, tuple[EntryFacts, ...]] = {}
    rows = Entry.select().where(Entry.issue.in_(list(issue_ids)), Entry.move == "reply")
    for row in rows.order_by(Entry.id) if issue_ids else ():
        key = int(row.__data__["issue"])
        found[key] = (*found.get(key, ()), facts(EntryFacts, row))
    return found


def joined_to(case: Case) -> tuple[ListedIssue, ...]:
    """The issues merged into this one."""
    rows = Issue.select().where(Issue.merged_into == case.issue.id).order_by(Issue.id)
    return tuple(facts(ListedIssue, row) for row in rows)


def ticket_opens(number: str, secret: str) -> bool:
    """Whether the secret is that of the issue's ticket; a slow hash, on purpose."""
    issue = Issue.select(Issue.ticket_hash).where(Issue.number == number).first()
    return issue is not None and matches(issue.ticket_hash, secret)


def _shown_to(actor: Actor, issue: IssueFacts) -> IssueFacts:
    """Without the reporter's contacts where they are not this actor's to see."""
    if actor.sees_contacts:
        return issue
    return replace(issue, reporter_name="", reporter_phone="", reporter_email="")


def _moves(
    actor: Actor, issue: Issue, parts: Collection[Who], follows: Issue | None, at: Moment | None
) -> tuple[str, ...]:
    """What they may do; a verdict waits until the issue that it follows has been handled."""
    has_nothing_to_judge = follows is not None and Step(follows.step) in BEFORE_VERDICT
    offered = [
        move
        for move in moves_from(Step(issue.step), parts, issue.severity_class)
        if move.satisfied is None or not has_nothing_to_judge
        if at is None or is_open(move, issue, *at)
    ]
    if any(move.bars_hands for move in offered) and HANDS.holds(actor, issue):
        offered = [move for move in offered if not move.bars_hands]
    return tuple(dict.fromkeys(move.name for move in offered))


def _may_note(parts: Collection[Who]) -> bool:
    return any(move.is_internal and not move.who.isdisjoint(parts) for move in MOVES)


def _rounds(issue: Issue, *, reads_notes: bool) -> tuple[Round, ...]:
    entries = Entry.select().where(Entry.issue == issue).order_by(Entry.id)
    if not reads_notes:
        entries = entries.where(Entry.move.not_in(INTERNAL))
    grouped = [
        Round(round_no, tuple(facts(EntryFacts, row) for row in rows))
        for round_no, rows in groupby(entries, key=lambda entry: entry.round_no)
    ]
    return tuple(reversed(grouped))


def _called(issue: Issue) -> tuple[SummonsFacts | None, tuple[PartyFacts, ...]]:
    """The newest summons that holds, and every unit that is called now."""
    rows = Party.select(Party, Summons).join(Summons)
    current = list(rows.where(Party.issue == issue, Party.is_current).order_by(Party.id))
    newest = max((row.summons for row in current), key=lambda row: row.id, default=None)
    return (
        facts(SummonsFacts, newest) if newest is not None else None,
        tuple(facts(PartyFacts, row, reply_by=row.summons.reply_by) for row in current),
    )


def _handlers(issue: Issue) -> dict[str, tuple[HandlerFacts, ...]]:
    """Who leads and who assists, by their part."""
    rows = (
        Assignment.select(Assignment, Account)
        .join(Account, JOIN.LEFT_OUTER)
        .where(Assignment.issue == issue, Assignment.is_current)
        .order_by(Assignment.id)
    )
    found: dict[str, tuple[HandlerFacts, ...]] = {}
    for row in rows:
        person = row.account.display_name if row.account else ""
        found[row.part] = (*found.get(row.part, ()), facts(HandlerFacts, row, person=person))
    return found


def _measures(issue: Issue) -> tuple[MeasureFacts, ...]:
    rows = (
        Measure.select(Measure, Entry)
        .join(Entry, JOIN.LEFT_OUTER, on=Measure.done_entry)
        .where(Measure.issue == issue, Measure.is_current)
        .order_by(Measure.id)
    )
    return tuple(
        facts(MeasureFacts, row, done_at=row.done_entry.made_at if row.done_entry else None)
        for row in rows
    )


def _outcome(follows: Issue | None) -> EntryFacts | None:
    """The words in which the followed issue was last resolved or explained."""
    if follows is None or Step(follows.step) in BEFORE_VERDICT:
        return None
    told = Entry.select().where(Entry.issue == follows, Entry.move.in_(ENDING_HANDLING))
    newest: Entry | None = told.order_by(Entry.id.desc()).first()
    return facts(EntryFacts, newest) if newest is not None else None


def _people(entries: Iterable[EntryFacts]) -> dict[str, str]:
    handed = [entry for entry in entries if entry.field in HANDED]
    return people_named({name for entry in handed for name in (entry.old_value, entry.new_value)})
