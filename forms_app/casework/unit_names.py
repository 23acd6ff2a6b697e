"""Notes what everything that an issue may refer to is called, whenever the data change a name."""

from datetime import datetime

from forms_app.community import Circle
from forms_app.store.database import writing
from forms_app.store.unit_names import UnitName


def note_unit_names(circle: Circle, *, now: datetime) -> int:
    """How many names were new; what the data no longer have keeps its last one."""
    names = circle.names
    if not _fresh(names):
        return 0
    with writing():
        fresh = _fresh(names)
        for unit_id, name in fresh.items():
            UnitName.create(unit_id=unit_id, name=name, since=now)
        return len(fresh)


def _fresh(names: dict[str, str]) -> dict[str, str]:
    last = {row.unit_id: row.name for row in UnitName.select().order_by(UnitName.since)}
    return {unit_id: name for unit_id, name in names.items() if last.get(unit_id) != name}
