"""What is published of the earmarked funds and of residents' meetings: one file, which the site's
build reads. What of a record may cross, whoever hands it over has chosen.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forms_app.files.durable import make_folder, replace_files

FILE = "money.json"


def write_money(published: Path, told: Mapping[str, Any]) -> None:
    """Makes the file say this, where it does not yet. Raises OSError."""
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    file = published / FILE
    if not file.is_file() or file.read_bytes() != content:
        make_folder(published)
        replace_files({file: content})
