"""An internal note: read by those who work on it, never by a resident."""

from typing import Any

from forms_app import casework, queries
from forms_app.web.forms.attachments import WithFiles
from forms_app.web.forms.fields import paragraph
from forms_app.web.staff.move import MoveForm, StaffMove


class NoteForm(MoveForm, WithFiles):
    note = paragraph("备注（反映人看不到）", 2000, rows=3)

    def said(self, _case: queries.Case) -> dict[str, Any]:
        return {"note": self.note.data, "files": self.kept}


MOVE = StaffMove(
    casework.note,
    NoteForm,
    title="内部备注",
    hint="给同事看的，反映人、收集人和督查看不到。看过反映人的补充、暂时不用办的，也在这里记一句。",
    fields="staff/moves/note.html",
    is_independent=True,
    is_rare=True,
)
