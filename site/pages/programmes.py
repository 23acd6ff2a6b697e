"""A community's programme of a week (一周活动) as one sheet, A4 for the door or A3 for the wall.

However full the week is, it stays one sheet: first the type shrinks, then details go, and at last
the sheet says how many more there are. It knows nothing of the calendar's own pages.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from forms_app.community import Circle, Community
from forms_app.radius.occurrences import Occurrence, Programme, monday
from pages import words
from pages.codes import Codes
from pages.paper import paper_page
from pages.rendering import render
from pages.weeks import by_day

WEEKS = 2  # this one and the next


class Layout(Struct, frozen=True):
    """How tall things are, in mm; the same numbers as in paper.css, by `name`."""

    name: str
    occurrence: float
    rest: float  # the line that says how many more there are
    shortest: float  # what a day takes at least
    between: float  # days


class Paper(Struct, frozen=True):
    """A size of paper with its layouts, from the largest type down."""

    name: str
    days_stand_in_columns: bool
    room: float  # mm for the days
    layouts: tuple[Layout, ...]


PAPERS = (
    Paper("a4", False, 222, (
        Layout("huge", 17, 8.5, 17, 4),
        Layout("large", 13, 6.5, 13, 3),
        Layout("plain", 6.5, 6.5, 13, 3),
        Layout("small", 5, 5, 10, 2),
    )),
    Paper("a3", True, 197, (
        Layout("huge", 48, 10, 0, 0),
        Layout("large", 32, 8, 0, 0),
        Layout("plain", 24, 7, 0, 0),
        Layout("small", 12, 6, 0, 0),
    )),
)  # fmt: skip


class Day(Struct, frozen=True):
    """A day of the sheet: what it shows, and how many more the calendar has."""

    date: date
    shown: tuple[Occurrence, ...]
    more: int


class Sheet(Struct, frozen=True):
    monday: date
    layout: str
    days: tuple[Day, ...]
    undated: int  # activities whose days of this week are not known yet

    @property
    def more(self) -> int:
        return sum(day.more for day in self.days)

    @property
    def is_empty(self) -> bool:
        return not any(day.shown or day.more for day in self.days)


def arrange(counts: Sequence[int], paper: Paper) -> tuple[Layout, int]:
    """The layout for days with so many occurrences, and how many of them a day may show at most."""

    def tall(layout: Layout, most: int) -> float:
        days = [
            layout.between
            + max(
                layout.shortest,
                min(count, most) * layout.occurrence + (layout.rest if count > most else 0),
            )
            for count in counts
        ]
        return max(days) if paper.days_stand_in_columns else sum(days)

    busiest = max(counts)
    for layout in paper.layouts:
        if tall(layout, busiest) <= paper.room:
            return layout, busiest
    fits = [most for most in range(busiest) if tall(layout, most) <= paper.room]
    return layout, fits[-1]


def sheet(coming: Programme, first: date, occurrences: Sequence[Occurrence], paper: Paper) -> Sheet:
    """The week from the Monday `first` on this paper; `occurrences` are the community's own."""
    last = first + timedelta(days=6)
    found = dict(by_day(o for o in occurrences if first <= o.day <= last))
    dates = [first + timedelta(days=number) for number in range(7)]
    layout, most = arrange([len(found.get(day, [])) for day in dates], paper)
    days = []
    for day in dates:
        of_day = found.get(day, [])
        days.append(Day(day, tuple(of_day[:most]), len(of_day[most:])))
    undated = {a.uid for _, activities in coming.undated_between(first, last) for a in activities}
    return Sheet(first, layout.name, tuple(days), len(undated))


def pages(circle: Circle, coming: Programme, codes: Codes, today: date) -> dict[str, str]:
    """For each community a page for each size of paper, with a sheet a week, by path."""
    made = {}
    for community in circle.communities.values():
        own = _own(circle, coming, community)
        for paper in PAPERS:
            sheets = [
                sheet(coming, monday(today) + timedelta(weeks=week), own, paper)
                for week in range(WEEKS)
            ]
            values = {
                "community": community,
                "paper": paper,
                "sheets": [(sheet, words.week(sheet.monday)) for sheet in sheets],
                "venues": circle.venues,
                "code": codes.to("calendar/", "扫码看日历"),
                "today": today,
                "is_sample": circle.sample,
            }
            made[f"print/week/{community.id}-{paper.name}.md"] = paper_page(
                f"{community.name}一周活动（{paper.name.upper()}）",
                render("programme.html", values),
            )
    return made


def _own(circle: Circle, coming: Programme, community: Community) -> list[Occurrence]:
    return [
        o
        for o in coming.occurrences
        if circle.venues[o.activity.location_id].community_id == community.id
    ]
