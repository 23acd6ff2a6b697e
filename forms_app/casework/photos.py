"""Photos named by the entry that they came with; the files are photos.Photos' business."""

from collections.abc import Sequence
from datetime import datetime

from forms_app.files.photos import Taken
from forms_app.store.models import Entry, Photo


def attach(entry: Entry, photos: Sequence[Taken], now: datetime) -> None:
    """Names photos that are on the disk already; within the entry's own transaction."""
    for taken in photos:
        Photo.create(
            issue=entry.issue,
            entry=entry,
            key=taken.key,
            width=taken.width,
            height=taken.height,
            size=taken.size,
            made_at=now,
        )
