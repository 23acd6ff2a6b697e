"""The record of the months that are over, as the page of figures shows it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import ceil, floor
from typing import TypedDict

from markupsafe import Markup

from forms_app.community import Circle
from forms_app.formats.charts import WIDTH, Row, bars
from forms_app.formats.lines import Point, line
from forms_app.rules.figures import AGES, BY_CODE, HOURS, TIMES, interval, percent, points
from forms_app.rules.steps import SATISFACTION
from forms_app.rules.weekly import DAYS
from pages.words import month_name

# In the elder version a picture is as wide as the telephone and its words larger.
ELDER_WIDTH = 226
MONTHS = 12  # of which pictures are drawn and tables shown; the package has all
URGENCIES = {"1": "最急的", "2": "急的", "3": "不急的", "0": "还没分急不急的"}
_OTHERS = "现在没有的"


class MonthRecord(TypedDict):
    month: str
    received: int | None
    answered: int | None
    answered_within_ten: int | None
    answered_on_time: int | None
    off_duty: int | None
    median: int | None  # minutes
    ninth: int | None
    finished: int | None
    finished_on_time: int | None
    desk: int | None
    extended: int | None
    escalated: int | None
    called: int | None
    units_in_time: int | None


class QuarterRecord(TypedDict, total=False):
    """The counts of a month, of a community, kind or urgency; of urgencies two of them."""

    quarter: str
    by: str
    key: str
    received: int | None
    answered: int | None
    answered_within_ten: int | None
    answered_on_time: int | None
    off_duty: int | None
    finished: int | None
    finished_on_time: int | None
    desk: int | None
    extended: int | None
    escalated: int | None
    called: int | None
    units_in_time: int | None


class TimeRecord(TypedDict):
    quarter: str
    by: str
    key: str  # place in TIMES
    answered: int | None


class ArrivalRecord(TypedDict):
    quarter: str
    by: str  # hour, weekday
    key: str  # place in HOURS, or 1 to 7
    received: int | None


class AskedRecord(TypedDict):
    quarter: str
    asked: int | None
    own: int | None
    entered: int | None
    unanswered: int | None


class UnansweredRecord(TypedDict):
    month: str
    what: str  # evaluating, shelved
    age: int  # place in AGES
    number: int | None


class AtWorkRecord(TypedDict):
    month: str  # that was told first when they were counted
    counted_on: str
    waiting: int | None
    overdue: int | None
    set_aside: int | None


class RecordTally(TypedDict):
    months: list[MonthRecord]
    quarters: list[QuarterRecord]
    times: list[TimeRecord]
    arrivals: list[ArrivalRecord]
    asked: list[AskedRecord]
    unanswered: list[UnansweredRecord]
    at_work: list[AtWorkRecord]
    corrections: list[dict[str, str | int]]  # month, code, was, is, told_on


class Levels(TypedDict):
    levels: dict[str, int | None]


class PartTally(Levels):
    count: int
    satisfied: int


class PlaceTally(TypedDict):
    by: str
    key: str
    count: int | None
    satisfied: int | None


class OwnStep(TypedDict):
    """Of the verdicts of a step what is told beyond it; None where it would tell of somebody."""

    since: str
    until: str
    first: PartTally | None
    last: PartTally | None
    recurred: int | None
    places: list[PlaceTally]


EMPTY: RecordTally = {
    "months": [], "quarters": [], "times": [], "arrivals": [], "asked": [], "unanswered": [],
    "at_work": [], "corrections": [],
}  # fmt: skip


def quarter_name(quarter: str) -> str:
    """ "2026-Q4" as people say it."""
    return f"{quarter[:4]}年第{'一二三四'[int(quarter[-1]) - 1]}季度"


def span_name(since: str, until: str) -> str:
    """The months from one to the other."""
    return month_name(since) if since == until else f"{month_name(since)}到{month_name(until)}"


def place_name(circle: Circle, by: str, key: str) -> str:
    """What a row of a quarter or a step is of."""
    if by == "urgency":
        return URGENCIES[key]
    known = circle.communities if by == "community" else circle.categories
    if key in known:
        return known[key].name
    return "没有选种类" if by == "kind" and not key else _OTHERS


def hour_name(place: int) -> str:
    start, end = HOURS[place]
    return f"{start}点到{end}点"


def pair(picture_id: str, title: str, rows: Sequence[Row]) -> Markup | None:
    """The bars twice: as wide as a page, and for elders; None of nothing. Only rows with something
    to draw; the table has them all.
    """
    drawn = [row for row in rows if any(row.values)]
    return twice(lambda name, width: bars(name, title, ("",), drawn, width), picture_id, drawn)


def twice(
    draw: Callable[[str, int], Markup], picture_id: str, drawn: Sequence[object]
) -> Markup | None:
    """A picture for everybody else, and one for elders."""
    if not drawn:
        return None
    return Markup(
        '<div class="not-elder">\n{}\n</div>\n<div class="only-elder">\n{}\n</div>'
    ).format(draw(picture_id, WIDTH), draw(f"{picture_id}-elder", ELDER_WIDTH))


def of_year(months: Iterable[MonthRecord], year: str, part: str) -> tuple[int, int] | None:
    """The sums of a year's months, of a part and of what was answered, where both are told; None
    where none are.
    """
    counted = [
        (int(row[part]), int(row["answered"]))  # type: ignore[literal-required]
        for row in months
        if row["month"].startswith(year) and row[part] is not None and row["answered"]  # type: ignore[literal-required]
    ]
    if not counted:
        return None
    return sum(part for part, _ in counted), sum(answered for _, answered in counted)


def values(circle: Circle, record: RecordTally, own_steps: Sequence[OwnStep]) -> dict[str, object]:
    """What the template takes."""
    at_work = record["at_work"][-1] if record["at_work"] else None
    months = record["months"][-MONTHS:]
    quarter = record["asked"][-1]["quarter"] if record["asked"] else ""
    of_quarter = [row for row in record["quarters"] if row["quarter"] == quarter]
    times = [
        (TIMES[int(row["key"])][1], row["answered"])
        for row in record["times"]
        if row["quarter"] == quarter
    ]
    arrivals = {
        by: [
            (name(int(row["key"])), row["received"])
            for row in record["arrivals"]
            if row["quarter"] == quarter and row["by"] == by
        ]
        for by, name in (("hour", hour_name), ("weekday", lambda day: f"星期{DAYS[day - 1]}"))
    }
    told = own_steps[-1] if own_steps else None
    last = record["unanswered"][-1]["month"] if record["unanswered"] else ""
    return {
        "record": record,
        "months_over": [(month_name(row["month"]), row) for row in months],
        "is_cut": len(record["months"]) > len(months),
        "quarter": quarter_name(quarter) if quarter else "",
        "quarter_rows": {
            by: [(place_name(circle, by, row["key"]), row) for row in of_quarter if row["by"] == by]
            for by in ("community", "kind", "urgency")
        },
        "times": times,
        "arrivals": arrivals,
        "asked": [(quarter_name(row["quarter"]), row) for row in record["asked"][-4:]],
        "waited": {
            what: [
                (AGES[row["age"]], row["number"])
                for row in record["unanswered"]
                if row["month"] == last and row["what"] == what
            ]
            for what in ("evaluating", "shelved")
        },
        "waited_month": month_name(last) if last else "",
        "own_step": told,
        "first": _part(told["first"]) if told else None,
        "last": _part(told["last"]) if told else None,
        "satisfied_words": "、".join(
            name for level, name in SATISFACTION.items() if level in circle.satisfied_levels
        ),
        "own_span": span_name(told["since"], told["until"]) if told else "",
        "places": [
            (place_name(circle, row["by"], row["key"]), row)
            for row in (told or {"places": []})["places"]
        ],
        "at_work": at_work,
        "at_work_day": date.fromisoformat(at_work["counted_on"]) if at_work else None,
        "corrections": [
            (month_name(str(row["month"])), BY_CODE[str(row["code"])].name, row)
            for row in reversed(record["corrections"])
        ],
        "pictures": {
            "kinds": _kinds(
                [
                    (place_name(circle, row["by"], row["key"]), row)
                    for row in of_quarter
                    if row["by"] == "kind"
                ]
            ),
            "within_ten": _line(months),
            "times": pair("chart-times", "答复用了多久", [Row(n, (v,)) for n, v in times]),
            "hours": pair("chart-hours", "几点来的", [Row(n, (v,)) for n, v in arrivals["hour"]]),
            "weekdays": pair(
                "chart-weekdays", "星期几来的", [Row(n, (v,)) for n, v in arrivals["weekday"]]
            ),
        },
    }


def _kinds(rows: Sequence[tuple[str, QuarterRecord]]) -> Markup | None:
    drawn = [Row(name, (row["received"], row["finished"])) for name, row in rows]
    drawn = [row for row in drawn if any(row.values)]
    title, series = "各种问题收到和办出结果的件数", ("收到", "办出结果")
    return twice(
        lambda name, width: bars(name, title, series, drawn, width), "chart-categories", drawn
    )


def _part(part: PartTally | None) -> dict[str, object]:
    """A part of a batch with its interval and its mean in points; None where it is withheld."""
    return {
        "part": part,
        "between": between(part["satisfied"], part["count"]) if part else None,
        "points": mean_of(part) if part else None,
    }


def mean_of(part: Levels) -> float | None:
    """The mean of the levels in points; None where one of them is not to be known."""
    told = {int(level): count for level, count in part["levels"].items() if count is not None}
    return points(told) if len(told) == len(part["levels"]) else None


def _line(months: Sequence[MonthRecord]) -> Markup | None:
    drawn = []
    for row in months:
        part, whole = row["answered_within_ten"], row["answered"]
        label, below = month_name(row["month"]), f"{int(row['month'][5:])}月"
        if row is months[0] or below == "1月":
            below = f"{row['month'][2:4]}年{below}"
        if part is None or not whole:
            drawn.append(Point(label, below, None))
        else:
            low, high = interval(part, whole)
            drawn.append(Point(label, below, percent(part, whole), low, high))
    known = [point for point in drawn if point.share is not None]
    title = "每月10分钟内答复的比例"
    return twice(lambda name, width: line(name, title, drawn, width), "chart-ten", known)


def between(part: int, whole: int) -> tuple[int, int]:
    """Between how many and how many per cent a share lies."""
    low, high = interval(part, whole)
    return floor(low), ceil(high)
