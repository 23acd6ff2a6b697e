"""The orders of the register, a place in one of them, and windows of the newest from there on."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct
from peewee import SQL, Expression, Function, ModelSelect, Tuple, Value, fn

from forms_app.issues.clocks import first_end
from forms_app.issues.driving import beside
from forms_app.issues.register_filters import Place, words_asked
from forms_app.issues.search import has_words_between
from forms_app.queries.register_wanted import Wanted
from forms_app.store.models import WAITING_ORDER, Issue

GAP = 5_000  # ids: what lies nearer to each other is looked through in one stretch
STRETCHES = 5  # among what lies in more of them words are not looked for first

# The text that each order sorts by, and whether the last comes first.
_ORDERS: dict[str, tuple[SQL | Function, bool]] = {
    "newest": (SQL("received_at"), True),
    "due": (first_end(), False),
    "waiting": (SQL(WAITING_ORDER), False),
}


class Order:
    """One of the orders, from a place on."""

    def __init__(self, sort: str, place: Place | None) -> None:
        self.key, newest_first = _ORDERS[sort]
        self.place = place
        self.falls = newest_first != (place is not None and place.is_back)
        self.by = (self.key.desc(), Issue.id.desc()) if self.falls else (self.key, Issue.id)

    def beyond(self) -> list[Expression]:
        """The conditions that an issue comes after the place."""
        if self.place is None:
            return []
        end = Value(self.place.key)
        here, there = Tuple(self.key, Issue.id), Tuple(end, Value(self.place.issue_id))
        # The same again for the key alone: SQLite finds the place of no pair in an expression.
        if self.falls:
            return [here < there, self.key <= end]
        return [here > there, self.key >= end]


class Window(Struct, frozen=True):
    """So many issues from a place on, in the order of their receipt."""

    stretches: tuple[tuple[int, int], ...]  # the first and the last of ids that lie together
    end: str  # when the furthest was received
    is_all: bool  # there are none further on


def windows_of(wanted: Wanted, place: Place | None, widths: Iterable[int]) -> Iterator[Window]:
    """Windows of these widths from the place on, over what the search begins with; none where
    their ids are strewn, as those of old issues are that were brought in at once.
    """
    order = Order("newest", place)
    furthest = fn.MIN if order.falls else fn.MAX
    for width in widths:
        walked = Issue.select(Issue.id, Issue.received_at).where(wanted.driver, *order.beyond())
        some = walked.order_by(*order.by).limit(width).alias("some")
        key = some.c.id
        ends = fn.MIN(key), fn.MAX(key), furthest(some.c.received_at), fn.COUNT(SQL("1"))
        found = sorted(Issue.select(*ends).from_(some).group_by(key / GAP).tuples().iterator())
        stretches = _together((first, last) for first, last, _, _ in found)
        if not 0 < len(stretches) <= STRETCHES:
            return
        received = [end for _, _, end, _ in found]
        yield Window(
            stretches,
            min(received) if order.falls else max(received),
            is_all=sum(count for *_, count in found) < width,
        )


def _together(parts: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """These stretches of ids, in their order; those between which there is no gap are one."""
    found: list[tuple[int, int]] = []
    for first, last in parts:
        if found and first - found[-1][1] < GAP:
            first = found.pop()[0]
        found.append((first, last))
    return tuple(found)


def in_window(
    wanted: Wanted, place: Place | None, window: Window, columns: Sequence[Any]
) -> "ModelSelect[Issue]":
    """What is wanted of a window, but for what was received in its last second, where it may be
    that not all of it stands in the window.
    """
    order = Order("newest", place)
    found = [wanted.driver, *order.beyond()]
    if not window.is_all:
        end = Value(window.end)
        found.append((order.key > end) if order.falls else (order.key < end))
    words = words_asked(wanted.circle, wanted.filters.text)
    has_them = has_words_between(Issue.id, words, window.stretches)
    found += map(beside, (has_them, wanted.seen, *wanted.facets, *wanted.others))
    query: ModelSelect[Issue] = (
        Issue.select(*columns, order.key.alias("order")).where(*found).order_by(*order.by)
    )
    return query


def place_of(issue: Issue) -> str:
    """Where a page begins or ends with this issue, as the address says it."""
    return f"{order_of(issue)}.{issue.id}"


def order_of(issue: Issue) -> str:
    """The text that the query sorted it by, which it selected beside the columns."""
    return str(vars(issue)["order"])
