"""What hits many at once, as every page tells it: asked for once a request, drawn in one place."""

from typing import cast

from flask import g, get_template_attribute
from markupsafe import Markup

from forms_app import queries
from forms_app.issues.incidents import hitting
from forms_app.queries import IncidentFacts
from forms_app.web.languages import SOURCE, speak_as_asked
from forms_app.web.request import current_circle

Incidents = tuple[IncidentFacts, ...]


def running() -> Incidents:
    """Those that run now. While the database cannot be asked, pages that need nothing else of it
    are shown without them.
    """
    if "incidents" not in g:
        try:
            g.incidents = queries.running_incidents()
        except queries.DATABASE_ERRORS:
            g.incidents = ()
    return cast(Incidents, g.incidents)


def running_in(community_id: str) -> Incidents:
    """Those that hit a community, whichever of its estates."""
    return hitting(current_circle(), running(), community_id)


def asked_about(community_id: str, estate_id: str) -> Incidents:
    """Those of which whoever reports from there is asked whether it is this."""
    return hitting(current_circle(), running(), community_id, estate_id)


def banners(found: Incidents) -> Markup:
    """Their banners, by the one macro that there is; nothing where there are none."""
    if not found:
        return Markup("")
    draw = get_template_attribute("_incidents.html", "incident_banners")
    return cast(Markup, draw(found, current_circle()))


def above_page(path: str) -> bytes:
    """The banners for a published page at this path, in the page's own language."""
    found = running()
    if not found:
        return b""
    speak_as_asked("en" if path.startswith("en/") else SOURCE)
    return banners(found).encode()
