"""The field for photos, for every form that takes some. What came in it stands beside it: photos
that were taken wait for their form on the server, because no browser can show a chosen file again.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from wtforms import Field, MultipleFileField

from forms_app.files.photos import MOST_PHOTOS, Taken
from forms_app.web.forms.base import OnceForm

ACCEPT = {"accept": "image/jpeg,image/png,image/webp"}


class WithPhotos:
    """Mixed into a form; its view stages what came (`web/photos`) before it validates it."""

    photos = MultipleFileField("照片", render_kw=dict(ACCEPT))

    came: Sequence[Taken] = ()
    staged: Sequence[Taken] = ()
    photo_refusals: Sequence[str] = ()
    may_go_without = False  # photos cannot be asked for just now, and whoever sends it knows
    most_photos = MOST_PHOTOS

    def validate_photos(self, field: Field) -> None:
        field.errors.extend(self.photo_refusals)


class RowPhoto(Struct):
    """The one photo of a row of a form: its field, and the key that what came waits under."""

    photos: Any
    key: str
    staged: Sequence[Taken] = ()
    may_go_without: bool = False
    most_photos = 1


class PhotosForm(OnceForm, WithPhotos):
    """Photos that come before their form does, one after another."""
