"""What the office should look at in its activities, though nothing in them is wrong.

Pure: today comes in as an argument. What is wrong is refused in `community`.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from forms_app.community import Activity, Circle, DataHint
from forms_app.radius.occurrences import goes_on, programme, window

MANY = 500
SOON = timedelta(days=30)


def calendar_hints(circle: Circle, today: date) -> tuple[DataHint, ...]:
    """Series without an end, with too many occurrences in what is published, or over; in order."""
    activities = circle.activities.values()
    published = programme(activities, circle.clocks.calendar, circle.school_terms, *window(today))
    counts = Counter(occurrence.activity.uid for occurrence in published.occurrences)
    return tuple(
        hint
        for activity in activities
        if activity.is_series
        for hint in _of_series(circle, activity, counts[activity.uid], today)
    )


def _of_series(circle: Circle, activity: Activity, count: int, today: date) -> Iterator[DataHint]:
    def hint(column: str, problem: str, remedy: str) -> DataHint:
        return DataHint("activities.yml", activity.place, column, problem, remedy)

    column = "rrule" if activity.rrule else "rule" if activity.rule else "rdate"
    if activity.rrule and "UNTIL=" not in activity.rrule and "COUNT=" not in activity.rrule:
        yield hint(
            "rrule",
            "没有写办到哪一天为止，会一直排下去",
            f"末尾加;UNTIL={_next_june(today):%Y%m%d}（换成最后一天的日期）",
        )
    elif not goes_on(activity, circle.school_terms, today):
        remedy = "还办就改日期，不办就删掉这一项"
        if activity.rule == "school_days":
            remedy = "还办就在school_terms.yml里写上新学期，不办就删掉这一项"
        yield hint(column, "最后一场已经过去，日历上不会再有", remedy)
    elif activity.rule == "school_days" and not goes_on(
        activity, circle.school_terms, today + SOON
    ):
        yield hint(
            column, "下一个学期还没有录入，这个学期完了就没有了", "校历公布后写进school_terms.yml"
        )
    if count > MANY:
        yield hint(
            column, f"公布的几个月里有{count}场，超过{MANY}场", "核对日期，不是每场都要写进日历"
        )


def _next_june(today: date) -> date:
    """The end of the coming half-year of school, as an example of an end."""
    return date(today.year + (today.month > 5), 6, 30)
