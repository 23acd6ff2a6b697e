"""What everything was called at some time, also what was merged into another since."""

from datetime import datetime

from msgspec.structs import replace

from forms_app.community import Circle
from forms_app.community.noted_names import NotedName, noted
from forms_app.store.faults import DATABASE_ERRORS
from forms_app.store.unit_names import UnitName


def with_names(circle: Circle, now: datetime) -> Circle:
    """The circle with the names that were noted, and now with those that are about to be; as it is
    where the database cannot be asked: for ids in the place of old names no page is refused.
    """
    try:
        rows = list(UnitName.select().order_by(UnitName.since))
    except DATABASE_ERRORS:
        return circle
    known = noted(tuple(NotedName(row.since, row.unit_id, row.name) for row in rows))
    fresh = (
        NotedName(now, key, name)
        for key, name in circle.names.items()
        if known.last.get(key) != name
    )
    return replace(circle, noted=noted((*known.names, *fresh)))
