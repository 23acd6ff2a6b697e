"""Frames in English: activities, services and what is near, with names as the office wrote them.

What they show is what the Chinese pages show; where more is told, they lead there and say so.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from forms_app.community import Circle
from forms_app.radius.occurrences import Programme
from pages.rendering import page, render
from pages.services import MOST_VENUES
from pages.weeks import by_day

# So many days, and of very many activities no more than a phone reads at once.
DAYS, MOST = 14, 150
ACTIVITY_KINDS: Mapping[str, str] = {
    "civilization_practice": "Civic life",
    "arts": "Arts and shows",
    "volunteering": "Volunteering",
    "after_school": "After-school care",
}
SERVICE_KINDS: Mapping[str, str] = {
    "urban_management": "Repairs and the street",
    "public_order": "Mediation and law",
    "environment": "Waste and drains",
    "culture_education": "Children and elders",
}
# What an answer about a walk rests on (reach.BASES).
BASES: Mapping[str, str] = {
    "walked": "walked",
    "network": "reckoned from the street map",
    "bounds": "only the straight line is known",
    "shut": "all gates are shut then",
    "steps": "there are steps at every gate",
    "": "nobody has walked it yet",
}


def parts(circle: Circle) -> dict[str, str]:
    """The estates, to choose one's own."""
    by_community = [
        (community, circle.estates_of(community.id)) for community in circle.communities.values()
    ]
    return {"near-index-en": render("en_near_index.html", {"by_community": by_community})}


def pages(circle: Circle, coming: Programme, today: date) -> dict[str, str]:
    """The activities of the next two weeks, and the services, by path."""
    return {"en/calendar.md": _calendar(circle, coming, today), "en/services.md": _services(circle)}


def _calendar(circle: Circle, coming: Programme, today: date) -> str:
    occurrences = coming.between(today, today + timedelta(days=DAYS - 1))
    values = {
        "days": by_day(occurrences[:MOST]),
        "left": max(0, len(occurrences) - MOST),
        "today": today,
        "kinds": ACTIVITY_KINDS,
        "venues": circle.venues,
        "communities": circle.communities if len(circle.communities) > 1 else {},
        "is_sample": circle.sample,
    }
    return english_page(
        "Activities",
        "What takes place in the next two weeks: when, where, and of what kind.",
        "en_calendar.html",
        values,
    )


def _services(circle: Circle) -> str:
    values = {
        "by_kind": [
            (words, [one for one in circle.services.values() if one.category == code])
            for code, words in SERVICE_KINDS.items()
        ],
        "venues": circle.venues,
        "most": MOST_VENUES,
        "is_sample": circle.sample,
    }
    return english_page(
        "Services",
        "What the community does for you: where, when, what to bring and what it costs.",
        "en_services.html",
        values,
    )


def near_page(values: Mapping[str, object], name: str, minutes: int) -> str:
    """What is near an estate, from the values of its Chinese page."""
    return english_page(
        f"Near {name}",
        f"What you reach on foot within {minutes} minutes this week, and how that is known.",
        "en_near_page.html",
        {**values, "bases": BASES},
        [("en/near/", "Near me")],
        ["around.css"],
    )


def english_page(
    title: str,
    description: str,
    template: str,
    values: Mapping[str, object],
    parents: Sequence[tuple[str, str]] = (),
    styles: Sequence[str] = (),
) -> str:
    """A page of the site whose frame speaks English, too."""
    return page(title, description, render(template, values), parents, styles=styles, lang="en")
