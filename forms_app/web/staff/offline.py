"""What a phone may keep of the staff's pages: an empty form, and the worker that brings it.

It knows no session and no issue: what is drawn here is the same for everybody, and nothing of any
resident. Why, and what else is never kept, stands on top of the worker (templates/staff/sw.js).
"""

import re

from flask import Blueprint, Response, render_template, request

from forms_app.formats.static_files import mark
from forms_app.web.forms.staff import CollectForm
from forms_app.web.languages import SOURCE, language, speak_as_asked
from forms_app.web.request import current_circle

bp = Blueprint("offline", __name__, url_prefix="/staff")

_ASSET = re.compile(r"[\w/.-]*/static/([\w.-]+)\?v=([0-9a-f]+)")


@bp.get("/offline")
def shell() -> str:
    """The form to write a report down without a line, and where to find those that wait.

    A phone takes it in without cookies: then its address alone says in which language.
    """
    speak_as_asked(request.args.get("language"))
    # Without a token: a phone keeps this page for days, and asks for one when it sends.
    form = CollectForm(formdata=None, meta={"csrf": False})
    form.offer(current_circle())
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

    Another content of any of them, another language, or another worker, is another version.
    """
    scope = f"{request.script_root}/staff/"
    asked = "" if language() == SOURCE else f"?language={language()}"
    page = shell()
    files = {match[0]: match[2] for match in _ASSET.finditer(page)}
    files[f"{scope}offline{asked}"] = mark(page.encode())
    script = render_template("staff/sw.js", scope=scope, form=f"{scope}offline{asked}", files=files)
    return Response(script, content_type="text/javascript; charset=utf-8")
