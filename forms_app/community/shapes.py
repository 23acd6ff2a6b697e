"""What the office keeps in data/community, as frozen structs and the words for their codes.

They do not know how they are written down, nor who shows them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from forms_app.rules.weekly import WeekTime

# In the name of what ended, and stays for what is on record: it is offered for nothing new.
CLOSED = "（停用）"

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


class Subdistrict(Struct, frozen=True):
    """A sub-district or town (街道、镇): an item of `streets:`, or the one that `street:` names."""

    id: str
    name: str


def still_open(names: Mapping[str, str]) -> dict[str, str]:
    """Of things by id and name those that have not ended."""
    return {key: name for key, name in names.items() if CLOSED not in name}


class Community(Struct, frozen=True):
    id: str
    name: str
    hotline: str
    address: str
    subdistrict: str = ""  # a sub-district's id


class Category(Struct, frozen=True):
    """A kind of problem, and the department that usually leads it."""

    code: str
    name: str
    department: str
    own: bool = True  # among the tasks that the community itself is there for
    words: tuple[str, ...] = ()  # by which it is recognised in a report
    danger: str = ""  # what to do first where somebody is in danger
    asked: tuple[str, ...] = ()  # by which it is only looked for: too common to tell it in a report


class Elsewhere(Struct, frozen=True):
    """What residents ask for and others do: whom to turn to and what to do."""

    id: str
    name: str
    who: str
    advice: str
    phone: str
    words: tuple[str, ...]
    danger: str


class RatingReason(Struct, frozen=True):
    """Why somebody is dissatisfied with a thing of one of these kinds, in residents' words."""

    id: str
    name: str
    kinds: tuple[str, ...]  # of RATED_KINDS
    urgency: int  # by rule, of the issue that comes of it


class Announcement(Struct, frozen=True):
    """What everybody is told from one day to another, both included; "": of every community."""

    id: str
    title: str
    text: str
    first: date
    last: date
    community_id: str = ""


class OnDuty(Struct, frozen=True):
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


class OfficePage(Struct, frozen=True):
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


class OpinionTemplate(Struct, frozen=True):
    """A first answer to start from; of any kind of problem where `category` is empty."""

    id: str
    name: str
    category: str
    text: str


class Duty(Struct, frozen=True):
    text: str
    basis: str  # letters of DUTY_BASES, e.g. "S" or "LG"
    source: str = ""  # which law or paragraph


class Department(Struct, frozen=True):
    id: str
    name: str
    kind: str
    duties: tuple[Duty, ...]
    phone: str
    backup: str  # who stands in: another department's id, or empty
    sample: bool
    subdistrict: str = ""  # the sub-district that a station or partner serves alone; empty: any
    words: tuple[str, ...] = ()  # what residents call it

    @property
    def is_street(self) -> bool:
        """Whether it is a sub-district or town, which stand in the same list."""
        return self.name.partition("（")[0].endswith(("街道", "街道办事处", "镇", "乡"))


class ZoneDuty(Struct, frozen=True):
    community_id: str
    department_id: str
    officer_role: str
    phone: str


class CommitteeMember(Struct, frozen=True):
    """A department's leader who sits on the sub-district's committee part-time: a post, no name."""

    department_id: str
    post: str
    phone: str
    subdistrict: str = ""  # whose committee it is, where there are several; empty: every one's


class DedicatedOfficer(Struct, frozen=True):
    """Who works in a community for the circle and nothing else (特岗人员): a post, no name."""

    community_id: str
    post: str
    phone: str


class Organization(Struct, frozen=True):
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


class Estate(Struct, frozen=True):
    id: str
    community_id: str
    name: str
    households: int
    households_60plus: int


class Entrance(Struct, frozen=True):
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


class Door(Struct, frozen=True):
    """A picture of a venue's door; what it shows stands in `alt`, too. Its sides are in pixels."""

    file: str  # in data/community/doors
    alt: str
    width: int
    height: int

    @property
    def is_drawn(self) -> bool:
        return self.file.endswith(".svg")


class Venue(Struct, frozen=True):
    """A place to go to. Its coordinates may be nan as an entrance's."""

    id: str
    community_id: str
    name: str
    latitude: float
    longitude: float
    address: str
    accessibility: str
    door: Door | None = None


class Walk(Struct, frozen=True):
    estate_id: str
    entrance: str
    venue_id: str
    minutes: float  # door to door from the entrance, without inside_minutes
    pace: str  # PACES
    stairs: int  # steps on the way
    basis: str  # WALK_BASES
    measured_on: date


class Service(Struct, frozen=True):
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
    # What is done once a week for whoever asked in time: until when, and when it is done.
    book_by: WeekTime | None = None
    served: WeekTime | None = None

    def wanted(self, way: str) -> str:
        """What an issue remembers of it: that it came in by this way."""
        return f"{way}:{self.id}"


class Activity(Struct, frozen=True):
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
    place: str = ""  # where it stands in its file
    is_all_day: bool = False  # it begins at midnight and lasts whole days
    reasons: tuple[tuple[datetime, str], ...] = ()  # why times of exdate are cancelled

    @property
    def is_series(self) -> bool:
        """Whether it takes place more than once."""
        return bool(self.rrule or self.rule or self.rdate)


class SchoolTerm(Struct, frozen=True):
    name: str
    start: date
    end: date  # the last day of school itself


def in_term(terms: Sequence[SchoolTerm], day: date) -> bool:
    """Whether a day lies in one of the terms."""
    return any(term.start <= day <= term.end for term in terms)
