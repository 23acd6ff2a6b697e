"""The workbook of a kind of record that the office feeds."""

from collections.abc import Sequence

from msgspec.structs import asdict

from forms_app.content.shape import Column
from forms_app.settings import Settings
from forms_app.spreadsheets.making import made_by


def workbook(
    settings: Settings,
    name: str,
    title: str,
    notes: Sequence[str],
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
) -> bytes:
    """An .xlsx with the rows. Raises ExportBusy while another is being made, and ExportFailed."""
    order = {
        "name": name,
        "title": title,
        "notes": list(notes),
        "columns": [asdict(one) for one in columns],
        "rows": rows,
    }
    return made_by("forms_app.spreadsheets.fed_sheet", settings, order)
