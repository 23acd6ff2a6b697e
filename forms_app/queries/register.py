"""The register page by page: what an actor may see, narrowed, in one of three orders.

A page goes on from the last row of the one before: the thousandth costs what the first does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from peewee import JOIN, SQL, ModelSelect, fn

from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.driving import RARE, beside
from forms_app.issues.register_filters import Filters, Place, words_asked
from forms_app.issues.search import count_with
from forms_app.queries.queue import QueueRow, rows_of, shown
from forms_app.queries.register_conditions import let_through
from forms_app.queries.register_order import Order, in_window, order_of, place_of, windows_of
from forms_app.queries.register_wanted import Wanted
from forms_app.rules.procedure import PUTTING_OFF
from forms_app.rules.steps import Part
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Entry, Issue
from forms_app.store.prepared import Spelled, prepared

REGISTER_PAGE = 30
COUNTED_UP_TO = 1000
BATCH = 500
# So many of the newest are looked through for common words before all of the register is: few
# first, and no more than that where something else is wanted as well, of which there may be none.
WINDOWS = (500, 4_000)
COUNTED_IN = (2_000, 20_000)  # the same, where they are counted


class RegisterPage(Struct, frozen=True):
    rows: tuple[QueueRow, ...]
    previous: str | None  # where the page before ends, as the address says it; None: no such page
    following: str | None  # where the page after begins
    total: int  # at most COUNTED_UP_TO + 1, which means more
    # By issue's id, empty unless asked for: who leads, and how often it was put off in all rounds.
    leads: Mapping[int, str] = field(default_factory=dict)
    extensions: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED_UP_TO


def register(
    circle: Circle,
    actor: Actor,
    now: datetime,
    filters: Filters,
    place: Place | None = None,
    columns: Collection[str] = (),
) -> RegisterPage:
    """One page of what the actor may see and the filters let through, from a place on.

    Of `columns` (register_columns), what no row holds itself is looked up for the page at once.
    """
    is_back = place is not None and place.is_back
    wanted = Wanted(circle, actor, now, filters)
    found = _found(wanted, place)
    is_cut = len(found) > REGISTER_PAGE
    rows = found[:REGISTER_PAGE]
    if is_back:
        rows.reverse()
    goes_back = bool(rows) and (is_cut if is_back else place is not None)
    goes_on = bool(rows) and (is_back or is_cut)
    ids = [issue.id for issue in rows]
    return RegisterPage(
        rows_of(rows, now, actor),
        place_of(rows[0]) if goes_back else None,
        place_of(rows[-1]) if goes_on else None,
        _count(wanted, COUNTED_UP_TO),
        _leads(circle, ids) if "lead" in columns else {},
        _extensions(ids) if "extensions" in columns else {},
    )


def _leads(circle: Circle, ids: Sequence[int]) -> dict[int, str]:
    """Who leads each of the issues now, as people call them."""
    leading = (
        Assignment.select(Assignment.issue, Assignment.organization_id, Account.display_name)
        .join(Account, JOIN.LEFT_OUTER)
        .where(Assignment.issue.in_(ids), Assignment.part == Part.LEAD.value, Assignment.is_current)
    )
    rows: Iterable[tuple[int, str, str | None]] = leading.tuples().iterator()
    return {issue: name or circle.unit_name(unit) for issue, unit, name in rows}


def _extensions(ids: Sequence[int]) -> dict[int, int]:
    """How often the deadline of each was put off; those of which it never was are not there."""
    made = (
        Entry.select(Entry.issue, fn.COUNT(Entry.id))
        .where(Entry.issue.in_(ids), Entry.move.in_(PUTTING_OFF))
        .group_by(Entry.issue)
    )
    rows: Iterable[tuple[int, int]] = made.tuples().iterator()
    return dict(rows)


def count_up_to(circle: Circle, actor: Actor, now: datetime, filters: Filters, limit: int) -> int:
    """How many there are; `limit` + 1 when there are more, which nobody waits to have counted."""
    return _count(Wanted(circle, actor, now, filters), limit)


def _count(wanted: Wanted, limit: int) -> int:
    circle, actor, now, filters = wanted.asked
    if wanted.number is not None:
        return min(wanted.number, limit + 1)
    if wanted.is_many and limit <= RARE:
        return limit + 1
    if wanted.is_among_newest and wanted.is_narrow:
        for window in windows_of(wanted, None, COUNTED_IN):
            count = int(in_window(wanted, None, window, [Issue.id]).limit(limit + 1).count())
            if count > limit or window.is_all:
                return count
    if wanted.is_whole:
        [(count,)] = _counted.tuples(circle, actor, now, filters, Spelled(limit + 1))
        return int(count)
    if filters.text and wanted.few is None and not wanted.is_narrow:
        rest = let_through(circle, actor, now, replace(filters, text=""))
        return count_with(words_asked(circle, filters.text), rest, limit + 1)
    return int(Issue.select(Issue.id).where(wanted.in_any_order()).limit(limit + 1).count())


def every(
    circle: Circle,
    actor: Actor,
    now: datetime,
    filters: Filters,
    limit: int,
    shown: Sequence[Any] = (Issue,),
) -> Iterator[list[Issue]]:
    """All of them in their order, at most `limit`, in batches that fit into memory.

    Of each what is `shown`: columns, its id among them.
    """
    place: Place | None = None
    left = limit
    while left > 0:
        wanted = Wanted(circle, actor, now, filters)
        batch = list(_page(wanted, place, shown).limit(min(BATCH, left)))
        if not batch:
            return
        yield batch
        left -= len(batch)
        place = Place(order_of(batch[-1]), batch[-1].id, is_back=False)


def _found(wanted: Wanted, place: Place | None) -> list[Issue]:
    """The rows of a page, and one more where it goes on."""
    if place is None and wanted.is_whole:
        return _first_page.rows(*wanted.asked)
    if wanted.has_common_words and wanted.filters.sort == "newest":
        for window in windows_of(wanted, place, WINDOWS[:1] if wanted.facets else WINDOWS):
            query = in_window(wanted, place, window, shown())
            rows = list(query.limit(REGISTER_PAGE + 1))
            wanted.is_among_newest = len(rows) > REGISTER_PAGE
            if wanted.is_among_newest or window.is_all:
                return rows
    return list(_page(wanted, place, shown()).limit(REGISTER_PAGE + 1))


@prepared
def _first_page(
    circle: Circle, actor: Actor, now: datetime, filters: Filters
) -> "ModelSelect[Issue]":
    wanted = Wanted(circle, actor, now, filters)
    return _page(wanted, None, shown()).limit(REGISTER_PAGE + 1)


@prepared
def _counted(
    circle: Circle, actor: Actor, now: datetime, filters: Filters, limit: Spelled
) -> "ModelSelect[Issue]":
    wanted = Wanted(circle, actor, now, filters)
    some = Issue.select(Issue.id).where(wanted.in_order("newest")).limit(limit.number)
    return Issue.select(fn.COUNT(SQL("1")).alias("n")).from_(some.alias("some"))


def _page(wanted: Wanted, place: Place | None, columns: Sequence[Any]) -> "ModelSelect[Issue]":
    order = Order(wanted.filters.sort, place)
    further = order.beyond()
    if wanted.few is not None:
        further = [beside(condition) for condition in further]
    found = (wanted.in_order(wanted.filters.sort), *further)
    query: ModelSelect[Issue] = (
        Issue.select(*columns, order.key.alias("order")).where(*found).order_by(*order.by)
    )
    return query
