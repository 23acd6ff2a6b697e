"""circle.yml: names, communities, kinds of problem, channels and the clocks' settings."""

from collections.abc import Mapping

from msgspec import Struct

from forms_app.community.rows import Row, keyed, named
from forms_app.community.shapes import COORD_SYSTEMS, Category, Community, Department, Subdistrict
from forms_app.community.sources import Folder
from forms_app.community.values import (
    HOURS,
    NIGHT,
    PHONE,
    TEXT,
    YES_NO,
    choice,
    known,
    number,
    whole,
)
from forms_app.rules.said import named as called
from forms_app.rules.worktime import Clocks, DutyHours, WorkCalendar

REQUIRED = (
    "name",
    "street",
    "communities",
    "promise_minutes",
    "speed_kmh",
    "channels",
    "categories",
)
OPTIONAL = ("coord_system", "sample", "rules", "streets", "second_factor")
RULES = (
    "opinion_minutes",
    "duty_hours",
    "duty_days",
    "urgency_days",
    "count_days",
    "relay_hours",
    "satisfied_levels",
    "verdict_reminder_days",
    "retention_years",
    "quiet_hours",
    "reopen_days",
    "dispute_days",
    "desk_answers",
    "extend_days",
)
# What the names and addresses of a new office say until somebody fills them in.
TO_FILL = "待填"
# The channel of what residents send in themselves; every other code is the office's own.
WEB = "web"
# The id of the only sub-district, where `streets` lists none.
ONLY_SUBDISTRICT = "main"
DUTY_DAYS = {"every": "每天", "workdays": "工作日"}
SECOND_FACTOR = {"optional": "自己决定", "required": "书记、主任和系统管理员必须有"}
COUNT_DAYS = {"calendar": "自然日", "working": "工作日"}
BEST_LEVEL = 5
RETENTION_YEARS = 3  # of names, telephones and addresses, where the office says nothing else
LOWEST_SATISFIED = 3  # 不满意 and 非常不满意 never count as satisfied


class Rules(Struct, frozen=True):
    """What `rules:` of circle.yml decides; each left out has procedure.md's default."""

    clocks: Clocks
    satisfied_levels: frozenset[int]
    verdict_reminder_days: tuple[int, ...]
    retention_years: int
    quiet_hours: tuple[int, int] | None


def read_circle_row(folder: Folder) -> Row:
    """circle.yml as one row, its keys checked."""
    return folder.mapping("circle.yml", REQUIRED, OPTIONAL)


def read_subdistricts(circle: Row) -> dict[str, Subdistrict]:
    """The sub-districts by id; the one that `street` names where none are listed."""
    if "streets" not in circle.cells:
        return {ONLY_SUBDISTRICT: Subdistrict(ONLY_SUBDISTRICT, circle.plain("street"))}
    rows = circle.items("streets", ("id", "name"))
    return keyed(rows, lambda row, key: Subdistrict(key, named(row)))


def read_second_factor(circle: Row) -> bool:
    """Whether leaders and administrators must have a second factor at sign-in."""
    return circle.maybe("second_factor", choice(SECOND_FACTOR), "optional") == "required"


def read_communities(circle: Row, subdistricts: Mapping[str, Subdistrict]) -> dict[str, Community]:
    """The communities by id."""

    def make(row: Row, name: str) -> Community:
        return Community(
            name,
            named(row),
            row.get("hotline", PHONE),
            row.get("address", TEXT),
            _subdistrict_of(row, circle, subdistricts),
        )

    rows = circle.items("communities", ("id", "name", "hotline", "address"), ("street",))
    return keyed(rows, make)


def _subdistrict_of(row: Row, circle: Row, subdistricts: Mapping[str, Subdistrict]) -> str:
    if row.is_filled("street") and "streets" not in circle.cells:
        row.refuse(
            "street",
            "还没有列出有哪些街道",
            "先在circle.yml里写「streets:」，列出每个街道的id和name；只有一个街道的，删掉这一项",
        )
        return ""
    if not row.is_filled("street") and len(subdistricts) > 1:
        usable = "、".join(
            f"{subdistrict.id}（{subdistrict.name}）" for subdistrict in subdistricts.values()
        )
        row.refuse("street", "没有写属于哪个街道", f"写成「street: 编号」，可用的有：{usable}")
        return ""
    return row.maybe("street", known(subdistricts, "街道"), next(iter(subdistricts), ""))


def read_categories(circle: Row, departments: Mapping[str, Department]) -> dict[str, Category]:
    """The kinds of problem by code, in the office's order."""

    def make(row: Row, code: str) -> Category:
        return Category(
            code,
            called(named(row), row.maybe("name_en", TEXT, "")),
            row.get("department", known(departments, "部门")),
            row.maybe("own", YES_NO, True),
            row.each("words", TEXT),
            row.maybe("danger", TEXT, ""),
            row.each("asked", TEXT),
        )

    required = ("code", "name", "department")
    optional = ("name_en", "own", "words", "danger", "asked")
    rows = circle.items("categories", required, optional)
    return keyed(rows, make, "code")


