"""The sheet that somebody of the staff sent, between the page where they chose it and the last one:
for them alone.
"""

from flask import abort, current_app
from werkzeug.datastructures import FileStorage

from forms_app.issues.access import Actor
from forms_app.spreadsheets.sheets import LARGEST_FILE
from forms_app.spreadsheets.uploads import Upload, Uploads
from forms_app.web.slow_work import slow_work

LARGEST_BODY = LARGEST_FILE + 64 * 1024  # bytes of a form with its sheet
NAME_LETTERS = 60


def keep_sheet(actor: Actor, file: FileStorage, *, is_plain: bool = False) -> str:
    """Keeps what a sheet holds; its token. Raises FileRefused, and AllAtWork."""
    path = (file.filename or "表格").replace("\\", "/")
    name = " ".join(path.rpartition("/")[2].split())[:NAME_LETTERS]
    with slow_work():
        return uploads().take(owner_of(actor), name, file.stream, is_plain=is_plain)


def found_upload(token: str, actor: Actor) -> Upload | None:
    """What they sent, if it is still there."""
    return uploads().get(token, owner_of(actor))


def need_upload(token: str, actor: Actor) -> Upload:
    """The same; the page ends with 404 where it is not."""
    return found_upload(token, actor) or abort(404)


def owner_of(actor: Actor) -> int:
    """As whose it is kept."""
    return actor.account_id or 0


def uploads() -> Uploads:
    """Where it lies."""
    kept: Uploads = current_app.extensions["uploads"]
    return kept
