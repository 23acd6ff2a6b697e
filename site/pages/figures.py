"""The published figures: what `tallies.json` counts, as tables and charts.

It counts nothing itself. A number that is None must not be known, and is shown as 不公布.
"""

from datetime import date, datetime
from typing import TypedDict

from markupsafe import Markup

from forms_app.community import Circle
from forms_app.formats.charts import Row, bars
from forms_app.rules.steps import SATISFACTION, SEVERITY_CLASSES
from forms_app.rules.worktime import CHINA
from pages import words
from pages.rendering import link, render


class Totals(TypedDict):
    received: int | None
    open: int | None
    closed: int | None
    opinions_given: int | None
    opinions_on_time: int | None
    verdicts: int | None  # the residents' own
    satisfied: int | None
    entered_verdicts: int | None  # by staff, counted apart
    entered_satisfied: int | None


class MonthTally(TypedDict):
    month: str
    received: int | None
    closed: int | None


class CommunityTally(TypedDict):
    id: str
    received: int | None
    open: int | None
    closed: int | None
    opinions_given: int | None
    opinions_on_time: int | None
    overdue: int | None


class CategoryTally(TypedDict):
    code: str
    received: int | None
    closed: int | None


class ClassTally(TypedDict):
    severity_class: str
    received: int | None


class SatisfactionTally(TypedDict):
    level: int
    count: int | None  # the residents' own
    entered: int | None


class RatingTally(TypedDict):
    about: str
    count: int | None
    satisfied: int | None


class Tallies(TypedDict):
    """What the forms app publishes: numbers only; None where one might tell of a single person."""

    made_at: str
    smallest_shown: int
    totals: Totals
    by_month: list[MonthTally]
    by_community: list[CommunityTally]
    by_category: list[CategoryTally]
    by_class: list[ClassTally]
    by_satisfaction: list[SatisfactionTally]
    ratings: list[RatingTally]


def parts(circle: Circle, tallies: Tallies | None) -> dict[str, str]:
    """The page of figures, or a sentence that there are none yet."""
    if tallies is None:
        return {"figures": render("figures_empty.html", {})}
    values = {
        "made_at": datetime.fromisoformat(tallies["made_at"]).astimezone(CHINA),
        "tallies": tallies,
        "totals": tallies["totals"],
        "communities": _communities(circle, tallies),
        "categories": _categories(circle, tallies),
        "classes": _classes(tallies),
        "levels": _levels(tallies),
        "months": [(_month(row["month"]), row) for row in tallies["by_month"]],
        "ratings": [(_rated(circle, row["about"]), row) for row in tallies["ratings"]],
        "charts": _charts(circle, tallies),
    }
    return {"figures": render("figures.html", values)}


def last_whole_month(tallies: Tallies | None, today: date) -> dict[str, object]:
    """For the home page: `month` and `month_name`, None where no month is over yet, and the shares
    `on_time` and `satisfied` since the beginning, each (n, of), None where it is not to be known.
    """
    rows = tallies["by_month"] if tallies else []
    over = [row for row in rows if row["month"] < f"{today:%Y-%m}"]
    totals = tallies["totals"] if tallies else None
    return {
        "month": over[-1] if over else None,
        "month_name": _month(over[-1]["month"]) if over else "",
        "on_time": _shown(
            totals and totals["opinions_on_time"], totals and totals["opinions_given"]
        ),
        "satisfied": _shown(totals and totals["satisfied"], totals and totals["verdicts"]),
    }


def _shown(part: int | None, whole: int | None) -> tuple[int, int] | None:
    return (part, whole) if part is not None and whole else None


def _charts(circle: Circle, tallies: Tallies) -> dict[str, Markup | None]:
    months = [
        Row(_month(row["month"]), (row["received"], row["closed"])) for row in tallies["by_month"]
    ]
    categories = [
        Row(name, (row["received"], row["closed"])) for name, row in _categories(circle, tallies)
    ]
    levels = [Row(name, (row["count"], row["entered"])) for name, row in _levels(tallies)]
    both = ("收到", "办完")
    return {
        "months": _chart("chart-months", "每月收到和办完的问题", both, months),
        "categories": _chart("chart-categories", "各种问题收到和办完的件数", both, categories),
        "levels": _chart("chart-levels", "反映人的评价", ("本人评的", "代录的"), levels),
    }


def _chart(chart_id: str, title: str, series: tuple[str, ...], rows: list[Row]) -> Markup | None:
    """Only the rows with something to draw; the table has them all."""
    drawn = [row for row in rows if any(row.values)]
    return bars(chart_id, title, series, drawn) if drawn else None


def _month(month: str) -> str:
    return words.month(datetime.strptime(month, "%Y-%m").date())  # noqa: DTZ007 (a month)


def _communities(circle: Circle, tallies: Tallies) -> list[tuple[str, CommunityTally]]:
    known = circle.communities
    order = list(known)
    rows = sorted(
        tallies["by_community"],
        key=lambda row: order.index(row["id"]) if row["id"] in known else len(order),
    )
    return [(known[r["id"]].name if r["id"] in known else r["id"], r) for r in rows]


def _categories(circle: Circle, tallies: Tallies) -> list[tuple[str, CategoryTally]]:
    rows = tallies["by_category"]
    known = circle.categories
    return [
        (known[r["code"]].name if r["code"] in known else r["code"] or "没有选种类", r)
        for r in rows
    ]


def _classes(tallies: Tallies) -> list[tuple[str, ClassTally]]:
    return [
        (f"{row['severity_class']}类：{SEVERITY_CLASSES.get(row['severity_class'], '')}", row)
        for row in tallies["by_class"]
    ]


def _levels(tallies: Tallies) -> list[tuple[str, SatisfactionTally]]:
    return [(SATISFACTION[row["level"]], row) for row in tallies["by_satisfaction"]]


def _rated(circle: Circle, about: str) -> tuple[str, Markup | None]:
    """The name of what was rated and its page; an activity has none that stays."""
    kind, _, identifier = about.partition(":")
    if kind == "service" and identifier in circle.services:
        return circle.services[identifier].name, link(f"services/{identifier}/")
    if kind == "venue" and identifier in circle.venues:
        return circle.venues[identifier].name, link(f"venues/{identifier}/")
    if kind == "activity" and identifier in circle.activities:
        return circle.activities[identifier].summary, None
    return about, None
