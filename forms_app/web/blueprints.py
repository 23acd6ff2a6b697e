"""Which pages there are, whose they are, and which of them no cache may keep."""

from forms_app.web import answer, residents, staff
from forms_app.web.residents import (  # noqa: F401 - views of residents.bp
    confirm,
    follow,
    join,
    look_up,
    objections,
    own,
    rate,
    reply,
    report,
    verdict,
    withdraw,
)
from forms_app.web.staff import (  # noqa: F401 - views of staff.bp
    accounts,
    activities,
    board,
    bulk,
    callers,
    case,
    contacts,
    content,
    doctor,
    first_steps,
    funds,
    handover,
    home,
    imports,
    incidents,
    intake,
    meetings,
    offline,
    paper,
    projects,
    public_notes,
    rating_sheet,
    reassign,
    record_sheets,
    records,
    register,
    reports,
    saved_views,
    second_factor,
    sign_ins,
    signing_in,
    summons,
    tickets,
    two_way,
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
    public_notes.bp,
    two_way.bp,
    accounts.bp,
    first_steps.bp,
    projects.bp,
    funds.bp,
    meetings.bp,
    activities.bp,
    content.bp,
    records.bp,
    record_sheets.bp,
)
PAGES = (residents.bp, *STAFF_PAGES, answer.bp)
STAFF = frozenset(pages.name for pages in STAFF_PAGES)
PRIVATE = frozenset(pages.name for pages in PAGES)

# Whoever is not signed in signs in where they are.
for pages in STAFF_PAGES:
    pages.register_error_handler(401, signing_in.unsigned)
