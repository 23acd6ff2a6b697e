"""What a web server in front has to let through: which addresses take files, and how many bytes.

`python -m forms_app.web.body_sizes` writes it as JSON for scripts/deploy, which knows no address.
It reads the views as they are marked, and no data.
"""

import json
import re
import sys
from itertools import product

from flask import Flask

from forms_app.web.addresses import KeyConverter
from forms_app.web.blueprints import PAGES
from forms_app.web.bodies import LARGEST_TEXT, taken

_ANY_OF = re.compile(r"<any\(([^()]+)\):")
_PART = re.compile(r"<(?:[^<>:]+:)?([^<>]+)>")


def body_sizes() -> dict[str, object]:
    """`text`: bytes that any form may carry; `files`: what carries more, as regular expressions of
    the whole path below any prefix, by bytes.
    """
    app = Flask("forms_app", static_folder=None)
    app.url_map.converters["int"] = KeyConverter
    for pages in PAGES:
        app.register_blueprint(pages)
    files: dict[int, set[str]] = {}
    for rule in app.url_map.iter_rules():
        takes = taken(app, rule.endpoint)
        if takes is None or "POST" not in (rule.methods or ()):
            continue
        for values in product(*takes.told_by.values()):
            parts = dict(zip(takes.told_by, values, strict=True))
            size = takes.largest(parts)
            if size > LARGEST_TEXT:
                files.setdefault(size, set()).add(_pattern(rule.rule, parts))
    return {"text": LARGEST_TEXT, "files": {size: sorted(files[size]) for size in sorted(files)}}


def _pattern(address: str, parts: dict[str, str]) -> str:
    fixed = _PART.sub(lambda part: parts.get(part[1], part[0]), address)
    return "".join(map(_piece, re.split(r"(<[^<>]+>)", fixed)))


def _piece(text: str) -> str:
    """What matches a part of an address: one of those that a rule names, or whatever is no `/`."""
    offers = _ANY_OF.match(text)
    if offers:
        return f"(?:{'|'.join(re.escape(one.strip()) for one in offers[1].split(','))})"
    return "[^/]+" if text.startswith("<") else re.escape(text)


if __name__ == "__main__":
    json.dump(body_sizes(), sys.stdout, indent=1)
