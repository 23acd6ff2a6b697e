"""The makers of the site's pages: from the community's data to HTML.

Nothing in this package may import MkDocs, Flask or the database: any generator can publish it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from forms_app.occurrences import programme
from forms_app.records import Circle
from pages import (
    calendar,
    criteria,
    duties,
    feeds,
    figures,
    flowchart,
    home,
    organization,
    procedure_tables,
    ratings,
    services,
    venues,
)
from pages.rendering import resolve


@dataclass(frozen=True)
class Site:
    """Everything made: `parts` by marker name, `pages` and `files` by path below the root.

    Links in parts still hold `rendering.ROOT`; `resolve` them for the page that carries them.
    """

    parts: Mapping[str, str]
    pages: Mapping[str, str]
    files: Mapping[str, bytes]


def make(
    circle: Circle,
    tallies: figures.Tallies | None,
    today: date,
    public_url: str = "",
) -> Site:
    """The whole site of one day.

    `tallies` is what the forms app published, None before it did. `public_url` is where people
    reach the site; calendars carry it, pages have relative links only.
    """
    first, last = calendar.window(today)
    coming = programme(
        circle.activities.values(), circle.clocks.calendar, circle.school_terms, first, last
    )
    next_30_days = coming.between(today, today + timedelta(days=30))
    parts = {
        **flowchart.parts(),
        **procedure_tables.parts(circle),
        **criteria.parts(),
        **duties.parts(circle),
        **organization.parts(circle),
        **services.parts(circle),
        **venues.parts(circle),
        **calendar.parts(circle, coming, today),
        **home.parts(circle, coming, today),
        **figures.parts(circle, tallies),
        **ratings.parts(circle),
    }
    pages = {
        **duties.pages(circle),
        **services.pages(circle),
        **venues.pages(circle, next_30_days),
        **calendar.pages(circle, coming, today),
    }
    return Site(
        parts=parts,
        pages={path: resolve(text, path) for path, text in pages.items()},
        files=feeds.files(circle, coming, public_url),
    )
