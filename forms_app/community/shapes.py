"""What the office keeps in data/community, as frozen dataclasses and the words for their codes.

They do not know how they are written down, nor who shows them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

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

SERVICE_CATEGORIES: dict[str, str] = {
    "urban_management": "城管",
    "public_order": "综治",
    "environment": "环境整治",
    "culture_education": "文教",
}

# The same as residents look for them.
SERVICE_KINDS: dict[str, str] = {
    "urban_management": "报修",
    "public_order": "调解和法律",
    "environment": "清运疏通",
    "culture_education": "孩子和老人",
}

ACTIVITY_CATEGORIES: dict[str, str] = {
    "civilization_practice": "文明实践",
    "arts": "社区文艺宣传",
    "volunteering": "社区志愿服务",
    "after_school": "四点半学校",
}

RATED_KINDS: dict[str, str] = {"service": "服务", "activity": "活动", "venue": "场所"}

DEPARTMENT_KINDS: dict[str, str] = {
    "department": "区级部门和镇街",
    "station": "街道站所",
    "partner": "结对共建单位",
}

ORGANIZATION_KINDS: dict[str, str] = {
    "street_committee": "街道大工委",
    "community_committee": "社区大党委",
    "estate_branch": "小区党支部",
    "building_group": "楼栋党小组",
}


COORD_SYSTEMS: dict[str, str] = {
    "wgs84": "世界大地坐标",
    "gcj02": "国测局坐标",
    "bd09": "百度坐标",
    "none": "不用坐标",
}

PACES: dict[str, str] = {"elder": "长者步速", "adult": "成人步速"}

WALK_BASES: dict[str, str] = {"walked": "实地步行", "network": "按路网推算"}

ACTIVITY_RULES: dict[str, str] = {"school_days": "上学日", "workdays": "工作日"}

ACTIVITY_STATUSES: dict[str, str] = {
    "CONFIRMED": "如期举行",
    "TENTATIVE": "待定",
    "CANCELLED": "取消",
}


@dataclass(frozen=True)
class Subdistrict:
    """A sub-district or town (街道、镇): an item of `streets:`, or the one that `street:` names."""

    id: str
    name: str


@dataclass(frozen=True)
class Community:
    id: str
    name: str
    hotline: str
    address: str
    subdistrict: str = ""  # a sub-district's id


@dataclass(frozen=True)
class Category:
    """A kind of problem, and the department that usually leads it."""

    code: str
    name: str
    department: str
    own: bool = True  # among the tasks that the community itself is there for
    words: tuple[str, ...] = ()  # by which it is recognised in a report
    danger: str = ""  # what to do first where somebody is in danger
    asked: tuple[str, ...] = ()  # by which it is only looked for: too common to tell it in a report


@dataclass(frozen=True)
class Elsewhere:
    """What residents ask for and others do: whom to turn to and what to do."""

    id: str
    name: str
    who: str
    advice: str
    phone: str
    words: tuple[str, ...]
    danger: str


@dataclass(frozen=True)
class RatingReason:
    """Why somebody is dissatisfied with a thing of one of these kinds, in residents' words."""

    id: str
    name: str
    kinds: tuple[str, ...]  # of RATED_KINDS
    urgency: int  # by rule, of the issue that comes of it


@dataclass(frozen=True)
class Announcement:
    """What everybody is told from one day to another, both included; "": of every community."""

    id: str
    title: str
    text: str
    first: date
    last: date
    community_id: str = ""


@dataclass(frozen=True)
class OnDuty:
    """Who is on duty on a day, and whom to ask where nobody is found: by post, never by name."""

    day: date
    community_id: str
    post: str
    place: str
    phone: str
    deputy: str
    deputy_phone: str


IN_MENU, IN_HANDBOOK, IN_LIST = "menu", "handbook", "list"
PAGE_PLACES: dict[str, str] = {
    IN_MENU: "每一页的“更多”里，也在“本地页面”里",
    IN_HANDBOOK: "工作手册的最后，也在“本地页面”里",
    IN_LIST: "只在“本地页面”里",
}
OWN_PAGES, OWN_PAGES_NAME = "local/", "本地页面"


