"""The published figures: what `tallies.json` counts, as tables and charts.

It counts nothing itself. A number that is None must not be known, and is shown as 不公布.
"""

from datetime import date, datetime
from typing import Literal, NotRequired, TypedDict

from markupsafe import Markup

from forms_app.community import Circle
from forms_app.formats.charts import Row, bars
from forms_app.rules.bad_ratings import SPANS
from forms_app.rules.figures import FIGURES, POINT_WORDS
from forms_app.rules.steps import SATISFACTION
from forms_app.rules.worktime import CHINA
from pages.figures_record import (
    EMPTY,
    MONTHS,
    OwnStep,
    RecordTally,
    between,
    mean_of,
    of_year,
    twice,
    values,
)
from pages.rendering import link, render
from pages.words import month_name

KINDS: tuple[Literal["own"], Literal["entered"]] = ("own", "entered")


class Totals(TypedDict):
    """What the months that are shown make."""

    received: int
    finished: int


class StepTally(TypedDict):
    since: str
    until: str
    count: int
    satisfied: int
    levels: dict[str, int | None]


class OpinionsTally(TypedDict):
    """Of whole months: all up to `until`, in steps that each tell of nobody."""

    until: str
    count: int | None
    satisfied: int | None
    steps: list[StepTally]


class Verdicts(TypedDict):
    own: OpinionsTally
    entered: OpinionsTally  # by staff, counted apart


class MonthTally(TypedDict):
    month: str
    received: int | None
    finished: int | None  # of the present month nothing is told but what came in


class RatingTally(OpinionsTally):
    about: str


class BadRatings(TypedDict):
    """What came of bad ratings that said why: no count, of which others could be worked out."""

    until: str  # a month
    tenths: int
    half_within: str  # of bad_ratings.SPANS; "": of none


class Tallies(TypedDict):
    """What the forms app publishes: numbers only; None where one might tell of a single person."""

    made_at: str
    smallest_shown: int
    totals: Totals
    verdicts: Verdicts
    by_month: list[MonthTally]
    ratings: list[RatingTally]
    entered_ratings: NotRequired[list[RatingTally]]  # by staff, counted apart; older files lack it
    bad_ratings: NotRequired[list[BadRatings]]  # one, or none
    record: NotRequired[RecordTally]
    own_steps: NotRequired[list[OwnStep]]


def parts(circle: Circle, tallies: Tallies | None) -> dict[str, str]:
    """The page of figures, or a sentence that there are none yet."""
    definitions = {"figure-definitions": render("figure_definitions.html", {"figures": FIGURES})}
    if tallies is None:
        return {"figures": render("figures_empty.html", {}), **definitions}
    shown = {
        "made_at": datetime.fromisoformat(tallies["made_at"]).astimezone(CHINA),
        "tallies": tallies,
        "totals": tallies["totals"],
        "is_least": {
            "received": any(row["received"] is None for row in tallies["by_month"]),
            "finished": any(row["finished"] is None for row in over_in(tallies)),
        },
        "on_time": of_year(tallies.get("record", EMPTY)["months"], "", "answered_on_time"),
        "sentences": _sentences(tallies),
        "opinions": [
            (name, _until(part), _interval(part), part)
            for name, part in (
                ("居民自己评为满意", tallies["verdicts"]["own"]),
                ("工作人员记下的满意，另外数", tallies["verdicts"]["entered"]),
            )
        ],
        "levels": _levels(tallies),
        "point_words": POINT_WORDS,
        "months": [(month_name(row["month"]), row) for row in tallies["by_month"][-MONTHS:]],
        "month_now": month_name(present_month(tallies)),
        "ratings": _ratings(circle, still_rated(circle, tallies["ratings"])),
        "entered_ratings": _ratings(
            circle, still_rated(circle, tallies.get("entered_ratings", []))
        ),
        "bad_ratings": _bad_ratings(tallies.get("bad_ratings", [])),
        "charts": _charts(tallies),
        **values(circle, tallies.get("record", EMPTY), tallies.get("own_steps", [])),
    }
    return {"figures": render("figures.html", shown), **definitions}


class Year(TypedDict):
    """What residents ask first, of one year."""

    year: str
    received: int | None  # at least so many, where `is_least`
    is_least: bool
    within_ten: tuple[int, int] | None  # of months that are over
    satisfied: tuple[int, int] | None  # of the batches that ended in it
    between: tuple[int, int] | None


def _sentences(tallies: Tallies) -> list[Year]:
    """Of this year and the one before it; of a year without a month all is None."""
    this_year = datetime.fromisoformat(tallies["made_at"]).astimezone(CHINA).year
    return [year_of(tallies, str(year)) for year in (this_year, this_year - 1)]


def year_of(tallies: Tallies, year: str) -> Year:
    """The three figures of one year, from what is published of its months."""
    received = [row["received"] for row in tallies["by_month"] if row["month"].startswith(year)]
    steps = [step for step in tallies["verdicts"]["own"]["steps"] if step["until"].startswith(year)]
    satisfied = (sum(step["satisfied"] for step in steps), sum(step["count"] for step in steps))
    months = tallies.get("record", EMPTY)["months"]
    return {
        "year": year,
        "received": sum(filter(None, received)) if any(received) else None,
        "is_least": None in received,
        "within_ten": of_year(months, year, "answered_within_ten"),
        "satisfied": satisfied if steps else None,
        "between": between(*satisfied) if steps else None,
    }


