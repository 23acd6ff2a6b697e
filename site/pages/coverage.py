"""How far the promise is kept: the count of the next 30 days, and what earlier months had.

It counts nothing itself, and never turns 待走 into a yes or a no.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from markupsafe import Markup

from forms_app.community import Activity, Circle
from forms_app.formats.cells import BOM, line
from forms_app.formats.charts import Parts, shares
from forms_app.radius.coverage import DAYS, Coverage, Line, Share, line_name, percent
from forms_app.radius.ledger import COLUMNS, Row
from forms_app.radius.reach import BEYOND, UNWALKED
from pages import words
from pages.rendering import render

SERIES = ("确定能到", "没人走过", "还没有")
MONTHS_DRAWN = 12
ROOMS_SHOWN = 20


def parts(
    circle: Circle,
    counted: Coverage,
    ledger: Sequence[Row],
    undated: Mapping[int, Sequence[Activity]],
) -> dict[str, str]:
    """The page's made parts. `undated` as in Programme; only the years of the count are said."""
    return {
        "coverage": render("coverage.html", _now(circle, counted, undated)),
        "coverage-estates": render("coverage_estates.html", _estates(circle, counted)),
        "coverage-next-venues": render("coverage_next_venues.html", _rooms(circle, counted)),
        "coverage-months": render("coverage_months.html", _months(ledger)),
    }


def files(ledger: bytes | None) -> dict[str, bytes]:
    """The ledger to download, byte for byte; its first line only while nothing was counted."""
    content = ledger if ledger is not None else f"{BOM}{line(COLUMNS)}".encode()
    return {"coverage/coverage.csv": content}


def _now(
    circle: Circle, counted: Coverage, undated: Mapping[int, Sequence[Activity]]
) -> dict[str, object]:
    everybody = _of(counted, "all")[0]
    step_free = _of(counted, "step_free")[0]
    drawn = [
        ("所有住户", everybody.everybody),
        ("有60岁以上老人的住户", everybody.elders),
        ("所有住户，全程没有台阶", step_free.everybody),
        ("有老人的住户，全程没有台阶", step_free.elders),
    ]
    sections = [
        _section(circle, counted, "community", "各社区", "按社区"),
        _section(circle, counted, "kind", "各种活动", "按活动种类"),
        _section(circle, counted, "time_of_day", "一天里的各段时间", "按时间"),
    ]
    return {
        "first": counted.first,
        "last": counted.last,
        "days": DAYS,
        "minutes": circle.promise_minutes,
        "line": everybody,
        "step_free": step_free,
        "chart": _chart("coverage-all", "走得到活动的住户", drawn),
        "sections": sections,
        "undated": [
            (year, [activity.summary for activity in found])
            for year, found in undated.items()
            if counted.first.year <= year <= counted.last.year
        ],
        "is_sample": circle.sample,
    }


def _of(counted: Coverage, group: str) -> list[Line]:
    return [found for found in counted.lines if found.group == group]


def _section(
    circle: Circle, counted: Coverage, group: str, title: str, first_column: str
) -> dict[str, object]:
    lines = [(line_name(circle, found), found) for found in _of(counted, group)]
    drawn = [(name, found.everybody) for name, found in lines]
    return {
        "title": title,
        "first_column": first_column,
        "lines": lines,
        "chart": _chart(f"coverage-{group}", f"{title}走得到活动的住户", drawn),
    }


def _chart(chart_id: str, title: str, rows: Sequence[tuple[str, Share]]) -> Markup:
    return shares(
        chart_id,
        title,
        SERIES,
        [
            Parts(name, (share.sure, share.unwalked, share.beyond), _percents(share))
            for name, share in rows
        ],
    )


def _percents(share: Share) -> str:
    """87.5%, or 87.5%至94.8%"""
    if not share.households:
        return "没有住户"
    sure = percent(share.sure, share.households)
    if not share.unwalked:
        return sure
    return f"{sure}至{percent(share.possible, share.households)}"


def _estates(circle: Circle, counted: Coverage) -> dict[str, object]:
    with_gates = {entrance.estate_id for entrance in circle.entrances}
    return {
        "without": counted.estates(circle, BEYOND),
        "waiting": counted.estates(circle, UNWALKED),
        "communities": circle.communities,
        "with_gates": with_gates,
        "has_estates": bool(circle.estates),
    }


def _rooms(circle: Circle, counted: Coverage) -> dict[str, object]:
    return {
        "rooms": counted.next_venues[:ROOMS_SHOWN],
        "rest": len(counted.next_venues[ROOMS_SHOWN:]),
        "communities": circle.communities,
        "all_reached": not counted.estates(circle, BEYOND)
        and not counted.estates(circle, UNWALKED),
        "has_venues": bool(circle.venues),
        "has_estates": bool(circle.estates),
    }


def _months(ledger: Sequence[Row]) -> dict[str, object]:
    """The three headline shares month by month, the last month first."""
    everybody = {row.month: row for row in ledger if row.group == "all"}
    step_free = {row.month: row for row in ledger if row.group == "step_free"}
    rows = [
        (
            _month(month),
            everybody[month].counted_on,
            everybody[month].everybody,
            everybody[month].elders,
            step_free[month].everybody if month in step_free else None,
        )
        for month in sorted(everybody, reverse=True)
        if everybody[month].everybody.households
    ]
    drawn = rows[:MONTHS_DRAWN][::-1]
    charts = [
        _chart("coverage-months-all", "每月走得到活动的所有住户", [(r[0], r[2]) for r in drawn]),
        _chart(
            "coverage-months-elders",
            "每月走得到活动的、有60岁以上老人的住户",
            [(r[0], r[3]) for r in drawn],
        ),
        _chart(
            "coverage-months-step-free",
            "每月全程没有台阶、走得到活动的住户",
            [(r[0], r[4]) for r in drawn if r[4]],
        ),
    ]
    titles = ("所有住户", "有60岁以上老人的住户", "全程没有台阶")
    return {"rows": rows, "charts": list(zip(titles, charts, strict=True))}


def _month(month: str) -> str:
    """2026-11 as 2026年11月"""
    first: date = datetime.strptime(month, "%Y-%m").date()  # noqa: DTZ007 (a month)
    return words.month(first)
