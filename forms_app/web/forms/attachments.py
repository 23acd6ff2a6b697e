"""The field for files, for a form of the staff's that takes some."""

from collections.abc import Sequence

from wtforms import Field, MultipleFileField

from forms_app.files.attachments import ACCEPTED, LARGEST_FILE, MOST_FILES, Kept, Looked


class WithFiles:
    """Mixed into a form; its view looks at what came (web/attachments) before it validates it.

    Unlike photos, files do not wait for their form: refused, they are chosen again.
    """

    files = MultipleFileField("文件（PDF、Word、Excel、图片）", render_kw={"accept": ACCEPTED})

    most_files = MOST_FILES
    largest_megabytes = LARGEST_FILE // 1024**2
    looked_at: Sequence[Looked] = ()
    file_refusals: Sequence[str] = ()
    kept: Sequence[Kept] = ()

    def validate_files(self, field: Field) -> None:
        field.errors.extend(self.file_refusals)
