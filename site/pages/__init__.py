"""The makers of the site's pages: from the community's data to HTML.

Nothing in this package may import MkDocs, Flask or the database: any generator can publish it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from forms_app.community import Circle, Door, Streets
from forms_app.community.in_use import in_use
from forms_app.radius.coverage import count
from forms_app.radius.ledger import read as read_ledger
from forms_app.radius.occurrences import programme, window
from forms_app.radius.reach import Radius
from forms_app.radius.walk_list import choose
from forms_app.rules.merkle import Root
from pages import (
    calendar,
    cards,
    coverage,
    criteria,
    done,
    duties,
    duty_list,
    english,
    english_record,
    feeds,
    figures,
    figures_package,
    flowchart,
    funds,
    home,
    lately,
    log_roots,
    manifest,
    materials,
    minutes,
    near,
    organization,
    own_pages,
    posters,
    procedure_tables,
    programmes,
    rating_cards,
    ratings,
    services,
    subscribing,
    venues,
    walk_list,
)
from pages.codes import Codes
from pages.rendering import resolve
from pages.sources import Sources
from pages.texts import Texts


class Site(Struct, frozen=True):
    """Everything made: `parts` by marker name, `pages` and `files` by path below the root.

    Links in parts still hold `rendering.ROOT`; `resolve` them for the page that carries them.
    """

    parts: Mapping[str, str]
    pages: Mapping[str, str]
    files: Mapping[str, bytes]


def _undrawn(_estate_id: str) -> Streets | None:
    return None


def make(
    circle: Circle,
    tallies: figures.Tallies | None,
    today: date,
    public_url: str = "",
    streets: Callable[[str], Streets | None] = _undrawn,
    ledger: bytes | None = None,
    roots: Sequence[Root] = (),
    notes: Sequence[done.Note] = (),
    photos: Mapping[str, bytes] | None = None,
    doors: Callable[[Door], bytes] | None = None,
    money: funds.Money = funds.Money(),  # noqa: B008 (frozen)
) -> Site:
    """The whole site of one day.

    `tallies`, `ledger`, `roots`, `notes` and their `photos`, `money` are what the forms app
    published, None before it did.
    `public_url` is where people reach the site; calendars, invitations and what is printed carry
    it, other pages have relative links only. `streets`
    gives the lines around an estate, None where no map was fit to draw them; `doors` the picture
    of a venue's door. Raises LedgerRefused, and whatever `streets` and `doors` raise.
    """
    whole = circle.spelled_out()  # what is on record names what ended, too
    circle = in_use(whole)
    first, last = window(today)
    coming = programme(
        circle.activities.values(), circle.clocks.calendar, circle.school_terms, first, last
    )
    events = feeds.serialized(circle, coming.occurrences, public_url)
    next_30_days = coming.between(today, today + timedelta(days=30))
    radius = Radius(circle)
    counted = count(radius, coming.occurrences, today)
    walks = choose(radius, coming.occurrences, today)
    months = read_ledger(ledger) if ledger is not None else ()
    codes = Codes(public_url)
    held = lately.held(circle, today)
    parts = {
        **flowchart.parts(),
        **procedure_tables.parts(circle),
        **criteria.parts(),
        **duties.parts(circle),
        **organization.parts(circle),
        **services.parts(circle, today),
        **venues.parts(circle),
        **calendar.parts(circle, coming, today),
        **home.parts(circle, coming, today, tallies),
        **near.parts(circle),
        **english.parts(circle),
        **figures.parts(whole, tallies),
        **log_roots.parts(roots),
        **done.parts(whole, notes),
        **funds.parts(whole, money),
        **coverage.parts(circle, counted, months, coming.undated),
        **ratings.parts(circle, held, today),
        **materials.parts(circle, codes, today),
    }
    made: tuple[Iterable[tuple[str, str]], ...] = (
        duties.pages(circle).items(),
        services.pages(circle, today).items(),
        venues.pages(circle, next_30_days, today).items(),
        calendar.pages(circle, coming, today, public_url),
        subscribing.pages(circle, public_url).items(),
        near.pages(radius, coming, held, today, streets).items(),
        english.pages(circle, coming, today).items(),
        english_record.pages(whole, notes, money).items(),
        walk_list.pages(circle, walks, today).items(),
        posters.pages(circle, codes, today).items(),
        cards.pages(circle, codes, today).items(),
        rating_cards.pages(circle, codes, today).items(),
        programmes.pages(circle, coming, codes, today).items(),
        duty_list.pages(circle, today).items(),
        done.pages(whole, notes).items(),
        funds.pages(whole, money).items(),
        own_pages.pages(circle).items(),
    )
    return Site(
        parts=parts,
        pages=Texts((path, resolve(text, path)) for texts in made for path, text in texts),
        files={
            **feeds.files(circle, coming, today, events),
            **minutes.files(radius),
            **near.files(radius, feeds.soon(coming, today), events),
            **coverage.files(ledger),
            **figures_package.files(whole, tallies),
            **walk_list.files(walks),
            **manifest.files(circle),
            **done.files(notes, photos or {}),
            **funds.files(whole, money),
            **venues.files(circle, doors),
        },
    )


def make_from(sources: Sources) -> Site:
    """The whole site from what was read for it. Raises LedgerRefused and DataRefused."""
    return make(
        sources.circle,
        sources.tallies,
        sources.today,
        sources.public_url,
        sources.streets,
        sources.ledger,
        sources.roots,
        sources.notes,
        sources.photos,
        sources.doors,
        sources.money,
    )
