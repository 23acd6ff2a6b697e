"""What stands in other tables of one issue, part by part, as its page shows it."""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from peewee import JOIN, ModelSelect

from forms_app.issues.access import units_without_account
from forms_app.issues.taken_over import entries_before, of_work
from forms_app.queries.case_facts import Outcome, Round
from forms_app.queries.facts import (
    AttachmentFacts,
    EntryFacts,
    HandlerFacts,
    MeasureFacts,
    ObjectionFacts,
    PartyFacts,
    SummonsFacts,
    UrgeFacts,
    columns,
)
from forms_app.queries.people import people_named
from forms_app.rules.move import Who
from forms_app.rules.procedure import ENDING_HANDLING, INTERNAL, MOVES, RELAYING
from forms_app.rules.steps import BEFORE_VERDICT, HANDED, Part, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import (
    Assignment,
    Attachment,
    Entry,
    Issue,
    Measure,
    Objection,
    Party,
    Summons,
    Urge,
)
from forms_app.store.prepared import prepared


def work_before(issue: Issue) -> tuple[EntryFacts, ...]:
    """What was done in its present round before it took over, oldest first; without what the
    residents said and what is internal.
    """
    rows = _before.tuples(issue.id, issue.round_no)
    return tuple(EntryFacts(*row) for row in rows)


@prepared
def _before(issue_id: int, round_no: int) -> "ModelSelect[Entry]":
    return entries_before(issue_id, round_no, columns(EntryFacts, Entry))


def has_notes(rounds: Iterable[Round]) -> bool:
    """Whether there is anything internal to which files may belong; only its readers get that."""
    return any(entry.move in INTERNAL for round_ in rounds for entry in round_.entries)


def files_of(issue_id: int) -> dict[int, tuple[AttachmentFacts, ...]]:
    """Its files, by the key of the entry that each came with."""
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


def may_note(parts: Collection[Who]) -> bool:
    """Whether one of these parts writes internal notes, and so reads them."""
    return any(move.is_internal and not move.who.isdisjoint(parts) for move in MOVES)


def rounds_of(issue_id: int, *, reads_notes: bool) -> tuple[Round, ...]:
    """Its history by round, newest round first, oldest entry of each first."""
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


def names_of(account_ids: Iterable[int | None]) -> dict[int, str]:
    """These accounts' names; none is asked for where there is none."""
    known = [key for key in account_ids if key is not None]
    return dict(_named.tuples(known)) if known else {}


@prepared
def _named(account_ids: Sequence[int]) -> "ModelSelect[Account]":
    return Account.select(Account.id, Account.display_name).where(Account.id.in_(account_ids))


def called(issue_id: int) -> tuple[SummonsFacts | None, tuple[PartyFacts, ...]]:
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


def objections_of(issue: Issue) -> tuple[ObjectionFacts, ...]:
    """The refusals on which nobody has ruled, oldest first."""
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


def urges_of(issue: Issue) -> tuple[UrgeFacts, ...]:
    """Those that wait for a word of whoever was urged, oldest first."""
    if issue.urge_due_at is None:
        return ()
    return tuple(UrgeFacts(*row) for row in _urged.tuples(issue.id))


@prepared
def _urged(issue_id: int) -> "ModelSelect[Urge]":
    return (
        Urge.select(*columns(UrgeFacts, Urge, "note"), Entry.note)
        .join(Entry)
        .where(Urge.issue == issue_id, Urge.ended_at.is_null())
        .order_by(Urge.id)
    )


def handlers_of(issue_id: int) -> dict[str, tuple[HandlerFacts, ...]]:
    """Who leads and who assists, by their part."""
    found: dict[str, tuple[HandlerFacts, ...]] = {}
    for part, person, unit, left_at in _assigned.tuples(issue_id):
        one = HandlerFacts(person or "", unit, left_at is not None)
        found[part] = (*found.get(part, ()), one)
    return found


@prepared
def _assigned(issue_id: int) -> "ModelSelect[Assignment]":
    return (
        Assignment.select(
            Assignment.part, Account.display_name, Assignment.organization_id, Account.disabled_at
        )
        .join(Account, JOIN.LEFT_OUTER)
        .where(Assignment.issue == issue_id, Assignment.is_current)
        .order_by(Assignment.id)
    )


def measures_of(issue_id: int) -> tuple[MeasureFacts, ...]:
    """The lines of its present plan."""
    return tuple(MeasureFacts(*row) for row in _lines.tuples(issue_id))


@prepared
def _lines(issue_id: int) -> "ModelSelect[Measure]":
    return (
        Measure.select(*columns(MeasureFacts, Measure, "done_at"), Entry.made_at)
        .join(Entry, JOIN.LEFT_OUTER, on=Measure.done_entry)
        .where(Measure.issue == issue_id, Measure.is_current)
        .order_by(Measure.id)
    )


def unheard_units(issue: Issue) -> frozenset[str]:
    """The units called to it that have no account, for which its caller writes down."""
    return frozenset(unit for _, unit in units_without_account(issue))


def outcome_of(issue: Issue) -> Outcome | None:
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
    words = own_words[-1] if own_words else ended
    return Outcome(
        words=words,
        unit=ended if own_words else None,
        passed=next(by_itself, None),
        unit_id=words.organization_id or _unit_that_led(issue.id, words),
    )


def _unit_that_led(issue_id: int, words: EntryFacts) -> str:
    """Whose words somebody of a unit wrote, who led; "" for anybody else's."""
    if words.actor_role != Role.RESPONDER.value:
        return ""
    leads = handlers_of(issue_id).get(Part.LEAD.value, ())
    return next((lead.organization_id for lead in leads), "")


@prepared
def _told(issue_id: int, round_no: int) -> "ModelSelect[Entry]":
    return (
        Entry.select(*columns(EntryFacts, Entry))
        .where(
            of_work(issue_id, round_no),
            Entry.move.in_((*ENDING_HANDLING, *RELAYING)),
        )
        .order_by(Entry.id)
    )


def people_in(rounds: Iterable[Round]) -> dict[str, str]:
    """As people call those who handed over and took over, by username."""
    handed = [entry for round_ in rounds for entry in round_.entries if entry.field in HANDED]
    return people_named({name for entry in handed for name in (entry.old_value, entry.new_value)})