@dataclass(frozen=True)
class OfficePage:
    """A page in the office's words: one of its own, or its version of a chapter of the handbook.

    `text` is Markdown that nobody has looked at yet; `based_on` names what the product's chapter
    said when this was laid over it (a digest; "": not known).
    """

    file: str  # pages/local/tea.md
    title: str
    text: str
    place: str = ""  # PAGE_PLACES of an own one
    rank: int = 50  # among the own ones; the smaller first
    based_on: str = ""

    @property
    def source(self) -> str:
        """Its path among the site's sources."""
        return self.file.removeprefix("pages/")

    @property
    def is_own(self) -> bool:
        return self.source.startswith(OWN_PAGES)

    @property
    def address(self) -> str:
        """Its path below the site's root."""
        return self.source.removesuffix("index.md").removesuffix(".md").rstrip("/") + "/"


@dataclass(frozen=True)
class OpinionTemplate:
    """A first answer to start from; of any kind of problem where `category` is empty."""

    id: str
    name: str
    category: str
    text: str


@dataclass(frozen=True)
class Duty:
    text: str
    basis: str  # letters of DUTY_BASES, e.g. "S" or "LG"
    source: str = ""  # which law or paragraph


@dataclass(frozen=True)
class Department:
    id: str
    name: str
    kind: str
    duties: tuple[Duty, ...]
    phone: str
    backup: str  # who stands in: another department's id, or empty
    sample: bool
    subdistrict: str = ""  # the sub-district that a station or partner serves alone; empty: any
    words: tuple[str, ...] = ()  # what residents call it


@dataclass(frozen=True)
class ZoneDuty:
    community_id: str
    department_id: str
    officer_role: str
    phone: str


@dataclass(frozen=True)
class CommitteeMember:
    """A department's leader who sits on the sub-district's committee part-time: a post, no name."""

    department_id: str
    post: str
    phone: str
    subdistrict: str = ""  # whose committee it is, where there are several; empty: every one's


@dataclass(frozen=True)
class DedicatedOfficer:
    """Who works in a community for the circle and nothing else (特岗人员): a post, no name."""

    community_id: str
    post: str
    phone: str


@dataclass(frozen=True)
class Organization:
    """One Party organisation between sub-district and building."""

    id: str
    name: str
    kind: str
    parent_id: str
    community_id: str
    estate_id: str
    members: tuple[str, ...]  # roles, never names
    duty: str  # the zone it is on duty for, in words
    phone: str
    subdistrict: str = ""  # a street committee's sub-district, where there are several


@dataclass(frozen=True)
class Estate:
    id: str
    community_id: str
    name: str
    households: int
    households_60plus: int


@dataclass(frozen=True)
class Entrance:
    """A way into an estate.

    Where the circle has no coordinates, latitude and longitude may be nan.
    """

    estate_id: str
    name: str
    latitude: float
    longitude: float
    open_hours: str  # "06:30-21:30", spans separated by commas; empty: never shut
    step_free: bool
    inside_minutes: float  # from the farthest building to this entrance


@dataclass(frozen=True)
class Door:
    """A picture of a venue's door; what it shows stands in `alt`, too. Its sides are in pixels."""

    file: str  # in data/community/doors
    alt: str
    width: int
    height: int

    @property
    def is_drawn(self) -> bool:
        return self.file.endswith(".svg")


@dataclass(frozen=True)
class Venue:
    """A place to go to. Its coordinates may be nan as an entrance's."""

    id: str
    community_id: str
    name: str
    latitude: float
    longitude: float
    address: str
    accessibility: str
    door: Door | None = None


@dataclass(frozen=True)
class Walk:
    estate_id: str
    entrance: str
    venue_id: str
    minutes: float  # door to door from the entrance, without inside_minutes
    pace: str  # PACES
    stairs: int  # steps on the way
    basis: str  # WALK_BASES
    measured_on: date


@dataclass(frozen=True)
class Service:
    id: str
    name: str
    category: str
    organization: str
    description: str
    venues: tuple[str, ...]
    schedules: str
    application_process: str  # one step a line
    documents: tuple[str, ...]
    fees: str
    phone: str
    words: tuple[str, ...] = ()  # by which residents look for it
    online: tuple[str, ...] = ()  # of steps.SERVICE_WAYS
    problem: str = ""  # the kind of problem that is reported by it

    def wanted(self, way: str) -> str:
        """What an issue remembers of it: that it came in by this way."""
        return f"{way}:{self.id}"


