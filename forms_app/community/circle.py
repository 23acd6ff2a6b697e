"""The whole of data/community, and what can be asked of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from forms_app.community.noted_names import (
    CATEGORY,
    CHANNEL,
    ESTATE,
    NEVER,
    NOTHING,
    NotedNames,
)
from forms_app.community.shapes import (
    IN_MENU,
    OWN_PAGES,
    OWN_PAGES_NAME,
    Activity,
    Announcement,
    Category,
    CommitteeMember,
    Community,
    DedicatedOfficer,
    Department,
    Elsewhere,
    Entrance,
    Estate,
    OfficePage,
    OnDuty,
    OpinionTemplate,
    Organization,
    RatingReason,
    SchoolTerm,
    Service,
    Subdistrict,
    Venue,
    Walk,
    ZoneDuty,
    still_open,
)
from forms_app.rules.bad_ratings import (
    BY_RULE_CLASS,
    BY_RULE_URGENCY,
    OTHER,
    OTHER_WORDS,
    thing_and_reason,
)
from forms_app.rules.said import said
from forms_app.rules.steps import SECOND_FACTOR_ROLES, SERVICE_WAYS, Role
from forms_app.rules.worktime import Clocks

N = TypeVar("N", Department, Community, Estate, Category)


def _renamed(known: Mapping[str, N], kind: str, names: Mapping[str, str]) -> dict[str, N]:
    return {
        key: one if names.get(kind + key, one.name) == one.name
        else replace(one, name=names[kind + key])
        for key, one in known.items()
    }  # fmt: skip


class Circle(Struct, frozen=True):
    """The whole of data/community, checked."""

    name: str
    subdistrict: str
    sample: bool
    communities: Mapping[str, Community]
    categories: Mapping[str, Category]
    channels: Mapping[str, str]  # code → label
    departments: Mapping[str, Department]
    zones: tuple[ZoneDuty, ...]
    organizations: Mapping[str, Organization]
    estates: Mapping[str, Estate]
    entrances: tuple[Entrance, ...]
    venues: Mapping[str, Venue]
    walks: tuple[Walk, ...]
    services: Mapping[str, Service]
    activities: Mapping[str, Activity]
    school_terms: tuple[SchoolTerm, ...]
    coord_system: str
    promise_minutes: int
    speed_kmh: Mapping[str, float]  # "elder", "adult"
    clocks: Clocks
    satisfied_levels: frozenset[int] = frozenset({3, 4, 5})
    verdict_reminder_days: tuple[int, ...] = (1, 3, 7)
    quiet_hours: tuple[int, int] | None = (22 * 60, 7 * 60)  # minutes since midnight
    retention_years: int = 3  # how long a resident's name and phone are kept
    opinions: Mapping[str, OpinionTemplate] = field(default_factory=dict)
    subdistricts: Mapping[str, Subdistrict] = field(default_factory=dict)
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)
    same_words: tuple[tuple[str, ...], ...] = ()  # the first of each stands for the others
    committee: tuple[CommitteeMember, ...] = ()
    dedicated: tuple[DedicatedOfficer, ...] = ()
    rating_reasons: Mapping[str, RatingReason] = field(default_factory=dict)
    needs_second_factor: bool = False  # of whom, SECOND_FACTOR_ROLES says
    announcements: Mapping[str, Announcement] = field(default_factory=dict)
    roster: tuple[OnDuty, ...] = ()  # in order of days
    pages: Mapping[str, OfficePage] = field(default_factory=dict)  # by file
    noted: NotedNames = NOTHING  # what was called how; the files do not say it

    @property
    def own_pages(self) -> list[OfficePage]:
        """The office's own pages, in the order in which they are listed."""
        own = (one for one in self.pages.values() if one.is_own)
        return sorted(own, key=lambda one: (one.rank, one.title))

    @property
    def menu_pages(self) -> list[tuple[str, str]]:
        """Addresses and names of what the office has put into every page's menu."""
        found = [(one.address, one.title) for one in self.own_pages if one.place == IN_MENU]
        return [*found, (OWN_PAGES, OWN_PAGES_NAME)] if self.own_pages else []

    @property
    def second_factor_roles(self) -> frozenset[Role]:
        """The roles whose accounts open nothing without a second factor."""
        return SECOND_FACTOR_ROLES if self.needs_second_factor else frozenset()

    @property
    def masthead(self) -> tuple[str, str]:
        """The name in two lines: whose it is, empty if it does not begin so, and what it is.

        Neither says that it is a sample: the frame does.
        """
        whose, name = (
            one.removesuffix("（示例）") if self.sample else one
            for one in (self.subdistrict, self.name)
        )
        what = name.removeprefix(whose)
        return (whose, what) if whose and what and what != name else ("", name)

    @property
    def has_several_subdistricts(self) -> bool:
        """Whether sub-districts have to be told apart at all; `street` then names them together."""
        return len(self.subdistricts) > 1

    @property
    def subdistrict_ids(self) -> dict[str, str]:
        """Community → sub-district, where there are several; empty where there is one."""
        several = self.communities.values() if self.has_several_subdistricts else ()
        return {one.id: one.subdistrict for one in several}

    def subdistrict_of(self, community_id: str) -> Subdistrict | None:
        """The sub-district that a community belongs to; None for a community nobody knows."""
        community = self.communities.get(community_id)
        return self.subdistricts.get(community.subdistrict) if community else None

    def subdistrict_name(self, community_id: str) -> str:
        """What people call a community's sub-district; of an unknown one, what all are called."""
        subdistrict = self.subdistrict_of(community_id)
        return subdistrict.name if subdistrict else self.subdistrict

    def community_words(self, community_id: str) -> str:
        """A community's name, behind its sub-district's where there are several."""
        subdistrict = self.subdistrict_of(community_id) if self.has_several_subdistricts else None
        return f"{subdistrict.name if subdistrict else ''}{self.unit_name(community_id)}"

    def by_subdistrict(self) -> tuple[tuple[Subdistrict | None, tuple[Community, ...]], ...]:
        """The communities below their sub-districts; all below None where there is only one."""
        everywhere = tuple(self.communities.values())
        if not self.has_several_subdistricts:
            return ((None, everywhere),)
        return tuple(
            (subdistrict, tuple(one for one in everywhere if one.subdistrict == subdistrict.id))
            for subdistrict in self.subdistricts.values()
        )

    def spelled_out(self) -> "Circle":
        """The same for lists of all communities: named with their sub-districts, one after another.

        Itself where there is only one sub-district.
        """
        if not self.has_several_subdistricts:
            return self
        communities = {
            one.id: replace(one, name=self.community_words(one.id))
            for _, own in self.by_subdistrict()
            for one in own
        }
        return replace(self, communities=communities)

    @property
    def hotlines(self) -> list[tuple[str, str]]:
        """Whom to call: each community's name, with its sub-district's, and its telephone."""
        communities = self.spelled_out().communities
        names = still_open({one.id: one.name for one in communities.values()})
        return [(name, communities[key].hotline) for key, name in names.items()]

    @property
    def has_coordinates(self) -> bool:
        """Whether distances may be computed at all."""
        return self.coord_system != "none"

    def unit_name(self, unit_id: str) -> str:
        """What people call a unit, community or sub-district; of one that is gone what it was
        called last, its id when nobody knows that.
        """
        for known in (self.departments, self.communities, self.subdistricts):
            if unit_id in known:
                return known[unit_id].name
        return self.noted.last.get(unit_id, unit_id)

    def estate_name(self, estate_id: str) -> str:
        """The same of an estate; nothing where there is no id."""
        return self._name_of(self.estates, ESTATE, estate_id)

    def category_name(self, code: str) -> str:
        """The same of a kind of problem."""
        return self._name_of(self.categories, CATEGORY, code)

    def channel_name(self, code: str) -> str:
        """The same of a way by which problems come in."""
        return self.channels.get(code) or self.noted.last.get(CHANNEL + code, code)

    def _name_of(self, known: "Mapping[str, Category | Estate]", kind: str, key: str) -> str:
        return known[key].name if key in known else self.noted.last.get(kind + key, key)

    @property
    def names(self) -> dict[str, str]:
        """What everything that an issue may refer to is called now, by what it is noted under."""
        return {
            **{key: self.unit_name(key) for key in (*self.departments, *self.communities)},
            **{ESTATE + key: one.name for key, one in self.estates.items()},
            **{CATEGORY + key: one.name for key, one in self.categories.items()},
            **{CHANNEL + key: name for key, name in self.channels.items()},
            **{f"service:{key}": one.name for key, one in self.services.items()},
            **{f"venue:{key}": one.name for key, one in self.venues.items()},
        }

    def as_of(self, moment: datetime) -> "Circle":
        """The same with the names of then; itself where nothing is called otherwise since."""
        if moment >= self.noted.settled:
            return self
        then = self.noted.at(moment)
        return replace(
            self,
            departments=_renamed(self.departments, "", then),
            communities=_renamed(self.communities, "", then),
            estates=_renamed(self.estates, ESTATE, then),
            categories=_renamed(self.categories, CATEGORY, then),
            channels={key: then.get(CHANNEL + key, name) for key, name in self.channels.items()},
            noted=NotedNames(self.noted.names, then, NEVER),
        )

    def is_own_task(self, category: str) -> bool:
        """Whether this kind of problem is the community's own; so is one of no kind."""
        return category not in self.categories or self.categories[category].own

    def opinions_for(self, category: str) -> tuple[OpinionTemplate, ...]:
        """First answers that fit a kind of problem, its own before those for any."""
        fitting = [one for one in self.opinions.values() if one.category in (category, "")]
        return tuple(sorted(fitting, key=lambda one: one.category == ""))

    def announced_on(self, day: date) -> tuple[Announcement, ...]:
        """What everybody is told on a day, what ends first before the rest."""
        told = [one for one in self.announcements.values() if one.first <= day <= one.last]
        return tuple(sorted(told, key=lambda one: one.last))

    def rated_name(self, about: str) -> str | None:
        """What residents call a `service:<id>`, `activity:<uid>` or `venue:<id>`; or None."""
        kind, _, key = about.partition(":")
        if kind == "service" and key in self.services:
            return self.services[key].name
        if kind == "activity" and key in self.activities:
            return self.activities[key].summary
        if kind == "venue" and key in self.venues:
            return self.venues[key].name
        return None

    def known_as(self, about: str) -> str:
        """The same, also of what is gone: what it was called last, or what it was asked by."""
        return self.rated_name(about) or self.noted.last.get(about, about)

    def rated_from(self, about: str) -> datetime | None:
        """When what can be rated begins; None for what is there anyhow. An activity is a whole."""
        kind, _, key = about.partition(":")
        activity = self.activities.get(key) if kind == "activity" else None
        return min((activity.dtstart, *activity.rdate)) if activity else None

    def reasons_for(self, about: str) -> dict[str, str]:
        """Why one may be dissatisfied with a thing, id → words; the last one is any other."""
        kind = about.partition(":")[0]
        fitting = {r.id: r.name for r in self.rating_reasons.values() if kind in r.kinds}
        return fitting | {OTHER: OTHER_WORDS}

    def graded_by_rule(self, matter: str) -> dict[str, str]:
        """Class and urgency of an issue that came of bad ratings; nothing for any other issue."""
        if not matter:
            return {}
        known = self.rating_reasons.get(thing_and_reason(matter)[1])
        urgency = known.urgency if known else BY_RULE_URGENCY
        return {"severity_class": BY_RULE_CLASS, "urgency": str(urgency)}

    def rated_communities(self, about: str) -> tuple[str, ...]:
        """The communities in which a thing that can be rated is to be had; all for one without a
        venue, and for one that there is no more.
        """
        kind, _, key = about.partition(":")
        venues: tuple[str, ...] = ()
        if kind == "venue":
            venues = (key,)
        elif kind == "activity" and key in self.activities:
            venues = (self.activities[key].location_id,)
        elif kind == "service" and key in self.services:
            venues = self.services[key].venues
        found = {self.venues[one].community_id for one in venues if one in self.venues}
        return tuple(one for one in self.communities if not found or one in found)

    @property
    def wanted_services(self) -> dict[str, str]:
        """What can be asked for online, as people call it, by what an issue remembers of it."""
        return {
            service.wanted(way): self.wanted_words(service.wanted(way))
            for service in self.services.values()
            for way in service.online
        }

    def wanted_words(self, wanted: str) -> str:
        """What an issue remembers of a service, as people call it, its id where it is gone."""
        way, _, key = wanted.partition(":")
        if way not in SERVICE_WAYS:
            return ""
        name = self.known_as(f"service:{key}").removeprefix("service:")
        return said("%(label)s：%(value)s", label=said(SERVICE_WAYS[way]), value=name)

    def rated_in(self, subdistrict_id: str) -> frozenset[str]:
        """What can be rated in a sub-district, as `service:<id>`, `activity:<uid>`, `venue:<id>`.

        A service without a venue is everywhere.
        """
        venues = {
            v.id
            for v in self.venues.values()
            if self._subdistrict_id(v.community_id) == subdistrict_id
        }
        return frozenset(
            [
                *(f"venue:{key}" for key in venues),
                *(f"activity:{a.uid}" for a in self.activities.values() if a.location_id in venues),
                *(
                    f"service:{s.id}"
                    for s in self.services.values()
                    if not s.venues or not venues.isdisjoint(s.venues)
                ),
            ]
        )

    def _subdistrict_id(self, community_id: str) -> str:
        subdistrict = self.subdistrict_of(community_id)
        return subdistrict.id if subdistrict else ""

    def estates_of(self, community_id: str) -> tuple[Estate, ...]:
        """A community's estates, in the file's order."""
        return tuple(e for e in self.estates.values() if e.community_id == community_id)

    def entrances_of(self, estate_id: str) -> tuple[Entrance, ...]:
        """An estate's entrances, in the file's order."""
        return tuple(e for e in self.entrances if e.estate_id == estate_id)

    def zones_of(self, community_id: str) -> tuple[ZoneDuty, ...]:
        """The officers on duty for a community."""
        return tuple(z for z in self.zones if z.community_id == community_id)

    def committee_of(self, community_id: str) -> dict[str, CommitteeMember]:
        """Who sits on the committee of a community's sub-district, by department."""
        community = self.communities.get(community_id)
        own = ("", community.subdistrict if community else "")
        return {one.department_id: one for one in self.committee if one.subdistrict in own}

    def dedicated_of(self, community_id: str) -> tuple[DedicatedOfficer, ...]:
        """Who works in a community for the circle alone."""
        return tuple(one for one in self.dedicated if one.community_id == community_id)
