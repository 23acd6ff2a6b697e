"""Which pages there are, whose they are, and which of them no cache may keep."""

from forms_app.web import answer, residents, staff
from forms_app.web.residents import confirm, follow, own, rate, report  # noqa: F401 - views of residents.bp
from forms_app.web.staff import (  # noqa: F401 - views of staff.bp
    activities,
    board,
    bulk,
    callers,
    case,
    contacts,
    content,
    doctor,
    handover,
    home,
    imports,
    incidents,
    intake,
    offline,
    paper,
    projects,
    rating_sheet,
    reassign,
    register,
    reports,
    saved_views,
    second_factor,
    sign_ins,
    signing_in,
    summons,
    tickets,
)

STAFF_PAGES = (
    staff.bp,
    board.bp,
    bulk.bp,
    callers.bp,
    register.bp,
    reports.bp,
    saved_views.bp,
    intake.bp,
    offline.bp,
    imports.bp,
    paper.bp,
    summons.bp,
    tickets.bp,
    handover.bp,
    reassign.bp,
    incidents.bp,
    projects.bp,
    activities.bp,
    content.bp,
)
PAGES = (residents.bp, *STAFF_PAGES, answer.bp)
STAFF = frozenset(pages.name for pages in STAFF_PAGES)
PRIVATE = frozenset(pages.name for pages in PAGES)

# Whoever is not signed in signs in where they are.
for pages in STAFF_PAGES:
    pages.register_error_handler(401, signing_in.unsigned)