def _interval(part: OpinionsTally) -> tuple[int, int] | None:
    """Between how many and how many per cent the share lies; None where there is no share."""
    told = _shown(part["satisfied"], part["count"])
    if told is None:
        return None
    return between(*told)


def present_month(tallies: Tallies) -> str:
    """The month in which the figures were made."""
    return f"{datetime.fromisoformat(tallies['made_at']).astimezone(CHINA):%Y-%m}"


def over_in(tallies: Tallies) -> list[MonthTally]:
    """The months that were over when the figures were made."""
    present = present_month(tallies)
    return [row for row in tallies["by_month"] if row["month"] < present]


def last_whole_month(tallies: Tallies | None, today: date) -> dict[str, object]:
    """For the home page: `month` and `month_name`, None where no month is over yet, and the shares
    `on_time` since the beginning and `satisfied` until `satisfied_until`, each (n, of), None where
    it is not to be known.
    """
    over = [row for row in over_in(tallies) if row["month"] < f"{today:%Y-%m}"] if tallies else []
    months = tallies.get("record", EMPTY)["months"] if tallies else []
    own = tallies["verdicts"]["own"] if tallies else None
    return {
        "month": over[-1] if over else None,
        "month_name": month_name(over[-1]["month"]) if over else "",
        "on_time": of_year(months, "", "answered_on_time"),
        "satisfied": _shown(own and own["satisfied"], own and own["count"]),
        "satisfied_until": _until(own) if own else "",
    }


def _shown(part: int | None, whole: int | None) -> tuple[int, int] | None:
    return (part, whole) if part is not None and whole else None


def _charts(tallies: Tallies) -> dict[str, Markup | None]:
    months = [
        Row(month_name(row["month"]), (row["received"], row["finished"]))
        for row in over_in(tallies)
    ]
    levels = [Row(name, counts) for name, counts in _levels(tallies)["rows"]]
    return {
        "months": _chart("chart-months", "每月收到和办出结果的问题", ("收到", "办出结果"), months),
        "levels": _chart("chart-levels", "居民的评价", ("本人评的", "工作人员记的"), levels),
    }


def _chart(chart_id: str, title: str, series: tuple[str, ...], rows: list[Row]) -> Markup | None:
    """Only the rows with something to draw; the table has them all."""
    drawn = [row for row in rows if any(row.values)]
    return twice(lambda name, width: bars(name, title, series, drawn, width), chart_id, drawn)


def _until(part: OpinionsTally) -> str:
    """The month up to which opinions are told; empty where none are."""
    return month_name(part["until"]) if part["until"] else ""


class Levels(TypedDict):
    rows: list[tuple[str, tuple[int | None, int | None]]]  # own, entered
    own: str  # of which months
    entered: str
    points: float | None  # of the own ones


def _levels(tallies: Tallies) -> Levels:
    """The newest step of each kind: of all of them together a single one could be told."""
    own, entered = (_newest(tallies["verdicts"][kind]) for kind in KINDS)

    def count(kind: Literal["own", "entered"], level: int) -> int | None:
        part = tallies["verdicts"][kind]
        step = _newest(part)
        if step is None:  # none at all is no secret
            return 0 if part["count"] == 0 else None
        return step["levels"][str(level)]

    is_told = own is not None or entered is not None
    return {
        "rows": [
            (name, (count("own", level), count("entered", level)))
            for level, name in SATISFACTION.items()
            if is_told
        ],
        "own": _months_of(own),
        "entered": _months_of(entered),
        "points": mean_of(own) if own else None,
    }


def _newest(part: OpinionsTally) -> StepTally | None:
    return part["steps"][-1] if part["steps"] else None


def _months_of(step: StepTally | None) -> str:
    if step is None:
        return ""
    since, until = month_name(step["since"]), month_name(step["until"])
    return since if since == until else f"{since}到{until}"


def still_rated(circle: Circle, rows: list[RatingTally]) -> list[RatingTally]:
    """Those of what the circle still has: an identifier alone would tell nobody anything."""
    return [row for row in rows if circle.rated_name(row["about"]) is not None]


def _ratings(
    circle: Circle, rows: list[RatingTally]
) -> list[tuple[tuple[str, Markup | None], str, RatingTally]]:
    return [(_rated(circle, row["about"]), _until(row), row) for row in rows]


def _bad_ratings(rows: list[BadRatings]) -> dict[str, object] | None:
    """Until when, how many of ten, and within which time half of the answers were; None: nothing
    is told yet.
    """
    if not rows:
        return None
    told = rows[0]
    known = SPANS.get(told["half_within"])
    return {
        "until": month_name(told["until"]),
        "tenths": told["tenths"],
        "span": known[1] if known else "",
    }


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
