"""announcements.yml: what the office tells everybody for some days; the file may be missing."""

from collections.abc import Mapping

from forms_app.community.rows import Row, keyed
from forms_app.community.shapes import Announcement, Community
from forms_app.community.sources import Folder
from forms_app.community.values import DAY, PARAGRAPH, TEXT, known

ANNOUNCEMENTS = "announcements.yml"


def read_announcements(
    folder: Folder, communities: Mapping[str, Community]
) -> dict[str, Announcement]:
    """The announcements by id, in the office's order."""

    def make(row: Row, name: str) -> Announcement:
        before = len(row.errors)
        made = Announcement(
            id=name,
            title=row.get("title", TEXT),
            text=row.maybe("text", PARAGRAPH, ""),
            first=row.get("first", DAY),
            last=row.get("last", DAY),
            community_id=row.maybe("community_id", known(communities, "社区"), ""),
        )
        if made.last < made.first and len(row.errors) == before:
            row.refuse("last", f"到{made.last}比从{made.first}还早", "核对这两个日期")
        return made

    if not folder.has(ANNOUNCEMENTS):
        return {}
    required, optional = ("id", "title", "first", "last"), ("text", "community_id")
    return keyed(folder.items(ANNOUNCEMENTS, required, optional), make)
