"""Whether something that could be rated is over for good: an activity, a while after its last day.

Services and venues are there until the office takes them out. Pure.
"""

from datetime import date

from forms_app.community import Circle
from forms_app.radius.occurrences import goes_on
from forms_app.rules.bad_ratings import RATED_AFTERWARDS


def is_over(circle: Circle, about: str, today: date) -> bool:
    """Whether `activity:<uid>` had its last time too long ago to be rated; False for all else.

    One that follows working days or terms has no last time: a calendar that nobody has brought up
    to date yet is not its end.
    """
    kind, _, key = about.partition(":")
    activity = circle.activities.get(key) if kind == "activity" else None
    if activity is None or activity.rule:
        return False
    return not goes_on(activity, circle.school_terms, today - RATED_AFTERWARDS)
