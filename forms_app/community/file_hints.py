"""Files beside the office's own that nobody reads, though whoever saved them may think so.

A workbook beside its sheet, a copy, a name with an end too many.
"""

from collections.abc import Iterator
from pathlib import Path

from forms_app.community.errors import DataHint
from forms_app.community.sources import WORKBOOKS, saved_otherwise

FILES = frozenset({
    "activities.yml", "announcements.yml", "circle.yml", "committee.csv", "dedicated.csv",
    "departments.yml", "elsewhere.yml", "entrances.csv", "estates.csv", "opinions.yml",
    "organizations.yml", "rating_reasons.yml", "roster.csv", "same_words.yml", "school_terms.yml",
    "services.yml", "venues.csv", "walks.csv", "zones.csv",
})  # fmt: skip
_LIKE_OURS = (*WORKBOOKS, ".csv", ".yml", ".yaml", ".csv.txt", ".yml.txt")


def file_hints(folder: Path) -> tuple[DataHint, ...]:
    """What to do with each of them."""
    return tuple(_hints(folder))


def _hints(folder: Path) -> Iterator[DataHint]:
    for path in sorted(folder.glob("*")):
        name = path.name
        if name in FILES or name.startswith((".", "~")) or not name.endswith(_LIKE_OURS):
            continue
        remedy = "要用的，把文件名改成说明里写的；不要的移到别处"
        if path.suffix in WORKBOOKS:
            remedy = f"{saved_otherwise(path)}；不要的移到别处"
        yield DataHint(name, "", "", "系统不读这个文件，改在里面的不算数", remedy)
