"""One issue as somebody may see it: its facts, its history by round, and what they may do."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from peewee import JOIN, ModelSelect

from forms_app.issues.access import (
    Actor,
    is_above_in_use,
    parts_of,
    units_without_account,
    visible_issue,
)
from forms_app.issues.awaited import waits_of
from forms_app.issues.following import households
from forms_app.queries.contacts import left_in
from forms_app.queries.facts import (
    AttachmentFacts,
    AttemptFacts,
    EntryFacts,
    HandlerFacts,
    IssueFacts,
    ListedIssue,
    MeasureFacts,
    ObjectionFacts,
    PartyFacts,
    PhotoFacts,
    SummonsFacts,
    columns,
    facts,
)
from forms_app.queries.incidents import IncidentWords, words_of
from forms_app.queries.news import told_as_news
from forms_app.queries.offered import Moment, moves_offered
from forms_app.queries.people import people_named
from forms_app.queries.photos import photos_of
from forms_app.queries.project_answers import AskedAfter, asked_after_of
from forms_app.queries.rings import ToRing, duty_of
from forms_app.rules.clocks import (
    DISTRICT,
    REPLY,
    Running,
    first_of,
    is_past,
    running,
)
from forms_app.rules.move import Who
from forms_app.rules.procedure import ENDING_HANDLING, INTERNAL, MOVES, RELAYING, SAID_AFTER
from forms_app.rules.standing import Next, So, how_it_stands, so_of, what_comes_next
from forms_app.rules.steps import BEFORE_VERDICT, HANDED, OPEN_STEPS, Part, Role, Step
from forms_app.rules.told_by import TellBy, ways_for
from forms_app.store.accounts import Account
from forms_app.store.models import (
    Assignment,
    Attachment,
    ContactAttempt,
    Entry,
    Issue,
    Measure,
    Objection,
    Party,
    Summons,
)
from forms_app.store.prepared import prepared


@dataclass(frozen=True, slots=True)
class Round:
    round_no: int
    entries: tuple[EntryFacts, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """What an issue's round opens with: what ended the one before, and what was tried in it."""

    why: EntryFacts  # in its resident's words, or in those of whoever opened it again
    tried: tuple[EntryFacts, ...]  # what whoever led told, oldest first
    severity_class: str | None
    urgency: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an issue in its round, in the order in which its resident reads it."""

    words: EntryFacts  # the office's own, else those of whoever led or explained
    unit: EntryFacts | None  # what whoever led told, where the office's own words come first
    passed: EntryFacts | None  # where it went on by itself


@dataclass(frozen=True, slots=True)
class Case:
    issue: IssueFacts
    left: tuple[str, ...]  # of its contacts, to those alone who may open them
    step: Step
    parts: frozenset[Who]
    moves: tuple[str, ...]  # names, each once, in the procedure's order
    rounds: tuple[Round, ...]  # newest first, each oldest entry first
    collector: str  # who wrote it down, by name; "" where its resident did, or asks
    caller: str  # by name; "" where nobody called, or its resident asks
    summons: SummonsFacts | None
    parties: tuple[PartyFacts, ...]
    objections: tuple[ObjectionFacts, ...]  # on which nobody has ruled, oldest first
    leads: tuple[HandlerFacts, ...]
    assists: tuple[HandlerFacts, ...]
    follows: ListedIssue | None  # what a merged one follows, through every merge between
    measures: tuple[MeasureFacts, ...]  # the present plan's lines
    photos: Mapping[int, tuple[PhotoFacts, ...]]  # by the key of the entry they came with
    files: Mapping[int, tuple[AttachmentFacts, ...]]  # the same; to those alone who read notes
    outcome: Outcome | None  # of it, or of what it follows: once there is something to judge
    units_without_account: frozenset[str]  # for which the caller writes down; to the caller alone
    households: int  # that told of the same thing (following.households)
    people: Mapping[str, str]  # as people call those who handed over and took over, by username
    running: tuple[Running, ...]  # its clocks
    is_above_in_use: bool  # whether who may put its deadline off further has somebody
    # What was told in public of the incident that it, or what it follows, is the main issue of.
    incident_words: tuple[IncidentWords, ...]
    ways: tuple[TellBy, ...]  # by which its resident can be told
    asked_after: AskedAfter | None  # whether a project made it better, while it may be answered
    duty: ToRing | None  # what its resident is to be rung for; to whoever may ring

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

    @property
    def first(self) -> Running | None:
        """Its clock that ends first; None where none runs."""
        return first_of(self.running)

    def due(self, actor: Actor, now: datetime) -> str:
        """The one move that the issue waits for and this actor may make; "" where there is none."""
        waits = waits_of(
            self.step,
            self.issue.severity_class,
            is_opined=self.issue.opined_at is not None,
            is_unanswered=any(party.answered_at is None for party in self.parties),
            is_reply_late=is_past(self.end_of(REPLY), now),
            ruling_between=self.issue.ruling_between,
            is_referred=self.runs(DISTRICT),
        )
        # Of those who were called only the silent ones are waited for, or whoever writes for them.
        speaks_for = {actor.organization_id, *self.units_without_account}
        is_silent = any(
            party.answered_at is None and party.organization_id in speaks_for
            for party in self.parties
        )
        offered = (
            wait.move.name
            for wait in waits
            if wait.move.name in self.moves and (is_silent or Part.PARTY not in wait.who)
        )
        return next(offered, "")

    def late_parties(self, now: datetime) -> tuple[PartyFacts, ...]:
        """The parties whose time to answer has passed while the issue waits for it."""
        return tuple(
            party
            for party in self.parties
            if self.runs(REPLY) and party.answered_at is None and is_past(party.reply_by, now)
        )

    @property
    def so(self) -> frozenset[So]:
        """What its resident's sentence follows from, beside its step."""
        return so_of(self.issue, Step(self.follows.step) if self.follows is not None else None)

    @property
    def stands(self) -> str:
        """How it stands, in its resident's words."""
        return how_it_stands(self.step, self.so)

    def comes_next(self, now: datetime) -> Next:
        """What its resident may count on next."""
        return what_comes_next(self.step, self.so, self.running, now)

    def news(self, now: datetime) -> tuple[object, ...]:
        """What `news` tells of it at this moment."""
        newest = self.rounds[0].entries[-1].id
        told = max((one.id for one in self.incident_words), default=0)
        return told_as_news(
            self.issue, self.follows, self.moves, self.households, newest, self.running, now, told
        )

    @property
    def question(self) -> EntryFacts | None:
        """What the resident was asked last and has not answered."""
        if self.issue.asked_since is None:
            return None
        entries = (entry for round_ in self.rounds for entry in reversed(round_.entries))
        return next((entry for entry in entries if entry.move == "ask"), None)

    @property
    def is_in_one_hand(self) -> bool:
        """Whether a person leads it still, in whose place another may come."""
        return self.step in OPEN_STEPS and any(lead.person for lead in self.leads)

    @property
    def referred(self) -> EntryFacts | None:
        """What the district was asked last and has not answered."""
        if not self.runs(DISTRICT):
            return None
        entries = reversed(self.rounds[0].entries)
        return next((entry for entry in entries if entry.move == "refer_up"), None)

    @property
    def is_districts(self) -> bool:
        """Whether whoever looks is of the district, and its caller beside the sub-district."""
        return Part.DISTRICT in self.parts

    @property
    def former(self) -> "Former | None":
        """Why there is another round, and what the one before had come to."""
        if len(self.rounds) < 2:
            return None
        entries = self.rounds[1].entries
        graded = [entry for entry in entries if entry.severity_class]
        return Former(
            why=entries[-1],
            tried=tuple(entry for entry in entries if entry.move in ENDING_HANDLING),
            severity_class=graded[-1].severity_class if graded else None,
            urgency=graded[-1].urgency if graded else None,
        )

    @property
    def calls(self) -> tuple[EntryFacts, ...]:
        """Each try to reach the resident since there was something to ask them, oldest first."""
        since = self.issue.evaluating_since
        return tuple(
            entry
            for entry in self.rounds[0].entries
            if entry.move == "contact" and since is not None and entry.made_at >= since
        )

    @property
    def is_lead(self) -> bool:
        return Part.LEAD in self.parts

    @property
    def result(self) -> EntryFacts | None:
        """What whoever leads told last, while it waits to be handed on."""
        told = (entry for entry in reversed(self.rounds[0].entries) if entry.result)
        return next(told, None) if self.step is Step.REPORTED else None

    @property
    def handed_on(self) -> Mapping[int, EntryFacts]:
        """What whoever led had told, by the key of the entry in which an office handed it on."""
        found: dict[int, EntryFacts] = {}
        for round_ in self.rounds:
            told: EntryFacts | None = None
            for entry in round_.entries:
                if entry.move in ENDING_HANDLING:
                    told = entry
                elif told and entry.move in RELAYING and entry.actor_role != Role.SYSTEM.value:
                    found[entry.id] = told
        return found


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
    reads_notes = _may_note(parts)
    rounds = _rounds(issue.id, reads_notes=reads_notes)
    # Who works on it is not the resident's page's: there it is told in sentences.
    handlers = _handlers(issue.id) if is_staff else {}
    summons, parties = _called(issue.id) if is_staff else (None, ())
    collector_id, caller_id = issue.__data__["collector"], issue.__data__["caller"]
    names = _names([collector_id, caller_id]) if is_staff else {}
    return Case(
        issue=facts(IssueFacts, issue),
        left=left_in(issue) if actor.sees_contacts else (),
        step=Step(issue.step),
        parts=parts,
        moves=moves,
        rounds=rounds,
        collector=names.get(collector_id, ""),
        caller=names.get(caller_id, ""),
        summons=summons,
        parties=parties,
        objections=_objections(issue) if is_staff else (),
        leads=handlers.get(Part.LEAD.value, ()),
        assists=handlers.get(Part.ASSIST.value, ()),
        follows=facts(ListedIssue, follows) if follows is not None else None,
        measures=_measures(issue.id) if is_staff else (),
        photos=photos_of(issue.id),
        files=_files(issue.id) if _has_notes(rounds) else {},
        outcome=_outcome(follows or issue),
        units_without_account=_without_account(issue) if Part.CALLER in parts else frozenset(),
        households=households([follows or issue])[(follows or issue).id],
        people=_people(entry for round_ in rounds for entry in round_.entries) if is_staff else {},
        running=running(issue),
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
    return tuple(ListedIssue(*row) for row in _merged.tuples(case.issue.id))


@prepared
def _merged(issue_id: int) -> "ModelSelect[Issue]":
    return (
        Issue.select(*columns(ListedIssue, Issue))
        .where(Issue.merged_into == issue_id)
        .order_by(Issue.id)
    )


def attached_file(actor: Actor, number: str, key: str) -> AttachmentFacts | None:
    """A file beside a note of an issue, for those who see the issue and read its notes."""
    issue = visible_issue(actor, number)
    if issue is None or not _may_note(parts_of(actor, issue)):
        return None
    found: Attachment | None = (
        Attachment.select().where(Attachment.issue == issue, Attachment.key == key).first()
    )
    return facts(AttachmentFacts, found) if found is not None else None


def _has_notes(rounds: Iterable[Round]) -> bool:
    """Whether there is anything internal to which files may belong; only its readers get that."""
    return any(entry.move in INTERNAL for round_ in rounds for entry in round_.entries)


def _files(issue_id: int) -> dict[int, tuple[AttachmentFacts, ...]]:
    found: dict[int, tuple[AttachmentFacts, ...]] = {}
    for entry, *told in _attached.tuples(issue_id):
        found[entry] = (*found.get(entry, ()), AttachmentFacts(*told))
    return found


@prepared
def _attached(issue_id: int) -> "ModelSelect[Attachment]":
    return (
        Attachment.select(Attachment.entry, *columns(AttachmentFacts, Attachment))
        .where(Attachment.issue == issue_id)
        .order_by(Attachment.id)
    )


def _may_note(parts: Collection[Who]) -> bool:
    return any(move.is_internal and not move.who.isdisjoint(parts) for move in MOVES)


def _rounds(issue_id: int, *, reads_notes: bool) -> tuple[Round, ...]:
    entries = (EntryFacts(*row) for row in _entries.tuples(issue_id, reads_notes))
    grouped = [
        Round(round_no, tuple(rows))
        for round_no, rows in groupby(entries, key=lambda entry: entry.round_no)
    ]
    return tuple(reversed(grouped))


@prepared
def _entries(issue_id: int, reads_notes: bool) -> "ModelSelect[Entry]":
    entries = Entry.select(*columns(EntryFacts, Entry)).where(Entry.issue == issue_id)
    if not reads_notes:
        entries = entries.where(Entry.move.not_in(INTERNAL))
    return entries.order_by(Entry.id)


def _names(account_ids: Iterable[int | None]) -> dict[int, str]:
    """These accounts' names; none is asked for where there is none."""
    known = [key for key in account_ids if key is not None]
    return dict(_named.tuples(known)) if known else {}


@prepared
def _named(account_ids: Sequence[int]) -> "ModelSelect[Account]":
    return Account.select(Account.id, Account.display_name).where(Account.id.in_(account_ids))


def _called(issue_id: int) -> tuple[SummonsFacts | None, tuple[PartyFacts, ...]]:
    """The newest summons that holds, and every unit that is called now."""
    current = [(PartyFacts(*row[:-1]), row[-1]) for row in _parties.tuples(issue_id)]
    if not current:
        return None, ()
    newest = max(summons_id for _, summons_id in current)
    return (
        SummonsFacts(*_summons.tuples(newest)[0]),
        tuple(party for party, _ in current),
    )


@prepared
def _parties(issue_id: int) -> "ModelSelect[Party]":
    """The parties that are called now, each with the key of its summons."""
    return (
        Party.select(*columns(PartyFacts, Party, "reply_by"), Summons.reply_by, Party.summons)
        .join(Summons)
        .where(Party.issue == issue_id, Party.is_current)
        .order_by(Party.id)
    )


@prepared
def _summons(summons_id: int) -> "ModelSelect[Summons]":
    return Summons.select(*columns(SummonsFacts, Summons)).where(Summons.id == summons_id)


def _objections(issue: Issue) -> tuple[ObjectionFacts, ...]:
    if issue.ruling_due_at is None:
        return ()
    return tuple(ObjectionFacts(*row) for row in _declined.tuples(issue.id))


@prepared
def _declined(issue_id: int) -> "ModelSelect[Objection]":
    return (
        Objection.select(
            *columns(ObjectionFacts, Objection, "made_at", "note"), Entry.made_at, Entry.note
        )
        .join(Entry)
        .where(Objection.issue == issue_id, Objection.ended_at.is_null())
        .order_by(Objection.id)
    )


def _handlers(issue_id: int) -> dict[str, tuple[HandlerFacts, ...]]:
    """Who leads and who assists, by their part."""
    found: dict[str, tuple[HandlerFacts, ...]] = {}
    for part, person, unit in _assigned.tuples(issue_id):
        found[part] = (*found.get(part, ()), HandlerFacts(person or "", unit))
    return found


@prepared
def _assigned(issue_id: int) -> "ModelSelect[Assignment]":
    return (
        Assignment.select(Assignment.part, Account.display_name, Assignment.organization_id)
        .join(Account, JOIN.LEFT_OUTER)
        .where(Assignment.issue == issue_id, Assignment.is_current)
        .order_by(Assignment.id)
    )


def _measures(issue_id: int) -> tuple[MeasureFacts, ...]:
    return tuple(MeasureFacts(*row) for row in _lines.tuples(issue_id))


@prepared
def _lines(issue_id: int) -> "ModelSelect[Measure]":
    return (
        Measure.select(*columns(MeasureFacts, Measure, "done_at"), Entry.made_at)
        .join(Entry, JOIN.LEFT_OUTER, on=Measure.done_entry)
        .where(Measure.issue == issue_id, Measure.is_current)
        .order_by(Measure.id)
    )


def _without_account(issue: Issue) -> frozenset[str]:
    return frozenset(unit for _, unit in units_without_account(issue))


def _outcome(issue: Issue) -> Outcome | None:
    """The words in which an issue was last resolved or explained, and handed on."""
    if Step(issue.step) in BEFORE_VERDICT:
        return None
    rows = _told.tuples(issue.id, issue.round_no)
    told = [EntryFacts(*row) for row in rows]
    ended = next((entry for entry in reversed(told) if entry.move in ENDING_HANDLING), None)
    if ended is None:
        return None
    relayed = [entry for entry in told if entry.id > ended.id]
    by_itself = (entry for entry in relayed if entry.actor_role == Role.SYSTEM.value)
    own_words = [entry for entry in relayed if entry.actor_role != Role.SYSTEM.value]
    return Outcome(
        words=own_words[-1] if own_words else ended,
        unit=ended if own_words else None,
        passed=next(by_itself, None),
    )


@prepared
def _told(issue_id: int, round_no: int) -> "ModelSelect[Entry]":
    return (
        Entry.select(*columns(EntryFacts, Entry))
        .where(
            Entry.issue == issue_id,
            Entry.round_no == round_no,
            Entry.move.in_((*ENDING_HANDLING, *RELAYING)),
        )
        .order_by(Entry.id)
    )


def _people(entries: Iterable[EntryFacts]) -> dict[str, str]:
    handed = [entry for entry in entries if entry.field in HANDED]
    return people_named({name for entry in handed for name in (entry.old_value, entry.new_value)})
