"""How far it has got, with photos, and which of the plan's measures are done."""

from typing import Any

from forms_app import casework, queries
from forms_app.community import Circle
from forms_app.web.forms.fields import offered, paragraph, pick_many
from forms_app.web.forms.photos import WithPhotos
from forms_app.web.forms.recording import WithRecording
from forms_app.web.staff.move import MoveForm, StaffMove


class ProgressForm(MoveForm, WithPhotos, WithRecording):
    note = paragraph("办理进展（反映人会看到）", 1000, "请写一下办到哪里了")
    done = pick_many("方案里已经做完的措施")

    def offer(self, circle: Circle, case: queries.Case) -> None:
        acting = {one.organization_id for one in (*case.leads, *case.assists)}
        units = [unit for unit in case.units_without_account if unit in acting]
        self.offer_units({unit: circle.unit_name(unit) for unit in units}, "不是代记")
        left = {row.id: row.what for row in case.measures if row.done_at is None}
        if left:
            self.done.choices = offered(left)
        else:
            del self.done

    def said(self, _case: queries.Case) -> dict[str, Any]:
        done = [int(measure) for measure in self.done.data] if "done" in self else []
        return {
            "note": self.note.data,
            "done": done,
            "photos": self.staged,
            "for_unit": self.unit,
            "recorded": self.recorded,
        }


MOVE = StaffMove(
    casework.progress, ProgressForm, title="记录进展", is_independent=True, is_handy=True
)
