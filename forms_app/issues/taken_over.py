"""The round that an issue goes on with: its own, and those of the issues that it took over from.

Whoever asks what was done in the present round of an issue asks it here, so that what was done
under another number is found everywhere or nowhere. It writes nothing.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from peewee import Expression, ModelSelect

from forms_app.issues.driving import exists
from forms_app.rules.procedure import INTERNAL, OF_RESIDENTS, OPENING
from forms_app.rules.steps import Role
from forms_app.store.models import Entry, Issue, TakenOver
from forms_app.store.prepared import prepared


class MovedOn(NamedTuple):
    """Where a round of an issue goes on that was taken back: in a round of another one, which took
    over by this entry.
    """

    issue_id: int
    round_no: int
    entry_id: int
    gone_id: int  # the entry by which it was taken back


def of_work(issue_id: int, round_no: int) -> Expression:
    """The condition that an entry is of this round of the issue, or of one that it goes on with."""
    here = (TakenOver.issue == issue_id) & (TakenOver.round_no == round_no)
    # Its own and the few that it took over from, along the index of entries by issue.
    itself = Issue.select(Issue.id).where(Issue.id == issue_id)
    among = itself.union_all(TakenOver.select(TakenOver.taken).where(here))
    own = (Entry.issue == issue_id) & (Entry.round_no == round_no)
    taken = TakenOver.select(TakenOver.id).where(here, _is_taken())
    found: Expression = Entry.issue.in_(among) & (own | exists(taken))
    return found


def _is_taken() -> Expression:
    """The condition that an entry was made in a round that was taken over, before it was."""
    in_round = (TakenOver.taken == Entry.issue) & (TakenOver.taken_round == Entry.round_no)
    found: Expression = in_round & (Entry.id < TakenOver.gone)
    return found


def of_those_before(which: "ModelSelect[Entry]") -> "ModelSelect[Entry]":
    """Of these entries those made in a round that an issue's present one goes on with; which issue
    is said beside, of TakenOver and with Issue.
    """
    found: ModelSelect[Entry] = which.join(TakenOver, on=_is_taken())
    return found


def left_to(entry: Entry) -> list[Entry]:
    """What had been done of the issue that another one took over from by this entry, from its
    beginning until it was taken back; oldest first.
    """
    last = TakenOver.select().where(TakenOver.entry == entry).order_by(TakenOver.id).first()
    if last is None:
        return []
    is_of_it = (Entry.issue == last.taken) & (Entry.id < last.gone)
    return list(Entry.select().where(is_of_it).order_by(Entry.id))


def entries_before(issue_id: int, round_no: int, columns: Sequence[Any]) -> "ModelSelect[Entry]":
    """These columns of what the office did in the rounds that this round of the issue goes on
    with, oldest first: nothing internal, and nothing that the residents said.
    """
    here = (TakenOver.issue == issue_id) & (TakenOver.round_no == round_no)
    return of_those_before(Entry.select(*columns)).where(here, is_the_offices()).order_by(Entry.id)


def is_the_offices() -> Expression:
    """The condition that an entry holds the office's own words, which all the staff may read."""
    words = (*OPENING, *OF_RESIDENTS, *INTERNAL)
    found: Expression = Entry.move.not_in(words) & (Entry.actor_role != Role.RESIDENT.value)
    return found


def numbers_before(issue_id: int, round_no: int) -> tuple[str, ...]:
    """The numbers under which the work of this round was done before, the last one first."""
    return tuple(number for (number,) in _numbers.tuples(issue_id, round_no))


@prepared
def _numbers(issue_id: int, round_no: int) -> "ModelSelect[TakenOver]":
    rows = TakenOver.select(Issue.number).join(Issue, on=TakenOver.taken)
    here = (TakenOver.issue == issue_id) & (TakenOver.round_no == round_no)
    return rows.where(here).order_by(TakenOver.id)


def number_after(issue_id: int) -> str:
    """The number under which goes on what its resident took back; "" where nothing does."""
    return next((number for (number,) in _after.tuples(issue_id)), "")


@prepared
def _after(issue_id: int) -> "ModelSelect[TakenOver]":
    rows = TakenOver.select(Issue.number).join(Issue, on=TakenOver.issue)
    return rows.where(TakenOver.taken == issue_id).order_by(TakenOver.id.desc())


def moved_on(issue_ids: Sequence[int]) -> dict[tuple[int, int], MovedOn]:
    """Where each round of these issues goes on in the end that goes on in another issue, and each
    that one of these goes on with: (issue, round) → where.
    """
    # Newest last: whoever took over in the end is what counts.
    return {
        (taken, taken_round): MovedOn(*on)
        for taken, taken_round, *on in _moves_on.tuples(issue_ids)
    }


@prepared
def _moves_on(issue_ids: Sequence[int]) -> "ModelSelect[TakenOver]":
    columns = (
        TakenOver.taken, TakenOver.taken_round, TakenOver.issue, TakenOver.round_no,
        TakenOver.entry, TakenOver.gone,
    )  # fmt: skip
    is_one = TakenOver.issue.in_(issue_ids) | TakenOver.taken.in_(issue_ids)
    return TakenOver.select(*columns).where(is_one).order_by(TakenOver.id)
