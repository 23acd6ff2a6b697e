"""What a phone may keep of the staff's pages: an empty form, and the worker that brings it.

It knows no session and no issue: what is drawn here is the same for everybody, and nothing of any
resident. Why, and what else is never kept, stands on top of the worker (templates/staff/sw.js).
"""

import hashlib
import re

from flask import Blueprint, Response, render_template, request

from forms_app.forms.staff import CollectForm
from forms_app.web import circle

bp = Blueprint("offline", __name__, url_prefix="/staff")

_ASSET = re.compile(r"[\w/.-]*/static/([\w.-]+)\?v=([0-9a-f]{12})")


@bp.get("/offline")
def shell() -> str:
    """The form to write a report down without a line, and where to find those that wait."""
    # Without a token: a phone keeps this page for days, and asks for one when it sends.
    form = CollectForm(formdata=None, meta={"csrf": False})
    form.offer(circle())
    return render_template(
        "staff/offline.html",
        form=form,
        staff=None,
        # A script reads the browser's own cookie, so that both versions are one page.
        elder=None,
        here="staff/offline",
        # The link to another language would lead nowhere without a line.
        other_language=None,
    )


@bp.get("/sw.js")
def worker() -> Response:
    """The worker, with the files that it keeps: their addresses and the digests of their content.

    Another content of any of them, or of the worker itself, is another version.
    """
    page = shell()
    files = {match[0]: match[2] for match in _ASSET.finditer(page)}
    files[f"{request.script_root}/staff/offline"] = hashlib.sha256(page.encode()).hexdigest()[:12]
    script = render_template("staff/sw.js", scope=f"{request.script_root}/staff/", files=files)
    return Response(script, content_type="text/javascript; charset=utf-8")
