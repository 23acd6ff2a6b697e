"""The places where services and activities are: an index by community and a page each."""

from collections.abc import Callable
from datetime import date

from forms_app.community import PACES, WALK_BASES, Circle, Door, Venue
from forms_app.radius.occurrences import Occurrence
from pages.rendering import NEAR_SCRIPTS, page, render
from pages.series import Series, by_activity


def parts(circle: Circle) -> dict[str, str]:
    """The index of places by community."""
    by_community = [
        (community, [v for v in circle.venues.values() if v.community_id == community.id])
        for community in circle.communities.values()
    ]
    values = {"by_community": by_community, "promise": circle.promise_minutes}
    return {"venues-index": render("venues_index.html", values)}


def pages(circle: Circle, coming: tuple[Occurrence, ...], today: date) -> dict[str, str]:
    """A page for each place, by path; `coming` is what takes place anywhere in the next 30 days."""
    by_venue: dict[str, list[Occurrence]] = {}
    for occurrence in coming:
        by_venue.setdefault(occurrence.activity.location_id, []).append(occurrence)
    return {
        f"venues/{venue.id}.md": _page(
            circle, venue, by_activity(by_venue.get(venue.id, []), today)
        )
        for venue in circle.venues.values()
    }


def files(circle: Circle, content: Callable[[Door], bytes] | None) -> dict[str, bytes]:
    """The pictures of doors, by path below the root; `content` gives each one's bytes."""
    doors = [venue.door for venue in circle.venues.values() if venue.door is not None]
    return {f"doors/{door.file}": content(door) for door in doors} if content is not None else {}


def _page(circle: Circle, venue: Venue, coming: list[Series]) -> str:
    values = {
        "promise": circle.promise_minutes,
        "venue": venue,
        "community": circle.communities[venue.community_id],
        "services": [s for s in circle.services.values() if venue.id in s.venues],
        "coming": coming,
        "walks": [
            (circle.estates[walk.estate_id], walk)
            for walk in circle.walks
            if walk.venue_id == venue.id
        ],
        "paces": PACES,
        "bases": WALK_BASES,
        "is_sample": circle.sample,
    }
    return page(
        title=venue.name,
        description=f"{venue.name}：地址、好不好进门、在这里办的服务和活动。",
        body=render("venue_page.html", values),
        parents=[("venues/", "场所")],
        styles=["around.css"],
        wide=True,
        scripts=NEAR_SCRIPTS,
    )
