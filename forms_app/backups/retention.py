"""Which backups are kept: the newest of each of 7 days, 5 weeks and 12 months. Pure.

Days that have no backup do not count: an office that was closed loses none for it. What a clock
made that was ahead waits for its day, and takes no other's place; so do all where the clock is
behind, which knows of no day.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from forms_app.rules.sessions import AHEAD
from forms_app.rules.worktime import local_day

DAYS, WEEKS, MONTHS = 7, 5, 12


def kept(made: Iterable[datetime], now: datetime) -> set[datetime]:
    """Of these moments (aware), those whose backups stay."""
    newest_first = sorted(made, reverse=True)
    stay = {moment for moment in newest_first if moment > now + AHEAD}
    newest_first = newest_first[len(stay) :]
    periods: tuple[tuple[int, Callable[[date], object]], ...] = (
        (DAYS, lambda day: day),
        (WEEKS, lambda day: tuple(day.isocalendar())[:2]),
        (MONTHS, lambda day: (day.year, day.month)),
    )
    for most, period_of in periods:
        seen: set[object] = set()
        for moment in newest_first:
            period = period_of(local_day(moment))
            if period not in seen and len(seen) < most:
                seen.add(period)
                stay.add(moment)
    return stay
