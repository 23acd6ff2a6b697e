"""Tables to download: each a file, all in one archive, described as a Frictionless data package."""

from collections.abc import Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from forms_app.formats.cells import BOM, line
from forms_app.formats.charts import HIDDEN
from pages.record_tables import Table

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same cells make the same bytes


def csv_of(table: Table) -> bytes:
    """A table as a file."""
    lines = [line(table.fields)]
    lines += [line([HIDDEN if cell is None else cell for cell in row]) for row in table.rows]
    return f"{BOM}{''.join(lines)}".encode()


def resource(table: Table) -> dict[str, object]:
    """How a data package describes a table."""
    fields = [
        {
            "name": name,
            "title": title,
            "type": "string" if place < table.texts else _type(name),
            **({"description": meaning} if meaning else {}),
        }
        for place, (name, (title, meaning)) in enumerate(table.fields.items())
    ]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "encoding": "utf-8-sig",
        "schema": {"fields": fields, "missingValues": [HIDDEN]},
    }


def _type(name: str) -> str:
    return "number" if name in ("percent", "low", "high", "points") else "integer"


def zipped(made: Mapping[str, bytes]) -> bytes:
    """Files by name in one archive."""
    written = BytesIO()
    with ZipFile(written, "w") as folder:
        for name, content in made.items():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            folder.writestr(entry, content)
    return written.getvalue()
