"""What the blueprints share about photos: how much may come, where they wait, how one is sent."""

from collections.abc import Sequence
from typing import Protocol, cast

from flask import abort, current_app, request, send_file
from werkzeug.wrappers import Response

from forms_app.files.photos import LARGEST_PHOTO, MOST_PHOTOS, PhotoRefused, Photos, Taken
from forms_app.rules.said import said
from forms_app.web.forms.base import OnceForm

FORM_AROUND_PHOTOS = 512 * 1024
# Two more than are taken: one too many gets a sentence beside the field, and the text is kept.
LARGEST_BODY = (MOST_PHOTOS + 2) * LARGEST_PHOTO + FORM_AROUND_PHOTOS
TOO_MANY = said("一次最多%(most)s张照片，多出来的没有收。", most=MOST_PHOTOS)


class TakesPhotos(Protocol):
    """A form with the field for photos."""

    key: str
    came: Sequence[Taken]
    staged: Sequence[Taken]
    photo_refusals: Sequence[str]

    def fresh_key(self) -> None: ...


def photos() -> Photos:
    """This installation's photos."""
    return cast(Photos, current_app.extensions["photos"])


def allow_photos() -> None:
    """Lets this request be as large as photos are; every other form stays small."""
    # Only what carries files: text of any other kind would be read into memory whole.
    if request.mimetype == "multipart/form-data":
        request.max_content_length = LARGEST_BODY


def stage_photos(form: TakesPhotos) -> None:
    """Takes the photos that came along, and those that came with the same form before.

    Whatever else the form is refused for, they wait for it; `form.came` are those that came
    now, `form.staged` all that are there, `form.photo_refusals` what is wrong with the others.
    """
    files = [file for file in request.files.getlist("photos") if file.filename]
    if files:
        form.fresh_key()
    for key in request.form.getlist("unwanted_photos"):
        photos().unstage(form.key, key)
    staged, came = photos().staged(form.key), []
    refusals: list[str] = []
    for file in files:
        if len(staged) >= MOST_PHOTOS:
            refusals.append(TOO_MANY)
            break
        try:
            taken = photos().stage(form.key, file.stream)
        except PhotoRefused as refused:
            refusals.append(refused.sentence)
        else:
            came.append(taken)
            staged += [taken] if taken not in staged else []
    form.came = came
    form.staged, form.photo_refusals = staged, list(dict.fromkeys(refusals))


def let_photos_go(form: OnceForm) -> None:
    """The form was taken: no photo waits for it any more."""
    photos().let_go(form.key)


def send_photo(key: str) -> Response:
    """The photo's picture, or with `?small` the small one; 404 where it is not there."""
    file = photos().file(key, small="small" in request.args)
    if file is None:
        abort(404)
    response = send_file(file, mimetype="image/jpeg", conditional=True)
    # Kept, but asked for anew each time: on a shared computer the ticket may have been let go.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
