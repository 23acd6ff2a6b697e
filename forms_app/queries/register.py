"""The register page by page: what an actor may see, narrowed, in one of three orders.

A page goes on from the last row of the one before: the thousandth costs what the first does.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from peewee import JOIN, SQL, Expression, Function, ModelSelect, Tuple, Value, fn

from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import (
    COMMUNITY_ROLES,
    EVERY,
    Actor,
    in_communities,
    seen_by_district,
    visible_to,
)
from forms_app.issues.clocks import first_end, is_overdue
from forms_app.issues.driving import RARE, beside, exists, rarest
from forms_app.issues.register_filters import Filters, Place, words_asked
from forms_app.issues.search import (
    count_with,
    first_with,
    first_with_among,
    has_beginnings,
    has_words,
    has_words_between,
)
from forms_app.issues.unit_sums import AGAIN, LED_BY, key_of, of_account
from forms_app.queries.queue import QueueRow, rows_of, shown
from forms_app.rules.procedure import PUTTING_OFF
from forms_app.rules.steps import OPEN_STEPS, Part, Role, Step
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.models import WAITING_ORDER, Assignment, Entry, Issue, Party
from forms_app.store.prepared import prepared

REGISTER_PAGE = 30
COUNTED_UP_TO = 1000
BATCH = 500
# So many of the newest are looked through for common words before all of the register is: few
# first, and no more than that where something else is wanted as well, of which there may be none.
WINDOWS = (500, 4_000)
COUNTED_IN = (2_000, 20_000)  # the same, where they are counted
GAP = 5_000  # ids: what lies nearer to each other is looked through in one stretch
STRETCHES = 5  # among what lies in more of them words are not looked for first
SOME = 5_000  # of what is somebody's own: looked at first, as of what is common there are many
COMMON = 200_000  # issues; it takes as long to walk so many as to look up all that a unit has

_IN_HAND = (*OPEN_STEPS, Step.MERGED)
# What these may see is strewn over the register.
_STREWN = (Role.RESPONDER, Role.COLLECTOR)
# The text that each order sorts by, and whether the last comes first.
_ORDERS: dict[str, tuple[SQL | Function, bool]] = {
    "newest": (SQL("received_at"), True),
    "due": (first_end(), False),
    "waiting": (SQL(WAITING_ORDER), False),
}


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
    wanted = _Wanted(circle, actor, now, filters)
    found = _found(wanted, place)
    is_cut = len(found) > REGISTER_PAGE
    rows = found[:REGISTER_PAGE]
    if is_back:
        rows.reverse()
    goes_back = bool(rows) and (is_cut if is_back else place is not None)
    goes_on = bool(rows) and (is_back or is_cut)
    ids = [issue.id for issue in rows]
    return RegisterPage(
        rows_of(rows, now),
        _place_of(rows[0]) if goes_back else None,
        _place_of(rows[-1]) if goes_on else None,
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
    return _count(_Wanted(circle, actor, now, filters), limit)


def _count(wanted: "_Wanted", limit: int) -> int:
    circle, actor, now, filters = wanted.asked
    if wanted.number is not None:
        return min(wanted.number, limit + 1)
    if wanted.is_many and limit <= RARE:
        return limit + 1
    if wanted.is_among_newest and wanted.is_narrow:
        for window in _windows(wanted, None, COUNTED_IN):
            count = int(_in_window(wanted, None, window, [Issue.id]).limit(limit + 1).count())
            if count > limit or window.is_all:
                return count
    if wanted.is_whole:
        [(count,)] = _counted.tuples(circle, actor, now, filters, limit + 1)
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
        wanted = _Wanted(circle, actor, now, filters)
        batch = list(_page(wanted, place, shown).limit(min(BATCH, left)))
        if not batch:
            return
        yield batch
        left -= len(batch)
        place = Place(_order_of(batch[-1]), batch[-1].id, is_back=False)


def _found(wanted: "_Wanted", place: Place | None) -> list[Issue]:
    """The rows of a page, and one more where it goes on."""
    if place is None and wanted.is_whole:
        return _first_page.rows(*wanted.asked)
    if wanted.has_common_words and wanted.filters.sort == "newest":
        for window in _windows(wanted, place, WINDOWS[:1] if wanted.facets else WINDOWS):
            query = _in_window(wanted, place, window, shown())
            rows = list(query.limit(REGISTER_PAGE + 1))
            wanted.is_among_newest = len(rows) > REGISTER_PAGE
            if wanted.is_among_newest or window.is_all:
                return rows
    return list(_page(wanted, place, shown()).limit(REGISTER_PAGE + 1))


@prepared
def _first_page(
    circle: Circle, actor: Actor, now: datetime, filters: Filters
) -> "ModelSelect[Issue]":
    wanted = _Wanted(circle, actor, now, filters)
    return _page(wanted, None, shown()).limit(REGISTER_PAGE + 1)


@prepared
def _counted(
    circle: Circle, actor: Actor, now: datetime, filters: Filters, limit: int
) -> "ModelSelect[Issue]":
    wanted = _Wanted(circle, actor, now, filters)
    some = Issue.select(Issue.id).where(wanted.in_order("newest")).limit(limit)
    return Issue.select(fn.COUNT(SQL("1")).alias("n")).from_(some.alias("some"))


def _page(wanted: "_Wanted", place: Place | None, columns: Sequence[Any]) -> "ModelSelect[Issue]":
    order = _Order(wanted.filters.sort, place)
    further = order.beyond()
    if wanted.few is not None:
        further = [beside(condition) for condition in further]
    found = (wanted.in_order(wanted.filters.sort), *further)
    query: ModelSelect[Issue] = (
        Issue.select(*columns, order.key.alias("order")).where(*found).order_by(*order.by)
    )
    return query


class _Order:
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


class _Window(Struct, frozen=True):
    """So many issues from a place on, in the order of their receipt."""

    stretches: tuple[tuple[int, int], ...]  # the first and the last of ids that lie together
    end: str  # when the furthest was received
    is_all: bool  # there are none further on


def _windows(wanted: "_Wanted", place: Place | None, widths: Iterable[int]) -> Iterator[_Window]:
    """Windows of these widths from the place on, over what the search begins with; none where
    their ids are strewn, as those of old issues are that were brought in at once.
    """
    order = _Order("newest", place)
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
        yield _Window(
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


def _in_window(
    wanted: "_Wanted", place: Place | None, window: _Window, columns: Sequence[Any]
) -> "ModelSelect[Issue]":
    """What is wanted of a window, but for what was received in its last second, where it may be
    that not all of it stands in the window.
    """
    order = _Order("newest", place)
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


def _place_of(issue: Issue) -> str:
    return f"{_order_of(issue)}.{issue.id}"


def _order_of(issue: Issue) -> str:
    """The text that the query sorted it by, which it selected beside the columns."""
    return str(vars(issue)["order"])


def let_through(circle: Circle, actor: Actor, now: datetime, filters: Filters) -> Expression:
    """The condition that selects what the actor may see and the filters let through.

    For a list that goes along an order of its own: the filters only filter.
    """
    wanted = [*_facets(filters), *_others(circle, now, filters)]
    if filters.text:
        wanted.append(has_words(Issue.id, words_asked(circle, filters.text)))
    return reduce(and_, map(beside, wanted), visible_to(actor))


class _Wanted:
    """What a page or a count looks for, and what it begins with."""

    def __init__(self, circle: Circle, actor: Actor, now: datetime, filters: Filters) -> None:
        self.asked = circle, actor, now, filters
        self.circle, self.actor, self.filters = circle, actor, filters
        self.seen = visible_to(actor)
        self.is_one_community = actor.role in COMMUNITY_ROLES
        self.facets = _facets(filters)
        self.others = _others(circle, now, filters)
        self.few: Sequence[int] | None = None
        self.is_many = False  # there are known to be more than RARE of all that is wanted
        self.number: int | None = None  # how many there are, where the kept sums say it
        self.most = RARE + 1  # of the actor's own there is no more to look for
        self.have_words = False  # `few` is what has the words
        self.is_among_newest = False  # there is a page of it among them
        if actor.role in _STREWN:
            self._count_own()
        if self.few is not None or self.is_many:
            return
        # What is rare is looked up first, whatever else is asked for and in whichever order.
        self.few = rarest(_lists(actor, now, filters, self.facets))
        if self.few is None and filters.text:
            self._look_for_words()
        elif self.few is None and actor.role in _STREWN:
            self._look_among_own()

    @property
    def is_whole(self) -> bool:
        """Whether all that a community has is asked for, so that nothing is looked up for it."""
        return _sees_community(self.actor) and not self.filters.conditions

    @property
    def is_narrow(self) -> bool:
        """Whether most of what has the words may be somebody else's, or of another kind."""
        is_part = self.is_one_community or self.actor.role in _STREWN
        return is_part or len(self.filters.conditions) > 1

    @property
    def driver(self) -> Expression:
        """What a list in the order of receipt begins with."""
        if self.filters.step and _sees_community(self.actor):
            return self.seen & (Issue.step == self.filters.step)
        if self.facets:
            return self.facets[0]
        return self.seen if self.is_one_community else EVERY

    @property
    def has_common_words(self) -> bool:
        """Whether whole words are asked for that many issues have, and nothing that few are.

        For a beginning of words the index puts all together that it has of them, each time anew.
        """
        is_common = bool(self.filters.text) and self.few is None
        return is_common and not has_beginnings(words_asked(self.circle, self.filters.text))

    def _look_for_words(self) -> None:
        """Sets `few` or `is_many` by the words, which the search knows best."""
        circle, actor, _, filters = self.asked
        words = words_asked(circle, filters.text)
        found = first_with(words, RARE + 1)
        if len(found) > RARE and actor.role in _STREWN:
            found = first_with_among(words, _own(actor), RARE + 1)
            self.is_many = len(found) > RARE and len(filters.conditions) == 1
        if len(found) <= RARE:
            self.few, self.have_words = found, True

    def _count_own(self) -> None:
        """Sets `few` where the kept sums say that the actor has none of what is wanted; `number`,
        `is_many` or `most` where they say how much there is.
        """
        is_unit = self.actor.role is Role.RESPONDER
        own = self.actor.organization_id if is_unit else of_account(self.actor.account_id)
        known = _kept_numbers(own, self.filters)
        if any(most == 0 for _, most in known):
            self.few = []
        elif len(known) == len(self.filters.conditions) == 1:
            [(least, most)] = known
            self.number = most if least == most else None
            self.is_many = least > RARE
            self.most = min(most, RARE + 1)

    def _look_among_own(self) -> None:
        """Sets `few` or `is_many` by what is the actor's own, where that is the shorter way: of
        what is common in the register there may be many among it, or none.
        """
        _, actor, _, filters = self.asked
        if filters.overdue or filters.step in _IN_HAND:
            return  # it stands together, among the newest
        if filters.lead and not _staff_of(filters.lead).exists():
            own = self._among(_own_with(actor, filters.lead))
        else:
            some = _own(actor).limit(SOME)
            own = self._among(some)
            if len(own) < self.most and some.count() == SOME:
                if not self._is_common():
                    return
                own = self._among(_own(actor))
        if len(own) <= RARE:
            self.few = own
        else:
            self.is_many = True

    def _among(self, own: Any) -> list[int]:
        """What is wanted of these, at most `most`."""
        some = own.alias("own")
        rest = reduce(and_, map(beside, (*self.facets, *self.others)), EVERY)
        found = Issue.select(Issue.id).join(some, on=Issue.id == some.c.issue_id).where(rest)
        return [key for (key,) in found.distinct().limit(self.most).tuples().iterator()]

    def _is_common(self) -> bool:
        """Whether so much is asked for that to look up all that is somebody's own takes no longer.

        What is overdue or of some days stands together, and is soon found in its order.
        """
        if not self.facets:
            return bool(self.filters.lead)
        some = (Issue.select(Issue.id).where(one).limit(COMMON) for one in self.facets)
        return all(found.count() == COMMON for found in some)

    def in_order(self, sort: str) -> Expression:
        """The condition, so that the database goes along this order, or sorts a few."""
        first: Expression = EVERY
        if self.few is not None:
            first = _has_id(self.few)
        elif sort == "newest":
            first = self.driver
        elif self.is_one_community and sort != "waiting":
            first = self.seen
        return self._all(first)

    def in_any_order(self) -> Expression:
        """The condition, for a count: of what is overdue there is not much, however long the
        register, and of that little is strewn among the newest of all.
        """
        is_strewn = self.few is None and not self.facets and self.actor.role in _STREWN
        if is_strewn and self.filters.overdue:
            return self._all(is_overdue(self.asked[2]))
        return self.in_order("newest")

    def _all(self, first: Expression) -> Expression:
        # Whatever it begins with, all of it must hold; the words last, which are asked of few.
        rest = [self.seen, *self.facets, *self.others]
        if self.filters.text and not self.have_words:
            rest.append(has_words(Issue.id, words_asked(self.circle, self.filters.text)))
        return reduce(and_, map(beside, rest), first)


