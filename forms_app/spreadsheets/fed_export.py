"""Having the workbook of a kind of record made by the program that knows spreadsheets."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict

from forms_app.content.sheet import Column
from forms_app.settings import Settings
from forms_app.spreadsheets.register_export import PASSED_ON, ExportFailed, take_turn

LONGEST_SECONDS = 120


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
    environ = {one: os.environ[one] for one in PASSED_ON if one in os.environ}
    with take_turn(settings):
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "forms_app.spreadsheets.fed_sheet"],
                cwd=settings.root,
                env=environ | {"PYTHONPATH": str(settings.root), "PYTHONUTF8": "1"},
                input=json.dumps(order).encode(),
                capture_output=True,
                timeout=LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ExportFailed from None
    if done.returncode != 0:
        raise ExportFailed
    return done.stdout
