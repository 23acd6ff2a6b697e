"""What the blueprints share about photos: how much may come, where they wait, how one is sent."""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol, cast

from flask import abort, current_app, render_template, request, send_file
from werkzeug.wrappers import Response

from forms_app import queries
from forms_app.files.photos import LARGEST_PHOTO, MOST_PHOTOS, PhotoRefused, Photos, Taken
from forms_app.limits import PHOTOS, PHOTOS_A_SECOND
from forms_app.rules.said import said
from forms_app.web.bodies import takes_files
from forms_app.web.forms.base import OnceForm
from forms_app.web.forms.photos import RowPhoto
from forms_app.web.request import staff, this_moment
from forms_app.web.slowly import owe, too_often

FORM_AROUND_PHOTOS = 512 * 1024
# Two more than are taken: one too many gets a sentence beside the field, and the text is kept.
LARGEST_BODY = (MOST_PHOTOS + 2) * LARGEST_PHOTO + FORM_AROUND_PHOTOS
NOT_OURS = "照片要重新选。"
UNREACHABLE = "照片现在取不到，也存不了。再交一次，就先不带照片登记，照片以后可以当面给工作人员。"
TOO_MANY = said("一次最多%(most)s张照片，多出来的没有收。", most=MOST_PHOTOS)


class TakesPhotos(Protocol):
    """A form with the field for photos."""

    csrf_token: Any
    came: Sequence[Taken]
    staged: Sequence[Taken]
    photo_refusals: Sequence[str]
    may_go_without: bool

    @property
    def key(self) -> str: ...

    def fresh_key(self) -> None: ...


def photos() -> Photos:
    """This installation's photos."""
    return cast(Photos, current_app.extensions["photos"])


def largest_with_photos(_parts: Mapping[str, Any]) -> int:
    """How many bytes a form with photos may carry."""
    return LARGEST_BODY


# Marks a view whose form may carry photos; every other form stays small.
takes_photos = takes_files(largest_with_photos)


def stage_photos(form: TakesPhotos, number: str = "") -> None:
    """Takes the photos that came along, and those that came with the same form before; `number` is
    the issue's that they are sent to, by whose resident they can be erased.

    Whatever else the form is refused for, they wait for it; `form.came` are those that came
    now, `form.staged` all that are there, `form.photo_refusals` what is wrong with the others.
    No picture is looked at before its form is known to be ours, nor more of them than are taken.
    """
    files = [file for file in request.files.getlist("photos") if file.filename]
    if files:
        form.fresh_key()
    staged = _staged(form)
    if staged is None:
        return
    room = MOST_PHOTOS - len(staged)
    refusals: list[str] = [TOO_MANY] if len(files) > room else []
    looked_at = files[:room]
    held_back = not_looked_at(form, len(looked_at)) if looked_at else ""
    if held_back:
        refusals, looked_at = [held_back], []
    streams = [file.stream for file in looked_at]
    found = photos().stage_all(form.key, streams, number, taking_long) if streams else []
    refusals[:0] = [one.sentence for one in found if isinstance(one, PhotoRefused)]
    form.came = [one for one in found if isinstance(one, Taken)]
    form.staged = [*staged, *dict.fromkeys(one for one in form.came if one not in staged)]
    form.photo_refusals = list(dict.fromkeys(refusals))


def not_looked_at(form: TakesPhotos | OnceForm, count: int) -> str:
    """Why so many photos of this form are not looked at; "": they are, and have room."""
    if not form.csrf_token.validate(form):
        return NOT_OURS
    wait = too_often(PHOTOS, count, who=_whose())
    if not wait:
        photos().make_room(queries.photo_keys, this_moment())
    return wait


def taking_long(seconds: float, count: int) -> None:
    """So many photos took so long: whoever sent what keeps the others waiting waits as well."""
    more = int(seconds * PHOTOS_A_SECOND) - count
    if more > 0:
        owe(PHOTOS, more, who=_whose())


def _whose() -> str:
    """A colleague is no stranger, however many of them work behind one address."""
    colleague = staff()
    return f"account {colleague.account_id}" if colleague else ""


def _staged(form: TakesPhotos) -> Sequence[Taken] | None:
    """What waits for the form; None where that cannot be asked, and whoever sent it was told.

    Sent once more from the page that says so, it goes without photos: a report must not wait.
    """
    try:
        for key in request.form.getlist("unwanted_photos"):
            photos().unstage(form.key, key)
        return photos().staged(form.key)
    except OSError:
        form.may_go_without = True
        if "without_photos" not in request.form:
            form.photo_refusals = [UNREACHABLE]
        return None


def let_photos_go(form: OnceForm | RowPhoto) -> None:
    """The form was taken: no photo waits for it any more."""
    with suppress(OSError):  # what waits too long for its form is let go as well
        photos().let_go(form.key)


def show_photo(key: str, frame: str, number: str, back: str) -> Response | str:
    """The photo's picture; with `?page` a page around it, in this frame, that leads back."""
    if "page" not in request.args:
        return send_photo(key)
    if not photos().has(key):
        abort(404)
    source = f"{request.script_root}{request.path}"
    return render_template("photo.html", frame=frame, number=number, back=back, source=source)


def send_photo(key: str) -> Response:
    """The photo's picture, or with `?small` the small one; 404 where it is not there."""
    is_small = "small" in request.args
    file = photos().file(key, small=is_small)
    if file is None:
        abort(404)
    # Of whichever server it is the same: a photo never changes under its key.
    etag = hashlib.sha256(f"{key} {is_small}".encode()).hexdigest()[:32]
    response = send_file(file, mimetype="image/jpeg", conditional=True, etag=etag)
    # Kept, but asked for anew each time: on a shared computer the ticket may have been let go.
    response.headers["Cache-Control"] = "private, no-cache"
    return response
