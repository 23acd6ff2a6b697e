"""Notes what departments and communities are called, whenever the data call one differently."""

from datetime import datetime

from forms_app.community import Circle
from forms_app.store.database import writing
from forms_app.store.unit_names import UnitName


def note_unit_names(circle: Circle, *, now: datetime) -> int:
    """How many names were new; a unit that the data no longer have keeps its last one."""
    names = {key: circle.unit_name(key) for key in (*circle.departments, *circle.communities)}
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
