"""Which backups are kept: the newest of each of 7 days, 5 weeks and 12 months. Pure.

Days that have no backup do not count: an office that was closed loses none for it.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from forms_app.rules.worktime import CHINA

DAYS, WEEKS, MONTHS = 7, 5, 12


def kept(made: Iterable[datetime]) -> set[datetime]:
    """Of these moments (aware), those whose backups stay."""
    newest_first = sorted(made, reverse=True)
    periods: tuple[tuple[int, Callable[[date], object]], ...] = (
        (DAYS, lambda day: day),
        (WEEKS, lambda day: tuple(day.isocalendar())[:2]),
        (MONTHS, lambda day: (day.year, day.month)),
    )
    stay: set[datetime] = set()
    for most, period_of in periods:
        seen: set[object] = set()
        for moment in newest_first:
            period = period_of(moment.astimezone(CHINA).date())
            if period not in seen and len(seen) < most:
                seen.add(period)
                stay.add(moment)
    return stay
