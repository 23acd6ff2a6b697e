"""What a view does about files beside a note: how much may come, what is kept, how one is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from flask import abort, current_app, request, send_file
from werkzeug.wrappers import Response

from forms_app.files.attachments import (
    LARGEST_FILE,
    MOST_FILES,
    TOO_MANY,
    Attachments,
    FileRefused,
    Looked,
    looked_at,
)
from forms_app.rules.said import said
from forms_app.web.forms.attachments import WithFiles

FORM_AROUND_FILES = 512 * 1024
# More than are taken: one too many or too large gets a sentence, and the text is kept.
LARGEST_BODY = (MOST_FILES + 1) * LARGEST_FILE + FORM_AROUND_FILES
AGAIN = "文件要重新选一次。"
# Whatever opens it after all may do nothing with it.
POLICY = "sandbox; default-src 'none'"


def look_at_files(form: Any) -> None:
    """Looks at the files that came along; what is wrong with them stands beside the field."""
    if not isinstance(form, WithFiles):
        return
    files = [file for file in request.files.getlist("files") if file.filename]
    refusals: list[str] = []
    found: list[Looked] = []
    if files and not cast(Any, form).csrf_token.validate(form):
        refusals, files = [AGAIN], []
    if len(files) > MOST_FILES:
        refusals, files = [TOO_MANY], []
    for file in files:
        name = file.filename or ""
        try:
            found.append(looked_at(name, file.stream))
        except FileRefused as refused:
            refusals.append(said("“%(name)s”：%(why)s", name=name[-80:], why=refused.sentence))
    if refusals and found:
        refusals.append(AGAIN)
    form.looked_at, form.file_refusals = found, refusals


@contextmanager
def keeping_files(form: Any) -> Iterator[None]:
    """A block in which the form's files lie on the disk; they are gone again if it fails.

    Raises FileRefused where they cannot be written.
    """
    kept = []
    try:
        if isinstance(form, WithFiles):
            for looked in form.looked_at:
                kept.append(attachments().keep(looked))
            form.kept = kept
        yield
    except BaseException:
        attachments().erase([one.key for one in kept])
        raise


def attachments() -> Attachments:
    """This installation's files beside notes."""
    return cast(Attachments, current_app.extensions["attachments"])


def send_attachment(key: str, name: str) -> Response:
    """The file, to be kept by whoever asked and never to be shown; 404 where it is not there."""
    file = attachments().file(key)
    if file is None:
        abort(404)
    response = send_file(
        file, mimetype="application/octet-stream", as_attachment=True, download_name=name
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response
