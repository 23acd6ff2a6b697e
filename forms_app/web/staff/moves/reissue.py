"""Another ticket for a resident who has lost theirs."""

from typing import Any

from flask import session, url_for

from forms_app import casework, queries
from forms_app.web.forms.fields import line
from forms_app.web.request import code_key
from forms_app.web.staff.codes import reissued_secret
from forms_app.web.staff.move import MoveForm, StaffMove


class ReissueForm(MoveForm):
    identity = line("怎么核对的是本人（只有工作人员看到）", 100, "请写明怎么核对的")

    def said(self, case: queries.Case) -> dict[str, Any]:
        secret = reissued_secret(case.issue.number, self.key)
        return super().said(case) | {"ticket_hash": code_key().hashed(secret)}


def _show(form: MoveForm, case: queries.Case) -> str:
    """Keeps by which press there is a new ticket, for the one page that shows it."""
    session["reissued"] = {"number": case.issue.number, "press": form.key}
    return url_for("tickets.shown", number=case.issue.number)


MOVE = StaffMove(
    casework.reissue,
    ReissueForm,
    title="补发查询码",
    hint="反映人丢了查询码才用。先核对是本人：回拨登记的电话，或者请他说出什么时候、在哪里、反映了什么；"
    "只报得出编号不算。原来的马上作废，反映人会知道换过。",
    is_independent=True,
    is_rare=True,
    leads_to=_show,
)
