"""What one member of staff has in hand: what was promised, until when, and who could take it over.

What a unit or a post has stays with it; only what the account itself holds can be handed over.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from peewee import JOIN, Expression

from forms_app.community import Circle
from forms_app.issues import sums, unit_sums
from forms_app.issues.access import (
    Actor,
    actor_of,
    colleagues,
    held_by,
    may_hold,
    parts_of,
    personal_parts,
    visible_issue,
    visible_to,
    what_is_so,
)
from forms_app.issues.clocks import IN_HAND, in_line
from forms_app.issues.driving import beside, exists
from forms_app.issues.taken_over import of_those_before
from forms_app.queries.case_parts import work_before
from forms_app.queries.facts import (
    AccountFacts,
    AttemptFacts,
    EntryFacts,
    ListedIssue,
    MeasureFacts,
    PartyFacts,
    facts,
)
from forms_app.queries.queue import QueueRow, rows_of
from forms_app.rules.names import Order, name_order
from forms_app.rules.procedure import GIVING_OPINION, MOVES, TELLING_PROGRESS, names_where
from forms_app.rules.steps import OPEN_STEPS, PART_LABELS, Part, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import (
    Assignment,
    ContactAttempt,
    Entry,
    Issue,
    Measure,
    Party,
    Summons,
    TakenOver,
)
from forms_app.store.sheets import PaperForm

LISTED = 100  # issues on one sheet; handed over, the next ones come up
# What the resident may count on: the words and days that these moves told them.
PROMISING = names_where(lambda move: move.promises is not None)
COLLECTED_BY, ANSWERED_BY, TAKING_PART = "登记人", "答复人", "参加办理"

_IS_OPEN = IN_HAND & (Issue.step != Step.MERGED.value)
_LATEST = datetime.max.replace(tzinfo=UTC)


class HeldIssue(Struct, frozen=True):
    row: QueueRow
    parts: tuple[Part, ...]  # that the account itself holds, and may hand over
    part_words: tuple[str, ...]
    only_they: tuple[str, ...]  # moves that nobody else may make
    promises: tuple[EntryFacts, ...]
    last: EntryFacts | None  # how far it has got
    measures: tuple[MeasureFacts, ...]  # of the present plan, not done yet
    silent: tuple[PartyFacts, ...]  # called and not answered
    verdicts: tuple[EntryFacts, ...]  # of the rounds before
    attempts: tuple[AttemptFacts, ...]

    @property
    def issue(self) -> ListedIssue:
        return self.row.issue


class PaperBatch(Struct, frozen=True):
    """Sheets printed together that have not come back."""

    printed_at: datetime
    community_id: str
    serials: tuple[str, ...]


class Taker(Struct, frozen=True):
    """An account in use that fits the parts of some of the issues."""

    account: AccountFacts
    fits: int


class Handover(Struct, frozen=True):
    account: AccountFacts
    movable: tuple[HeldIssue, ...]  # due first; at most LISTED
    staying: tuple[HeldIssue, ...]  # with the unit or the post; at most LISTED
    papers: tuple[PaperBatch, ...]
    takers: tuple[Taker, ...]  # who could take over at least one of the issues, the fittest first
    is_cut: bool

    @property
    def overdue(self) -> int:
        return sum(held.row.is_overdue for held in (*self.movable, *self.staying))

    @property
    def papers_out(self) -> int:
        return sum(len(batch.serials) for batch in self.papers)

    def count(self, part: Part) -> int:
        """How many issues the account holds in this part."""
        return sum(part in held.parts for held in self.movable)


class InOneHand(Struct, frozen=True):
    """One open issue that a person leads, and who could lead it in their place."""

    issue: ListedIssue
    giver: AccountFacts
    takers: tuple[AccountFacts, ...]


class Colleague(Struct, frozen=True):
    account: AccountFacts
    in_hand: int


def in_hand_counts() -> dict[int, int]:
    """How many open issues each account itself holds: account's id → number of issues."""
    counts = sums.numbers_of(unit_sums.IN_HAND)
    return {int(account_id): count for account_id, count in counts.items()}


def in_hand_of(username: str) -> int:
    """How many open issues the account of this name itself holds."""
    account = Account.get_or_none(Account.username == username)
    return 0 if account is None else _number_held(account)


def _number_held(account: Account) -> int:
    key = unit_sums.IN_HAND, str(account.id)
    return sums.numbers(key)[key]


def colleagues_of(actor: Actor) -> list[Colleague]:
    """Whose work this leader may hand over; first those who have left with something in hand."""
    counts = in_hand_counts()
    found = [
        Colleague(facts(AccountFacts, account), counts.get(account.id, 0))
        for account in Account.select().where(colleagues(actor))
    ]
    return sorted(found, key=_order)


def _order(one: Colleague) -> tuple[bool, Order, int]:
    """Those who left with something in hand first, then by name."""
    is_urgent = one.account.disabled_at is not None and bool(one.in_hand)
    return not is_urgent, name_order(one.account.display_name), one.account.id


