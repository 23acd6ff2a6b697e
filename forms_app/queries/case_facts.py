"""What is known of one issue as somebody may see it, and what follows from it."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from forms_app.issues.access import Actor
from forms_app.issues.awaited import waits_of
from forms_app.issues.urged import is_answered_by
from forms_app.queries.facts import (
    AttachmentFacts,
    EntryFacts,
    HandlerFacts,
    IssueFacts,
    ListedIssue,
    MeasureFacts,
    ObjectionFacts,
    PartyFacts,
    PhotoFacts,
    SummonsFacts,
    UrgeFacts,
)
from forms_app.queries.incidents import IncidentWords
from forms_app.queries.news import told_as_news
from forms_app.queries.project_answers import AskedAfter
from forms_app.queries.rings import ToRing
from forms_app.rules.clocks import DISTRICT, REPLY, Running, first_of, is_past
from forms_app.rules.move import Who
from forms_app.rules.procedure import (
    ADDING,
    ASKING,
    ASKING_ANEW,
    ENDING_HANDLING,
    RELAYING,
    TAKING_OVER,
    names_where,
)
from forms_app.rules.standing import (
    Next,
    So,
    how_it_stands,
    promised_beside,
    so_of,
    stage_of,
    what_comes_next,
)
from forms_app.rules.steps import OPEN_STEPS, Part, Role, Step
from forms_app.rules.told_by import TellBy

_TRYING = names_where(lambda move: "reached" in move.needs)
_REFERRING = names_where(lambda move: "request" in move.needs)


class Round(Struct, frozen=True):
    round_no: int
    entries: tuple[EntryFacts, ...]

    @property
    def took_over(self) -> bool:
        """Whether it goes on with what another issue had come to."""
        return any(entry.move in TAKING_OVER for entry in self.entries)


class Former(Struct, frozen=True):
    """What an issue's round opens with: what ended the one before, and what was tried in it."""

    why: EntryFacts  # in its resident's words, or in those of whoever opened it again
    tried: tuple[EntryFacts, ...]  # what whoever led told, oldest first
    severity_class: str | None
    urgency: int | None


class Outcome(Struct, frozen=True):
    """What became of an issue in its round, in the order in which its resident reads it."""

    words: EntryFacts  # the office's own, else those of whoever led or explained
    unit: EntryFacts | None  # what whoever led told, where the office's own words come first
    passed: EntryFacts | None  # where it went on by itself
    unit_id: str  # the unit whose own words come first; "" where they are the office's


