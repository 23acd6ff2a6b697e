"""roster.csv: who is on duty on which day, by post; the file may be missing."""

from collections.abc import Mapping

from forms_app.community.rows import refuse_repeats
from forms_app.community.shapes import Community, OnDuty
from forms_app.community.sources import Folder
from forms_app.community.values import DAY, PHONE, TEXT, known

ROSTER = "roster.csv"
ROSTER_COLUMNS = ("day", "community_id", "post", "place", "phone", "deputy", "deputy_phone")


def read_roster(folder: Folder, communities: Mapping[str, Community]) -> tuple[OnDuty, ...]:
    """The lines in order of their days."""
    if not folder.has(ROSTER):
        return ()
    rows = folder.rows(ROSTER, ROSTER_COLUMNS[:5], ROSTER_COLUMNS[5:])
    refuse_repeats(rows, ROSTER_COLUMNS[:3])
    found = [
        OnDuty(
            row.get("day", DAY),
            row.get("community_id", known(communities, "社区")),
            row.get("post", TEXT),
            row.maybe("place", TEXT, ""),
            row.get("phone", PHONE),
            row.maybe("deputy", TEXT, ""),
            row.maybe("deputy_phone", PHONE, ""),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: one.day))
