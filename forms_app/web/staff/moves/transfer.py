"""Somebody else is competent: whom the resident should turn to, and why."""

from collections.abc import Mapping

from forms_app import casework
from forms_app.community import Circle
from forms_app.rules.elsewhere import CHANNELS
from forms_app.web.forms.fields import line, paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class TransferForm(MoveForm):
    authority = line("哪个部门有权处理", 60, "请写明有权处理的部门")
    reason = paragraph("理由和办理渠道（反映人会看到）", 1000, "请写明理由")

    @classmethod
    def draft(cls, _circle: Circle, asked: Mapping[str, str]) -> dict[str, str]:
        channel = CHANNELS.get(asked.get("channel", ""))
        return {"authority": channel.authority, "reason": channel.words} if channel else {}


MOVE = StaffMove(
    casework.transfer,
    TransferForm,
    title="转办",
    hint="不属于社区和街道办理的，告诉反映人该找谁、怎么找。并进来的各件一起转，写的话也告诉他们。",
    fields="staff/moves/transfer.html",
)