class Case(Struct, frozen=True):
    issue: IssueFacts
    left: tuple[str, ...]  # of its contacts, to those alone who may open them
    step: Step
    parts: frozenset[Who]
    moves: tuple[str, ...]  # names, each once, in the procedure's order
    rounds: tuple[Round, ...]  # newest first, each oldest entry first
    collector: str  # who wrote it down, by name; "" where its resident did, or asks
    caller: str  # by name; "" where nobody called, or its resident asks
    caller_id: int | None  # the account
    summons: SummonsFacts | None
    parties: tuple[PartyFacts, ...]
    objections: tuple[ObjectionFacts, ...]  # on which nobody has ruled, oldest first
    urges: tuple[UrgeFacts, ...]  # that nobody has answered, oldest first
    leads: tuple[HandlerFacts, ...]
    assists: tuple[HandlerFacts, ...]
    follows: ListedIssue | None  # what a merged one follows, through every merge between
    # Of bad ratings of one thing the first is answered for all: what its answer says; else "".
    answer_for_all: str
    measures: tuple[MeasureFacts, ...]  # the present plan's lines
    photos: Mapping[int, tuple[PhotoFacts, ...]]  # by the key of the entry they came with
    files: Mapping[int, tuple[AttachmentFacts, ...]]  # the same; to those alone who read notes
    # What was done for it under the numbers that it took over from, and these, the last one first;
    # to staff alone.
    before: tuple[EntryFacts, ...]
    numbers_before: tuple[str, ...]
    number_after: str  # under which what its resident took back goes on; to staff who see it
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
    answer_comes: So | None  # why its first answer does not come within its minutes
    again_until: datetime | None  # until when it may be opened again, where that ends
    goes_untried: bool  # whether it may be shelved though nobody was tried

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
    def followed_step(self) -> Step | None:
        """Where the one that it follows stands; None where it follows none."""
        return Step(self.follows.step) if self.follows is not None else None

    @property
    def stage(self) -> str:
        """Which of the four that its resident reads it stands at."""
        return stage_of(self.step, self.followed_step)

    @property
    def so(self) -> frozenset[So]:
        """What its resident's sentence follows from, beside its step."""
        so = so_of(self.issue, self.followed_step)
        verdict = self.verdict
        is_by_ticket = verdict is not None and verdict.actor_role == Role.RESIDENT.value
        moves = {entry.move for entry in self.rounds[0].entries}
        found = {
            So.BY_TICKET: is_by_ticket,
            So.TAKEN_OVER: self.rounds[0].took_over,
            So.HERE_AGAIN: not moves.isdisjoint(ASKING_ANEW) and "reopen" in self.moves,
            self.answer_comes: True,
        }
        return so | {one for one, holds in found.items() if holds and one is not None}

    @property
    def verdict(self) -> EntryFacts | None:
        """The last one of its round."""
        given = (one for one in reversed(self.rounds[0].entries) if one.satisfaction)
        return next(given, None)

    @property
    def stands(self) -> str:
        """How it stands, in its resident's words."""
        return how_it_stands(self.step, self.so)

    def comes_next(self, now: datetime) -> Next:
        """What its resident may count on next."""
        return what_comes_next(self.step, self.so, self.running, now)

    def promised_beside(self, now: datetime) -> tuple[Next, ...]:
        """What else its resident was promised for a moment."""
        return promised_beside(self.step, self.so, self.running, now)

    @property
    def newest(self) -> EntryFacts:
        """What happened last."""
        return self.rounds[0].entries[-1]

    def news(self, now: datetime) -> tuple[object, ...]:
        """What `news` tells of it at this moment."""
        newest = self.newest.id
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
        return next((entry for entry in entries if entry.move in ASKING), None)

    @property
    def added(self) -> tuple[EntryFacts, ...]:
        """What was added for the resident that nobody of the staff has followed yet."""
        since = self.issue.added_since
        if since is None:
            return ()
        entries = (entry for round_ in reversed(self.rounds) for entry in round_.entries)
        return tuple(one for one in entries if one.move in ADDING and one.made_at >= since)

    @property
    def is_in_one_hand(self) -> bool:
        """Whether a person leads it still, in whose place another may come."""
        return self.step in OPEN_STEPS and any(lead.person for lead in self.leads)

    @property
    def referred(self) -> EntryFacts | None:
        """What the district was asked last and has not answered."""
        if not self.runs(DISTRICT):
            return None
        return next((one for one in reversed(self._of_work) if one.move in _REFERRING), None)

    @property
    def _of_work(self) -> tuple[EntryFacts, ...]:
        """What was done in its present round, under whichever number; oldest first."""
        return (*self.before, *self.rounds[0].entries)

    def urges_to(self, actor: Actor) -> tuple[UrgeFacts, ...]:
        """Of those the ones that this actor's next move answers."""
        own = actor.organization_id
        place = self.issue.community_id
        return tuple(
            one for one in self.urges if is_answered_by(one, actor, self.parts, own, place)
        )

    @property
    def is_districts(self) -> bool:
        """Whether whoever looks is of the district, and its caller beside the sub-district."""
        return Part.DISTRICT in self.parts

    @property
    def former(self) -> "Former | None":
        """Why there is another round, and what the one before had come to."""
        # What begins a round is the last entry of the one before: the new one may hold none yet.
        before = (one for one in self.rounds if one.round_no < self.issue.round_no)
        ended = next(before, None)
        if ended is None:
            return None
        entries = ended.entries
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
            if entry.move in _TRYING and since is not None and entry.made_at >= since
        )

    @property
    def result(self) -> EntryFacts | None:
        """What whoever leads told last, while it waits to be handed on."""
        told = (entry for entry in reversed(self._of_work) if entry.result)
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