def _sees_community(actor: Actor) -> bool:
    """Whether the actor sees all that one community has, and nothing else."""
    return actor.role in COMMUNITY_ROLES and actor.role is not Role.COLLECTOR


def _kept_numbers(unit: str, filters: Filters) -> list[tuple[int, int]]:
    """How many issues a unit or collector has to do with of each kind that is wanted, as far as
    that is counted: so many at least, and at most, as two of a community may lead one issue.
    """
    wanted = {
        "step": filters.step, "severity_class": filters.severity_class, "urgency": filters.urgency,
        "category": filters.category, "nature": filters.nature, "channel": filters.channel,
        "estate_id": filters.estate, "service": filters.service, "community_id": filters.community,
        AGAIN: "1" if filters.dissatisfied else "",
    }  # fmt: skip
    found = [[key_of(unit, f"{name}={value}")] for name, value in wanted.items() if value]
    if filters.lead:
        staff = _staff_of(filters.lead).tuples().iterator()
        leads = [filters.lead, *(of_account(account_id) for (account_id,) in staff)]
        found.append([key_of(unit, f"{LED_BY}={lead}") for lead in leads])
    numbers = sums.numbers(*(key for keys in found for key in keys))
    counted = [[numbers[key] for key in keys] for keys in found]
    return [(max(several), sum(several)) for several in counted]


