"""What comes nearest to a search of the register that finds nothing: staff ask in words of their
own, and no letter has all of them.
"""

from datetime import datetime

from forms_app.issues.access import Actor, visible_to
from forms_app.queries.alike import sharing_with
from forms_app.queries.queue import QueueRow, rows_of, shown
from forms_app.store.models import Issue

NEAREST = 5


def nearest(actor: Actor, now: datetime, text: str) -> tuple[QueueRow, ...]:
    """The issues that the actor may see and that share most of a text's words, at most NEAREST."""
    sharing, _ = sharing_with(text)
    found = Issue.select(*shown()).where(Issue.id.in_(sharing), visible_to(actor))
    rows = {row.id: row for row in found} if sharing else {}
    return rows_of([rows[key] for key in sharing if key in rows][:NEAREST], now, actor)