def read_channels(circle: Row) -> dict[str, str]:
    """The channels problems come in by: code → label."""
    rows = circle.items("channels", ("code", "name"))
    channels = keyed(rows, lambda row, _code: named(row), "code")
    if rows and WEB not in channels:
        circle.refuse(
            "channels", f"缺少渠道「{WEB}」", f"补上一项「code: {WEB}」，网上反映的问题要用"
        )
    return channels


def read_coord_system(circle: Row) -> str:
    """The coordinate system of every latitude and longitude; empty when it could not be read."""
    if circle.cells and not circle.is_filled("coord_system"):
        usable = "、".join(f"{code}（{name}）" for code, name in COORD_SYSTEMS.items())
        circle.refuse(
            "coord_system", "没有写经纬度用的是哪种坐标", f"写成「coord_system: …」，可选：{usable}"
        )
    return circle.maybe("coord_system", choice(COORD_SYSTEMS), "")


def read_promise_minutes(circle: Row) -> int:
    """How near the promise says everything is, in minutes on foot."""
    return circle.get("promise_minutes", whole(1, 60))


def read_speeds(circle: Row) -> dict[str, float]:
    """Walking speeds by pace."""
    row = circle.fields("speed_kmh", ("elder", "adult"))
    return {pace: row.get(pace, number(0.5, 10)) for pace in ("elder", "adult")}


def read_rules(circle: Row, calendar: WorkCalendar) -> Rules:
    """The clocks and what hangs on them."""
    row = circle.fields("rules", (), RULES)
    usual = Clocks()
    return Rules(
        Clocks(
            calendar=calendar,
            duty=DutyHours(
                row.maybe("duty_hours", HOURS, HOURS.stand_in),
                row.maybe("duty_days", choice(DUTY_DAYS), "every") == "workdays",
            ),
            opinion_minutes=row.maybe("opinion_minutes", whole(1, 1440), usual.opinion_minutes),
            urgency_days=_urgency_days(row),
            counts_working_days=row.maybe("count_days", choice(COUNT_DAYS), "calendar")
            == "working",
            reopen_days=row.maybe("reopen_days", whole(1, 365), usual.reopen_days),
            dispute_days=row.maybe("dispute_days", whole(1, 365), usual.dispute_days),
            desk_answers=row.maybe("desk_answers", YES_NO, usual.desk_answers),
            relay_hours=row.maybe("relay_hours", whole(1, 240), usual.relay_hours),
            extend_days=row.maybe("extend_days", whole(1, 365), usual.extend_days),
        ),
        satisfied_levels=_satisfied_levels(row),
        verdict_reminder_days=_reminder_days(row),
        retention_years=row.maybe("retention_years", whole(1, 30), RETENTION_YEARS),
        quiet_hours=row.maybe("quiet_hours", NIGHT, (22 * 60, 7 * 60)),
    )


def _urgency_days(rules: Row) -> dict[int, int]:
    if not rules.is_filled("urgency_days"):
        return {1: 2, 2: 7, 3: 30}
    before = len(rules.errors)
    row = rules.fields("urgency_days", ("1", "2", "3"))
    days = {urgency: row.get(str(urgency), whole(1, 365)) for urgency in (1, 2, 3)}
    if len(rules.errors) == before and not days[1] < days[2] < days[3]:
        rules.refuse(
            "urgency_days",
            f"三级的天数{days[1]}、{days[2]}、{days[3]}没有依次变长",
            "一级最急最短，三级最长，例如2、7、30",
        )
    return days


def _satisfied_levels(rules: Row) -> frozenset[int]:
    if "satisfied_levels" not in rules.cells:
        return frozenset({3, 4, 5})
    before = len(rules.errors)
    levels = frozenset(rules.some("satisfied_levels", whole(LOWEST_SATISFIED, BEST_LEVEL)))
    if len(rules.errors) == before and levels != set(range(min(levels), BEST_LEVEL + 1)):
        rules.refuse(
            "satisfied_levels",
            f"算满意的级别{'、'.join(map(str, sorted(levels)))}不连续",
            "从5（非常满意）往下连着写，例如[4, 5]或[3, 4, 5]",
        )
    return levels


def _reminder_days(rules: Row) -> tuple[int, ...]:
    if "verdict_reminder_days" not in rules.cells:
        return (1, 3, 7)
    days = rules.each("verdict_reminder_days", whole(1, 365))
    if list(days) != sorted(days):
        rules.refuse("verdict_reminder_days", "提醒的天数没有从小到大", "从小到大写，例如[1, 3, 7]")
    return days
