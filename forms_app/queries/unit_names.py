"""What a unit was called at some time, also one that was merged into another since."""

from collections.abc import Callable
from datetime import datetime

from forms_app.community import Circle
from forms_app.store.unit_names import UnitName


def names_at(circle: Circle, end: datetime, now: datetime) -> Callable[[str], str]:
    """A unit's name as it was just before `end`, by its id; what it is called now while that lies
    ahead; and of the time before names were noted, the first one that was.
    """
    then: dict[str, str] = {}
    for row in UnitName.select().order_by(UnitName.since):
        if row.since < end or row.unit_id not in then:
            then[row.unit_id] = row.name

    def name_of(unit_id: str) -> str:
        if end > now and (unit_id in circle.departments or unit_id in circle.communities):
            return circle.unit_name(unit_id)
        return then.get(unit_id) or circle.unit_name(unit_id)

    return name_of
