"""What went along as the issue that it followed was transferred, once that is handled here again.

Its resident was told that it was sent on, and went there perhaps: they are told that the other one
is handled here after all, and have the button for their own anew. Nothing is begun without them.
"""

from collections.abc import Iterable

from forms_app.casework.along import move_along
from forms_app.casework.turn import Turn
from forms_app.issues.access import SYSTEM
from forms_app.rules.procedure import ASKING_ANEW
from forms_app.rules.steps import Step
from forms_app.store.models import Entry, Issue


def went_along_with(issue: Issue) -> list[Issue]:
    """Those still transferred that followed the issue as it was transferred last: by its note, at
    its moment.
    """
    sent = Entry.select().where(
        Entry.issue == issue, Entry.to_step == Step.TRANSFERRED.value,
        Entry.from_step != Step.TRANSFERRED.value,
    )  # fmt: skip
    main: Entry | None = sent.order_by(Entry.id.desc()).first()
    if main is None or main.from_step == Step.MERGED.value:
        return []
    found: Iterable[Issue] = (
        Issue.select()
        .join(Entry, on=(Entry.issue == Issue.id))
        .where(
            Issue.step == Step.TRANSFERRED.value,
            Entry.move == main.move,
            Entry.from_step == Step.MERGED.value,
            Entry.to_round == Issue.round_no,
            Entry.made_at == main.made_at,
            Entry.account == main.account,
            Entry.note == main.note,
        )
        .order_by(Issue.id)
    )
    return list(found)


def tell_those(along: Iterable[Issue], t: Turn) -> None:
    """Each of them reads and hears that what they went along with is handled here again."""
    (name,) = ASKING_ANEW
    for one in along:
        move_along(t, one, name, SYSTEM)
