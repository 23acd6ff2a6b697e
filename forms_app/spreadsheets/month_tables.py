"""A month's work as tables of words and numbers: what the workbook holds, sheet by sheet."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from msgspec import Struct

from forms_app import queries
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.queries import OFFICERS, UnitMonth
from forms_app.rules.months import next_month
from forms_app.rules.steps import Role
from forms_app.rules.worktime import midnight

# Each column's heading and what it tells of a row; the first are those of some tables alone.
RECEIVED: dict[str, Callable[[UnitMonth], int]] = {"收到": lambda row: row.received}
CALLED: dict[str, Callable[[UnitMonth], int]] = {
    "其中主办": lambda row: row.leading,
    "被号召": lambda row: row.called,
    "按时响应": lambda row: row.answered_on_time,
}
GIVEN: dict[str, Callable[[UnitMonth], int]] = {"接到": lambda row: row.given}
EVERY: dict[str, Callable[[UnitMonth], int]] = {
    "按时办结": lambda row: row.on_time,
    "超时办结": lambda row: row.late,
    "还没办结": lambda row: row.still_open,
    "其他去向": lambda row: row.other,
    "其中已超时": lambda row: row.open_overdue,
    "其中升级": lambda row: row.escalated,
    "延期次数": lambda row: row.extended,
    "第二轮起": lambda row: row.again,
    "本人评价": lambda row: row.judged,
    "本人不满意": lambda row: row.dissatisfied,
    "代录评价": lambda row: row.entered,
    "代录不满意": lambda row: row.entered_dissatisfied,
    "还没有评": lambda row: row.unjudged,
}
PARTS = ("按时办结", "超时办结", "还没办结", "其他去向")  # what the given are the sum of


class Table(Struct, frozen=True):
    """One sheet: its name, its headings, and a row each with a name before its numbers."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]  # what is no whole number is an amount in yuan


def month_tables(circle: Circle, actor: Actor, first: date, now: datetime) -> list[Table]:
    """The tables that this actor may read; a worker's only their own row."""

    def by(name: str) -> tuple[UnitMonth, ...]:
        return queries.month_by(circle, actor, first, now, name)

    led = GIVEN | EVERY
    officers = _table("社区干部", by(OFFICERS), name_of(circle, OFFICERS), led)
    if actor.role is Role.WORKER:
        return [officers]
    month = queries.month_of(circle, actor, first, now)
    found = [
        _table("单位", month.units, month.name_of, GIVEN | CALLED | EVERY),
        _table("社区", month.communities, month.name_of, led),
    ]
    if actor.role is Role.COMMUNITY_LEADER:
        found.append(officers)
    about = RECEIVED | led
    then = circle.as_of(midnight(next_month(first)))
    for name, way in (("类别", "kinds"), ("渠道", "channels"), ("小区", "estates")):
        found.append(_table(name, by(way), name_of(then, way), about))
    return found


def name_of(circle: Circle, by: str) -> Callable[[str], str]:
    """How a row of `queries.month_by` is called by its key."""
    names: dict[str, Callable[[str], str]] = {
        OFFICERS: lambda key: key,
        "kinds": lambda key: circle.category_name(key) or key or "没有选",
        "channels": circle.channel_name,
        "estates": lambda key: circle.estate_name(key) or key or "没有选",
    }
    return names[by]


def _table(
    name: str,
    rows: Iterable[UnitMonth],
    named: Callable[[str], str],
    columns: dict[str, Callable[[UnitMonth], int]],
) -> Table:
    return Table(
        name,
        (name, *columns),
        tuple((named(row.unit_id), *(tell(row) for tell in columns.values())) for row in rows),
    )