def _facets(filters: Filters) -> list[Expression]:
    """The conditions that have an index each, in which issues stand in the order of receipt."""
    urgency = int(filters.urgency) if filters.urgency else ""
    given = (
        (Issue.estate_id, filters.estate),
        (Issue.category, filters.category),
        (Issue.channel, filters.channel),
        (Issue.nature, filters.nature),
        (Issue.service, filters.service),
        (Issue.step, filters.step),
        (Issue.urgency, urgency),
        (Issue.severity_class, filters.severity_class),
        (Issue.community_id, filters.community),
    )
    found: list[Expression] = [column == value for column, value in given if value]
    if filters.dissatisfied:
        # A dissatisfied verdict opens the next round by itself, and so does whoever reopens.
        found.append(Issue.round_no > SQL("1"))
    return found


def _others(circle: Circle, now: datetime, filters: Filters) -> list[Expression]:
    found: list[Expression] = []
    if filters.street:
        here = (c.id for c in circle.communities.values() if c.subdistrict == filters.street)
        found.append(in_communities(here))
    if filters.received_from or filters.received_to:
        found.append(_received(filters))
    if filters.overdue:
        found.append(is_overdue(now))
    if filters.lead:
        led = _led_by(filters.lead).where(Assignment.issue == Issue.id)
        found.append(exists(led))
    return found


