"""What was answered at the first desk when somebody asked something like this before."""

from datetime import datetime

from msgspec import Struct

from forms_app.issues.access import Actor, visible_to
from forms_app.issues.driving import beside
from forms_app.issues.likeness import Compared, alike
from forms_app.queries.alike import sharing_with
from forms_app.rules.procedure import names_where
from forms_app.store.models import Entry, Issue

_SETTLING = names_where(lambda move: move.sets_class is not None)


class Answered(Struct, frozen=True):
    """An earlier answer that was not taken back, in the words that were said to the resident."""

    number: str
    text: str
    settled_at: datetime


def answered_before(actor: Actor, text: str, own_id: int, now: datetime) -> tuple[Answered, ...]:
    """Answers to those issues that are alike and that this actor may see, the likeliest first.

    `own_id` is the issue's own that is asked for, 0 for one that is not written down yet.
    """
    sharing, rarity = sharing_with(text, own_id)
    found = Issue.select(Issue.id, Issue.description, Issue.received_at).where(
        Issue.id.in_(sharing), beside(Issue.settled_at.is_null(False) & visible_to(actor))
    )
    # Where somebody lives changes nothing about what they ask.
    others = [Compared(key, said, "", "", "", at) for key, said, at in found.tuples().iterator()]
    keys = [like.key for like in alike(Compared(0, text, "", "", "", now), others, rarity)]
    answers = {answer.issue.id: answer for answer in _answers(keys)} if keys else {}
    return tuple(
        Answered(one.issue.number, one.note, one.made_at)
        for one in (answers[key] for key in keys if key in answers)
    )


def _answers(issue_ids: list[int]) -> list[Entry]:
    return list(
        Entry.select(Entry, Issue)
        .join(Issue)
        .where(Entry.issue.in_(issue_ids), Entry.move.in_(_SETTLING))
        .order_by(Entry.id)
    )
