"""Having a workbook made by the program that knows spreadsheets, one at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from forms_app.settings import Settings
from forms_app.spreadsheets.register_export import PASSED_ON, ExportFailed, take_turn

LONGEST_SECONDS = 120


def made_by(module: str, settings: Settings, order: Mapping[str, object]) -> bytes:
    """What the module writes to its output when it reads the order, as JSON, from its input.

    Raises ExportBusy while another is being made, and ExportFailed.
    """
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    with take_turn(settings):
        try:
            done = subprocess.run(  # noqa: S603 (our own program)
                [sys.executable, "-P", "-m", module],
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
