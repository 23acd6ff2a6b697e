"""A page for each occurrence: when, where, for whom, and how to get it into one's own calendar."""

from collections.abc import Iterator
from datetime import date

from forms_app.community import ACTIVITY_CATEGORIES, Circle
from forms_app.radius.occurrences import Occurrence, Programme, monday
from pages import times, words
from pages.feeds import reminding_address, series_address
from pages.rendering import NEAR_SCRIPTS, file_of, page, render
from pages.series import Series
from pages.weeks import week_address

LATER = 5


def pages(
    circle: Circle,
    coming: Programme,
    today: date,
    parents: list[tuple[str, str]],
    public_url: str = "",
) -> Iterator[tuple[str, str]]:
    """A page for each occurrence, with its path; an invitation to it ends with its public
    address."""
    later = _later_by_series(coming.occurrences)
    for occurrence in coming.occurrences:
        text = _page(circle, coming, occurrence, later[occurrence.key], today, parents, public_url)
        yield file_of(occurrence.address), text


def _later_by_series(occurrences: tuple[Occurrence, ...]) -> dict[str, tuple[Occurrence, ...]]:
    """For each occurrence the next few of the same activity."""
    series: dict[str, list[Occurrence]] = {}
    for occurrence in occurrences:
        series.setdefault(occurrence.activity.uid, []).append(occurrence)
    return {
        occurrence.key: tuple(same[place + 1 : place + 1 + LATER])
        for same in series.values()
        for place, occurrence in enumerate(same)
    }


def _page(
    circle: Circle,
    coming: Programme,
    occurrence: Occurrence,
    later: tuple[Occurrence, ...],
    today: date,
    parents: list[tuple[str, str]],
    public_url: str,
) -> str:
    activity = occurrence.activity
    venue = circle.venues[activity.location_id]
    values = {
        "occurrence": occurrence,
        "activity": activity,
        "venue": venue,
        "promise": circle.promise_minutes,
        "community": circle.communities[venue.community_id],
        "category": ACTIVITY_CATEGORIES[activity.category],
        "later": later,
        "address": f" {public_url}/{occurrence.address}" if public_url else "",
        "series": Series(activity, (occurrence, *later), today),
        "today": today,
        "series_feed": series_address(activity.uid) if activity.is_series else None,
        "series_remind": reminding_address(series_address(activity.uid)),
        "undated": [
            (year, [activity])
            for year, activities in coming.undated_between(occurrence.day, coming.end)
            if activity in activities
        ],
        "is_sample": circle.sample,
    }
    when = words.day(occurrence.day)
    state = f"（{times.change(occurrence)}）" if occurrence.is_cancelled else ""
    week = (week_address(occurrence.day), words.week(monday(occurrence.day)))
    return page(
        title=f"{activity.summary} {when}{state}",
        description=f"{words.day_with_year(occurrence.day)}"
        f"{times.lasts(occurrence)}，{venue.name}{state}",
        body=render("occurrence_page.html", values),
        parents=[*parents, week],
        styles=["around.css"],
        wide=True,
        scripts=["share.js", *NEAR_SCRIPTS, *(["subscribe.js"] if activity.is_series else [])],
    )
