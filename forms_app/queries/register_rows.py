"""The register as offices keep it on paper: 28 columns an issue, or the eleven that are signed.

A row speaks of one round, the present or last one, which 轮次 names: from grading on, every column
tells what happened in that. Why it began stands in 备注; the rounds before are in the case's file.
"""

from collections.abc import Iterator
from datetime import datetime

from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.register_filters import Filters
from forms_app.queries.register import every
from forms_app.queries.register_cells import COLUMNS, CONTACTS, TELLING, Value
from forms_app.queries.register_issues import SHOWN, WholeIssue, whole_issues


def register_rows(
    circle: Circle,
    actor: Actor,
    now: datetime,
    filters: Filters,
    limit: int,
    with_contacts: bool,
    columns: tuple[str, ...] = (),
) -> Iterator[tuple[Value, ...]]:
    """One tuple an issue, in the order of the columns (COLUMNS where none are named), by batches.

    Names and phones are empty unless they are asked for and the actor may see them.
    """
    with_contacts = with_contacts and actor.sees_contacts
    tellers = [
        _nothing if name in CONTACTS and not with_contacts else TELLING[name]
        for name in columns or COLUMNS
    ]
    place = 0
    for batch in every(circle, actor, now, filters, limit, SHOWN):
        for told in whole_issues(batch):
            place += 1
            told.place = place
            yield tuple([tell(circle, told) for tell in tellers])


def _nothing(_circle: Circle, _told: WholeIssue) -> None:
    """What stands in a column that is kept back."""