def _lists(
    actor: Actor,
    now: datetime,
    filters: Filters,
    facets: list[Expression],
) -> Iterator[list[int]]:
    """Of each condition by which there may be few, the ids that it selects: at most RARE + 1."""
    conditions = list(facets)
    if filters.received_from and filters.received_to:
        conditions.append(_received(filters))
    if filters.overdue:
        conditions.append(is_overdue(now))
    if actor.role is Role.DISTRICT_OFFICE:
        seen = [_ids(Issue.select(Issue.id).where(one)) for one in seen_by_district(actor)]
        yield [key for ids in seen for key in ids]
    for condition in conditions:
        yield _ids(Issue.select(Issue.id).where(condition))
    if filters.step in OPEN_STEPS and len(facets) > 1:
        # Of what is open there is not much: together with the rest there may be little enough.
        own, first = visible_to(actor), Issue.step == filters.step
        if _sees_community(actor):
            first = own & first
        yield _ids(Issue.select(Issue.id).where(first, *map(beside, (own, *facets))))
    if filters.lead:
        yield _ids(_led_by(filters.lead))
    if actor.role in _STREWN:
        yield _ids(_own(actor))


def _own(actor: Actor) -> Any:
    """The issues that somebody handed in, or that a unit was called to, or has or had a part in:
    a query of their ids in order, some of them more than once.
    """
    if actor.role is Role.COLLECTOR:
        return Issue.select(Issue.id.alias("issue_id")).where(visible_to(actor))
    called, assigned = (
        table.select(table.issue).where(table.organization_id == actor.organization_id)
        for table in (Party, Assignment)
    )
    return called.union_all(assigned)


