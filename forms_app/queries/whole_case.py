"""The whole case of every round as it is printed, and what hangs on an issue beside its page."""

from collections.abc import Sequence

from msgspec import Struct
from peewee import ModelSelect

from forms_app.issues.access import Actor, parts_of, visible_issue
from forms_app.queries.case_facts import Case, Round
from forms_app.queries.case_parts import may_note
from forms_app.queries.cases import case
from forms_app.queries.facts import (
    AttachmentFacts,
    AttemptFacts,
    EntryFacts,
    ListedIssue,
    PartyFacts,
    SummonsFacts,
    columns,
    facts,
)
from forms_app.rules.procedure import ADDING
from forms_app.store.models import Attachment, ContactAttempt, Entry, Issue, Party, Summons
from forms_app.store.prepared import prepared


class Call(Struct, frozen=True):
    """One summons of any round, with everybody it called."""

    summons: SummonsFacts
    parties: tuple[PartyFacts, ...]


class CaseFile(Struct, frozen=True):
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
    for row in _additions.rows(list(issue_ids)) if issue_ids else ():
        key = int(row.__data__["issue"])
        found[key] = (*found.get(key, ()), facts(EntryFacts, row))
    return found


@prepared
def _additions(issue_ids: Sequence[int]) -> "ModelSelect[Entry]":
    rows = Entry.select().where(Entry.issue.in_(issue_ids), Entry.move.in_(ADDING))
    return rows.order_by(Entry.id)


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
    if issue is None or not may_note(parts_of(actor, issue)):
        return None
    found: Attachment | None = (
        Attachment.select().where(Attachment.issue == issue, Attachment.key == key).first()
    )
    return facts(AttachmentFacts, found) if found is not None else None