def handover(circle: Circle, actor: Actor, username: str, now: datetime) -> Handover | None:
    """What this account has in hand, as far as the actor sees it.

    None unless it is the actor's own account or one whose work they may hand over.
    """
    is_within_reach = colleagues(actor) | (Account.id == actor.account_id)
    account = Account.get_or_none((Account.username == username) & is_within_reach)
    if account is None:
        return None
    # So many there are at most: with them it is at its end, and of none nothing is looked through.
    held = _number_held(account)
    movable = list(_open(actor, held_by(account), held)) if held else []
    near = _is_near(account) & ~held_by(account)
    staying = list(_open(actor, near)) if _may_be_near(account) else []
    parts = {issue.id: personal_parts(account, issue) for issue in movable[:LISTED]}
    told = _Contents(circle, account, [*movable[:LISTED], *staying[:LISTED]], now)
    return Handover(
        account=facts(AccountFacts, account),
        movable=_by_due(told.held(issue, parts[issue.id]) for issue in movable[:LISTED]),
        staying=_by_due(told.held(issue, ()) for issue in staying[:LISTED]),
        papers=_papers(actor, account),
        takers=_takers(circle, account, [(issue, parts[issue.id]) for issue in movable[:LISTED]]),
        is_cut=max(len(movable), len(staying)) > LISTED,
    )


def in_one_hand(circle: Circle, actor: Actor, number: str) -> InOneHand | None:
    """Who leads the issue of this number, as far as this leader may put another in their place.

    None where no person leads it, or it is not theirs to change.
    """
    issue = visible_issue(actor, number)
    if issue is None or Step(issue.step) not in OPEN_STEPS:
        return None
    leads = Assignment.select(Assignment.account).where(
        Assignment.issue == issue,
        Assignment.is_current,
        Assignment.part == Part.LEAD.value,
        Assignment.account.is_null(False),
    )
    giver = Account.get_or_none(Account.id.in_(leads), colleagues(actor))
    if giver is None:
        return None
    takers = _takers(circle, giver, [(issue, personal_parts(giver, issue))])
    people = tuple(taker.account for taker in takers)
    return InOneHand(facts(ListedIssue, issue), facts(AccountFacts, giver), people)


def _takers(
    circle: Circle, giver: Account, held: Sequence[tuple[Issue, Sequence[Part]]]
) -> tuple[Taker, ...]:
    if not held:
        return ()
    in_use = Account.select().where(Account.disabled_at.is_null(), Account.id != giver.id)
    offered = [
        Taker(
            facts(AccountFacts, account),
            sum(
                all(may_hold(circle, account, part, issue) for part in parts)
                for issue, parts in held
            ),
        )
        for account in in_use
    ]
    fitting = (taker for taker in offered if taker.fits)
    return tuple(sorted(fitting, key=lambda taker: (-taker.fits, taker.account.id)))


def _open(actor: Actor, which: Expression, most: int = LISTED + 1) -> Iterable[Issue]:
    rows = Issue.select(Issue, Account).join(Account, JOIN.LEFT_OUTER, on=Issue.caller)
    found = rows.where(visible_to(actor), _IS_OPEN, which)
    return found.order_by(*in_line(), Issue.id).limit(min(most, LISTED + 1))


def _may_be_near(account: Account) -> bool:
    """Whether it ever had to do with an issue in one of the ways of `_is_near`."""
    if account.role in (Role.RESPONDER.value, Role.COLLECTOR.value):
        return True
    moves = (*GIVING_OPINION, *TELLING_PROGRESS)
    spoke = Entry.select(Entry.id).where(Entry.account == account, Entry.move.in_(moves))
    return spoke.exists()


def _is_near(account: Account) -> Expression:
    """What it had to do with beside that: for its unit, or by its word in the present round."""
    if account.role == Role.RESPONDER.value:
        unit = account.organization_id
        called = Party.select(Party.id).where(
            Party.issue == Issue.id,
            Party.organization_id == unit,
            Party.is_current,
            Party.answered_at.is_null(),
        )
        assigned = Assignment.select(Assignment.id).where(
            Assignment.issue == Issue.id,
            Assignment.organization_id == unit,
            Assignment.is_current,
        )
        is_called = (Issue.step == Step.RESPONDING.value) & exists(called)
        return is_called | exists(assigned)
    if account.role == Role.COLLECTOR.value:
        return Issue.collector == account
    new = Issue.step.in_([Step.COLLECTED.value, Step.CLASSIFIED.value])
    answered = Entry.move.in_(GIVING_OPINION) & (Entry.note != "") & new
    helped = Entry.move.in_(TELLING_PROGRESS) & (Issue.step == Step.HANDLING.value)
    # A sum, so that SQLite looks through the issue's entries and not through all of the account's.
    by_account = (Entry.account + 0) == account.id
    spoke = Entry.select(Entry.id).where(by_account, answered | helped)
    is_now = (TakenOver.issue == Issue.id) & (TakenOver.round_no == Issue.round_no)
    in_round = spoke.where(Entry.issue == Issue.id, Entry.round_no == Issue.round_no)
    return exists(in_round) | exists(of_those_before(spoke).where(is_now))