def few_own(actor: Actor) -> Sequence[int] | None:
    """The ids of all that a unit ever had to do with, some of them more than once; None where
    there are many, or the actor is no unit's.
    """
    found = _ids(_own(actor)) if actor.role is Role.RESPONDER else None
    return found if found is not None and len(found) <= RARE else None


def _own_with(actor: Actor, unit_id: str) -> Any:
    """Those of them that a unit has or had a part in: of two lists in one order what is in both."""
    own = _own(actor).alias("own")
    theirs = Assignment.select(Assignment.issue).where(Assignment.organization_id == unit_id)
    return Issue.select(own.c.issue_id).from_(own).intersect(theirs)


def _has_id(ids: Sequence[int]) -> Expression:
    """The condition that an issue is one of these: spelled out, as it takes as long to bind a
    thousand values as to look them all up.
    """
    spelled = SQL(f"({', '.join(str(int(one)) for one in ids)})")
    # Of nothing the database knows at once that there is nothing.
    found: Expression = Issue.id.in_(spelled if ids else ())
    return found


def _ids(query: "ModelSelect[Any]") -> list[int]:
    return [key for (key,) in query.limit(RARE + 1).tuples().iterator()]


def _received(filters: Filters) -> Expression:
    """The condition that an issue was received between the two days, both included."""
    condition: Expression = EVERY
    if filters.received_from:
        condition &= Issue.received_at >= _midnight(filters.received_from)
    if filters.received_to:
        condition &= Issue.received_at < _midnight(filters.received_to + timedelta(days=1))
    return condition


def _led_by(unit_id: str) -> "ModelSelect[Assignment]":
    """The issues that a unit leads; a community leads what one of its own staff does."""
    staff = _staff_of(unit_id)
    led: ModelSelect[Assignment] = Assignment.select(Assignment.issue).where(
        Assignment.part == Part.LEAD.value,
        Assignment.is_current,
        (Assignment.organization_id == unit_id) | Assignment.account.in_(staff),
    )
    return led


def _staff_of(community_id: str) -> "ModelSelect[Account]":
    return Account.select(Account.id).where(Account.community_id == community_id)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA)
