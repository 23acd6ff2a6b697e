"""A workbook as an answer: made by a process of its own, noted once it is there, then sent."""

from collections.abc import Callable
from urllib.parse import quote

from flask import redirect
from werkzeug.wrappers import Response

from forms_app.spreadsheets.register_export import ExportBusy, ExportFailed
from forms_app.web.request import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_answer(
    make: Callable[[], bytes],
    name: str,
    instead: str,
    note: Callable[[], object] = lambda: None,
) -> Response:
    """The workbook under this file's name; where it could not be made, the page `instead`, which
    says why.
    """
    try:
        book = make()
    except (ExportBusy, ExportFailed) as error:
        say(error.sentence, "error")
        return redirect(instead, 303)
    note()
    file = f"filename={name}" if name.isascii() else f"filename*=UTF-8''{quote(name)}"
    return Response(book, content_type=XLSX, headers={"Content-Disposition": f"attachment; {file}"})
