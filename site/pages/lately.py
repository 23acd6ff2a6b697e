"""What took place in the last days, to be rated while people remember it."""

from collections.abc import Iterable
from datetime import date, timedelta

from forms_app.community import Circle
from forms_app.radius.occurrences import Occurrence, programme

DAYS = 7


def held(circle: Circle, today: date) -> tuple[Occurrence, ...]:
    """The last time of each activity from a week ago until today, the newest first.

    What is cancelled was not held. Of today's, the form knows whether it has begun.
    """
    first = today - timedelta(days=DAYS)
    coming = programme(
        circle.activities.values(), circle.clocks.calendar, circle.school_terms, first, today
    )
    return last_of_each(o for o in coming.occurrences if not o.is_cancelled)


def last_of_each(occurrences: Iterable[Occurrence]) -> tuple[Occurrence, ...]:
    """Of each activity the last one, the newest first; `occurrences` are in order of time."""
    found: dict[str, Occurrence] = {}
    for occurrence in occurrences:
        found.pop(occurrence.activity.uid, None)
        found[occurrence.activity.uid] = occurrence
    return tuple(reversed(found.values()))