class _Contents:
    """Everything that the sheet tells of some issues, asked for at once."""

    def __init__(
        self, circle: Circle, account: Account, issues: Sequence[Issue], now: datetime
    ) -> None:
        self.circle, self.account = circle, account
        ids = [issue.id for issue in issues]
        self.rows = {row.issue.id: row for row in rows_of(issues, now)}
        self.entries: dict[int, list[EntryFacts]] = defaultdict(list)
        self.measures: dict[int, list[MeasureFacts]] = defaultdict(list)
        self.silent: dict[int, list[PartyFacts]] = defaultdict(list)
        self.attempts: dict[int, list[AttemptFacts]] = defaultdict(list)
        self.before = work_before(ids)
        for entry in Entry.select().where(Entry.issue.in_(ids)).order_by(Entry.id):
            self.entries[_issue_of(entry)].append(facts(EntryFacts, entry))
        is_undone = beside(Measure.done_entry.is_null())  # of all there ever were most are not
        left = (Measure.issue.in_(ids)) & Measure.is_current & is_undone
        for measure in Measure.select().where(left).order_by(Measure.id):
            self.measures[_issue_of(measure)].append(facts(MeasureFacts, measure, done_at=None))
        unanswered = Party.issue.in_(ids) & Party.is_current & Party.answered_at.is_null()
        parties = Party.select(Party, Summons).join(Summons).where(unanswered)
        for party in parties.order_by(Party.id):
            silent = facts(PartyFacts, party, reply_by=party.summons.reply_by)
            self.silent[_issue_of(party)].append(silent)
        attempts = ContactAttempt.select().where(ContactAttempt.issue.in_(ids))
        for attempt in attempts.order_by(ContactAttempt.id):
            self.attempts[_issue_of(attempt)].append(facts(AttemptFacts, attempt))

    def held(self, issue: Issue, parts: tuple[Part, ...]) -> HeldIssue:
        """An open issue, with the parts that the account itself has in it."""
        row = self.rows[issue.id]
        entries = self.entries[issue.id]
        own = [entry for entry in entries if entry.round_no == issue.round_no]
        present = [*self.before.get(issue.id, ()), *own]
        told = [entry for entry in present if entry.resident_line]
        progress = [entry for entry in told if entry.move in TELLING_PROGRESS] or told
        return HeldIssue(
            row=row,
            parts=parts,
            part_words=tuple(PART_LABELS[part] for part in parts)
            or _near_words(self.circle, self.account, issue),
            only_they=_only(parts, issue),
            promises=tuple(entry for entry in present if entry.move in PROMISING),
            last=progress[-1] if progress else None,
            measures=tuple(self.measures[issue.id]),
            silent=tuple(self.silent[issue.id]) if row.step is Step.RESPONDING else (),
            verdicts=tuple(entry for entry in entries if entry.satisfaction is not None),
            attempts=tuple(self.attempts[issue.id]),
        )


def _near_words(circle: Circle, account: Account, issue: Issue) -> tuple[str, ...]:
    if account.role == Role.COLLECTOR.value:
        return (COLLECTED_BY,)
    if account.role == Role.RESPONDER.value:
        # Whether a unit has work on it at all, leading or assisting says already.
        parts = parts_of(actor_of(account, circle), issue) - {Part.TASKED}
        return tuple(label for part, label in PART_LABELS.items() if part in parts)
    return (TAKING_PART if issue.step == Step.HANDLING.value else ANSWERED_BY,)


def _only(parts: tuple[Part, ...], issue: Issue) -> tuple[str, ...]:
    step, severity_class, so = Step(issue.step), issue.severity_class, what_is_so(issue)
    labels = [
        move.label
        for move in MOVES
        if move.who - {Role.SYSTEM} <= set(parts)
        and move.applies(step, severity_class)
        and move.holds_where(so)
    ]
    return tuple(dict.fromkeys(labels))


def _by_due(held: Iterable[HeldIssue]) -> tuple[HeldIssue, ...]:
    def due(one: HeldIssue) -> tuple[datetime, int]:
        return one.row.due_at or _LATEST, one.issue.id

    return tuple(sorted(held, key=due))


def _papers(actor: Actor, account: Account) -> tuple[PaperBatch, ...]:
    out = PaperForm.select().where(PaperForm.printed_by == account, PaperForm.issue.is_null())
    if actor.role is Role.COMMUNITY_LEADER and actor.account_id != account.id:
        out = out.where(PaperForm.community_id == actor.community_id)
    batches: dict[str, list[PaperForm]] = defaultdict(list)
    for paper in out.order_by(PaperForm.id):
        batches[paper.batch].append(paper)
    return tuple(
        PaperBatch(sheets[0].printed_at, sheets[0].community_id, tuple(s.serial for s in sheets))
        for sheets in batches.values()
    )


def _issue_of(row: Entry | Measure | Party | ContactAttempt) -> int:
    """The key of its issue, without asking the database for the issue."""
    return int(row.__data__["issue"])
