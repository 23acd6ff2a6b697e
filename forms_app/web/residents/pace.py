"""How often whoever holds a ticket may write to its issue: a hundred thousand additions would fill
the disk, and no page could show them. What came too often is refused by its own form, which keeps
what was written.
"""

from flask import request

from forms_app.limits import ISSUE_WRITES, WRITES
from forms_app.web.forms.base import come_too_often
from forms_app.web.held_tickets import held_numbers
from forms_app.web.residents import bp
from forms_app.web.slowly import too_often


@bp.before_request
def count() -> None:
    number = (request.view_args or {}).get("number")
    if request.method != "POST" or number is None or number not in held_numbers():
        return
    come_too_often(too_often(ISSUE_WRITES, who=f"issue {number}") or too_often(WRITES))
