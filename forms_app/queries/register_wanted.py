"""What a page of the register or a count of it looks for, and what it begins with."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from peewee import SQL, Expression, ModelSelect

from forms_app.community import Circle
from forms_app.issues import sums
from forms_app.issues.access import COMMUNITY_ROLES, EVERY, Actor, seen_by_district, visible_to
from forms_app.issues.clocks import is_overdue
from forms_app.issues.driving import RARE, beside, rarest
from forms_app.issues.register_filters import Filters, words_asked
from forms_app.issues.search import first_with, first_with_among, has_beginnings, has_words
from forms_app.issues.unit_sums import AGAIN, LED_BY, key_of, of_account
from forms_app.queries.register_conditions import (
    facets_of,
    led_by,
    others_of,
    received_between,
    staff_of,
)
from forms_app.rules.steps import OPEN_OR_MERGED, OPEN_STEPS, Role
from forms_app.store.models import Assignment, Issue, Party

SOME = 5_000  # of what is somebody's own: looked at first, as of what is common there are many
COMMON = 200_000  # issues; it takes as long to walk so many as to look up all that a unit has

# What these may see is strewn over the register.
_STREWN = (Role.RESPONDER, Role.COLLECTOR)


class Wanted:
    """What a page or a count looks for, and what it begins with."""

    def __init__(self, circle: Circle, actor: Actor, now: datetime, filters: Filters) -> None:
        self.asked = circle, actor, now, filters
        self.circle, self.actor, self.filters = circle, actor, filters
        self.seen = visible_to(actor)
        self.is_one_community = actor.role in COMMUNITY_ROLES
        self.facets = facets_of(filters)
        self.others = others_of(circle, now, filters)
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
        if filters.overdue or filters.step in OPEN_OR_MERGED:
            return  # it stands together, among the newest
        if filters.lead and not staff_of(filters.lead).exists():
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
        staff = staff_of(filters.lead).tuples().iterator()
        leads = [filters.lead, *(of_account(account_id) for (account_id,) in staff)]
        found.append([key_of(unit, f"{LED_BY}={lead}") for lead in leads])
    numbers = sums.numbers(*(key for keys in found for key in keys))
    counted = [[numbers[key] for key in keys] for keys in found]
    return [(max(several), sum(several)) for several in counted]


def _lists(
    actor: Actor,
    now: datetime,
    filters: Filters,
    facets: list[Expression],
) -> Iterator[list[int]]:
    """Of each condition by which there may be few, the ids that it selects: at most RARE + 1."""
    conditions = list(facets)
    if filters.received_from and filters.received_to:
        conditions.append(received_between(filters))
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
        yield _ids(led_by(filters.lead))
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
