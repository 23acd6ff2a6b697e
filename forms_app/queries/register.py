"""The register page by page: what an actor may see, narrowed, in one of three orders.

A page goes on from the last row of the one before: the thousandth costs what the first does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from peewee import SQL, Expression, Function, ModelSelect, Tuple, Value

from forms_app.community import Circle
from forms_app.issues.access import Actor, in_communities, visible_to
from forms_app.issues.clocks import first_end, is_overdue
from forms_app.issues.register_filters import Filters, Place, words_asked
from forms_app.issues.search import has_words
from forms_app.queries.queue import QueueRow, rows_of
from forms_app.rules.steps import Part
from forms_app.rules.worktime import CHINA
from forms_app.store.models import WAITING_ORDER, Account, Assignment, Issue

REGISTER_PAGE = 30
COUNTED_UP_TO = 1000
BATCH = 500

# The text that each order sorts by, and whether the last comes first.
_ORDERS: dict[str, tuple[SQL | Function, bool]] = {
    "newest": (SQL("received_at"), True),
    "due": (first_end(), False),
    "waiting": (SQL(WAITING_ORDER), False),
}


@dataclass(frozen=True)
class RegisterPage:
    rows: tuple[QueueRow, ...]
    previous: str | None  # where the page before ends, as the address says it; None: no such page
    following: str | None  # where the page after begins
    total: int  # at most COUNTED_UP_TO + 1, which means more

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED_UP_TO


def register(
    circle: Circle, actor: Actor, now: datetime, filters: Filters, place: Place | None = None
) -> RegisterPage:
    """One page of what the actor may see and the filters let through, from a place on."""
    is_back = place is not None and place.is_back
    found = list(_page(circle, actor, now, filters, place).limit(REGISTER_PAGE + 1))
    is_cut = len(found) > REGISTER_PAGE
    shown = found[:REGISTER_PAGE]
    if is_back:
        shown.reverse()
    goes_back = bool(shown) and (is_cut if is_back else place is not None)
    goes_on = bool(shown) and (is_back or is_cut)
    return RegisterPage(
        rows_of(shown, now),
        _place_of(shown[0]) if goes_back else None,
        _place_of(shown[-1]) if goes_on else None,
        count_up_to(circle, actor, now, filters, COUNTED_UP_TO),
    )


def count_up_to(circle: Circle, actor: Actor, now: datetime, filters: Filters, limit: int) -> int:
    """How many there are; `limit` + 1 when there are more, which nobody waits to have counted."""
    wanted = Issue.select(Issue.id).where(let_through(circle, actor, now, filters)).limit(limit + 1)
    return int(wanted.count())


def every(
    circle: Circle, actor: Actor, now: datetime, filters: Filters, limit: int
) -> Iterator[list[Issue]]:
    """All of them in their order, at most `limit`, in batches that fit into memory."""
    place: Place | None = None
    left = limit
    while left > 0:
        query = _page(circle, actor, now, filters, place).limit(min(BATCH, left))
        batch = list(query)
        if not batch:
            return
        yield batch
        left -= len(batch)
        place = Place(_order_of(batch[-1]), batch[-1].id, is_back=False)


def _page(
    circle: Circle, actor: Actor, now: datetime, filters: Filters, place: Place | None
) -> "ModelSelect[Issue]":
    key, newest_first = _ORDERS[filters.sort]
    is_back = place is not None and place.is_back
    falling = newest_first != is_back
    wanted = let_through(circle, actor, now, filters)
    if place is not None:
        here, there = Tuple(key, Issue.id), Tuple(Value(place.key), Value(place.issue_id))
        wanted = wanted & ((here < there) if falling else (here > there))
        # The same again for the key alone: SQLite finds the place of no pair in an expression.
        end = Value(place.key)
        wanted = wanted & ((key <= end) if falling else (key >= end))
    order = (key.desc(), Issue.id.desc()) if falling else (key, Issue.id)
    query: ModelSelect[Issue] = (
        Issue.select(Issue, key.alias("order")).where(wanted).order_by(*order)
    )
    return query


def _place_of(issue: Issue) -> str:
    return f"{_order_of(issue)}.{issue.id}"


def _order_of(issue: Issue) -> str:
    """The text that the query sorted it by, which it selected beside the columns."""
    return str(vars(issue)["order"])


def let_through(circle: Circle, actor: Actor, now: datetime, filters: Filters) -> Expression:
    """The condition that selects what the actor may see and the filters let through."""
    wanted: Expression = visible_to(actor)
    for column, value in (
        (Issue.step, filters.step),
        (Issue.severity_class, filters.severity_class),
        (Issue.urgency, int(filters.urgency) if filters.urgency else ""),
        (Issue.community_id, filters.community),
        (Issue.category, filters.category),
        (Issue.nature, filters.nature),
        (Issue.channel, filters.channel),
        (Issue.estate_id, filters.estate),
    ):
        if value:
            wanted = wanted & (column == value)
    if filters.street:
        here = (c.id for c in circle.communities.values() if c.subdistrict == filters.street)
        wanted = wanted & in_communities(here)
    if filters.received_from:
        wanted = wanted & (Issue.received_at >= _midnight(filters.received_from))
    if filters.received_to:
        wanted = wanted & (Issue.received_at < _midnight(filters.received_to + timedelta(days=1)))
    if filters.overdue:
        wanted = wanted & is_overdue(now)
    if filters.dissatisfied:
        # A dissatisfied verdict opens the next round by itself, and so does whoever reopens.
        wanted = wanted & (Issue.round_no > 1)
    if filters.lead:
        wanted = wanted & Issue.id.in_(_led_by(filters.lead))
    if filters.text:
        wanted = wanted & has_words(Issue.id, words_asked(circle, filters.text))
    return wanted


def _led_by(unit_id: str) -> "ModelSelect[Assignment]":
    """The issues that a unit leads; a community leads what one of its own staff does."""
    staff = Account.select(Account.id).where(Account.community_id == unit_id)
    led: ModelSelect[Assignment] = Assignment.select(Assignment.issue).where(
        Assignment.part == Part.LEAD.value,
        Assignment.is_current,
        (Assignment.organization_id == unit_id) | Assignment.account.in_(staff),
    )
    return led


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
