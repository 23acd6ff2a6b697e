"""Issues with all that their rows of the register tell of: a few questions for a whole batch."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property

from msgspec import Struct, field
from peewee import JOIN, ModelSelect

from forms_app.issues.taken_over import is_the_offices, of_those_before
from forms_app.queries.facts import AttemptFacts, columns
from forms_app.store.accounts import Account
from forms_app.store.models import (
    Assignment,
    ContactAttempt,
    Entry,
    Issue,
    Party,
    Photo,
    Summons,
    TakenOver,
)
from forms_app.store.prepared import prepared

SHOWN = (
    Issue.id, Issue.number, Issue.channel, Issue.received_at, Issue.reporter_name,
    Issue.reporter_phone, Issue.community_id, Issue.estate_id, Issue.location, Issue.description,
    Issue.nature, Issue.category, Issue.service, Issue.step, Issue.round_no, Issue.severity_class,
    Issue.urgency, Issue.initial_opinion, Issue.opined_at, Issue.due_at,
)  # fmt: skip


class MadeMove(Struct, frozen=True):
    """One move as far as the columns tell of it."""

    move: str
    made_at: datetime
    actor_role: str
    actor_name: str
    round_no: int
    to_round: int
    from_step: str | None
    to_step: str
    note: str
    satisfaction: int | None
    asked_at: datetime | None
    asked_how: str
    told_by: str
    organization_id: str
    result: str


class _Called(Struct, frozen=True):
    organization_id: str
    answer: str
    answered_at: datetime | None


class _Handler(Struct, frozen=True):
    part: str
    organization_id: str
    person: str | None


class WholeIssue(Struct, dict=True):
    """One issue with everything that its row tells of: of its present round, or its last."""

    issue: Issue
    begun_by: MadeMove | None = None  # of the round before: what opened this one
    entries: list[MadeMove] = field(default_factory=list)
    parties: list[_Called] = field(default_factory=list)
    handlers: list[_Handler] = field(default_factory=list)
    attempts: list[AttemptFacts] = field(default_factory=list)
    photo_count: int = 0
    place: int = 0  # in the list, from 1

    @cached_property
    def _moves(self) -> frozenset[str]:
        return frozenset(entry.move for entry in self.entries)

    def of(self, *moves: str) -> list[MadeMove]:
        """The entries of these moves, oldest first."""
        if self._moves.isdisjoint(moves):
            return []
        return [entry for entry in self.entries if entry.move in moves]


def whole_issues(batch: list[Issue]) -> Iterable[WholeIssue]:
    """Each issue with its row's facts, in the batch's order; they hold what SHOWN names."""
    ids = [issue.id for issue in batch]
    told = {issue.id: WholeIssue(issue) for issue in batch}
    of_round = set()
    for key, *entry in _entries_before.tuples(ids):
        told[key].entries.append(MadeMove(*entry))
    for key, entry_id, *entry in _entries_of.tuples(ids):
        whole, made = told[key], MadeMove(*entry)
        if made.round_no == whole.issue.round_no:
            whole.entries.append(made)
            of_round.add(entry_id)
        elif made.to_round == whole.issue.round_no:
            whole.begun_by = made
    for key, round_no, *party in _parties_of.tuples(ids):
        if round_no == told[key].issue.round_no:
            told[key].parties.append(_Called(*party))
    for key, *handler in _handlers_of.tuples(ids):
        told[key].handlers.append(_Handler(*handler))
    for key, entry_id, *attempt in _attempts_of.tuples(ids):
        if entry_id in of_round:
            told[key].attempts.append(AttemptFacts(*attempt))
    for (key,) in _photos_of.tuples(ids):
        told[key].photo_count += 1
    return told.values()


@prepared
def _entries_of(ids: list[int]) -> "ModelSelect[Entry]":
    asked = Entry.select(Entry.issue, Entry.id, *columns(MadeMove, Entry))
    return asked.where(Entry.issue.in_(ids)).order_by(Entry.id)


@prepared
def _entries_before(ids: list[int]) -> "ModelSelect[Entry]":
    """What was done in their present rounds before they took over."""
    asked = of_those_before(Entry.select(Issue.id, *columns(MadeMove, Entry)))
    is_now = (Issue.id == TakenOver.issue) & (Issue.round_no == TakenOver.round_no)
    asked = asked.join(Issue, on=is_now).where(Issue.id.in_(ids), is_the_offices())
    return asked.order_by(Entry.id)


@prepared
def _parties_of(ids: list[int]) -> "ModelSelect[Party]":
    asked = Party.select(Party.issue, Summons.round_no, *columns(_Called, Party)).join(Summons)
    return asked.where(Party.issue.in_(ids)).order_by(Party.id)


@prepared
def _handlers_of(ids: list[int]) -> "ModelSelect[Assignment]":
    shown = (Assignment.issue, *columns(_Handler, Assignment, "person"), Account.display_name)
    asked = Assignment.select(*shown).join(Account, JOIN.LEFT_OUTER)
    return asked.where(Assignment.issue.in_(ids), Assignment.is_current).order_by(Assignment.id)


@prepared
def _attempts_of(ids: list[int]) -> "ModelSelect[ContactAttempt]":
    asked = ContactAttempt.select(
        ContactAttempt.issue, ContactAttempt.entry, *columns(AttemptFacts, ContactAttempt)
    )
    return asked.where(ContactAttempt.issue.in_(ids)).order_by(ContactAttempt.id)


@prepared
def _photos_of(ids: list[int]) -> "ModelSelect[Photo]":
    return Photo.select(Photo.issue).where(Photo.issue.in_(ids))