@dataclass(frozen=True)
class Activity:
    """A series or a single event; times are local (worktime.CHINA) and aware."""

    uid: str
    summary: str
    category: str
    location_id: str
    dtstart: datetime
    duration: timedelta
    rrule: str  # RFC 5545 RRULE value (UNTIL in UTC, dtstart its first occurrence), or empty
    rule: str  # "school_days", "workdays" or empty
    exdate: tuple[datetime, ...]  # times of the series that are cancelled
    rdate: tuple[datetime, ...]
    audience: str
    capacity: int | None
    status: str  # CONFIRMED, TENTATIVE or CANCELLED
    description: str
    words: tuple[str, ...] = ()  # by which residents look for it
    phone: str = ""  # whom to ask; "": the community
    place: str = field(default="", compare=False)  # where it stands in its file
    is_all_day: bool = False  # it begins at midnight and lasts whole days
    reasons: tuple[tuple[datetime, str], ...] = ()  # why times of exdate are cancelled

    @property
    def is_series(self) -> bool:
        """Whether it takes place more than once."""
        return bool(self.rrule or self.rule or self.rdate)


@dataclass(frozen=True)
class SchoolTerm:
    name: str
    start: date
    end: date  # the last day of school itself


def in_term(terms: Sequence[SchoolTerm], day: date) -> bool:
    """Whether a day lies in one of the terms."""
    return any(term.start <= day <= term.end for term in terms)


@dataclass(frozen=True)
class Circle:
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
    def has_coordinates(self) -> bool:
        """Whether distances may be computed at all."""
        return self.coord_system != "none"

    def is_school_day(self, day: date) -> bool:
        """Whether school is held: a working day within a term.

        Raises CalendarUnknown for a day in a term of a year whose days off are not out yet.
        """
        return in_term(self.school_terms, day) and self.clocks.calendar.is_workday(day)

    def unit_name(self, unit_id: str) -> str:
        """What people call a unit, community or sub-district; its id when nobody knows it."""
        for known in (self.departments, self.communities, self.subdistricts):
            if unit_id in known:
                return known[unit_id].name
        return unit_id

    def estate_name(self, estate_id: str) -> str:
        """What people call an estate; nothing where there is none of this id."""
        return self.estates[estate_id].name if estate_id in self.estates else ""

    def category_name(self, code: str) -> str:
        """What people call a kind of problem; nothing where there is none of this code."""
        return self.categories[code].name if code in self.categories else ""

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
        name = self.services[key].name if key in self.services else key
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

    def venues_of(self, community_id: str) -> tuple[Venue, ...]:
        """A community's venues, in the file's order."""
        return tuple(v for v in self.venues.values() if v.community_id == community_id)

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

    def zone_departments(self, community_id: str) -> tuple[Department, ...]:
        """The departments with an officer on duty for a community, each once."""
        ids = dict.fromkeys(zone.department_id for zone in self.zones_of(community_id))
        return tuple(self.departments[department_id] for department_id in ids)


@dataclass(frozen=True)
class DataError:
    """One thing to mend: where it stands, what is wrong and what to write instead (Chinese)."""

    file: str
    place: str  # "第 7 行", or "第 7 项（library_day），第 92 行"
    column: str
    problem: str
    remedy: str

    @property
    def line(self) -> int:
        """The line of the file that it is about; 0 where it is about none."""
        found = re.search(r"第 ([0-9]+) 行", self.place)
        return int(found[1]) if found else 0

    def __str__(self) -> str:
        where = "，".join(part for part in (self.file, self.place, self.column) if part)
        return f"{where}：{self.problem}；{self.remedy}"


@dataclass(frozen=True)
class DataHint(DataError):
    """Something that may stay as it is, but should be looked at."""


class DataRefused(Exception):
    """data/community cannot be used; `errors` holds everything that is wrong with it."""

    def __init__(self, errors: tuple[DataError, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(map(str, errors)))
