"""Whether a move may be made now: the table's settings and windows, held against an issue."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from forms_app.rules.incidents import Main
from forms_app.rules.move import Move, Who, Window
from forms_app.rules.worktime import Clocks


class Windowed(Protocol):
    """Anything with the facts of an issue that the windows name."""

    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def settled_at(self) -> datetime | None: ...
    @property
    def merged_at(self) -> datetime | None: ...
    @property
    def transferred_at(self) -> datetime | None: ...
    @property
    def project_asked_at(self) -> datetime | None: ...
    @property
    def verdict_by(self) -> str: ...
    @property
    def of_incident(self) -> str: ...


def length(window: Window, settings: Clocks) -> timedelta:
    """How long the window stands open once it has opened."""
    days = getattr(settings, window.days) if isinstance(window.days, str) else window.days
    return timedelta(days=days, minutes=window.minutes)


def ends_at(window: Window, issue: Windowed, settings: Clocks) -> datetime | None:
    """Until when the window stands open for this issue, aware UTC; None: it never opened."""
    since: datetime | None = getattr(issue, window.since)
    if since is None or window.verdict_by not in (None, issue.verdict_by):
        return None
    return since + length(window, settings)


def has_begun(move: Move, issue: Windowed) -> bool:
    """Whether the move's window has opened at all, be it closed again; one without has none."""
    return move.window is None or getattr(issue, move.window.since) is not None


def is_open(
    move: Move, issue: Windowed, settings: Clocks, now: datetime, who: Collection[Who]
) -> bool:
    """Whether circle and time allow the move on this issue; at the very end of its window still.

    `who` is every role and part that one person has towards it. Where the office itself handed
    it in, there is nobody to ask.
    """
    if move.asks_reporter and issue.of_incident == Main.OFFICE:
        return False
    if move.allowed_by and not getattr(settings, move.allowed_by):
        return False
    if move.window is None or not _is_bound(move.window, move.who.intersection(who)):
        return True
    end = ends_at(move.window, issue, settings)
    return end is not None and now <= end


def _is_bound(window: Window, who: frozenset[Who]) -> bool:
    return window.binds is None or who <= window.binds
