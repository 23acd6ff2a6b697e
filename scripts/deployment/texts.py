"""The files that are written on the server, made from the templates beside this file.

A template has `@NAME@` where a value belongs: `$` and `%` mean something to nginx, the shell and
systemd.
"""

import re
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
_VALUE = re.compile(r"@([a-z0-9_]+)@")


def text(template: str, /, **values: object) -> str:
    """The template with its values; a line that comes to nothing but an empty value is left out.

    Raises KeyError for a value that is missing.
    """
    lines = []
    for line in (TEMPLATES / template).read_text(encoding="utf-8").splitlines():
        if line.startswith("#~"):  # said to whoever edits the template
            continue
        filled = _VALUE.sub(lambda name: str(values[name[1]]), line)
        if line.strip() and not filled.strip():
            continue
        indent = line[: len(line) - len(line.lstrip())]
        # A value of several lines stands where its name stood.
        lines.append(
            filled.replace("\n", f"\n{indent}") if _VALUE.fullmatch(line.strip()) else filled
        )
    return "\n".join(lines) + "\n"
